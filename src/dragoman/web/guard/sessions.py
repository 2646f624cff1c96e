"""Signed sessions: what a browser's cookie holds, and the token that its forms carry.

Nothing is kept on the server. A cookie says who came in, when and with which password, under a seal that only the desk
can make; a form's token is bound to the cookie, so that a page of another site, which can read neither, cannot send a
form.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass

# Seconds: a working day with its evening. Who reads on the next morning logs in again.
LIFE = 12 * 3600
# A clock that was set back by less, in seconds, ends no session.
_SLACK = 60
# A cookie of ours has about 250 characters; browsers keep none of over 4,096.
_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Session:
    """What a cookie says.

    Attributes:
        id: a random name of the session, which the tokens of its forms are bound to.
        user: who logged in; empty where nobody did.
        issued: when, in seconds since 1970.
        fingerprint: of the password that was in force: another ends the session.
    """

    id: str
    user: str = ""
    issued: int = 0
    fingerprint: str = ""


def begun(user: str = "", issued: int = 0, fingerprint: str = "") -> Session:
    """A new session, with an id that nobody can foresee."""
    return Session(secrets.token_urlsafe(18), user, issued, fingerprint)


def sealed(session: Session, secret: bytes) -> str:
    """The session as the value of a cookie."""
    fields = [session.id, session.user, session.issued, session.fingerprint]
    body = _encoded(json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode())
    return f"{body}.{_seal(secret, 'session', body)}"


def unsealed(cookie: str, secret: bytes, now: float) -> Session | None:
    """The session that a cookie's value holds; None where the seal is not ours, or a login of a user has expired.

    A session of nobody does not expire: it only binds forms.
    """
    body, _, seal = cookie.partition(".")
    if len(cookie) > _LONGEST or not hmac.compare_digest(seal.encode(), _seal(secret, "session", body).encode()):
        return None
    try:
        session = Session(*json.loads(base64.urlsafe_b64decode(body)))
    except (binascii.Error, ValueError, TypeError):
        return None
    if session.user and not -_SLACK <= now - session.issued < LIFE:
        return None
    return session


def form_token(session: Session, secret: bytes) -> str:
    """What the forms of a session carry.

    It is the same all session long. Compression could leak it letter by letter only to one who makes the browser fetch
    pages with the cookie from another site, and SameSite cookies are not sent there.
    """
    return _seal(secret, "form", session.id)


def is_form_token(given: str, session: Session, secret: bytes) -> bool:
    """Whether ``given`` is the token of the session, told in a time that says nothing of it."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), form_token(session, secret).encode())


def _seal(secret: bytes, purpose: str, body: str) -> str:
    text = f"{purpose}:{body}".encode("utf-8", "replace")
    return _encoded(hmac.new(secret, text, hashlib.sha256).digest())


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()
