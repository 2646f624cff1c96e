"""What no browser sends is refused before a page or a question to the ledger can stumble over it: broken escapes, bytes
that are no UTF-8, forms in other character sets, the character NUL (which PostgreSQL holds in no text) and halves of
characters."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from fastapi import Request
from python_multipart.multipart import parse_options_header
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dragoman.web.problems import problem

_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
# What JSON may write for NUL, or for half of a character. A whole one has two halves, which is found out by parsing.
_SUSPECT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_HALF = re.compile("[\ud800-\udfff]")
_URLENCODED, _MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
# The widest form of the desk, that of a correction, has under 100 fields.
_MOST_FIELDS = 1_000


class WellFormed:
    """ASGI middleware that answers malformed addresses, forms and JSON with 400.

    What a form holds is left for the gate in ``scope["state"]["form"]``; handlers read the body as if nobody had.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        fault = _fault(scope.get("raw_path") or scope["path"].encode("utf-8", "replace"), "the address")
        fault = fault or _fault(scope["query_string"], "the address")
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        form = kind in (_URLENCODED, _MULTIPART)
        if fault is None and (form or _is_json(kind)) and request.method not in ("GET", "HEAD"):
            body = await request.body()
            receive = _again(body, receive)
            if not form:
                fault = _fault_of_json(body)
            else:
                fault = _fault_of_urlencoded(body) if kind == _URLENCODED else _fault_of_charset(request)
                fault = fault or await _fault_of_form(Request(scope, _again(body, receive)))
        await (problem(request, 400, fault) if fault else self.app)(scope, receive, send)


def _is_json(kind: str) -> bool:
    """Whether handlers read a kind of content as JSON: they do where none is named, too."""
    return not kind or kind == "application/json" or kind.endswith("+json")


def _fault_of_urlencoded(body: bytes) -> str | None:
    if body.count(b"&") >= _MOST_FIELDS:
        return f"the form has more than {_MOST_FIELDS:,} fields"
    return _fault(body, "the form")


def _fault_of_charset(request: Request) -> str | None:
    """Browsers send forms in the character set of their page. Some of Python's others make halves of characters, and
    some take minutes for what is made to."""
    _, options = parse_options_header(request.headers.get("content-type", ""))
    charset = options.get(b"charset", b"utf-8").decode("latin-1")
    return None if charset.lower() in ("utf-8", "utf8") else f"the form is in {charset[:40]!r}, not in UTF-8"


async def _fault_of_form(request: Request) -> str | None:
    try:
        async with request.form() as form:
            request.scope.setdefault("state", {})["form"] = form
            return _fault_of_text(form.multi_items())
    except (HTTPException, MultiPartException) as error:
        return f"the form cannot be read: {getattr(error, 'detail', None) or getattr(error, 'message', error)}"


def _fault_of_text(pairs: Iterable[tuple[str, object]]) -> str | None:
    for pair in pairs:
        for text in (part for part in pair if isinstance(part, str)):
            if "\0" in text:
                return "the form holds the character NUL"
            if _HALF.search(text):
                return "the form holds half of a character (a lone surrogate)"
    return None


def _fault(raw: bytes, what: str) -> str | None:
    """What is wrong with what is percent-encoded."""
    if _BROKEN_ESCAPE.search(raw):
        return f"{what} holds a % that is not followed by two hexadecimal digits: write %25 for the sign itself"
    plain = unquote_to_bytes(raw)
    if b"\0" in plain:
        return f"{what} holds the character NUL"
    try:
        plain.decode("utf-8")
    except UnicodeDecodeError:
        return f"{what} holds bytes that are no UTF-8"
    return None


def _fault_of_json(body: bytes) -> str | None:
    if not _SUSPECT.search(body):
        return None
    try:
        text = json.dumps(json.loads(body), ensure_ascii=False)
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "the JSON holds half of a character (a lone surrogate)"
    except (ValueError, RecursionError):
        return None  # no JSON at all: the handler's to say
    # The only way that NUL is written in JSON.
    return "the JSON holds the character NUL" if re.search(r"(?<!\\)(?:\\\\)*\\u0000", text) else None


def _again(body: bytes, receive: Receive) -> Receive:
    """A body that was read, to be read once more; then whatever else comes."""
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
