"""One request and its answer: to a machine that was checked, within a number of bytes and of seconds, all told."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import BaseHTTPResponse

from dragoman.fetching.address import Address

_PIECE = 64 * 1024
_ENCODINGS = {"gzip": 31, "x-gzip": 31, "deflate": 15}


class Failed(Exception):
    """No answer, or none that can be used.

    ``lasting`` is true when asking again would not help, ``unreachable`` when there was no connection at all.
    """

    def __init__(self, reason: str, *, lasting: bool = False, unreachable: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.lasting = lasting
        self.unreachable = unreachable


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said; ``body`` is unpacked. The names of ``headers`` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Deadline:
    """Cuts a connection when its time is up.

    Time limits of sockets count the pause between two bytes: a server that sends one every few seconds never meets
    them. Shutting the socket down from without ends every phase: handshake, headers and body.
    """

    def __init__(self, seconds: float) -> None:
        self.dead = False
        self._end_at = time.monotonic() + seconds
        self._line: socket.socket | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._timer.start()

    @property
    def over(self) -> bool:
        """Whether its time is up: a wait of the connection's own may end a moment before it is cut."""
        return self.dead or time.monotonic() >= self._end_at

    def watch(self, line: socket.socket) -> None:
        # A second handle of the same connection: TLS takes the first one over.
        with self._lock:
            self._line = line.dup()
        if self.dead:
            self._end()

    def _end(self) -> None:
        self.dead = True
        with self._lock:
            if self._line is not None:
                with contextlib.suppress(OSError):
                    self._line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._timer.cancel()
        with self._lock:
            if self._line is not None:
                self._line.close()
                self._line = None


class _Checked:
    """Makes connections to the IP address given, whatever the host's name would resolve to now."""

    machine: str
    deadline: _Deadline
    host: str
    port: int
    timeout: float

    def _new_conn(self) -> socket.socket:
        try:
            line = socket.create_connection((self.machine, self.port), self.timeout)
        except OSError as wrong:
            cause = wrong.strerror or "no answer in time"
            raise Failed(f"cannot be had: {self.host} cannot be reached ({cause})", unreachable=True) from wrong
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.deadline.watch(line)
        return line


class _Plain(_Checked, HTTPConnection):  # type: ignore[misc]
    pass


class _Secure(_Checked, HTTPSConnection):  # type: ignore[misc]
    pass


def ask(
    address: Address,
    machine: str,
    headers: Mapping[str, str],
    *,
    most_bytes: int,
    seconds: float,
    connect_seconds: float,
    cut: bool = False,
) -> Answer:
    """The answer to a GET of ``address`` from the machine with the IP address ``machine``.

    ``seconds`` is for everything from connecting to the last byte. The body counts unpacked; with
    ``cut``, one that is too long is cut instead of refused. Proxies that the
    environment names are not used: they would resolve the host again. Raises :class:`Failed`.
    """
    deadline = _Deadline(seconds)
    kind = _Secure if address.scheme == "https" else _Plain
    connection = kind(address.host, address.port, timeout=min(connect_seconds, seconds))
    connection.machine, connection.deadline = machine, deadline
    try:
        with _plainly(address, deadline, seconds):
            connection.connect()
            assert connection.sock is not None
            connection.sock.settimeout(seconds)
            sent = {"Host": address.authority, "Accept-Encoding": "gzip, deflate", "Connection": "close", **headers}
            connection.request("GET", address.target, headers=sent, preload_content=False, decode_content=False)
            response = connection.getresponse()
            received = {name.lower(): value for name, value in response.headers.items()}
            # Of an error or a redirect the body says nothing; it is left unread.
            body = _body(response, received, most_bytes, cut) if response.status == 200 else b""
            if deadline.dead:
                raise Failed(f"took over {seconds:g} seconds")
            return Answer(response.status, received, body)
    finally:
        deadline.close()
        connection.close()


@contextmanager
def _plainly(address: Address, deadline: _Deadline, seconds: float) -> Iterator[None]:
    """Turns what the libraries raise into one clear reason."""
    try:
        yield
    except Failed:
        raise
    except Exception as wrong:  # three libraries on what a stranger sends: no list of what they raise is whole
        # A socket that is shut from without shows as an end of the data, a reset or an object that is gone.
        if deadline.over:
            raise Failed(f"took over {seconds:g} seconds") from wrong
        cause = " ".join(str(wrong).split())[:120] or type(wrong).__name__
        if "CERTIFICATE_VERIFY_FAILED" in cause or "certificate" in cause.lower():
            raise Failed(f"has a certificate that cannot be trusted ({cause})", lasting=True) from wrong
        if isinstance(wrong, TimeoutError):
            raise Failed("does not answer in time") from wrong
        if isinstance(wrong, zlib.error):
            raise Failed("sent a body that cannot be unpacked", lasting=True) from wrong
        raise Failed(f"cannot be had from {address.host} ({cause})") from wrong


def _body(response: BaseHTTPResponse, headers: Mapping[str, str], most_bytes: int, cut: bool) -> bytes:
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding not in ("", "identity", *_ENCODINGS):
        raise Failed(f"is packed as {encoding[:20]!r}, which was not asked for", lasting=True)
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length[:18]) > most_bytes and not cut:
        raise Failed(f"is over {most_bytes:,} bytes long", lasting=True)
    body = bytearray()
    unpack = zlib.decompressobj(_ENCODINGS[encoding]) if encoding in _ENCODINGS else None
    while piece := response.read1(_PIECE, decode_content=False):
        if unpack is None:
            body += piece
        else:
            if not body and encoding == "deflate" and not _has_zlib_header(piece):
                unpack = zlib.decompressobj(-15)
            # No more is unpacked than is wanted, however much the piece would make.
            body += unpack.decompress(piece, most_bytes + 1 - len(body))
            if unpack.eof and unpack.unused_data:
                break
        if len(body) > most_bytes:
            if cut:
                return bytes(body[:most_bytes])
            raise Failed(f"is over {most_bytes:,} bytes long", lasting=True)
    if unpack is not None and body and not unpack.eof:
        raise Failed("is cut short")
    return bytes(body)


def _has_zlib_header(piece: bytes) -> bool:
    """Whether deflate data is in the wrapper that HTTP demands; some servers send it bare."""
    return len(piece) >= 2 and piece[0] & 0x0F == 8 and int.from_bytes(piece[:2], "big") % 31 == 0
