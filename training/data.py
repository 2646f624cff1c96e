"""The documents that a model learns from, with their records and the side on which each stands.

Ours come from ``training/corpus``; public-domain reports join them where the user has their texts (see
``training/corpus/README.md``). The corpus' own test split is held out. Of whole texts on the other side, each belongs
to a fold by a hash of its id: models that have not seen a fold say what the shipped model's word on new text is worth.
What the project is measured with never comes here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from dragoman.learning.coded import Coded as Coded
from dragoman.learning.coded import Side
from dragoman.record import Document, Event
from training.corpus import standoff
from training.corpus.items import read_all
from training.corpus.load import repeated, sources, splits
from training.corpus.records import build


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


def folds(ids: Sequence[str], count: int) -> dict[str, int]:
    """A fold for each id, all of about one size: by the rank of their hashes."""
    ranked = sorted(ids, key=lambda i: hashlib.sha256(i.encode()).hexdigest())
    return {i: n % count for n, i in enumerate(ranked)}


def public(texts: Path, rows: Path = standoff.FILE) -> Iterator[Coded]:
    """The public-domain reports whose texts the folder ``texts`` holds."""
    for row in standoff.join(standoff.read(rows), standoff.read_texts(texts)).rows:
        document = Document(row["text"], row["published"], row["id"])
        yield Coded(document, tuple(Event.from_dict(e) for e in row["events"]), "public", "train")
