"""What the register holds: who owns a name, which names are near it, which entries hold given words."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from .dates import Interval, interval
from .register import Entry, Register
from .resolver import resolve
from .text import fold, key, tokens

_OPEN = 99999999
# How alike, from 0 to 1, a name must be to be suggested: a letter or two of a short name may be wrong.
_ALIKE = 0.75


@dataclass(frozen=True, slots=True)
class Found:
    """An entry with all names that lead to it, as they are compared: no case, no accents, acronyms in capitals."""

    entry: Entry
    names: tuple[str, ...]


def day(number: int, *, last: bool = False) -> str | None:
    """A day of the compiled register in ISO 8601, None for an open end; the last of a month is brought to its end."""
    if number in (0, _OPEN):
        return None
    year, month, of_month = number // 10000, number // 100 % 100, number % 100
    if last:
        of_month = min(of_month, monthrange(year, month)[1])
    return f"{year:04}-{month:02}-{of_month:02}"


def owners(register: Register, name: str) -> list[Found]:
    """The entries that own ``name``, a user's own first; both as an acronym and as a word ("WHO", "Who")."""
    return _found(register, _numbers(register, name))


def owning(register: Register, name: str) -> list[Entry]:
    """The entries of :func:`owners` without their other names, which take longer to find; in the register's order."""
    return [register.entry(n) for n in _numbers(register, name)]


def _numbers(register: Register, name: str) -> list[int]:
    form = key(name)
    plain = form.removeprefix("^")
    return list(
        dict.fromkeys(
            n
            for k in (form, plain, plain.removeprefix("the "), "^" + plain)
            for n in (register.names.get(k, ()) if k else ())
        )
    )


def near(register: Register, name: str, limit: int = 5) -> list[str]:
    """Names of entries that are spelt almost like ``name``, the nearest first."""
    form = key(name).removeprefix("^")
    # "Ruto" is no name of the register but part of one.
    known = [register.entry(n).name for n in register.short.get(form, ())]
    for index in (register.names, register.short):
        close = get_close_matches(form, index, n=limit, cutoff=_ALIKE) if form else []
        known += [register.entry(n).name for k in close for n in index[k]]
    return list(dict.fromkeys(known))[:limit]


def search(
    register: Register,
    words: str,
    *,
    country: str | None = None,
    sector: str | None = None,
    kind: str | None = None,
    when: Interval | None = None,
) -> list[Found]:
    """The entries one of whose names holds all of ``words``, in the order of their names.

    ``sector`` is that of the role on the days ``when``, or of any role without them. No words hold for all.
    """
    wanted = {fold(t.raw) for t in tokens(words) if not t.mark}
    numbers: dict[int, None] = {}
    for name, owned in register.names.items():
        if wanted <= set(name.removeprefix("^").split()):
            numbers.update(dict.fromkeys(owned))
    kept = []
    for n in numbers:
        entry = register.entry(n)
        if entry.kind == "peoples":  # the plural of a people, which has an entry of its own
            continue
        sectors = {entry.on(when).sector} if when else {r[0] for r in entry.roles}
        countries = {entry.country, *(r[4] for r in entry.roles)}
        if (
            (country is None or country in countries)
            and (sector is None or sector in sectors)
            and (kind is None or kind == entry.kind)
        ):
            kept.append(n)
    return sorted(_found(register, kept), key=lambda f: (key(f.entry.name), f.entry.kind, f.entry.country or ""))


def _found(register: Register, numbers: list[int]) -> list[Found]:
    names: dict[int, list[str]] = {n: [] for n in numbers}
    for name, owned in register.names.items():
        for n in owned:
            if n in names:
                names[n].append(name.removeprefix("^").upper() if name.startswith("^") else name)
    return [Found(register.entry(n), tuple(sorted(names[n]))) for n in numbers]


def told(found: Found, when: Interval | None) -> dict[str, Any]:
    """An entry as JSON-ready data: what it is at all, and on the days ``when`` (None: by the latest known)."""
    entry = found.entry
    status = entry.on(when)
    roles = [
        {"title": r[3], "sector": r[0], "country": r[4] or entry.country, "from": day(r[1]), "to": day(r[2], last=True)}
        for r in sorted(entry.roles, key=lambda r: (r[1], r[2]))
    ]
    main = key(entry.name).removeprefix("^")
    return {
        "name": entry.name,
        "kind": entry.kind,
        "country": entry.country,
        "aliases": [n for n in found.names if n.casefold() != main],
        "roles": roles,
        "after": entry.after,
        "certainty": entry.certainty,
        "own": entry.layer > 0,
        "then": {"country": status.country, "sector": status.sector, "why": status.why},
    }


def lines(shown: dict[str, Any], when: str | None) -> Iterator[str]:
    """The same for people to read."""
    yield f"{shown['name']}: {shown['kind']} of {shown['country'] or 'no one state'}" + (
        ", of your own" if shown["own"] else ""
    )
    if shown["aliases"]:
        yield f"  also: {', '.join(shown['aliases'])}"
    for role in shown["roles"]:
        dated = role["from"] or role["to"]
        span = f"{role['from'] or '…'} to {role['to'] or '…'}" if dated else "always"
        where = f" ({role['country']})" if role["country"] != shown["country"] else ""
        yield f"  {span}: {role['sector'] or 'no sector'}{where}" + (f", {role['title']}" if role["title"] else "")
    if shown["after"]:
        yield f"  afterwards: {shown['after']}"
    if shown["certainty"]:
        yield f"  certainty: {shown['certainty']}"
    then = shown["then"]
    codes = " ".join(c for c in (then["country"], then["sector"]) if c) or "nothing known"
    yield f"  {f'on {when}' if when else 'latest'}: {codes}: {then['why']}"


def asked(register: Register, name: str, date: str | None) -> dict[str, Any]:
    """All that is known of ``name``: its owners, and what ``resolve`` makes of it.

    Raises ValueError when ``date`` cannot be read.
    """
    when = days(date)
    found = resolve(name, date, register=register)
    return {
        "name": name,
        "date": date,
        "entries": [told(f, when) for f in owners(register, name)],
        "resolved": {
            "country": found.country,
            "sector": found.sector,
            "identity": found.identity,
            "reason": found.reason,
        },
    }


def days(date: str | None) -> Interval | None:
    """The days of a date that a user gives. Raises ValueError when it cannot be read."""
    found = interval(date) if date else None
    if date and found is None:
        raise ValueError(f"{date!r} is no date: write YYYY, YYYY-MM or YYYY-MM-DD")
    return found
