"""A ledger whose records leave something to look at: doubts, a denial, names without a country, and near twins."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from sqlalchemy import insert, select
from tests.ledger_samples import Told, report

from dragoman.ledger import Ledger
from dragoman.ledger.tables import link, record
from dragoman.ledger.writing import Coding, add

SURE, UNSURE = 0.97, 0.52


def doubted(coding: Coding, *confidences: float) -> Coding:
    """A coding whose records have these confidences."""
    events = tuple(
        replace(event, confidence=confidence)
        for event, confidence in zip(coding.coded.events, confidences, strict=True)
    )
    return replace(coding, coded=replace(coding.coded, events=events))


def codings() -> list[Coding]:
    return [
        doubted(
            report(
                "Osk League fighters seized a depot. Norland then sent engineers to Ferrant.",
                Told("seized", "COERCE", "Osk League fighters", ""),
                Told("sent", "AID", "Norland | USA GOV", "Ferrant | UKR GOV", date="2022-03-01"),
                outlet="Delta Wire",
                title="A depot falls",
            ),
            SURE,
            UNSURE,
        ),
        doubted(
            report(
                "The Osk League fighters shelled a bridge near the river.",
                Told("shelled", "ASSAULT", "The Osk League fighters", ""),
                outlet="Coast Tribune",
                published="2022-03-04",
            ),
            SURE,
        ),
        doubted(
            report(
                "Russia expelled two envoys of the mission. Villagers praised the governor.",
                Told("expelled", "SANCTION", "Russia | RUS GOV", "two envoys | UKR GOV", date="2022-03-02"),
                Told("praised", "SUPPORT", "Villagers", "the governor | UKR GOV"),
                outlet="Sahel Herald",
                published="2022-03-03",
            ),
            SURE,
            0.6,
        ),
        doubted(
            report(
                "Myanmar opened a border post last week.",
                Told("opened", "COOPERATE", "Myanmar | MMR GOV", ""),
                outlet="Lake Post",
                published="2022-03-05",
            ),
            SURE,
        ),
    ]


def fill(ledger: Ledger) -> None:
    """Add the reports, and tie two of their events nearly firmly enough to be one."""
    for coding in codings():
        ledger.store.write(partial(add, codings=[coding]))
    tie(ledger, "COERCE", "ASSAULT", 0.47)


def tie(ledger: Ledger, type: str, other: str, score: float) -> None:
    """A link between the records of two events."""
    ids = [event.id for kind in (type, other) for event in ledger.query(type=kind).events]
    with ledger.store.reading() as connection:
        found = connection.execute(select(record.c.nr).where(record.c.event.in_(ids))).scalars()
        a, b = sorted(found)
    row = {"a": a, "b": b, "kind": "same", "score": score, "reasons": '["both name the river"]'}
    ledger.store.write(lambda connection: connection.execute(insert(link), [row]))
