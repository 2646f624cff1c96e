"""RSS and Atom feeds, and OPML lists of feeds."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from dragoman.fetching.address import BadAddress, parse, site
from dragoman.fetching.entry import Entry, a_date
from dragoman.fetching.markup import plain, safe_xml
from dragoman.reading.decoding import Unreadable

# The lenient parser, for feeds that are no XML, takes up to 7 s a megabyte on the worst that could be made.
_MOST_BROKEN_BYTES = 1_000_000
# Agencies' briefs have 80 words and more, the teasers of feeds hardly ever over 60.
_FEWEST_WORDS = 80
# A feed lists the last few hundred reports; what claims more is an archive or an attack.
_MOST_ENTRIES = 10_000
# 20 of each entry; the parser takes up to 30 µs for one.
_MOST_ELEMENTS = 200_000


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's entries in its order, its title, and what is broken in it, empty when nothing is."""

    title: str
    entries: tuple[Entry, ...]
    broken: str = ""


def read_feed(data: bytes, charset: str | None, address: str) -> Feed:
    """The feed in ``data``; ``address`` is where it was had, for links that are relative, or empty.

    Raises :class:`~dragoman.reading.decoding.Unreadable` for what is no feed or would do harm.
    """
    import feedparser

    clean, broken = safe_xml(data, charset, _MOST_ELEMENTS)
    if broken and len(clean) > _MOST_BROKEN_BYTES:
        raise Unreadable(f"is broken XML ({broken})", "tell its publisher")
    headers = {"content-type": "application/xml; charset=utf-8"}
    if address:
        headers["content-location"] = address
    # A stream, since a string would be tried as an address and as a path first.
    found = feedparser.parse(
        io.BytesIO(clean), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    if not found.version and not found.entries:
        raise Unreadable(f"is no feed{f' that can be read ({broken})' if broken else ''}", "give an RSS or Atom feed")
    title = _title(found.feed, found.version)
    home = found.feed.get("link") or address
    entries = (_entry(entry, found.version, title, home, address) for entry in found.entries[:_MOST_ENTRIES])
    return Feed(title, tuple(entry for entry in entries if entry.url or entry.text), broken)


def _title(row: Any, version: str) -> str:
    # Atom says whether its titles are HTML; in RSS they are, and the library's guess depends on what is in them.
    detail = row.get("title_detail") or {}
    escaped = "plain" not in str(detail.get("type")) or not version.startswith("atom")
    return plain(str(row.get("title") or ""), escaped=escaped)


def _entry(row: Any, version: str, feed: str, home: str, base: str) -> Entry:
    link = str(row.get("link") or "")
    if not link and row.get("guidislink"):
        link = str(row.get("id") or "")
    url = _absolute(link, base or home)
    published, dated = _published(row, version)
    source = row.get("source")
    outlet = plain(str(source.get("title") or "")) if source else ""
    if not outlet and _same_site(url, home):
        outlet = feed
    return Entry(url, published, dated, _title(row, version), outlet, _text(row))


def _absolute(link: str, base: str) -> str:
    if not link:
        return ""
    try:
        return parse(link, base).url
    except BadAddress:
        return link


def _published(row: Any, version: str) -> tuple[str | None, str]:
    """The entry's date, and which it is. Atom may give no other than that of the last change."""
    if published := _read(row, "published"):
        return published, ""
    updated = _read(row, "updated")
    return updated, "that of the last change" if updated and version.startswith("atom") else ""


def _read(row: Any, name: str) -> str | None:
    # As it is written, where we can read that: it keeps the publisher's own day, which UTC may shift.
    # From the dict itself: the library's own ``get`` passes one date off as the other.
    if date := a_date(dict.get(row, name)):
        return date
    parts = dict.get(row, f"{name}_parsed")
    return a_date("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*parts[:6])) if parts else None


def _text(row: Any) -> str:
    """The entry's text as HTML, when it is as long as a report."""
    texts = [str(content.get("value") or "") for content in row.get("content") or ()]
    longest = max([*texts, str(row.get("summary") or "")], key=len)
    return longest if len(re.sub(r"<[^<>]*>", " ", longest).split()) >= _FEWEST_WORDS else ""


def _same_site(url: str, home: str) -> bool:
    """Whether a page is of the feed's own site: a feed that collects those of others is not their publisher."""
    try:
        page, own = (site(parse(one).host) for one in (url, home))
    except BadAddress:
        return False
    return page == own or page.endswith(f".{own}") or own.endswith(f".{page}")


def read_opml(data: bytes, charset: str | None) -> Iterator[str]:
    """The addresses of the feeds that an OPML list names, each once. Raises ``Unreadable``."""
    clean, broken = safe_xml(data, charset)
    if broken:
        raise Unreadable(f"is a broken OPML list ({broken})", "export it again from your reader")
    seen: set[str] = set()
    for element in ElementTree.fromstring(clean).iter():
        if element.tag.rpartition("}")[2].lower() != "outline":
            continue
        names = {name.lower(): value.strip() for name, value in element.attrib.items()}
        url = names.get("xmlurl", "")
        if url and url not in seen:
            seen.add(url)
            yield url
