"""What people judged of an event, in words, with what can be taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dragoman.ledger import Judgement, judging
from dragoman.web.rendering import in_words

_DONE = {
    "correct": "corrected it",
    "confirm": "confirmed it",
    "drop": "judged it no event",
    "add": "added it by hand",
    "merge": "joined events",
    "split": "parted records",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A judgement: ``said`` is what was done in words, ``details`` what it says; ``stands`` whether it still counts."""

    judgement: Judgement
    said: str
    details: tuple[tuple[str, str], ...]
    stands: bool

    @property
    def when(self) -> str:
        """Day and time, in UTC."""
        return f"{in_words(self.judgement.at[:10])}, {self.judgement.at[11:16]} UTC"


def entries(log: Sequence[Judgement]) -> list[Entry]:
    """The judgements of a log, the newest first."""
    stands = judging.standing(log)
    known = {one.id: one for one in log}
    return [Entry(one, _said(one, known), _details(one), stands[one.id]) for one in reversed(log)]


def _said(one: Judgement, known: Mapping[str, Judgement]) -> str:
    if one.action == "undo":
        undone = known.get(one.judgement)
        if undone is None:
            return "took a judgement back"
        back = "had it count again" if undone.action == "undo" else "took back"
        while undone.action == "undo" and undone.judgement in known:
            undone = known[undone.judgement]
        return f"{back}: {undone.by} {_DONE[undone.action]}"
    count = len(one.anchors)
    if one.action == "merge":
        return f"made one event of {count} records"
    if one.action == "split":
        return f"parted {count} record{'' if count == 1 else 's'} from {len(one.rest)}"
    return _DONE[one.action] + (f", in all its {count} records" if count > 1 else "")


def _details(one: Judgement) -> tuple[tuple[str, str], ...]:
    return tuple((field, _value(value)) for field, value in one.value.items())


def _value(value: Any) -> str:
    if value is None or value == []:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_value(part) for part in value)
    if isinstance(value, Mapping):
        codes = " ".join(str(value[name]) for name in ("country", "sector") if value.get(name))
        return f"{value.get('text', '')} [{codes}]" if codes else str(value.get("text", ""))
    return str(value)
