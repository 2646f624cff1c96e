"""What the model's numbers mean: labels, thresholds and paths, as training wrote them beside the weights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any, Self

from dragoman.codebook import MODES, SECTORS, TYPES
from dragoman.extraction.neural.features import Paths

ROLES = ("actor", "recipient", "source", "place", "time")
FACTUALITY = ("actual", "future", "hypothetical", "negated")


@dataclass(frozen=True, slots=True)
class Settings:
    """Labels in the order of the model's outputs, and the probabilities from which each counts.

    ``modes`` are written TYPE/mode. ``triggers`` has one threshold a type, ``roles`` one a role, ``mode`` one for all;
    ``gate`` has the weights by which ``gate.opens`` decides.
    """

    types: tuple[str, ...]
    modes: tuple[str, ...]
    paths: Paths
    triggers: Mapping[str, float]
    roles: Mapping[str, float]
    mode: float
    historical: float
    gate: Mapping[str, float]

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        return cls(
            types=tuple(row["types"]),
            modes=tuple(row["modes"]),
            paths=Paths(tuple(row["paths"])),
            triggers=dict(row["triggers"]),
            roles=dict(row["roles"]),
            mode=float(row["mode"]),
            historical=float(row["historical"]),
            gate=dict(row["gate"]),
        )

    @classmethod
    def read(cls, path: Traversable) -> Self:
        """The settings in a model's ``settings.json``."""
        return cls.from_dict(json.loads(path.read_text("utf-8")))

    def to_dict(self) -> dict[str, Any]:
        return {
            "types": list(self.types),
            "modes": list(self.modes),
            "triggers": {k: round(v, 3) for k, v in self.triggers.items()},
            "roles": {k: round(v, 3) for k, v in self.roles.items()},
            "mode": self.mode,
            "historical": self.historical,
            "gate": {k: round(v, 2) for k, v in sorted(self.gate.items())},
            "paths": list(self.paths.names),
        }


SECTOR_NAMES = tuple(SECTORS)


def labels() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """All types, and all modes as TYPE/mode, in the codebook's order."""
    types = tuple(TYPES)
    return types, tuple(f"{t}/{m}" for t in types for m in MODES[t])
