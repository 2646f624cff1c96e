"""What the grammar's rules share: the text they read, the dates they count from, and what they return."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Literal

from dragoman.times import calendar as cal
from dragoman.times import tense as tenses
from dragoman.times.calendar import Stretch
from dragoman.times.expression import Kind, Tense, TenseAt, TimeExpression
from dragoman.times.tokens import Tokens
from dragoman.times.words import CARDINALS, TENS

Mod = Literal["START", "MID", "END"]

# "The next day" counts from a day named at most this many characters before: about three sentences of
# news prose (25 words, 150 characters each). Farther back it is no longer clear which day is meant.
ANCHOR_REACH = 500
NO_PUBLICATION = "relative to the publication date, which is not known"
OUT_OF_RANGE = "the date lies outside the years 1 to 9999"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a rule made of the tokens from ``first`` up to ``next``.

    ``month`` and ``day`` are kept for dates told without their year, so that a neighbour can lend it.
    """

    first: int
    next: int
    stretch: Stretch | None
    reason: str
    kind: Kind = "date"
    timex: str | None = None
    mod: Mod | None = None
    parts: tuple[Reading, ...] = ()
    month: int = 0
    day: int = 0
    weekday: int = -1
    open_year: bool = False
    named: bool = True  # False where the words merely point back ("that day")

    def spanning(self, first: int, next_: int) -> Reading:
        """The same reading over other tokens."""
        return replace(self, first=first, next=next_)


@dataclass(slots=True)
class Context:
    """One text under reading, with the dates it has named so far."""

    tokens: Tokens
    published: dt.date | None
    small_hours: bool
    tense_at: TenseAt | None
    anchor_day: Stretch | None = None
    anchor_day_at: int = 0
    anchor: Stretch | None = None
    anchor_at: int = 0
    weekdays: dict[int, dt.date] = field(default_factory=dict)
    words: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.words = self.tokens.words

    def tense(self, first: int, next_: int) -> tuple[Tense | None, bool]:
        """The tense round the tokens, and whether the caller's parse told it (rather than our guess)."""
        if self.tense_at is not None:
            told = self.tense_at(self.tokens.starts[first], self.tokens.ends[next_ - 1])
            if told is not None:
                return told, True
        return tenses.guess(self.tokens, first, next_), False

    def nearby_day(self, first: int) -> Stretch | None:
        """The last day named before token ``first``, if it is near enough to be meant."""
        if self.anchor_day and self.tokens.starts[first] - self.anchor_day_at <= ANCHOR_REACH:
            return self.anchor_day
        return None

    def nearby(self, first: int) -> Stretch | None:
        """The last date of any grain named before token ``first``, if it is near enough to be meant."""
        if self.anchor and self.tokens.starts[first] - self.anchor_at <= ANCHOR_REACH:
            return self.anchor
        return None

    def remember(self, reading: Reading) -> None:
        """Let later words such as "the next day" count from this date."""
        found = reading.stretch
        if found is None or reading.kind in ("vague", "set", "duration"):
            return
        where = self.tokens.ends[reading.next - 1]
        if reading.weekday >= 0:
            self.weekdays[reading.weekday] = found.first
        if found.grain == "day":
            self.anchor_day, self.anchor_day_at = found, where
        if found.grain != "span":
            self.anchor, self.anchor_at = found, where

    def raw(self, i: int) -> str:
        """The token as it stands, with its capitals."""
        return self.tokens.text[self.tokens.starts[i] : self.tokens.ends[i]]

    def glued(self, i: int) -> bool:
        """Whether nothing stands between token ``i`` and the one before."""
        return i > 0 and self.tokens.starts[i] == self.tokens.ends[i - 1]

    def capital(self, i: int) -> bool:
        """Whether token ``i`` begins with a capital letter."""
        start = self.tokens.starts[i]
        return self.tokens.text[start : start + 1].isupper()

    def prev(self, i: int) -> str:
        """The word before token ``i``, or the empty string."""
        return self.words[i - 1] if i > 0 else ""

    def expression(self, reading: Reading) -> TimeExpression:
        """The reading as the room hands it out."""
        found = reading.stretch
        return TimeExpression(
            start=self.tokens.starts[reading.first],
            end=self.tokens.ends[reading.next - 1],
            value=found.value if found else None,
            kind=reading.kind,
            reason=reading.reason,
            timex=reading.timex or (found.timex if found else None),
            mod=reading.mod,
            parts=tuple(self.expression(part) for part in reading.parts),
        )


def number(ctx: Context, i: int) -> tuple[int, float | None] | None:
    """A count at token ``i``: where it ends and how much, None for an indefinite one ("several").

    "a", "an", "one", figures, words up to a hundred, "two and a half", "a few", "a couple of", "half a".
    """
    words = ctx.words
    word = words[i]
    if word in ("a", "an"):
        if words[i + 1] in ("few", "couple"):
            return (i + 3 if words[i + 2] == "of" else i + 2), None
        return i + 1, 1.0
    if word == "half" and words[i + 1] in ("a", "an"):
        return i + 2, 0.5
    if word == "many" and ctx.prev(i) in ("as", "how", "so"):
        return None
    if word in ("several", "many", "some", "few", "numerous"):
        return (i + 3, None) if word == "some" and words[i + 1] == "few" else (i + 1, None)
    if word in CARDINALS:
        return _spelt(words, i)
    if "0" <= word[:1] <= "9":
        plain = word.replace(",", "")
        if plain.replace(".", "", 1).isdigit() and len(plain) < 10:
            value = float(plain)
            if words[i + 1 : i + 4] == ["and", "a", "half"]:
                return i + 4, value + 0.5
            return i + 1, value
    return None


def _spelt(words: list[str], i: int) -> tuple[int, float]:
    value = float(CARDINALS[words[i]])
    j = i + 1
    if words[i] in TENS:
        k = j + 1 if words[j] == "-" else j
        unit = CARDINALS.get(words[k], 0)
        if 0 < unit < 10:
            value, j = value + unit, k + 1
    elif words[j] == "hundred":
        value, j = value * 100, j + 1
    if words[j : j + 3] == ["and", "a", "half"]:
        value, j = value + 0.5, j + 3
    return j, value


def year_of(ctx: Context, i: int) -> int:
    """The year written at token ``i``, else 0."""
    word = ctx.words[i]
    return int(word) if len(word) == 4 and word.isdigit() and word.isascii() and word[0] in "12" else 0


def refused(first: int, next_: int, reason: str, kind: Kind = "date", timex: str | None = None) -> Reading:
    """A reading whose date the text does not support."""
    return Reading(first, next_, None, reason, kind, timex)


def shift(base: dt.date, unit: str, count: int) -> Stretch | None:
    """As :func:`calendar.shifted`, but None where no such date exists."""
    try:
        return cal.shifted(base, unit, count)
    except (ValueError, OverflowError):
        return None
