"""Reads the codebook's data files and checks them, so that a wrong file is an error and not a wrong code."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Generic, TypeVar, cast

import yaml

from .model import QUADS, Boundary, CameoCode, CodebookError, Context, Country, EventType, Mode, Quad, Sector

K = TypeVar("K")
V = TypeVar("V")

# The order of codebook section 3, which tables and listings keep.
TYPE_NAMES = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT",
    "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip

_CSafe = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Strict(_CSafe):  # type: ignore[misc, valid-type]
    """A YAML loader to which a key given twice is an error; PyYAML would keep the last and say nothing."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise CodebookError(f"{key!r} is given twice, line {key_node.start_mark.line + 1}")
            seen.add(key)
        return cast("dict[Hashable, Any]", super().construct_mapping(node, deep))


class Lazy(Mapping[K, V], Generic[K, V]):
    """A read-only mapping that loads its data when first asked for any of it."""

    def __init__(self, load: Callable[[], Mapping[K, V]]) -> None:
        self._load = load
        self._data: Mapping[K, V] | None = None

    def _ready(self) -> Mapping[K, V]:
        if self._data is None:
            self._data = self._load()
        return self._data

    def __getitem__(self, key: K) -> V:
        return self._ready()[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._ready())

    def __len__(self) -> int:
        return len(self._ready())

    def __contains__(self, key: object) -> bool:
        return key in self._ready()

    def __repr__(self) -> str:
        return repr(dict(self._ready()))


def parse(text: str, name: str) -> dict[str, Any]:
    """The mapping that a YAML text holds. Raises CodebookError, with ``name``, for anything else."""
    try:
        data = yaml.load(text, Loader=_Strict)
    except CodebookError as error:
        raise CodebookError(f"{name}: {error}") from None
    except yaml.YAMLError as error:
        raise CodebookError(f"{name} is no YAML: {error}") from error
    if not isinstance(data, dict):
        raise CodebookError(f"{name} holds no mapping")
    return data


def read(name: str) -> dict[str, Any]:
    """The mapping in one of the room's data files, by its path below this folder."""
    path = resources.files(__package__)
    for part in name.split("/"):
        path = path / part
    return parse(path.read_text("utf-8"), name)


