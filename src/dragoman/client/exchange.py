"""Requests to a desk and its answers."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from dragoman.record import Json

# What a desk says when it has too much to do, and would answer later.
_LATER = frozenset({429, 503})
_TRIES = 4
# Seconds between tries where the desk does not say how many, and the most that is waited when it does.
_PAUSES = (0.5, 1.0, 2.0)
_LONGEST = 60.0


class ClientError(Exception):
    """What a desk answers instead of what was asked for.

    Attributes:
        status: the status of HTTP; 0 where no answer came.
        title: what that means.
        detail: what is wrong, and what to do.
    """

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(f"{status} {title}: {detail}" if status else f"{title}: {detail}")
        self.status = status
        self.title = title
        self.detail = detail


class Exchange:
    """The way to one desk.

    Args:
        address: where it is, such as ``http://127.0.0.1:8421``.
        token: what names the user, where the desk has users.
        timeout: seconds that the desk has for an answer.
        sleep: waits so many seconds.

    Raises:
        ValueError: for what is no address.
    """

    def __init__(
        self, address: str, token: str | None, timeout: float, sleep: Callable[[float], Any] = time.sleep
    ) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{address!r} is no address of a desk: give one such as http://127.0.0.1:8421")
        self._base = address.rstrip("/") + "/api/v1"
        self._headers = {"Accept": "application/json"}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"
        self._pool = urllib3.PoolManager(maxsize=8, retries=False, timeout=urllib3.Timeout(min(10.0, timeout), timeout))
        self._sleep = sleep

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()

    def ask(self, *path: str, **query: Any) -> Any:
        """What the desk answers, from JSON. Raises ClientError."""
        return _read(self.open("GET", path, query).data)

    def tell(self, *path: str, body: Json, again: bool = False, **query: Any) -> Any:
        """What the desk answers to what it is told; told ``again`` where it had too much to do. Raises ClientError."""
        data = json.dumps(body, ensure_ascii=True).encode("ascii")
        return _read(self.open("POST", path, query, data, "application/json", again=again).data)

    def open(
        self,
        method: str,
        path: Iterable[str],
        query: Mapping[str, Any],
        body: bytes | None = None,
        kind: str = "",
        *,
        again: bool | None = None,
        stream: bool = False,
        seconds: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> urllib3.BaseHTTPResponse:
        """An answer, read or, with ``stream``, still to be read and let go.

        What changes nothing is asked again where the desk had too much to do or could not be reached.

        Raises:
            ClientError: for every answer but a good one, and for none.
        """
        address = "/".join([self._base, *(quote(part, safe="") for part in path)])
        if pairs := _pairs(query):
            address += "?" + urlencode(pairs)
        sent = {**self._headers, **({"Content-Type": kind} if kind else {}), **(headers or {})}
        repeats = method == "GET" if again is None else again
        timeout: dict[str, Any] = {} if seconds is None else {"timeout": urllib3.Timeout(10.0, seconds)}
        for attempt in range(_TRIES):
            last = not repeats or attempt == _TRIES - 1
            try:
                made = self._pool.request(
                    method, address, body=body, headers=sent, preload_content=not stream, redirect=False, **timeout
                )
            except HTTPError as error:
                if last:
                    raise ClientError(0, "No answer", f"{self._base} cannot be reached ({error})") from error
                self._sleep(_PAUSES[attempt])
                continue
            if 200 <= made.status < 300:
                return made
            if made.status in _LATER and not last:
                made.drain_conn()
                self._sleep(_pause(made.headers.get("Retry-After"), _PAUSES[attempt]))
                continue
            raise _wrong(made)
        raise AssertionError  # the last try returns or raises


def _pairs(query: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Parameters of an address; what is None or empty is left out."""
    return [
        (name, str(value).lower() if isinstance(value, bool) else str(value))
        for name, values in query.items()
        for value in (values if isinstance(values, list | tuple) else [values])
        if value is not None and value != ""
    ]


def _pause(said: str | None, otherwise: float) -> float:
    """The seconds of ``Retry-After``, which gives them or a date."""
    if said is None:
        return otherwise
    try:
        return min(max(float(said), 0.0), _LONGEST)
    except ValueError:
        pass
    try:
        seconds = (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError):
        return otherwise
    return min(max(seconds, 0.0), _LONGEST)


def _read(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError as error:
        raise ClientError(0, "No desk", "what answers there is no desk of Dragoman: check the address") from error


def _wrong(made: urllib3.BaseHTTPResponse) -> ClientError:
    try:
        said = json.loads(made.read() if not made.closed and made.data == b"" else made.data)
        title, detail = str(said["title"]), str(said["detail"])
    except (ValueError, KeyError, TypeError):
        title, detail = made.reason or "No desk", "what answers there is no desk of Dragoman: check the address"
    return ClientError(made.status, title, detail)
