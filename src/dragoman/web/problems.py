"""What goes wrong, said in the form that was asked for: a page for people, ``application/problem+json`` for programs.

Source of the form: RFC 9457.
"""

from __future__ import annotations

import json
import secrets
import sys
import traceback
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dragoman.export.sink import encoded
from dragoman.ledger import BadJudgement, BadQuestion, LedgerError
from dragoman.web.rendering import page

# What a person reads for the phrases of HTTP; others stand as they are.
_HEADINGS = {
    400: "This cannot be asked",
    403: "You may not do this",
    404: "Nothing is at this address",
    413: "This is too long",
    422: "This cannot be taken",
    429: "Too many requests",
    500: "Something went wrong",
    503: "The ledger cannot be read now",
}
MEDIA_TYPE = "application/problem+json"


def problem(request: Request, status: int, detail: str, headers: Any = None) -> Response:
    """What went wrong, as a page or, under ``/api``, as problem+json."""
    title = HTTPStatus(status).phrase
    if request.scope["path"].startswith("/api/"):
        body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        # What is wrong may hold halves of characters, for which UTF-8 has no bytes.
        made = Response(encoded(json.dumps(body, ensure_ascii=False)), status_code=status, media_type=MEDIA_TYPE)
    else:
        heading = _HEADINGS.get(status, title)
        said = "" if detail == title else detail
        made = page(request, "problem.html", status=status, title=heading, detail=said)
    made.headers.update(dict(headers or {}))
    return made


def explain(app: FastAPI) -> None:
    """Have the application answer errors as problems."""

    @app.exception_handler(HTTPException)
    def _(request: Request, error: HTTPException) -> Response:
        return problem(request, error.status_code, str(error.detail), error.headers)

    @app.exception_handler(RequestValidationError)
    def _(request: Request, error: RequestValidationError) -> Response:
        parts = ((".".join(str(part) for part in e["loc"][1:]), e["msg"]) for e in error.errors()[:5])
        said = "; ".join(f"{where}: {what}" if where else what for where, what in parts)
        return problem(request, 422, said)

    @app.exception_handler(BadQuestion)
    @app.exception_handler(BadJudgement)
    def _(request: Request, error: Exception) -> Response:
        return problem(request, 400, str(error))

    @app.exception_handler(LedgerError)
    def _(request: Request, error: LedgerError) -> Response:
        return problem(request, 503, str(error), {"Retry-After": "5"})


class Unforeseen:
    """ASGI middleware that answers 500 where a handler fails: what went wrong is written to standard error, under a
    number that the answer names, and nothing of it is shown."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, sent)
        except ClientDisconnect:
            return
        except Exception:
            if scope["type"] != "http":
                raise
            number = secrets.token_hex(4)
            print(f"error {number}: {scope['method']} {scope['path']!r}", file=sys.stderr)
            traceback.print_exc()
            if begun:
                # The server then breaks the connection, so that nobody takes what was sent for all of it.
                raise
            said = f"something went wrong here; the server's own log tells what, under the number {number}"
            await problem(Request(scope), 500, said)(scope, receive, send)
