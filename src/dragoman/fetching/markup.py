"""XML from strangers, and the plain text of titles: what is safe to parse, and what it is by its first element."""

from __future__ import annotations

import html
import re
from xml.parsers import expat

from dragoman.reading.decoding import Unreadable, decode

# A list of 50,000 addresses, the most a sitemap may have, has 500,000 elements with all that news adds.
MOST_ELEMENTS = 1_000_000
# Feeds that hold whole pages as XHTML reach 30.
_DEEPEST = 200
# Titles of news have under 300 characters.
_LONGEST_TITLE = 1000
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}encoding\s*=\s*[\"']([\w.:-]{1,40})")
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_BEFORE_ROOT = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!doctype[^<>\[]*(?:\[.*?\]\s*)?>", re.I | re.S)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")
# Patterns, since the standard library's HTML parser raises on some of what a stranger may write.
_SILENT = re.compile(
    r"<!--.*?(?:-->|$)|<(script|style|template|iframe|noscript|object|svg)\b[^<>]*>.*?(?:</\1\s*>|$)", re.I | re.S
)
_BREAK = re.compile(r"</?(?:br|p|div)\b[^<>]*>", re.I)
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*(?:>|$)")


def root(start: str) -> str:
    """The local name, in lower case, of the first element in ``start``; empty when it begins with none."""
    at = 0
    while found := _BEFORE_ROOT.match(start, at):
        at = found.end()
    element = _ROOT.match(start, at)
    return element[1].lower() if element else ""


def safe_xml(data: bytes, charset: str | None, most_elements: int = MOST_ELEMENTS) -> tuple[bytes, str]:
    """``data`` in UTF-8 without a declaration, and what is broken in it.

    The latter is empty for well-formed XML. Raises :class:`~dragoman.reading.decoding.Unreadable` for what would do
    harm: entities of its own, which can expand without end or name files, elements a thousand deep or millions of them.
    """
    declared = _DECLARED.search(data[:400])
    text, _ = decode(data, charset or (declared[1].decode("ascii") if declared else None))
    # Only where it stands: searching for it would take the square of a long run of blanks.
    start = found.end() if (found := _DECLARATION.match(text)) else 0
    clean = text[start:].encode("utf-8", "replace")
    return clean, _inspect(clean, most_elements)


def _inspect(data: bytes, most_elements: int) -> str:
    """One run over the data that builds nothing: what makes it malformed, or empty."""
    parser = expat.ParserCreate("utf-8")
    depth = count = 0

    def entity(*_: object) -> None:
        raise Unreadable("is XML that declares entities of its own", "such files are not read: they can do harm")

    def start(*_: object) -> None:
        nonlocal depth, count
        depth += 1
        count += 1
        if depth > _DEEPEST or count > most_elements:
            what = f"over {_DEEPEST} elements deep" if depth > _DEEPEST else f"of over {most_elements:,} elements"
            raise Unreadable(f"is XML {what}", "give a file of the usual size")

    def end(*_: object) -> None:
        nonlocal depth
        depth -= 1

    parser.EntityDeclHandler = entity
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(data, True)
    except expat.ExpatError as wrong:
        # What the parser did not reach may still declare entities, for a more lenient one to expand.
        if re.search(rb"<!ENTITY", data, re.I):
            entity()
        return f"{expat.ErrorString(wrong.code)}, line {wrong.lineno}"
    return ""


def plain(text: str, *, escaped: bool = False) -> str:
    """A title as plain text on one line, without tags and scripts; entities are read, once, where it is ``escaped``."""
    text, before = text[:_LONGEST_TITLE], ""
    while text != before:
        # What stands around a tag may be one once the tag is gone.
        before, text = text, _TAG.sub("", _BREAK.sub(" ", _SILENT.sub(" ", text)))
    return " ".join((html.unescape(text) if escaped else text).split())
