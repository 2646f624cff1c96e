"""Coded documents against gold: the levels and attributes of the codebook's scorer.

Five levels: ``located`` (an event where one is reported), ``typed`` (and of the same type), ``who`` (and the
same actors by country and sector), ``whowhom`` (and the same recipients) and ``country`` (as whowhom, by
country alone). A prediction matches one gold event at most. Two sets of entities are the same when they share
at least half of their union, or are both empty. Attributes are accuracies over pairs matched at ``typed``.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dragoman.engines import Outcome, code_all
from dragoman.reading import read
from dragoman.record import Entity, Event

LEVELS = ("located", "typed", "who", "whowhom", "country")
BOOTSTRAP_ROUNDS = 1000
Key = tuple[str, str] | str
Pair = tuple[Event, Event]


def _overlap(a: list[tuple[int, int]], b: list[tuple[int, int]]) -> bool:
    """Whether some span of each shares at least half of the shorter one."""
    for s, e in a:
        for t, f in b:
            common = min(e, f) - max(s, t)
            if common > 0 and common >= 0.5 * max(1, min(e - s, f - t)):
                return True
    return False


def _sentences(event: Event) -> list[tuple[int, int]]:
    return [(m.start, m.end) for m in event.mentions]


def _triggers(event: Event) -> list[tuple[int, int]]:
    return [(m.trigger.start, m.trigger.end) for m in event.mentions]


def _keys(entities: Iterable[Entity], sector: bool = True) -> set[Key]:
    return {(e.country or "---", e.sector or "UNK") if sector else e.country or "---" for e in entities}


def _same(a: set[Any], b: set[Any]) -> bool:
    return (not a and not b) or (bool(a | b) and 2 * len(a & b) >= len(a | b))


def _located(g: Event, p: Event) -> bool:
    return _overlap(_sentences(g), _sentences(p))


def _typed(g: Event, p: Event) -> bool:
    return g.type == p.type and _located(g, p)


def _who(g: Event, p: Event) -> bool:
    return _typed(g, p) and _same(_keys(g.actor), _keys(p.actor))


def _whowhom(g: Event, p: Event) -> bool:
    return _who(g, p) and _same(_keys(g.recipient), _keys(p.recipient))


def _country(g: Event, p: Event) -> bool:
    return (
        _typed(g, p)
        and _same(_keys(g.actor, False), _keys(p.actor, False))
        and _same(_keys(g.recipient, False), _keys(p.recipient, False))
    )


_TESTS: dict[str, Callable[[Event, Event], bool]] = {
    "located": _located,
    "typed": _typed,
    "who": _who,
    "whowhom": _whowhom,
    "country": _country,
}
_ATTRIBUTES: dict[str, Callable[[Event, Event], bool]] = {
    "mode": lambda g, p: _same(set(g.mode), set(p.mode)),
    "factuality": lambda g, p: g.factuality == p.factuality,
    "historical": lambda g, p: g.historical == p.historical,
    "date": lambda g, p: (g.date or None) == (p.date or None),
    "place": lambda g, p: (g.place.country if g.place else None) == (p.place.country if p.place else None),
    "attribution": lambda g, p: _same(_keys(g.attribution), _keys(p.attribution)),
}


def _likeness(g: Event, p: Event) -> float:
    score = 2.0 * (g.type == p.type) + 1.5 * _overlap(_triggers(g), _triggers(p))
    for a, b in ((_keys(g.actor), _keys(p.actor)), (_keys(g.recipient), _keys(p.recipient))):
        score += len(a & b) / len(a | b) if a | b else 1.0
    return score


def match(gold: list[Event], predicted: list[Event], level: str = "typed") -> list[Pair]:
    """One-to-one pairs that agree at a level, likest first."""
    test = _TESTS[level]
    rows = sorted(
        ((_likeness(g, p), -i, -j) for i, g in enumerate(gold) for j, p in enumerate(predicted) if test(g, p)),
        reverse=True,
    )
    taken_g: set[int] = set()
    taken_p: set[int] = set()
    pairs = []
    for _, i, j in rows:
        if i not in taken_g and j not in taken_p:
            taken_g.add(i)
            taken_p.add(j)
            pairs.append((gold[-i], predicted[-j]))
    return pairs


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1 with the counts behind them and a 95 % bootstrap interval over documents."""

    hits: int
    predicted: int
    gold: int
    interval: tuple[float, float] = (0.0, 0.0)

    @property
    def precision(self) -> float:
        return self.hits / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.hits / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        total = self.predicted + self.gold
        return 2 * self.hits / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Result:
    """Scores by level and attribute accuracies (right, of how many)."""

    documents: int
    levels: Mapping[str, Score]
    attributes: Mapping[str, tuple[int, int]]
    missing: tuple[str, ...] = field(default=())

    def to_dict(self) -> dict[str, Any]:
        """Plain figures, for JSON."""
        rows: dict[str, Any] = {"documents": self.documents}
        for level, s in self.levels.items():
            rows[level] = {"precision": s.precision, "recall": s.recall, "f1": s.f1, "hits": s.hits}
            rows[level] |= {"predicted": s.predicted, "gold": s.gold, "f1_95": list(s.interval)}
        rows["attributes"] = {k: {"accuracy": h / n if n else 0.0, "n": n} for k, (h, n) in self.attributes.items()}
        return rows

    def __str__(self) -> str:
        """The figures as the codebook's scorer prints them, for people."""
        lines = [f"{self.documents} documents"]
        for level, s in self.levels.items():
            low, high = s.interval
            lines.append(
                f"{level:9s} P {s.precision:.3f}  R {s.recall:.3f}  F1 {s.f1:.3f} [{low:.3f}, {high:.3f}]"
                f"  ({s.hits} of {s.predicted} predicted, {s.gold} gold)"
            )
        lines += [f"{k:11s} {h / n if n else 0.0:.3f}  (n {n})" for k, (h, n) in self.attributes.items()]
        return "\n".join(lines)


