"""Exports of ledger events in published layouts: POLECAT, PLOVER JSON, ICEWS, GDELT 2.0, ACLED's columns, our own.

What a layout cannot hold is counted and told, in the result and in a text file beside the data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dragoman.export.ledger.acled import Acled
from dragoman.export.ledger.events import EventsCsv, EventsParquet
from dragoman.export.ledger.gdelt import Gdelt
from dragoman.export.ledger.icews import Icews
from dragoman.export.ledger.layout import Layout
from dragoman.export.ledger.losses import Losses
from dragoman.export.ledger.notes import notes
from dragoman.export.ledger.plover import Plover, read_plover
from dragoman.export.ledger.polecat import Polecat
from dragoman.export.ledger.when import Undated
from dragoman.export.whole import Whole
from dragoman.ledger.model import LedgerEvent

LAYOUTS: Mapping[str, type[Layout]] = {
    layout.name: layout for layout in (Polecat, Plover, Icews, Gdelt, Acled, EventsParquet, EventsCsv)
}
"""The layouts by their names."""

FORMATS: tuple[str, ...] = tuple(LAYOUTS)

__all__ = ["FORMATS", "LAYOUTS", "Exported", "Undated", "export_events", "read_plover"]

# Events between two calls of ``tell``: some ten a second.
_TELL_EVERY = 1000


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote: the files, how many events it was given, how many rows they made, and what was lost.

    ``lost`` has for each field the number of rows that say less of it than the ledger, and why; keys that begin with
    ``event:`` count events that were left out.
    """

    files: tuple[Path, ...]
    events: int
    rows: int
    lost: Mapping[str, tuple[int, str]] = field(default_factory=dict)


def export_events(
    events: Iterable[LedgerEvent],
    format: str,
    out: str | Path,
    *,
    undated: Undated = "leave",
    tell: Callable[[int, int], Any] | None = None,
) -> Exported:
    """Write ledger events into the folder ``out``, which is made where it is missing, in one of :data:`FORMATS`.

    Events are taken one by one and once, best with their tellings: without them outlets, stories and numbers of
    mentions stay empty. ``undated="published"`` lets the first report's day stand for events that no report dates, in
    the layouts that need a day; they are left out, and counted, otherwise. ``tell`` is called now and then with the
    number of events taken and rows written.

    A file that is there already stays as it is until the new one is whole. Raises ValueError for an unknown format,
    OSError where nothing can be written.
    """
    layout = LAYOUTS.get(format)
    if layout is None:
        raise ValueError(f"{format!r} is no format: use one of {', '.join(FORMATS)}")
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    losses = Losses()
    taken = rows = 0
    with Whole(folder / layout.file) as data, Whole(folder / f"{layout.name}-notes.txt") as text:
        made = layout(data.file, losses, undated)
        try:
            made.begin()
            for event in events:
                rows += made.write(event)
                taken += 1
                if tell is not None and taken % _TELL_EVERY == 0:
                    tell(taken, rows)
            made.finish()
        finally:
            made.close()
        lost = losses.told()
        text.file.write(notes(layout, taken, rows, lost).encode("utf-8"))
        data.keep()
        text.keep()
    if tell is not None:
        tell(taken, rows)
    return Exported((data.path, text.path), taken, rows, lost)
