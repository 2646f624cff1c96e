"""One event, as all its reports tell it, and what editors can say of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Path, Request
from fastapi.responses import RedirectResponse, Response

from dragoman.export.ledger.where import spot
from dragoman.ledger import BadJudgement, Join, Judgement, LedgerEvent, judging
from dragoman.ledger.asking import Filters
from dragoman.web.asked import address
from dragoman.web.desk import AtDesk, Desk
from dragoman.web.rendering import page
from dragoman.web.showing.evidence import ROLES, tellings, ties
from dragoman.web.showing.history import entries
from dragoman.web.visitors import Editor

router = APIRouter()
# Reports side by side: more are shown when asked for. Fifty take some 20 ms to lay out.
_MOST_TOLD = 50
# Contrary events that are shown whole.
_MOST_CONTRARY = 12
# What else happened there at that time is told by the days around it.
_NEAR = timedelta(days=15)
MOST_NOTE = 2_000
"""Characters of a note on a judgement."""
Note = Annotated[str, Form(max_length=MOST_NOTE)]
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,200}")
Id = Annotated[str, Path(pattern=f"^{_ID.pattern}$")]
"""An event's id in an address. Databases take no zero or half a character for one."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What was just done, and the judgement that can be taken back."""

    judgement: Judgement
    elsewhere: str = ""


@router.get("/events/{id}")
def event(request: Request, desk: AtDesk, id: str, did: str = "", every: str = "") -> Response:
    """An event, by its id; from the id of one of its records one is sent there."""
    if not _ID.fullmatch(id):
        return page(request, "event_missing.html", status=404, id=id)
    found = desk.ledger.event(id)
    if found is None:
        return _gone(request, desk, id, did)
    if found.id != id:
        query = request.url.query
        return RedirectResponse(f"/events/{found.id}" + (f"?{query}" if query else ""), 303)
    return show(request, desk, found, did=did, every=bool(every))


def show(
    request: Request, desk: Desk, found: LedgerEvent, *, did: str = "", every: bool = False, **more: Any
) -> Response:
    """The page of an event. ``more`` may say what was wrong with a form of it, and what was typed."""
    ledger = desk.ledger
    told = tellings(found)
    joins = ledger.joins(found.id, within=True)
    log = ledger.judgements(found.id) if found.tellings else []
    wrong = more.pop("wrong", {})
    context: dict[str, Any] = {
        "event": found,
        "told": told if every else told[:_MOST_TOLD],
        "left_out": 0 if every else max(0, len(told) - _MOST_TOLD),
        "roles": ROLES,
        "spot": spot(found.place),
        "map": _map(found),
        "contrary": ledger.events(found.contrary[:_MOST_CONTRARY]),
        "ties": ties(told, joins),
        "parted": _parted(found, joins),
        "similar": ledger.similar(found.id),
        "history": entries(log),
        "notice": _notice(found.id, log, did),
        "wrong": wrong,
        "merge_typed": "",
        "note_typed": "",
        "ticked": (),
        "most_note": MOST_NOTE,
        **more,
    }
    return page(request, "event.html", status=400 if wrong else 200, **context)


def _gone(request: Request, desk: Desk, id: str, did: str) -> Response:
    """The page of a record that people judged no event; else the page that says that there is none such."""
    try:
        log = desk.ledger.judgements(id)
    except BadJudgement:
        return page(request, "event_missing.html", status=404, id=id)
    stands = judging.standing(log)
    drops = [one for one in log if one.action == "drop" and stands[one.id]]
    records = {a.record.id: a for one in log for a in one.anchors if a.record.id == id}
    return page(
        request,
        "event_dropped.html",
        id=id,
        dropped=drops[-1] if drops else None,
        anchor=records.get(id),
        history=entries(log),
        notice=_notice(id, log, did),
    )


