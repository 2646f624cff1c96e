"""How many: numbers in figures and words, with what is said of their exactness, in a sentence of English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

_TOKEN = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?|[^\W\d_]+(?:[-'’.][^\W\d_]+)*|[^\w\s]|\w", re.U)
_FIGURE = re.compile(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?")
_UNITS = {
    w: n
    for n, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS = {w: 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_POWERS = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
# Plurals that name no figure say at least two of their kind.
_MANY = {"dozens": 24, "scores": 40, "hundreds": 200, "thousands": 2_000}
_ARTICLES = frozenset({"a", "an", "another"})
_MONTHS = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug "
    "sep sept oct nov dec".split()
)
_CURRENCY = frozenset("$€£¥₹₽")
# What stands before an amount and says how exact it is: the words, and what becomes of (least, most).
_LEAST = ("at least", "no fewer than", "no less than", "not less than", "a minimum of")
_ABOVE = ("more than", "over", "upwards of", "upward of", "in excess of", "well over")
_MOST = ("up to", "as many as", "at most", "no more than", "a maximum of")
_BELOW = ("fewer than", "less than", "under")
_ABOUT = (
    "about around some roughly approximately nearly almost",
    "an estimated",
    "close to",
    "a total of",
    "an additional",
    "a further",
    "a reported",
    "the other",
    "exactly",
    "only",
    "just",
    "another",
)
_PLAIN = ("all", "the", "his", "her", "their", "its")
_QUALIFIERS: dict[tuple[str, ...], str] = {
    **{tuple(w.split()): "least" for w in _LEAST},
    **{tuple(w.split()): "above" for w in _ABOVE},
    **{tuple(w.split()): "most" for w in _MOST},
    **{tuple(w.split()): "below" for w in _BELOW},
    **{(w,): "about" for w in _ABOUT[0].split()},
    **{tuple(w.split()): "about" for w in _ABOUT[1:]},
    **{(w,): "plain" for w in _PLAIN},
}
_LONGEST = max(map(len, _QUALIFIERS))


class Token(NamedTuple):
    """A word, a figure or a mark, where it stands."""

    text: str
    low: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Amount:
    """Between ``least`` and ``most``, either None where open; ``first`` and ``after`` are tokens.

    ``year`` is true for a four-digit figure that may be a year, ``article`` where the amount is but "a" or "another".
    """

    least: int | None
    most: int | None
    first: int
    after: int
    year: bool = False
    article: bool = False


def tokens(sentence: str) -> list[Token]:
    """The tokens of a sentence; what is joined by hyphens is one."""
    return [Token(m[0], m[0].lower().replace("’", "'"), *m.span()) for m in _TOKEN.finditer(sentence)]


def amount(words: Sequence[Token], at: int) -> Amount | None:
    """The amount that begins with token ``at``, qualifiers included; None where none does.

    "at least 12" is 12 or more, "more than 12" 13 or more, "up to 12" 12 or fewer; "about", "some" and "nearly" leave
    the figure as it is. "dozens" is 24 or more, and likewise scores, hundreds and thousands.
    """
    i = at
    kinds: list[str] = []
    while (found := _qualifier(words, i)) is not None:
        kind, i = found
        kinds.append(kind)
    found_here = _range(words, i)
    if found_here is None and i > at:
        i, kinds, found_here = at, [], _range(words, at)
    if found_here is None:
        return None
    least, most, after, year, article = found_here
    for kind in kinds:
        if kind == "least":
            most = None
        elif kind == "above":
            least, most = (None if least is None else least + 1), None
        elif kind == "most":
            least = None
        elif kind == "below":
            least, most = None, (None if most is None else most - 1)
    if _low(words, after) == "or" and _low(words, after + 1) == "more":
        most, after = None, after + 2
    return Amount(least, most, at, after, year and set(kinds) <= {"plain"}, article)


def _qualifier(words: Sequence[Token], at: int) -> tuple[str, int] | None:
    for length in range(_LONGEST, 0, -1):
        said = tuple(w.low for w in words[at : at + length])
        if len(said) == length and said in _QUALIFIERS:
            return _QUALIFIERS[said], at + length
    return None


def _range(words: Sequence[Token], at: int) -> tuple[int | None, int | None, int, bool, bool] | None:
    """One amount or two that make a range."""
    between = _low(words, at) == "between"
    first = _number(words, at + between)
    if first is None:
        return None
    low, high, after, year, article = first
    joint = _low(words, after)
    if joint in (("and",) if between else ("to", "-", "–", "or")):
        second = _number(words, after + 1)
        if second is not None and low is not None and second[0] is not None and second[0] > low:
            return low, second[1], second[2], False, False
    return None if between else (low, high, after, year, article)


def _number(words: Sequence[Token], at: int) -> tuple[int | None, int | None, int, bool, bool] | None:
    """Least, most, the token after, whether it may be a year, and whether it is an article alone."""
    low = _low(words, at)
    if low in ("several", "both"):
        return (2, None, at + 1, False, False) if low == "several" else (2, 2, at + 1, False, False)
    if low == "a" and _low(words, at + 1) == "couple" and _low(words, at + 2) == "of":
        return 2, 2, at + 3, False, False
    many = _vague(words, at)
    if many is not None:
        return many[0], None, many[1], False, False
    dozen = _dozens(words, at)
    if dozen is not None:
        return dozen[0], dozen[0], dozen[1], False, False
    if at < len(words) and words[at].text[0].isdigit():
        return _digits(words, at)
    exact = _words(words, at)
    if exact is not None:
        return exact[0], exact[0], exact[1], False, False
    return (1, 1, at + 1, False, True) if low in _ARTICLES else None


def _digits(words: Sequence[Token], at: int) -> tuple[int | None, int | None, int, bool, bool] | None:
    text = words[at].text
    before = words[at - 1] if at else None
    after = words[at + 1] if at + 1 < len(words) else None
    if not _FIGURE.fullmatch(text) or (before and before.text in _CURRENCY):
        return None
    # "March 12", "12 March" and "aged 12" count nobody; neither do 12%, 12-year-old, 12th and 12:30.
    if before and (before.low in _MONTHS or before.low in ("aged", "age", "no", "flight", "article", ":", "/")):
        return None
    close = after is not None and after.start == words[at].end
    if after and (after.low in _MONTHS or after.text == "%" or (close and after.text not in ",.;!?)\"'”’–-")):
        return None
    value = float(text.replace(",", ""))
    i = at + 1
    if close and after and after.text in "-–" and not _low(words, at + 2)[:1].isdigit():
        return None  # 12-year-old, 12-strong
    if _low(words, i) in _POWERS:
        value *= _POWERS[_low(words, i)]
        i += 1
    if value != int(value):
        return None
    year = len(text) == 4 and i == at + 1 and 1800 <= value < 2100
    return int(value), int(value), i, year, False


def _vague(words: Sequence[Token], at: int) -> tuple[int, int] | None:
    """``dozens``, ``hundreds of thousands``, ``tens of thousands``, ``several hundred``."""
    low = _low(words, at)
    if low in ("several", "many") and _low(words, at + 1) in _POWERS:
        return 2 * _POWERS[_low(words, at + 1)], at + 2
    if low not in _MANY and low != "tens":
        return None
    if _low(words, at + 1) == "of" and _low(words, at + 2) == "thousands":
        scale = 20 if low == "tens" else _MANY[low]
        return scale * 1_000, at + 3
    if low == "tens":
        return None
    return _MANY[low], at + 1


def _dozens(words: Sequence[Token], at: int) -> tuple[int, int] | None:
    if _low(words, at) == "half" and _low(words, at + 1) == "a" and _low(words, at + 2) == "dozen":
        return 6, at + 3
    times = 1 if _low(words, at) in ("a", "one") else _UNITS.get(_low(words, at), 0)
    return (12 * times, at + 2) if times and _low(words, at + 1) == "dozen" else None


def _words(words: Sequence[Token], at: int) -> tuple[int, int] | None:
    """A number in words: ``three``, ``forty-two``, ``two hundred and fifty``, ``a hundred``, ``twelve thousand``."""
    total, part, i, any = 0, 0, at, False
    while True:
        low = _low(words, i)
        value = _small(low)
        if value is not None and (not any or part % 100 == 0 or (part % 10 == 0 and value < 10 and part % 100 >= 20)):
            part, any, i = part + value, True, i + 1
        elif low in _POWERS and (any or _low(words, i - 1) == "a"):
            if low == "hundred":
                part = max(part, 1) * 100
            else:
                total, part = total + max(part, 1) * _POWERS[low], 0
            any, i = True, i + 1
        elif low == "a" and i == at and _low(words, i + 1) in _POWERS:
            i += 1
        elif low == "and" and any and (part or total) and part % 100 == 0 and _small(_low(words, i + 1)) is not None:
            if not (part >= 100 or total):
                break
            i += 1
        else:
            break
    return (total + part, i) if any else None


def _small(low: str) -> int | None:
    if low in _UNITS:
        return _UNITS[low]
    tens, _, unit = low.partition("-")
    if tens in _TENS and (not unit or 0 < _UNITS.get(unit, 0) < 10):
        return _TENS[tens] + _UNITS.get(unit, 0)
    return None


def _low(words: Sequence[Token], at: int) -> str:
    return words[at].low if 0 <= at < len(words) else ""
