"""A missed event as a person gives it in a form: words of the report, and what they mean; made a record, or refused."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from starlette.datastructures import FormData

from dragoman import codebook
from dragoman.ledger import BadQuestion
from dragoman.ledger.asking.countries import country_code
from dragoman.ledger.judge import codebook_date
from dragoman.record import FACTUALITIES, Entity, Event, EventPlace, Factuality, Mention, Reason, Span

PARTIES = {"actor": "Who acts", "recipient": "Towards whom", "attribution": "On whose word"}
# Rows of a form for the parties of a role.
ROWS = {"actor": 2, "recipient": 2, "attribution": 1}
_BRACKETED = re.compile(r"\[([^\[\]]+)\]")
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])|\n\s*\n")
# A sentence of news has under 1,000 characters.
_SENTENCE = 2_000


@dataclass(frozen=True, slots=True)
class Given:
    """What was typed into a form, to be shown again; ``open`` says whether the form is."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    open: bool = False

    def text(self, name: str, row: int = 0) -> str:
        """The value of a field; of one that stands in several rows that of a row, from 0."""
        values = self.values.get(name, ())
        return values[row] if row < len(values) else ""


def given(form: FormData) -> Given:
    """The fields of a form."""
    names = dict.fromkeys(form.keys())
    return Given({n: [v for v in form.getlist(n) if isinstance(v, str)] for n in names}, open=True)


