"""WARC archives: the pages of a crawl, each with its address and the time it was taken."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Protocol

from dragoman.reading.result import Refusal
from dragoman.reading.stream import Source

_PAGES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
# Plain texts of a site that no reader is meant to see.
_FOR_MACHINES = re.compile(
    r"/(?:robots|ads|app-ads|humans|security|llms|llms-full)\.txt(?:\?|$)|\.(?:js|css|json)(?:\?|$)"
)
_CHUNK = re.compile(rb"[0-9a-fA-F]{1,8}[ \t]*(?:;[^\r\n]*)?\r?\n")
# A page of more is refused by its reader, which takes 20 bytes a character.
MOST_BYTES = 20_000_000


class Page:
    """One page of an archive: its bytes as a source, its address, when it was taken, and what kind it is."""

    def __init__(self, source: Source, url: str, retrieved: str | None, suffix: str) -> None:
        self.source = source
        self.url = url
        self.retrieved = retrieved
        self.suffix = suffix


class _Forward:
    """A stream that is only read on. fastwarc asks where it stands, and panics on one that cannot say."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._at += len(data)
        return data

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        if (offset, whence) not in ((0, 1), (self._at, 0)):
            raise OSError("the archive cannot be read backwards")
        return self._at

    def close(self) -> None:
        return


class Damaged(Exception):
    """The archive cannot be read past this point; the message says why."""


def read_archive(stream: BinaryIO, name: str) -> Iterator[Page | Refusal]:
    """The pages in a WARC archive, packed or not: answers of status 200 with HTML or text, and texts made of them.

    Pictures, scripts, requests and repeats are passed over. Raises :class:`Damaged`.
    """
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    kinds = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
    # Bodies are unpacked here, one by one: a body that is not packed as its header says would end the archive there.
    with _panics():
        records = ArchiveIterator(_Forward(stream), record_types=kinds, parse_http=True, auto_decode="none")
    number = 0
    while True:
        with _panics():
            record = next(records, None)
            if record is None:
                return
            number += 1
            http = record.http_headers
            if http is not None and http.status_code != 200:
                continue
            media = record.http_content_type or record.headers.get("Content-Type") or ""
            media = media.partition(";")[0].strip().lower()
            url = (record.headers.get("WARC-Target-URI") or "").strip("<> ")
            if media not in _PAGES or _FOR_MACHINES.search(url):
                continue
            body = _read(record.reader)
            date, charset = record.record_date, record.http_charset
        label = f"{name}, record {number}{f' ({url[:200]})' if url else ''}"
        try:
            body = (
                _unpacked(body, http.get("Transfer-Encoding") or "", http.get("Content-Encoding") or "")
                if http
                else body
            )
        except Damaged as wrong:
            yield Refusal(label, str(wrong), "fetch the page again")
            continue
        retrieved = date.strftime("%Y-%m-%dT%H:%M:%SZ") if date else None
        source = Source(label, io.BytesIO(body), size=len(body), charset=charset)
        yield Page(source, url, retrieved, "" if media == "text/plain" else ".html")


class _Readable(Protocol):
    def read(self, size: int = ...) -> bytes: ...


def _read(reader: _Readable) -> bytes:
    """All of it, up to one byte more than a page may have, which tells the page's reader that it is too long."""
    body = bytearray()
    while len(body) <= MOST_BYTES and (piece := reader.read(MOST_BYTES + 1 - len(body))):
        body += piece
    return bytes(body)


@contextmanager
def _panics() -> Iterator[None]:
    """Turns what fastwarc raises into :class:`Damaged`; some of its errors are panics, which are no Exception."""
    try:
        yield
    except (GeneratorExit, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as wrong:
        if not isinstance(wrong, Exception) and type(wrong).__name__ != "PanicException":
            raise
        raise Damaged(" ".join(str(wrong).split())[:120]) from wrong


def _unpacked(body: bytes, transfer: str, encoding: str) -> bytes:
    """The body of an answer without chunks and packing. Many crawlers undo them, and leave the headers as they were."""
    from fastwarc.stream_io import BrotliReader, ChunkedReader, GzipReader

    if "chunked" in transfer.lower() and _CHUNK.match(body):
        with _panics():
            body = _read(ChunkedReader(io.BytesIO(body)))
    encoding = encoding.strip().lower()
    if encoding in ("", "identity") or body.lstrip()[:1] == b"<":
        return body
    with _panics():
        if encoding in ("gzip", "x-gzip") and body.startswith(b"\x1f\x8b"):
            return _read(GzipReader(io.BytesIO(body)))
        if encoding == "deflate":
            return _read(GzipReader(io.BytesIO(body), zlib=True))
        if encoding == "br":
            return _read(BrotliReader(io.BytesIO(body)))
    raise Damaged(f"is packed as {encoding[:20]!r}, which is not read, or not as it says")
