"""How other data sets write what the codebook has codes for: states, and CAMEO codes with their scores.

Facts from published lists, in the two tables beside this file, which name their sources. What a table leaves empty is
unknown, or not there in the other data set.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from dragoman import codebook


@dataclass(frozen=True, slots=True)
class State:
    """A state's codes and names elsewhere; empty strings where there are none."""

    iso: str = ""
    fips: str = ""
    cow: str = ""
    cameo: str = ""
    icews: str = ""
    acled: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """A CAMEO code: its name and Goldstein score, None where none is on record."""

    name: str
    score: float | None


@lru_cache(maxsize=1)
def states() -> dict[str, State]:
    """What is known of each state, by the codebook's code."""
    made = {}
    for code, iso, fips, cow, cameo, icews, acled, region in _rows("countries.tsv"):
        name = codebook.COUNTRIES[code].name
        made[code] = State(iso, fips, cow, cameo or code, icews or name, acled or name, region)
    return made


def state(code: str | None) -> State:
    """What is known of the state with a code of the codebook; nothing for None and for what is no state."""
    return states().get(code or "", State())


@lru_cache(maxsize=1)
def acts() -> dict[str, Act]:
    """The CAMEO codes that types and modes of the codebook lead to."""
    return {code: Act(name, float(score) if score else None) for code, score, name in _rows("cameo.tsv")}


def cameo_of(type: str, modes: tuple[str, ...]) -> str:
    """The CAMEO code of a type with the first of its modes, by the codebook's crosswalk."""
    return codebook.to_cameo(type, modes[0] if modes else None)


def _rows(name: str) -> Iterator[list[str]]:
    text = files("dragoman.export.ledger").joinpath(name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            yield line.split("\t")
