"""Reports into the ledger: ``ingest``, ``watch`` and ``sources``."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dragoman.commands.counting import expected
from dragoman.commands.options import ActorFiles, Format, Jobs, Least, ModelFolder, Where, checked, opened
from dragoman.commands.page import Column, listed
from dragoman.terminal import counted, fail, progress, say

if TYPE_CHECKING:
    from dragoman.fetching import Fetcher, Item, Known
    from dragoman.ledger import Arrival, Counts, Ledger, Progress, SourceHealth
    from dragoman.reading import Refusal
    from dragoman.record import Document

# Refusals that are told one by one: of more, the table at the end has the number and the reasons.
_MOST_TOLD = 20
# Reasons that a table has room for.
_MOST_REASONS = 3
# Digits of a refusal's reason, such as a length, would make as many reasons as documents.
_FIGURE = re.compile(r"\d[\d,.]*")
_PAUSE = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd]?)")
_SECONDS = {"": 60.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}

_COUNTED = ("coded", "known", "skipped", "failed")

Date = Annotated[
    str | None,
    typer.Option(help="Publication date of documents that state none, such as 2022-02-25.", show_default=False),
]
Private = Annotated[
    bool, typer.Option("--allow-private", help="Also fetch from addresses within your own network and machine.")
]
MaxBytes = Annotated[
    int | None,
    typer.Option(min=1, help="Take no page or feed that has more, unpacked. Default: 10 million.", show_default=False),
]
Timeout = Annotated[
    float | None,
    typer.Option(min=1.0, help="Seconds that a server has for an answer. Default: 30.", show_default=False),
]
Agent = Annotated[
    str, typer.Option(help="The User-Agent that servers see. Default: Dragoman and its version.", show_default=False)
]
KeepText = Annotated[
    bool | None,
    typer.Option(
        "--text/--no-text",
        help="Keep the text of reports, or only offsets, hashes and evidence sentences. What is said once holds for "
        "the ledger from then on.",
        show_default=False,
    ),
]


def ingest(
    sources: Annotated[
        list[str],
        typer.Argument(
            help="Files, folders, addresses, or - for standard input: text, HTML, JSON, JSON lines, CSV, TSV, "
            "Parquet, RSS, Atom, OPML, sitemaps, WARC, lists of addresses; packed with gzip or not.",
            show_default=False,
        ),
    ],
    ledger: Where = None,
    date: Date = None,
    jobs: Jobs = 1,
    min_confidence: Least = None,
    model: ModelFolder = None,
    actors: ActorFiles = None,
    text: KeepText = None,
    allow_private: Private = False,
    max_bytes: MaxBytes = None,
    timeout: Timeout = None,
    agent: Agent = "",
    format: Format = "table",
) -> None:
    """Code reports and keep them: what the ledger has already is not coded again.

    Examples:

      dragoman ingest articles/ archive.warc.gz --jobs 2

      dragoman ingest feeds.opml https://example.org/story.html

      dragoman ingest articles.parquet --ledger postgresql://me@localhost/events

      dragoman ingest licensed/ --no-text --ledger licensed.db

    A run that was interrupted is taken up by the same command. Pages are fetched as robots.txt allows, one at a time
    from each server.

    Exit status: 0 all well, 1 when a document failed or there was none, 2 wrong use, 130 interrupted.
    """
    from dragoman.fetching import read_all
    from dragoman.ledger.memory import HeldMemory

    checked(format)
    fetcher = _fetcher(allow_private, max_bytes, timeout, agent)
    options = _options(jobs, min_confidence, model, actors, text)
    with opened(ledger, create=True) as book:
        memory = HeldMemory(book.store)
        try:
            items = read_all(sources, date=date, fetcher=fetcher, known=book.knows, memory=memory)
        except ValueError as error:
            raise fail(str(error)) from error
        total = expected(sources) if sys.stderr.isatty() else None
        made, interrupted = _take(book, items, options, total)
        if not interrupted:
            memory.release()
        _report(made.sources, format)
        say(("interrupted: " if interrupted else "") + f"{made.total}; {book.name}")
    if interrupted:
        say("what is coded is kept: the same command goes on from here")
        raise typer.Exit(130)
    if made.total.failed or not (made.total.coded or made.total.known):
        raise typer.Exit(1)


def watch(
    feeds: Annotated[
        list[str],
        typer.Argument(
            help="Feeds, sitemaps and OPML lists by their addresses; files that list feeds.", show_default=False
        ),
    ],
    every: Annotated[str, typer.Option(help="The pause between two looks at a feed: 15m, 2h, 1d.")] = "15m",
    once: Annotated[bool, typer.Option("--once", help="Look at what is due now, and end: for cron.")] = False,
    ledger: Where = None,
    jobs: Jobs = 1,
    min_confidence: Least = None,
    model: ModelFolder = None,
    actors: ActorFiles = None,
    text: KeepText = None,
    allow_private: Private = False,
    max_bytes: MaxBytes = None,
    timeout: Timeout = None,
    agent: Agent = "",
) -> None:
    """Look at feeds again and again, and take what is new into the ledger, until Ctrl-C.

    Examples:

      dragoman watch feeds.opml --every 15m

      dragoman watch https://example.org/feed.xml --every 1h --ledger world.db

      dragoman watch feeds.opml --once

    A feed is asked only whether it changed; one that fails is left alone for longer each time. Ctrl-C or SIGTERM ends
    it after the document at hand.

    Exit status: 0 ended as asked, 2 wrong use, 1 when the ledger cannot be written, 130 interrupted twice.
    """
    from dragoman.fetching import Watch
    from dragoman.fetching.clock import Stopped
    from dragoman.ledger.memory import HeldMemory

    pause = _seconds(every)
    fetcher = _fetcher(allow_private, max_bytes, timeout, agent)
    options = _options(jobs, min_confidence, model, actors, text)
    with opened(ledger, create=True) as book:
        memory = HeldMemory(book.store)
        try:
            watching = Watch(feeds, fetcher=fetcher, known=book.knows, memory=memory, every=pause)
        except ValueError as error:
            raise fail(f"--every {every}: {error}") from error
        with watching.stopping_on_signals():
            while True:
                made, interrupted = _take(book, watching.round(), options, None)
                memory.release()
                if made.total.coded or made.total.skipped or made.total.failed or once:
                    say(f"{_now()} {made.total}")
                if interrupted:
                    raise typer.Exit(130)
                if once or watching.clock.stopped:
                    break
                try:
                    # A second at least, so that a clock that is set back makes no busy loop.
                    watching.clock.sleep(max(watching.due - watching.clock.now(), 1.0))
                except Stopped:
                    break
        say(f"stopped; {book.name}")


def sources(ledger: Where = None, format: Format = "table") -> None:
    """List the sources of the ledger: what the last look at each came to, and which cannot be had.

    Examples:

      dragoman sources

      dragoman sources --format jsonl

    Exit status: 0 all well, 1 when a source failed last or there is none, 2 wrong use.
    """

    checked(format)
    with opened(ledger) as book:
        found = book.sources()
    columns: list[Column[SourceHealth]] = [
        Column("source", lambda s: s.source, ratio=3),
        Column("reports", lambda s: s.reports, right=True),
        Column("newest", lambda s: s.newest and s.newest[:10]),
        Column("read", lambda s: s.at and (s.at[:10] if format == "table" else s.at)),
    ]
    if format == "table":
        columns += [Column("came to", _came_to, ratio=2)]
    else:
        columns += [Column(name, _last(name), right=True) for name in _COUNTED]
        columns += [Column("failures", lambda s: s.failures), Column("gone", lambda s: s.gone)]
        columns += [Column("due", lambda s: s.due)]
    columns.append(Column("why", _standing, ratio=3))
    listed(format, found, columns, lambda s: s.to_dict())
    wrong = sum(map(_trouble, found))
    say(f"{counted(len(found), 'source')}, {wrong} with trouble")
    if wrong or not found:
        raise typer.Exit(1)


def _take(book: Ledger, items: Iterable[Item], options: Mapping[str, Any], total: int | None) -> tuple[Progress, bool]:
    """Ingest ``items``; the counts, and whether Ctrl-C ended it."""
    from dragoman.ledger import Arrival, LedgerError, Progress
    from dragoman.reading import Refusal

    made = Progress()
    told = 0

    def arrivals() -> Iterator[Arrival]:
        for item in items:
            yield Arrival(item.source, item.made)

    with progress(to_file=True, left=True) as bar:
        task = bar.add_task("", total=total, rate="") if bar else None

        def tell(now: Progress, what: Document | Refusal | Known) -> None:
            nonlocal made, told
            made = now
            if isinstance(what, Refusal):
                told += 1
                if told <= _MOST_TOLD:
                    say(str(what), "yellow")
                elif told == _MOST_TOLD + 1:
                    say("more are counted at the end", "dim")
            if bar and task is not None:
                state = bar.tasks[0]
                rate = f"{state.speed:.1f}/s" if state.speed else ""
                ahead = total if total is None or state.completed < total else None
                description = f"{now.total.events} records"
                bar.update(task, advance=1, description=description, rate=rate, total=ahead)

        try:
            return book.ingest(arrivals(), tell=tell, **options), False
        except KeyboardInterrupt:
            return made, True
        except LedgerError as error:
            raise fail(f"{error}; {made.written} reports were written before", 1) from error
        except OSError as error:
            raise fail(f"{error.filename or 'standard input'}: {error.strerror or error}") from error
        except ValueError as error:
            raise fail(str(error)) from error
        except RuntimeError as error:
            if options["model"]:
                raise fail(str(error)) from error
            raise fail(f"{error}; dragoman doctor shows what is missing", 1) from error


def _options(
    jobs: int, min_confidence: float | None, model: Path | None, actors: list[Path] | None, text: bool | None
) -> dict[str, Any]:
    return {
        "jobs": jobs,
        "min_confidence": min_confidence,
        "model": model,
        "actors": tuple(actors or ()),
        "text": text,
    }


def _fetcher(allow_private: bool, max_bytes: int | None, timeout: float | None, agent: str) -> Fetcher:
    from dataclasses import replace

    from dragoman.fetching import Fetcher, Limits

    limits = Limits()
    if max_bytes is not None:
        limits = replace(limits, page_bytes=max_bytes, list_bytes=max(max_bytes, limits.list_bytes))
    if timeout is not None:
        limits = replace(limits, seconds=timeout, connect_seconds=min(timeout, limits.connect_seconds))
    try:
        return Fetcher(limits=limits, allow_private=allow_private, agent=agent)
    except ValueError as error:
        raise fail(f"--agent: {error}") from error


def _seconds(every: str) -> float:
    found = _PAUSE.fullmatch(every.strip().lower())
    if found is None:
        raise fail(f"--every {every}: write 15m, 2h or 1d")
    return float(found[1]) * _SECONDS[found[2]]


def _now() -> str:
    from datetime import datetime

    return datetime.now().strftime("%Y-%m-%d %H:%M")


def _report(made: Mapping[str, Counts], format: str) -> None:
    """What became of each source's documents."""
    columns: list[Column[tuple[str, Counts]]] = [
        Column("source", lambda row: row[0], ratio=3),
        Column("coded", lambda row: row[1].coded, right=True),
        Column("records", lambda row: row[1].events, right=True),
        Column("known", lambda row: row[1].known, right=True),
        Column("skipped", lambda row: row[1].skipped, right=True),
        Column("failed", lambda row: row[1].failed, right=True),
        Column("why", lambda row: _why(row[1].why), ratio=3),
    ]
    listed(format, sorted(made.items()), columns, lambda row: {"source": row[0], **row[1].to_dict()})


