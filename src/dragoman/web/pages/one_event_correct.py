"""The form by which editors correct the fields of an event."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from dragoman import codebook
from dragoman.ledger import BadJudgement, LedgerEvent
from dragoman.record import FACTUALITIES
from dragoman.web.asked import address
from dragoman.web.desk import AtDesk, Desk
from dragoman.web.pages.one_event import MOST_NOTE, Id
from dragoman.web.rendering import page
from dragoman.web.showing import correcting
from dragoman.web.showing.correcting import Draft
from dragoman.web.showing.filterform import offers
from dragoman.web.visitors import Editor

router = APIRouter()


async def form_of(request: Request) -> FormData:
    """The form that a request carries."""
    return await request.form()


@router.get("/events/{id}/correct")
def correct(request: Request, desk: AtDesk, editor: Editor, id: Id) -> Response:
    """The form, filled with what the event has."""
    found = _event(desk, id)
    if found.id != id:
        return RedirectResponse(f"/events/{found.id}/correct", 303)
    return _form(request, found, correcting.begun(found))


@router.post("/events/{id}/correct")
def corrected(
    request: Request, desk: AtDesk, editor: Editor, id: Id, form: Annotated[FormData, Depends(form_of)]
) -> Response:
    """Lay the correction down, or show the form again with what is wrong in it."""
    found = _event(desk, id)
    draft = correcting.read(found, form)
    if form.get("more") or form.get("less"):
        draft.wrong.clear()
        return _form(request, found, draft)
    note = draft.typed["note"]
    if len(note) > MOST_NOTE:
        draft.wrong["note"] = f"a note has {MOST_NOTE:,} characters at most"
    if not draft.wrong and not draft.changed:
        draft.wrong["all"] = "nothing is changed: if the event is right as it stands, confirm it"
    if not draft.wrong:
        try:
            made = desk.ledger.correct(found.id, draft.changed, by=editor.name, note=note)
            return RedirectResponse(address(f"/events/{found.id}", did=made), 303)
        except BadJudgement as error:
            draft.wrong["all"] = str(error)
    return _form(request, found, draft)


def _event(desk: Desk, id: str) -> LedgerEvent:
    found = desk.ledger.event(id)
    if found is None:
        raise HTTPException(
            404, f"there is no event {id}: it may have been judged to be none, or another have taken it in"
        )
    return found


def _form(request: Request, found: LedgerEvent, draft: Draft) -> Response:
    return page(
        request,
        "event_correct.html",
        status=400 if draft.wrong else 200,
        event=found,
        draft=draft,
        roles=correcting.ROLES,
        types=codebook.TYPES,
        factualities=FACTUALITIES,
        offers=offers(),
        most_note=MOST_NOTE,
    )
