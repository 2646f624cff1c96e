"""Fit the score by which the ledger joins records: ``python -m training.joining [--check]``.

It learns from the stories of ``benchmarks/stories``, save those whose names begin with ``d-``, which are for
measuring: from their gold records, from the same made worse by chance, from what the coder makes of their reports (the
records that match a gold record), and from records of different stories that are made to meet (``training.rehearsal``).

``--check`` fits on four fifths of the stories and joins the rest, in turn, and prints pairwise and B-cubed F1: of the
stories as they are, all in one ledger, and of the same moved to one month and the same countries (``crowded``).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from benchmarks import joining, stories
from benchmarks.stories import Story

from dragoman import Coder, evaluation
from dragoman.assembly.scorer import Scorer
from dragoman.ledger.joining import Link, Profile, compare, contradiction, handles, profiles
from dragoman.ledger.joining.features import FEATURES, rows
from training import rehearsal
from training.small import Recipe, fit

OUT = Path("src/dragoman/ledger/joining/score.json")
FOLDS = 5
# Of pairwise F1 in --check: twice the units lose .006 of gold's, three quarters less decay and half as many more epochs
# .005 of coded ones'; with six seeds figures move by .005 from nothing but chance.
RECIPE = Recipe(hidden=6, seeds=8, epochs=40, decay=1.0)
# How many times the gold records are made worse, and with how many of other stories a record is made to meet. None made
# worse costs .02 crowded and coded; to meet 3 instead of 6 costs .03 crowded, 12 gain .01 there and cost gold .01.
NOISY, MET = 2, 8
# What a pair counts.
GOLD, WORSE, CODED, MEETING = 1.0, 0.5, 1.0, 0.5
# To where the crowded stories move.
CROWD, MONTH = ("UKR", "RUS", "POL", "BLR", "USA"), "2023-03"


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a story's report and the event that it tells, None where gold has none."""

    story: str
    event: str | None
    profile: Profile


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of records that may be one event: features, answers, weights, and the folds of their stories."""

    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    weight: npt.NDArray[np.float64]
    folds: npt.NDArray[np.int64]

    def without(self, fold: int | None) -> Pairs:
        """Those with no part in a fold; all for None."""
        kept = (self.folds != fold).all(1)
        return Pairs(self.x[kept], self.y[kept], self.weight[kept], self.folds[kept])


def fold(story: str) -> int:
    """The fold of a story, by a hash of its name."""
    return int(hashlib.sha256(story.encode()).hexdigest(), 16) % FOLDS


def gold(told: Iterable[Story]) -> list[Record]:
    """The records of the stories as they were written down."""
    found = []
    for story in told:
        for report in story.reports:
            made = profiles(report.document, [e for _, e in report.told])
            found += [Record(story.name, k, p) for (k, _), p in zip(report.told, made, strict=True)]
    return found


def coded(told: Iterable[Story], coder: Coder) -> list[Record]:
    """What the coder makes of the reports; the event is that of the gold record that one matches."""
    found = []
    for story in told:
        for report in story.reports:
            events = list(coder.code(report.document).events)
            keys = {id(e): k for k, e in report.told}
            of = {id(p): keys[id(g)] for g, p in evaluation.match([e for _, e in report.told], events)}
            made = profiles(report.document, events)
            found += [Record(story.name, of.get(id(e)), p) for e, p in zip(events, made, strict=True)]
    return found


def worse(records: Sequence[Record], seed: int) -> list[Record]:
    """The records as they may come out of a coder."""
    chance = random.Random(seed)
    return [replace(r, profile=rehearsal.noisy(r.profile, chance)) for r in records]


def crowded(records: Sequence[Record]) -> list[Record]:
    """The stories moved to one month and to the same countries."""
    by: dict[str, list[Record]] = defaultdict(list)
    for r in records:
        by[r.story].append(r)
    found = []
    for some in by.values():
        to = dict(zip(rehearsal.countries([r.profile for r in some]), CROWD, strict=False))
        first = min(r.profile.setting.published or "9" for r in some)
        later = rehearsal.months(MONTH) - rehearsal.months(first)
        found += [replace(r, profile=rehearsal.moved(r.profile, later, to)) for r in some]
    return found


def pairs(records: Sequence[Record], weight: float) -> Pairs:
    """The pairs that the ledger would compare, of records whose event is known."""
    known = [r for r in records if r.event is not None]
    return _pairs(
        [
            (a, b, a.profile, b.profile, float((a.story, a.event) == (b.story, b.event)))
            for a, b in ((known[i], known[j]) for i, j in joining.candidates([r.profile for r in known]))
        ],
        weight,
    )


def _pairs(found: Sequence[tuple[Record, Record, Profile, Profile, float]], weight: float) -> Pairs:
    return Pairs(
        np.concatenate([rows(p, [q]) for _, _, p, q, _ in found]),
        np.array([y for *_, y in found]),
        np.full(len(found), weight),
        np.array([(fold(a.story), fold(b.story)) for a, b, *_ in found]),
    )


def meeting(records: Sequence[Record], seed: int, weight: float) -> Pairs:
    """Records of different stories, one moved to where the other is, half of them to its very day."""
    chance = random.Random(seed)
    by: dict[str, list[Profile]] = defaultdict(list)
    kin: dict[tuple[str, bool], list[Record]] = defaultdict(list)
    for r in records:
        by[r.story].append(r.profile)
        kin[_kind(r)].append(r)
    among = {story: rehearsal.countries(some) for story, some in by.items()}
    found = []
    for a in records:
        others = [b for b in kin[_kind(a)] if b.story != a.story]
        met = 0
        for b in chance.sample(others, min(len(others), 4 * MET)):
            p, q = a.profile, b.profile
            later = rehearsal.months(p.setting.published or MONTH) - rehearsal.months(q.setting.published or MONTH)
            q = rehearsal.moved(q, later, dict(zip(among[b.story], among[a.story], strict=False)))
            if chance.random() < 0.5 and p.date and q.date and len(q.date) == 10:
                q = replace(q, date=p.date)
            if met < MET and contradiction(p, q) is None and _keys(p) & _keys(q):
                found.append((a, b, p, q, 0.0))
                met += 1
    return _pairs(found, weight)


def _kind(r: Record) -> tuple[str, bool]:
    return r.profile.type, r.profile.factuality == "negated"


def _keys(p: Profile) -> set[str]:
    return {h.key for h in handles(p)}


def learn(parts: Sequence[Pairs], without: int | None = None) -> dict[str, Any]:
    """The score, as :class:`dragoman.assembly.scorer.Scorer` reads it."""
    kept = [p.without(without) for p in parts]
    x, y, weight = (np.concatenate([getattr(p, n) for p in kept]) for n in ("x", "y", "weight"))
    return fit(FEATURES, ["same"], x, y[:, None], weight, RECIPE, {})


def calibration(scorers: Sequence[Scorer], natural: Sequence[Pairs]) -> tuple[float, float]:
    """Slope and shift of the log odds that make them true of pairs as they come, which those of a fold tell: the score
    has learned from many that were made to meet. By Newton's method."""
    found, answers = [], []
    for part in natural:
        for n, scorer in enumerate(scorers):
            here = (part.folds == n).all(1)
            found.append(np.clip(scorer(part.x[here])[:, 0], 1e-6, 1 - 1e-6))
            answers.append(part.y[here])
    p, y = np.concatenate(found), np.concatenate(answers)
    x = np.stack([np.log(p / (1 - p)), np.ones_like(p)], 1)
    by = np.array([1.0, 0.0])
    for _ in range(20):
        q = 1 / (1 + np.exp(-x @ by))
        by = by - np.linalg.solve((x * (q * (1 - q))[:, None]).T @ x, x.T @ (q - y))
    q = 1 / (1 + np.exp(-x @ by))
    shown = [f"{q[some].mean():.2f} {y[some].mean():.2f}" for some in _tenths(q)]
    print(f"calibration {by.round(3).tolist()}, probability and share by tenths: {', '.join(shown)}", file=sys.stderr)
    return float(by[0]), float(by[1])


