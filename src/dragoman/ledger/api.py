"""The ledger as one object: ``Ledger("events.db")``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import func, select

from dragoman.fetching.item import Known
from dragoman.ledger import asking, check, eventrows, ingest, joins, judge, naming, recode, saved, sources
from dragoman.ledger.asking import (
    ActorSums,
    Arms,
    Changes,
    Days,
    Dyads,
    Filters,
    JudgementPage,
    Named,
    Names,
    News,
    Pace,
    Page,
    Places,
    Profile,
    ReportPage,
    Review,
    Similar,
    Stance,
    StoredReport,
    Tally,
    Told,
)
from dragoman.ledger.asking.filters import told_apart as _asked
from dragoman.ledger.ingest import Arrival, Progress
from dragoman.ledger.joins import Join
from dragoman.ledger.judge import BadJudgement
from dragoman.ledger.judging import Anchor, Judgement
from dragoman.ledger.memory import StoredMemory
from dragoman.ledger.model import LedgerEvent
from dragoman.ledger.recode import Recoded
from dragoman.ledger.saved import Saved
from dragoman.ledger.sources import SourceHealth
from dragoman.ledger.store import PATIENCE, Store, default_ledger
from dragoman.ledger.tables import event, report
from dragoman.reading import Refusal
from dragoman.record import Document, Event, Json

_TEXT = "text"


class Ledger:
    """Many reports, one record of events: opened from a SQLite file or a PostgreSQL address.

    Use it in a ``with`` statement, or call :meth:`close`. Several processes may read and write one ledger at once.

    Args:
        where: a path, or an address such as ``postgresql://user@host/name``; by default ``$DRAGOMAN_LEDGER``, else the
            file ``ledger.db`` in the user's data folder.
        create: make the ledger where there is none.
        patience: seconds to wait for another process that writes.

    Raises:
        LedgerError: when it cannot be opened; the message says why and what to do.
    """

    def __init__(self, where: str | Path | None = None, *, create: bool = True, patience: float = PATIENCE) -> None:
        self.store = Store(where if where is not None else default_ledger(), create=create, patience=patience)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def name(self) -> str:
        """Where the ledger is, without a password."""
        return self.store.name

    @property
    def memory(self) -> StoredMemory:
        """What fetching remembers of addresses from one round to the next."""
        return StoredMemory(self.store)

    def close(self) -> None:
        """Close the ledger's connections."""
        self.store.close()

    def ingest(
        self,
        arrivals: Iterable[Arrival | Document | Refusal],
        *,
        jobs: int = 1,
        text: bool | None = None,
        tell: Callable[[Progress, Document | Refusal | Known], Any] | None = None,
        **options: Any,
    ) -> Progress:
        """Code and add what the ledger lacks; see :func:`dragoman.ledger.ingest.ingest`.

        ``text`` says whether to keep the texts of reports, or only offsets and evidence sentences. What was said first
        of a ledger holds for it when nothing is said.
        """
        kept = self.store.write(lambda connection: self._keeps_text(connection, text)) if text is not None else None
        if kept is None:
            with self.store.reading() as connection:
                kept = self.store.setting(connection, _TEXT) != "no"
        items = (a if isinstance(a, Arrival) else Arrival("", a) for a in arrivals)
        return ingest.ingest(self.store, items, jobs=jobs, text=kept, tell=tell, **options)

    def _keeps_text(self, connection: Any, text: bool) -> bool:
        self.store.set(connection, _TEXT, "yes" if text else "no")
        return text

    def knows(self, url: str) -> bool:
        """Whether a report of this address is in the ledger."""
        from dragoman.ledger.identity import address

        page = address(url)
        with self.store.reading() as connection:
            found = connection.execute(select(report.c.id).where(report.c.address == page)) if page else None
            return found is not None and found.first() is not None

    def event(self, id: str) -> LedgerEvent | None:
        """An event with all that its reports tell, by its id or one of its records' ids; None where there is none."""
        with self.store.reading() as connection:
            return eventrows.event_of(connection, id)

    def reports(self, **options: Any) -> ReportPage:
        """A page of reports, the newest first; see :func:`dragoman.ledger.asking.reports`."""
        return asking.reports(self.store, **options)

    def report(self, id: str, *, records: Collection[str] | None = None) -> StoredReport | None:
        """A report with its text and its records as they stand, by its id; None where there is none.

        ``records`` are the ids of those to be read, where not all are wanted.
        """
        return asking.report_of(self.store, id, records=records)

    def records_in(self, reports: Sequence[str]) -> dict[str, int]:
        """How many records reports have, by their ids; those that people judged no event are not counted."""
        return asking.records_in(self.store, reports)

    def counts(self) -> dict[str, int]:
        """How many reports and events the ledger holds."""
        with self.store.reading() as connection:
            return {
                table.name + "s": int(connection.execute(select(func.count()).select_from(table)).scalar_one())
                for table in (report, event)
            }

    def revision(self) -> int:
        """A number that grows with each write: what was read at one revision reads the same at that revision."""
        with self.store.reading() as connection:
            return self.store.revision(connection)

    def joins(self, id: str, *, within: bool = False) -> list[Join]:
        """What ties the records of an event to each other and to those of other events, with reasons; ``within`` leaves
        out what was compared with other events, which may be much."""
        with self.store.reading() as connection:
            return joins.joins_of(connection, id, within=within)

    def sources(self) -> list[SourceHealth]:
        """What the last ingest of each source came to, and how those that are fetched answer."""
        with self.store.reading() as connection:
            return sources.sources(connection)

    def coders(self) -> dict[str, int]:
        """How many reports each coder coded, by its name: the version and a hash of what it codes with."""
        with self.store.reading() as connection:
            rows = connection.execute(select(report.c.coder, func.count()).group_by(report.c.coder))
            return dict(sorted((coder, int(n)) for coder, n in rows))

    def correct(self, id: str, value: Mapping[str, Any], *, by: str, note: str = "") -> str:
        """Correct fields of an event, in all its records; the judgement's id.

        ``value`` maps fields to what stands in a record's JSON: ``{"type": "SANCTION", "mode": ["expel"]}``. Raises
        BadJudgement for an unknown event, field or code.
        """
        return self._judge("correct", id, by, note, value=dict(value))

    def confirm(self, id: str, *, by: str, note: str = "", alone: bool = False) -> str:
        """Say that an event is recorded rightly; the judgement's id. Raises BadJudgement for an unknown event.

        ``alone`` says it of the one record of that id, and not of what other reports tell.
        """
        return self._judge("confirm", id, by, note, alone=alone)

    def drop(self, id: str, *, by: str, note: str = "", alone: bool = False) -> str:
        """Say that what was taken for an event is none; the judgement's id. Raises BadJudgement for an unknown one.

        ``alone`` says it of the one record of that id, and not of what other reports tell.
        """
        return self._judge("drop", id, by, note, alone=alone)

    def add(self, report: str, record: Event, *, by: str, note: str = "") -> str:
        """Add a record that the coder missed; the judgement's id. Raises BadJudgement where either is wrong."""
        made = judge.make("add", by, [Anchor(report, record.identified(report))], note=note)
        return self._lay(made)

    def merge(self, ids: Sequence[str], *, by: str, note: str = "") -> str:
        """Make one event of several; the judgement's id. Raises BadJudgement for unknown events."""
        with self.store.reading() as connection:
            anchors = [a for id in ids for a in judge.event_anchors(connection, id)]
        if len(set(ids)) < 2:
            raise BadJudgement("a merge takes two events or more")
        return self._lay(judge.make("merge", by, anchors, note=note))

    def split(self, id: str, records: Sequence[str], *, by: str, note: str = "") -> str:
        """Take records, by their ids, out of an event; the judgement's id. Raises BadJudgement for unknown ones."""
        with self.store.reading() as connection:
            anchors = judge.event_anchors(connection, id)
        out = [a for a in anchors if a.record.id in set(records)]
        if lacking := sorted(set(records) - {a.record.id for a in out}):
            raise BadJudgement(f"event {id} has no record {lacking[0]}: dragoman show {id} lists them")
        rest = [a for a in anchors if a not in out]
        return self._lay(judge.make("split", by, out, rest=rest, note=note))

    def part(self, a: str, b: str, *, by: str, note: str = "") -> str:
        """Say that two events are not the same, so that they are never joined; the judgement's id. Raises BadJudgement
        for unknown events, and for two ids of one."""
        with self.store.reading() as connection:
            out, rest = (judge.event_anchors(connection, id) for id in (a, b))
        if {anchor.record.id for anchor in out} & {anchor.record.id for anchor in rest}:
            raise BadJudgement("two different events are parted: split takes records out of one")
        return self._lay(judge.make("split", by, out, rest=rest, note=note))

    def name_party(
        self, ids: Sequence[str], words: str, country: str, sector: str | None = None, *, by: str, note: str = ""
    ) -> list[str]:
        """Give a country to a party of events that has none; see :func:`dragoman.ledger.naming.name_party`."""
        return naming.name_party(self.store, ids, words, country, sector, by=by, note=note)

    def undo(self, judgement: str, *, by: str, note: str = "") -> str:
        """Take a judgement back; the id of the undoing, which can be undone too. Raises BadJudgement for none such, and
        for one that is taken back already."""
        if (undoing := judge.undoing_of(self.store, judgement)) is not None:
            raise BadJudgement(f"{judgement} is taken back already: undo {undoing} to have it count again")
        return self._lay(judge.make("undo", by, undoes=judgement, note=note))

    def judgements(self, event: str | None = None) -> list[Judgement]:
        """The log of judgements, the oldest first; of all events or of one."""
        return judge.log(self.store, event)

    def judgement(self, id: str) -> Judgement | None:
        """An entry of the log by its id; None where there is none."""
        return asking.judgement_of(self.store, id)

    def judgement_page(self, **options: Any) -> JudgementPage:
        """A page of the log; see :func:`dragoman.ledger.asking.judgements`."""
        return asking.judgements(self.store, **options)

    def replay(self, judgements: Iterable[Judgement]) -> list[str]:
        """Take judgements of another ledger of the same reports; the ids of those that were new."""
        return judge.lay_down(self.store, list(judgements))

    def training_records(self) -> Iterator[Json]:
        """Judged documents with their records as they stand, for ``dragoman train``."""
        return judge.training_records(self.store)

    def recode(self, *, again: bool = False, jobs: int = 1, **options: Any) -> Recoded:
        """Code the stored reports anew; see :func:`dragoman.ledger.recode.recode`."""
        return recode.recode(self.store, again=again, jobs=jobs, **options)

    def faults(self) -> list[str]:
        """All that is wrong with the ledger, one line each; none when it is sound."""
        return check.faults(self.store)

    def digest(self) -> str:
        """A hash of all that the ledger holds, the same however it came to hold it."""
        return check.digest(self.store)

    def _judge(
        self, action: Any, id: str, by: str, note: str, *, value: Json | None = None, alone: bool = False
    ) -> str:
        with self.store.reading() as connection:
            anchors = (judge.record_anchors if alone else judge.event_anchors)(connection, id)
        return self._lay(judge.make(action, by, anchors, value=value, note=note))

    def _lay(self, made: Judgement) -> str:
        judge.lay_down(self.store, [made])
        return made.id

    def query(self, asked: Filters | str = "", **options: Any) -> Page:
        """A page of events; see :func:`dragoman.ledger.asking.query` for the options.

        ``asked`` is :class:`Filters`, or words of the reports; filters may also be given by their names:
        ``ledger.query(actor="MMR", since="2021", sort="sources")``.
        """
        filters, rest = _asked(asked, options)
        return asking.query(self.store, filters, **rest)

    def count(self, asked: Filters | str = "", **options: Any) -> int:
        """How many events there are; arguments as for :meth:`query`. With ``most`` it does not count beyond that."""
        filters, rest = _asked(asked, options)
        return asking.count(self.store, filters, **rest)

    def fewer(self, asked: Filters | str, **filters: Any) -> list[tuple[str, int]]:
        """The words of a question with how many events there are without each; arguments as for :meth:`query`."""
        return asking.fewer(self.store, _asked(asked, filters)[0])

    def events(self, ids: Iterable[str]) -> list[LedgerEvent]:
        """Events by their ids, without tellings; see :func:`dragoman.ledger.asking.listed`."""
        return asking.listed(self.store, ids)

    def similar(self, id: str, *, limit: int = 8) -> list[Similar]:
        """Events near an event's day that share type or parties with it; see
        :func:`dragoman.ledger.asking.similar`."""
        return asking.similar(self.store, id, limit=limit)

    def saved(self, owner: str) -> list[Saved]:
        """The searches that ``owner`` saved, by name."""
        return saved.searches(self.store, owner)

    def save(self, owner: str, name: str, query: str) -> Saved:
        """Keep a search, as its address has it, under a name; one of that name is replaced. Raises BadQuestion for a
        name or query that is empty or too long, and for too many."""
        return saved.save(self.store, owner, name, query)

    def unsave(self, owner: str, name: str) -> bool:
        """Forget a saved search; whether there was one."""
        return saved.unsave(self.store, owner, name)

    def iterate(self, asked: Filters | str = "", **options: Any) -> Iterator[LedgerEvent]:
        """All events, by date; see :func:`dragoman.ledger.asking.iterate`, and arguments as for :meth:`query`."""
        filters, rest = _asked(asked, options)
        return asking.iterate(self.store, filters, **rest)

    def dyads(self, asked: Filters | str = "", **options: Any) -> Dyads:
        """Series of who acts towards whom; see :func:`dragoman.ledger.asking.dyads`, and arguments as for
        :meth:`query`."""
        filters, rest = _asked(asked, options)
        return asking.dyads(self.store, filters, **rest)

    def places(self, asked: Filters | str = "", **options: Any) -> Places:
        """How many events happened in each place; see :func:`dragoman.ledger.asking.places`, and arguments as for
        :meth:`query`."""
        filters, rest = _asked(asked, options)
        return asking.places(self.store, filters, **rest)

    def newest(self, before: str | None = None) -> str | None:
        """The day of the newest report, or of the newest before a day, ``YYYY-MM-DD``; None where none is dated."""
        return asking.newest(self.store, before)

    def oldest(self) -> str | None:
        """The day of the oldest report; None where none is dated."""
        return asking.oldest(self.store)

    def told(self, since: str, until: str, *, limit: int = 20) -> Told:
        """What was first told in a span of days; see :func:`dragoman.ledger.asking.told`."""
        return asking.told(self.store, since, until, limit=limit)

    def changes(self, since: str, until: str, *, limit: int = 10) -> Changes:
        """The pairs that changed most against their own past; see :func:`dragoman.ledger.asking.changes`."""
        return asking.changes(self.store, since, until, limit=limit)

    def review(self, asked: Filters | str = "", **options: Any) -> Review:
        """The events that a person's look helps most; see :func:`dragoman.ledger.asking.review`, and arguments as for
        :meth:`query`."""
        filters, rest = _asked(asked, options)
        return asking.review(self.store, filters, **rest)

    def pace(self, by: str, *, since: str = "") -> Pace:
        """How fast somebody judges in the last session; see :func:`dragoman.ledger.asking.pace`."""
        return asking.pace(self.store, by, since=since)

    def actors(self, asked: Filters | str = "", **filters: Any) -> tuple[ActorSums, ...]:
        """Countries by how often they act and are acted upon; arguments as for :meth:`query`."""
        return asking.actors(self.store, _asked(asked, filters)[0])

    def latest(self) -> str:
        """The cursor of what came in last, for :meth:`news`; empty for an empty ledger."""
        return asking.latest(self.store)

    def news(self, after: str, asked: Filters | str = "", **options: Any) -> News:
        """What came in after a cursor; see :func:`dragoman.ledger.asking.news`, and arguments as for :meth:`query`."""
        filters, rest = _asked(asked, options)
        return asking.news(self.store, after, filters, **rest)

    def tallies(self, asked: Filters | str = "", **options: Any) -> list[Tally]:
        """Sums of who acts towards whom; see :func:`dragoman.ledger.asking.tallies`, and arguments as for
        :meth:`query`."""
        filters, rest = _asked(asked, options)
        return asking.tallies(self.store, filters, **rest)

    def profile(self, country: str, **options: Any) -> Profile:
        """What a country's actors do and what is done to them; see :func:`dragoman.ledger.asking.profile`. Filters may
        be given by their names."""
        filters, rest = _asked(Filters(), options)
        return asking.profile(self.store, country, filters, **rest)

    def arms(self, country: str, **filters: Any) -> Arms:
        """Whom a country's actors arm, and who arms them; see :func:`dragoman.ledger.asking.arms`."""
        return asking.arms(self.store, country, Filters(**filters))

    def names(self, asked: Filters | str = "", **options: Any) -> Names:
        """The groups and persons that the latest events name most; see :func:`dragoman.ledger.asking.names`."""
        filters, rest = _asked(asked, options)
        return asking.names(self.store, filters, **rest)

    def named(self, name: str, *, country: str | None = None, **options: Any) -> Named:
        """One group or person, by a name that reports give them; see :func:`dragoman.ledger.asking.named`. Filters may
        be given by their names."""
        filters, rest = _asked(Filters(), options)
        return asking.named(self.store, name, filters, country=country, **rest)

    def days(self) -> Days:
        """The first and the last day on which reports told events."""
        return asking.days(self.store)

    def stance(self, target: str, filters: Filters | None = None, *, evidence: int = 3, **named: Any) -> Stance:
        """Who stands where on a deed or towards an actor; see :func:`dragoman.ledger.asking.stance`. Filters may be
        given by their names, too."""
        narrowed, rest = _asked(filters or Filters(), {"evidence": evidence, **named})
        return asking.stance(self.store, target, narrowed, **rest)