def _why(why: Mapping[str, int]) -> str:
    kinds: Counter[str] = Counter()
    for reason, number in why.items():
        kinds[_FIGURE.sub("…", reason)] += number
    told = [f"{reason} ({number})" if number > 1 else reason for reason, number in kinds.most_common(_MOST_REASONS)]
    rest = sum(kinds.values()) - sum(number for _, number in kinds.most_common(_MOST_REASONS))
    return "; ".join(told) + (f"; and {rest} more" if rest else "")


def _came_to(source: SourceHealth) -> str:
    """What is not nought of the last counts."""
    last = source.last or {}
    return ", ".join(f"{last[name]:,} {name}" for name in _COUNTED if last.get(name))


def _last(name: str) -> Callable[[SourceHealth], int | None]:
    return lambda source: None if source.last is None else int(source.last[name])


def _trouble(source: SourceHealth) -> bool:
    """Whether nothing came of the last look."""
    last = source.last
    return source.gone or source.failures > 0 or bool(last and last["failed"] and not last["coded"] + last["known"])


def _standing(source: SourceHealth) -> str:
    told = ["gone for good"] if source.gone else []
    if source.failures:
        due = f", next try {source.due[:16].replace('T', ' ')}" if source.due else ""
        told.append(f"could not be had, {counted(source.failures, 'time')} in a row{due}")
    if source.last is not None and (reasons := _why(source.last["why"])):
        told.append(reasons)
    return "; ".join(told)
