"""Forms of a page, filled in and sent as a browser would: hidden and prefilled fields go with what is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from starlette.testclient import TestClient

Typed = Mapping[str, str | Sequence[str] | None]


@dataclass
class Form:
    """A form: where it goes, how, and the values that it sends as it stands."""

    action: str
    method: str
    values: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.values if key == name]


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self.apart: list[tuple[str, str, str]] = []
        self.open: Form | None = None
        self.select: tuple[str, bool] | None = None
        self.options: list[tuple[str, bool]] = []
        self.text: list[str] | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        name = given.get("name", "")
        if tag == "form":
            self.open = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self.open)
            self.by_id[given.get("id", "")] = self.open
        elif tag == "input" and name:
            if given.get("type") in ("checkbox", "radio") and "checked" not in given:
                return
            if "form" in given:
                self.apart.append((given["form"], name, given.get("value", "on")))
            elif self.open is not None:
                self.open.values.append((name, given.get("value", "")))
        elif tag == "button" and self.open is not None and name:
            self.open.buttons.append((name, given.get("value", "")))
        elif tag == "select":
            self.select, self.options = (name, "multiple" in given), []
        elif tag == "option" and self.select is not None:
            self.options.append((given.get("value", "\x00"), "selected" in given))
            self.text = []

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "option" and self.options:
            value, selected = self.options[-1]
            self.options[-1] = ("".join(self.text or ()).strip() if value == "\x00" else value, selected)
            self.text = None
        elif tag == "select" and self.select is not None:
            name, multiple = self.select
            chosen = [value for value, selected in self.options if selected]
            if not chosen and not multiple and self.options:
                chosen = [self.options[0][0]]
            if self.open is not None:
                self.open.values += [(name, value) for value in chosen]
            self.select = None


def forms(page: str) -> list[Form]:
    """The forms of a page, in their order."""
    parser = _Forms()
    parser.feed(page)
    parser.close()
    for id, name, value in parser.apart:
        parser.by_id[id].values.append((name, value))
    return parser.forms


def form(page: str, action: str) -> Form:
    """The last form of a page that goes to ``action``: the search that all pages have comes before their own."""
    return [one for one in forms(page) if one.action == action][-1]


def send(client: TestClient, page: str, action: str, typed: Typed | None = None, *, to: str = "") -> Any:
    """Send the form of ``page`` that goes to ``action`` with other values typed into it; the answer. ``to`` is the
    address of the button that is pressed, where it has one of its own. None for a value leaves the field out."""
    found = form(page, action)
    typed = typed or {}
    values = [(name, value) for name, value in found.values if name not in typed]
    for name, given in typed.items():
        values += [(name, one) for one in ([given] if isinstance(given, str) else given or ())]
    if found.method == "get":
        return client.get(f"{to or action}?{urlencode(values)}")
    body = urlencode(values)
    return client.post(to or action, content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
