"""The door of a desk: who a request comes from, by its cookie or token, and the cookies that are given out."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

from starlette.datastructures import Headers

from dragoman.web.guard import sessions
from dragoman.web.guard.sessions import Session
from dragoman.web.guard.users import User, UserFile, Users
from dragoman.web.settings import Settings
from dragoman.web.visitors import NOBODY, Visitor


class Door:
    """Knows the users and their sessions.

    Args:
        settings: how the desk is served.
        clock: seconds since 1970.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self.settings = settings
        self.clock = clock
        self._file = UserFile(settings.users) if settings.users else None
        # Off loopback nobody comes in unnamed. Where there have been users, their removal opens nothing.
        self._guarded = not settings.local
        self._own_secret = secrets.token_bytes(32)
        # Browsers tell hosts apart, not ports: two desks on one machine must not take each other's cookies.
        self.cookie = f"{'__Host-' if settings.secure else ''}dragoman-{settings.port}"

    def users(self) -> Users | None:
        """The users there are now; None where whoever reaches the desk may work at it. Raises BadUsers when they cannot
        be read."""
        found = self._file.users() if self._file else None
        if found is not None and found.named:
            self._guarded = True
        return (found or Users(self._own_secret)) if self._guarded else None

    def session(self, headers: Headers, users: Users | None) -> Session | None:
        """The session of a request's cookie; None where there is none, or it is over."""
        session = sessions.unsealed(_cookie(headers, self.cookie), self._secret(users), self.clock())
        if session is None or not session.user:
            return session
        user = users.named.get(session.user) if users else None
        return session if users and user and session.fingerprint == users.fingerprint(user) else None

    def visitor(self, session: Session | None, users: Users | None) -> Visitor:
        """Whom a session is of."""
        if users is None:
            return Visitor(self.settings.local_user, "reader" if self.settings.read_only else "editor")
        return self.as_visitor(users.named[session.user], logged_in=True) if session and session.user else NOBODY

    def as_visitor(self, user: User, *, logged_in: bool = False) -> Visitor:
        """A user as a visitor of this desk, where perhaps nobody may change anything."""
        return Visitor(user.name, "reader" if self.settings.read_only else user.role, logged_in)

    def form_token(self, session: Session, users: Users | None) -> str:
        """What the forms of a session carry."""
        return sessions.form_token(session, self._secret(users))

    def is_form_token(self, given: str, session: Session, users: Users | None) -> bool:
        """Whether a form of the session was shown by this desk."""
        return sessions.is_form_token(given, session, self._secret(users))

    def login(self, user: User, users: Users) -> str:
        """The header that gives a browser a session of a user."""
        session = sessions.begun(user.name, int(self.clock()), users.fingerprint(user))
        return self.set_cookie(session, users, sessions.LIFE)

    def set_cookie(self, session: Session, users: Users | None, life: int | None = None) -> str:
        """The header that gives a browser a session, for ``life`` seconds or until it is closed."""
        return self._header(sessions.sealed(session, self._secret(users)), life)

    def logout(self) -> str:
        """The header that takes the session from a browser."""
        return self._header("", 0)

    def _header(self, value: str, life: int | None) -> str:
        age = "" if life is None else f"; Max-Age={life}"
        return f"{self.cookie}={value}; Path=/; HttpOnly; SameSite=Lax{age}{'; Secure' if self.settings.secure else ''}"

    def _secret(self, users: Users | None) -> bytes:
        return users.secret if users else self._own_secret


def _cookie(headers: Headers, name: str) -> str:
    for header in headers.getlist("cookie"):
        for part in header.split(";"):
            key, _, value = part.strip().partition("=")
            if key == name:
                return value
    return ""
