"""The file of users: who may come in, with which role, by which password or token.

The file is JSON, only its owner may read it, and a write replaces it whole. It holds no password and no token, only
what they are checked against, and the secret that sessions are signed with.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import tempfile
import threading
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dragoman.web.visitors import ROLES, Role

VARIABLE = "DRAGOMAN_USERS"
SHORTEST, LONGEST = 10, 1000
"""Characters of a password: guesses at the login are few and slow, those at a stolen file are slow."""
_NAME = re.compile(r"[\w][\w.@+-]{0,63}")
_TOKEN = "dragoman_"
# OWASP's password storage cheat sheet (2023) for scrypt: 32 MB and 0.2 s a guess.
COST = (2**15, 8, 3)
# Checks of passwords at once: each takes 32 MB and a core.
_CHECKS = threading.BoundedSemaphore(2)
_VERSION = 1


class BadUsers(ValueError):
    """The users cannot be read or changed as was asked; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Password:
    """What a password is checked against: its scrypt hash, with the salt and the cost (n, r, p) that made it."""

    salt: bytes
    hash: bytes
    cost: tuple[int, int, int]

    @classmethod
    def of(cls, words: str) -> Password:
        """For a new password. Raises BadUsers for one that is too short or too long."""
        if not SHORTEST <= len(words) <= LONGEST:
            raise BadUsers(f"a password has {SHORTEST} to {LONGEST:,} characters: several words are easy to keep")
        salt = secrets.token_bytes(16)
        return cls(salt, _scrypt(words, salt, COST), COST)

    def is_of(self, words: str) -> bool:
        return hmac.compare_digest(_scrypt(words, self.salt, self.cost), self.hash)


@dataclass(frozen=True, slots=True)
class Token:
    """What an API token is checked against: a hash, which suffices for what is long and random; and its label."""

    name: str
    hash: str


@dataclass(frozen=True, slots=True)
class User:
    """One who may come in: by ``password`` in a browser, by one of ``tokens`` at the API."""

    name: str
    role: Role
    password: Password | None = None
    tokens: tuple[Token, ...] = ()


@dataclass(frozen=True, slots=True)
class Users:
    """All users of a file, and the secret that their sessions are signed with."""

    secret: bytes
    named: Mapping[str, User] = field(default_factory=dict)

    def by_password(self, name: str, password: str) -> User | None:
        """The user of a name and a password. An unknown name takes as long as a wrong password."""
        found = self.named.get(unicodedata.normalize("NFC", name))
        against = found.password if found and found.password else _NOBODYS
        with _CHECKS:
            right = len(password) <= LONGEST and against.is_of(password)
        return found if right and found and found.password else None

    def by_token(self, token: str) -> User | None:
        """The user that a token is of."""
        hashed, found = _token_hash(token), None
        for user in self.named.values():
            for known in user.tokens:
                if hmac.compare_digest(known.hash, hashed):
                    found = user
        return found

    def fingerprint(self, user: User) -> str:
        """A mark of a user's password that tells nothing of it: sessions end when it changes."""
        of = user.password.salt + user.password.hash if user.password else b""
        return hmac.new(self.secret, b"fingerprint:" + user.name.encode() + of, hashlib.sha256).hexdigest()[:32]


