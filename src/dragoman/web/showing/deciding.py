"""Decisions of the review queue: one key, one judgement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dragoman import codebook
from dragoman.ledger import BadJudgement, Judgement, Ledger
from dragoman.ledger.asking.countries import country_code
from dragoman.ledger.asking.review import MOST_ALIKE
from dragoman.ledger.judge import make
from dragoman.web.showing.looking import keys

NOTE = "review"
"""What judgements of the queue are noted with."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision came to: the judgements that it laid down, to be taken back together, and what was done."""

    judgements: tuple[str, ...]
    words: str


def decide(ledger: Ledger, given: Mapping[str, Any], by: str) -> Decided:
    """Do what a form of the queue says.

    ``do`` is confirm, drop, type, factuality, who, merge, apart or undo; ``event`` and ``twin`` are the events,
    ``value`` the type, factuality or country, or what is undone. Of ``who``, ``words`` are those of the party, ``all``
    says whether it holds for the events of ``alike``, too, and a typed ``country`` stands for ``value``.

    Raises:
        BadJudgement: for an event that is gone, a value that there is none of, and what is no decision.
        BadQuestion: for a word that is no country.
        LedgerError: when the ledger cannot be written.
    """
    said = {name: str(value) for name, value in given.items() if isinstance(value, str)}
    do, event, value = (said.get(name, "") for name in ("do", "event", "value"))
    if do == "confirm":
        return Decided((ledger.confirm(event, by=by, note=NOTE),), "confirmed")
    if do == "drop":
        return Decided((ledger.drop(event, by=by, note=NOTE),), "not an event")
    if do == "type":
        return Decided((ledger.correct(event, _type(ledger, event, value), by=by, note=NOTE),), f"type {value.lower()}")
    if do == "factuality":
        return Decided((ledger.correct(event, {"factuality": value}, by=by, note=NOTE),), value)
    if do == "who":
        return _name(ledger, said, by)
    if do == "merge":
        return Decided((ledger.merge([event, said.get("twin", "")], by=by, note=NOTE),), "the same event")
    if do == "apart":
        return Decided((ledger.part(event, said.get("twin", ""), by=by, note=NOTE),), "two events")
    if do == "undo":
        return undo(ledger, value, by)
    raise BadJudgement(f"{do!r} is no decision")


def undo(ledger: Ledger, joined: str, by: str) -> Decided:
    """Take judgements back, all of them or none; their ids are joined by full stops.

    Raises BadJudgement where one is unknown, or none is given; LedgerError when the ledger cannot be written.
    """
    ids = keys(joined)[:MOST_ALIKE]
    if not ids:
        raise BadJudgement("there is nothing to undo")
    if len(ids) == 1:
        return Decided((ledger.undo(ids[0], by=by, note=NOTE),), "taken back")
    undoings: list[Judgement] = []
    for id in ids:
        undoings.append(make("undo", by, undoes=id, note=NOTE, at=undoings[0].at if undoings else None))
    return Decided(tuple(ledger.replay(undoings)), "taken back")


def _type(ledger: Ledger, id: str, kind: str) -> dict[str, Any]:
    """A type with those of the event's modes that it has, too."""
    event = ledger.event(id)
    modes = event.mode if event is not None else ()
    return {"type": kind, "mode": [mode for mode in modes if mode in codebook.MODES.get(kind, {})]}


def _name(ledger: Ledger, said: Mapping[str, str], by: str) -> Decided:
    country = country_code(said.get("value") or said.get("country", ""))
    sector = said.get("sector") or None
    if sector is not None and sector not in codebook.SECTORS:
        raise BadJudgement(f"{sector} is no sector")
    ids = [said.get("event", "")]
    if said.get("all"):
        ids += [id for id in keys(said.get("alike", "")) if id not in ids]
    made = ledger.name_party(ids[:MOST_ALIKE], said.get("words", ""), country, sector, by=by, note=NOTE)
    where = f" in {len(made)} events" if len(made) > 1 else ""
    return Decided(tuple(made), f"of {codebook.COUNTRIES[country].name}{where}")
