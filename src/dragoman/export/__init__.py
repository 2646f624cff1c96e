"""Export: coded documents to JSON lines, CSV, TSV, Parquet, or a table for people."""

from __future__ import annotations

from pathlib import Path, PurePath

from dragoman.export.sink import Target
from dragoman.export.writer import Writer

FORMATS = ("table", "jsonl", "csv", "tsv", "parquet")
_BY_SUFFIX = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".txt": "table",
}

__all__ = ["FORMATS", "Writer", "format_of", "open_writer"]


def open_writer(target: Target, format: str | None = None, *, width: int | None = None) -> Writer:
    """A writer of coded documents to ``target``, in ``format`` or the one that its suffix names.

    ``target`` is a path, whose file is replaced, or an open stream, which stays open. The file is opened
    when the writer is entered or first written to, and OSError raised then where it cannot be. ``format``
    is one of :data:`FORMATS`; ``width`` is the number of columns of a ``table``, by default the
    terminal's. Raises ValueError for a format or suffix that is not known.

    >>> import sys
    >>> from dragoman.record import CodedDocument
    >>> with open_writer(sys.stdout, "jsonl") as out:
    ...     out.write(CodedDocument(id="a1"))
    {"id":"a1","title":"","published":null,"url":"","contexts":[],"events":[],"warnings":[]}
    """
    if format is None:
        format = format_of(target)
    if format == "jsonl":
        from dragoman.export.jsonl import JsonLinesWriter

        return JsonLinesWriter(target)
    if format in ("csv", "tsv"):
        from dragoman.export.separated import SeparatedWriter

        return SeparatedWriter(target, "," if format == "csv" else "\t")
    if format == "parquet":
        from dragoman.export.parquet import ParquetWriter

        return ParquetWriter(target)
    if format == "table":
        from dragoman.export.people import PeopleWriter

        return PeopleWriter(target, width)
    raise ValueError(f"{format!r} is no format: use one of {', '.join(FORMATS)}")


def format_of(target: Target) -> str:
    """The format that a path's suffix names. Raises ValueError for a stream and for other suffixes."""
    if not isinstance(target, str | Path):
        raise ValueError(f"a stream has no suffix: name a format, one of {', '.join(FORMATS)}")
    suffix = PurePath(target).suffix.lower()
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    if suffix == ".json":
        raise ValueError(f"{target}: JSON is written one document a line: name it .jsonl, or give --format jsonl")
    what = f"suffix {suffix} names no format" if suffix else "no suffix to tell the format by"
    raise ValueError(f"{target}: {what}: use {', '.join(_BY_SUFFIX)}, or give --format {'|'.join(FORMATS)}")
