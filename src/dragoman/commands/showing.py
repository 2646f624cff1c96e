"""``show``: one event as all its reports tell it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from dragoman.commands import telling as words
from dragoman.commands.options import EventId, Format, Where, checked, opened
from dragoman.commands.page import Column, Page, listed, put_json
from dragoman.commands.telling import people
from dragoman.export.people import printable
from dragoman.terminal import fail

if TYPE_CHECKING:
    from dragoman.ledger import Join, Judgement, Ledger, LedgerEvent, Telling
    from dragoman.record import Span

_JUDGED = {"together": "a person joined them", "apart": "a person parted them"}


def show(event: EventId, ledger: Where = None, format: Format = "table") -> None:
    """Show an event as each report tells it: words, dates, figures, claims, denials, and why they were joined.

    Examples:

      dragoman show 5f2b9c0d1e3a4b67

      dragoman show 5f2b9c0d1e3a4b67 --format jsonl

    Exit status: 0 found, 1 when there is no such event, 2 wrong use.
    """
    checked(format)
    with opened(ledger) as book:
        found = book.event(event)
        if found is None:
            raise fail(f"there is no event {event}: dragoman query lists events with their ids", 1)
        ties = book.joins(found.id)
        if format == "table":
            _tell(book, found, ties)
        elif format == "csv":
            listed(format, found.tellings, _columns(), lambda telling: telling.to_dict())
        else:
            judgements = [one.to_dict() for one in book.judgements(found.id)]
            put_json({**found.to_dict(), "joins": [tie.to_dict() for tie in ties], "judgements": judgements})


def _columns() -> list[Column[Telling]]:
    return [
        Column("record", lambda t: t.record.id),
        Column("report", lambda t: t.report.id),
        Column("outlet", lambda t: t.report.outlet),
        Column("published", lambda t: t.report.published),
        Column("status", lambda t: t.report.status),
        Column("source", lambda t: t.report.source),
        Column("title", lambda t: t.report.title),
        Column("url", lambda t: t.report.url),
        Column("type", lambda t: t.record.type),
        Column("date", lambda t: t.record.date),
        Column("place", lambda t: t.record.place and t.record.place.text),
        Column("figures", lambda t: [str(figure) for figure in t.figures]),
        Column("attribution", lambda t: [entity.text for entity in t.record.attribution]),
        Column("triggers", lambda t: t.triggers),
        Column("evidence", lambda t: list(dict.fromkeys(t.evidence))),
        Column("confirmed", lambda t: t.confirmed),
    ]


def _tell(book: Ledger, event: LedgerEvent, ties: Sequence[Join]) -> None:
    page = Page()
    page.put(Text.assemble((words.kind(event), "bold"), "  ", words.who(event)))
    facts = [words.when(event), words.where(event), *words.manner(event)]
    page.put(" · ".join(filter(None, facts)))
    scored = [] if event.score is None else [f"score {event.score:g}"]
    page.put(" · ".join([words.standing(event), *scored, *event.contexts]))
    if len(event.dates) > 1:
        page.put(f"dates told: {', '.join(event.dates)}")
    page.put(Text(event.id, "dim"), "")
    page.put(_reports(event, page.width), "")
    _tell_denials(page, book, event)
    _tell_joins(page, event, ties)
    _tell_judgements(page, book.judgements(event.id))


def _reports(event: LedgerEvent, width: int) -> Any:
    """The reports side by side: who tells it, what it says of when, where and how many, and its words."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, expand=True, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column("", width=len(str(len(event.tellings))))
    table.add_column("report", ratio=3, overflow="fold")
    table.add_column("tells", ratio=3, overflow="fold")
    table.add_column("in these words", ratio=6 if width >= 100 else 4, overflow="fold")
    for number, telling in enumerate(event.tellings, 1):
        table.add_row(str(number), Text(_outlet(event, telling)), Text(_told(telling)), _words(telling))
    return table


