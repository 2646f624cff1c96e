"""How far behind the ledger a page may be: as far as its visitor has written nothing since."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dragoman.web.guard.gate import SAFE
from dragoman.web.kept import LEAST, Kept


class AsWritten:
    """ASGI middleware by which pages may be behind what others write, and never behind what their visitor wrote."""

    def __init__(self, app: ASGIApp, kept: Kept) -> None:
        self.app = app
        self.kept = kept

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        name = scope["state"]["visit"].visitor.name
        if scope["method"] in SAFE:
            # An answer of the API goes by its revision alone.
            if not scope["path"].startswith("/api/"):
                LEAST.set(self.kept.least(name))
            await self.app(scope, receive, send)
            return

        async def noted(message: Message) -> None:
            # Before the visitor has the answer, and asks for the page that follows.
            if message["type"] == "http.response.start":
                await run_in_threadpool(self.kept.wrote, name)
            await send(message)

        await self.app(scope, receive, noted)
