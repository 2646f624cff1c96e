"""What a person adds has the shape of a record: whoever reads it later relies on that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.web_desk import filled

from dragoman.ledger import BadJudgement
from dragoman.record import Entity, EventPlace, Mention, Reason, Span


@pytest.mark.parametrize(
    "wrong",
    [
        {"confidence": float("inf")},
        {"confidence": float("nan")},
        {"confidence": -0.5},
        {"place": EventPlace(None)},  # type: ignore[arg-type]
        {"place": EventPlace("x", 7)},  # type: ignore[arg-type]
        {"place": EventPlace("x" * 10_001)},
        {"date": 2024},
        {"mode": ([],)},
        {"actor": (Entity(5, 0, 1),)},  # type: ignore[arg-type]
        {"actor": (Entity("x", 3, 1),)},
        {"actor": (Entity("x", 0, 10**30),)},
        {"actor": (Entity("x", 0, 1),) * 1_001},
        {"mentions": (Mention(0, 10**9, Span(0, 10**9)),)},
        {"reasons": (Reason("type", None),)},  # type: ignore[arg-type]
    ],
)
def test_what_nobody_could_read_later_is_not_added(wrong: dict[str, Any], tmp_path: Path) -> None:
    with filled(tmp_path / "events.db") as ledger:
        before = ledger.counts()["events"]
        event = ledger.query(tellings=True, limit=1).events[0]
        telling = event.tellings[0]
        with pytest.raises(BadJudgement):
            ledger.add(telling.report.id, replace(telling.record, type="PROTEST", **wrong), by="ada")
        assert ledger.counts()["events"] == before
