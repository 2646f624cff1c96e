"""Fit the scores by which assembly casts, keeps, merges and weighs: ``python -m training.assembly --work FOLDER``.

Each whole text of the training side is read with the model of its fold, which has not seen it, and each text of the
corpus' own test split with the model that ships. ``--check`` fits on three folds and codes the public reports of the
fourth, in turn: the figures that decide what is built. Without it the scores that ship are fitted on everything.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from dragoman import evaluation, language
from dragoman.assembly import casting, keep, merging, options, records
from dragoman.assembly.drafts import ROLES, Draft, cast, date, place, sites, unnamed
from dragoman.assembly.records import Prepared
from dragoman.assembly.scorer import Scorer
from dragoman.assembly.scores import NAMES, Scores
from dragoman.extraction.combined import CombinedExtractor
from dragoman.extraction.neural import Model, NeuralExtractor
from dragoman.record import Entity, Event, EventPlace
from training import data
from training.small import Floats, Recipe, fit
from training.train import FOLDS, Work

WEIGHTS = {"public": 2.0, "article": 1.0, "report": 0.6, "passage": 0.4}
# What a record counts in fitting confidence, which is for reports like the public ones: ours are easier.
SURE = {"public": 6.0, "article": 1.0, "report": 0.4, "passage": 0.1}
# Fewer seeds let a figure of --check move by .015 from nothing but chance.
CAST = Recipe(hidden=48, seeds=6, epochs=50, drop=0.3, decay=0.3)
KEEP = Recipe(hidden=12, seeds=10, epochs=40)
SAME = Recipe(hidden=8, seeds=8, epochs=40)
SITE = Recipe(hidden=12, seeds=8, epochs=60)
EVENT = Recipe(hidden=6, seeds=12, epochs=60, decay=0.1)


@dataclass(slots=True)
class Told:
    """A text with its gold records and what the extractor makes of it; ``fold`` is None on the test split."""

    coded: data.Coded
    fold: int | None
    prepared: Prepared
    of: list[int | None] = field(default_factory=list)

    def fresh(self) -> list[Draft]:
        """The drafts as they were before anything was decided."""
        return [replace(d, reasons=list(d.reasons)) for d in self.prepared.drafts]

    @property
    def sentences(self) -> int:
        """How many sentences the text has."""
        return len(self.prepared.document.sentences)


def gather(work: Path, reports: Path | None, lenient: bool) -> list[Told]:
    """All texts that a model has not seen, read by it."""
    documents = list(data.own(lenient=lenient)) + (list(data.public(reports)) if reports else [])
    numbers: dict[str, int] = {}
    for origin in ("public", "article", "report"):
        numbers |= data.folds([c.document.id for c in documents if (c.origin, c.side) == (origin, "train")], FOLDS)
    found = []
    for fold in (None, *range(FOLDS)):
        folder = Work(work).model(fold)
        if not (folder / "told.json").is_file():
            print(f"left out: {folder} is not trained yet", file=sys.stderr, flush=True)
            continue
        model = Model(folder)
        extractor = CombinedExtractor(neural=NeuralExtractor(model))
        for coded in documents:
            if (coded.side == "held-out") if fold is None else (numbers.get(coded.document.id) == fold):
                found.append(told(coded, fold, extractor))
        print(f"fold {fold}: {len(found)} texts", file=sys.stderr, flush=True)
    return found


def told(coded: data.Coded, fold: int | None, extractor: CombinedExtractor) -> Told:
    """One text, read."""
    parsed = language.parse(coded.document)
    row = Told(coded, fold, records.prepare(parsed, extractor.extract(parsed)))
    row.of = matched(row.prepared.drafts, coded.events)
    return row


def matched(drafts: Sequence[Draft], events: Sequence[Event]) -> list[int | None]:
    """The gold record that each draft tells of, None where there is none.

    By words in common with a mention's trigger; of a mention whose trigger no draft has, the likeliest draft of the
    type in its sentence.
    """
    found: list[int | None] = [None] * len(drafts)
    for number, event in enumerate(events):
        for m in event.mentions:
            here = [
                n
                for n, d in enumerate(drafts)
                if d.type == event.type
                and d.mention.trigger.start < m.trigger.end
                and d.mention.trigger.end > m.trigger.start
            ]
            if not here:
                here = [
                    n
                    for n, d in enumerate(drafts)
                    if d.type == event.type and m.start <= d.mention.trigger.start < m.end and found[n] is None
                ]
                here = sorted(here, key=lambda n: -(drafts[n].mention.probability or 0.0))[:1]
            for n in here:
                if found[n] is None or _nearer(drafts[n], event, events[found[n] or 0]):
                    found[n] = number
    return found


def _nearer(draft: Draft, a: Event, b: Event) -> bool:
    """Whether of two records told by the same words ``a`` has more parties in the draft's sentence."""

    def near(event: Event) -> int:
        s = draft.mention.sentence
        return sum(s.start <= e.start < s.end for e in (*event.actor, *event.recipient))

    return near(a) > near(b)


