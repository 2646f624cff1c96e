"""Proposals that a person has accepted, as rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dragoman.actors import Register
from dragoman.actors.source import OWN_KINDS, PERSON_KEYS, ROW_KEYS, SourceError, load_yaml
from dragoman.gathering.claims import Claim, Skip, claim, clean, dated
from dragoman.gathering.lists import BadList

# What a proposal has beside the keys of a row.
EXTRA = ("accept", "documents", "last_seen", "short_forms", "register", "contradictions", "evidence")


def read(path: Path, register: Register) -> Iterator[Claim | Skip]:
    """The proposals of a file whose ``accept`` is true. Raises BadList when it is no file of proposals."""
    try:
        data = load_yaml(path)
    except SourceError as error:
        raise BadList(str(error)) from None
    if not isinstance(data, list) or not all(isinstance(r, dict) and "accept" in r for r in data):
        raise BadList(f"{path}: is no list of proposals, each with accept; dragoman actors propose writes one")
    for number, row in enumerate(data, 1):
        yield from _claims(row, f"row {number}", register)


def _claims(row: dict[str, Any], where: str, register: Register) -> Iterator[Claim | Skip]:
    person = "name" in row
    names = [row["name"], *_list(row, "aliases")] if person else _list(row, "names")
    about = f"{where}: {clean(names[0]) if names else ''}"
    if row["accept"] is not True:
        yield Skip("not accepted", about)
        return
    unknown = set(map(str, row)) - set(EXTRA) - {"kind"} - (PERSON_KEYS if person else ROW_KEYS)
    if unknown or not names or not all(isinstance(n, str) for n in names):
        yield Skip("that make no sound row", f"{about}, {', '.join(sorted(unknown)) or 'names'}")
        return
    kind = str(row.get("kind", "person" if person else "body"))
    if kind not in OWN_KINDS:
        yield Skip(f"of a kind that is none of {', '.join(OWN_KINDS)}", about)
        return
    for role in _list(row, "roles") or [row]:
        if not isinstance(role, dict):
            yield Skip("that make no sound row", about)
            continue
        try:
            start, end = dated(role.get("from") or ""), dated(role.get("to") or "")
        except ValueError:
            yield Skip("with a date that is not YYYY, YYYY-MM or YYYY-MM-DD", about)
            continue
        found = claim(
            names[0],
            register,
            country=str(role.get("country") or row.get("country") or ""),
            sector=str(role.get("sector") or ""),
            title=str(role.get("title") or ""),
            start=start,
            end=end,
            aliases=names[1:],
            kind=kind,
            who=where,
            after=row.get("after"),
            certainty=row.get("certainty"),
        )
        yield Skip(found.reason, about) if isinstance(found, Skip) else found


def _list(row: dict[str, Any], key: str) -> list[Any]:
    found = row.get(key) or []
    return found if isinstance(found, list) else []
