"""What people judge of records, as a log that is only added to and replayed after every coding.

A judgement names records by *anchors*: the report, where in its text the record's triggers stand, its type, and the
record as it stood. A newer coder may cut the record otherwise, or miss it: the judgement is then laid on the record
that covers the same words, and where there is none the record as judged is put back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self

from dragoman.record import Event, Json

Action = Literal["correct", "confirm", "drop", "add", "merge", "split", "undo"]
ACTIONS: tuple[Action, ...] = ("correct", "confirm", "drop", "add", "merge", "split", "undo")
# The fields of a record that a person may correct.
FIELDS = ("type", "mode", "actor", "recipient", "factuality", "historical", "date", "place", "attribution")
_ROLES = ("actor", "recipient", "attribution")


@dataclass(frozen=True, slots=True)
class Anchor:
    """Which record of which report is meant, so that it is found again after another coding."""

    report: str
    record: Event

    def to_dict(self) -> Json:
        return {"report": self.report, "record": self.record.to_dict()}

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        return cls(row["report"], Event.from_dict(row["record"]))

    def found(self, records: Sequence[Event], *, added: bool = False) -> Event | None:
        """The record that is meant: the same, else the one of the same type that shares most of its trigger words, else
        of any type.

        One that a person ``added`` beside others is only meant by a record of the same type and the same parties.
        """
        ours = _places(self.record)
        if added:
            records = [r for r in records if r.id == self.record.id or _alike(r, self.record)]
        best: tuple[int, int, str] | None = None
        chosen: Event | None = None
        for record in records:
            if record.id == self.record.id:
                return record
            shared = len(ours & _places(record))
            rank = (int(record.type == self.record.type), shared, record.id)
            if shared and (best is None or rank > best):
                best, chosen = rank, record
        return chosen


def _alike(a: Event, b: Event) -> bool:
    """Whether two records have one type, and parties of the same countries."""
    same = (
        {e.country for e in x} == {e.country for e in y} for x, y in ((a.actor, b.actor), (a.recipient, b.recipient))
    )
    return a.type == b.type and all(same)


def _places(record: Event) -> set[int]:
    return {at for m in record.mentions for at in range(m.trigger.start, m.trigger.end)}


@dataclass(frozen=True, slots=True)
class Judgement:
    """One entry of the log.

    ``at`` is an ISO 8601 time in UTC, ``by`` who judged. ``anchors`` are the records meant: those to be joined in a
    merge, those taken out in a split. ``value`` holds the corrected fields of ``correct`` (in the form of a record's
    JSON), ``rest`` the records that a split leaves behind, ``judgement`` what an undo takes back. ``id`` is a hash of
    it all.
    """

    at: str
    by: str
    action: Action
    anchors: tuple[Anchor, ...] = ()
    value: Json = field(default_factory=dict)
    rest: tuple[Anchor, ...] = ()
    judgement: str = ""
    note: str = ""

    @property
    def id(self) -> str:
        return hashlib.sha256(json.dumps(self._content(), sort_keys=True).encode()).hexdigest()[:16]

    @property
    def reports(self) -> tuple[str, ...]:
        """The reports whose records it concerns."""
        return tuple(sorted({a.report for a in (*self.anchors, *self.rest)}))

    def _content(self) -> Json:
        return {
            "at": self.at,
            "by": self.by,
            "action": self.action,
            "anchors": [a.to_dict() for a in self.anchors],
            "value": self.value,
            "rest": [a.to_dict() for a in self.rest],
            "judgement": self.judgement,
            "note": self.note,
        }

    def to_dict(self) -> Json:
        return {"id": self.id, **self._content()}

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        if row["action"] not in ACTIONS:
            raise ValueError(f"{row['action']!r} is no judgement: use one of {', '.join(ACTIONS)}")
        return cls(
            at=row["at"],
            by=row["by"],
            action=row["action"],
            anchors=tuple(Anchor.from_dict(a) for a in row.get("anchors") or ()),
            value=dict(row.get("value") or {}),
            rest=tuple(Anchor.from_dict(a) for a in row.get("rest") or ()),
            judgement=row.get("judgement") or "",
            note=row.get("note") or "",
        )


@dataclass(slots=True)
class Judged:
    """A record as it stands: what the coder gave (None for one that a person added), and what people made of it."""

    record: Event
    coded: Event | None = None
    live: bool = True
    confirmed: bool = False
    corrected: tuple[str, ...] = ()


def in_force(log: Iterable[Judgement]) -> list[Judgement]:
    """The judgements that stand, oldest first: none that was undone, and no undoing.

    An undoing counts whatever its time: clocks of two machines differ.
    """
    ordered = sorted(log, key=lambda j: (j.at, j.id))
    stands = standing(ordered)
    return [j for j in ordered if j.action != "undo" and stands[j.id]]


def standing(log: Sequence[Judgement]) -> dict[str, bool]:
    """Of each judgement of ``log``, undoings too, by its id whether it stands: whether no undoing of it stands."""
    undoings: dict[str, list[str]] = {}
    for judgement in log:
        if judgement.action == "undo":
            undoings.setdefault(judgement.judgement, []).append(judgement.id)
    # An id is a hash of what it undoes: no chain of undoings ends where it began.
    stands: dict[str, bool] = {}
    for judgement in log:
        chain = [judgement.id]
        while chain:
            id = chain[-1]
            above = [u for u in undoings.get(id, ()) if u not in stands]
            if above:
                chain += above
            else:
                stands[id] = not any(stands[u] for u in undoings.get(id, ()))
                chain.pop()
    return stands


def replay(report: str, coded: Sequence[Event], log: Iterable[Judgement]) -> list[Judged]:
    """The records of one report after the judgements of ``log``, in the order of the text."""
    rows = {event.id: Judged(event, event) for event in coded}
    for judgement in in_force(log):
        if judgement.action in ("merge", "split"):
            continue
        for anchor in judgement.anchors:
            if anchor.report != report:
                continue
            found = anchor.found([row.record for row in rows.values()], added=judgement.action == "add")
            if found is None:
                if judgement.action == "drop":
                    continue  # the coder no longer finds what was judged to be nothing
                row = rows[anchor.record.id] = Judged(anchor.record)
            else:
                row = rows[found.id]
            _lay(row, judgement)
    return sorted(rows.values(), key=lambda row: (_first(row.record), row.record.id))


def _lay(row: Judged, judgement: Judgement) -> None:
    if judgement.action == "drop":
        row.live = False
        return
    row.live = row.confirmed = True
    if judgement.action == "correct":
        row.record = corrected(row.record, judgement.value)
        row.corrected = tuple(sorted({*row.corrected, *judgement.value}))


def corrected(record: Event, value: Mapping[str, Any]) -> Event:
    """``record`` with some of its fields replaced.

    An entity given without ``start`` and ``end`` has those of the record's entity with the same words, or else none: an
    empty span at the trigger. Raises ValueError for what is no field or no value of one.
    """
    if wrong := sorted(set(value) - set(FIELDS)):
        raise ValueError(f"{', '.join(wrong)} cannot be corrected: the fields are {', '.join(FIELDS)}")
    value = {**value, **{role: _placed(record, value[role]) for role in _ROLES if role in value}}
    return replace(Event.from_dict({**record.to_dict(), **value}), id=record.id)


def _placed(record: Event, entities: Iterable[Mapping[str, Any]]) -> list[Json]:
    spans = {e.text.casefold(): (e.start, e.end) for e in (*record.actor, *record.recipient, *record.attribution)}
    nowhere = (_first(record), _first(record))
    placed = []
    for entity in entities:
        start, end = spans.get(str(entity["text"]).casefold(), nowhere)
        placed.append({"start": start, "end": end, **entity})
    return placed


def _first(record: Event) -> int:
    return min((m.trigger.start for m in record.mentions), default=0)


def constraints(
    report: str, log: Iterable[Judgement], records: Mapping[str, Sequence[Event]]
) -> dict[tuple[str, str], bool]:
    """Pairs of record ids with one in ``report`` that people joined (True) or parted (False); the last word counts.

    ``records`` holds the live records of the reports that ``log`` speaks of, by report; others do not matter yet.
    """

    def ids(anchors: Iterable[Anchor]) -> list[tuple[str, str]]:
        found = ((a.report, a.found(records.get(a.report, ()))) for a in anchors)
        return [(where, record.id) for where, record in found if record is not None]

    pairs: dict[tuple[str, str], bool] = {}
    for judgement in in_force(log):
        if judgement.action == "merge":
            members = ids(judgement.anchors)
            couples = [(a, b) for i, a in enumerate(members) for b in members[i + 1 :]]
        elif judgement.action == "split":
            couples = [(a, b) for a in ids(judgement.anchors) for b in ids(judgement.rest)]
        else:
            continue
        for (where_a, a), (where_b, b) in couples:
            if a != b and report in (where_a, where_b):
                pairs[min(a, b), max(a, b)] = judgement.action == "merge"
    return pairs
