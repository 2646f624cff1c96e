"""CSV and TSV: one event a row, for spreadsheets, R and pandas.

Cells hold the words as they stand. Nothing is put before a cell that begins with ``=``, ``+``, ``-`` or
``@``: that would change the data for every other program. Import columns as text where the reports
come from people you do not trust.

Lists are joined by ``;``, and a ``;`` or ``\\`` inside one of their values has a ``\\`` before it, so that
:func:`split` gives the values back. An unknown country in a list is an empty place in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dragoman.export.rows import COLUMNS, Value, rows
from dragoman.export.sink import Sink, Target
from dragoman.export.writer import Writer
from dragoman.record import CodedDocument, Document

_SIGN = re.compile(r"\\.|.", re.DOTALL)


class SeparatedWriter(Writer):
    """Writes rows with ``separator`` between the cells, quoted as RFC 4180 says, lines ended by ``\\n``."""

    def __init__(self, target: Target, separator: str) -> None:
        super().__init__()
        self._sink = Sink(target)
        self._line = Line(separator)

    def _begin(self) -> None:
        self._sink.open()
        self._sink.put(self._line.of([column.name for column in COLUMNS]))

    def _write(self, coded: CodedDocument, document: Document | None) -> None:
        lines = (self._line.of(row) for row in rows(coded, document))
        # All of a document at once: a file cut short then ends between documents.
        if piece := "".join(lines):
            self._sink.put(piece)

    def _finish(self) -> None:
        self._sink.close()


class Line:
    """Makes lines of rows with ``separator`` between the cells."""

    def __init__(self, separator: str) -> None:
        self._separator = separator
        # A cell with one of these, or with white space that readers might strip, goes between quotes.
        self._special = re.compile(rf'[{re.escape(separator)}"\r\n]|^\s|\s$')

    def of(self, row: Sequence[Value]) -> str:
        """The row as a line, with its end; None gives an empty cell."""
        return self._separator.join(map(self._cell, row)) + "\n"

    def _cell(self, value: Value) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | float):
            return str(value)
        text = join(value) if isinstance(value, list) else value
        return '"' + text.replace('"', '""') + '"' if self._special.search(text) else text


def join(values: list[str | None]) -> str:
    """Several values in one cell; the inverse of :func:`split` save that None comes back as ``""``."""
    return ";".join(re.sub(r"([;\\])", r"\\\1", value or "") for value in values)


def split(cell: str) -> list[str]:
    """The values of a cell that :func:`join` made; none for an empty cell."""
    if not cell:
        return []
    parts = [""]
    for sign in _SIGN.findall(cell):
        if sign == ";":
            parts.append("")
        else:
            parts[-1] += sign[-1]
    return parts
