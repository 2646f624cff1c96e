"""What all formats share: columns that say what they hold, rows of an event, lines that readers take apart again."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, ClassVar

from dragoman.export.ledger.losses import Losses
from dragoman.export.ledger.when import Undated
from dragoman.export.rows import Value
from dragoman.export.separated import Line
from dragoman.export.sink import encoded
from dragoman.ledger.model import LedgerEvent
from dragoman.record import LONE_SURROGATE

# What ends a line for some reader, or stops it: C0 and C1 controls and the two separators of Unicode.
_BREAKS = re.compile("[\x00-\x1f\x7f\x80-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its name in the layout, and in words what it holds here."""

    name: str
    holds: str


class Layout(ABC):
    """One format, for one export. ``write`` gives the number of rows that an event made; none when it is left out."""

    name: ClassVar[str]
    file: ClassVar[str]
    follows: ClassVar[str]
    """The manual and version whose layout this is."""
    fields: ClassVar[tuple[Field, ...]]
    unheld: ClassVar[Mapping[str, str]] = {}
    """Fields of ledger events that the layout cannot hold, and why."""
    remarks: ClassVar[tuple[str, ...]] = ()

    def __init__(self, file: IO[bytes], losses: Losses, undated: Undated) -> None:
        self.out = file
        self.losses = losses
        self.undated = undated

    def begin(self) -> None:  # noqa: B027 - most have nothing to do
        """Write what stands before the first row."""

    @abstractmethod
    def write(self, event: LedgerEvent) -> int:
        """Write the rows of an event."""

    def finish(self) -> None:  # noqa: B027 - most have nothing to do
        """Write what stands after the last row."""

    def close(self) -> None:  # noqa: B027 - most have nothing to do
        """Let go of what the format needed beside its file."""


class Table(Layout):
    """A layout of lines and cells."""

    header: ClassVar[bool] = True

    def begin(self) -> None:
        if self.header:
            self.out.write(encoded(self.line([field.name for field in self.fields])))

    def write(self, event: LedgerEvent) -> int:
        rows = self.rows(event)
        self.out.write(b"".join(encoded(self.line(self.clean(row))) for row in rows))
        return len(rows)

    @abstractmethod
    def rows(self, event: LedgerEvent) -> list[list[Value]]:
        """The rows of an event, with a value for every field; none, and counted, when the layout cannot hold it."""

    @abstractmethod
    def line(self, row: Sequence[Value]) -> str:
        """A row as a line, with its end."""

    @abstractmethod
    def clean(self, row: list[Value]) -> list[Value]:
        """The row without what the format cannot hold of its texts, which is counted."""

    def surrogates(self, row: list[Value]) -> None:
        """Count a row with half characters, for which UTF-8 has no bytes: ``�`` stands in the file."""
        if any(isinstance(v, str) and not v.isascii() and LONE_SURROGATE.search(v) for v in row):
            self.losses.add("text: half characters", "UTF-8 has no bytes for them: the file has � instead")


class Plain(Table):
    """Cells between tabs, without quotes: readers take what stands between two tabs, and a line is a row."""

    def line(self, row: Sequence[Value]) -> str:
        return "\t".join("" if value is None else str(value) for value in row) + "\n"

    def clean(self, row: list[Value]) -> list[Value]:
        made: list[Value] = [v.replace('"', "'") if isinstance(v, str) else v for v in row]
        if made != row:
            self.losses.add(
                "text: quotation marks", "the layout has no quoting, and readers stumble over “\"”: “'” is written"
            )
        bare: list[Value] = [_BREAKS.sub(" ", v) if isinstance(v, str) else v for v in made]
        if bare != made:
            self.losses.add(
                "text: tabs and breaks", "the layout has no quoting: spaces are written for tabs and line breaks"
            )
        self.surrogates(bare)
        return bare


class Quoted(Table):
    """Cells that are quoted as RFC 4180 says, so that they hold tabs, line breaks, quotation marks."""

    separator: ClassVar[str] = "\t"

    def __init__(self, file: IO[bytes], losses: Losses, undated: Undated) -> None:
        super().__init__(file, losses, undated)
        self._line = Line(self.separator)

    def line(self, row: Sequence[Value]) -> str:
        return self._line.of(row)

    def clean(self, row: list[Value]) -> list[Value]:
        made: list[Value] = [v.replace("\x00", " ") if isinstance(v, str) else v for v in row]
        if made != row:
            self.losses.add("text: NUL", "readers stop at a NUL: a space is written")
        self.surrogates(made)
        return made


def listed(values: Sequence[str | None], losses: Losses, *, unknown: str = "") -> str:
    """Several values in a cell, as POLECAT and ACLED join them: ``; `` between, and no ``;`` within."""
    texts = [value if value and not value.isspace() else unknown for value in values]
    made = [text.replace(";", ",") for text in texts]
    if made != texts:
        losses.add("text: semicolons", "the layout parts lists by “;”: “,” is written within a name")
    return "; ".join(made)
