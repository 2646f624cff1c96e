"""What people judge of events: ``correct``, ``confirm``, ``drop``, ``add``, ``merge``, ``split``, ``undo``, the log."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dragoman.commands import telling
from dragoman.commands.options import FORMATS, By, EventId, Note, Where, checked, judge, opened
from dragoman.commands.page import Column, listed, put, put_json, shown
from dragoman.export.sink import Sink
from dragoman.terminal import counted, fail, say

if TYPE_CHECKING:
    from dragoman.ledger import Judgement, Ledger, LedgerEvent
    from dragoman.record import Json

# What a field is when a person clears it.
_EMPTY: dict[str, Any] = {"mode": [], "actor": [], "recipient": [], "attribution": [], "date": None, "place": None}
_AS = ("training", "jsonl")
_PARTY = 'words and codes, such as "Myanmar|MMR|GOV", "the rebels||REB" or "NATO|NTO"'

Ids = Annotated[list[str], typer.Argument(metavar="EVENT...", help="Ids of events.", show_default=False)]


def correct(
    event: EventId,
    type: Annotated[str | None, typer.Option(help="A type of the codebook.", show_default=False)] = None,
    mode: Annotated[
        list[str] | None, typer.Option(help="A mode of the type; may be given again.", show_default=False)
    ] = None,
    actor: Annotated[
        list[str] | None, typer.Option(help=f"Who acts: {_PARTY}; may be given again.", show_default=False)
    ] = None,
    recipient: Annotated[
        list[str] | None, typer.Option(help="Who is acted upon, in the same form.", show_default=False)
    ] = None,
    date: Annotated[
        str | None, typer.Option(help="2022-02-25, 2022-02, 2022 or 2022-02-01/2022-02-25.", show_default=False)
    ] = None,
    place: Annotated[
        str | None, typer.Option(help='Where: words and country, such as "Kyiv|UKR".', show_default=False)
    ] = None,
    factuality: Annotated[
        str | None, typer.Option(help="actual, future, hypothetical or negated.", show_default=False)
    ] = None,
    historical: Annotated[
        bool | None, typer.Option("--historical/--no-historical", help="Told as background.", show_default=False)
    ] = None,
    attribution: Annotated[
        list[str] | None, typer.Option(help="On whose word, in the form of actors.", show_default=False)
    ] = None,
    clear: Annotated[
        list[str] | None,
        typer.Option(help=f"Say that there is none: {', '.join(_EMPTY)}; may be given again.", show_default=False),
    ] = None,
    by: By = None,
    note: Note = "",
    ledger: Where = None,
) -> None:
    """Correct fields of an event, in all its records. The judgement is logged, and survives another coding.

    Examples:

      dragoman correct 5f2b9c0d1e3a4b67 --type SANCTION

      dragoman correct 5f2b9c0d1e3a4b67 --actor "Myanmar|MMR|GOV" --date 2022-02-25 --note "so the decree"

      dragoman correct 5f2b9c0d1e3a4b67 --clear place --by ada

    Exit status: 0 all well, 1 when the ledger cannot be written, 2 wrong use or an unknown event.
    """
    value: dict[str, Any] = {}
    if type is not None:
        value["type"] = type.strip().upper()
    if mode:
        value["mode"] = [m.strip().lower() for m in mode]
    for name, parties in (("actor", actor), ("recipient", recipient), ("attribution", attribution)):
        if parties:
            value[name] = [_party(name, party) for party in parties]
    if date is not None:
        value["date"] = date.strip()
    if place is not None:
        words, _, country = place.partition("|")
        if not words.strip():
            raise fail(f"--place {place}: begins with the words, such as Kyiv|UKR")
        value["place"] = {"text": words.strip(), "country": country.strip().upper() or None}
    if factuality is not None:
        value["factuality"] = factuality.strip().lower()
    if historical is not None:
        value["historical"] = historical
    for name in clear or ():
        if name not in _EMPTY:
            raise fail(f"--clear {name}: only {', '.join(_EMPTY)} may be empty")
        if name in value:
            raise fail(f"--clear {name}: and --{name} gives one")
        value[name] = _EMPTY[name]
    if not value:
        raise fail("say what is to be corrected: dragoman correct --help lists the fields")
    with opened(ledger) as book:
        before = _event(book, event)
        _fit_modes(before, value)
        made = book.correct(event, value, by=judge(by), note=note)
        after = _standing(book, before)
        for one in after:
            _changed(before, one, list(value))
        _done(made, after)


def confirm(event: EventId, by: By = None, note: Note = "", ledger: Where = None) -> None:
    """Say that an event is recorded rightly, in all its records.

    Example:

      dragoman confirm 5f2b9c0d1e3a4b67 --note "seen the decree"
    """
    with opened(ledger) as book:
        made = book.confirm(event, by=judge(by), note=note)
        _done(made, [_event(book, event)])


def drop(event: EventId, by: By = None, note: Note = "", ledger: Where = None) -> None:
    """Say that what was taken for an event is none. It is not shown any more; undo brings it back.

    Example:

      dragoman drop 5f2b9c0d1e3a4b67 --note "a figure of speech"
    """
    with opened(ledger) as book:
        before = _event(book, event)
        made = book.drop(event, by=judge(by), note=note)
        put(f"{before.id} is no event any more\n")
        _done(made, [])


def add(
    report: Annotated[str, typer.Argument(help="The id of the report that tells it.", show_default=False)],
    record: Annotated[
        str, typer.Argument(help="A file with the record as JSON, or - for standard input.", show_default=False)
    ],
    by: By = None,
    note: Note = "",
    ledger: Where = None,
) -> None:
    """Add a record that the coder missed.

    RECORD has the fields of a record of dragoman code --format jsonl: type, actor, recipient, mentions and so on, whose
    offsets count the characters of the report's text.

    Example:

      dragoman add 0f1e2d3c4b5a6978 missed.json --by ada
    """
    from dragoman.record import Event

    try:
        text = sys.stdin.read() if record == "-" else Path(record).read_text("utf-8")
        made = Event.from_dict(json.loads(text))
    except OSError as error:
        raise fail(f"{record}: {error.strerror or error}") from error
    except KeyError as error:
        raise fail(f"{record}: lacks {error.args[0]}") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise fail(f"{record}: is no record ({error})") from error
    if not made.mentions:
        raise fail(f"{record}: needs mentions: the sentence and the trigger that tell the event")
    with opened(ledger) as book:
        judgement = book.add(report, made, by=judge(by), note=note)
        found = _distinct(book, [made.identified(report).id])
        if not found:
            say("the coder has found it already: its record counts as confirmed")
        _done(judgement, found)


def merge(events: Ids, by: By = None, note: Note = "", ledger: Where = None) -> None:
    """Make one event of several.

    Example:

      dragoman merge 5f2b9c0d1e3a4b67 0a1b2c3d4e5f6071
    """
    with opened(ledger) as book:
        made = book.merge(events, by=judge(by), note=note)
        _done(made, [_event(book, events[0])])


def split(
    event: EventId,
    records: Annotated[
        list[str],
        typer.Argument(
            metavar="RECORD...", help="Ids of the records to take out, as dragoman show has them.", show_default=False
        ),
    ],
    by: By = None,
    note: Note = "",
    ledger: Where = None,
) -> None:
    """Take records out of an event: they tell of another.

    Example:

      dragoman split 5f2b9c0d1e3a4b67 0a1b2c3d4e5f6071
    """
    with opened(ledger) as book:
        before = _event(book, event)
        made = book.split(event, records, by=judge(by), note=note)
        _done(made, _standing(book, before))


def undo(
    judgement: Annotated[str, typer.Argument(help="Its id, as dragoman judgements has it.", show_default=False)],
    by: By = None,
    note: Note = "",
    ledger: Where = None,
) -> None:
    """Take a judgement back. The undoing is a judgement too, and can be undone.

    Example:

      dragoman undo 9c8b7a6f5e4d3c2b
    """
    with opened(ledger) as book:
        taken = next((one for one in book.judgements() if one.id == judgement), None)
        made = book.undo(judgement, by=judge(by), note=note)
        ids = [a.record.id for a in (*taken.anchors, *taken.rest)] if taken else []
        _done(made, _distinct(book, ids))


def judgements(
    event: Annotated[str | None, typer.Option(help="Only those of one event.", show_default=False)] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            "--as",
            help="training: the judged reports with their records, for dragoman train; jsonl: the log, for dragoman "
            "replay.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write here, not to standard output.", show_default=False)
    ] = None,
    format: Annotated[
        str, typer.Option("--format", "-f", help="table, jsonl, csv, or ids for the ids alone, a line each.")
    ] = "table",
    ledger: Where = None,
) -> None:
    """List what people judged, the oldest first; or write it for training, or for another ledger.

    Examples:

      dragoman judgements --event 5f2b9c0d1e3a4b67

      dragoman judgements --as training -o corrected.jsonl

      dragoman judgements --as jsonl -o judgements.jsonl

    Exit status: 0 there are some, 1 there are none, 2 wrong use.
    """

    checked(format, (*FORMATS, "ids"))
    if kind is not None and kind not in _AS:
        raise fail(f"--as {kind}: is none of {', '.join(_AS)}")
    if output is not None and kind is None:
        raise fail("--output goes with --as: say what is to be written")
    if kind == "training" and event is not None:
        raise fail("--as training writes whole reports: leave out --event")
    with opened(ledger) as book:
        if kind is not None:
            rows = book.training_records() if kind == "training" else (o.to_dict() for o in book.judgements(event))
            number = _write(output, rows)
            say(counted(number, "report" if kind == "training" else "judgement") + (f" in {output}" if output else ""))
        else:
            columns: list[Column[Judgement]] = [
                Column("at", lambda j: j.at[:19].replace("T", " ")),
                Column("by", lambda j: j.by),
                Column("action", lambda j: j.action),
                Column("what", said, ratio=3),
                Column("note", lambda j: j.note, ratio=2),
                Column("id", lambda j: j.id),
            ]
            number = listed(format, book.judgements(event), columns, lambda j: j.to_dict())
            say(counted(number, "judgement"))
    if not number:
        raise typer.Exit(1)


def replay(
    file: Annotated[
        str,
        typer.Argument(
            help="Judgements of another ledger, as dragoman judgements --as jsonl writes them; - for standard input.",
            show_default=False,
        ),
    ],
    ledger: Where = None,
) -> None:
    """Take the judgements of another ledger that has the same reports. What is known already changes nothing.

    Example:

      dragoman replay judgements.jsonl --ledger other.db
    """
    from dragoman.ledger import Judgement

    made = []
    try:
        lines = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
    except OSError as error:
        raise fail(f"{file}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise fail(f"{file}: is no text in UTF-8") from error
    for number, line in enumerate(lines.split("\n"), 1):
        if line.strip():
            try:
                made.append(Judgement.from_dict(json.loads(line)))
            except (KeyError, ValueError, TypeError, AttributeError) as error:
                raise fail(f"{file}, line {number}: is no judgement ({error!r})") from error
    with opened(ledger) as book:
        new = book.replay(made)
    put(f"{counted(len(new), 'judgement')} taken, {len(made) - len(new)} known\n")


def said(one: Judgement) -> str:
    """What a judgement is of, and what it says, in a line."""
    if one.action == "undo":
        return one.judgement
    ids = [anchor.record.id for anchor in one.anchors]
    what = ids[0] + (f" and {len(ids) - 1} more" if len(ids) > 1 else "")
    if one.action == "correct":
        what += ": " + ", ".join(f"{name} {_plain(value)}" for name, value in one.value.items())
    return what


def _party(name: str, given: str) -> Json:
    words, *codes = (part.strip() for part in given.split("|"))
    if not words or len(codes) > 2:
        raise fail(f"--{name} {given}: write {_PARTY}")
    country, sector = (*codes, "", "")[:2]
    return {"text": words, "country": country.upper() or None, "sector": sector.upper() or None}


def _fit_modes(before: LedgerEvent, value: dict[str, Any]) -> None:
    """Where the type is corrected and the modes are not, those go that the new type does not have."""
    from dragoman.codebook import MODES

    if "type" not in value or "mode" in value:
        return
    known = MODES.get(value["type"], ())
    modes = {mode for telling in before.tellings for mode in telling.record.mode}
    if not modes <= set(known):
        value["mode"] = [mode for mode in before.mode if mode in known]


def _event(book: Ledger, id: str) -> LedgerEvent:
    from dragoman.ledger import BadJudgement

    found = book.event(id)
    if found is None:
        raise BadJudgement(f"there is no event {id}: dragoman query lists events with their ids")
    return found


def _standing(book: Ledger, before: LedgerEvent) -> list[LedgerEvent]:
    """The events that the records of an event are now told by."""
    return _distinct(book, [telling.record.id for telling in before.tellings])


def _distinct(book: Ledger, records: Iterable[str]) -> list[LedgerEvent]:
    found: dict[str, LedgerEvent] = {}
    for id in records:
        if not any(id == t.record.id for one in found.values() for t in one.tellings):
            one = book.event(id)
            if one is not None:
                found[one.id] = one
    return list(found.values())


def _changed(before: LedgerEvent, after: LedgerEvent, fields: Sequence[str]) -> None:
    old, new = before.to_dict(), after.to_dict()
    for name in fields:
        key = "claims" if name == "attribution" else name
        if old[key] == new[key]:
            put(f"{name}: {_plain(new[key])} as before\n")
        else:
            put(f"{name}: {_plain(old[key])} → {_plain(new[key])}\n")


def _plain(value: Any) -> str:
    """A field's value as it is given on the command line."""
    if isinstance(value, Mapping):
        codes = [value.get("country"), *([value["sector"]] if value.get("sector") else [])]
        return "|".join([str(value["text"]), *(code or "" for code in codes)]).rstrip("|")
    if isinstance(value, list):
        return ", ".join(_plain(v) for v in value) or "–"
    return shown(value)


def _done(judgement: str, events: Sequence[LedgerEvent]) -> None:
    """Say which events there are now, and how to take it back."""
    for event in events:
        put(telling.line(event) + "\n")
    say(f"judgement {judgement}: dragoman undo {judgement} takes it back", "dim")


def _write(output: Path | None, rows: Iterable[Json]) -> int:
    number = 0
    if output is None:
        for row in rows:
            put_json(row)
            number += 1
        return number
    sink = Sink(output)
    try:
        sink.open()
        try:
            for row in rows:
                sink.put(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
                number += 1
        finally:
            sink.close()
    except OSError as error:
        raise fail(f"{output}: {error.strerror or error}", 1) from error
    return number
