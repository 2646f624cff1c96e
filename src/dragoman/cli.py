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

from dragoman import cli_actors, commands
from dragoman.export import FORMATS
from dragoman.terminal import fail as _fail
from dragoman.terminal import progress as _progress
from dragoman.terminal import say as _say

if TYPE_CHECKING:
    from dragoman.engines import Outcome

app = typer.Typer(
    name="dragoman",
    help="Reads dated news and keeps the record: who did what to whom, when, where, and on whose word.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(cli_actors.app)
commands.register(app)
# Faults of a corpus that are shown at once: more than anyone mends before the next try.
MOST_FAULTS = 20


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
Least = Annotated[
    float | None,
    typer.Option(
        min=0.0,
        max=1.0,
        help="Keep records from this confidence on. Lower finds more, higher is more often right. "
        "Default: where both weigh alike.",
    ),
]
ModelFolder = Annotated[
    Path | None,
    typer.Option("--model", help="A model of your own, as dragoman train writes it. Default: the one that ships."),
]
ActorFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--actors",
        help="A file of actors of your own, to come before the register that ships (dragoman actors --help). "
        "May be given again: of two files the first comes first.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes to code with; the result is the same.")]


@app.command()
def code(
    sources: Sources,
    date: Date = None,
    format: Format = None,
    output: Output = None,
    explain: Explain = False,
    min_confidence: Least = None,
    model: ModelFolder = None,
    actors: ActorFiles = None,
    jobs: Jobs = 1,
) -> None:
    """Code reports into event records.

    Examples:

      dragoman code report.txt --date 2022-02-25

      dragoman code articles.jsonl --output events.parquet --jobs 2

      dragoman code report.txt --min-confidence 0.7

      dragoman code report.txt --model my-model

      dragoman code report.txt --actors my-actors.yaml

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
        outcomes = engines.code_all(items, jobs=jobs, min_confidence=min_confidence, model=model, actors=actors or ())
        target: Any = sys.stdout if output is None else output
        writer = (
            nullcontext()
            if explain
            else export.open_writer(target, format or (None if output is not None else "table"))
        )
    except (ValueError, RuntimeError) as error:
        raise _fail(str(error)) from error
    tally = Tally()
    interrupted = False
    try:
        with writer as out, _progress(to_file=output is not None) as bar:
            task = bar.add_task("", total=None) if bar else None
            for outcome in outcomes:
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
        raise _fail(str(error) if model else f"{error}; dragoman doctor shows what is missing", 1) from error
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
    as_json: Json = False,
    model: ModelFolder = None,
) -> None:
    """Score coded documents against gold, by level and attribute."""
    if predicted is not None and model is not None:
        raise _fail("--model is for coding afresh: leave out the coded documents or the model")
    from dragoman import evaluation

    tally = Tally()
    try:
        records = evaluation.read_gold(gold)
        if predicted is not None:
            found = evaluation.read_predicted(predicted)
        else:
            found = {}
            for outcome in evaluation.code_gold(gold, model):
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
def train(
    corpus: Annotated[
        Path,
        typer.Argument(
            help="Your corrected records: a folder with one JSON file a document, or a file of JSON lines; "
            "each with id, text, published, events.",
            exists=True,
            show_default=False,
        ),
    ],
    out: Annotated[Path, typer.Option("--out", help="A new folder for the model.", show_default=False)],
    test: Annotated[
        Path | None,
        typer.Option(
            help="Documents to measure on. Default: a fifth of CORPUS, which is then not learned.", exists=True
        ),
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(min=1, help="How often each document is learned. Default: as their number asks for.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Teach the model your own records, and see what it gains.

    Takes up from the model that ships, reads CORPUS in minutes, and prints how documents that it did not learn were
    coded before and are coded after: precision, recall and F1 by level.

    A type that the codebook lacks is learned as a type of your own, such as APPOINT: any name in capitals, digits and
    underscores. It has no modes. A dozen records begin to teach it, more teach it better.

    Code each document whole: what has no record counts as no event.

    Examples:

      dragoman train corrected/ --out my-model

      dragoman train corrected.jsonl --test unseen/ --out my-model --json

      dragoman code report.txt --model my-model

    Needs more packages: pip install 'dragoman\\[train]'.

    Exit status: 0 all well, 1 when it failed, 2 wrong use or a fault in CORPUS, 130 interrupted.
    """
    from dragoman import learning
    from dragoman.learning import corpus as gold

    try:
        documents = gold.read(corpus)
        documents = gold.split(documents) if test is None else gold.with_test(documents, gold.read(test))
    except gold.BadCorpus as error:
        for fault in error.faults[:MOST_FAULTS]:
            _say(fault, "red")
        if len(error.faults) > MOST_FAULTS:
            _say(f"and {len(error.faults) - MOST_FAULTS} faults more")
        raise typer.Exit(2) from error
    if lacking := learning.lacking():
        raise _fail(f"training needs {' and '.join(lacking)}: {learning.INSTALL}", 1)
    from dragoman.learning.continuing import learn

    try:
        with _progress(to_file=True, share=True) as bar:
            task = bar.add_task("", total=1.0) if bar else None

            def tell(what: str, share: float) -> None:
                if bar and task is not None:
                    bar.update(task, completed=share, description=what)

            learned = learn(documents, out, epochs=epochs, tell=tell)
    except KeyboardInterrupt:
        _say("interrupted: no model is written")
        raise typer.Exit(130) from None
    except (gold.BadCorpus, FileExistsError) as error:
        raise _fail(str(error)) from error
    except (OSError, RuntimeError, ValueError) as error:
        raise _fail(f"{error}; no model is written", 1) from error
    if as_json:
        print(json.dumps(learned.to_dict(), indent=2))
    else:
        from dragoman.learning.figures import show

        show(learned, Console(highlight=False, markup=False, emoji=False))
    _say(f"{out}: use it with dragoman code --model {out}")


@app.command()
def doctor(
    where: Annotated[
        str | None, typer.Argument(help="With --ledger: the ledger's file or address.", show_default=False)
    ] = None,
    ledger: Annotated[
        bool, typer.Option("--ledger", help="Check a ledger: whether it is sound, and which coders coded it.")
    ] = False,
) -> None:
    """Check what is installed, which model and data, what is missing and the fix; or whether a ledger is sound.

    Examples:

      dragoman doctor

      dragoman doctor --ledger events.db

    Exit status: 0 all well, 1 when there is something to fix, 2 wrong use.
    """
    if where is not None and not ledger:
        raise _fail(f"to check the ledger {where}: dragoman doctor --ledger {where}")
    if ledger:
        from dragoman.commands.keeping import examine

        rows = examine(where)
    else:
        from dragoman.doctor import checks

        rows = [(row.name, row.found, row.fix) for row in checks()]
    table = Table(box=None, pad_edge=False)
    for column in ("what", "found", "fix"):
        table.add_column(column, overflow="fold")
    for name, found, fix in rows:
        table.add_row(name, found, fix or "ok")
    Console(highlight=False, markup=False, emoji=False).print(table)
    if any(fix for _, _, fix in rows):
        raise typer.Exit(1)


def main() -> None:
    """Entry point of the ``dragoman`` command."""
    app()


if __name__ == "__main__":
    main()
