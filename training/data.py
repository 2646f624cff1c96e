"""The documents that a model learns from, with their records and the side on which each stands.

Ours come from ``training/corpus``; public-domain reports join them where the user has their texts (see
``training/corpus/README.md``). A fifth of these reports, by a hash of the id, is held out for choosing epochs and
thresholds, as is the corpus' own test split. What the project is measured with never comes here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dragoman.record import Document, Event
from training.corpus import standoff
from training.corpus.items import read_all
from training.corpus.load import repeated, sources, splits
from training.corpus.records import build

Side = Literal["train", "held-out"]
# One report in this many is held out.
HELD_OUT_ONE_IN = 5


@dataclass(frozen=True, slots=True)
class Coded:
    """A document with its records; ``origin`` is passage, report, article or public."""

    document: Document
    events: tuple[Event, ...]
    origin: str
    side: Side


def own(paths: Sequence[Path] | None = None, *, lenient: bool = False) -> Iterator[Coded]:
    """The corpus' documents.

    Raises:
        ValueError: at the first problem; where ``lenient``, items with a problem are left out instead.
    """
    items, problems = read_all(sources() if paths is None else paths)
    problems += repeated(items)
    wrong = {p.id for p in problems}
    if problems and not lenient:
        raise ValueError(f"{len(problems)} problems in the corpus, the first: {problems[0]}")
    items = [i for i in items if i.id not in wrong]
    sides = splits(items)
    for item in items:
        built = build(item)
        faults = [p for p in built.problems if not p.note]
        if faults and not lenient:
            raise ValueError(str(faults[0]))
        if not faults:
            side: Side = "held-out" if sides[item.id] == "test" else "train"
            yield Coded(built.document, built.events, item.kind, side)


def held_out(ids: Sequence[str], one_in: int = HELD_OUT_ONE_IN) -> frozenset[str]:
    """The reports held out: those whose hashes come first."""
    ranked = sorted(ids, key=lambda i: hashlib.sha256(i.encode()).hexdigest())
    return frozenset(ranked[: len(ranked) // one_in])


def public(texts: Path, rows: Path = standoff.FILE) -> Iterator[Coded]:
    """The public-domain reports whose texts the folder ``texts`` holds."""
    found = standoff.join(standoff.read(rows), standoff.read_texts(texts)).rows
    kept = held_out([r["id"] for r in found])
    for row in found:
        document = Document(row["text"], row["published"], row["id"])
        events = tuple(Event.from_dict(e) for e in row["events"])
        yield Coded(document, events, "public", "held-out" if row["id"] in kept else "train")
