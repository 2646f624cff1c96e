"""The desk as an ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from dragoman import __version__
from dragoman.ledger import Ledger
from dragoman.web import api, pages, problems, ready, static
from dragoman.web.description import describe
from dragoman.web.desk import Desk
from dragoman.web.guard.security import protect
from dragoman.web.settings import Settings
from dragoman.web.stopping import on_signals


def create_app(ledger: Ledger, settings: Settings | None = None) -> FastAPI:
    """The pages and the API over ``ledger``, to be run by any ASGI server. The ledger stays the caller's to close."""
    desk = Desk(ledger, settings or Settings())

    @asynccontextmanager
    async def open_until_the_end(_: FastAPI) -> AsyncIterator[None]:
        ready.prepare()
        if desk.settings.warm:
            desk.coding.warm()
        with on_signals(desk.listening.close):
            yield
        desk.close()

    app = FastAPI(
        title="Dragoman",
        version=__version__,
        summary="The record of world affairs: who did what to whom, when, where, and on whose word.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        lifespan=open_until_the_end,
    )
    app.state.desk = desk
    app.include_router(static.router)
    for router in pages.routers():
        app.include_router(router, include_in_schema=False)
    for router in api.routers():
        app.include_router(router, prefix="/api/v1")
    problems.explain(app)
    protect(app, desk.settings)
    describe(app)
    return app
