"""What lists hold: an address, and what the list says of the page there."""

from __future__ import annotations

from dataclasses import dataclass

from dragoman.reading.publication import BadDate, publication_date


@dataclass(frozen=True, slots=True)
class Entry:
    """A page as a feed, a sitemap or another list tells of it.

    ``published`` is in ISO 8601, None when the list gives no date that can be read; ``dated`` says in words which date
    it is when it is not that of publication, else it is empty. ``text`` is HTML of the whole report where the feed
    carries it, else empty.
    """

    url: str
    published: str | None = None
    dated: str = ""
    title: str = ""
    outlet: str = ""
    text: str = ""


def a_date(written: str | None) -> str | None:
    """``written`` in ISO 8601, or None when it is no date that can be read with certainty."""
    if not written:
        return None
    try:
        return publication_date(written)
    except BadDate:
        return None
