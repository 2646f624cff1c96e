"""What several test files use: files to read, databases for a ledger, and its commands."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests import databases
from tests.browser import browser, desk, page, visit, watch
from tests.fetching_site import Site, served
from tests.ledger_samples import KINDS, Sample, made_up, new_address
from tests.ledger_shell import EXAMPLES, Run, invoke, quick

from dragoman import engines
from dragoman.ledger.eventrows import put_events
from dragoman.ledger.store import Store
from dragoman.record import Document

__all__ = ["browser", "desk", "page", "visit", "watch"]

# The models and the register are millions of objects that stay for all tests: looking through all of them for garbage
# at the usual pace took a third of the time.
gc.set_threshold(20_000, 50, 100)


@pytest.fixture
def put(tmp_path: Path) -> Any:
    """Writes a file of a name and content into the test's folder; its path."""

    def put(name: str, content: bytes | str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return put


@pytest.fixture
def site() -> Iterator[Site]:
    """A server on loopback whose pages the test fills."""
    with served() as site:
        yield site


@pytest.fixture(scope="session")
def postgres() -> Iterator[databases.Server]:
    """One real PostgreSQL server for all tests of a session; started when the first of them asks for it."""
    with databases.server() as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a new ledger can be made: once a SQLite file, once an empty PostgreSQL database."""
    if request.param == "sqlite":
        yield str(tmp_path / "ledger.db")
        return
    made: databases.Server = request.getfixturevalue("postgres")
    with made.database() as address:
        yield address


@pytest.fixture(scope="module", params=KINDS)
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """A ledger of some hundred events of all kinds, to be read alone."""
    events = made_up(600)
    with new_address(request.param, request, tmp_path_factory.mktemp("ledger")) as address:
        store = Store(address)
        for part in (events[:250], events[250:]):
            store.write(partial(put_events, made=part))
        yield Sample(store, events)
        store.close()


@pytest.fixture(scope="session")
def example_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of the examples, coded by the coder that ships; not to be written to."""
    path = tmp_path_factory.mktemp("ledger") / "events.db"
    invoke("ingest", EXAMPLES, "--ledger", path)
    return path


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Commands in this process, in an empty folder, with an empty ledger ``events.db``."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DRAGOMAN_LEDGER", str(tmp_path / "events.db"))
    monkeypatch.setenv("DRAGOMAN_USER", "ada")
    monkeypatch.setenv("COLUMNS", "100")
    return invoke


@pytest.fixture
def asked(shell: Run, example_ledger: Path, tmp_path: Path) -> Run:
    """The same, with a ledger of the examples."""
    shutil.copy(example_ledger, tmp_path / "events.db")
    return shell


@pytest.fixture
def quick_coder(monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of the coder one that takes no time: :func:`tests.ledger_shell.quick`."""

    def code_all(items: Any, **options: Any) -> Iterator[Any]:
        for one in items:
            yield engines.Coded(one, quick(one)) if isinstance(one, Document) else one

    monkeypatch.setattr(engines, "code_all", code_all)