class Unfit(ValueError):
    """What was given makes no record; ``wrong`` says why, by the names of the fields."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__("; ".join(wrong.values()))
        self.wrong = wrong


def missed(given: Given, text: str, told: Sequence[tuple[int, int]] = ()) -> Event:
    """The record that a form describes.

    Args:
        given: the fields. Words are those of the text; ``words_at`` and the like say where they stand, in code points,
            where that is known.
        text: the report's text.
        told: where the sentences of the report's records begin and end.

    Raises:
        Unfit: naming each field that makes no sense.
    """
    if any(len(value) > _SENTENCE for values in given.values.values() for value in values):
        # Words are looked for by a pattern of them: that of a book takes minutes.
        raise Unfit({"words": f"what is written here has {_SENTENCE:,} characters at most"})
    wrong: dict[str, str] = {}
    trigger = _trigger(given, text, wrong)
    type = given.text("type").strip().upper()
    if type not in codebook.TYPES:
        wrong["type"] = "choose what kind of event it is" if not type else f"{type} is no type of the codebook"
    mode = given.text("mode").strip().lower()
    # The list of modes names each with its type: two types may have one of the same name.
    of, _, mode = mode.rpartition(":")
    if mode and type in codebook.TYPES and (mode not in codebook.MODES[type] or of.upper() not in ("", type)):
        modes = ", ".join(codebook.MODES[type]) or "none"
        wrong["mode"] = f"{type.lower()} has no mode {mode}: its modes are {modes}"
    factuality = given.text("factuality") or "actual"
    if factuality not in FACTUALITIES:
        wrong["factuality"] = f"{factuality} is none of {', '.join(FACTUALITIES)}"
    date = given.text("date").strip() or None
    if date is not None:
        try:
            codebook_date(date)
        except ValueError as error:
            wrong["date"] = str(error)
    near = trigger.start if trigger else 0
    parties = {role: _parties(role, given, text, near, wrong) for role in PARTIES}
    place = _place(given, text, near, wrong)
    if wrong or trigger is None:
        raise Unfit(wrong)
    start, end = sentence(text, trigger, told)
    reasons = [Reason("type", f"{type} by “{trigger.of(text)[:80]}”: added by hand", trigger)]
    if place is not None:
        reasons.append(Reason("place", "added by hand", place))
    return Event(
        type,
        (mode,) if mode else (),
        parties["actor"],
        parties["recipient"],
        cast(Factuality, factuality),
        given.text("historical") == "yes",
        date,
        EventPlace(place.of(text), _country("place", 0, given, wrong)) if place else None,
        parties["attribution"],
        (Mention(start, end, trigger),),
        tuple(reasons),
    )


def sentence(text: str, trigger: Span, told: Sequence[tuple[int, int]] = ()) -> tuple[int, int]:
    """Where the sentence around a trigger begins and ends: that of a known record, else as its punctuation says."""
    around = [one for one in told if one[0] <= trigger.start and trigger.end <= one[1]]
    if around:
        return min(around, key=lambda one: (one[1] - one[0], one))
    low, high = max(0, trigger.start - _SENTENCE), min(len(text), trigger.end + _SENTENCE)
    start = max((found.end() for found in _SENTENCE_END.finditer(text, low, trigger.start)), default=low)
    # An end that the trigger touches is looked for from its last character on.
    after = _SENTENCE_END.search(text, max(trigger.end - 1, trigger.start), high)
    end = max(after.start() + 1, trigger.end) if after else high
    while end < high and text[end] in "\"'”’)]":
        end += 1
    while start < trigger.start and text[start].isspace():
        start += 1
    while end > trigger.end and text[end - 1].isspace():
        end -= 1
    return start, end


def find(text: str, words: str, at: str = "", near: int = 0) -> Span | None:
    """Where ``words`` stand in ``text``: at ``at`` if they do, else where they stand nearest to ``near``.

    White space makes no difference, nor does case where the words do not stand there as they are. None where they do
    not.
    """
    return _there(text, words, at) or min(_places(text, words), key=lambda one: abs(one.start - near), default=None)


def _there(text: str, words: str, at: str) -> Span | None:
    """The words at the place that a form gives, where they stand there."""
    if not words.split() or not at.isdecimal() or len(at) > 9:
        return None
    found = re.compile(_pattern(words.split())).match(text, int(at))
    return Span(*found.span()) if found else None


def _places(text: str, words: str) -> list[Span]:
    tokens = words.split()
    if not tokens:
        return []
    edge = ("\\b" if tokens[0][0].isalnum() else "", "\\b" if tokens[-1][-1].isalnum() else "")
    pattern = edge[0] + _pattern(tokens) + edge[1]
    exact = [Span(*m.span()) for m in re.finditer(pattern, text)]
    return exact or [Span(*m.span()) for m in re.finditer(pattern, text, re.IGNORECASE)]


def _pattern(tokens: Sequence[str]) -> str:
    return r"\s+".join(re.escape(token) for token in tokens)


def _trigger(given: Given, text: str, wrong: dict[str, str]) -> Span | None:
    """The words that name the event: as they stand, or between brackets in a stretch of the text."""
    words = given.text("words").strip()
    if not words:
        wrong["words"] = "select the words that name the event, or write them here"
        return None
    if (found := _there(text, words, given.text("words_at"))) is not None:
        return found
    places = _places(text, words)
    inside = _BRACKETED.search(words)
    if not places and inside:
        around = f"{words[: inside.start()]}{inside[1]}{words[inside.end() :]}"
        for stretch in _places(text, around):
            before = len(words[: inside.start()].split())
            within = [Span(*m.span()) for m in re.finditer(re.escape(inside[1].strip()), stretch.of(text))]
            fits = [one for one in within if len(stretch.of(text)[: one.start].split()) >= before]
            places += [Span(stretch.start + one.start, stretch.start + one.end) for one in fits[:1]]
    if not places:
        wrong["words"] = "these words do not stand in the text"
    elif len(places) > 1:
        wrong["words"] = (
            f"these words stand {len(places)} times in the text: write more of the sentence, with the words that "
            "name the event between [ and ]"
        )
    return places[0] if len(places) == 1 else None


def _parties(role: str, given: Given, text: str, near: int, wrong: dict[str, str]) -> tuple[Entity, ...]:
    found: list[Entity] = []
    for row in range(ROWS[role]):
        words = given.text(role, row).strip()
        country = _country(role, row, given, wrong)
        sector = given.text(f"{role}_sector", row).strip().upper() or None
        if sector is not None and sector not in codebook.SECTORS:
            wrong[role] = f"{sector} is no sector of the codebook"
        if not words:
            if country or sector:
                wrong[role] = "give the words of the text that name the party, too"
            continue
        span = find(text, words, given.text(f"{role}_at", row), near)
        if span is None:
            wrong[role] = f"“{words[:60]}” does not stand in the text"
            continue
        found.append(Entity(span.of(text), span.start, span.end, country, sector))
    return tuple(found)


def _place(given: Given, text: str, near: int, wrong: dict[str, str]) -> Span | None:
    words = given.text("place").strip()
    country = _country("place", 0, given, wrong)
    if not words:
        if country:
            wrong["place"] = "give the words of the text that name the place, too"
        return None
    span = find(text, words, given.text("place_at"), near)
    if span is None:
        wrong["place"] = f"“{words[:60]}” does not stand in the text"
    return span


def _country(name: str, row: int, given: Given, wrong: dict[str, str]) -> str | None:
    asked = given.text(f"{name}_country", row).strip()
    if not asked:
        return None
    try:
        return country_code(asked)
    except BadQuestion as error:
        wrong[name] = str(error)
        return None
