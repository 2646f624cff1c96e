"""Packed files: gzip and the zip files of GDELT, read as a stream and never further than is wanted."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from typing import BinaryIO, cast

from dragoman.reading.stream import HEAD_BYTES

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
# What reading packed data raises when it is damaged.
BROKEN = (gzip.BadGzipFile, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError)


class TooLong(OSError):
    """More comes out than may."""


def gzip_head(head: bytes) -> bytes:
    """The first bytes of what is packed in data that begins with ``head``; as many as can be told."""
    try:
        return zlib.decompressobj(31).decompress(head, HEAD_BYTES)
    except zlib.error:
        return b""


def gunzip(stream: BinaryIO, most_bytes: int | None) -> BinaryIO:
    """What is packed in ``stream``. Reading raises one of :data:`BROKEN` for damage, and
    :class:`TooLong` beyond ``most_bytes``."""
    return _bounded(cast(BinaryIO, gzip.GzipFile(fileobj=stream, mode="rb")), most_bytes)


def unzip(file: BinaryIO | str, most_bytes: int | None) -> BinaryIO | None:
    """The one table in a zip file, or None when it holds anything else."""
    archive = zipfile.ZipFile(file)
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) != 1 or not members[0].filename.lower().endswith(".csv") or members[0].flag_bits & 1:
        return None
    return _bounded(cast(BinaryIO, archive.open(members[0])), most_bytes)


def _bounded(stream: BinaryIO, most_bytes: int | None) -> BinaryIO:
    return stream if most_bytes is None else cast(BinaryIO, io.BufferedReader(_Bounded(stream, most_bytes)))


class _Bounded(io.RawIOBase):
    def __init__(self, stream: BinaryIO, most_bytes: int) -> None:
        super().__init__()
        self._stream = stream
        self._most = most_bytes
        self._left = most_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        piece = self._stream.read(len(buffer))
        self._left -= len(piece)
        if self._left < 0:
            raise TooLong(f"makes over {self._most:,} bytes when it is unpacked")
        buffer[: len(piece)] = piece
        return len(piece)
