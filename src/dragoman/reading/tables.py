"""CSV and TSV: one record a row, under a row of field names, read row by row."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import replace

from dragoman.reading.decoding import Unreadable, decode, decode_part
from dragoman.reading.fields import draft
from dragoman.reading.result import Draft, Refusal, counted
from dragoman.reading.sniff import opening, separator
from dragoman.reading.stream import Source

# A table in UTF-16 is held whole: its lines cannot be told apart in bytes.
_MOST_BYTES = 1_000_000_000
# The csv module stops at 131,072 characters a cell, the length of a long report; ours is counted later.
_CELL_CHARACTERS = 2**31 - 1


class _Lines:
    """The lines of a table, decoded; those since ``begin`` are kept, to name and judge one record by.

    A line that is not UTF-8 is decoded on its own and warned of, so that the table need not be held.
    """

    def __init__(self, stream: io.BufferedIOBase, warnings: tuple[str, ...] = ()) -> None:
        self._stream = stream
        self._always = warnings
        self.number = 0
        self.first = 1
        self.record: list[str] = []
        self.warnings: list[str] = []
        self.ended = False

    def begin(self) -> None:
        self.first = self.number + 1
        self.record = []
        self.warnings = list(self._always)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._stream.readline()
        if not line:
            self.ended = True
            raise StopIteration
        self.number += 1
        if self.number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        text, warnings = decode_part(line)
        self.record.append(text)
        self.warnings += [warning for warning in warnings if warning not in self.warnings]
        return text


def read_table(source: Source, suffix: str = "") -> Iterator[Draft | Refusal]:
    """The records of a table. Tabs, commas or semicolons separate its columns, as its first row shows."""
    csv.field_size_limit(max(csv.field_size_limit(), _CELL_CHARACTERS))
    mark = separator(opening(source.head).lstrip()) or ("\t" if suffix in (".tsv", ".tab") else ",")
    stream, warnings = _narrow(source)
    lines = _Lines(stream, warnings)
    rows = csv.reader(lines, delimiter=mark)
    names: list[str] | None = None
    records = 0
    while True:
        lines.begin()
        try:
            row = next(rows)
        except StopIteration:
            break
        except (Unreadable, csv.Error) as wrong:
            reason, fix = _what(wrong)
            yield Refusal(f"{source.name}, line {lines.number}", reason, fix)
            # Past a line that cannot be decoded, the reader no longer knows whether it is within quotes.
            rows = csv.reader(lines, delimiter=mark)
            if names is None:
                return
            continue
        if not any(cell.strip() for cell in row):
            continue
        if names is None:
            names = [cell.strip().lower() for cell in row]
            if "text" not in names:
                shown = ", ".join(name[:30] for name in names[:8])
                yield Refusal(source.name, f"has no column text (its columns: {shown})", "name the report column text")
                return
            continue
        records += 1
        yield _record(row, names, lines, mark, source.name)
    if not records:
        yield Refusal(source.name, "has no rows", "give a row of field names and at least one record", "skipped")


def _record(row: list[str], names: list[str], lines: _Lines, mark: str, table: str) -> Draft | Refusal:
    name = f"{table}, line {lines.first}"
    if lines.ended and _unclosed(lines.record, mark):
        return Refusal(name, "opens a quotation mark that the file never closes", 'double each " within a quoted cell')
    if len(row) != len(names):
        reason = f"has {counted(len(row), 'cell')} under {counted(len(names), 'column')}"
        return Refusal(name, reason, 'put cells that hold separators or line breaks between " marks')
    made = draft(dict(reversed(list(zip(names, row, strict=True)))), name)
    if isinstance(made, Refusal) or not lines.warnings:
        return made
    return replace(made, warnings=tuple(lines.warnings))


def _unclosed(record: list[str], mark: str) -> bool:
    """Whether the last record ends within quotation marks, which the lenient reader passes over."""
    try:
        list(csv.reader(record, delimiter=mark, strict=True))
    except csv.Error as wrong:
        return "unexpected end" in str(wrong)
    return False


def _what(wrong: Exception) -> tuple[str, str]:
    if isinstance(wrong, Unreadable):
        return wrong.reason, wrong.fix
    return f"is no table row ({wrong})", "write the table again with a CSV library"


def _narrow(source: Source) -> tuple[io.BufferedIOBase, tuple[str, ...]]:
    """The stream in an encoding in which line ends are single bytes, and the warnings on how it was made."""
    if not source.head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)):
        return source.stream, ()
    data = source.whole(_MOST_BYTES)
    if data is None:
        raise Unreadable(f"is over {counted(_MOST_BYTES, 'byte')} long", "save it as UTF-8, which has no limit")
    text, warnings = decode(data)
    return io.BytesIO(text.encode("utf-8")), warnings
