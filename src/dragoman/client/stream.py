"""What comes into a desk's ledger, as it comes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any, Self

import urllib3
from urllib3.exceptions import HTTPError

from dragoman.client.exchange import ClientError, Exchange
from dragoman.ledger.judging import Judgement
from dragoman.ledger.model import LedgerEvent

# A desk says every fifteen seconds that it is there.
_SILENCE = 45.0
# Seconds before a desk that went away is asked again: doubled each time, up to the last.
_FIRST, _LAST = 1.0, 30.0
_PIECE = 1 << 16


class Stream(Iterator[LedgerEvent | Judgement]):
    """Events of reports that come in, events that are judged, and the judgements; it waits for the next.

    When the desk goes away it is asked again, from where it was: an event may then come twice, and none is passed over.
    Close it, or use it in a ``with`` statement, to let go of the connection.

    Attributes:
        cursor: everything up to here has been handed out; to go on from in another run. None before the desk said one.
    """

    def __init__(
        self,
        exchange: Exchange,
        query: Mapping[str, Any],
        cursor: str | None = None,
        sleep: Callable[[float], Any] = time.sleep,
    ) -> None:
        self.cursor = cursor
        self._exchange = exchange
        self._query = query
        self._sleep = sleep
        self._answer: urllib3.BaseHTTPResponse | None = None
        self._told = self._all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __next__(self) -> LedgerEvent | Judgement:
        return next(self._told)

    def close(self) -> None:
        """Stop listening."""
        self._told.close()
        self._hang_up()

    def _hang_up(self) -> None:
        if self._answer is not None:
            # Not given back for another request: the desk is still speaking.
            self._answer.close()
            self._answer = None

    def _all(self) -> Generator[LedgerEvent | Judgement, None, None]:
        pause = _FIRST
        while True:
            try:
                headers = {"Accept": "text/event-stream"}
                if self.cursor is not None:
                    headers["Last-Event-ID"] = self.cursor
                self._answer = self._exchange.open(
                    "GET", ["stream"], self._query, again=False, stream=True, seconds=_SILENCE, headers=headers
                )
                for name, data, id in _messages(self._answer):
                    pause = _FIRST
                    if name == "event":
                        yield LedgerEvent.from_dict(json.loads(data))
                    elif name == "judgement":
                        yield Judgement.from_dict(json.loads(data))
                    if id is not None:
                        self.cursor = id
            except ClientError as error:
                if error.status not in (0, 429, 500, 502, 503, 504):
                    raise
            except HTTPError:
                pass  # it went away in the middle
            finally:
                self._hang_up()
            self._sleep(pause)
            pause = min(pause * 2, _LAST)


def _messages(answer: urllib3.BaseHTTPResponse) -> Iterator[tuple[str, str, str | None]]:
    """Name, data and id of each message of server-sent events."""
    name, id = "message", None
    data: list[str] = []
    for line in _lines(answer):
        if not line:
            if data or id is not None:
                yield name, "\n".join(data), id
            name, data, id = "message", [], None
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            name = value
        elif field == "data":
            data.append(value)
        elif field == "id":
            id = value


def _lines(answer: urllib3.BaseHTTPResponse) -> Iterator[str]:
    left = b""
    for piece in answer.stream(_PIECE, decode_content=True):
        *lines, left = (left + piece).split(b"\n")
        for line in lines:
            yield line.decode("utf-8", "replace").removesuffix("\r")
