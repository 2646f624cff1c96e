"""What can be wrong with the register's data, said so that its writers can put it right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ..codebook import COUNTRIES, SECTORS
from .dates import bounds, interval
from .source import HERE, Role, Row, SourceError, own_rows, rows
from .text import key

# Offices that one person holds at a time, so that two holders on one day are an error in a date.
_SINGLE = {
    "president",
    "prime minister",
    "chancellor",
    "king",
    "queen",
    "emir",
    "supreme leader",
    "foreign minister",
}
# Kinds whose names may be shared by several countries, told apart by the nationality in the phrase.
_SHARED = {"body", "party", "person", "seat", "city"}


def _codes(row: Row) -> Iterator[str]:
    where = row.where
    countries = [row.country, *(r.country for r in row.roles)]
    for code in countries:
        if code is not None and code not in COUNTRIES:
            yield f"{where}: country {code!r} is not in the codebook{_meant(code)}"
        elif code is not None and COUNTRIES[code].coded_as != code:
            yield f"{where}: country {code!r} is coded as {COUNTRIES[code].coded_as}: write that"
    if row.country is None and row.file != "publics.yaml":
        yield f"{where}: no country: add country, a code such as KEN"
    for role in row.roles:
        if role.sector is None and row.kind in ("body", "group", "seat", "person", "party"):
            yield f"{where}: no sector: add sector, one of {', '.join(SECTORS)}"
        if role.sector is not None and role.sector not in SECTORS:
            yield f"{where}: sector {role.sector!r} is not in the codebook: use one of {', '.join(SECTORS)}"
    if row.after is not None and row.after not in SECTORS:
        yield f"{where}: after {row.after!r} is not in the codebook: use one of {', '.join(SECTORS)}"
    if row.certainty not in (None, "doubtful"):
        yield f"{where}: certainty {row.certainty!r} is not 'doubtful': write that or leave it out"
    if not row.names:
        yield f"{where}: no names"
    for name in row.names:
        if not key(name):
            yield f"{where}: {name!r} holds no word: leave it out"
    if row.kind == "person" and not row.roles:
        yield f"{where}: no roles: add roles, each with title, sector, from, to"


def _meant(word: str) -> str:
    """What to write in place of a country that is no code."""
    named = [c.coded_as for c in COUNTRIES.values() if c.name.casefold() == word.casefold()]
    return f": write {named[0]}" if named else ": write a code such as KEN (dragoman codebook lists them)"


def _dates(row: Row) -> Iterator[str]:
    where = row.where
    for role in row.roles:
        for date in (role.start, role.end):
            if date is not None and (len(date) not in (4, 7, 10) or interval(date) is None):
                yield f"{where}: {date!r} is no date (YYYY, YYYY-MM, YYYY-MM-DD)"
                return
        first, last = bounds(role.start, role.end)
        if first > last:
            yield f"{where}: {role.title or 'row'} is from {role.start} to {role.end}"


def _readable(role: Role) -> bool:
    return all(d is None or interval(d) is not None for d in (role.start, role.end))


def _sure(role: Role) -> tuple[int, int]:
    """The days that a role covers whatever its dates' missing digits are."""
    first = interval(role.start)[1] if role.start and interval(role.start) else 0  # type: ignore[index]
    last = interval(role.end)[0] if role.end and interval(role.end) else 99999999  # type: ignore[index]
    return first, last


def _shared(table: Iterable[Row]) -> Iterator[str]:
    owners: dict[str, list[tuple[str, Row]]] = defaultdict(list)
    for row in table:
        seen: set[str] = set()
        for name in row.names:
            word = key(name)
            if word and word not in seen:
                seen.add(word)
                owners[word].append((name, row))
    for found in owners.values():
        for i, (name, one) in enumerate(found):
            for _, two in found[i + 1 :]:
                if problem := _conflict(one, two):
                    yield f"{one.file} and {two.file}: {name!r} {problem}"