def _text(row: Mapping[str, Any], key: str, where: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise CodebookError(f"{where}: {key} is missing or no text")
    return value.strip()


def _score(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise CodebookError(f"{where}: score is missing or no number")
    if not -10 <= value <= 10:
        raise CodebookError(f"{where}: score {value} is not between -10 and 10")
    return float(value)


def build_type(row: Mapping[str, Any], where: str) -> EventType:
    """An event type from its file's mapping. Raises CodebookError for a wrong or missing part."""
    name = _text(row, "name", where)
    if name not in TYPE_NAMES:
        raise CodebookError(f"{where}: {name} is none of the 16 types")
    unknown = set(row) - {"name", "quad", "score", "note", "definition", "boundaries", "modes", "examples"}
    if unknown:
        raise CodebookError(f"{where}: nothing is known of {', '.join(sorted(unknown))}")
    quad = row.get("quad")
    if not isinstance(quad, int) or quad not in QUADS:
        raise CodebookError(f"{where}: quad {quad!r} is none of 1 to 4")
    score = _score(row.get("score"), where)
    if (score > 0) != (quad in (1, 2)):
        raise CodebookError(f"{where}: score {score} has not the sign of {QUADS[quad]}")
    boundaries = []
    for entry in row.get("boundaries") or ():
        instead = entry.get("instead")
        if instead is not None and (instead not in TYPE_NAMES or instead == name):
            raise CodebookError(f"{where}: a boundary points to {instead!r}, which is no other type")
        boundaries.append(Boundary(_text(entry, "what", where), instead))
    modes = {}
    for mode, entry in (row.get("modes") or {}).items():
        at = f"{where}, mode {mode}"
        own = _score(entry["score"], at) if "score" in entry else None
        modes[str(mode)] = Mode(str(mode), name, _text(entry, "definition", at), own)
    return EventType(
        name=name,
        quad=cast(Quad, quad),
        score=score,
        definition=_text(row, "definition", where),
        boundaries=tuple(boundaries),
        modes=MappingProxyType(modes),
        examples=tuple(str(example) for example in row.get("examples") or ()),
        note=_text(row, "note", where) if "note" in row else None,
    )


@lru_cache(maxsize=1)
def load_types() -> Mapping[str, EventType]:
    """The 16 event types by name, in the codebook's order."""
    types = {}
    for name in TYPE_NAMES:
        where = f"types/{name.lower()}.yaml"
        made = build_type(read(where), where)
        if made.name != name:
            raise CodebookError(f"{where} is about {made.name}")
        types[name] = made
    return MappingProxyType(types)


def load_contexts() -> Mapping[str, Context]:
    """The contexts by name, in the codebook's order."""
    rows = read("contexts.yaml")
    return MappingProxyType({n: Context(n, _text(rows, n, "contexts.yaml")) for n in rows})


def load_sectors() -> Mapping[str, Sector]:
    """The sectors by code, in the codebook's order."""
    rows = read("sectors.yaml")
    made = {}
    for code, row in rows.items():
        where = f"sectors.yaml, {code}"
        made[code] = Sector(code, _text(row, "name", where), _text(row, "definition", where))
    return MappingProxyType(made)


def load_countries() -> Mapping[str, Country]:
    """States, dependencies and international codes by code."""
    return build_countries(read("countries.yaml"))


def build_countries(rows: Mapping[str, Any]) -> Mapping[str, Country]:
    """The countries from their file's mapping. Raises CodebookError for a bad or doubled code."""
    where = "countries.yaml"
    states = {code: Country(code, _text(rows["states"], code, where), "state") for code in rows["states"]}
    made = dict(states)

    def add(country: Country) -> None:
        if country.code in made:
            raise CodebookError(f"{where}: {country.code} is given twice")
        made[country.code] = country

    for code, row in rows["dependencies"].items():
        state = _text(row, "part_of", f"{where}, {code}")
        if state not in states:
            raise CodebookError(f"{where}: {code} is part of {state}, which is no state")
        add(Country(code, _text(row, "name", where), "dependency", state))
    for code, row in rows["international"].items():
        at = f"{where}, {code}"
        add(Country(code, _text(row, "name", at), "international", None, _text(row, "definition", at)))
    for code in made:
        if not (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()):
            raise CodebookError(f"{where}: {code!r} is no code of three capitals")
    return MappingProxyType(made)


def build_cameo(
    rows: Mapping[str, Any], types: Mapping[str, EventType], contexts: Mapping[str, Context]
) -> tuple[Mapping[str, CameoCode], Mapping[str, Mapping[str, str]]]:
    """The crosswalk from its file's mapping: CAMEO code -> meaning, and type -> mode -> best code.

    Raises CodebookError for a type, mode or context that the codebook lacks.
    """
    codes = {}
    for code, line in rows["codes"].items():
        where = f"cameo.yaml, {code}"
        left, _, right = str(line).partition("|")
        kind, *modes = left.split()
        about = right.split()
        if kind not in types:
            raise CodebookError(f"{where}: {kind} is none of the 16 types")
        for mode in modes:
            if mode not in types[kind].modes:
                raise CodebookError(f"{where}: {kind} has no mode {mode}")
        for context in about:
            if context not in contexts:
                raise CodebookError(f"{where}: {context} is no context")
        codes[str(code)] = CameoCode(str(code), kind, tuple(modes), tuple(about))
    for code, why in rows["none"].items():
        if code in codes:
            raise CodebookError(f"cameo.yaml: {code} both has a type and has none")
        codes[str(code)] = CameoCode(str(code), None, why=str(why))
    best = {}
    for kind, entries in rows["best"].items():
        for mode, code in entries.items():
            if mode and (kind not in types or mode not in types[kind].modes):
                raise CodebookError(f"cameo.yaml, best: {kind} has no mode {mode}")
            if code not in codes:
                raise CodebookError(f"cameo.yaml, best: {kind} {mode} leads to {code}, which is not listed")
        best[kind] = MappingProxyType(dict(entries))
    missing = [f"{t.name} {m}" for t in types.values() for m in ("", *t.modes) if m not in best.get(t.name, {})]
    if missing:
        raise CodebookError(f"cameo.yaml, best: no code for {', '.join(missing)}")
    return MappingProxyType(codes), MappingProxyType(best)
