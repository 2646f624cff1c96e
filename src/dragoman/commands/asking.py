"""Questions: ``query``, ``dyads``, ``stance`` and ``export``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, cast

import typer
from rich.table import Table
from rich.text import Text

from dragoman.commands import telling as words
from dragoman.commands.narrowing import narrowed
from dragoman.commands.options import FORMATS, Format, Where, checked, opened
from dragoman.commands.page import Column, Output, Page, listed, put, put_json
from dragoman.commands.stands import columns, rows_of, tell, whole
from dragoman.export.people import printable
from dragoman.terminal import counted, fail, progress, say

if TYPE_CHECKING:
    from dragoman.ledger import LedgerEvent
    from dragoman.ledger.asking import DyadRow

_SHOWN = ("events", "reports", "undated")
_MEASURED = (
    *("events", "reports", "score_mean", "score_sum", "verbal_cooperation", "material_cooperation"),
    *("verbal_conflict", "material_conflict", "undated"),
)
# Events of one page where all are asked for.
_PAGE = 1_000
_LAYOUTS = ("polecat", "plover", "icews", "gdelt", "acled", "parquet", "csv")


@narrowed()
def query(
    filters: dict[str, Any],
    text: Annotated[
        list[str] | None,
        typer.Argument(help="Words of the reports, in any form; a phrase between quotation marks.", show_default=False),
    ] = None,
    sort: Annotated[str, typer.Option(help="date, reported, sources or confidence.")] = "date",
    ascending: Annotated[bool, typer.Option("--ascending", help="Begin with the earliest, or lowest.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="Show so many at most.")] = 50,
    after: Annotated[str | None, typer.Option(help="Go on after this mark of a page.", show_default=False)] = None,
    every: Annotated[bool, typer.Option("--all", help="Show all there are.")] = False,
    format: Annotated[
        str, typer.Option("--format", "-f", help="table, jsonl, csv, or ids for the ids alone, a line each.")
    ] = "table",
    ledger: Where = None,
) -> None:
    """List events by who, whom, what, when, where, how firmly, and by words.

    All that is asked for must hold; of several values of one option, any. Countries are codes, names or adjectives.

    Examples:

      dragoman query --actor MMR --recipient RUS --type SUPPORT --since 2021 --sort date

      dragoman query "sanctions on Myanmar arms"

      dragoman show $(dragoman query Kyiv --type ASSAULT --sort sources --limit 1 --format ids)

      dragoman query --party Ukraine --state disputed --min-sources 2 --all --format jsonl

    Exit status: 0 found, 1 when nothing was, 2 wrong use.
    """
    checked(format, (*FORMATS, "ids"))
    with opened(ledger) as book:
        asked = _asked(filters, text)
        options: dict[str, Any] = {"sort": sort, "ascending": ascending, "limit": _PAGE if every else limit}
        page = book.query(asked, after=after, **options)

        def events() -> Iterator[LedgerEvent]:
            nonlocal page
            yield from page.events
            while every and page.next:
                page = book.query(asked, after=page.next, **options)
                yield from page.events

        number = _listed(format, events())
        if page.next and not every:
            # How many there are in all takes longer to say than the page: programs are not made to wait for it.
            ahead = f" of {book.count(asked):,} events" if format == "table" else " events, and there are more"
            say(f"{number:,}{ahead}; --all shows all, --after {page.next} the next")
        else:
            say(counted(number, "event"))
        if not number:
            for word, others in book.fewer(asked):
                say(f"without {word}: {counted(others, 'event')}")
    if not number:
        raise typer.Exit(1)


@narrowed(without=("state", "factuality"))
def dyads(
    filters: dict[str, Any],
    text: Annotated[list[str] | None, typer.Argument(help="Words of the reports.", show_default=False)] = None,
    by: Annotated[str, typer.Option(help="day, week, month, quarter, year or all.")] = "month",
    measure: Annotated[
        str,
        typer.Option(
            help="What value is: events, reports, score (the mean of PLOVER scores), score_sum, cooperation, conflict, "
            "net, verbal_cooperation, material_cooperation, verbal_conflict or material_conflict."
        ),
    ] = "events",
    unknown: Annotated[bool, typer.Option("--unknown", help="Also pairs of which one side is not known.")] = False,
    format: Format = "table",
    ledger: Where = None,
) -> None:
    """Count who acts towards whom, period by period.

    Events that happened, and that some report still tells. An event without a date of its own stands in the period of
    its first report, unless --dated-only leaves it out.

    Examples:

      dragoman dyads --by month --measure score

      dragoman dyads --actor Russia --recipient Ukraine --by year --measure net --format csv

    Exit status: 0 found, 1 when nothing was, 2 wrong use.
    """

    checked(format)
    with opened(ledger) as book:
        found = book.dyads(_asked(filters, text), by=by, measure=measure, unknown=unknown)
        columns: list[Column[DyadRow]] = [
            Column("actor", lambda r: r.actor),
            Column("recipient", lambda r: r.recipient),
            Column("period", lambda r: r.period),
            Column(measure if format == "table" else "value", lambda r: r.value, right=True),
        ]
        rest = [name for name in _SHOWN if name != measure] if format == "table" else list(_MEASURED)
        columns += [Column(name, _field(name), right=True) for name in rest]
        number = listed(format, found.rows, columns, lambda r: r.to_dict())
    told = [counted(number, "row")]
    if found.left_out:
        told.append(f"{counted(found.left_out, 'event')} left out, dated less exactly than to the {by}")
    if found.undated:
        told.append(f"{found.undated:,} without a date stand where their first report does")
    if found.unknown and not unknown:
        told.append(f"{found.unknown:,} with a side of no known country: --unknown shows them")
    say("; ".join(told))
    if not number:
        raise typer.Exit(1)


@narrowed(without=("report",))
def stance(
    filters: dict[str, Any],
    target: Annotated[
        str,
        typer.Argument(help="Words that name a deed, the id of an event, or a country.", show_default=False),
    ],
    evidence: Annotated[int, typer.Option(min=0, help="Sentences for each party.")] = 1,
    format: Format = "table",
    ledger: Where = None,
) -> None:
    """Show who stands where on a deed or towards an actor: who supports, condemns, sanctions, arms, mediates.

    Each party is shown with the sentences that say so.

    Examples:

      dragoman stance "invasion of Ukraine"

      dragoman stance Myanmar --since 2021 --evidence 3

      dragoman stance 5f2b9c0d1e3a4b67 --format jsonl

    Exit status: 0 found, 1 when nobody takes a stand, 2 wrong use.
    """
    from dragoman.ledger.asking import Filters

    checked(format)
    with opened(ledger) as book:
        found = book.stance(target, Filters(**filters), evidence=evidence)
        rows = rows_of(found)
        if format == "table":
            tell(found, rows)
        else:
            listed(format, rows, columns(), whole)
    say(counted(len(rows), "stand") + (f"; {found.left_out:,} earlier events are not read" if found.left_out else ""))
    if not rows:
        raise typer.Exit(1)


@narrowed()
def export(
    filters: dict[str, Any],
    kind: Annotated[str, typer.Option("--as", help=f"{', '.join(_LAYOUTS)}.", show_default=False)],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The folder to write into; made when missing.", show_default=False)
    ],
    text: Annotated[list[str] | None, typer.Argument(help="Words of the reports.", show_default=False)] = None,
    undated: Annotated[
        str,
        typer.Option(
            help="Events that no report dates, in layouts that need a day: leave them out, or give them the day that "
            "they were published."
        ),
    ] = "leave",
    ledger: Where = None,
) -> None:
    """Write events in the columns of a published data set, and tell what these cannot hold.

    Examples:

      dragoman export --as polecat -o out/

      dragoman export --as parquet -o out/ --since 2024 --state corroborated

      dragoman export --as gdelt -o out/ --undated published

    Exit status: 0 all well, 1 when nothing was written, 2 wrong use, 130 interrupted.
    """
    from dragoman.export.ledger import export_events

    if kind not in _LAYOUTS:
        raise fail(f"--as {kind}: is none of {', '.join(_LAYOUTS)}")
    if undated not in ("leave", "published"):
        raise fail(f"--undated {undated}: is neither leave nor published")
    with opened(ledger) as book, progress(to_file=True, left=True) as bar:
        asked = _asked(filters, text)
        task = bar.add_task("events", total=book.count(asked), rate="") if bar else None

        def tell(events: int, rows: int) -> None:
            if bar and task is not None:
                speed = bar.tasks[0].speed
                bar.update(task, completed=events, rate=f"{speed:,.0f}/s" if speed else "")

        try:
            made = export_events(book.iterate(asked, tellings=True), kind, output, undated=_undated(undated), tell=tell)
        except KeyboardInterrupt:
            say("interrupted: nothing is written")
            raise typer.Exit(130) from None
        except OSError as error:
            raise fail(f"{error.filename or output}: {error.strerror or error}; nothing is written", 1) from error
    for name, (number, why) in made.lost.items():
        say(f"{name}: {number:,}: {why}", "dim")
    for file in made.files:
        print(file)
    say(f"{counted(made.events, 'event')} in {counted(made.rows, 'row')}")
    if not made.rows:
        raise typer.Exit(1)


def _undated(given: str) -> Any:
    return given


def _asked(filters: dict[str, Any], text: list[str] | None) -> Any:
    from dragoman.ledger.asking import Filters

    return Filters(text=_question(text), **filters)


def _question(text: list[str] | None) -> str:
    """The words as one question: an argument of the shell that was quoted is words, not a phrase."""
    return " ".join(text or ())


def _field(name: str) -> Any:
    return lambda row: getattr(row, name)


def _listed(format: str, events: Iterator[LedgerEvent]) -> int:
    number = 0
    if format == "csv":
        return _csv(events)
    page = Page()
    for event in events:
        if format == "jsonl":
            put_json(event.to_dict())
        elif format == "ids":
            put(event.id + "\n")
        else:
            _tell(page, event)
        number += 1
    return number


def _tell(page: Any, event: LedgerEvent) -> None:
    """An event in three or more lines: what and who, how firmly and where, and the sentence cut to the width."""
    grid = Table.grid(padding=(0, 2, 0, 0), expand=True)
    grid.add_column(width=10, overflow="fold")
    grid.add_column(width=14, overflow="fold")
    grid.add_column(ratio=1, overflow="fold")
    kind = Text(event.type, "bold")
    kind.append("".join(f"\n{mode}" for mode in event.mode), "not bold")
    facts = " · ".join(filter(None, (words.where(event), *words.manner(event), words.standing(event), event.id)))
    sentence = Text(printable(event.sentence), "dim", no_wrap=True, overflow="ellipsis")
    cell = Table.grid(expand=True)
    cell.add_column(ratio=1, overflow="fold")
    cell.add_row(Text(words.who(event)))
    cell.add_row(Text(facts, "dim"))
    if event.sentence:
        cell.add_row(sentence)
    grid.add_row(Text(words.when(event).replace("/", "/\n").replace(" ", "\n")), kind, cell)
    page.put(grid)


def _csv(events: Iterator[LedgerEvent]) -> int:
    """The columns of our own export."""
    from dragoman.export.ledger.events import EventsCsv
    from dragoman.export.ledger.losses import Losses

    table = EventsCsv(cast(IO[bytes], Output()), Losses(), "leave")
    table.begin()
    return sum(table.write(event) for event in events)