def _conflict(one: Row, two: Row) -> str | None:
    if one.kind == "person" and two.kind == "person" and one.book == two.book:
        # Father and son may share a name that the date tells apart.
        terms = [(_sure(r), _sure(o)) for r in one.roles for o in two.roles if _readable(r) and _readable(o)]
        if one.names[0] == two.names[0] or any(max(a[0], b[0]) < min(a[1], b[1]) for a, b in terms):
            return f"names two people on one day, {one.names[0]} and {two.names[0]}"
        return None
    if one.country != two.country:
        if one.kind == two.kind and one.kind not in _SHARED:
            if "publics.yaml" in (one.file, two.file):
                return None  # the country's own file is followed
            return f"is a {one.kind} of {one.country} and of {two.country}"
        return None
    if "person" in (one.kind, two.kind) or one.kind == two.kind == "city":
        return None
    for role in one.roles:
        for other in two.roles:
            if role.sector is None or other.sector is None or role.sector == other.sector:
                continue
            if not (_readable(role) and _readable(other)):
                continue
            first, second = _sure(role), _sure(other)
            if max(first[0], second[0]) < min(first[1], second[1]):
                return f"is {role.sector} as a {one.kind} and {other.sector} as a {two.kind}"
    return None


def _offices(table: Iterable[Row]) -> Iterator[str]:
    held: dict[tuple[str, str], list[tuple[tuple[int, int], str, str]]] = defaultdict(list)
    for row in table:
        if row.kind != "person":
            continue
        for role in row.roles:
            title = (role.title or "").lower()
            if title in _SINGLE and _readable(role):
                held[(str(role.country or row.country), title)].append((_sure(role), row.names[0], row.file))
    for (country, title), terms in held.items():
        terms.sort()
        for i, (days, name, file) in enumerate(terms):
            for other, second, _ in terms[i + 1 :]:
                if name != second and max(days[0], other[0]) < min(days[1], other[1]):
                    hint = f"(if both claimed it: '{title.title()} (disputed)')"
                    yield f"{file}: {name} and {second} are both {title} of {country} from {other[0]} {hint}"


def check(root: Path = HERE) -> list[str]:
    """Every problem of the register under ``root``, one line each with the file; empty when there is none.

    Codes that the codebook lacks, dates that do not exist or run backwards, one name with two codes on one
    day, two holders of one office on one day, rows that do not keep to the format.
    """
    try:
        table = list(rows(root))
    except SourceError as error:
        return [str(error)]
    return list(dict.fromkeys([*faults(table), *_shared(table), *_offices(table)]))


def faults(table: Iterable[Row]) -> Iterator[str]:
    """What is wrong with single rows: their codes and their dates."""
    for row in table:
        yield from _codes(row)
        yield from _dates(row)


@dataclass(frozen=True, slots=True)
class Checked:
    """A user's own file looked through: ``faults`` are to be mended, ``notes`` say what it does to the register."""

    faults: tuple[str, ...]
    notes: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def _shipped() -> tuple[tuple[Row, ...], frozenset[str]]:
    """The rows of the register that ships, and which of its offices two hold at once; reading them takes seconds."""
    table = tuple(rows())
    return table, frozenset(_offices(table))


def check_own(path: Path) -> Checked:
    """What is wrong with a user's own file, and where it meets the shipped register. Raises nothing."""
    try:
        table = own_rows(path)
    except SourceError as error:
        return Checked((str(error),))
    wrong = [*faults(table), *_shared(table), *_offices(table)]
    if any(faults(table)):
        return Checked(tuple(dict.fromkeys(wrong)))
    from .own import meetings

    shipped, held = _shipped()
    notes = list(meetings(table))
    own = {key(row.names[0]) for row in table}
    left = [r for r in shipped if r.kind != "person" or key(r.names[0]) not in own]
    known = held | set(wrong)
    notes += [line for line in _offices([*left, *table]) if line not in known]
    return Checked(tuple(dict.fromkeys(wrong)), tuple(dict.fromkeys(notes)))