class UserFile:
    """A file of users, read again whenever it changed.

    Args:
        path: by default :func:`default_users`.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self.path = Path(path) if path is not None else default_users()
        self._read: tuple[tuple[int, int, int], Users] | None = None

    def users(self) -> Users | None:
        """The users as the file has them now; None where there is no file. Raises BadUsers when it cannot be read."""
        try:
            found = self.path.stat()
            mark = (found.st_mtime_ns, found.st_size, found.st_ino)
            if self._read is None or self._read[0] != mark:
                self._read = (mark, _parsed(self.path.read_bytes(), self.path))
            return self._read[1]
        except FileNotFoundError:
            return None
        except OSError as error:
            raise BadUsers(f"{self.path} cannot be read ({error.strerror}): check the path and its owner") from error

    def shared(self) -> bool:
        """Whether others on this machine may read the file."""
        return os.name == "posix" and self.path.exists() and bool(self.path.stat().st_mode & 0o077)

    def add(self, name: str, role: str, password: str | None) -> None:
        """Add a user, without a password for one who only comes by token. Raises BadUsers for a name that is taken."""
        known = self.check_new(name, role)
        made = User(unicodedata.normalize("NFC", name), known, None if password is None else Password.of(password))

        def add(users: dict[str, User]) -> None:
            _check_free(made.name, users)
            users[made.name] = made

        self._change(add, create=True)

    def check_new(self, name: str, role: str) -> Role:
        """The role of a user who could be added, before anyone is asked for a password. Raises BadUsers as ``add``."""
        if not _NAME.fullmatch(unicodedata.normalize("NFC", name)):
            raise BadUsers(f"{name!r} is no name for a user: letters, digits and . @ + - _ make one, up to 64")
        known = next((known for known in ROLES if known == role), None)
        if known is None:
            raise BadUsers(f"{role!r} is no role: it is one of {', '.join(ROLES)}")
        users = self.users()
        _check_free(unicodedata.normalize("NFC", name), users.named if users else {})
        return known

    def user(self, name: str) -> User:
        """A user by name. Raises BadUsers for an unknown one."""
        users = self.users()
        return self._known(users.named if users else {}, name)

    def remove(self, name: str) -> None:
        """Remove a user: sessions and tokens end at once. Raises BadUsers for an unknown one."""
        self._change(lambda users: users.__delitem__(self._known(users, name).name))

    def set_password(self, name: str, password: str) -> None:
        """Give a user another password: sessions end at once. Raises BadUsers for an unknown one."""
        made = Password.of(password)
        self._put(name, lambda user: replace(user, password=made))

    def add_token(self, name: str, label: str) -> str:
        """A new token of a user, which is not kept: it is shown once. Raises BadUsers for a label that is taken."""
        token = _TOKEN + secrets.token_urlsafe(32)

        def add(user: User) -> User:
            if any(known.name == label for known in user.tokens):
                raise BadUsers(f"{user.name} has a token {label} already: give this one another --name")
            return replace(user, tokens=(*user.tokens, Token(label, _token_hash(token))))

        self._put(name, add)
        return token

    def remove_token(self, name: str, label: str) -> None:
        """Take a token away. Raises BadUsers for an unknown one."""

        def remove(user: User) -> User:
            left = tuple(known for known in user.tokens if known.name != label)
            if left == user.tokens:
                has = ", ".join(known.name for known in user.tokens) or "none"
                raise BadUsers(f"{user.name} has no token {label}: there is {has}")
            return replace(user, tokens=left)

        self._put(name, remove)

    def _put(self, name: str, change: Callable[[User], User]) -> None:
        def put(users: dict[str, User]) -> None:
            found = self._known(users, name)
            users[found.name] = change(found)

        self._change(put)

    def _known(self, users: Mapping[str, User], name: str) -> User:
        found = users.get(unicodedata.normalize("NFC", name))
        if found is None:
            raise BadUsers(f"there is no user {name} in {self.path}: dragoman users list shows who is there")
        return found

    def _change(self, change: Callable[[dict[str, User]], object], *, create: bool = False) -> None:
        """Write the file anew with a change. A change that another process made meanwhile is not lost."""
        while True:
            try:
                before = self.path.read_bytes()
            except FileNotFoundError:
                before = b""
            except OSError as error:
                raise BadUsers(f"{self.path} cannot be read ({error.strerror})") from error
            if not before and not create:
                raise BadUsers(f"there are no users in {self.path}: add one with dragoman users add")
            users = _parsed(before, self.path) if before else Users(secrets.token_bytes(32))
            named = dict(users.named)
            change(named)
            try:
                if self._replaced(before, _written(Users(users.secret, named))):
                    return
            except OSError as error:
                raise BadUsers(f"{self.path} cannot be written ({error.strerror}): name another file") from error

    def _replaced(self, before: bytes, after: bytes) -> bool:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Made with mode 0600.
        handle, name = tempfile.mkstemp(prefix=self.path.name + ".", dir=self.path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(after)
                stream.flush()
                os.fsync(stream.fileno())
            with _alone_in(self.path.parent):
                if (self.path.read_bytes() if self.path.exists() else b"") != before:
                    return False
                os.replace(name, self.path)
                return True
        finally:
            Path(name).unlink(missing_ok=True)


def default_users() -> Path:
    """``$DRAGOMAN_USERS``, else the file ``users.json`` in the user's data folder."""
    if given := os.environ.get(VARIABLE):
        return Path(given)
    from typer import get_app_dir

    return Path(get_app_dir("dragoman")) / "users.json"


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Alone among the processes that change a file of users in ``folder``, where the system has such locks."""
    if os.name != "posix":
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _check_free(name: str, users: Mapping[str, User]) -> None:
    if name in users:
        raise BadUsers(f"there is a user {name} already: dragoman users remove {name} takes it away")


def _scrypt(words: str, salt: bytes, cost: tuple[int, int, int]) -> bytes:
    n, r, p = cost
    # What is typed as one letter on one keyboard and as two on another is the same password.
    data = unicodedata.normalize("NFC", words).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(data, salt=salt, n=n, r=r, p=p, maxmem=256 * r * (n + p + 2), dklen=32)


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


# Nobody's password: its hash is of nothing.
_NOBODYS = Password(bytes(16), bytes(32), COST)


def _written(users: Users) -> bytes:
    rows = {
        user.name: {
            "role": user.role,
            "password": user.password
            and {"salt": user.password.salt.hex(), "scrypt": user.password.hash.hex(), "cost": user.password.cost},
            "tokens": [{"name": token.name, "sha256": token.hash} for token in user.tokens],
        }
        for user in sorted(users.named.values(), key=lambda user: user.name)
    }
    made = {"version": _VERSION, "secret": users.secret.hex(), "users": rows}
    return (json.dumps(made, indent=1, ensure_ascii=False) + "\n").encode()


def _parsed(raw: bytes, path: Path) -> Users:
    try:
        made = json.loads(raw)
        if made["version"] != _VERSION:
            raise BadUsers(f"{path} was made by another version of Dragoman ({made['version']}): update")
        secret = bytes.fromhex(made["secret"])
        if len(secret) < 32:
            raise ValueError("its secret is too short")
        return Users(secret, {name: _user(name, row) for name, row in made["users"].items()})
    except BadUsers:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadUsers(f"{path} is no file of users, or a damaged one ({error}): name another with --users") from error


def _user(name: str, row: Mapping[str, Any]) -> User:
    role, password = row["role"], row["password"]
    if role not in ROLES:
        raise ValueError(f"the role of {name} is {role!r}")
    n, r, p = password["cost"] if password else COST
    known = password and Password(
        bytes.fromhex(password["salt"]), bytes.fromhex(password["scrypt"]), (int(n), int(r), int(p))
    )
    return User(name, role, known, tuple(Token(str(t["name"]), str(t["sha256"])) for t in row["tokens"]))