Records = Mapping[str, list[Event]]


def evaluate(gold: Records, predicted: Records) -> Result:
    """Score predicted records against gold, both by document id; a document not coded counts as empty."""
    rows: dict[str, list[tuple[int, int, int]]] = {level: [] for level in LEVELS}
    right = {name: [0, 0] for name in _ATTRIBUTES}
    for document, events in gold.items():
        guesses = predicted.get(document, [])
        for level in LEVELS:
            rows[level].append((len(match(events, guesses, level)), len(guesses), len(events)))
        for g, p in match(events, guesses):
            for name, test in _ATTRIBUTES.items():
                right[name][0] += test(g, p)
                right[name][1] += 1
    levels = {}
    for level, counts in rows.items():
        hits, guessed, wanted = (sum(r[k] for r in counts) for k in range(3))
        levels[level] = Score(hits, guessed, wanted, _interval(counts))
    missing = tuple(sorted(set(gold) - set(predicted)))
    return Result(len(gold), levels, {k: (h, n) for k, (h, n) in right.items()}, missing)


def _interval(rows: list[tuple[int, int, int]]) -> tuple[float, float]:
    rng = random.Random(0)
    draws = []
    for _ in range(BOOTSTRAP_ROUNDS if rows else 0):
        sample = [rows[rng.randrange(len(rows))] for _ in rows]
        hits, guessed, wanted = (sum(r[k] for r in sample) for k in range(3))
        draws.append(2 * hits / (guessed + wanted) if guessed + wanted else 0.0)
    draws.sort()
    return (draws[int(0.025 * len(draws))], draws[int(0.975 * len(draws))]) if draws else (0.0, 0.0)


def read_gold(folder: Path) -> dict[str, list[Event]]:
    """The records of a gold folder by document id; one document a JSON file.

    Raises:
        ValueError: when the folder holds no gold document, or one is not in the codebook's form; says which.
    """
    records = {}
    for path in _files(folder):
        try:
            row = json.loads(path.read_text("utf-8"))
            records[str(row["id"])] = [_event(e) for e in row["events"]]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ValueError(f"{path} is no gold document ({_wrong(error)})") from error
    if not records:
        raise ValueError(f"{folder} holds no gold documents (*.json with id, text, published, events)")
    return records


def read_predicted(path: Path) -> dict[str, list[Event]]:
    """The records of a JSON-lines file of coded documents, by document id; the last one of an id counts.

    Raises:
        ValueError: when a line is no coded document; says which.
    """
    records = {}
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not in UTF-8: give JSON lines of coded documents") from error
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            records[str(row["id"])] = [_event(e) for e in row["events"]]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ValueError(f"{path}, line {number}, is no coded document ({_wrong(error)})") from error
    return records


def hits(gold: Iterable[Event], predicted: Sequence[Event]) -> list[bool]:
    """Which records of one document match one of gold by type and place in the text, the surest served first."""
    left = list(gold)
    right = [False] * len(predicted)
    for n in sorted(range(len(predicted)), key=lambda n: -(predicted[n].confidence or 0.0)):
        if pairs := match(left, [predicted[n]]):
            right[n] = True
            left = [e for e in left if e is not pairs[0][0]]
    return right


def calibration_error(answers: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """The expected calibration error: how far confidence and the share of right answers lie apart, by tenths.

    Source: Naeini, Cooper and Hauskrecht (2015), Obtaining Well Calibrated Probabilities Using Bayesian Binning.

    Args:
        answers: for each answer its confidence from 0 to 1, and whether it is right.
        bins: into how many equal parts 0 to 1 is cut.
    """
    apart = [0.0] * bins
    for confidence, right in answers:
        apart[min(int(confidence * bins), bins - 1)] += confidence - right
    return sum(map(abs, apart)) / max(1, len(answers))


def code_gold(folder: Path, model: Path | None = None, min_confidence: float | None = None) -> Iterator[Outcome]:
    """The gold documents coded afresh, read as ``dragoman code`` reads them.

    Args:
        folder: where they lie.
        model: the folder of a model to code with, the shipped one by default.
        min_confidence: as for :class:`dragoman.Coder`.

    Raises:
        RuntimeError: when ``model`` is no model's folder.
    """
    return code_all(read(_files(folder)), model=model, min_confidence=min_confidence)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json"))


def _wrong(error: Exception) -> str:
    return f"it lacks {error}" if isinstance(error, KeyError) else str(error)


def _event(row: Mapping[str, Any]) -> Event:
    """An event of a file by any coder, which need not have what is not scored.

    A mention without a trigger gets an empty one, which overlaps with none; that is what its absence means.
    """
    row = {**row, "reasons": (), "id": ""}
    for role in ("actor", "recipient", "attribution"):
        row[role] = [{"text": "", "start": 0, "end": 0, **entity} for entity in row.get(role) or ()]
    if row.get("place"):
        row["place"] = {"text": "", **row["place"]}
    nowhere = {"start": 0, "end": 0}
    row["mentions"] = [{**m, "trigger": m.get("trigger") or nowhere} for m in row.get("mentions") or ()]
    return Event.from_dict(row)
