"""Desks in the tests: served without a network to browsers and programs that are none."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from dragoman.ledger import Ledger
from dragoman.web import Settings, create_app
from dragoman.web.guard import users
from dragoman.web.guard.users import UserFile

HERE = "http://127.0.0.1:8421"
PASSWORD = "seven quiet herons"
BROWSER = {"Sec-Fetch-Site": "same-origin", "Origin": HERE}


def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a check of a password take no time."""
    monkeypatch.setattr(users, "COST", (2, 8, 1))
    monkeypatch.setattr(users, "_NOBODYS", users.Password(bytes(16), bytes(32), (2, 8, 1)))


def client(app: Any, **options: Any) -> TestClient:
    """A browser, or a program: it keeps cookies."""
    return TestClient(app, base_url=options.pop("base_url", HERE), follow_redirects=False, **options)


def desk(folder: Path, **settings: Any) -> Any:
    """The application over a new ledger in ``folder``, with pages and calls to knock at."""
    app = create_app(Ledger(folder / "events.db"), Settings(**settings))

    async def knock() -> dict[str, str]:
        return {"came": "in"}

    for path in ("/knock", "/api/v1/knock"):
        app.add_api_route(path, knock, methods=["GET", "POST"])
    return app


def guarded(folder: Path, **settings: Any) -> tuple[Any, UserFile]:
    """A desk with an editor, ada, and a reader, ben, and the file of both."""
    file = UserFile(folder / "users.json")
    file.add("ada", "editor", PASSWORD)
    file.add("ben", "reader", PASSWORD)
    return desk(folder, users=file.path, **settings), file


def csrf(browser: TestClient, page: str = "/nowhere") -> str:
    """What the forms of a page carry."""
    found = re.search(r'<meta name="csrf" content="([^"]+)">', browser.get(page).text)
    assert found is not None
    return found[1]


def log_in(browser: TestClient, name: str, password: str = PASSWORD, next: str = "/") -> Any:
    """Fill in the form of the page to log in with."""
    form = {"csrf": csrf(browser, "/login"), "name": name, "password": password, "next": next}
    return browser.post("/login", data=form, headers=BROWSER)
