"""Coded records against gold records, end to end: ``python -m benchmarks.gold FOLDER``.

``FOLDER`` holds gold documents, one JSON file each, with ``id``, ``text``, ``published`` and ``events``.
The last line printed is JSON:

- the five levels ``located`` to ``country`` of ``dragoman.evaluation``, each with precision, recall, F1,
  the counts behind them and the 95 % bootstrap interval of F1 over documents;
- ``attributes``: accuracies over the pairs matched at ``typed``;
- ``roles``: over the same pairs, how often actors and recipients agree by country and sector, and by
  country alone (at least half of the union is shared, or both are empty);
- ``calibration``: how far the confidence of records lies from the share that match at ``typed``, by tenths, over the
  records that are ``kept`` by default and over ``all`` that the coder thinks of;
- ``types``: precision, recall and F1 at ``typed`` for each type that the gold or the coder gives.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dragoman.codebook import TYPES
from dragoman.engines import Coded
from dragoman.evaluation import LEVELS, calibration_error, code_gold, evaluate, hits, match, read_gold
from dragoman.record import Entity, Event

Figures = dict[str, Any]


def measure(folder: Path) -> Figures:
    """Code the documents of a gold folder and score them.

    Raises ValueError where the folder is no gold, or a document of it was refused.
    """
    gold = read_gold(folder)
    coded = code(folder)
    if uncoded := sorted(set(gold) - set(coded)):
        raise ValueError(f"gold documents were not coded: {', '.join(uncoded)}")
    figures = evaluate(gold, coded).to_dict()
    figures["roles"] = roles(gold, coded)
    figures["types"] = by_type(gold, coded)
    figures["calibration"] = {"kept": calibration(gold, coded), "all": calibration(gold, code(folder, 0.0))}
    return figures


def code(folder: Path, min_confidence: float | None = None) -> dict[str, list[Event]]:
    """The records of each document of a folder.

    Raises ValueError where one was refused.
    """
    coded: dict[str, list[Event]] = {}
    for outcome in code_gold(folder, min_confidence=min_confidence):
        if not isinstance(outcome, Coded):
            raise ValueError(f"a gold document was not coded: {outcome}")
        coded[outcome.coded.id] = list(outcome.coded.events)
    return coded


def calibration(gold: Mapping[str, Sequence[Event]], coded: Mapping[str, Sequence[Event]]) -> Figures:
    """How far confidence and the share of right records lie apart, and of how many records."""
    answers = [
        (event.confidence or 0.0, right)
        for document, events in gold.items()
        for event, right in zip(coded.get(document, ()), hits(events, coded.get(document, ())), strict=True)
    ]
    return {"error": calibration_error(answers), "n": len(answers)}


def f1(hits: int, predicted: int, gold: int) -> Figures:
    """Precision, recall and F1 with their counts; what has no denominator is 0."""
    return {
        "precision": hits / predicted if predicted else 0.0,
        "recall": hits / gold if gold else 0.0,
        "f1": 2 * hits / (predicted + gold) if predicted + gold else 0.0,
        "hits": hits,
        "predicted": predicted,
        "gold": gold,
    }


def by_type(gold: Mapping[str, Sequence[Event]], coded: Mapping[str, Sequence[Event]]) -> Figures:
    """Scores at ``typed`` for each type, in the codebook's order."""
    hits: Counter[str] = Counter()
    for document, events in gold.items():
        hits.update(g.type for g, _ in match(list(events), list(coded.get(document, ()))))
    wanted = Counter(e.type for events in gold.values() for e in events)
    given = Counter(e.type for events in coded.values() for e in events)
    return {t: f1(hits[t], given[t], wanted[t]) for t in TYPES if given[t] or wanted[t]}


def agree(gold: Sequence[Entity], coded: Sequence[Entity], sector: bool) -> bool:
    """Whether two lists of entities share at least half of their union of codes, or are both empty."""

    def codes(entities: Sequence[Entity]) -> set[tuple[str, str]]:
        return {(e.country or "---", (e.sector or "UNK") if sector else "") for e in entities}

    a, b = codes(gold), codes(coded)
    return 2 * len(a & b) >= len(a | b)


def roles(gold: Mapping[str, Sequence[Event]], coded: Mapping[str, Sequence[Event]]) -> Figures:
    """How often the parties of matched events agree, and of how many."""
    right: Counter[str] = Counter()
    pairs = 0
    for document, events in gold.items():
        for g, p in match(list(events), list(coded.get(document, ()))):
            pairs += 1
            for role, a, b in (("actor", g.actor, p.actor), ("recipient", g.recipient, p.recipient)):
                right[role] += agree(a, b, sector=True)
                right[f"{role}_country"] += agree(a, b, sector=False)
    names = ("actor", "actor_country", "recipient", "recipient_country")
    return {name: {"accuracy": right[name] / pairs if pairs else 0.0, "n": pairs} for name in names}


def rounded(value: Any) -> Any:
    """The figures with every fraction at four digits."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, Mapping):
        return {k: rounded(v) for k, v in value.items()}
    return [rounded(v) for v in value] if isinstance(value, list | tuple) else value


def main(argv: Sequence[str] | None = None) -> None:
    """Score the folder, print a table for people and the figures as JSON on the last line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gold", description="Score Dragoman against gold.")
    parser.add_argument("folder", type=Path, help="gold documents, one JSON file each")
    options = parser.parse_args(argv)
    try:
        figures = measure(options.folder)
    except ValueError as error:
        parser.error(str(error))
    for name, row in [*((level, figures[level]) for level in LEVELS), *figures["types"].items()]:
        print(
            f"{name:10s} P {row['precision']:.3f}  R {row['recall']:.3f}  F1 {row['f1']:.3f}"
            f"  ({row['hits']} of {row['predicted']} coded, {row['gold']} gold)"
        )
    for name, row in [*figures["attributes"].items(), *figures["roles"].items()]:
        print(f"{name:17s} {row['accuracy']:.3f}  (n {row['n']})")
    for name, row in figures["calibration"].items():
        print(f"calibration error, {name:4s} {row['error']:.3f}  (n {row['n']})")
    print(json.dumps(rounded(figures)))


if __name__ == "__main__":
    main()
