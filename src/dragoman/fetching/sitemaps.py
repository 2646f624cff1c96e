"""Sitemaps (sitemaps.org 0.9): addresses of pages with the dates of news, and indexes of more sitemaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from dragoman.fetching.entry import Entry, a_date
from dragoman.fetching.markup import plain, safe_xml

_PIECE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Sitemap:
    """Pages, or the addresses of further sitemaps, and what is broken in the file, empty when nothing is."""

    pages: tuple[Entry, ...] = ()
    sitemaps: tuple[str, ...] = ()
    broken: str = ""


def read_sitemap(data: bytes, charset: str | None) -> Sitemap:
    """The sitemap in ``data``: all that stands before what is broken. Raises ``Unreadable`` for what would do harm."""
    clean, broken = safe_xml(data, charset)
    pages: list[Entry] = []
    sitemaps: list[str] = []
    for kind, found in _nodes(clean):
        url = found.get("loc", "")
        if url and kind == "sitemap":
            sitemaps.append(url)
        elif url:
            # Only news sitemaps tell when a page came out; lastmod is when something on it changed.
            published = a_date(found.get("publication_date"))
            pages.append(Entry(url, published, "", plain(found.get("title", "")), plain(found.get("name", ""))))
    return Sitemap(tuple(pages), tuple(sitemaps), broken)


# What is read of a node, beside its address; pictures have a title and an address of their own.
_NEWS = frozenset({"publication_date", "title", "name"})


def _nodes(data: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """The addresses of a sitemap with what it says of them: ``url`` or ``sitemap``, and the values by name."""
    parser: ElementTree.XMLPullParser[Any] = ElementTree.XMLPullParser(("start", "end"))
    found: dict[str, str] = {}
    above: list[ElementTree.Element] = []
    for at in range(0, len(data), _PIECE):
        broken = False
        try:
            parser.feed(data[at : at + _PIECE])
        except ElementTree.ParseError:
            broken = True
        for event, element in _events(parser):
            if event == "start":
                above.append(element)
                continue
            above.pop()
            space, _, name = element.tag.rpartition("}")
            parent = above[-1].tag.rpartition("}")[2] if above else ""
            if (name == "loc" and parent in ("url", "sitemap")) or (name in _NEWS and "sitemap-news" in space):
                found.setdefault(name, (element.text or "").strip())
            elif name in ("url", "sitemap"):
                yield name, found
                found = {}
                if above:
                    # What is read is let go, so that a long list takes no more memory than a short one.
                    above[-1].remove(element)
        if broken:
            return


def _events(parser: ElementTree.XMLPullParser[Any]) -> Iterator[tuple[str, ElementTree.Element]]:
    """What is parsed so far; the parser tells of an error in the midst of it."""
    events = parser.read_events()
    while True:
        try:
            event: Any = next(events)
        except (StopIteration, ElementTree.ParseError):
            return
        yield event
