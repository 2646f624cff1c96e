"""Stances in words for people, and as rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from dragoman.commands import telling as words
from dragoman.commands.page import Column, Page
from dragoman.export.people import printable

if TYPE_CHECKING:
    from dragoman.ledger.asking import Stance, Stand
    from dragoman.ledger.asking.stance import Group
    from dragoman.record import Json

Row = tuple["Group", str, "Stand"]


def rows_of(found: Stance) -> list[Row]:
    """The stands, group by group and column by column."""
    from dragoman.ledger.asking.stance import GROUPS

    return [
        (group, name, stand) for group in GROUPS for name, stands in getattr(found, group).items() for stand in stands
    ]


def whole(row: Row) -> Json:
    """A stand as a line of JSON."""
    group, name, stand = row
    return {"group": group, "column": name, **stand.to_dict()}


def columns() -> list[Column[Row]]:
    """The columns of a stand, with its strongest sentence."""
    return [
        Column("group", lambda r: r[0]),
        Column("column", lambda r: r[1]),
        Column("country", lambda r: r[2].country),
        Column("sector", lambda r: r[2].sector),
        Column("names", lambda r: r[2].names),
        Column("events", lambda r: r[2].events),
        Column("planned", lambda r: r[2].planned),
        Column("first", lambda r: r[2].first),
        Column("last", lambda r: r[2].last),
        Column("first_date", lambda r: r[2].first_date),
        Column("last_date", lambda r: r[2].last_date),
        Column("event", lambda r: r[2].evidence[0].event if r[2].evidence else None),
        Column("sentence", lambda r: r[2].evidence[0].sentence if r[2].evidence else None),
    ]


def tell(found: Stance, rows: Sequence[Row]) -> None:
    """What the target was taken for, then each column with its parties and their sentences."""
    page = Page()
    for deed in found.deeds:
        page.put(Text.assemble(("deed  ", "bold"), words.line(deed)))
    if found.deeds:
        page.put("")
    for (group, name), stands in groupby(rows, key=lambda row: row[:2]):
        page.put(Text.assemble((name, "bold"), _towards(found, group)))
        for _, _, stand in stands:
            _tell(page, stand)
        page.put("")


def _towards(found: Stance, group: Group) -> str:
    """To whom it is done, where there is a deed that tells sides apart."""
    if not found.deeds:
        return "" if group == "target" else "  towards others"
    sides = {"target": ("those who did it", found.doers), "victim": ("those it was done to", found.victims)}
    whom, countries = sides.get(group, ("others", ()))
    return f"  towards {whom}" + (f" ({', '.join(countries)})" if countries else "")


def _tell(page: Page, stand: Stand) -> None:
    from dragoman.terminal import counted

    codes = " ".join(code for code in (stand.country, stand.sector) if code)
    head = printable(stand.names[0] if stand.names else "–") + (f" [{codes}]" if codes else "")
    own = ((stand.first, stand.first_date), (stand.last, stand.last_date))
    days = " to ".join(dict.fromkeys(date or f"told {day}" for day, date in own if day))
    planned = f", {stand.planned} of them planned" if stand.planned else ""
    facts = f"{counted(stand.events, 'event')}{planned}" + (f", {days}" if days else "")
    page.put(Padding(Text.assemble(head, ("  " + facts, "dim")), (0, 0, 0, 2)))
    for proof in stand.evidence:
        told = " · ".join(filter(None, (proof.outlet, (proof.published or "")[:10], proof.event)))
        page.put(Padding(Text.assemble(printable(proof.sentence), (f"  {printable(told)}", "dim")), (0, 0, 0, 4)))
