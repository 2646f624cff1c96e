"""What the commands say to a person: lines on standard error, and how far a run is."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import Any

import typer
from rich.console import Console

errors = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False, markup=False)


def say(message: str, style: str | None = None) -> None:
    """One line to standard error, whatever a document's or a file's name holds."""
    from dragoman.export.people import printable

    errors.print(printable(message), style=style)


def fail(message: str, status: int = 2) -> typer.Exit:
    """Say in red what is wrong; the exception to raise, with the exit status."""
    say(message, "red")
    return typer.Exit(status)


def counted(number: int, noun: str) -> str:
    """``1 event``, ``2,000 events``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def progress(*, to_file: bool, share: bool = False, left: bool = False) -> Any:
    """A progress bar on a terminal that no records are printed to, nothing elsewhere; of a ``share`` or of a count.
    With ``left``, also how many a second and how long the rest will take, where the total is known."""
    if not sys.stderr.isatty() or (sys.stdout.isatty() and not to_file):
        return nullcontext()
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    done = BarColumn() if share else MofNCompleteColumn()
    columns: list[ProgressColumn] = [SpinnerColumn(), done, TextColumn("{task.description}"), TimeElapsedColumn()]
    if left:
        columns += [TextColumn("{task.fields[rate]}"), TimeRemainingColumn(), TextColumn("left")]
    return Progress(*columns, console=errors, transient=True)
