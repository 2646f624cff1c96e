"""A table for people: under each document's title its events, to be read on 80 columns as on 160."""

from __future__ import annotations

import io
import re
import sys
from typing import Any

from dragoman.export.sink import Sink, Target
from dragoman.export.writer import Writer
from dragoman.record import CodedDocument, Document, Entity, Event

# Between the width of an old terminal, below which columns are unreadable, and that of a comfortable line.
_NARROWEST, _WIDEST = 60, 160
# From this width on, when, where and how it is told have columns of their own.
_WIDE = 110
# As wide as "misinformation" and "unconventional", the longest of types and modes; as the first day of a
# range; and as a country, a day and "hypothetical" need.
_TYPE_WIDTH, _DATE_WIDTH, _REST_WIDTH = 14, 11, 21
# What would move the cursor, ring, or turn the reading direction of the whole line.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]+")


class PeopleWriter(Writer):
    """Writes as wide as the terminal, or ``width`` columns; in colour on a terminal only."""

    def __init__(self, target: Target, width: int | None = None) -> None:
        super().__init__()
        self._target = target
        self._sink = Sink(target)
        self._width = width

    def _begin(self) -> None:
        from rich.console import Console

        self._sink.open()
        terminal = bool(getattr(self._target, "isatty", lambda: False)())
        # Rendered into memory and written by the sink, so that all formats treat streams alike.
        self._console = Console(
            file=io.StringIO(),
            force_terminal=terminal,
            color_system="auto" if terminal else None,
            width=self._columns(terminal),
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )

    def _columns(self, terminal: bool) -> int:
        if self._width:
            return self._width
        import shutil

        # Into a file or pipe, 80 columns unless COLUMNS says otherwise.
        columns = shutil.get_terminal_size((80, 24)).columns if terminal or self._target is sys.stdout else 80
        return max(_NARROWEST, min(columns, _WIDEST))

    def _write(self, coded: CodedDocument, document: Document | None) -> None:
        buffer = self._console.file
        assert isinstance(buffer, io.StringIO)
        buffer.seek(0)
        buffer.truncate()
        self._console.print(_heading(coded))
        if coded.contexts:
            self._console.print("about: " + ", ".join(coded.contexts), style="dim")
        if coded.events:
            self._console.print(_table(coded.events, self._console.width))
        else:
            self._console.print("no events", style="dim")
        self._console.print()
        # rich fills lines with spaces up to the width; a file has no use for them.
        self._sink.put("\n".join(line.rstrip() for line in buffer.getvalue().split("\n")))

    def _finish(self) -> None:
        self._sink.close()


def _heading(coded: CodedDocument) -> Any:
    from rich.text import Text

    day = (coded.published or "undated")[:10]
    return Text.assemble((printable(coded.title or coded.id), "bold"), "  ", (day, "dim"))


def _table(events: tuple[Event, ...], width: int) -> Any:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    wide = width >= _WIDE
    table = Table(box=SIMPLE_HEAD, pad_edge=False, expand=True, show_edge=False, padding=(0, 1, 0, 0))
    # "fold" breaks a word that is wider than its column, where the default would cut it off.
    table.add_column("event", width=_TYPE_WIDTH, overflow="fold")
    table.add_column("who", ratio=3, overflow="fold")
    table.add_column("to whom", ratio=3, overflow="fold")
    if wide:
        table.add_column("when", width=_DATE_WIDTH, overflow="fold")
        table.add_column("where", ratio=2, overflow="fold")
        table.add_column("told", ratio=2, overflow="fold")
    else:
        table.add_column("when, where, how told", width=_REST_WIDTH, overflow="fold")
    for event in events:
        kind = Text(event.type, "bold")
        if event.mode:
            kind.append("\n" + "\n".join(event.mode), "not bold")
        rest = [_when(event), _where(event), _told(event)]
        if not wide:
            rest = ["\n".join(filter(None, rest))]
        cells = (_people(event.actor), _people(event.recipient), *rest)
        table.add_row(kind, *(Text(cell or "–") for cell in cells))
    return table


def _people(entities: tuple[Entity, ...]) -> str:
    lines = []
    for entity in entities:
        codes = " ".join(code for code in (entity.country, entity.sector) if code)
        lines.append(printable(entity.text) + (f" [{codes}]" if codes else ""))
    return "\n".join(lines)


def _when(event: Event) -> str:
    # A range breaks at its slash: it is twice as wide as its column.
    return (event.date or "").replace("/", "/\n")


def _where(event: Event) -> str:
    if event.place is None:
        return ""
    return printable(event.place.text) + (f" [{event.place.country}]" if event.place.country else "")


def _told(event: Event) -> str:
    """How the report tells it: as planned, denied or background, and on whose word."""
    lines: list[str] = [] if event.factuality == "actual" else [event.factuality]
    if event.historical:
        lines.append("background")
    if event.attribution:
        lines.append("by " + ", ".join(printable(entity.text) for entity in event.attribution))
    return "\n".join(lines)


def printable(text: str) -> str:
    """``text`` on one line, without characters that do something to the terminal instead of showing."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())
