"""A text or an address that somebody tries: made a document as the reading room makes one, or refused."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources

from dragoman.fetching import Clock, Fetcher, Known, Limits, read_all
from dragoman.fetching.address import is_address
from dragoman.reading import MAX_CHARACTERS, BadDate, Refusal, publication_date
from dragoman.reading.finish import UNDATED, Finish
from dragoman.reading.result import Draft
from dragoman.record import CodedDocument, Document
from dragoman.web.coding import Busy

# Seconds for an address in all: its robots.txt, redirects and the page. Who waits longer gives up.
SECONDS = 20.0
UNDATED_HERE = "no publication date: relative dates stay unresolved; give one with the text"
# For one answer. News sites answer in one or two; two tries must fit.
_ANSWER_SECONDS = 9.0
# Addresses that are asked at once: who waits for one holds one of the server's 40 threads meanwhile.
_PLACES = threading.BoundedSemaphore(8)


@dataclass(frozen=True, slots=True)
class Example:
    """A short report of ours to try."""

    title: str
    published: str
    text: str


@lru_cache(maxsize=1)
def examples() -> tuple[Example, ...]:
    """The reports that are offered to try; all three are invented."""
    rows = json.loads(resources.files(__package__).joinpath("examples.json").read_text("utf-8"))
    return tuple(Example(row["title"], row["published"], row["text"]) for row in rows)


def document_of(text: str, title: str = "", published: str = "", url: str = "", outlet: str = "") -> Document | Refusal:
    """A pasted text as a document, or why it is none."""
    # Browsers send every end of a line as two characters.
    text = text.replace("\r\n", "\n")
    date = published.strip() or None
    try:
        stated = publication_date(date) if date else None
    except BadDate as wrong:
        return Refusal("date", str(wrong), "or leave it empty")
    draft = Draft("the text", text, stated, title=" ".join(title.split()), url=url.strip(), outlet=outlet.strip())
    return Finish(None, MAX_CHARACTERS)(draft)


def warnings_of(document: Document, coded: CodedDocument) -> list[str]:
    """What to know of how a document was read and coded, in the words of a page."""
    said = dict.fromkeys((*document.warnings, *coded.warnings))
    return [UNDATED_HERE if one == UNDATED else one for one in said]


def fetcher(clock: Clock) -> Fetcher:
    """What fetches an address that a visitor gives. Private addresses are never asked from here."""
    limits = Limits(
        seconds=_ANSWER_SECONDS, connect_seconds=5.0, retries=0, longest_wait=1.0, interval=0.2, longest_interval=1.0
    )
    return Fetcher(limits=limits, clock=clock)


def fetched(url: str, published: str = "", *, seconds: float = SECONDS) -> Document | Refusal:
    """The report at an address, or why there is none; of a feed or list its first. Takes ``seconds`` at most.

    Raises Busy when too many addresses are being asked already.
    """
    url = url.strip()
    if not is_address(url):
        return Refusal(url[:200], "is no address of a page", "give one that begins with https://, or paste the text")
    try:
        date = publication_date(published) if published.strip() else None
    except BadDate as wrong:
        return Refusal("date", str(wrong), "or leave it empty")
    if not _PLACES.acquire(blocking=False):
        raise Busy("too many pages are being fetched")
    clock = Clock()
    found: list[Document | Refusal] = []

    def look() -> None:
        try:
            found.extend(_first(url, date, clock))
        finally:
            _PLACES.release()

    # Names are looked up and answers read without a time limit that spans them all.
    thread = threading.Thread(target=look, name="trying an address", daemon=True)
    thread.start()
    thread.join(seconds)
    if not found:
        clock.stop()
        return Refusal(url[:200], f"was not had within {seconds:g} seconds", "paste its text")
    made = found[0]
    # Advice for the command line, which may allow what a server must not.
    return replace(made, fix="paste its text") if isinstance(made, Refusal) and "--" in made.fix else made


def _first(url: str, date: str | None, clock: Clock) -> Iterator[Document | Refusal]:
    refused = Refusal(url[:200], "holds no report", "paste its text")
    for item in read_all([url], date=date, fetcher=fetcher(clock), clock=clock):
        if isinstance(item.made, Document):
            yield item.made
            return
        if not isinstance(item.made, Known):
            refused = item.made
    yield refused
