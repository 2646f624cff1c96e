"""Searches that people keep: named, replaced, forgotten."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import RedirectResponse
from starlette.datastructures import QueryParams

from dragoman.web.asked import address, filters_of
from dragoman.web.desk import AtDesk, Desk
from dragoman.web.visitors import AnyVisitor

router = APIRouter()
# What of a list's address is no filter, and yet part of a search.
_KEPT = ("sort", "ascending", "view")


@router.post("/events/saved")
def save(
    desk: AtDesk, visitor: AnyVisitor, name: Annotated[str, Form()] = "", query: Annotated[str, Form()] = ""
) -> RedirectResponse:
    """Keep a search under a name, in place of the one that the visitor had under that name."""
    _check(desk)
    made = desk.ledger.save(visitor.name, name, _plain(query))
    return RedirectResponse(f"/events?{made.query}#saved" if made.query else "/events#saved", 303)


@router.post("/events/saved/forget")
def forget(
    desk: AtDesk, visitor: AnyVisitor, name: Annotated[str, Form()] = "", query: Annotated[str, Form()] = ""
) -> RedirectResponse:
    """Forget a search; nothing happens where there is none of that name."""
    _check(desk)
    desk.ledger.unsave(visitor.name, name)
    back = _plain(query)
    return RedirectResponse(f"/events?{back}#saved" if back else "/events#saved", 303)


def _check(desk: Desk) -> None:
    """Raise HTTPException where nothing may be written."""
    if desk.settings.read_only:
        raise HTTPException(403, "this desk keeps nothing: save the address of the search in your browser")


def _plain(query: str) -> str:
    """A search as lists write it: its filters and order, nothing else. Raises BadQuestion for a wrong one."""
    given = QueryParams(query.removeprefix("?"))
    order = {name: given[name] for name in _KEPT if given.get(name)}
    return address("", filters_of(given), **order).removeprefix("?")
