"""Everything that can be given, to documents: files, folders, feeds, archives, lists and addresses, by content."""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any, BinaryIO, Literal
from urllib.parse import urljoin

from dragoman.fetching.address import BadAddress, is_address, parse
from dragoman.fetching.archives import Damaged, read_archive
from dragoman.fetching.clock import Clock, Stopped
from dragoman.fetching.entry import Entry
from dragoman.fetching.feeds import read_feed, read_opml
from dragoman.fetching.fetcher import Fetched, Fetcher, Limits, NotFetched
from dragoman.fetching.item import Forgetful, Item, Known, Memory, State
from dragoman.fetching.lists import is_list, read_list
from dragoman.fetching.markup import root
from dragoman.fetching.pages import Pages, as_source, offline, suffix
from dragoman.fetching.sitemaps import read_sitemap
from dragoman.fetching.unpacking import BROKEN, GZIP, ZIP, TooLong, gunzip, gzip_head, unzip
from dragoman.reading.decoding import Unreadable
from dragoman.reading.finish import Finish
from dragoman.reading.publication import publication_date
from dragoman.reading.result import MAX_CHARACTERS, Refusal, counted
from dragoman.reading.sniff import SUFFIXES, opening
from dragoman.reading.sources import drafts, unopened
from dragoman.reading.stream import Source
from dragoman.record import Document

Kind = Literal["feed", "opml", "sitemap", "archive", "gzip", "zip", "list", "document"]

_ROOTS: dict[str, Kind] = {"rss": "feed", "feed": "feed", "rdf": "feed", "opml": "opml"}
_ROOTS |= {"urlset": "sitemap", "sitemapindex": "sitemap"}
# Suffixes in a folder that are looked at, beside those of documents. Of packed files, the suffix before counts too.
_LISTS = frozenset({".xml", ".rss", ".rdf", ".atom", ".opml", ".warc"})
_PACKED = frozenset({".gz", ".zip"})
# An index of sitemaps names sitemaps; some sites have an index of indexes, nobody one more.
_DEEPEST = 3
# Addresses that end like this may hold as much as a list may.
_LONG = (".gz", ".zip", ".xml", ".warc", ".jsonl", ".csv", ".parquet")
# Feeds that cannot be had are asked after the usual pause, then after twice as long each time, up to a day.
_LONGEST_PAUSE = 24 * 3600.0


def read_all(
    sources: Sequence[str | Path] | str | Path,
    *,
    date: str | None = None,
    fetcher: Fetcher | None = None,
    known: Callable[[str], bool] | None = None,
    memory: Memory | None = None,
    max_characters: int = MAX_CHARACTERS,
    stdin: BinaryIO | None = None,
    clock: Clock | None = None,
) -> Iterator[Item]:
    """The documents in ``sources``, with a refusal for each that cannot be had or coded, and their source.

    A source is what :func:`dragoman.reading.read` takes, a feed, an OPML list, a sitemap, a WARC archive, a list of
    articles (GDELT's, a table with a column ``url``, an address a line), one of these packed with gzip, a folder of
    them, or an http(s) address of one of them or of a page. Content tells them apart.

    Without a ``fetcher`` nothing is fetched, and feeds yield the texts that they carry. ``known`` says whether a page's
    address is to be passed over; ``memory`` keeps what to ask feeds with next time. ``date`` is as in ``read``: it
    raises :class:`~dragoman.reading.BadDate` at once when it is none. Nothing else raises. A date of publication over
    two days after the page was had (for files: after now) is left out, with a warning. Stopping the clock (that of the
    fetcher, unless another is given) ends the run after the document at hand.
    """
    finish = Finish(None if date is None else publication_date(date), max_characters)
    clock = clock or (fetcher.clock if fetcher else Clock())
    pages = Pages(finish, fetcher, known or (lambda url: False), memory or Forgetful(), clock, patient=False)
    given = [sources] if isinstance(sources, str | Path) else list(sources)
    return run(Reading(pages, stdin), [str(source) for source in given])


def run(reading: Reading, sources: Sequence[str]) -> Iterator[Item]:
    """The items of all ``sources``, until the clock is stopped."""
    try:
        for source in sources:
            yield from reading.given(source)
    except Stopped:
        return


def kind(head: bytes, suffix: str = "") -> Kind:
    """What a file that begins with ``head`` is: something of this room's, or a document, which is reading's."""
    if head.startswith(GZIP):
        return "archive" if gzip_head(head).startswith(b"WARC/") else "gzip"
    if head.startswith(ZIP):
        return "zip"
    if head.startswith(b"WARC/"):
        return "archive"
    start = opening(head)
    if found := _ROOTS.get(root(start.lstrip("\ufeff"))):
        return found
    return "list" if suffix not in (".html", ".htm", ".xhtml") and is_list(head) else "document"


