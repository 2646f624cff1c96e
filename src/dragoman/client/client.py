"""A desk as one object: ``Client("http://127.0.0.1:8421")``."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from urllib3.exceptions import HTTPError

from dragoman.client.exchange import ClientError, Exchange
from dragoman.client.stream import Stream
from dragoman.export.whole import Whole
from dragoman.ledger.asking import ActorSums, Dyads, Filters, JudgementPage, Page, ReportPage, Stance, StoredReport
from dragoman.ledger.asking.filters import told_apart
from dragoman.ledger.joins import Join
from dragoman.ledger.judging import Judgement
from dragoman.ledger.model import LedgerEvent
from dragoman.ledger.sources import SourceHealth
from dragoman.record import LONE_SURROGATE, CodedDocument, Document, Event, Json

ADDRESS = "http://127.0.0.1:8421"
# The most that a desk gives at once.
_PAGE = 500
_PIECE = 1 << 18
_FILE_NAME = re.compile(r'filename="([\w.-]+)"')


@dataclass(frozen=True, slots=True)
class Download:
    """An export that was written: the file, how many events it was made of, how many rows they made, and how many rows
    say less than the ledger."""

    path: Path
    events: int
    rows: int
    lost: int


@dataclass(frozen=True, slots=True)
class Fated:
    """What became of one document that was sent: ``coded``, ``known``, or for a ``reason`` ``skipped`` or ``failed``;
    ``report`` is its id in the ledger, ``records`` how many it was coded to, ``fix`` what can be done."""

    name: str
    fate: str
    report: str | None
    records: int
    reason: str
    fix: str


class Client:
    """A desk, asked over the network what :class:`dragoman.ledger.Ledger` asks a ledger; names and answers are alike.

    Use it in a ``with`` statement, or call :meth:`close`. Several threads may use one. All methods raise
    :class:`ClientError` for what the desk refuses and where it cannot be reached; questions that no ledger takes raise
    BadQuestion before they are sent.

    Args:
        address: where the desk is.
        token: what ``dragoman users token`` gave, where the desk has users.
        timeout: seconds that the desk has for an answer.

    Raises:
        ValueError: for what is no address.
    """

    def __init__(self, address: str = ADDRESS, token: str | None = None, timeout: float = 30.0) -> None:
        self._desk = Exchange(address, token, timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._desk.close()

    def code(self, document: Document | str, published: str | None = None) -> CodedDocument:
        """Code a report, or a text of the publication date ``published``; nothing is kept."""
        one = Document(document, published) if isinstance(document, str) else document
        return CodedDocument.from_dict(self._desk.tell("code", body=_sent(one), again=True))

    def ingest(self, documents: Iterable[Document], source: str = "") -> list[Fated]:
        """Have documents coded and kept that the ledger lacks; what became of each. ``source`` names where they come
        from. What is sent again after a break is known, and not coded again."""
        told: list[Fated] = []
        for part in _parts(documents):
            body: Any = [_sent(one) for one in part]
            made = self._desk.tell("ingest", body=body, again=True, source=source)
            told += [Fated(**one) for one in made["documents"]]
        return told

    def query(
        self,
        asked: Filters | str = "",
        *,
        sort: str = "date",
        ascending: bool = False,
        limit: int = 50,
        after: str | None = None,
        tellings: bool = False,
        **named: Any,
    ) -> Page:
        """A page of events, as :meth:`Ledger.query`; ``limit`` is 500 at most."""
        query = {"sort": sort, "ascending": ascending, "limit": limit, "after": after, "tellings": tellings}
        return Page.from_dict(self._desk.ask("events", **_filters(asked, named), **query))

    def iterate(
        self, asked: Filters | str = "", *, ascending: bool = True, tellings: bool = False, **named: Any
    ) -> Iterator[LedgerEvent]:
        """All events by date, page after page, as :meth:`Ledger.iterate`."""
        filters, _ = told_apart(asked, named)
        after: str | None = None
        while True:
            page = self.query(filters, ascending=ascending, limit=_PAGE, after=after, tellings=tellings)
            yield from page.events
            if (after := page.next) is None:
                return

    def count(self, asked: Filters | str = "", **named: Any) -> int:
        """How many events there are."""
        return int(self._desk.ask("count", **_filters(asked, named))["events"])

    def event(self, id: str) -> LedgerEvent | None:
        """An event with all that its reports tell, by its id or one of its records' ids; None where there is none."""
        found = self._found("events", id)
        return None if found is None else LedgerEvent.from_dict(found["event"])

    def joins(self, id: str) -> list[Join]:
        """What ties the records of an event to each other and to those of other events; none for an unknown event."""
        found = self._found("events", id)
        return [] if found is None else [Join.from_dict(one) for one in found["joins"]]

    def documents(
        self,
        *,
        title: str = "",
        outlet: str = "",
        source: str = "",
        status: str = "",
        since: str | None = None,
        until: str | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> ReportPage:
        """A page of reports, the newest first, as :meth:`Ledger.reports`."""
        named = {"title": title, "outlet": outlet, "source": source, "status": status, "since": since, "until": until}
        return ReportPage.from_dict(self._desk.ask("documents", **named, limit=limit, after=after))

    def document(self, id: str) -> StoredReport | None:
        """A report with its text and its records as they stand, as :meth:`Ledger.report`."""
        found = self._found("documents", id)
        return None if found is None else StoredReport.from_dict(found)

    def sources(self) -> list[SourceHealth]:
        """What the last ingest of each source came to."""
        return [SourceHealth.from_dict(one) for one in self._desk.ask("sources")["sources"]]

    def actors(self, asked: Filters | str = "", **named: Any) -> tuple[ActorSums, ...]:
        """Countries by how often they act and are acted upon."""
        found = self._desk.ask("actors", **_filters(asked, named))
        return tuple(ActorSums.from_dict(one) for one in found["actors"])

    def dyads(
        self,
        asked: Filters | str = "",
        *,
        by: str = "month",
        measure: str = "events",
        unknown: bool = False,
        **named: Any,
    ) -> Dyads:
        """Series of who acts towards whom."""
        query = {"by": by, "measure": measure, "unknown": unknown}
        return Dyads.from_dict(self._desk.ask("dyads", **_filters(asked, named), **query))

    def stance(
        self, target: str, filters: Filters | None = None, *, evidence: int = 3, most: int = 2_000, **named: Any
    ) -> Stance:
        """Who stands where on a deed or towards an actor; ``most`` events are read, the latest, 2,000 at most."""
        query = {"target": target, "evidence": evidence, "most": most}
        return Stance.from_dict(self._desk.ask("stance", **_filters(filters or Filters(), named), **query))

    def judgements(self, event: str | None = None) -> list[Judgement]:
        """The log of judgements, the oldest first; of all events or of one."""
        if event is not None:
            found = self._found("events", event)
            return [] if found is None else [Judgement.from_dict(one) for one in found["judgements"]]
        log: list[Judgement] = []
        after: str | None = None
        while True:
            page = JudgementPage.from_dict(self._desk.ask("judgements", limit=_PAGE, after=after))
            log += page.judgements
            if (after := page.next) is None:
                return log

    def correct(self, id: str, value: Mapping[str, Any], *, note: str = "") -> str:
        """Correct fields of an event, in all its records; the judgement's id. It is logged under the token's user."""
        return self._judge(id, {"action": "correct", "value": dict(value), "note": note})

    def confirm(self, id: str, *, note: str = "") -> str:
        """Say that an event is recorded rightly; the judgement's id."""
        return self._judge(id, {"action": "confirm", "note": note})

    def drop(self, id: str, *, note: str = "") -> str:
        """Say that what was taken for an event is none; the judgement's id."""
        return self._judge(id, {"action": "drop", "note": note})

    def add(self, report: str, record: Event, *, note: str = "") -> str:
        """Add a record that the coder missed; the judgement's id."""
        return self._judge(None, {"action": "add", "report": report, "record": record.to_dict(), "note": note})

    def merge(self, ids: Sequence[str], *, note: str = "") -> str:
        """Make one event of several; the judgement's id."""
        return self._judge(None, {"action": "merge", "events": list(ids), "note": note})

    def split(self, id: str, records: Sequence[str], *, note: str = "") -> str:
        """Take records, by their ids, out of an event; the judgement's id."""
        return self._judge(None, {"action": "split", "event": id, "records": list(records), "note": note})

    def undo(self, judgement: str, *, note: str = "") -> str:
        """Take a judgement back; the id of the undoing, which can be undone too."""
        return self._judge(None, {"action": "undo", "judgement": judgement, "note": note})

    def export(
        self,
        layout: str,
        out: str | Path,
        asked: Filters | str = "",
        *,
        undated: str = "leave",
        notes: bool = False,
        **named: Any,
    ) -> Download:
        """Write all events that are asked for to a file, in one of :data:`dragoman.export.ledger.FORMATS`.

        ``out`` is the file or a folder that there is; with ``notes`` it is a zip archive with the file and a text that
        tells what the layout cannot hold. A file that is there stays as it is until the new one is whole. Raises
        OSError where nothing can be written.
        """
        query = {**_filters(asked, named), "undated": undated, "notes": notes}
        made = self._desk.open("GET", ["exports", layout], query, stream=True, headers={"Accept": "*/*"})
        try:
            name = _FILE_NAME.search(made.headers.get("Content-Disposition", ""))
            path = Path(out) / (name[1] if name else layout) if Path(out).is_dir() else Path(out)
            with Whole(path) as whole:
                shutil.copyfileobj(made, whole.file, _PIECE)
                whole.keep()
        except HTTPError as error:
            raise ClientError(0, "Cut short", f"the desk went away before all was there ({error})") from error
        finally:
            made.release_conn()
        numbers = (int(made.headers.get(f"Dragoman-{name}", 0)) for name in ("Events", "Rows", "Lost"))
        return Download(path, *numbers)

    def stream(self, asked: Filters | str = "", *, after: str | None = None, **named: Any) -> Stream:
        """What comes in from now on, or from the cursor ``after``: see :class:`Stream`. Filters narrow events, not
        judgements."""
        return Stream(self._desk, _filters(asked, named), after)

    def _found(self, *path: str) -> Any:
        try:
            return self._desk.ask(*path)
        except ClientError as error:
            if error.status == 404 and error.detail.startswith("there is no"):
                return None
            raise

    def _judge(self, event: str | None, said: Json) -> str:
        path = ("judgements",) if event is None else ("events", event, "judgements")
        return str(self._desk.tell(*path, body=said)["id"])


def _filters(asked: Filters | str, named: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a question. Raises TypeError for what is no filter."""
    filters, rest = told_apart(asked, named)
    if rest:
        raise TypeError(f"{next(iter(rest))} is no filter: there are {', '.join(f.name for f in fields(Filters))}")
    return filters.to_dict()


def _sent(document: Document) -> Json:
    names = ("text", "published", "id", "title", "url", "outlet")
    # A desk takes no halves of characters; reading would show them as � all the same.
    return {name: LONE_SURROGATE.sub("\ufffd", value) for name in names if (value := getattr(document, name))}


# A desk takes 4 million bytes and 500 documents at once; a character is up to six bytes of JSON.
_CHARACTERS, _DOCUMENTS = 500_000, 100


def _parts(documents: Iterable[Document]) -> Iterator[list[Document]]:
    part: list[Document] = []
    size = 0
    for one in documents:
        length = len(one.text) + len(one.title) + len(one.url) + len(one.outlet)
        if part and (size + length > _CHARACTERS or len(part) == _DOCUMENTS):
            yield part
            part, size = [], 0
        part.append(one)
        size += length
    if part:
        yield part
