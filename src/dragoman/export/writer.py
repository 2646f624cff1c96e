"""What all writers share: opened when entered, given documents one by one, valid however it ends."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

from dragoman.record import CodedDocument, Document


class Writer(ABC):
    """Writes coded documents in one format.

    Use it in a ``with`` statement: what was written is a valid file also when the block ends by an
    error or by Ctrl-C. ``documents`` and ``events`` count what was written so far.
    """

    def __init__(self) -> None:
        self.documents = 0
        self.events = 0
        self._opened = False
        self._closed = False

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, coded: CodedDocument, document: Document | None = None) -> None:
        """Write one coded document.

        ``document`` is what it was coded from: with it, formats that show words of the text can. Raises
        OSError when the disk or pipe takes no more, and ValueError after ``close``.
        """
        if self._closed:
            raise ValueError("the writer is closed")
        self._open()
        self._write(coded, document)
        self.documents += 1
        self.events += len(coded.events)

    def close(self) -> None:
        """Finish the file. Nothing happens the second time."""
        if not self._closed:
            self._closed = True
            if self._opened:
                self._finish()

    def _open(self) -> None:
        if not self._opened:
            self._begin()
            self._opened = True

    @abstractmethod
    def _begin(self) -> None:
        """Open the target and write what stands before the first document."""

    @abstractmethod
    def _write(self, coded: CodedDocument, document: Document | None) -> None:
        """Write one document."""

    @abstractmethod
    def _finish(self) -> None:
        """Write what stands after the last document and close the target."""
