"""What stands between the network and the desk, as ASGI middleware: none holds back what is sent piece by piece."""

from __future__ import annotations

import re

from fastapi import FastAPI, Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dragoman.web.guard.door import Door
from dragoman.web.guard.gate import Gate
from dragoman.web.guard.limits import BodyLimit, Buckets, Logins, RequestLimit
from dragoman.web.guard.wellformed import WellFormed
from dragoman.web.guard.written import AsWritten
from dragoman.web.problems import Unforeseen, problem
from dragoman.web.settings import Settings, is_loopback

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}
# A year: browsers then come by HTTPS alone.
_ALWAYS_HTTPS = "max-age=31536000"
# A name or address and perhaps a port. Anything else would become part of the addresses that are made of it.
_HOST = re.compile(r"([\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?", re.ASCII)
# Bytes under which packing saves no packet, and a level at which a page of 100 KB takes 2 ms.
_WORTH_PACKING, _LEVEL = 1000, 6


def protect(app: FastAPI, settings: Settings) -> None:
    """Set up all that a request passes before a handler sees it."""
    door = Door(settings)
    app.state.door = door
    app.state.logins = Logins()
    app.state.codings = Buckets(settings.most_codings)
    # The last that is added is the first that a request comes to.
    app.add_middleware(AsWritten, kept=app.state.desk.kept)
    app.add_middleware(Gate, door=door)
    app.add_middleware(GZipMiddleware, minimum_size=_WORTH_PACKING, compresslevel=_LEVEL)
    app.add_middleware(WellFormed)
    app.add_middleware(BodyLimit, most=settings.most_bytes)
    app.add_middleware(RequestLimit, settings=settings)
    app.add_middleware(OwnNames, settings=settings)
    app.add_middleware(Unforeseen)
    app.add_middleware(Shield, secure=settings.secure)


class Shield:
    """ASGI middleware that gives every answer the headers by which browsers refuse what a page should never do."""

    def __init__(self, app: ASGIApp, secure: bool) -> None:
        self.app = app
        self.headers = {**_HEADERS, **({"Strict-Transport-Security": _ALWAYS_HTTPS} if secure else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def shielded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, shielded)


class OwnNames:
    """ASGI middleware that answers only to the desk's own names.

    Else any site could have its own name lead to this machine and read the desk through the browser of its visitor.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.names = {name.lower() for name in settings.allowed_hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._is_own(Headers(scope=scope).getlist("host")):
            await self.app(scope, receive, send)
            return
        said = "this desk does not go by that name: use the address that it was opened with"
        await problem(Request(scope), 421, said)(scope, receive, send)

    def _is_own(self, hosts: list[str]) -> bool:
        if len(hosts) != 1 or not (found := _HOST.fullmatch(hosts[0])):
            return False
        name = found[1].strip("[]").lower()
        if name in self.names:
            return True
        return is_loopback(name) if self.settings.local else not self.names
