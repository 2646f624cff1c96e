"""What the ledger's commands have in common: options, an open ledger, and errors as one line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dragoman.terminal import fail

if TYPE_CHECKING:
    from dragoman.ledger import Ledger

FORMATS = ("table", "jsonl", "csv")
USER = "DRAGOMAN_USER"

Where = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        help="A file, or a PostgreSQL address such as postgresql://me@host/name. Default: DRAGOMAN_LEDGER, else a "
        "file in your data folder.",
        show_default=False,
    ),
]
Format = Annotated[str, typer.Option("--format", "-f", help=f"{', '.join(FORMATS)}.")]
EventId = Annotated[
    str, typer.Argument(metavar="EVENT", help="The event's id, or that of one of its records.", show_default=False)
]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes to code with; the result is the same.")]
Least = Annotated[
    float | None,
    typer.Option(
        min=0.0,
        max=1.0,
        help="Keep records from this confidence on. Default: where finding more and being right weigh alike.",
        show_default=False,
    ),
]
ModelFolder = Annotated[
    Path | None,
    typer.Option("--model", help="A model of your own, as dragoman train writes it.", show_default=False),
]
ActorFiles = Annotated[
    list[Path] | None,
    typer.Option("--actors", help="A file of actors of your own; may be given again.", show_default=False),
]
By = Annotated[
    str | None,
    typer.Option("--by", help=f"Who judges. Default: {USER}, else your login name.", show_default=False),
]
Note = Annotated[str, typer.Option("--note", help="Why, in words.", show_default=False)]


@contextmanager
def opened(where: str | None, *, create: bool = False) -> Iterator[Ledger]:
    """The ledger to work with. What goes wrong with it, or with what was asked of it, is one line and an exit status:
    2 for wrong use, 1 for what could not be done."""
    from dragoman.ledger import BadJudgement, BadQuestion, Ledger, LedgerError

    try:
        ledger = Ledger(where, create=create)
    except LedgerError as error:
        raise fail(str(error)) from error
    with ledger:
        try:
            yield ledger
        except (BadJudgement, BadQuestion) as error:
            raise fail(str(error)) from error
        except LedgerError as error:
            raise fail(str(error), 1) from error
        except BrokenPipeError:
            # Whoever read from the pipe has enough; the interpreter must not complain at its last flush either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None


def checked(format: str, known: tuple[str, ...] = FORMATS) -> str:
    """``format``, when it is one of those known."""
    if format not in known:
        raise fail(f"--format {format}: is none of {', '.join(known)}")
    return format


def judge(by: str | None) -> str:
    """Who judges: as given, else as the environment says, else who is logged in."""
    import getpass

    try:
        name = by if by is not None else os.environ.get(USER) or getpass.getuser()
    except (KeyError, OSError) as error:
        raise fail(f"your login name is not known: say who judges with --by or {USER}") from error
    if not name.strip():
        raise fail("--by needs a name")
    return name.strip()
