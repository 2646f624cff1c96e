"""The gate before every page and the API: who asks, whether they must log in, and that no other site made them ask."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dragoman.web.guard import sessions
from dragoman.web.guard.door import Door
from dragoman.web.guard.sessions import Session
from dragoman.web.guard.users import BadUsers, Users
from dragoman.web.problems import problem
from dragoman.web.visitors import NOBODY, NOT_AN_EDITOR, READ_ONLY, Visit, Visitor

FIELD, HEADER = "csrf", "x-csrf-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# What is shown to those who have not logged in.
_OPEN = ("/login", "/static/")
# Posts that leave the record as it is, which readers may make: they log in and out, have a text coded, and keep
# searches of their own.
HARMLESS = frozenset({"/login", "/logout", "/try", "/api/v1/code", "/events/saved", "/events/saved/forget"})
_STALE = (
    "this was not sent from a page of this desk as it is now: go back, load the page again and repeat what you did; "
    "your browser must accept cookies"
)


class Gate:
    """ASGI middleware that lets through what may come in, with a :class:`Visit` for the handlers."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self.app = app
        self.door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            users = self.door.users()
        except BadUsers as error:
            await problem(request, 503, str(error))(scope, receive, send)
            return
        session = self.door.session(request.headers, users)
        known = session or sessions.begun()
        visitor, bearer = self._who(request, session, users)
        visit = Visit(visitor, self.door.form_token(known, users), stands=lambda: self._stands(request, visitor))
        scope.setdefault("state", {})["visit"] = visit

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and visit.shown and session is None:
                MutableHeaders(scope=message).append("set-cookie", self.door.set_cookie(known, users))
            await send(message)

        refused = self._must_log_in(request, visitor)
        if refused is None and request.method not in SAFE:
            if not bearer and (why := self._foreign(request, session, users)):
                refused = problem(request, 403, why)
            elif not visitor.may_edit and _path(request) not in HARMLESS:
                refused = problem(request, 403, READ_ONLY if self.door.settings.read_only else NOT_AN_EDITOR)
        await (refused or self.app)(scope, receive, with_cookie)

    def _who(self, request: Request, session: Session | None, users: Users | None) -> tuple[Visitor, bool]:
        """Who asks, and whether by a token that is somebody's."""
        if users is not None and _is_api(request) and (token := _bearer(request.headers)) is not None:
            user = users.by_token(token)
            return (self.door.as_visitor(user) if user else NOBODY), user is not None
        return self.door.visitor(session, users), False

    def _stands(self, request: Request, visitor: Visitor) -> bool:
        """Whether the request would still be its visitor's: a user may be gone since, or a session over."""
        try:
            users = self.door.users()
        except BadUsers:
            return False
        return self._who(request, self.door.session(request.headers, users), users)[0] == visitor

    def _foreign(self, request: Request, session: Session | None, users: Users | None) -> str | None:
        """Why a request that is to change something may have been made by a page of another site; None where it was
        not: a browser says from which site it asks, and only pages of this desk know its token.

        At the API, programs that are no browser, and send neither a cookie nor what browsers say, need no token.
        """
        headers = request.headers
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is not None and site not in ("same-origin", "none"):
            return f"a page of another site sent this ({site}), and only pages of this desk may change what is in it"
        if site is None and origin is not None and not self._is_own(origin, headers):
            return f"a page of {origin} sent this, and only pages of this desk may change what is in it"
        if _is_api(request) and site is None and origin is None and self.door.cookie not in headers.get("cookie", ""):
            return None
        given = headers.get(HEADER)
        if given is None and not _is_api(request):
            given = request.scope["state"].get("form", {}).get(FIELD)
        if session is None or not isinstance(given, str) or not self.door.is_form_token(given, session, users):
            return _STALE
        return None

    def _is_own(self, origin: str, headers: Headers) -> bool:
        hosts = {headers.get("host", "")}
        if self.door.settings.behind_proxy:
            hosts.add(headers.get("x-forwarded-host", ""))
        try:
            return urlsplit(origin).netloc.lower() in {host.lower() for host in hosts if host}
        except ValueError:
            return False

    def _must_log_in(self, request: Request, visitor: Visitor) -> Response | None:
        path = _path(request)
        if visitor != NOBODY or path == _OPEN[0] or path.startswith(_OPEN[1]):
            return None
        if _is_api(request):
            how = {"WWW-Authenticate": 'Bearer realm="dragoman"'}
            return problem(request, 401, "send a token: Authorization: Bearer … (dragoman users token NAME)", how)
        query = request.scope["query_string"].decode("latin-1")
        here = quote(path) + (f"?{query}" if query else "")
        wanted = f"?next={quote(here, safe='/')}" if request.method in SAFE and here != "/" else ""
        return RedirectResponse(f"/login{wanted}", 303)


def _path(request: Request) -> str:
    """The path that is served. That of ``request.url`` is put together with what the client says of the host."""
    return str(request.scope["path"])


def _is_api(request: Request) -> bool:
    return _path(request).startswith("/api/")


def _bearer(headers: Headers) -> str | None:
    kind, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None
