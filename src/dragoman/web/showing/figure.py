"""A stance as a figure for print: its lines, laid out in three columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dragoman.ledger.asking import Stance, Stand
from dragoman.web.showing.standing import SIDES, groups, other_names, party_name

# What XML has no sign for: controls, and halves of surrogate pairs.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_safe(text: str) -> str:
    """A text without the signs that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)


def cut(text: str, most: int) -> str:
    """A text of at most ``most`` signs, in one line."""
    line = " ".join(xml_safe(text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a figure: its kind, where its upper edge is, and what it says at its left and right."""

    kind: str
    x: int
    y: int
    left: str
    right: str = ""


WIDTH, MARGIN, GAP = 1200, 40, 30
"""Units that a figure is wide, its margins, and the room between its columns: read at a page's or a slide's width."""
COLUMN = (WIDTH - 2 * MARGIN - 2 * GAP) // 3
# More parties of a column make a figure longer than a page.
_PARTIES = 12
_ROW = 19


def layout(found: Stance) -> tuple[list[Line], int]:
    """The lines of a figure below its title, and the height that they reach to."""
    lines: list[Line] = []
    y = 0
    for group in groups(found):
        lines.append(Line("group", MARGIN, y, cut(group.title, 110)))
        top = y + 34
        ends = [top]
        for at, side in enumerate(SIDES):
            x = MARGIN + at * (COLUMN + GAP)
            made = list(_column(x, top, side, group.sides.get(side, [])))
            lines += made
            ends.append(made[-1].y + _ROW)
        y = max(ends) + 22
    return lines, y


def _column(x: int, y: int, side: str, columns: list[tuple[str, tuple[Stand, ...]]]) -> Iterator[Line]:
    yield Line(f"side {side}", x, y, side.capitalize())
    y += 30
    if not columns:
        yield Line("party none", x, y, "nobody")
    for title, stands in columns:
        yield Line(f"title {side}", x, y, title, str(sum(stand.events for stand in stands)))
        y += _ROW + 2
        for stand in stands[:_PARTIES]:
            yield Line("party", x, y, _party(stand), _days(stand))
            y += _ROW
        if len(stands) > _PARTIES:
            yield Line("party none", x, y, f"and {len(stands) - _PARTIES} more")
            y += _ROW
        y += 10


def _party(stand: Stand) -> str:
    acts = f" × {stand.events}" if stand.events > 1 else ""
    planned = " (planned)" if stand.planned == stand.events else ""
    name = party_name(stand)
    own = other_names(stand, 1) if stand.country else ""
    room = 37 - len(acts) - len(planned)
    both = f"{name}: {own}" if own and len(name) + len(own) + 2 <= room else name
    return cut(both, room) + acts + planned


def _days(stand: Stand) -> str:
    # Figures have room for days in figures alone; a day that is the report's says so.
    own = ((stand.first, stand.first_date), (stand.last, stand.last_date))
    return " – ".join(dict.fromkeys(date or f"told {day}" for day, date in own if day))
