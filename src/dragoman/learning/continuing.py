"""The shipped model taught a user's own records, and what that has done to it: the work of ``dragoman train``."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch.nn import functional as F

from dragoman.coder import Coder
from dragoman.evaluation import Score, evaluate
from dragoman.extraction.neural import gate
from dragoman.extraction.neural.features import Paths
from dragoman.extraction.neural.settings import Settings
from dragoman.extraction.neural.windows import Pieces, tokenizer
from dragoman.learning import export, rebuild, reminders
from dragoman.learning.batches import batched, collate, cuts
from dragoman.learning.coded import Coded
from dragoman.learning.corpus import BadCorpus, own_types
from dragoman.learning.examples import MODES, UNKNOWN, Reader, Sample, samples
from dragoman.learning.fit import Plan, train
from dragoman.learning.model import Network
from dragoman.record import Event

# Low rates and small batches: a few documents must not undo what thousands have taught.
PLAN = Plan(epochs=1, pieces=512, encoder_rate=3e-5, head_rate=3e-4, weights={"reminder": 0.5})
# So many epochs at least, and more where these have fewer steps on the records: on a dozen reports more gained nothing.
EPOCHS, STEPS = 3, 12
# How far the weights go from those that ship to those learned. Half-way, fifteen short reports taught a type of one's
# own as well as the whole way, and on our own held-out texts average precision of words' types fell from .655 to .653
# (without reminders), where the whole way it fell to .639.
SHARE = 0.5
# Probability from which a type of the user's own counts for the model alone; there is no data to fit one on.
OWN_TYPE = 0.5
# By how much the gate is opened beyond what a sentence with an event needs.
_AJAR = 0.5
# The first fit of a new type's output: steps, their size, and what keeps weights small.
_FIRST_STEPS, _FIRST_RATE, _FIRST_DECAY = 200, 0.02, 3e-3
LEVELS = ("typed", "who", "whowhom")

Tell = Callable[[str, float], None]
"""Called with what is being done and the share of it that is done, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What a run has learned from and how the held-out documents are coded before and after it.

    ``own`` has how many records of each type of the user's own were learned from; ``before`` and ``after`` have scores
    by level, and under a type's name those of its records alone, at level typed.
    """

    learned: int
    held_out: int
    records: int
    own: Mapping[str, int]
    unseen: tuple[str, ...]
    epochs: int
    before: Mapping[str, Score]
    after: Mapping[str, Score]

    def to_dict(self) -> dict[str, Any]:
        """Plain figures, for JSON."""
        return {
            "documents": {"learned from": self.learned, "held out": self.held_out},
            "records": self.records,
            "own types": dict(self.own),
            "not learned": list(self.unseen),
            "epochs": self.epochs,
            "before": {name: _figures(s) for name, s in self.before.items()},
            "after": {name: _figures(s) for name, s in self.after.items()},
        }


def _figures(s: Score) -> dict[str, float]:
    found = {"precision": s.precision, "recall": s.recall, "f1": s.f1}
    return {**{k: round(v, 3) for k, v in found.items()}, "hits": s.hits, "predicted": s.predicted, "gold": s.gold}


def learn(documents: Sequence[Coded], out: Path, *, epochs: int | None = None, tell: Tell | None = None) -> Learned:
    """Teach the shipped model and write the model that comes of it, whole or not at all.

    The same documents in the same order give the same model on the same machine.

    Args:
        documents: those to learn from and those held out, by their ``side``.
        out: the model's folder, which must not exist or be empty.
        epochs: how often each document is learned from; by default as their number asks for.
        tell: is told how far the work is.

    Raises:
        BadCorpus: when there is no record to learn from, or no document to measure on.
        FileExistsError: when ``out`` holds anything.
        RuntimeError: when the shipped model is not installed.
    """
    tell = tell or (lambda what, share: None)
    shown = [d for d in documents if d.side == "train"]
    asked = [d for d in documents if d.side == "held-out"]
    if not any(d.events for d in shown):
        raise BadCorpus(["the documents to learn from have no records; give some that tell of events"])
    if not asked:
        raise BadCorpus(["there is no document to measure on; give more, or --test"])
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise FileExistsError(f"{out} is there already; name a new folder")
    own = own_types(shown)
    names = (*own, *(t for t in own_types(asked) if t not in own))
    before = figures(asked, Coder(), names, lambda share: tell("measuring before", share))
    with _whole(out) as folder:
        used = _teach(shown, own, folder, epochs, tell)
        after = figures(asked, Coder(model=folder), names, lambda share: tell("measuring after", share))
    events = [e.type for d in shown for e in d.events]
    return Learned(
        learned=len(shown),
        held_out=len(asked),
        records=len(events),
        own={name: events.count(name) for name in own},
        unseen=names[len(own) :],
        epochs=used,
        before=before,
        after=after,
    )


@contextmanager
def _whole(out: Path) -> Iterator[Path]:
    """A folder that takes the name ``out`` once all is well, and is gone otherwise."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as held:
        folder = Path(held) / "model"
        yield folder
        if out.is_dir():
            out.rmdir()
        folder.rename(out)