def cast_rows(row: Told) -> Iterator[tuple[tuple[float, ...], list[float]]]:
    """Features and answers of the candidates of what is an event."""
    for draft, number in zip(row.prepared.drafts, row.of, strict=True):
        if number is None:
            continue
        event = row.coded.events[number]
        for candidate in draft.rows:
            answers = []
            for role in ROLES:
                wanted = event.attribution if role == "source" else getattr(event, role)
                keys = {unnamed(r.key, draft.type, role) for r in draft.rows}
                key = unnamed(candidate.key, draft.type, role)
                answers.append(float(any(_is(e, key, candidate, keys) for e in wanted)))
            yield candidate.features, answers


def _is(entity: Entity, key: casting.Key, row: casting.Row, keys: set[casting.Key]) -> bool:
    """Whether a candidate is who gold means: by its codes, or by its words where no candidate has these codes."""
    codes = (entity.country, entity.sector or "UNK")
    if codes in keys:
        return codes == key
    return any(p.entity.start < entity.end and entity.start < p.entity.end for p in row.phrases[:1])


def weights(rows: Sequence[Told], counts: Sequence[int], by_origin: Mapping[str, float] = WEIGHTS) -> Floats:
    """What each answer counts, by where its text comes from."""
    return np.concatenate([np.full(n, by_origin[r.coded.origin]) for r, n in zip(rows, counts, strict=True)])


def fit_cast(rows: Sequence[Told], threshold: float) -> dict[str, Any]:
    """Who takes part."""
    found = [list(cast_rows(r)) for r in rows]
    x = np.array([f for r in found for f, _ in r])
    y = np.array([a for r in found for _, a in r])
    return fit(casting.FEATURES, ROLES, x, y, weights(rows, [len(r) for r in found]), CAST, {"source": threshold})


def fit_date(rows: Sequence[Told], threshold: float) -> dict[str, Any]:
    """Which of the dates near it is an event's own."""
    x, y, counts = [], [], []
    for r in rows:
        some = [(d, r.coded.events[n]) for d, n in zip(r.prepared.drafts, r.of, strict=True) if n is not None]
        x += [o.features for d, _ in some for o in d.dates]
        y += [[float(o.value == e.date)] for d, e in some for o in d.dates]
        counts.append(sum(len(d.dates) for d, _ in some))
    return fit(
        options.DATE_FEATURES, ["date"], np.array(x), np.array(y), weights(rows, counts), SITE, {"date": threshold}
    )


def fit_place(rows: Sequence[Told], drafts: Sequence[list[Draft]], threshold: float) -> dict[str, Any]:
    """Which of the places near it is an event's own: gold's is right, another of its country nearly."""
    x, y, counts = [], [], []
    for r, ds in zip(rows, drafts, strict=True):
        count = 0
        for d, n in zip(ds, r.of, strict=True):
            if n is None:
                continue
            gold = r.coded.events[n].place
            for o in sites(r.prepared.document, d, r.prepared.where):
                assert isinstance(o.value, EventPlace)
                alike = gold is not None and (o.value.text in gold.text or gold.text in o.value.text)
                x.append(o.features)
                y.append([1.0 if alike else 0.6 * float(gold is not None and o.value.country == gold.country)])
                count += 1
        counts.append(count)
    return fit(
        options.PLACE_FEATURES, ["place"], np.array(x), np.array(y), weights(rows, counts), SITE, {"place": threshold}
    )


def fit_keep(rows: Sequence[Told], drafts: Sequence[list[Draft]]) -> dict[str, Any]:
    """Which mentions tell an event."""
    x = [keep.rows(d, r.sentences) for r, d in zip(rows, drafts, strict=True)]
    y = [[float(n is not None)] for r in rows for n in r.of]
    flat = np.array([f for r in x for f in r])
    return fit(keep.FEATURES, ["keep"], flat, np.array(y), weights(rows, [len(r) for r in x]), KEEP, {})


def fit_same(rows: Sequence[Told], drafts: Sequence[list[Draft]], threshold: float) -> dict[str, Any]:
    """Which mentions tell one event."""
    x, y, counts = [], [], []
    for r, ds in zip(rows, drafts, strict=True):
        of = {id(d): n for d, n in zip(ds, r.of, strict=True)}
        sure = [d for d in ds if of[id(d)] is not None]
        wanted = merging.pairs(sure)
        x += [merging.features(sure[i], sure[j]) for i, j in wanted]
        y += [[float(of[id(sure[i])] == of[id(sure[j])])] for i, j in wanted]
        counts.append(len(wanted))
    return fit(merging.FEATURES, ["same"], np.array(x), np.array(y), weights(rows, counts), SAME, {"same": threshold})


