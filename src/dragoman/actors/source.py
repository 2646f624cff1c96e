"""The register as people write it: YAML files, one a country or a list of bodies, read into plain rows.

Only the compiler and the checks read these; at run time the compiled ``register.json`` stands for them. A user's
own file is a list of rows too (``own_rows``).
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
# What a row of a user's own file may be; a row with "name" is a person, one with "names" a body unless it says more.
OWN_KINDS = ("person", "body", "party", "group", "seat")
# Of a row that is wrong, so much is shown.
_SHOWN = 160


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

    @property
    def where(self) -> str:
        """The file and the row, for messages."""
        return f"{self.file}: {self.names[0] if self.names else self.kind}"

    @property
    def book(self) -> str:
        """The file without the row's number."""
        return self.file.split(", row ")[0]


class SourceError(ValueError):
    """A file of the register that cannot be read as one; the message names the file and the trouble."""


def load_yaml(path: Path) -> Any:
    """The YAML document in ``path``. Raises SourceError when it is none or cannot be read."""
    try:
        return yaml.load(path.read_text("utf-8-sig"), LOADER)
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or error}; give a file that can be read") from None
    except UnicodeDecodeError as error:
        raise SourceError(f"{path.name}: not UTF-8 (byte {error.start}); save it as UTF-8") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        # A ValueError is a date of no calendar, as in "from: 2020-02-30".
        raise SourceError(f"{path.name}: not YAML: {' '.join(str(error).split())}") from None


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _show(row: Any) -> str:
    text = repr(row)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _names(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(n, str) and n.strip() for n in value):
        # `NO` and `On` are truth values in YAML: say so where it bites.
        raise SourceError(f"{where}: names must be a list of words (quote yes, no, on, off): {_show(value)}")
    return tuple(n.strip() for n in value)


def _role(row: Any, where: str) -> Role:
    if not isinstance(row, dict) or set(row) - ROLE_KEYS:
        raise SourceError(f"{where}: a role has {', '.join(sorted(ROLE_KEYS))}: {_show(row)}")
    return Role(
        _text(row.get("title")),
        _text(row.get("sector")),
        _text(row.get("from")),
        _text(row.get("to")),
        _text(row.get("country")),
    )


def _list(row: dict[str, Any], key: str, where: str) -> list[Any]:
    found = row.get(key) or []
    if not isinstance(found, list):
        raise SourceError(f"{where}: {key} must be a list: {_show(found)}")
    return found


def _body(kind: str, row: Any, country: str | None, file: str) -> Row:
    if not isinstance(row, dict) or set(row) - ROW_KEYS:
        raise SourceError(f"{file}: a {kind} has {', '.join(sorted(ROW_KEYS))}: {_show(row)}")
    names = _names(row.get("names"), f"{file}: {kind}")
    where = f"{file}: {names[0]}"
    sector = _text(row.get("sector")) or ("PTY" if kind == "party" else None)
    if row.get("roles"):
        roles = tuple(_role(r, where) for r in _list(row, "roles", where))
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
        raise SourceError(f"{file}: a person has {', '.join(sorted(PERSON_KEYS))}: {_show(row)}")
    where = f"{file}: {row['name']}"
    names = _names([row["name"], *_list(row, "aliases", where)], where)
    roles = tuple(_role(r, where) for r in _list(row, "roles", where))
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


def own_rows(path: Path) -> list[Row]:
    """The rows of a user's own file: a list, each row a person or a body with its country (``docs/actors.md``).

    Raises SourceError, with the file and the row, at the first that does not keep to the format.
    """
    data = load_yaml(path)
    if not isinstance(data, list):
        raise SourceError(f"{path.name}: must be a list of rows, each beginning with '- name:' or '- names:'")
    return [_own(row, f"{path.name}, row {number}") for number, row in enumerate(data, 1)]


def _own(row: Any, file: str) -> Row:
    if not isinstance(row, dict):
        raise SourceError(f"{file}: must begin with 'name:' (a person) or 'names:' (a body): {_show(row)}")
    if "accept" in row:
        raise SourceError(
            f"{file}: is a proposal; set accept to true where it is right, then: "
            "dragoman actors import FILE --from proposals --out my-actors.yaml"
        )
    kind = row.get("kind", "person" if "name" in row else "body")
    if kind not in OWN_KINDS:
        raise SourceError(f"{file}: kind {_show(kind)} is none of {', '.join(OWN_KINDS)}")
    plain = {k: v for k, v in row.items() if k != "kind"}
    return _person(plain, None, file) if kind == "person" else _body(kind, plain, None, file)
