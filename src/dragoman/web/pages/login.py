"""Logging in and out, at a desk that has users."""

from __future__ import annotations

from typing import Annotated, cast
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from dragoman.terminal import say
from dragoman.web.guard.door import Door
from dragoman.web.guard.limits import Logins, client_of, waiting
from dragoman.web.rendering import page
from dragoman.web.visitors import visitor

router = APIRouter()
_WRONG = "There is no user of this name and password."


@router.get("/login")
def login(request: Request, next: str = "/") -> Response:
    """The form to log in with."""
    if visitor(request).name:
        return RedirectResponse(safe_next(next), 303)
    return page(request, "login.html", next=safe_next(next), name="", wrong="")


@router.post("/login")
def logged_in(
    request: Request,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    """A new session for who gives a right name and password, else the form again."""
    door = cast(Door, request.app.state.door)
    users = door.users()
    if users is None:
        return RedirectResponse(safe_next(next), 303)
    client = client_of(request.scope, door.settings)
    attempts = cast(Logins, request.app.state.logins)
    if wait := attempts.take(name, client):
        wrong = "Too many attempts to log in: wait a few minutes."
        again = page(request, "login.html", status=429, next=safe_next(next), name=name, wrong=wrong)
        again.headers.update(waiting(wait))
        return again
    if not attempts.places.acquire(blocking=False):
        attempts.give_back(name, client)
        wrong = "Too many log in just now: try again in some seconds."
        again = page(request, "login.html", status=503, next=safe_next(next), name=name, wrong=wrong)
        again.headers.update(waiting(5))
        return again
    try:
        user = users.by_password(name, password)
    finally:
        attempts.places.release()
    if user is None:
        say(f"an attempt to log in as {name[:64]!r} from {client} failed", "yellow")
        return page(request, "login.html", status=403, next=safe_next(next), name=name, wrong=_WRONG)
    attempts.give_back(name, client)
    return RedirectResponse(safe_next(next), 303, {"Set-Cookie": door.login(user, users)})


@router.post("/logout")
def logged_out(request: Request) -> Response:
    """The end of a session in this browser."""
    return RedirectResponse("/login", 303, {"Set-Cookie": cast(Door, request.app.state.door).logout()})


def safe_next(given: str) -> str:
    """Where to go after logging in: ``given`` where it is an address of this desk, else the front page.

    Browsers take a backslash for a slash and pass over tabs and line ends, so that ``/\\t/other.site`` is elsewhere.
    """
    plain = given.isprintable() and not any(sign in given for sign in "\\ ")
    if not plain or not given.startswith("/") or given.startswith("//"):
        return "/"
    try:
        found = urlsplit(given)
    except ValueError:
        return "/"
    here = not found.scheme and not found.netloc and found.path not in ("/login", "/logout")
    return given if here else "/"
