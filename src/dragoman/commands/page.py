"""Standard output: lists as tables for people, JSON lines or CSV for programs."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from rich.console import Console
from rich.table import Table

from dragoman.export.people import printable
from dragoman.export.sink import encoded, put_stream
from dragoman.record import Json
from dragoman.terminal import fail

T = TypeVar("T")
# Between the width of an old terminal and that of a comfortable line, as coded documents are shown.
_NARROWEST, _WIDEST = 60, 160


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """A column of a list: its name, and its cell of a row. ``ratio`` shares out the width that a table has left;
    ``right`` puts figures under each other."""

    name: str
    of: Callable[[T], Any]
    ratio: int | None = None
    right: bool = False


class Page:
    """What is printed for people: as wide as the terminal, in colour on a terminal only."""

    def __init__(self) -> None:
        terminal = sys.stdout.isatty()
        columns = shutil.get_terminal_size((80, 24)).columns
        # Rendered into memory, so that lines can be freed of the spaces that fill them up.
        self._console = Console(
            file=io.StringIO(),
            force_terminal=terminal,
            color_system="auto" if terminal else None,
            width=max(_NARROWEST, min(columns, _WIDEST)),
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )

    @property
    def width(self) -> int:
        """Columns that a line has."""
        return self._console.width

    def put(self, *renderables: Any) -> None:
        """Print texts or tables, each on lines of its own."""
        buffer = self._console.file
        assert isinstance(buffer, io.StringIO)
        buffer.seek(0)
        buffer.truncate()
        for one in renderables:
            self._console.print(one)
        put("\n".join(line.rstrip() for line in buffer.getvalue().split("\n")))


class Output(io.RawIOBase):
    """Standard output as a file of bytes, whatever stands in its place."""

    def write(self, piece: Any) -> int:
        _put(bytes(piece))
        return len(piece)


def put(text: str) -> None:
    """Text as it is."""
    _put(encoded(text))


def _put(piece: bytes) -> None:
    try:
        put_stream(sys.stdout, piece)
    except BrokenPipeError:
        raise  # whoever read has enough
    except OSError as error:
        raise fail(f"standard output: {error.strerror or error}", 1) from error


def put_json(row: Json) -> None:
    """One line of JSON."""
    put(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


def listed(format: str, rows: Iterable[T], columns: Sequence[Column[T]], whole: Callable[[T], Json]) -> int:
    """Print ``rows`` in a format; how many there were. JSON lines hold what ``whole`` makes of a row."""
    number = 0
    if format == "ids":
        for row in rows:
            put(f"{whole(row)['id']}\n")
            number += 1
        return number
    if format == "jsonl":
        for row in rows:
            put_json(whole(row))
            number += 1
        return number
    if format == "csv":
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer)
        writer.writerow([column.name for column in columns])
        for row in rows:
            writer.writerow([_flat(column.of(row)) for column in columns])
            number += 1
            put(buffer.getvalue())
            buffer.seek(0)
            buffer.truncate()
        put(buffer.getvalue())
        return number

    table = Table(box=None, pad_edge=False)
    for column in columns:
        justify: Any = "right" if column.right else "left"
        table.add_column(
            column.name.replace("_", " "),
            ratio=column.ratio,
            justify=justify,
            overflow="fold",
            no_wrap=column.ratio is None,
        )
    for row in rows:
        table.add_row(*(shown(column.of(row)) for column in columns))
        number += 1
    if number:
        Page().put(table)
    return number


def shown(value: Any) -> str:
    """A cell for people: nothing is a dash, figures have their thousands apart."""
    if value is None or value == "" or value == ():
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.2f}"
    if isinstance(value, list | tuple):
        return ", ".join(shown(v) for v in value)
    return printable(str(value))


def _flat(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return "; ".join(str(v) for v in value)
    if isinstance(value, bool):
        return str(value).lower()  # as in the tables of an export
    return "" if value is None else value
