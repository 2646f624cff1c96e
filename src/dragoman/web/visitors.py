"""Who is asking: the visitor of a request, and what the visitor may do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal, cast

from fastapi import Depends, HTTPException, Request

Role = Literal["reader", "editor"]
ROLES: tuple[Role, ...] = ("reader", "editor")
NOT_AN_EDITOR = "you may read here, not change anything: ask for the role of editor"
READ_ONLY = "this desk is open for reading alone: serve it without --read-only to change anything"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks, under the name that judgements are logged with.

    Attributes:
        name: empty where a desk with users does not know who asks: only the page to log in is shown to such a visitor.
        role: ``reader`` or ``editor``.
        logged_in: whether there is a session in a browser to end.
    """

    name: str
    role: Role
    logged_in: bool = False

    @property
    def may_edit(self) -> bool:
        return self.role == "editor"


NOBODY = Visitor("", "reader")


@dataclass(slots=True)
class Visit:
    """What the gate found out about a request, for pages to ask for.

    Attributes:
        visitor: who asks.
        csrf: what the forms that are shown must carry.
        shown: whether a page with the token was made, so that the browser must have the cookie that it is bound to.
        stands: whether who asked may still ask the same, for answers that have no end.
    """

    visitor: Visitor
    csrf: str = ""
    shown: bool = False
    stands: Callable[[], bool] = lambda: True


def visit_of(request: Request) -> Visit:
    """What the gate found out about a request; that it knows nobody where the request was refused before the gate."""
    return cast(Visit, request.scope.get("state", {}).get("visit") or Visit(NOBODY))


def visitor(request: Request) -> Visitor:
    """The visitor of a request."""
    return visit_of(request).visitor


def editor(request: Request) -> Visitor:
    """The visitor of a request that changes the ledger. Raises HTTPException (403) for one who may only read."""
    found = visitor(request)
    if not found.may_edit:
        raise HTTPException(403, READ_ONLY if request.app.state.desk.settings.read_only else NOT_AN_EDITOR)
    return found


AnyVisitor = Annotated[Visitor, Depends(visitor)]
Editor = Annotated[Visitor, Depends(editor)]


def csrf_token(request: Request) -> str:
    """What a form must carry in its field ``csrf``, and a script in the header ``X-CSRF-Token``, to be taken."""
    visit = visit_of(request)
    visit.shown = True
    return visit.csrf