def _notice(id: str, log: list[Judgement], did: str) -> Notice | None:
    """What was just done, where the log has it."""
    for one in log:
        if one.id == did:
            parted = [a.record.id for a in (*one.anchors, *one.rest) if a.record.id != id]
            return Notice(one, parted[0] if one.action == "split" and parted else "")
    return None


def _parted(found: LedgerEvent, joins: list[Join]) -> list[str]:
    """The events that people parted from this one."""
    return sorted({j.event for j in joins if j.kind == "apart" and j.event is not None and j.event != found.id})


def _map(found: LedgerEvent) -> str:
    """The map of the country and weeks of an event; empty where no country is known."""
    if found.place is None or not found.place.country:
        return ""
    try:
        day = date.fromisoformat(found.day or "")
        near = Filters(since=str(day - _NEAR), until=str(day + _NEAR))
    except (ValueError, OverflowError):
        near = Filters()
    return address("/map", near, place=found.place.country)


def _back(id: str, judgement: str) -> RedirectResponse:
    return RedirectResponse(address(f"/events/{id}", did=judgement), 303)


@router.post("/events/{id}/confirm")
def confirm(desk: AtDesk, editor: Editor, id: Id, note: Note = "") -> Response:
    """Say that an event is recorded rightly."""
    return _back(id, desk.ledger.confirm(id, by=editor.name, note=note.strip()))


@router.post("/events/{id}/drop")
def drop(desk: AtDesk, editor: Editor, id: Id, note: Note = "") -> Response:
    """Say that what was taken for an event is none."""
    return _back(id, desk.ledger.drop(id, by=editor.name, note=note.strip()))


@router.post("/events/{id}/merge")
def merge(
    request: Request,
    desk: AtDesk,
    editor: Editor,
    id: Id,
    other: Annotated[list[str] | None, Form()] = None,
    typed: Annotated[str, Form()] = "",
    note: Note = "",
) -> Response:
    """Make one event of this one and others: those ticked, and those whose ids or addresses were typed."""
    others = [*_ids(" ".join(other or ())), *_ids(typed)]
    try:
        if not others:
            raise BadJudgement("tick an event like this one, or give the id or address of another")
        return _back(id, desk.ledger.merge([id, *others], by=editor.name, note=note.strip()))
    except BadJudgement as error:
        return _again(request, desk, id, {"merge": str(error)}, merge_typed=typed, note_typed=note, ticked=others)


@router.post("/events/{id}/split")
def split(
    request: Request,
    desk: AtDesk,
    editor: Editor,
    id: Id,
    record: Annotated[list[str] | None, Form()] = None,
    note: Note = "",
) -> Response:
    """Take the records that were ticked out of an event."""
    try:
        if not record:
            raise BadJudgement("tick the reports that tell of another event")
        return _back(id, desk.ledger.split(id, record, by=editor.name, note=note.strip()))
    except BadJudgement as error:
        return _again(request, desk, id, {"split": str(error)}, note_typed=note, ticked=record or ())


@router.post("/events/{id}/undo")
def undo(
    desk: AtDesk, editor: Editor, id: Id, judgement: Annotated[str, Form(pattern=_ID.pattern)], note: Note = ""
) -> Response:
    """Take a judgement back."""
    return _back(id, desk.ledger.undo(judgement, by=editor.name, note=note.strip()))


def _again(request: Request, desk: Desk, id: str, wrong: dict[str, str], **typed: Any) -> Response:
    """The page of an event with what is wrong beside the form that it was typed into."""
    found = desk.ledger.event(id)
    if found is None:
        raise HTTPException(404, f"there is no event {id}")
    return show(request, desk, found, wrong=wrong, every=True, **typed)


def _ids(typed: str) -> list[str]:
    """The ids in a line of ids and addresses of events."""
    words = (word.split("?")[0].split("#")[0].rstrip("/").rsplit("/", 1)[-1] for word in re.split(r"[\s,;]+", typed))
    return [word for word in words if _ID.fullmatch(word)]
