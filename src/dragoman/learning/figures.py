"""What a run has learned, for people: a line of what from, a table of before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from dragoman.learning.continuing import Learned


def show(learned: Learned, console: Console) -> None:
    """Print it."""
    own = [f"{name} ({count} records)" for name, count in learned.own.items()]
    console.print(
        f"learned from {learned.learned} documents with {learned.records} records, in {learned.epochs} epochs"
        + (f"; types of your own: {', '.join(own)}" if own else ""),
        soft_wrap=True,
    )
    if learned.unseen:
        console.print(
            f"not learned, since only documents held out have them: {', '.join(learned.unseen)}", soft_wrap=True
        )
    console.print(f"measured on {learned.held_out} documents held out:\n")
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    for when in ("before", "after"):
        for name in ("P", "R", "F1"):
            table.add_column(f"{when}\n{name}", justify="right")
    table.add_column("records", justify="right")
    for name, after in learned.after.items():
        before = learned.before[name]
        cells = [f"{x:.2f}" for s in (before, after) for x in (s.precision, s.recall, s.f1)]
        table.add_row(name, *cells, str(after.gold))
    console.print(table)
    if own:
        console.print("\ntyped: the right type; who: and actors; whowhom: and recipients; a type's own row: typed.")
    else:
        console.print("\ntyped: the right type; who: and actors; whowhom: and recipients.")
