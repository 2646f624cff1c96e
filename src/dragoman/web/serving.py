"""The desk's own server: uvicorn, told what a desk needs, and ended cleanly."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import uvicorn

from dragoman.ledger import Ledger
from dragoman.web.app import create_app
from dragoman.web.guard.patience import Patient
from dragoman.web.settings import Settings

# Seconds that requests under way have to be finished when the desk closes, and that a browser's connection is kept.
_LAST_SECONDS, _KEPT_SECONDS = 3, 15
# Connections at once, of which each takes some 100 KB: more are answered with 503.
_MOST_CONNECTIONS = 1_000
# Of TLS 1.2, as RFC 9325 recommends; those of 1.3 are all good.
_CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
# Bytes of a request's first line and headers.
_MOST_HEADERS = 32_768


class Unservable(RuntimeError):
    """The desk cannot be opened; the message says why and what to do."""


def listening(settings: Settings) -> socket.socket:
    """A socket at the host and port of a desk, which nobody can take from here on.

    Raises:
        Unservable: when they cannot be had.
    """
    host, port = settings.host.strip("[]"), settings.port
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError) as error:
        raise Unservable(f"{host} is no address of this machine: give another with --host") from error
    family, kind, protocol, _, where = found[0]
    made = socket.socket(family, kind, protocol)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0 if host == "::" else 1)
        made.bind(where)
        made.listen(512)
    except OSError as error:
        made.close()
        raise Unservable(_why(error, host, port)) from error
    return made


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} of {host} is taken: is the desk open already? Else give another with --port"
    if error.errno == errno.EACCES:
        return f"port {port} is the system's: give one from 1024 on with --port"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine: give another with --host"
    return f"{host}:{port} cannot be listened on ({error.strerror}): give others with --host and --port"


def run(
    ledger: Ledger,
    settings: Settings,
    listener: socket.socket,
    *,
    tls: tuple[Path, Path] | None = None,
    ready: Callable[[str], object] = lambda address: None,
) -> None:
    """Serve the desk until the process is told to end, which then raises KeyboardInterrupt.

    Args:
        ledger: what the desk shows.
        settings: how it is served; the port is that of ``listener``.
        listener: as :func:`listening` makes it.
        tls: certificate and key.
        ready: called with the desk's address once it answers.

    Raises:
        Unservable: when certificate and key cannot be used.
    """
    settings = replace(settings, port=listener.getsockname()[1])
    app = create_app(ledger, settings)
    config = uvicorn.Config(
        app,
        log_level="error",
        access_log=False,
        server_header=False,
        # Who asks is read from X-Forwarded-For by the desk itself: see limits.client_of.
        proxy_headers=False,
        timeout_keep_alive=_KEPT_SECONDS,
        timeout_graceful_shutdown=_LAST_SECONDS,
        limit_concurrency=_MOST_CONNECTIONS,
        h11_max_incomplete_event_size=_MOST_HEADERS,
        http=Patient,
        ws="none",
        ssl_certfile=tls and tls[0],
        ssl_keyfile=tls and tls[1],
        ssl_ciphers=_CIPHERS,
    )
    try:
        config.load()
    except (OSError, ssl.SSLError) as error:
        raise Unservable(f"--tls-cert and --tls-key do not make a pair of PEM files ({error})") from error
    logging.getLogger("uvicorn.error").addFilter(_unless_cut_off)
    _Server(config, lambda: ready(_address(settings, tls is not None))).run(sockets=[listener])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], object]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def _unless_cut_off(record: logging.LogRecord) -> bool:
    """Whether a line of the server's log is of use: not that an answer was cut off because the desk closes."""
    failed = record.exc_info[1] if record.exc_info else None
    return not isinstance(failed, asyncio.CancelledError) and "graceful shutdown" not in str(record.msg)


def _address(settings: Settings, tls: bool) -> str:
    host = settings.host.strip("[]")
    if host in ("0.0.0.0", "::"):
        host = socket.gethostname()
    return f"{'https' if tls else 'http'}://{f'[{host}]' if ':' in host else host}:{settings.port}/"