def _teach(shown: Sequence[Coded], own: tuple[str, ...], folder: Path, epochs: int | None, tell: Tell) -> int:
    """Write to ``folder`` the shipped model taught ``shown``; returns how many epochs it took."""
    start = Path(str(resources.files("dragoman.extraction.neural"))) / "model"
    old = Settings.read(start / "settings.json")
    types = (*old.types, *own)
    pieces = Pieces(tokenizer())
    rows, named = [], []
    for n, coded in enumerate(shown, 1):
        reader = Reader(coded, types)
        rows.append(reader.sample(pieces))
        words = [reader.words[t.word] for t in rows[-1].told]
        named += [(w.lemma.lower(), rows[-1].lemmas[w.sentence.index]) for w in words]
        tell("reading", n / len(shown))
    network = rebuild.network(start, old, own)
    known = len(old.types)
    others = samples(reminders.documents(), pieces, types)
    if own:
        begin(network, rows, old.paths, known)
    reminders.answer(network, others, old.paths, known)
    if own:
        begin(network, [*rows, *others], old.paths, known)
    if epochs is None:
        steps = sum(1 for _ in batched([c for s in rows for c in cuts(s, PLAN.window)], PLAN.pieces, None))
        epochs = max(EPOCHS, math.ceil(STEPS / max(1, steps)))
    before = {name: weight.detach().clone() for name, weight in network.named_parameters()}
    shuffled = reminders.beside(rows, others, epochs)
    train(network, shuffled, old.paths, PLAN, lambda *_: None, lambda share: tell("learning", share))
    with torch.no_grad():
        for name, weight in network.named_parameters():
            weight.lerp_(before[name], 1.0 - SHARE)
    triggers = {**old.triggers, **dict.fromkeys(own, OWN_TYPE)}
    export.write_weights(network, replace(old, types=types, triggers=triggers, gate=opened(old.gate, named)), folder)
    return epochs


def begin(network: Network, rows: Sequence[Sample], paths: Paths, known: int) -> None:
    """Fit the outputs of new types, those from number ``known`` on, afresh while all else stays: a start from which low
    rates get somewhere."""
    network.eval()
    seen, wanted = [], []
    with torch.no_grad():
        for group in batched([c for s in rows for c in cuts(s, PLAN.window)], 2048, None):
            b = collate(group, paths, len(MODES), {})
            words = network.words(network.encoder(b.pieces, b.lengths)[b.row, b.first], b.ids, b.hints)
            seen.append(F.relu(network.trigger1(words)))
            wanted.append(b.triggers[:, known:])
    x, y = torch.cat(seen), torch.cat(wanted)
    asked = (y != UNKNOWN).float()
    weight = torch.zeros(y.shape[1], x.shape[1], requires_grad=True)
    bias = torch.full((y.shape[1],), rebuild.RARE, requires_grad=True)
    optimiser = torch.optim.Adam([weight, bias], lr=_FIRST_RATE)
    for _ in range(_FIRST_STEPS):
        wrong = F.binary_cross_entropy_with_logits(x @ weight.T + bias, y.clamp(min=0).float(), reduction="none")
        loss = (wrong * asked).sum() / (1 + (y == 1).sum()) + _FIRST_DECAY * weight.pow(2).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    with torch.no_grad():
        network.trigger2.weight[known:] = weight
        network.trigger2.bias[known:] = bias


def opened(weights: Mapping[str, float], named: Sequence[tuple[str, set[str]]]) -> dict[str, float]:
    """The gate's weights, raised where it would keep shut what the user records.

    Args:
        weights: lemmas' weights, the start value under ``gate.START``.
        named: for each mention the lemma of its trigger and all lemmas of its sentence; the former is raised.
    """
    found = dict(weights)
    for lemma, sentence in named:
        score = found.get(gate.START, 0.0) + sum(found.get(x, 0.0) for x in sentence)
        if score < _AJAR and lemma in sentence:
            found[lemma] = found.get(lemma, 0.0) + _AJAR - score
    return found


def figures(
    documents: Sequence[Coded], coder: Coder, own: Sequence[str], tell: Callable[[float], None]
) -> dict[str, Score]:
    """The levels' scores of a coder, and by name the scores at level typed of the records of each type in ``own``."""
    gold = {d.document.id: list(d.events) for d in documents}
    found: dict[str, list[Event]] = {}
    for n, d in enumerate(documents, 1):
        found[d.document.id] = list(coder.code(d.document).events)
        tell(n / len(documents))
    levels = evaluate(gold, found).levels
    scores = {name: levels[name] for name in LEVELS}
    for name in own:
        some = [{id: [e for e in events if e.type == name] for id, events in rows.items()} for rows in (gold, found)]
        scores[name] = evaluate(*some).levels["typed"]
    return scores
