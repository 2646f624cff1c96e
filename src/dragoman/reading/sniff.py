"""Which format a file is in: by its suffix, and by its first bytes where that says nothing."""

from __future__ import annotations

import codecs
import re
from typing import Literal

from dragoman.reading.decoding import Unreadable, check_binary, check_kind
from dragoman.reading.fields import FIELDS

Format = Literal["text", "html", "json", "lines", "table", "parquet"]

SUFFIXES: dict[str, Format] = {
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".json": "json",
    ".jsonl": "lines",
    ".ndjson": "lines",
    ".csv": "table",
    ".tsv": "table",
    ".tab": "table",
    ".parquet": "parquet",
    ".pq": "parquet",
}

_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PAGE = re.compile(r"(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article|main)\b", re.I | re.S)
_ELEMENT = re.compile(r"<(?:div|p|meta|title|h1|section|header|script|span)\b[^<>]*>", re.I)
_FEED = re.compile(r"(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:rss|feed|rdf:RDF)\b|<\?xml\b", re.I | re.S)
_OBJECT = re.compile(r"\{\s*(?:[\"}]|$)")
_LIST = re.compile(r"\[\s*(?:[\[{]|\]\s*$|$)")


def sniff(head: bytes, suffix: str = "") -> Format:
    """The format of a file that begins with ``head``.

    ``suffix`` decides where it is one of :data:`SUFFIXES`, save for a page saved as ``.txt`` and for JSON
    and JSON lines under each other's names. Raises :class:`Unreadable` for what is no text and no
    Parquet, and for XML that is no page.
    """
    known = SUFFIXES.get(suffix.lower())
    if known == "parquet" or (known is None and head.startswith(b"PAR1")):
        return "parquet"
    check_kind(head[:16])
    start = opening(head).lstrip()
    if known == "text":
        return "html" if _PAGE.match(start) else "text"
    if known in ("lines", "table") and not head.startswith(tuple(mark for mark, _ in _WIDE)):
        check_binary(head)
    if known in ("json", "lines"):
        return _json(start)
    if known:
        return known
    if _PAGE.match(start) or _ELEMENT.match(start):
        return "html"
    if _FEED.match(start):
        raise Unreadable("is XML, not a report", "give the pages or texts that it lists")
    if _OBJECT.match(start) or _LIST.match(start):
        return _json(start)
    return "table" if separator(start) else "text"


def opening(head: bytes) -> str:
    """The first bytes as text, as well as can be told from them alone."""
    for mark, encoding in _WIDE:
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, "ignore")
    return head.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")


def _json(start: str) -> Format:
    """One value over several lines, or a value on each line."""
    if start.startswith("["):
        return "json"
    first, _, rest = start.partition("\n")
    # A value spread over lines has its brace alone, or goes on with an indented or quoted field.
    if first.strip() == "{" or rest.lstrip("\r\n")[:1] in (" ", "\t", '"', "}"):
        return "json"
    return "lines"


def separator(start: str) -> str | None:
    """What separates the columns of a table whose first row names the field ``text`` and one more of ours.

    A table of the one column ``text`` has no separator to show and counts as comma-separated only by
    its suffix.
    """
    first = start.splitlines()[0] if start else ""
    for mark in ("\t", ",", ";"):
        names = {cell.strip().strip('"').lower() for cell in first.split(mark)}
        if "text" in names and len(names & set(FIELDS)) > 1:
            return mark
    return None
