"""Words around a name that show whether it is a place: the lists of ``data/words.txt``, all lower case."""

from __future__ import annotations

from importlib.resources import files


def _sections() -> dict[str, list[str]]:
    text = files("dragoman.places").joinpath("data/words.txt").read_text(encoding="utf-8")
    out: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith("["):
            lines = out.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            lines.append(line)
    return out


_LISTS = _sections()


def _set(section: str) -> frozenset[str]:
    return frozenset(word for line in _LISTS[section] for word in line.split())


PREPOSITIONS = _set("prepositions")
SURE_PREPOSITIONS = _set("sure_prepositions")
PLACE_NOUNS = _set("place_nouns")
TOWN_NOUNS = _set("town_nouns")
DIVISION_NOUNS = PLACE_NOUNS - TOWN_NOUNS - _set("facility_nouns")
DIRECTIONS = _set("directions")
NAME_NOUNS = _set("name_nouns")
PLACE_KEEPING = _set("place_keeping")
TITLES = _set("titles")
NAME_STARTS = _set("name_starts")
SPEECH = _set("speech")
STARTERS = _set("starters")
NEVER = _set("never")
FIRST_NAMES = _set("first_names")
ORGANISATIONS = tuple(tuple(line.split()) for line in _LISTS["organisations"])
