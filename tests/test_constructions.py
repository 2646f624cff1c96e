"""Every construction that the issue names, each on a sentence of our own, through the whole coder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from dragoman import Coder, Document, Event

ROWS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "constructions.yaml").read_text("utf-8"))
PUBLISHED = "2024-05-15"


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder()


def countries(entities: Any) -> set[str | None]:
    return {e.country for e in entities}


def matches(event: Event, pattern: str) -> bool:
    found = re.fullmatch(r"([A-Z]+)(?:/([\w-]+))? (\S+) > (\S+)(?: (negated|future))?(?: by (\S+))?", pattern)
    assert found, pattern
    kind, mode, actor, recipient, factuality, source = found.groups()
    if event.type != kind or (mode and mode not in event.mode):
        return False
    if event.factuality != (factuality or "actual") or (source and countries(event.attribution) != {source}):
        return False
    for wanted, entities in ((actor, event.actor), (recipient, event.recipient)):
        codes = set() if wanted == "-" else set(wanted.split(","))
        if wanted != "*" and countries(entities) != codes:
            return False
    return True


def param(row: dict[str, Any]) -> Any:
    """A row of the file; one marked ``missed`` is known to come out wrong, and why."""
    marks = [pytest.mark.xfail(reason=row["missed"], strict=True)] if "missed" in row else []
    return pytest.param(row, id=row["name"], marks=marks)


@pytest.mark.parametrize("row", [param(row) for row in ROWS])
def test_construction(coder: Coder, row: dict[str, Any]) -> None:
    events = coder.code(Document(text=row["text"], published=PUBLISHED)).events
    told = "\n".join(
        f"{e.type}/{','.join(e.mode)} {[x.country for x in e.actor]} > {[x.country for x in e.recipient]}"
        f" {e.factuality} by {[x.country for x in e.attribution]}"
        for e in events
    )
    for kind in row.get("none", ()):
        assert kind not in [e.type for e in events], told
    wanted = row.get("only", row.get("events", []))
    for pattern in wanted:
        assert any(matches(e, pattern) for e in events), f"no {pattern} in\n{told}"
    if "only" in row:
        assert len(events) == len(wanted), told
