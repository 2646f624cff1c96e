"""How many documents sources hold, as far as that can be told without reading them: for the time that is left."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

# Files of one document, and files of one a line.
_ONE = frozenset({".txt", ".text", ".html", ".htm", ".xhtml"})
_LINES = frozenset({".jsonl", ".ndjson", ".csv", ".tsv", ".tab"})
# Files of as many as they like.
_MANY = frozenset({".parquet", ".pq", ".xml", ".rss", ".rdf", ".atom", ".opml", ".warc", ".gz", ".zip"})
# A .json file may hold one document or a list of them: one so small holds one or a few.
_SMALL = 100_000
_KNOWN = _ONE | _LINES | _MANY | {".json"}
# Lines are counted in this much of a file, and the rest taken to have lines as long.
_SAMPLE = 16_000_000


def expected(sources: Sequence[str]) -> int | None:
    """About how many documents there are to come; None where that cannot be known, as for feeds and archives."""
    total = 0
    for source in sources:
        if os.path.isdir(source):
            found = [_in_file(path) for path in _files(source) if path.suffix.lower() in _KNOWN]
        elif os.path.isfile(source):
            found = [_in_file(Path(source))]
        else:
            return None
        for number in found:
            if number is None:
                return None
            total += number
    return total


def _files(folder: str) -> Iterable[Path]:
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if not name.startswith("."):
                yield Path(parent, name)


def _in_file(path: Path) -> int | None:
    suffix = path.suffix.lower()
    try:
        if suffix in _LINES:
            return _lines(path)
        if suffix in _ONE or (suffix == ".json" and path.stat().st_size <= _SMALL):
            return 1
    except OSError:
        return 0  # it will be refused when it is read
    return None


def _lines(path: Path) -> int:
    size = path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(_SAMPLE)
    lines = head.count(b"\n") + (not head.endswith(b"\n") and size <= len(head))
    return round(lines * size / len(head)) if head else 0
