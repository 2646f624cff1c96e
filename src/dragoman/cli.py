"""The command line: one function a verb."""

from __future__ import annotations

import json
import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from dragoman.export import FORMATS

if TYPE_CHECKING:
    from dragoman.engines import Outcome

app = typer.Typer(
    name="dragoman",
    help="Reads dated news and keeps the record: who did what to whom, when, where, and on whose word.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
errors = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False, markup=False)


def _say(message: str, style: str | None = None) -> None:
    """One line to standard error, whatever a document's or a file's name holds."""
    from dragoman.export.people import printable

    errors.print(printable(message), style=style)


def _fail(message: str, status: int = 2) -> typer.Exit:
    _say(message, "red")
    return typer.Exit(status)


def _version(asked: bool) -> None:
    if asked:
        from dragoman import __version__

        print(f"dragoman {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Reads dated news and keeps the record: who did what to whom, when, where, and on whose word."""


Sources = Annotated[
    list[str],
    typer.Argument(
        help="Files, folders, or - for standard input: text, HTML, JSON, JSON lines, CSV, TSV, Parquet.",
        show_default=False,
    ),
]
Date = Annotated[str | None, typer.Option(help="Publication date of documents that state none, such as 2022-02-25.")]
Format = Annotated[
    str | None,
    typer.Option("--format", "-f", help=f"{', '.join(FORMATS)}. Default: by the output's suffix, else table."),
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write here, not to standard output.")]
Explain = Annotated[bool, typer.Option("--explain", help="Show each record's sentence, trigger and reasons.")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes to code with; the result is the same.")]


@app.command()
def code(
    sources: Sources,
    date: Date = None,
    format: Format = None,
    output: Output = None,
    explain: Explain = False,
    jobs: Jobs = 1,
) -> None:
    """Code reports into event records.

    Examples:

      dragoman code report.txt --date 2022-02-25

      dragoman code articles.jsonl --output events.parquet --jobs 2

      cat story.html | dragoman code - --format jsonl

    Exit status: 0 all well, 1 when a document failed or none was coded, 2 wrong use, 130 interrupted.
    """
    if output is not None and str(output) == "-":
        output = None
    if explain and (output is not None or format not in (None, "table")):
        raise _fail("--explain prints for people: leave out --output and --format")
    if output is not None and (clash := _clash(sources, output)):
        raise _fail(clash)
    from dragoman import engines, export, reading

    try:
        items = reading.read(sources, date=date)
        target: Any = sys.stdout if output is None else output
        writer = (
            nullcontext()
            if explain
            else export.open_writer(target, format or (None if output is not None else "table"))
        )
    except ValueError as error:
        raise _fail(str(error)) from error
    tally = Tally()
    interrupted = False
    try:
        with writer as out, _progress(to_file=output is not None) as bar:
            task = bar.add_task("", total=None) if bar else None
            for outcome in engines.code_all(items, jobs=jobs):
                tally.add(outcome)
                if isinstance(outcome, engines.Coded):
                    if out is None:
                        _explain(outcome)
                    else:
                        out.write(outcome.coded, outcome.document)
                if bar and task is not None:
                    bar.update(task, advance=1, description=f"{tally.events} events")
    except KeyboardInterrupt:
        interrupted = True
    except BrokenPipeError:
        # Whoever read from the pipe has enough; the interpreter must not complain at its last flush either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    except OSError as error:
        raise _fail(
            f"{error.filename or output or 'standard output'}: {error.strerror or error}; {tally}", 1
        ) from error
    except RuntimeError as error:
        raise _fail(f"{error}; dragoman doctor shows what is missing", 1) from error
    _say(f"interrupted: {tally}" if interrupted else str(tally))
    if interrupted:
        raise typer.Exit(130)
    if tally.failed or not tally.coded:
        raise typer.Exit(1)


class Tally:
    """How many documents were coded, skipped and failed; says why each was not as it comes."""

    def __init__(self) -> None:
        self.coded = self.events = self.skipped = self.failed = 0

    def add(self, outcome: Outcome) -> None:
        from dragoman.reading import Refusal

        if not isinstance(outcome, Refusal):
            self.coded += 1
            self.events += len(outcome.coded.events)
            for warning in outcome.coded.warnings:
                _say(f"{outcome.coded.id}: {warning}", "dim")
            return
        if outcome.status == "skipped":
            self.skipped += 1
        else:
            self.failed += 1
        _say(str(outcome), "yellow")

    def __str__(self) -> str:
        return f"{self.coded} coded ({self.events} events), {self.skipped} skipped, {self.failed} failed"


def _clash(sources: list[str], output: Path) -> str | None:
    """Why ``output`` must not be written: it is read in the same run, or would be in the next."""
    from dragoman.reading.sniff import SUFFIXES

    for source in sources:
        path = Path(source)
        if path.is_dir():
            inside = output.resolve().is_relative_to(path.resolve())
            if inside and output.suffix.lower() in SUFFIXES:
                return f"--output {output} lies in the folder {source}, whose files are read: write it elsewhere"
        elif path.is_file() and output.exists() and path.samefile(output):
            return f"--output {output} is the file to be read: write to another"
    return None


def _explain(outcome: Any) -> None:
    from dragoman.export.explain import explain
    from dragoman.export.sink import put_stream

    text = "\n".join(explain(outcome.coded, outcome.document)) + "\n\n"
    put_stream(sys.stdout, text.encode("utf-8", "replace"))


def _progress(*, to_file: bool) -> Any:
    """A progress bar on a terminal that no records are printed to, nothing elsewhere."""
    if not sys.stderr.isatty() or (sys.stdout.isatty() and not to_file):
        return nullcontext()
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    return Progress(*columns, console=errors, transient=True)


@app.command()
def codebook(
    word: Annotated[
        list[str] | None,
        typer.Argument(help="A type, mode, context, sector, country or CAMEO code; all of them when left out."),
    ] = None,
) -> None:
    """Show what a code means: definition, modes, boundaries, score, CAMEO codes."""
    from dragoman import codebook as book

    try:
        text = book.describe(" ".join(word) if word else None)
    except LookupError as error:
        raise _fail(str(error.args[0] if error.args else error)) from error
    print(text)


@app.command()
def evaluate(
    gold: Annotated[
        Path,
        typer.Argument(help="A folder of gold documents, one JSON file each.", exists=True, file_okay=False),
    ],
    predicted: Annotated[
        Path | None,
        typer.Argument(help="JSON lines of coded documents; coded afresh when left out.", exists=True, dir_okay=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Score coded documents against gold, by level and attribute."""
    from dragoman import evaluation

    tally = Tally()
    try:
        records = evaluation.read_gold(gold)
        if predicted is not None:
            found = evaluation.read_predicted(predicted)
        else:
            found = {}
            for outcome in evaluation.code_gold(gold):
                tally.add(outcome)
                if coded := getattr(outcome, "coded", None):
                    found[coded.id] = list(coded.events)
    except (ValueError, RuntimeError) as error:
        raise _fail(str(error)) from error
    result = evaluation.evaluate(records, found)
    if result.missing:
        _say(f"not coded, counted as empty: {', '.join(result.missing)}", "yellow")
    print(json.dumps(result.to_dict(), indent=2) if as_json else result)


@app.command()
def doctor() -> None:
    """Check what is installed, which model and data, what is missing and the fix."""
    from dragoman.doctor import checks

    table = Table(box=None, pad_edge=False)
    for column in ("what", "found", "fix"):
        table.add_column(column, overflow="fold")
    rows = checks()
    for row in rows:
        table.add_row(row.name, row.found, row.fix or "ok")
    Console(highlight=False, markup=False, emoji=False).print(table)
    if any(row.fix for row in rows):
        raise typer.Exit(1)


def main() -> None:
    """Entry point of the ``dragoman`` command."""
    app()


if __name__ == "__main__":
    main()