def _tenths(q: npt.NDArray[np.float64]) -> list[npt.NDArray[np.int64]]:
    return np.array_split(np.argsort(q, kind="stable"), 10)


def calibrated(row: dict[str, Any], by: tuple[float, float]) -> dict[str, Any]:
    """A score with its log odds changed so."""
    slope, shift = by
    w2 = np.round(np.array(row["w2"]) * slope, 4).tolist()
    return {**row, "w2": w2, "b2": np.round(np.array(row["b2"]) * slope + shift, 4).tolist()}


def check(rows: Sequence[dict[str, Any]], settings: Mapping[str, Sequence[Record]]) -> None:
    """Cross-validated figures: each pair is weighed by a score that has not seen the pairs of one of its stories."""
    scorers = [Scorer(r) for r in rows]
    for name, records in settings.items():
        folds = {r.profile.setting.report: fold(r.story) for r in records}

        def compared(a: Profile, others: Sequence[Profile], folds: Mapping[str, int] = folds) -> list[Link | None]:
            of = [max(folds[a.setting.report], folds[b.setting.report]) for b in others]
            return [compare(a, [b], scorers[n])[0] for b, n in zip(others, of, strict=True)]

        events = joining.joined([r.profile for r in records], compared)
        mine = {n: e for e, members in enumerate(events) for n in members}
        told = [
            (r.profile.setting.report, (r.story, r.event), mine[n])
            for n, r in enumerate(records)
            if r.event is not None
        ]
        shown = [
            f"{way} {f['precision']:.3f} {f['recall']:.3f} F1 {f['f1']:.4f}"
            for way, f in stories.figures([told]).items()
        ]
        print(f"{name:14} {'   '.join(shown)}", flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """The command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m training.joining", description=__doc__.split(":")[0])
    parser.add_argument("--check", action="store_true", help="cross-validate; write nothing")
    parser.add_argument("--out", type=Path, default=OUT, help="the file to write")
    options = parser.parse_args(argv)
    told = [s for s in stories.read_all() if not stories.held_out(s)]
    plain, machine = gold(told), coded(told, Coder())
    natural = [pairs(plain, GOLD), pairs(machine, CODED)]
    parts = [
        *natural,
        *(pairs(worse(plain, n), WORSE) for n in range(NOISY)),
        meeting(plain, 0, MEETING),
        meeting(machine, 1, MEETING),
    ]
    print(f"{sum(len(p.y) for p in parts)} pairs, {sum(p.y.sum() for p in parts):.0f} of one event", file=sys.stderr)
    folded = [learn(parts, n) for n in range(FOLDS)]
    by = calibration([Scorer(r) for r in folded], natural)
    if options.check:
        settings = {"gold": plain, "coded": machine, "gold crowded": crowded(plain), "coded crowded": crowded(machine)}
        check([calibrated(r, by) for r in folded], settings)
    else:
        options.out.write_text(json.dumps(calibrated(learn(parts), by), separators=(",", ":")) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