def _outlet(event: LedgerEvent, telling: Telling) -> str:
    report = telling.report
    numbers = {t.report.id: n for n, t in reversed(list(enumerate(event.tellings, 1)))}
    lines = [printable(report.outlet or report.title or report.url or report.id)]
    lines.append((report.published or "undated")[:10])
    if report.status != "new":
        lines.append(report.status)
    if report.superseded:
        lines.append("superseded")
    if report.source != report.id and report.source in numbers:
        lines.append(f"same source as {numbers[report.source]}")
    return "\n".join(lines)


def _told(telling: Telling) -> str:
    record = telling.record
    lines = [" ".join((record.type, *record.mode)), record.date or "no date"]
    if record.place:
        lines.append(printable(record.place.text) + (f" [{record.place.country}]" if record.place.country else ""))
    lines += [str(figure) for figure in telling.figures]
    if record.factuality != "actual":
        lines.append(record.factuality)
    if record.attribution:
        lines.append(f"says {people(record.attribution)}")
    if telling.confirmed:
        lines.append("confirmed")
    return "\n".join(lines)


def _words(telling: Telling) -> Any:
    """The sentences, each once, with what names the event in brackets; the record's id below."""
    told = Text()
    sentences: dict[tuple[int, str], list[Span]] = {}
    for mention, sentence in zip(telling.record.mentions, telling.evidence, strict=False):
        sentences.setdefault((mention.start, sentence), []).append(mention.trigger)
    for (start, sentence), triggers in sentences.items():
        at = 0
        for trigger in sorted(set(triggers), key=lambda t: (t.start, t.end)):
            if trigger.start - start >= at:
                told.append(_line(sentence[at : trigger.start - start]))
                at = trigger.end - start
                told.append(f"[{_line(sentence[trigger.start - start : at])}]", "bold")
        told.append(_line(sentence[at:]) + "\n")
    if not sentences:
        told.append("(no words are kept)\n")
    told.append(f"record {telling.record.id}", "dim")
    return told


def _line(text: str) -> str:
    """A piece of a sentence on one line, its spaces at either end kept."""
    return " " * text[:1].isspace() + printable(text) + " " * (text[-1:].isspace() and bool(text.strip()))


def _tell_denials(page: Page, book: Ledger, event: LedgerEvent) -> None:
    others = [other for id in event.contrary if (other := book.event(id)) is not None]
    for other in others:
        says = "denies it" if other.factuality == "negated" else "is what it denies"
        page.put(Text.assemble((f"{says}: ", "bold"), words.line(other)))
        page.put(Text("  " + " ".join(other.sentence.split())))
    if others:
        page.put("")


def _tell_joins(page: Page, event: LedgerEvent, ties: Sequence[Join]) -> None:
    """For each report what ties it most firmly to one before it, and where people joined or parted them."""
    numbers = {t.record.id: n for n, t in enumerate(event.tellings, 1)}
    within = []
    for tie in ties:
        if tie.b in numbers and tie.kind != "denial":
            low, high = sorted((numbers[tie.a], numbers[tie.b]))
            within.append((low, high, tie))
    firmest: dict[tuple[int, str], tuple[int, int, Join]] = {}
    for low, high, tie in sorted(within, key=lambda row: (-row[2].score, row[0])):
        # What people judged is told of each pair, what was compared only once a report.
        firmest.setdefault((high, tie.kind if tie.kind == "same" else f"{tie.kind} {low}"), (low, high, tie))
    if not firmest:
        return
    page.put(Text("why they are one event", "bold"))
    grid = Table.grid(padding=(0, 2, 0, 0))
    for low, high, tie in sorted(firmest.values(), key=lambda row: (row[1], row[0])):
        why = _JUDGED.get(tie.kind) or f"{tie.score:.2f}: {'; '.join(tie.reasons)}"
        grid.add_row(Text(f"{low} and {high}", no_wrap=True), Text(why))
    page.put(grid, "")


def _tell_judgements(page: Page, judgements: Sequence[Judgement]) -> None:
    from dragoman.commands.judging import said

    if judgements:
        page.put(Text("judgements", "bold"))
        for one in judgements:
            told = f"{one.at[:16].replace('T', ' ')}  {one.by}: {one.action} {said(one)}"
            page.put(Text("  " + printable(f"{told} ({one.note})" if one.note else told)))
            page.put(Text(f"  judgement {one.id}", "dim"))
