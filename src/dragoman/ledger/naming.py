"""Parties whose country was not known, given one: in one event or in all in which the same words stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dragoman.ledger import judge
from dragoman.ledger.asking.review import alike_key
from dragoman.ledger.eventrows import remade
from dragoman.ledger.judge import BadJudgement
from dragoman.ledger.judging import Judgement
from dragoman.ledger.model import LedgerEvent, Party
from dragoman.ledger.store import Store
from dragoman.record import Json


def name_party(
    store: Store, ids: Sequence[str], words: str, country: str, sector: str | None, *, by: str, note: str = ""
) -> list[str]:
    """Correct each event in which ``words`` stand for an actor or recipient without a country; the judgements' ids.

    One judgement an event, all of one moment. Events in which the words do not stand so are passed over. Raises
    BadJudgement where they stand so in none, and for codes that the codebook lacks.
    """
    at = judge.now()
    made: list[Judgement] = []
    with store.reading() as connection:
        for event in remade(connection, list(dict.fromkeys(ids))):
            if value := _named(event, alike_key(words), country, sector):
                anchors = judge.event_anchors(connection, event.id)
                made.append(judge.make("correct", by, anchors, value=value, note=note, at=at))
    if not made:
        raise BadJudgement(f"no party of these events is called {words!r} and lacks a country")
    return judge.lay_down(store, made)


def _named(event: LedgerEvent, key: str, country: str, sector: str | None) -> Json:
    value: Json = {}
    for role in ("actor", "recipient"):
        parties: tuple[Party, ...] = getattr(event, role)
        named = tuple(
            replace(p, country=country, sector=sector or p.sector) if not p.country and alike_key(p.text) == key else p
            for p in parties
        )
        if named != parties:
            value[role] = [p.to_dict() for p in named]
    return value
