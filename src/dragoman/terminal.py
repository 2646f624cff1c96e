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


def progress(*, to_file: bool, share: bool = False) -> Any:
    """A progress bar on a terminal that no records are printed to, nothing elsewhere; of a ``share`` or of a count."""
    if not sys.stderr.isatty() or (sys.stdout.isatty() and not to_file):
        return nullcontext()
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    done = BarColumn() if share else MofNCompleteColumn()
    columns = (SpinnerColumn(), done, TextColumn("{task.description}"), TimeElapsedColumn())
    return Progress(*columns, console=errors, transient=True)
