"""Where a writer's bytes go: a file that is whole after every document, or a stream."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import IO, Any

Target = str | Path | IO[bytes] | IO[str]


class Sink:
    """Takes pieces that are written whole or not at all.

    A file is unbuffered, so that what a document gave is on its way to the disk when ``put`` returns, and
    is cut back to the last whole piece when an interruption falls into one. A stream cannot be cut back;
    there a piece is one write.
    """

    def __init__(self, target: Target) -> None:
        self._target = target
        self._file: io.FileIO | None = None
        self._whole = 0
        self._within = False

    def open(self) -> None:
        """Open the file, emptying it. Raises OSError where that cannot be done."""
        if isinstance(self._target, str | Path) and self._file is None:
            self._file = io.FileIO(os.fspath(self._target), "w")

    def put(self, piece: str) -> None:
        """Write ``piece`` in UTF-8. Lone surrogates, which UTF-8 has no bytes for, become �."""
        self.put_bytes(encoded(piece))

    def put_bytes(self, piece: bytes) -> None:
        """Write ``piece``."""
        if self._file is None:
            put_stream(self._target, piece)
            return
        self._within = True
        left = memoryview(piece)
        while left:
            left = left[self._file.write(left) or 0 :]
        self._whole += len(piece)
        self._within = False

    def close(self) -> None:
        """Close the file; streams belong to the caller and stay open."""
        if self._file is None:
            return
        try:
            # A device or pipe given by its path cannot be cut back.
            if self._within and self._file.seekable():
                self._file.truncate(self._whole)
        finally:
            self._file.close()


def put_stream(stream: Any, piece: bytes) -> None:
    """Write to a binary or a text stream; to the bytes below a text stream where it has them.

    A terminal or pipe then gets UTF-8 whatever its encoding, and no line ends are translated.
    """
    if isinstance(stream, io.TextIOBase):
        below = getattr(stream, "buffer", None)
        if below is None:
            stream.write(piece.decode("utf-8"))
            stream.flush()
            return
        stream.flush()
        stream = below
    stream.write(piece)
    stream.flush()


def encoded(text: str) -> bytes:
    """``text`` in UTF-8, with � for lone surrogates."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return "".join("�" if "\ud800" <= c <= "\udfff" else c for c in text).encode("utf-8")