def fit_event(rows: Sequence[Told], drafts: Sequence[list[Draft]], scores: Scores, threshold: float) -> dict[str, Any]:
    """How sure a record is: whether gold has one of its type there that no likelier record has taken."""
    x, y, counts = [], [], []
    for r, ds in zip(rows, drafts, strict=True):
        groups = records.group(ds, r.sentences, scores)
        joined = records.settle(groups, scores)
        x += records.rows(groups, joined, r.sentences)
        told = [records.record(d, d.score, "") for d in joined]
        y += [[float(hit)] for hit in evaluation.hits(r.coded.events, told)]
        counts.append(len(joined))
    return fit(
        records.FEATURES, ["event"], np.array(x), np.array(y), weights(rows, counts, SURE), EVENT, {"event": threshold}
    )


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where each score counts; set by ``--check`` on the public reports."""

    date: float = 0.4
    place: float = 0.4
    source: float = 0.42
    same: float = 0.4
    event: float = 0.36


def learn(rows: Sequence[Told], at: Thresholds) -> dict[str, dict[str, Any]]:
    """All scores, each fitted on what the earlier ones make of the texts."""
    torch.set_num_threads(1)
    found: dict[str, dict[str, Any]] = {}
    found["date"] = fit_date(rows, at.date)
    found["cast"] = fit_cast(rows, at.source)
    drafts = [r.fresh() for r in rows]
    for r, ds in zip(rows, drafts, strict=True):
        date(ds, Scorer(found["date"]), r.prepared.dates)
        cast(ds, Scorer(found["cast"]))
    found["place"] = fit_place(rows, drafts, at.place)
    for r, ds in zip(rows, drafts, strict=True):
        place(r.prepared.document, ds, Scorer(found["place"]), r.prepared.where)
    found["keep"] = fit_keep(rows, drafts)
    scorer = Scorer(found["keep"])
    for r, ds in zip(rows, drafts, strict=True):
        keep.sort_out(ds, r.sentences, scorer)
    found["same"] = fit_same(rows, drafts, at.same)
    scores = made({**found, "event": found["same"]})
    found["event"] = fit_event(rows, drafts, scores, at.event)
    return found


def made(found: dict[str, dict[str, Any]]) -> Scores:
    """The scores of a fit."""
    return Scores(*(Scorer(found[n]) for n in NAMES))


def weighed(row: Told, scores: Scores) -> list[tuple[Event, float]]:
    """All that may be events of one text, with the confidence in each."""
    prepared = replace(row.prepared, drafts=row.fresh())
    return [(records.record(d, p, row.coded.document.id), p) for d, p in records.weigh_drafts(prepared, scores)]


def check(rows: Sequence[Told], at: Thresholds) -> None:
    """Cross-validated figures over the public reports, and the calibration of the confidence."""
    found: list[tuple[Told, list[tuple[Event, float]]]] = []
    for fold in sorted({r.fold for r in rows if r.fold is not None}):
        scores = made(learn([r for r in rows if r.fold != fold], at))
        found += [(r, weighed(r, scores)) for r in rows if r.fold == fold and r.coded.origin in ("public", "article")]
    for origin in ("public", "article"):
        some = [(r, w) for r, w in found if r.coded.origin == origin]
        if not some:
            continue
        gold = {r.coded.document.id: list(r.coded.events) for r, _ in some}
        for least in (0.25, 0.3, 0.35, 0.4, 0.45, 0.5):
            kept = {r.coded.document.id: [e for e, p in w if p >= least] for r, w in some}
            result = evaluation.evaluate(gold, kept)
            levels = " ".join(f"{n} {s.precision:.3f}/{s.recall:.3f}/{s.f1:.3f}" for n, s in result.levels.items())
            print(f"{origin} at {least}: {levels}")
            if least == 0.4:
                print("  " + " ".join(f"{n} {h / max(1, k):.3f}" for n, (h, k) in result.attributes.items()))
        sure = [(p, ok) for r, w in some for (e, p), ok in zip(w, _right(r, w), strict=True)]
        kept_sure = [row for row in sure if row[0] >= at.event]
        error, of_kept = evaluation.calibration_error(sure), evaluation.calibration_error(kept_sure)
        print(f"{origin} calibration error {error:.3f}, of what is kept {of_kept:.3f}")


def _right(row: Told, found: Sequence[tuple[Event, float]]) -> list[bool]:
    return evaluation.hits(row.coded.events, [e for e, _ in found])


def main(argv: Sequence[str] | None = None) -> int:
    """The command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m training.assembly", description=__doc__.split(":")[0])
    parser.add_argument("--work", type=Path, default=Path("build/training"), help="what training.train left")
    parser.add_argument("--reports", type=Path, help="folder with the texts of the public-domain reports")
    parser.add_argument("--check", action="store_true", help="cross-validate; write nothing")
    parser.add_argument("--out", type=Path, default=Path("src/dragoman/assembly/scores"), help="where the scores go")
    parser.add_argument("--lenient", action="store_true", help="leave out items of the corpus that have problems")
    options = parser.parse_args(argv)
    rows = gather(options.work, options.reports, options.lenient)
    if options.check:
        check(rows, Thresholds())
        return 0
    options.out.mkdir(parents=True, exist_ok=True)
    for name, row in learn(rows, Thresholds()).items():
        lines = ",\n".join(f" {json.dumps(k)}: {json.dumps(v)}" for k, v in row.items())
        (options.out / f"{name}.json").write_text("{\n" + lines + "\n}\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
