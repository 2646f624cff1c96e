"""Paths, folders and standard input to documents, one at a time."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath
from typing import BinaryIO

from dragoman.reading.decoding import Unreadable, decode
from dragoman.reading.finish import Finish
from dragoman.reading.json_records import read_lines, read_values
from dragoman.reading.publication import publication_date
from dragoman.reading.result import MAX_CHARACTERS, Draft, Refusal, counted
from dragoman.reading.sniff import SUFFIXES, sniff
from dragoman.reading.stream import Source
from dragoman.record import Document

# UTF-32 is the widest encoding: a longer file has too many characters in any.
_BYTES_PER_CHARACTER = 4


def read(
    sources: Sequence[str | Path] | str | Path,
    *,
    date: str | None = None,
    max_characters: int = MAX_CHARACTERS,
    stdin: BinaryIO | None = None,
) -> Iterator[Document | Refusal]:
    """The documents in ``sources``, and a :class:`Refusal` for each that cannot be coded.

    A source is the path of a file, of a folder, or ``-`` for standard input (or ``stdin``, if given). Files
    are plain text, HTML, JSON, JSON lines, CSV, TSV or Parquet, by suffix or, under another suffix, by
    content. Folders are read to any depth in the order of their names, only files with a known suffix,
    none that is hidden. Records have the fields ``id``, ``title``, ``published``, ``text`` and ``url``.

    ``date`` is the publication date of the documents that state none: it gives way to a record's field
    and to a page's own date, and outranks a date line in the text. Raises
    :class:`~dragoman.reading.BadDate` (a ValueError) at once when ``date`` is no date. Documents longer than
    ``max_characters`` code points are refused. No document raises: whatever is wrong with one, the
    others are read.

    ``text`` is the text as it stands in the source, so that offsets hold for it: only control characters
    and lone surrogates are replaced, one for one. Of a page, it is the text that trafilatura extracts.
    An id is that of the record, else the file's name without its suffix (with its folders, in a folder),
    else a hash of the text.
    """
    finish = Finish(None if date is None else publication_date(date), max_characters)
    paths = [sources] if isinstance(sources, str | Path) else list(sources)
    return _read(paths, finish, stdin)


def _read(paths: list[str | Path], finish: Finish, stdin: BinaryIO | None) -> Iterator[Document | Refusal]:
    for path in paths:
        for made in _given(str(path), finish.max_characters, stdin):
            yield made if isinstance(made, Refusal) else finish(made)


def _given(path: str, max_characters: int, stdin: BinaryIO | None) -> Iterator[Draft | Refusal]:
    if path == "-":
        source = Source("standard input", stdin or sys.stdin.buffer)
        yield from drafts(source, "", None, max_characters)
    elif path.startswith(("http://", "https://")):
        yield Refusal(path, "is an address, and nothing is fetched", f"try: curl -s '{path}' | dragoman code -")
    elif "\0" in path:
        yield Refusal(path.replace("\0", "�"), "is no path: it holds a NUL", "check its name")
    elif os.path.isdir(path):
        yield from _folder(path, max_characters)
    else:
        yield from _file(path, PurePath(path).stem, max_characters)


def _folder(folder: str, max_characters: int) -> Iterator[Draft | Refusal]:
    others: set[str] = set()
    unread: list[OSError] = []
    found = False
    for parent, folders, files in os.walk(folder, onerror=unread.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = PurePath(parent, name)
            if name.startswith("."):
                continue
            if path.suffix.lower() not in SUFFIXES:
                others.add(path.suffix or name)
                continue
            found = True
            yield from _file(str(path), path.relative_to(folder).with_suffix("").as_posix(), max_characters)
    for error in unread:
        yield unopened(str(error.filename), error)
    if not found and not unread:
        have = f" (only {', '.join(sorted(others)[:6])})" if others else ""
        fix = "give a folder with " + ", ".join(sorted({".txt", ".html", ".json", ".jsonl", ".csv", ".parquet"}))
        yield Refusal(folder, f"is a folder without documents{have}", fix)


def _file(path: str, id: str, max_characters: int) -> Iterator[Draft | Refusal]:
    try:
        with open(path, "rb") as stream:
            status = os.fstat(stream.fileno())
            regular = stat.S_ISREG(status.st_mode)
            source = Source(path, stream, id=id, size=status.st_size if regular else None)
            suffix = PurePath(path).suffix.lower()
            yield from drafts(source, suffix, path if regular else None, max_characters)
    except OSError as error:
        yield unopened(path, error)


def drafts(source: Source, suffix: str, path: str | None, max_characters: int) -> Iterator[Draft | Refusal]:
    """The drafts in ``source``, whose name ended in ``suffix``; ``path`` is its file's, where it is all of one."""
    try:
        format = sniff(source.head, suffix)
        if format == "text":
            yield _text(source, max_characters)
        elif format == "html":
            from dragoman.reading.page import read_page

            yield read_page(source, max_characters)
        elif format == "json":
            yield from read_values(source)
        elif format == "lines":
            yield from read_lines(source, max_characters)
        elif format == "table":
            from dragoman.reading.tables import read_table

            yield from read_table(source, suffix)
        else:
            from dragoman.reading.parquet import read_parquet

            yield from read_parquet(source, path)
    except Unreadable as wrong:
        yield Refusal(source.name, wrong.reason, wrong.fix)


def _text(source: Source, max_characters: int) -> Draft | Refusal:
    limit = max_characters * _BYTES_PER_CHARACTER + 4
    data = source.whole(limit)
    if data is None:
        size = counted(source.size, "byte") if source.size is not None else f"over {counted(limit, 'byte')}"
        reason = f"has {size}, over the limit of {max_characters:,} characters a document"
        return Refusal(source.name, reason, "split it into its reports, each with its date")
    text, warnings = decode(data, source.charset)
    return Draft(source.name, text, id=source.id, warnings=warnings)


def unopened(path: str, error: OSError) -> Refusal:
    """Why the file or folder at ``path`` could not be opened or read on."""
    if isinstance(error, FileNotFoundError):
        return Refusal(path, "does not exist", "check the path")
    if isinstance(error, PermissionError):
        return Refusal(path, "may not be read", "give yourself permission to read it, for instance with chmod u+r")
    return Refusal(path, f"cannot be read ({error.strerror or error})", "check the disk and the path")
