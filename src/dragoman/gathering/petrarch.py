"""Dated actor dictionaries in the format of TABARI and PETRARCH, read into this codebook.

A record is a name, names meant alike on lines with ``+``, and codes in brackets, each with the time that it holds::

    ARN_TELVO_  ; a comment
    +TELVO_ARN_
        [KENELI <070301]
        [KENGOV 20070301-20110530]

Codes are read in pieces of three letters by ``cameo.yaml``. Dates have two or four digits for the year; two are of the
last century from 31 on, as PETRARCH reads them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from dragoman.actors import Register
from dragoman.actors.text import PARTICLES
from dragoman.codebook import COUNTRIES
from dragoman.gathering.claims import Claim, Skip, claim, clean
from dragoman.gathering.lists import text_of

_CODE = re.compile(r"\[([^\]]*)\]?")
_REMARK = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_SPAN = re.compile(r"(?:([<>])\s*(\d{6,8})|(\d{6,8})\s*-\s*(\d{6,8}))")
_PIVOT = 30
_SMALL = PARTICLES | {"of", "the", "and", "for", "in", "on", "de", "y", "e"}


@dataclass(slots=True)
class _Record:
    names: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    line: int = 0


@lru_cache(maxsize=1)
def _pieces() -> dict[str, dict[str, Any]]:
    text = resources.files(__package__).joinpath("cameo.yaml").read_text("utf-8")
    found: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return found


def read(path: Path, register: Register) -> Iterator[Claim | Skip]:
    """The actors of a dictionary, one for each code with its time. Raises BadList and OSError."""
    for record in _records(text_of(path)):
        yield from _claims(record, register)


def _records(text: str) -> Iterator[_Record]:
    # Line ends stay, so that lines keep their numbers.
    text = _REMARK.sub(lambda found: "\n" * found[0].count("\n"), text)
    current: _Record | None = None
    for number, raw in enumerate(text.split("\n"), 1):
        line = re.split(r"[#;]", raw, maxsplit=1)[0].rstrip()
        if not line.strip():
            continue
        name = line.split("[", 1)[0].strip()
        codes = [found.strip() for found in _CODE.findall(line)]
        if current is None or (name and not name.startswith("+")):
            if current is not None:
                yield current
            current = _Record(line=number)
        if name:
            current.names.append(name.removeprefix("+"))
        current.codes += codes
    if current is not None:
        yield current


def _claims(record: _Record, register: Register) -> Iterator[Claim | Skip]:
    names = [spelled(n) for n in record.names]
    about = f"line {record.line}: {', '.join(record.names[:1])}"
    if not names or not names[0] or any(c in "".join(record.names) for c in "&!{}=<>|"):
        yield Skip("with a name that is no plain name", about)
        return
    if not record.codes:
        yield Skip("without a code", about)
        return
    made: list[Claim] = []
    plain: list[Claim] = []
    timed = any(_split(c)[1] for c in record.codes)
    for code in record.codes:
        letters, span = _split(code)
        said = f"{about} [{code}]"
        place, sector, why = coded(letters)
        if place is None or sector is None:
            yield Skip(why, said)
            continue
        try:
            start, end = _span(span) if span else (None, None)
        except ValueError:
            yield Skip("with a date that cannot be read", said)
            continue
        kind = _kind(names[0], sector, timed, register)
        found = claim(
            names[0],
            register,
            country=place,
            sector=sector,
            start=start,
            end=end,
            aliases=names[1:],
            kind=kind,
            who=f"line {record.line}" if timed else "",
        )
        if isinstance(found, Skip):
            yield Skip(found.reason, said)
        else:
            (made if span or not timed else plain).append(found)
    # A code without a time holds whenever no other does. Of that the register says what comes after all others.
    after = next((c.sector for c in plain if not made or c.country == made[-1].country), None)
    for found in made:
        yield replace(found, after=after) if after else found
    for default in plain:
        if not made or default.sector != after:
            yield Skip("that hold by default only", f"{about} [{default.country} {default.sector}]")


def coded(letters: str) -> tuple[str | None, str | None, str]:
    """Country and sector of a code, and why there is none: ``SYRREBISI`` is of SYR and REB."""
    table = _pieces()
    parts = [letters[i : i + 3] for i in range(0, len(letters), 3)]
    first, rest = (parts[0], parts[1:]) if parts else ("", [])
    roles = [table["roles"][p] for p in rest if p in table["roles"]]
    if first in table["international"]:
        place, sector = table["international"][first]
        bodies = [table["bodies"][p] for p in rest if p in table["bodies"]]
        place = bodies[0] if first == "IGO" and bodies else place
        # "NGOHLH" is of its own kind; "IGOUNO" names a body, which is no role.
        return place, roles[0] if roles else sector, ""
    first = table["withdrawn"].get(first, first)
    country = COUNTRIES.get(first)
    if country is None or country.kind == "international":
        return None, None, "with a code whose country is not known"
    if not rest:
        return country.coded_as, None, "of a country alone, which are places or peoples"
    if not roles:
        return country.coded_as, None, "with a code whose role is not known"
    return country.coded_as, roles[0], ""


def _split(code: str) -> tuple[str, str]:
    match = re.match(r"\s*([^\s<>\d]*)\s*(.*)", code)
    return (match[1].upper(), match[2].strip()) if match else ("", code)


def _span(words: str) -> tuple[str | None, str | None]:
    match = _SPAN.fullmatch(words)
    if match is None:
        raise ValueError(words)
    if match[1]:
        day = _day(match[2])
        return (None, day) if match[1] == "<" else (day, None)
    return _day(match[3]), _day(match[4])


def _day(digits: str) -> str:
    if len(digits) == 7:
        raise ValueError(digits)
    if len(digits) == 6:
        digits = f"{'19' if int(digits[:2]) > _PIVOT else '20'}{digits}"
    year, month, day = digits[:4], digits[4:6], digits[6:]
    # Zeros stand for a month or a day that is not known.
    if month == "00":
        return year
    if day == "00":
        date(int(year), int(month), 1)
        return f"{year}-{month}"
    return date(int(year), int(month), int(day)).isoformat()


def _kind(name: str, sector: str, timed: bool, register: Register) -> str:
    """Dictionaries do not tell people from bodies: a time, or a former office, is a person's, unless a noun says no."""
    last = name.split()[-1].casefold()
    if last in register.nouns or last in register.named:
        return "party" if sector == "PTY" else "body"
    if timed or sector == "ELI":
        return "person"
    return {"PTY": "party", "REB": "group"}.get(sector, "body")


def spelled(name: str) -> str:
    """``JAMES_OF_ARN_`` as news writes it; what has no vowel or at most three letters stays an acronym."""
    words = clean(name.replace("_", " ")).split()
    if len(words) == 1 and (len(words[0]) <= 3 or "." in words[0] or not re.search("[AEIOUY]", words[0].upper())):
        return words[0].upper()
    return " ".join(
        w.lower() if at and w.casefold() in _SMALL else "-".join(p[:1].upper() + p[1:].lower() for p in w.split("-"))
        for at, w in enumerate(words)
    )
