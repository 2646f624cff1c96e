"""A publication date as people and machines write it, read strictly, as ISO 8601.

Only forms with one reading are taken: ``03/04/2021`` is 3 April to some and 4 March to others, and a data
set that mixes the two is worse than one that lacks the date.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

_YEAR_OF_MONTHS = "january february march april may june july august september october november december"
_MONTH_NAMES = _YEAR_OF_MONTHS.split()
MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
MONTHS |= {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

# Zone names of RFC 2822, section 4.3; other abbreviations have several meanings.
_ZONES = {"z": 0, "ut": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5}
_ZONES |= {"mst": -7, "mdt": -6, "pst": -8, "pdt": -7}

MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
WEEKDAY = "(?:" + "|".join(f"{d}|{d[:3]}" for d in _WEEKDAYS) + r"|tues|thur|thurs)\b\.?"
_ZONE = r"(?:utc|gmt|ut|z|[ecmp][sd]t)?\s*(?:[+-]\d{2}:?(?:\d{2})?)?|(?:utc|gmt)\s*[+-]\d{1,2}(?::?\d{2})?"
_HOURS = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?(?:\s*[ap]\.?m\b\.?)?"
TIME = rf"{_HOURS}\s*(?:{_ZONE})(?:\s*\([a-z ]+\))?"
_ORDINAL = r"(?:st|nd|rd|th)?"

ISO_DAY = r"\d{4}(?:-\d{2}-|/\d{2}/)\d{2}"
DAY_FIRST = rf"(?:{WEEKDAY},?\s+)?\d{{1,2}}{_ORDINAL}[\s-](?:of\s+)?{MONTH},?[\s-]\d{{4}}\b"
MONTH_FIRST = rf"(?:{WEEKDAY},?\s+)?{MONTH}\s+\d{{1,2}}{_ORDINAL}(?:,\s*|\s+)\d{{4}}\b"

_FLAGS = re.IGNORECASE | re.ASCII
_ISO = re.compile(rf"({ISO_DAY})(?:(?:T|,?\s+)({TIME}))?", _FLAGS)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})(Z?))?", _FLAGS)
_WORDS = re.compile(rf"({DAY_FIRST}|{MONTH_FIRST})(?:,?\s+(?:at\s+)?({TIME}))?", _FLAGS)
_DAY = re.compile(rf"(?<!\d)(\d{{1,2}}){_ORDINAL}(?!\d)", _FLAGS)
_NAMED_MONTH = re.compile(rf"\b{MONTH}", _FLAGS)
_YEAR = re.compile(r"\d{4}")
_CLOCK = re.compile(
    r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?(?:\s*([ap])\.?m\b\.?)?\s*([a-z]*)\s*([+-]\d{1,2}:?(?:\d{2})?)?",
    _FLAGS,
)
_AMBIGUOUS = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}")


class BadDate(ValueError):
    """A publication date that cannot be read; the message says why and how to write it."""


def publication_date(value: str) -> str:
    """``value`` as an ISO 8601 date or date and time.

    Reads ISO 8601 (``2022-02-25``, ``2022-02-25T06:10:00+03:00``, ``2019-11-29 18:11:52Z``,
    ``20220225``), RFC 2822 (``Fri, 25 Feb 2022 06:10:00 +0000``) and dates in English words
    (``25 February 2022``, ``Feb. 25, 2022, 6:10 PM GMT``). The time of day is kept where it is given, to the
    second, with the offset as given and ``Z`` for UTC. Raises :class:`BadDate` for anything else and
    for days that do not exist.
    """
    written = " ".join(value.split())
    if found := _ISO.fullmatch(written):
        day = found[1]
        return _joined(written, int(day[:4]), int(day[5:7]), int(day[8:]), found[2])
    if found := _COMPACT.fullmatch(written):
        clock = f"{found[4]}:{found[5]}:{found[6]}{found[7]}" if found[4] else None
        return _joined(written, int(found[1]), int(found[2]), int(found[3]), clock)
    if found := _WORDS.fullmatch(written):
        return _joined(written, *_parts(found[1]), found[2])
    if _AMBIGUOUS.fullmatch(written):
        raise BadDate(f"{_short(written)} does not say which is day and which month; write it YYYY-MM-DD")
    raise BadDate(f"{_short(written)} is not read as a date; write it YYYY-MM-DD")


def _parts(words: str) -> tuple[int, int, int]:
    """Year, month and day of a date in words, which one of the patterns has matched whole."""
    [month], [day, *_], [year] = _NAMED_MONTH.findall(words), _DAY.findall(words), _YEAR.findall(words)
    return int(year), MONTHS[month.lower().rstrip(".")], int(day)


def _joined(written: str, year: int, month: int, day: int, clock: str | None) -> str:
    try:
        on = date(year, month, day)
    except ValueError as wrong:
        raise BadDate(f"{_short(written)} is a date that does not exist; correct it (YYYY-MM-DD)") from wrong
    if clock is None:
        return on.isoformat()
    try:
        return on.isoformat() + "T" + _time(clock)
    except ValueError as wrong:
        raise BadDate(f"{_short(written)} has a time that does not exist; correct it (HH:MM)") from wrong


def _time(clock: str) -> str:
    found = _CLOCK.match(clock)
    assert found
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[4]:
        if not 1 <= hour <= 12:
            raise ValueError(clock)
        hour = hour % 12 + (12 if found[4].lower() == "p" else 0)
    at = datetime(2000, 1, 1, hour, minute, second)
    if not found[5] and not found[6]:
        return at.strftime("%H:%M:%S")
    offset = timedelta(hours=_ZONES[found[5].lower()] if found[5] else 0)
    if found[6]:
        digits = found[6][1:].replace(":", "")
        hours, minutes = int(digits[:2]), int(digits[2:] or 0)
        if hours > 14 or minutes > 59:
            raise ValueError(clock)
        shift = timedelta(hours=hours, minutes=minutes)
        offset += -shift if found[6][0] == "-" else shift
    return at.replace(tzinfo=timezone(offset)).strftime("%H:%M:%S") + _offset(offset)


def _offset(offset: timedelta) -> str:
    if not offset:
        return "Z"
    minutes = int(offset.total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _short(written: str) -> str:
    """The value for a message: quoted, and cut where someone put a paragraph into the field."""
    return repr(written if len(written) <= 40 else written[:39] + "…")
