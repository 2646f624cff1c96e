"""The commands of ``dragoman actors``: look into the register, check it, and gather rows of one's own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dragoman.terminal import fail, progress, say

if TYPE_CHECKING:
    from dragoman.actors import Register
    from dragoman.gathering.claims import Claim, Skip

app = typer.Typer(
    name="actors",
    help="Whom the register knows; actors of your own, from lists or from your reports.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

Files = Annotated[
    list[Path] | None,
    typer.Option("--actors", help="A file of actors of your own; may be given again.", show_default=False),
]
Day = Annotated[str | None, typer.Option("--date", help="The day, month or year to look at, such as 2022-02.")]
Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
Out = Annotated[Path, typer.Option("--out", help="The file to write.", show_default=False)]
LISTS = ("wikidata", "csv", "petrarch", "proposals")


def _register(files: list[Path] | None) -> Register:
    from dragoman import actors

    try:
        return actors.load(*(files or ()))
    except actors.BadActors as error:
        raise fail(str(error)) from error


def _print(text: str) -> None:
    from dragoman.export.people import printable

    print(printable(text) if not text.startswith("  ") else "  " + printable(text))


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A name of a state, person, body, party or group.", show_default=False)],
    date: Day = None,
    actors: Files = None,
    as_json: Json = False,
) -> None:
    """Show who owns a name, with roles and dates, and what it is on a day.

    Examples:

      dragoman actors show "Angela Merkel" --date 2015

      dragoman actors show KDF

      dragoman actors show "Jane Doe" --actors my-actors.yaml --json

    Exit status: 0 found, 1 when nobody owns the name, 2 wrong use.
    """
    from dragoman.actors import lookup

    register = _register(actors)
    try:
        found = lookup.asked(register, name, date)
    except ValueError as error:
        raise fail(str(error)) from error
    if not found["entries"]:
        close = lookup.near(register, name)
        hint = f"; near it: {', '.join(close)}" if close else "; dragoman actors search finds names by their words"
        if as_json:
            print(json.dumps({**found, "near": close}, ensure_ascii=False, indent=2))
        raise fail(f"nobody of the register is called {name!r}{hint}", 1)
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for entry in found["entries"]:
        for line in lookup.lines(entry, date):
            _print(line)
    codes = " ".join(c for c in (found["resolved"]["country"], found["resolved"]["sector"]) if c) or "nothing known"
    _print(f"{name!r} in a report: {codes}: {found['resolved']['reason']}")


@app.command()
def search(
    words: Annotated[
        list[str] | None, typer.Argument(help="Words that a name holds, in any order; none for all names.")
    ] = None,
    country: Annotated[str | None, typer.Option(help="A country's code, such as KEN.")] = None,
    sector: Annotated[
        str | None, typer.Option(help="A sector's code, such as GOV: on --date, without it at any time.")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="person, body, party, group, seat, country, city and so on.")] = None,
    date: Day = None,
    limit: Annotated[int, typer.Option(min=1, help="Show so many at most.")] = 50,
    actors: Files = None,
    as_json: Json = False,
) -> None:
    """List entries by words of their names, whatever case and accents.

    Examples:

      dragoman actors search ruto

      dragoman actors search --country KEN --sector MIL

      dragoman actors search minister --kind person --date 2024 --json

    Exit status: 0 found, 1 when nothing was, 2 wrong use.
    """
    from dragoman.actors import lookup
    from dragoman.codebook import COUNTRIES, SECTORS

    for code, known, what in ((country, COUNTRIES, "country"), (sector, SECTORS, "sector")):
        if code is not None and code.upper() not in known:
            raise fail(f"{what} {code!r} is not in the codebook; dragoman codebook lists what is")
    register = _register(actors)
    try:
        when = lookup.days(date)
    except ValueError as error:
        raise fail(str(error)) from error
    found = lookup.search(
        register,
        " ".join(words or ()),
        country=country and country.upper(),
        sector=sector and sector.upper(),
        kind=kind and kind.lower(),
        when=when,
    )
    rows = [lookup.told(f, when) for f in found[:limit]]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    elif rows:
        _table(rows)
    say(f"{len(found)} found" + (f", {limit} shown: --limit shows more" if len(found) > limit else ""))
    if not found:
        raise typer.Exit(1)


def _table(rows: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    from dragoman.export.people import printable

    table = Table(box=None, pad_edge=False)
    for column in ("name", "kind", "country", "sector", "why"):
        table.add_column(column, overflow="fold")
    for row in rows:
        then = row["then"]
        table.add_row(
            printable(row["name"]), row["kind"], then["country"] or "–", then["sector"] or "–", printable(then["why"])
        )
    Console(highlight=False, markup=False, emoji=False).print(table)


@app.command()
def check(
    file: Annotated[
        Path | None, typer.Argument(help="A file of actors of your own; the shipped register when left out.")
    ] = None,
) -> None:
    """Say what is wrong with the register, or with a file of your own and what it overrides.

    Examples:

      dragoman actors check

      dragoman actors check my-actors.yaml

    Exit status: 0 when nothing is wrong, 1 when something is, 2 wrong use.
    """
    from dragoman.actors import check as checks

    checked = checks.Checked(tuple(checks.check())) if file is None else checks.check_own(file)
    wrong, notes = checked.faults, checked.notes
    for line in wrong:
        _print(f"fault: {line}")
    for line in notes:
        _print(f"note: {line}")
    say(f"{file or 'the shipped register'}: {len(wrong)} faults, {len(notes)} notes")
    if wrong:
        raise typer.Exit(1)


@app.command("import")
def take(
    source: Annotated[Path, typer.Argument(help="The list to read.", exists=True, dir_okay=False, show_default=False)],
    kind: Annotated[str, typer.Option("--from", help=f"What it is: {', '.join(LISTS)}.", show_default=False)],
    out: Out,
    append: Annotated[bool, typer.Option("--append", help="Add to the file where there is one.")] = False,
    actors: Files = None,
) -> None:
    """Make a file of actors of a list: Wikidata's JSON, a table, a PETRARCH dictionary, accepted proposals.

    What the register knows already is left out, and what cannot be coded is told and left out: nothing is guessed.

    Examples:

      dragoman actors import query.json --from wikidata --out my-actors.yaml

      dragoman actors import people.csv --from csv --out my-actors.yaml --append

      dragoman actors import Phoenix.Countries.actors.txt --from petrarch --out petrarch.yaml

      dragoman actors import proposals.yaml --from proposals --out my-actors.yaml

    Exit status: 0 all well, 1 when nothing was taken or the file cannot be written, 2 wrong use or a list that cannot
    be read.
    """
    from dragoman.actors.source import SourceError
    from dragoman.gathering import claims, writing
    from dragoman.gathering.lists import BadList

    if kind not in LISTS:
        raise fail(f"--from {kind}: is none of {', '.join(LISTS)}")
    if out.exists() and not append:
        raise fail(f"{out}: is there already; --append adds to it")
    if out.exists() and source.samefile(out):
        raise fail(f"--out {out} is the list to be read: write to another")
    register = _register(actors)
    tally = claims.Tally()
    try:
        head = writing.head_of(out) if out.exists() else ""
        rows = claims.gather(_reader(kind)(source, register), register, tally)
        if out.exists():
            rows = writing.appended(out, rows)
    except (BadList, SourceError, writing.CannotAppend) as error:
        raise fail(str(error)) from error
    except OSError as error:
        raise fail(f"{error.filename or source}: {error.strerror or error}") from error
    if tally.taken:
        _write(out, writing.dump(map(writing.plain, rows), head))
    say(str(tally))
    if not tally.taken:
        say(f"{out}: not written, there is nothing new")
        raise typer.Exit(0 if tally.known and not tally.skipped else 1)
    say(f"{out}: look through it with dragoman actors check {out}, use it with dragoman code --actors {out}")


def _reader(kind: str) -> Callable[[Path, Register], Iterator[Claim | Skip]]:
    from dragoman.gathering import accepted, petrarch, tables, wikidata

    return {
        "wikidata": wikidata.read,
        "csv": tables.read,
        "petrarch": petrarch.read,
        "proposals": accepted.read,
    }[kind]


def _write(out: Path, text: str) -> None:
    from dragoman.gathering import writing

    try:
        writing.write(out, text)
    except OSError as error:
        raise fail(f"{out}: {error.strerror or error}; nothing is written", 1) from error


@app.command()
def propose(
    sources: Annotated[
        list[str],
        typer.Argument(
            help="Files, folders, or - for standard input: text, HTML, JSON, JSON lines, CSV, TSV, Parquet.",
            show_default=False,
        ),
    ],
    out: Out,
    at_least: Annotated[int, typer.Option("--at-least", min=1, help="Reports that must agree on a name.")] = 2,
    date: Annotated[
        str | None, typer.Option(help="Publication date of documents that state none, such as 2022-02-25.")
    ] = None,
    actors: Files = None,
) -> None:
    """Collect names that the register lacks, with the offices that your reports give them, for you to accept.

    A name is proposed when most reports that say what it is agree on country and sector. Nothing of it is used before
    you set accept to true in the file and import it.

    Examples:

      dragoman actors propose articles/ --out proposals.yaml

      dragoman actors propose articles.jsonl --out proposals.yaml --at-least 5 --actors my-actors.yaml

    Exit status: 0 all well, 1 when a document failed or none was read, 2 wrong use, 130 interrupted: the file then
    holds what was seen so far.
    """
    from dragoman import language, reading
    from dragoman.gathering import proposing, writing

    if out.exists():
        raise fail(f"{out}: is there already; give another --out, so that what you accepted is not lost")
    if not out.absolute().parent.is_dir():
        raise fail(f"{out}: its folder does not exist; make it first")
    register = _register(actors)
    found = proposing.Proposals(register)
    read = failed = skipped = 0
    interrupted = False
    try:
        items = reading.read(sources, date=date)
        with progress(to_file=True) as bar:
            task = bar.add_task("", total=None) if bar else None
            for item in items:
                if isinstance(item, reading.Refusal):
                    skipped += item.status == "skipped"
                    failed += item.status != "skipped"
                    say(str(item), "yellow")
                    continue
                try:
                    found.add(language.parse(item))
                    read += 1
                except (RuntimeError, MemoryError, RecursionError, ValueError, IndexError) as error:
                    if isinstance(error, RuntimeError) and "not installed" in str(error):
                        raise
                    failed += 1
                    say(f"{item.id}: cannot be parsed ({type(error).__name__}: {error})", "yellow")
                if bar and task is not None:
                    bar.update(task, advance=1)
    except KeyboardInterrupt:
        interrupted = True
    except (ValueError, RuntimeError) as error:
        raise fail(str(error)) from error
    rows = found.rows(at_least)
    _write(out, writing.dump(rows, proposing.HEAD))
    say(
        ("interrupted: " if interrupted else "")
        + f"{read} read, {skipped} skipped, {failed} failed: {len(rows)} names proposed in {out}"
    )
    if interrupted:
        raise typer.Exit(130)
    if failed or not read:
        raise typer.Exit(1)
