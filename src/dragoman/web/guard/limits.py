"""What one client may ask for: requests and codings in a minute, attempts to log in, bytes in a body."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Callable

import anyio
from fastapi import HTTPException, Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dragoman.web.problems import problem
from dragoman.web.settings import Settings
from dragoman.web.visitors import visitor

# Clients that are remembered: the least recent are forgotten, and begin anew. About 2 MB.
_REMEMBERED = 10_000
# Who log in at once: each holds one of the server's 40 threads for the tenth of a second that its check takes, in turn.
_LOGINS = 10
# Seconds in which a body has come, or never will: the largest by a line of 300 kbit/s.
BODY_SECONDS = 120.0

# Of a body that is too large so many times what is taken, and for so many seconds, is let pass to be refused in words.
_PATIENCE, _PASSING_SECONDS = 10, 20.0


class Buckets:
    """A bucket of tokens for each client: ``most`` at once, filled again at ``most`` in ``seconds``."""

    def __init__(self, most: float, seconds: float = 60.0, clock: Callable[[], float] = time.monotonic) -> None:
        self.most, self.rate, self.clock = float(most), most / seconds, clock
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, client: str) -> float:
        """Take a token: 0 where there was one, else the seconds until there is."""
        with self._lock:
            now = self.clock()
            held, since = self._held.pop(client, (self.most, now))
            held = min(self.most, held + (now - since) * self.rate)
            enough = held >= 1.0
            self._held[client] = (held - 1.0 if enough else held, now)
            if len(self._held) > _REMEMBERED:
                self._held.popitem(last=False)
            return 0.0 if enough else (1.0 - held) / self.rate

    def give_back(self, client: str) -> None:
        """Give a token back that was not to be paid."""
        with self._lock:
            if client in self._held:
                held, since = self._held[client]
                self._held[client] = (min(self.most, held + 1.0), since)


class Logins:
    """Attempts to log in: five at once and then one a minute for a name from one client, thirty at once and then three
    a minute for a client.

    Nothing is counted for a name alone: else anyone could keep its owner out. Those who come from many clients meet the
    cost of a check, of which a machine makes some ten a second: no more wait for one than leave the desk room to answer
    others.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.places = threading.BoundedSemaphore(_LOGINS)
        self._of_both = Buckets(5, 300.0, clock)
        self._of_client = Buckets(30, 600.0, clock)

    def take(self, name: str, client: str) -> float:
        """Make an attempt: 0 where it may be made, else the seconds until then."""
        return self._of_client.take(client) or self._of_both.take(_both(name, client))

    def give_back(self, name: str, client: str) -> None:
        """Forget an attempt that was right."""
        self._of_client.give_back(client)
        self._of_both.give_back(_both(name, client))


def client_of(scope: Scope, settings: Settings) -> str:
    """Whose request it is: an address, and of IPv6 the network, since a household has billions of addresses.

    Behind a proxy it is the last address of ``X-Forwarded-For``, which the proxy wrote itself: the others are whatever
    the client claims.
    """
    host = (scope.get("client") or ("", 0))[0]
    if settings.behind_proxy and (named := Headers(scope=scope).getlist("x-forwarded-for")):
        host = named[-1].rpartition(",")[2].strip()
        # Some proxies add the port, another for each connection.
        if host.startswith("["):
            host = host[1:].partition("]")[0]
        elif host.count(":") == 1:
            host = host.partition(":")[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host[:64]
    if isinstance(address, ipaddress.IPv6Address):
        # What listens for both calls every client of the older protocol ::ffff:…
        older = address.ipv4_mapped
        return str(older or ipaddress.ip_network((int(address), 64), strict=False))
    return str(address)


def whose(request: Request) -> str:
    """Whose share of what is short a request uses up: a visitor's, from one client."""
    return f"{visitor(request).name}@{client_of(request.scope, request.app.state.desk.settings)}"


def codings_limited(request: Request) -> None:
    """A dependency of handlers that have texts or addresses coded. Raises HTTPException (429) for who asks for too many
    in a minute."""
    if wait := request.app.state.codings.take(whose(request)):
        raise HTTPException(429, _too_many("texts to code"), waiting(wait))


class RequestLimit:
    """ASGI middleware that answers 429 to a client that asks too often."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.buckets = Buckets(settings.most_requests)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (wait := self.buckets.take(client_of(scope, self.settings))):
            refused = problem(Request(scope), 429, _too_many("requests"), waiting(wait))
            await refused(scope, receive, send)
            return
        await self.app(scope, receive, send)


class _Refused(Exception):
    """A body is not taken: the status to answer with, and why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


class BodyLimit:
    """ASGI middleware that answers 413 to a body of more bytes than are taken, whatever its length is said to be, and
    408 to one that does not come to an end."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app = app
        self.most = most
        self.too_large = _Refused(413, f"a request has at most {most:,} bytes here")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        taken, whole, begun = 0, False, False
        end: float | None = None

        async def counted() -> Message:
            nonlocal taken, whole, end
            # From when it is first asked for; and that the client has gone, which is what comes after the body, may be
            # waited for as long as it takes.
            end = end or anyio.current_time() + BODY_SECONDS
            with anyio.CancelScope(deadline=math.inf if whole else end) as scope:
                message = await receive()
            if scope.cancelled_caught:
                raise _Refused(408, f"the request took more than {BODY_SECONDS:.0f} seconds to come")
            taken += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if taken > self.most:
                raise self.too_large
            return message

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        headers = Headers(scope=scope)
        said = headers.get("content-length", "0")
        try:
            if said.isascii() and said.isdigit() and int(said[:20]) > self.most:
                raise self.too_large
            await self.app(scope, counted, sent)
        except _Refused as error:
            if begun:
                raise
            if error is self.too_large and not whole and "expect" not in headers:
                await _passed_over(receive, _PATIENCE * self.most)
            # Of what is still under way no more is waited for.
            await problem(Request(scope), error.status, error.why, {"Connection": "close"})(scope, receive, send)


async def _passed_over(receive: Receive, most: int) -> None:
    """Read on, up to ``most`` bytes, and keep nothing: who still sends is not listening, and takes an answer with which
    the connection ends for a failure of the network."""
    with anyio.move_on_after(_PASSING_SECONDS):
        while most > 0:
            message = await receive()
            if not message.get("more_body", False):
                return
            most -= len(message.get("body", b""))


def _too_many(what: str) -> str:
    return f"too many {what} in a minute: wait a little"


def waiting(seconds: float) -> dict[str, str]:
    """The header that says how long to wait."""
    return {"Retry-After": str(max(1, math.ceil(seconds)))}


def _both(name: str, client: str) -> str:
    # As users are looked up: a letter that can be written in two ways is one.
    return f"{unicodedata.normalize('NFC', name[:64]).casefold()}@{client}"
