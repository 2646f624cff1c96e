"""``dragoman serve``: the desk, opened to this machine or to others."""

from __future__ import annotations

import os
import signal
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dragoman.commands.options import USER, Where, opened
from dragoman.terminal import fail, say

if TYPE_CHECKING:
    from dragoman.web.settings import Settings

# What the extra ``web`` brings, by the names under which it is imported.
# Seconds that sums may be behind others' writes: with fifty readers and two writers at 100,000 events these pages
# would otherwise be made anew for each reader (benchmarks/desk_load.py).
_BEHIND = 5.0
_NEEDED = ("fastapi", "uvicorn", "jinja2", "python_multipart")

UsersFile = Annotated[
    Path | None,
    typer.Option(
        "--users",
        help="The file of users. Default: DRAGOMAN_USERS, else a file in your data folder.",
        dir_okay=False,
        show_default=False,
    ),
]
Pem = {"exists": True, "dir_okay": False, "show_default": False}


def need_web() -> None:
    """Raise typer.Exit, with one line said, where the packages of the desk are not installed."""
    if lacking := [name.replace("python_", "") for name in _NEEDED if find_spec(name) is None]:
        raise fail(f"the desk needs {' and '.join(lacking)}: pip install 'dragoman[web]'", 1)


def serve(
    ledger: Where = None,
    host: Annotated[
        str, typer.Option(help="The address to listen on; 0.0.0.0 or :: for all of this machine.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on; 0 for any that is free.")] = 8421,
    users: UsersFile = None,
    tls_cert: Annotated[Path | None, typer.Option(help="A certificate for HTTPS, PEM.", **Pem)] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its key, PEM.", **Pem)] = None,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="A proxy passes requests on: it does HTTPS and adds X-Forwarded-For.")
    ] = False,
    allowed_host: Annotated[
        list[str] | None,
        typer.Option(help="A name that the desk answers to; may be given again. Default: any.", show_default=False),
    ] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Nobody may change the ledger here.")] = False,
    open_browser: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    max_bytes: Annotated[int, typer.Option(min=1, help="Bytes of a request.")] = 4_000_000,
    max_requests: Annotated[int, typer.Option(min=1, help="Requests of one client in a minute.")] = 1_200,
    max_codings: Annotated[int, typer.Option(min=1, help="Texts that one client may have coded in a minute.")] = 60,
) -> None:
    """Open the desk: pages and an API to read, follow, check and correct the record.

    On this machine it needs nothing else, and your judgements are logged under your name. For others to reach it there
    must be users (dragoman users --help) and HTTPS, its own or that of a proxy before it. Where there are users, they
    log in on this machine, too.

    Examples:

      dragoman serve --open

      dragoman serve --ledger events.db --port 9000

      dragoman serve --host 0.0.0.0 --tls-cert desk.pem --tls-key desk.key

      dragoman serve --behind-proxy --allowed-host desk.example.org

    Needs more packages: pip install 'dragoman\\[web]'.

    Exit status: 0 ended by Ctrl-C, 1 when it could not be opened, 2 wrong use.
    """
    need_web()
    from dragoman.web.guard.users import BadUsers, UserFile
    from dragoman.web.serving import Unservable, listening, run
    from dragoman.web.settings import Settings

    if (tls_cert is None) != (tls_key is None):
        raise fail("--tls-cert and --tls-key go together: give both")
    file = UserFile(users)
    tls = (tls_cert, tls_key) if tls_cert and tls_key else None
    try:
        known = file.users()
        settings = Settings(
            host=host,
            port=port,
            users=file.path,
            secure=tls is not None or behind_proxy,
            behind_proxy=behind_proxy,
            allowed_hosts=tuple(allowed_host or ()),
            local_user=_own_name(),
            read_only=read_only,
            most_bytes=max_bytes,
            most_requests=max_requests,
            most_codings=max_codings,
            warm=True,
            behind=_BEHIND,
        )
        if not settings.local and (lacking := _lacking(settings, bool(known and known.named))):
            raise fail(lacking)
        if file.shared():
            say(f"others on this machine can read {file.path}: chmod 600 {file.path}", "yellow")
        listener = listening(settings)
    except (BadUsers, Unservable) as error:
        raise fail(str(error)) from error
    # From here on SIGTERM ends the desk as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with listener, opened(ledger, create=not read_only) as book:
        if not book.counts()["reports"]:
            say(f"{book.name} holds no report yet: dragoman ingest fills it, from files, feeds and addresses")
        try:
            run(book, settings, listener, tls=tls, ready=lambda address: _tell(book.name, address, open_browser))
        except Unservable as error:
            raise fail(str(error), 1) from error
        except KeyboardInterrupt:
            say("the desk is closed")


def _lacking(settings: Settings, users: bool) -> str | None:
    """What a desk that others can reach still needs; None when it has all."""
    lacking = [] if users else ["a user (dragoman users add NAME --role editor)"]
    if not settings.secure:
        lacking.append("HTTPS (--tls-cert and --tls-key, or --behind-proxy)")
    where = "behind a proxy" if settings.behind_proxy else f"on {settings.host}"
    return f"a desk {where}, where others reach it, needs {' and '.join(lacking)}" if lacking else None


def _own_name() -> str:
    import getpass

    try:
        return os.environ.get(USER, "").strip() or getpass.getuser()
    except (KeyError, OSError):
        return "desk"


def _tell(ledger: str, address: str, open_browser: bool) -> None:
    say(f"the desk of {ledger} is open at {address} (Ctrl-C closes it)")
    if open_browser:
        import threading
        import webbrowser

        # Some browsers keep the caller waiting until they are closed.
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
