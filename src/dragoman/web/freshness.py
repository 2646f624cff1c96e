"""Answers that a browser keeps and asks after: 304 where the ledger was not written since, without asking it anything.

A router of pages takes :class:`FreshPage` for its routes (``APIRouter(route_class=FreshPage)``): what a page shows may
depend on who asks. What programs get is the same for all who may read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Coroutine
from typing import Any, ClassVar

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from dragoman import __version__
from dragoman.web.desk import desk_of
from dragoman.web.visitors import csrf_token, visitor

# For whom an answer is, and that it is asked after each time.
CACHE_CONTROL = "private, no-cache"


class Fresh(APIRoute):
    """A route whose answers to GET carry a weak ETag of the ledger's revision, the address, the form asked for and the
    version of Dragoman."""

    personal: ClassVar[bool] = False
    """Whether answers depend on who asks."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()
        if "GET" not in (self.methods or ()):
            return answer

        async def fresh(request: Request) -> Response:
            tag = await run_in_threadpool(etag, request, self.personal)
            kept = {"ETag": tag, "Cache-Control": CACHE_CONTROL, "Vary": "Accept, Cookie, Authorization"}
            if tag in _known(request):
                return Response(status_code=304, headers=kept)
            made = await answer(request)
            if made.status_code == 200 and "no-store" not in made.headers.get("cache-control", ""):
                made.headers.update(kept)
            return made

        return fresh


class FreshPage(Fresh):
    """The same for pages: the name and role of who asks, and the token that its forms carry, belong to the tag."""

    personal = True


def etag(request: Request, personal: bool = False) -> str:
    """The tag of the answer to a request, read before the answer: it is never newer than what is answered.

    Raises HTTPException, as :func:`visitor` does, for one who may not ask.
    """
    asked = visitor(request)
    key = [
        __version__,
        desk_of(request).ledger.revision(),
        request.url.path,
        request.url.query,
        request.headers.get("accept", ""),
        [asked.name, asked.role, csrf_token(request)] if personal else None,
    ]
    digest = hashlib.sha256(json.dumps(key, ensure_ascii=True).encode()).hexdigest()[:20]
    return f'W/"{digest}"'


def _known(request: Request) -> set[str]:
    given = request.headers.get("if-none-match", "")
    # Servers between may make a weak tag strong, or the other way round: compared are the words (RFC 9110, 8.8.3.2).
    return {f"W/{tag.strip().removeprefix('W/')}" for tag in given.split(",")} if given else set()
