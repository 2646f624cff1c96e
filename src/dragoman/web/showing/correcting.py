"""The form by which a person corrects an event: what it shows, what was typed into it, and what of it is new."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import FormData

from dragoman import codebook
from dragoman.ledger import BadQuestion, LedgerEvent
from dragoman.ledger.asking.countries import country_code
from dragoman.ledger.judge import codebook_date
from dragoman.ledger.model import Party
from dragoman.record import FACTUALITIES, Json

ROLES = {"actor": "Who acts", "recipient": "Towards whom", "attribution": "On whose word"}
"""The fields that hold parties, and what people call them."""
_SPARE = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A party as it was typed."""

    text: str = ""
    country: str = ""
    sector: str = ""

    @property
    def empty(self) -> bool:
        return not (self.text or self.country or self.sector)


@dataclass(slots=True)
class Draft:
    """The form as it stands.

    ``typed`` holds its fields as text; ``mode`` the modes ticked, by type; ``parties`` the rows of each role. ``was``
    is what the event had when the form was first shown, ``value`` what the form says of it: both as a record's JSON.
    ``wrong`` says by field what cannot stand; a field that is wrong is not in ``value``.
    """

    typed: dict[str, str]
    mode: dict[str, tuple[str, ...]]
    parties: dict[str, list[Row]]
    was: Json
    historical: bool = False
    value: Json = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def changed(self) -> Json:
        """The fields that the form gives another value than the event had when it was shown."""
        return {name: value for name, value in self.value.items() if value != self.was.get(name)}

    def modes(self, type: str) -> tuple[str, ...]:
        """The modes of a type that are ticked."""
        return self.mode.get(type, ())


def values_of(event: LedgerEvent) -> Json:
    """The fields of an event that can be corrected, as a record's JSON."""
    return {
        "type": event.type,
        "mode": list(event.mode),
        "actor": _parties(event.actor),
        "recipient": _parties(event.recipient),
        "attribution": _parties(event.claims),
        "factuality": event.factuality,
        "historical": event.historical,
        "date": event.date,
        "place": event.place.to_dict() if event.place else None,
    }


def _parties(parties: Sequence[Party]) -> list[Json]:
    return [party.to_dict() for party in parties]


def begun(event: LedgerEvent) -> Draft:
    """The form as it is first shown."""
    place = event.place
    return Draft(
        {
            "type": event.type,
            "factuality": event.factuality,
            "date": event.date or "",
            "place_text": place.text if place else "",
            "place_country": (place.country if place else None) or "",
            "note": "",
        },
        {event.type: event.mode},
        {
            role: [*(Row(p.text, p.country or "", p.sector or "") for p in parties), *[Row()] * _SPARE]
            for role, parties in (("actor", event.actor), ("recipient", event.recipient), ("attribution", event.claims))
        },
        values_of(event),
        event.historical,
    )


def read(event: LedgerEvent, form: FormData) -> Draft:
    """The form as it was sent, checked field by field. ``more`` and ``less`` in it ask for a row more, or one less."""

    def text(name: str) -> str:
        value = form.get(name)
        return value.strip() if isinstance(value, str) else ""

    types = [name for name in codebook.TYPES if form.getlist(f"mode.{name}")]
    draft = Draft(
        {name: text(name) for name in ("type", "factuality", "date", "place_text", "place_country", "note")},
        {name: tuple(str(mode) for mode in form.getlist(f"mode.{name}")) for name in types},
        {role: _rows(form, role) for role in ROLES},
        _was(event, text("was")),
        bool(text("historical")),
    )
    _check(draft)
    return draft


def _was(event: LedgerEvent, given: str) -> Json:
    """What the event had when the form was first shown: what others corrected meanwhile is not overwritten."""
    now = values_of(event)
    try:
        known = json.loads(given)
    except (ValueError, RecursionError):
        return now
    if not isinstance(known, dict) or not isinstance(known.get("mode"), list):
        return now
    return {name: known.get(name, value) for name, value in now.items()}


def _rows(form: FormData, role: str) -> list[Row]:
    columns = [[str(v).strip() for v in form.getlist(f"{role}_{part}")] for part in ("text", "country", "sector")]
    rows = [Row(*row) for row in zip(*columns, strict=False)]
    if (gone := str(form.get("less") or "")).startswith(f"{role}.") and gone[len(role) + 1 :].isdecimal():
        at = int(gone[len(role) + 1 :])
        rows = [*rows[:at], *rows[at + 1 :]]
    if form.get("more") == role or not rows:
        rows.append(Row())
    return rows


def _check(draft: Draft) -> None:
    """Fill in the values of a draft, and what is wrong."""
    checks: Mapping[str, Callable[[Draft], Any]] = {
        "type": lambda d: _one_of("type", d.typed["type"], codebook.TYPES),
        "mode": _modes,
        **{role: _reader(role) for role in ROLES},
        "factuality": lambda d: _one_of("factuality", d.typed["factuality"], FACTUALITIES),
        "historical": lambda d: d.historical,
        "date": _date,
        "place": _place,
    }
    for name, check in checks.items():
        try:
            draft.value[name] = check(draft)
        except (BadQuestion, ValueError) as error:
            draft.wrong[name] = str(error)


def _one_of(what: str, given: str, known: Any) -> str:
    if given not in known:
        raise ValueError(f"{given!r} is no {what}: use one of {', '.join(known)}")
    return given


def _modes(draft: Draft) -> list[str]:
    """The modes of the type chosen: what is ticked at other types does not count."""
    type = draft.typed["type"]
    known = codebook.MODES.get(type, {})
    chosen = draft.modes(type)
    if wrong := [mode for mode in chosen if mode not in known]:
        raise ValueError(f"{type} has no mode {wrong[0]}: its modes are {', '.join(known) or 'none'}")
    was = [mode for mode in draft.was["mode"] if mode in chosen]
    return [*was, *(mode for mode in known if mode in chosen and mode not in was)]


def _reader(role: str) -> Callable[[Draft], list[Json]]:
    def parties(draft: Draft) -> list[Json]:
        found = []
        for row in draft.parties[role]:
            if row.empty:
                continue
            if not row.text:
                raise ValueError("a party needs the words that name it, beside its country and sector")
            if row.sector and row.sector not in codebook.SECTORS:
                raise ValueError(f"{row.sector} is no sector: use one of {', '.join(codebook.SECTORS)}")
            country = country_code(row.country) if row.country else None
            found.append({"text": row.text, "country": country, "sector": row.sector or None})
        return found

    return parties


def _date(draft: Draft) -> str | None:
    if not draft.typed["date"]:
        return None
    codebook_date(draft.typed["date"])
    return draft.typed["date"]


def _place(draft: Draft) -> Json | None:
    words, country = draft.typed["place_text"], draft.typed["place_country"]
    if not words and not country:
        return None
    if not words:
        raise ValueError("a place needs the words that name it, beside its country")
    return {"text": words, "country": country_code(country) if country else None}
