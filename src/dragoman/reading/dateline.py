"""The date that stands at the head of a report: ``NAIROBI, 3 March 2021 —``, or a line that is a date.

Narrow on purpose. A date inside a sentence is when something happened, not when the report came out, so
a date counts only in a dateline that a dash closes, behind the word ``date``, or alone on a line
among the first three. Datelines without a year are left alone: the year would be a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dragoman.reading.publication import (
    DAY_FIRST,
    ISO_DAY,
    MONTH,
    MONTH_FIRST,
    TIME,
    WEEKDAY,
    BadDate,
    publication_date,
)

# A heading, a by-line and the date line fit in this many characters and lines of any report seen.
_HEAD_CHARACTERS = 1000
_HEAD_LINES = 3

_DATE = rf"(?P<date>(?:{ISO_DAY}(?:T{TIME})?|{DAY_FIRST}|{MONTH_FIRST})(?:,?\s+(?:at\s+)?{TIME})?)(?!\w)"

# A place name: capitalised words and the small ones that join them. Only here does case matter.
_WORD = r"(?-i:[A-ZÀ-Þ][\w'’./-]*)"
_NAME = rf"(?!{WEEKDAY},){_WORD}(?:[ ](?:{_WORD}|de|del|el|al|la|of|the|and|sur|am)){{0,5}}"
_PLACE = rf"(?!(?:in|on|at|from|by|since|until|after|before|near|and|but)\b){_NAME}(?:,[ ]{_NAME}){{0,2}}"
_AGENCY = r"(?:\([^()\n]{1,40}\))"
_DASH = r"(?:[ ]*[—―][ ]*|[ ]+(?:–|--|-)(?:[ ]+|$)|[ ]*(?:–|--)[ ]*(?=[\"“‘'A-Z]))"
_KEY = r"(?:date|dated|published|publication[ ]date|posted|issued|released)"

_FLAGS = re.IGNORECASE
_OPENINGS = [
    re.compile(pattern, _FLAGS)
    for pattern in (
        # date 2022-02-25 …
        rf"(?:date:?|{_KEY}:)[ \t]+{_DATE}(?=[\s.,;:|—–-]|$)",
        # NAIROBI, Kenya (Agency), 3 March 2021 —
        rf"{_PLACE}(?:,?[ ]{_AGENCY})?,[ ]{_DATE}(?:,?[ ]{_AGENCY})?[.,]?{_DASH}",
        # LAGOS (Agency) March 3, 2021 -
        rf"{_PLACE}[ ]{_AGENCY},?[ ]{_DATE}[.,]?{_DASH}",
        # GENEVA (4 May 2023) –
        rf"{_PLACE},?[ ]\({_DATE}\){_DASH}",
        # MINSK, March 3, 2021. /AGENCY/
        rf"{_PLACE},[ ]{_DATE}[.,]?[ ]?/[^/\n]{{1,20}}/",
        # March 3, 2021 (Agency) -
        rf"{_DATE}[ ]{_AGENCY}{_DASH}",
        # 3 March 2021 — The army …; but not a range of dates
        rf"{_DATE}{_DASH}(?=(?-i:[\"“‘'A-Z])|$)(?!{MONTH}|{WEEKDAY})",
    )
]
_LINE = re.compile(
    rf"(?:{_KEY}(?:[ ]on|:)?[ ]+)?(?:{_PLACE},[ ])?{_DATE}(?:[ ]*(?:[|·•][ ]*[^\n]{{1,40}}|{_AGENCY}))?[.:]?",
    _FLAGS,
)
# A line broken inside a sentence can hold nothing but a date: what goes before then leads into it.
_LEADS_ON = re.compile(
    r"(?:[,;—–-]|\b(?:a|an|the|on|of|in|since|until|till|by|from|to|and|or|at|for|before|after|between|dated|"
    r"was|were|is|for|last|this|next))\s*$",
    _FLAGS,
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """A date at the head of a text: ``text[start:end]`` is the date as written.

    ``published`` is the date in ISO 8601, or None when no such day exists; ``problem`` then says so.
    """

    start: int
    end: int
    published: str | None
    problem: str | None = None


def dateline(text: str) -> Dateline | None:
    """The publication date at the head of ``text``, or None when no line of its head gives one."""
    lines = _head(text)
    for number, (start, line) in enumerate(lines):
        if number and _LEADS_ON.search(lines[number - 1][1]):
            continue
        found = next(filter(None, (opening.match(line) for opening in _OPENINGS)), None)
        if found is None and not _goes_on(lines, number):
            found = _LINE.fullmatch(line)
        if found is None:
            continue
        first, last = start + found.start("date"), start + found.end("date")
        try:
            return Dateline(first, last, publication_date(found["date"]))
        except BadDate as wrong:
            return Dateline(first, last, None, str(wrong))
    return None


def _head(text: str) -> list[tuple[int, str]]:
    """The first lines that hold anything, each stripped and with its offset, and one more for context."""
    lines: list[tuple[int, str]] = []
    at = 0
    for line in text[:_HEAD_CHARACTERS].splitlines(keepends=True):
        stripped = line.strip()
        if stripped:
            lines.append((at + line.index(stripped), stripped))
        at += len(line)
        if len(lines) > _HEAD_LINES:
            break
    return lines


def _goes_on(lines: list[tuple[int, str]], number: int) -> bool:
    """Whether the line after ``number`` goes on in lower case, so that the two are one sentence.

    Lines past the third are context only: they count as going on.
    """
    if number >= _HEAD_LINES:
        return True
    return number + 1 < len(lines) and lines[number + 1][1][0].islower()
