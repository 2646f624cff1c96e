"""What the formats read from: a stream whose beginning can be looked at before it is read."""

from __future__ import annotations

import io
from typing import BinaryIO, Protocol

# Enough to tell a format by: a byte order mark, a page's head, the first row of a table.
HEAD_BYTES = 4096


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


def _enough(head: bytes) -> bool:
    """Whether a format shows in ``head``: a first line, which for JSON has to be whole or be followed."""
    first, line_end, rest = head.lstrip().partition(b"\n")
    return bool(line_end) and (not first.startswith((b"{", b"[")) or first.rstrip().endswith(b"}") or bool(rest))


class Opening(io.RawIOBase):
    """A stream with its first bytes in ``head``, which are still to be read.

    Reads no further ahead than it must, so that documents come through a pipe as they are written.
    """

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._read: _Readable = stream
        self._some = getattr(stream, "read1", stream.read)
        head = b""
        while len(head) < HEAD_BYTES and (more := self._some(HEAD_BYTES - len(head))):
            head += more
            if _enough(head):
                break
        self.head = head
        self._left = head

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        if self._left:
            taken, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        else:
            taken = self._some(len(buffer)) or b""
        buffer[: len(taken)] = taken
        return len(taken)


class Source:
    """One file or stream: what messages call it, its bytes, and the id for a document that is all of it."""

    def __init__(
        self, name: str, stream: BinaryIO, *, id: str = "", size: int | None = None, charset: str | None = None
    ) -> None:
        self.name = name
        self.id = id
        self.charset = charset
        """The encoding that whoever sent the bytes says they are in; they are tried as UTF-8 first all the same."""
        self.size = size
        """Bytes in all, where known."""
        opening = Opening(stream)
        self.head = opening.head
        self.stream = io.BufferedReader(opening)

    def whole(self, limit: int) -> bytes | None:
        """All bytes, or None when there are more than ``limit``."""
        if self.size is not None and self.size > limit:
            return None
        parts: list[bytes] = []
        left = limit + 1
        while left > 0 and (part := self.stream.read(left)):
            parts.append(part)
            left -= len(part)
        data = b"".join(parts)
        return data if len(data) <= limit else None
