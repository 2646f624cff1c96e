"""From the entry of a list to the page there, and from a page to a document."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import PurePosixPath

from dragoman.fetching.address import Address, BadAddress, canonical, parse
from dragoman.fetching.clock import Clock, iso
from dragoman.fetching.entry import Entry
from dragoman.fetching.fetcher import Fetched, Fetcher, NotFetched
from dragoman.fetching.item import Known, Memory
from dragoman.fetching.markup import plain
from dragoman.reading.decoding import Unreadable
from dragoman.reading.finish import UNDATED, Finish
from dragoman.reading.page import read_page
from dragoman.reading.publication import publication_date
from dragoman.reading.result import Draft, Refusal
from dragoman.reading.sniff import sniff
from dragoman.reading.sources import drafts
from dragoman.reading.stream import Source
from dragoman.record import Document

# Time zones lie up to 14 hours ahead of UTC, and clocks of servers are wrong by hours: no honest date is further off.
_DAYS_AHEAD = 2
# A page that could not be had is asked for again after a quarter of an hour, then after twice as long each time, up
# to a day; one that has nothing for us after a week.
_FIRST_PAUSE, _LONGEST_PAUSE, _LASTING_PAUSE = 15 * 60, 24 * 3600, 7 * 24 * 3600
_SUFFIXES = {"text/html": ".html", "application/xhtml+xml": ".html", "application/json": ".json"}
_SUFFIXES |= {"text/csv": ".csv", "text/tab-separated-values": ".tsv"}


class Pages:
    """Makes documents of pages, for one run. Addresses that are known or were met before are not asked for."""

    def __init__(
        self,
        finish: Finish,
        fetcher: Fetcher | None,
        known: Callable[[str], bool],
        memory: Memory,
        clock: Clock,
        *,
        patient: bool,
    ) -> None:
        self.finish = finish
        self.fetcher = fetcher
        self.known = known
        self.memory = memory
        self.clock = clock
        self.patient = patient
        """Whether pages that could not be had are left alone for a while, as a watch does."""
        self.unsettled = False
        """Set when a page could not be had and may be later: its list must be read again."""
        self.met: set[str] = set()
        """The addresses that came up in this run."""

    def is_known(self, url: str) -> bool:
        """Whether ``url`` is not to be asked for; it counts as met from now on."""
        if url in self.met:
            return True
        self.met.add(url)
        if self.has(url):
            return True
        return self.patient and float((self.memory.get(url) or {}).get("next") or 0) > self.clock.now()

    def has(self, url: str) -> bool:
        """Whether the ledger has the page at ``url``, under this address or the one that it turned out to have."""
        other = (self.memory.get(url) or {}).get("as")
        return self.known(url) or (other is not None and self.known(str(other)))

    def entry(self, entry: Entry) -> Iterator[Document | Refusal | Known]:
        """The document of an entry: of its page, else of the text that the list carries."""
        name = entry.url or entry.title or "an entry without an address"
        if not entry.url:
            yield self._told(entry, name, "", None, ())
            return
        try:
            url = parse(entry.url).url
        except BadAddress as wrong:
            yield Refusal(name[:200], str(wrong), "give an http or https address")
            return
        if self.is_known(url):
            yield Known(url)
            return
        if self.fetcher is None:
            made = self._told(entry, url, url, None, ()) if entry.text else offline(url)
            yield made
            return
        try:
            page = self.fetcher.get(url)
        except NotFetched as wrong:
            if entry.text:
                yield self._told(entry, url, url, iso(self.clock.now()), (f"its page {wrong.reason}",))
            else:
                yield Refusal(url, wrong.reason, wrong.fix)
                self._remember(url, wrong.lasting, wrong.wait)
            return
        made = self._page(entry, page)
        if isinstance(made, Refusal) and entry.text:
            made = self._told(entry, url, url, page.retrieved, (f"its page {made.reason}",))
        yield made
        if isinstance(made, Refusal):
            self._remember(url, True, None)
        elif made.url != url:
            self.memory.put(url, {"as": made.url})

    def _remember(self, url: str, lasting: bool, wait: float | None) -> None:
        failures = int((self.memory.get(url) or {}).get("failures") or 0) + 1
        pause = min(_FIRST_PAUSE * 2 ** min(failures - 1, 10), _LONGEST_PAUSE)
        pause = _LASTING_PAUSE if lasting else max(pause, int(wait or 0))
        self.unsettled = self.unsettled or not lasting
        self.memory.put(url, {"failures": failures, "next": self.clock.now() + pause})

    def _page(self, entry: Entry, page: Fetched) -> Document | Refusal:
        """The document of the page of an entry, which has to be a page or a text."""
        source = as_source(page)
        name = source.name
        try:
            if sniff(source.head, suffix(page)) not in ("html", "text"):
                return Refusal(name, "is no page", "give the address of an article")
        except Unreadable as wrong:
            return Refusal(name, wrong.reason, wrong.fix)
        made = next(drafts(source, suffix(page), None, self.finish.max_characters))
        return made if isinstance(made, Refusal) else self.document(made, page.address, page.retrieved, entry)

    def document(
        self, draft: Draft, address: Address | None, retrieved: str | None, entry: Entry | None = None
    ) -> Document | Refusal:
        """The document of a page that was had from ``address`` at ``retrieved``, both None for files."""
        if address is not None:
            draft = replace(draft, url=canonical(draft.url, address).url, title=plain(draft.title))
        if entry is not None:
            draft = replace(draft, title=draft.title or entry.title, outlet=draft.outlet or entry.outlet)
            if not self._is_possible(draft.published, retrieved):
                warnings = (f"its date is {entry.dated}",) if entry.dated and entry.published else ()
                draft = replace(draft, published=entry.published, warnings=draft.warnings + warnings)
        made = self.finish(replace(draft, retrieved=draft.retrieved or retrieved))
        if isinstance(made, Refusal) or made.published is None or self._is_possible(made.published, made.retrieved):
            return made
        warning = f"published: {made.published} lies in the future, and is left out"
        return replace(made, published=None, warnings=(*made.warnings, warning, UNDATED))

    def _is_possible(self, published: str | None, retrieved: str | None) -> bool:
        """Whether a report can have come out on that date, for all that is known of when it was had."""
        if published is None:
            return False
        try:
            day = date.fromisoformat(publication_date(published)[:10])
        except ValueError:
            return False
        had = date.fromisoformat((retrieved or iso(self.clock.now()))[:10])
        return day <= had + timedelta(days=_DAYS_AHEAD)

    def _told(
        self, entry: Entry, name: str, url: str, retrieved: str | None, warnings: tuple[str, ...]
    ) -> Document | Refusal:
        """The document of the text that a feed carries."""
        if re.search(r"<\w", entry.text):
            marked = f"<html><head><title></title></head><body><article>{entry.text}</article></body></html>"
            made = read_page(Source(name, io.BytesIO(marked.encode("utf-8", "replace"))), self.finish.max_characters)
            if isinstance(made, Refusal):
                return made
            text = made.text
        else:
            text = html.unescape(entry.text)
        reasons = (*warnings, "its text is that of its feed") if warnings else ()
        draft = Draft(name, text, url=url, warnings=reasons)
        return self.document(draft, None, retrieved, entry)


def as_source(page: Fetched) -> Source:
    """The body of what was fetched, as the reading room takes it."""
    return Source(page.address.url, io.BytesIO(page.body), size=len(page.body), charset=page.charset)


def suffix(page: Fetched) -> str:
    """What stands for the suffix of a file: that of the media type where it says something, else the address's own."""
    return _SUFFIXES.get(page.type) or PurePosixPath(page.address.target.partition("?")[0]).suffix.lower()


def offline(url: str) -> Refusal:
    """The refusal of an address where nothing is to be fetched."""
    reason = "is an address, and nothing is fetched"
    return Refusal(url, reason, "let addresses be fetched, or give a copy of the page", "skipped")
