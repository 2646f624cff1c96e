"""New events as they come: server-sent events."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Annotated

from fastapi import APIRouter, Header, HTTPException, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from dragoman.export.sink import encoded
from dragoman.ledger import BadQuestion, LedgerError
from dragoman.ledger.asking import Filters, News
from dragoman.record import Json
from dragoman.web.api.answers import READING, Route, problems
from dragoman.web.api.parameters import FILTERS, Asked
from dragoman.web.desk import AtDesk, Desk
from dragoman.web.guard.limits import whose
from dragoman.web.visitors import visit_of

router = APIRouter(route_class=Route, tags=["events"])
# Servers between close what is silent for half a minute or more.
_HEARTBEAT = 15.0
# Milliseconds after which a browser comes back.
_RETRY = 3_000
# Before all stamps: browsers send no empty cursor.
_BEGINNING = "0"
_STREAM = {
    200: {
        "description": "Server-sent events. `event: event` has an event in its data, as it stands now, and "
        "`event: judgement` an entry of the log. An `id` is a cursor: everything up to it has been sent.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


@router.get(
    "/stream",
    operation_id="stream",
    summary="New events as they come",
    response_class=StreamingResponse,
    responses={**_STREAM, **READING, **problems(503)},  # type: ignore[dict-item]
    openapi_extra=FILTERS,
)
async def stream(
    request: Request,
    desk: AtDesk,
    asked: Asked,
    after: Annotated[
        str | None, Query(max_length=40, description="The cursor to go on from; without one, what comes from now on.")
    ] = None,
    last_event_id: Annotated[
        str | None, Header(max_length=40, description="The same, as browsers send it when they come back.")
    ] = None,
) -> Response:
    """Events of reports that come in, and events that people judge, from now on or from a cursor on without loss: after
    a break an event may come again, and none is passed over. The filters narrow events, not judgements."""
    given = last_event_id or after
    if given is not None and not (given.isascii() and given.isprintable()):
        raise BadQuestion("that is no cursor of this stream: take the id of what was sent last")
    who = whose(request)
    if desk.listening.full(who):
        raise HTTPException(503, "as many listen here as may: try again later", {"Retry-After": "30"})
    cursor = (await run_in_threadpool(desk.ledger.latest) or _BEGINNING) if given is None else given
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(
        _told(desk, asked, cursor, who, visit_of(request).stands), headers=headers, media_type="text/event-stream"
    )


async def _told(desk: Desk, asked: Filters, cursor: str, who: str, stands: Callable[[], bool]) -> AsyncIterator[bytes]:
    async with desk.listening.seat(who):
        yield encoded(f"retry: {_RETRY}\nid: {cursor}\n\n")
        revision, more = -1, True
        while not desk.listening.closed and await run_in_threadpool(stands):
            if more or desk.listening.revision != revision:
                revision = desk.listening.revision
                try:
                    news = await run_in_threadpool(_news, desk, asked, cursor)
                except LedgerError:
                    return  # who listens comes back with the cursor
                cursor, more = news.cursor, news.more
                if sent := _written(news):
                    yield sent
                continue
            before = revision
            if await desk.listening.after(revision, _HEARTBEAT) == before and not desk.listening.closed:
                yield b": nothing new\n\n"


def _news(desk: Desk, asked: Filters, cursor: str) -> News:
    # Those who have heard the same ask the same.
    return desk.once(("news", cursor, asked), lambda: desk.ledger.news(cursor, asked))


def _written(news: News) -> bytes:
    """The news of one or several writes; the cursor comes with the last, when all is sent."""
    made = [("event", one.to_dict()) for one in news.events]
    made += [("judgement", one.to_dict()) for one in news.judgements]
    pieces = [_piece(name, data) for name, data in made]
    return encoded("".join(pieces) + f"id: {news.cursor}\n\n") if pieces else b""


def _piece(name: str, data: Json) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n"
