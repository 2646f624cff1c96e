"""The register as people write it: YAML files, one a country or a list of bodies, read into plain rows.

Only the compiler and the checks read these; at run time the compiled ``register.json`` stands for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_LISTS = {"bodies": "body", "parties": "party", "groups": "group", "seats": "seat"}
COUNTRY_KEYS = {"country", "names", "demonyms", "capital", "cities", "people", *_LISTS}
ROW_KEYS = {"names", "sector", "country", "from", "to", "roles", "certainty", "after", "sectors"}
PERSON_KEYS = {"name", "aliases", "roles", "after", "certainty", "country"}
ROLE_KEYS = {"title", "sector", "from", "to", "country", "certainty"}


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody or some body is from one date to another; prefix dates, None where open."""

    title: str | None
    sector: str | None
    start: str | None
    end: str | None
    country: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One owner of names: a country, its people, a city, a body, a person …, and the file it is from."""

    kind: str
    names: tuple[str, ...]
    country: str | None
    roles: tuple[Role, ...]
    after: str | None
    certainty: str | None
    file: str
    # A row of a country's file may list several bodies with the same codes.
    listed: bool = False


class SourceError(ValueError):
    """A file of the register that cannot be read as one; the message names the file and the trouble."""


def load_yaml(path: Path) -> Any:
    """The YAML document in ``path``. Raises SourceError when it is none."""
    try:
        return yaml.load(path.read_text("utf-8"), LOADER)
    except yaml.YAMLError as error:
        raise SourceError(f"{path.name}: not YAML: {' '.join(str(error).split())}") from None


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _names(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(n, str) and n.strip() for n in value):
        # `NO` and `On` are truth values in YAML: say so where it bites.
        raise SourceError(f"{where}: names must be a list of words (quote yes, no, on, off): {value!r}")
    return tuple(n.strip() for n in value)


def _role(row: Any, where: str) -> Role:
    if not isinstance(row, dict) or set(row) - ROLE_KEYS:
        raise SourceError(f"{where}: a role has {', '.join(sorted(ROLE_KEYS))}: {row!r}")
    return Role(
        _text(row.get("title")),
        _text(row.get("sector")),
        _text(row.get("from")),
        _text(row.get("to")),
        _text(row.get("country")),
    )


def _body(kind: str, row: Any, country: str | None, file: str) -> Row:
    if not isinstance(row, dict) or set(row) - ROW_KEYS:
        raise SourceError(f"{file}: a {kind} has {', '.join(sorted(ROW_KEYS))}: {row!r}")
    names = _names(row.get("names"), f"{file}: {kind}")
    where = f"{file}: {names[0]}"
    sector = _text(row.get("sector")) or ("PTY" if kind == "party" else None)
    if row.get("roles"):
        roles = tuple(_role(r, where) for r in row["roles"])
    else:
        roles = (Role(None, sector, _text(row.get("from")), _text(row.get("to")), None),)
    return Row(
        kind,
        names,
        _text(row.get("country")) or country,
        roles,
        _text(row.get("after")),
        _text(row.get("certainty")),
        file,
    )


def _person(row: Any, country: str | None, file: str) -> Row:
    if not isinstance(row, dict) or "name" not in row or set(row) - PERSON_KEYS:
        raise SourceError(f"{file}: a person has {', '.join(sorted(PERSON_KEYS))}: {row!r}")
    where = f"{file}: {row['name']}"
    names = _names([row["name"], *(row.get("aliases") or [])], where)
    roles = tuple(_role(r, where) for r in row.get("roles") or ())
    return Row(
        "person",
        names,
        _text(row.get("country")) or country,
        roles,
        _text(row.get("after")),
        _text(row.get("certainty")),
        file,
    )


def _country_rows(path: Path) -> Iterator[Row]:
    data = load_yaml(path)
    file = path.name
    if not isinstance(data, dict) or set(data) - COUNTRY_KEYS:
        unknown = sorted(set(data) - COUNTRY_KEYS) if isinstance(data, dict) else type(data).__name__
        raise SourceError(f"{file}: unknown keys {unknown}; known are {', '.join(sorted(COUNTRY_KEYS))}")
    code = _text(data.get("country"))
    gov = (Role(None, "GOV", None, None, None),)
    none = (Role(None, None, None, None, None),)
    yield Row("country", _names(data.get("names") or [], file), code, gov, None, None, file)
    if data.get("demonyms"):
        yield Row("people", _names(data["demonyms"], file), code, none, None, None, file)
    if data.get("capital"):
        capital = data["capital"]
        names = _names([capital] if isinstance(capital, str) else capital, file)
        yield Row("capital", names, code, gov, None, None, file)
    for city in _names(data.get("cities") or [], file):
        yield Row("city", (city,), code, none, None, None, file)
    for key, kind in _LISTS.items():
        for row in data.get(key) or ():
            yield replace(_body(kind, row, code, file), listed=kind != "party")
    for row in data.get("people") or ():
        yield _person(row, code, file)


def _publics(path: Path) -> Iterator[Row]:
    data = load_yaml(path)
    for sector, rows in data["regions"].items():
        for names in rows:
            yield Row("region", tuple(names), "ISM", (Role(None, sector, None, None, None),), None, None, path.name)
    for row in data["peoples"]:
        people = (Role(None, "CVL", None, None, None),)
        for name in row["names"]:
            yield Row("people", (name,), row["country"], people, None, None, path.name)


def rows(root: Path = HERE) -> Iterator[Row]:
    """Every row of the register under ``root``: countries, bodies, then the publics that are no state's.

    Raises SourceError at the first file that does not keep to the format.
    """
    for path in sorted((root / "register" / "countries").glob("*.yaml")):
        yield from _country_rows(path)
    for path in sorted((root / "register" / "bodies").glob("*.yaml")):
        data = load_yaml(path)
        if not isinstance(data, list):
            raise SourceError(f"{path.name}: must be a list of rows")
        for row in data:
            kind = "person" if isinstance(row, dict) and "name" in row else "body"
            yield _person(row, None, path.name) if kind == "person" else _body("body", row, None, path.name)
    if (root / "publics.yaml").exists():
        yield from _publics(root / "publics.yaml")
