"""The text beside an export: what each column holds, what the layout could not hold, and how often."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from dragoman import __version__
from dragoman.export.ledger.layout import Layout

_WIDTH = 100


def notes(layout: type[Layout], events: int, rows: int, lost: Mapping[str, tuple[int, str]]) -> str:
    """What a reader of the file must know, as plain text."""
    written = f"written by dragoman {__version__} from {_count(events, 'ledger event')}"
    lines = [f"{layout.file}: {written}; {_count(rows, 'row')}", *_wrapped(f"Layout: {layout.follows}."), ""]
    for remark in layout.remarks:
        lines += [*_wrapped(remark), ""]
    lines.append("Columns")
    width = max(len(field.name) for field in layout.fields)
    for number, field in enumerate(layout.fields, 1):
        head = f"{number:4}  {field.name:{width}}  "
        lines += _wrapped(head + field.holds, len(head))
    gone = {key: told for key, told in lost.items() if key.startswith("event: ")}
    less = {key: told for key, told in lost.items() if key not in gone}
    lines += [
        "",
        *_losses("Events left out", "events", gone),
        "",
        *_losses("Rows that say less than the ledger", "rows", less),
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _losses(title: str, unit: str, lost: Mapping[str, tuple[int, str]]) -> list[str]:
    lines = [f"{title} (number of {unit})"]
    for key, (count, why) in lost.items():
        head = f"{count:8}  {key.removeprefix('event: ')}: "
        lines += _wrapped(head + why, 10)
    return lines if lost else [*lines, "    none"]


def _wrapped(text: str, indent: int = 0) -> list[str]:
    return textwrap.wrap(text, _WIDTH, subsequent_indent=" " * indent, drop_whitespace=True) or [text]


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