class Reading:
    """One run over sources. ``every`` is the pause in seconds between two looks at a feed; None reads each once."""

    def __init__(self, pages: Pages, stdin: BinaryIO | None = None, *, every: float | None = None) -> None:
        self._pages = pages
        self._stdin = stdin
        self._every = every
        self._limits = pages.fetcher.limits if pages.fetcher else Limits()
        self.dues: list[float] = []
        """When the addresses that were asked, or left alone, are due next, in seconds since 1970."""

    def given(self, source: str) -> Iterator[Item]:
        """The items of one source, whatever it is."""
        if is_address(source):
            yield from self._remote(source, source, 0)
        elif source == "-":
            name = "standard input"
            yield from self._safely(name, lambda: self._stream(name, self._stdin or sys.stdin.buffer))
        elif "\0" in source:
            yield Item(source, Refusal(source.replace("\0", "�"), "is no path: it holds a NUL", "check its name"))
        elif os.path.isdir(source):
            yield from self._folder(source)
        else:
            yield from self._file(source, PurePath(source).stem, source)

    # Files

    def _folder(self, folder: str) -> Iterator[Item]:
        unread: list[OSError] = []
        found = False
        for parent, folders, files in os.walk(folder, onerror=unread.append):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(files):
                path = PurePath(parent, name)
                if not name.startswith(".") and _is_ours(path):
                    found = True
                    id = path.relative_to(folder).with_suffix("").as_posix()
                    yield from self._file(str(path), id, folder)
        for error in unread:
            yield Item(folder, unopened(str(error.filename), error))
        if not found and not unread:
            fix = "give a folder with " + ", ".join(sorted({*SUFFIXES, *_LISTS, *_PACKED}))
            yield Item(folder, Refusal(folder, "is a folder without documents", fix))

    def _file(self, path: str, id: str, label: str) -> Iterator[Item]:
        def read() -> Iterator[Item]:
            with open(path, "rb") as stream:
                status = os.fstat(stream.fileno())
                regular = stat.S_ISREG(status.st_mode)
                source = Source(path, stream, id=id, size=status.st_size if regular else None)
                yield from self._content(_Given(source, PurePath(path).suffix, label, path if regular else None))

        yield from self._safely(label, read, path)

    def _stream(self, name: str, stream: BinaryIO) -> Iterator[Item]:
        yield from self._content(_Given(Source(name, stream), "", name))

    def _safely(self, label: str, read: Callable[[], Iterator[Item]], name: str = "") -> Generator[Item, None, bool]:
        """The items of ``read``, and a refusal where it comes to grief. Returns whether it came to none."""
        name = name or label
        try:
            yield from read()
            return True
        except (Stopped, GeneratorExit):
            raise
        except TooLong as wrong:
            yield Item(label, Refusal(name, str(wrong), "unpack it and give its parts"))
        except Unreadable as wrong:
            yield Item(label, Refusal(name, wrong.reason, wrong.fix))
        except Damaged as wrong:
            yield Item(label, Refusal(name, f"is damaged ({wrong})", "get it again; the pages before are read"))
        except BROKEN as wrong:
            reason = f"is damaged or cut short ({' '.join(str(wrong).split())[:80]})"
            yield Item(label, Refusal(name, reason, "get it again; what came before is read"))
        except OSError as wrong:
            yield Item(label, unopened(name, wrong))
        except Exception as wrong:  # strangers' data in many libraries' hands: no source may end the others
            cause = f"{type(wrong).__name__}: {' '.join(str(wrong).split())[:80]}"
            yield Item(label, Refusal(name, f"cannot be read ({cause})", "give its documents as plain text"))
        return False

    # Addresses

    def _remote(self, url: str, label: str, depth: int) -> Iterator[Item]:
        """The items of what is at an address: a list, an archive, records or a page."""
        pages = self._pages
        try:
            url = parse(url).url
        except BadAddress as wrong:
            yield Item(label, Refusal(url[:200], str(wrong), "give an http or https address"))
            return
        if pages.fetcher is None:
            yield Item(label, offline(url))
            return
        if url in pages.met or pages.has(url):
            yield Item(label, Known(url))
            return
        pages.met.add(url)
        state = dict(pages.memory.get(url) or {})
        if self._every is not None and (state.get("gone") or float(state.get("next") or 0) > pages.clock.now()):
            if not state.get("gone"):
                self.dues.append(float(state["next"]))
                yield from self._named(state, depth)
            return
        most = self._limits.list_bytes if url.partition("?")[0].endswith(_LONG) else self._limits.page_bytes
        try:
            page = pages.fetcher.get(url, most_bytes=most, state=state)
        except NotFetched as wrong:
            yield Item(label, Refusal(url, wrong.reason, wrong.fix))
            self._failed(url, state, wrong)
            return
        if page.unchanged:
            yield from self._named(state, depth)
            self._settled(url, state)
            return
        yield from self._fetched(url, label, page, state, depth)

    def _fetched(self, url: str, label: str, page: Fetched, state: dict[str, Any], depth: int) -> Iterator[Item]:
        pages = self._pages
        outer, pages.unsettled = pages.unsettled, False
        given = _Given(as_source(page), suffix(page), label, page=page, depth=depth)
        last = ""
        well = True
        items = self._safely(label, lambda: self._content(given), page.address.url)
        while True:
            try:
                item = next(items)
            except StopIteration as end:
                well = end.value
                break
            yield item
            last = item.made.url if isinstance(item.made, Document) else last
        if not well:
            self._failed(url, state, None)
        elif given.what == "document":
            # No list: it has nothing to ask with next time, but may have turned out to have another address.
            self._settled(url, {"as": last} if last and last != url else {})
        else:
            # While pages of the list are still to be had, it has to be read again whether it changes or not.
            self._settled(url, {**({} if pages.unsettled else page.state), "feeds": given.feeds})
        pages.unsettled = outer or pages.unsettled

    def _named(self, state: State, depth: int) -> Iterator[Item]:
        """The feeds of an OPML list that is not read again."""
        for url in state.get("feeds") or ():
            yield from self._nested(str(url), str(url), None, depth)

    def _settled(self, url: str, state: State) -> None:
        kept = {key: state[key] for key in ("etag", "modified", "feeds", "as") if state.get(key)}
        if self._every is not None:
            kept["next"] = self._pages.clock.now() + self._every
            self.dues.append(kept["next"])
        # An empty state makes an older one forgotten.
        if kept or self._pages.memory.get(url):
            self._pages.memory.put(url, kept)

    def _failed(self, url: str, state: dict[str, Any], wrong: NotFetched | None) -> None:
        if wrong is not None and wrong.gone:
            self._pages.memory.put(url, {"gone": True})
            return
        state["failures"] = int(state.get("failures") or 0) + 1
        if self._every is not None:
            pause = min(self._every * 2 ** min(state["failures"], 16), max(_LONGEST_PAUSE, self._every))
            wait = (wrong.wait if wrong else None) or 0.0
            state["next"] = self._pages.clock.now() + max(pause, wait)
            self.dues.append(state["next"])
        self._pages.memory.put(url, state)

    def _nested(self, url: str, label: str, page: Fetched | None, depth: int) -> Iterator[Item]:
        """The items of a list that a list names."""
        if depth >= _DEEPEST:
            yield Item(label, Refusal(url[:200], f"is a list over {_DEEPEST} lists deep", "give it by itself"))
            return
        if page is not None:
            url = urljoin(page.address.url, url)
        yield from self._remote(url, label, depth + 1)

    # Contents

    def _content(self, given: _Given) -> Iterator[Item]:
        """The items of a stream, by what it holds."""
        source, page = given.source, given.page
        given.what = what = kind(source.head, given.suffix)
        if self._every is not None and page is None and what not in ("opml", "list"):
            raise Unreadable(
                "is no list of feeds", "give addresses of feeds or an OPML list, and read files with ingest"
            )
        if what == "feed":
            yield from self._feed(given)
        elif what == "opml":
            given.feeds = list(read_opml(self._whole(source, self._limits.page_bytes), source.charset))
            for url in given.feeds:
                yield from self._nested(url, url, page, given.depth)
        elif what == "sitemap":
            yield from self._sitemap(given)
        elif what == "archive":
            yield from self._archive(given)
        elif what == "list":
            yield from self._list(given, source)
        elif what == "gzip":
            yield from self._gzip(given)
        elif what == "zip" and (table := self._zip(given)) is not None:
            yield from self._list(given, table)
        else:
            given.what = "document"
            yield from self._documents(given)

    def _whole(self, source: Source, limit: int) -> bytes:
        data = source.whole(limit)
        if data is None:
            raise Unreadable(f"is a list of over {counted(limit, 'byte')}", "give a list of the usual size")
        return data

    def _items(self, label: str, made: Iterable[Document | Refusal | Known]) -> Iterator[Item]:
        """Each under ``label``; between two, a wish to stop is heard."""
        for one in made:
            yield Item(label, one)
            if self._pages.clock.stopped:
                raise Stopped

    def _documents(self, given: _Given) -> Iterator[Item]:
        pages, source, page = self._pages, given.source, given.page
        retrieved = page.retrieved if page else None

        def made() -> Iterator[Document | Refusal]:
            for draft in drafts(source, given.suffix, given.path, pages.finish.max_characters):
                if isinstance(draft, Refusal):
                    yield draft
                else:
                    # Records have addresses of their own; a page's is where it was had.
                    alone = page is not None and draft.name == source.name
                    yield pages.document(draft, page.address if page and alone else None, retrieved)

        yield from self._items(given.label, made())

    def _feed(self, given: _Given) -> Iterator[Item]:
        source, page = given.source, given.page
        data = self._whole(source, self._limits.page_bytes)
        feed = read_feed(data, source.charset, page.address.url if page else "")
        yield from self._entries(given.own, feed.entries)
        if feed.broken:
            reason = f"is broken XML ({feed.broken}); it is read as well as can be"
            yield Item(given.own, Refusal(source.name, reason, "tell its publisher"))

    def _entries(self, label: str, entries: Iterable[Entry]) -> Iterator[Item]:
        for entry in entries:
            yield from self._items(label, self._pages.entry(entry))

    def _sitemap(self, given: _Given) -> Iterator[Item]:
        source = given.source
        found = read_sitemap(self._whole(source, self._limits.list_bytes), source.charset)
        yield from self._entries(given.own, found.pages)
        for url in found.sitemaps:
            yield from self._nested(url, given.own, given.page, given.depth)
        if found.broken:
            reason = f"is a broken sitemap ({found.broken}); what stands before is read"
            yield Item(given.own, Refusal(source.name, reason, "tell its publisher"))

    def _list(self, given: _Given, source: Source) -> Iterator[Item]:
        for entry in read_list(source.stream, source.head):
            feeds = self._every is not None and given.page is None
            if feeds or entry.url.lower().endswith(".zip"):
                yield from self._nested(entry.url, entry.url if feeds else given.own, None, given.depth)
            else:
                yield from self._entries(given.own, [entry])

    def _archive(self, given: _Given) -> Iterator[Item]:
        pages, name = self._pages, given.source.name

        def made() -> Iterator[Document | Refusal]:
            found = False
            for taken in read_archive(given.source.stream, name):
                found = True
                if isinstance(taken, Refusal):
                    yield taken
                    continue
                try:
                    address = parse(taken.url) if taken.url else None
                except BadAddress:
                    address = None
                for draft in drafts(taken.source, taken.suffix, None, pages.finish.max_characters):
                    yield draft if isinstance(draft, Refusal) else pages.document(draft, address, taken.retrieved)
            if not found:
                yield Refusal(name, "is an archive without pages", "give one with answers of type HTML", "skipped")

        yield from self._items(given.own, made())

    def _gzip(self, given: _Given) -> Iterator[Item]:
        packed = given.source
        name = PurePath(packed.name if given.page is None else given.page.address.target.partition("?")[0])
        inner = PurePath(name.stem) if name.suffix.lower() in _PACKED else name
        stream = gunzip(packed.stream, self._limits.list_bytes if given.page else None)
        source = Source(packed.name, stream, id=packed.id and PurePath(packed.id).with_suffix("").as_posix())
        if source.head.startswith((GZIP, ZIP)):
            raise Unreadable("is packed twice", "unpack it once")
        again = _Given(source, inner.suffix, given.label, page=given.page, depth=given.depth)
        yield from self._content(again)
        given.what, given.feeds = again.what, again.feeds

    def _zip(self, given: _Given) -> Source | None:
        """The table in a zip file of GDELT; None for every other, of which reading says what to do."""
        if given.path is None and given.page is None:
            return None
        file = given.path or io.BytesIO(given.page.body if given.page else b"")
        table = unzip(file, self._limits.list_bytes if given.page else None)
        if table is None:
            return None
        source = Source(given.source.name, table)
        return source if is_list(source.head) else None


@dataclass
class _Given:
    """A stream to be read: its name's suffix, what its items count under, its file or the page it was fetched as."""

    source: Source
    suffix: str
    label: str
    path: str | None = None
    page: Fetched | None = None
    depth: int = 0
    what: Kind = "document"
    """What it turned out to be."""
    feeds: list[str] = field(default_factory=list)
    """The feeds that it names."""

    def __post_init__(self) -> None:
        self.suffix = self.suffix.lower()

    @property
    def own(self) -> str:
        """What the items of a list or archive count under: itself, also when it lies in a folder."""
        return self.label if self.page else self.source.name


def _is_ours(path: PurePath) -> bool:
    """Whether a file of a folder is looked at, by its name."""
    last = path.suffix.lower()
    if last in _PACKED:
        last = PurePath(path.stem).suffix.lower()
    return last in SUFFIXES or last in _LISTS
