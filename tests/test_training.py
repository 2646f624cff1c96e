"""Training: what the network is asked, and that what ships computes the same as what was trained."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest

torch = pytest.importorskip("torch")
onnxruntime = pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")

from training import data, measure  # noqa: E402

from dragoman.extraction.neural import hints  # noqa: E402
from dragoman.extraction.neural.encoder import Encoder  # noqa: E402
from dragoman.extraction.neural.features import Paths  # noqa: E402
from dragoman.extraction.neural.heads import Heads  # noqa: E402
from dragoman.extraction.neural.settings import ROLES  # noqa: E402
from dragoman.extraction.neural.windows import Pieces, Window  # noqa: E402
from dragoman.learning import batches, examples, export, fit, model  # noqa: E402
from dragoman.learning.examples import TYPES, UNKNOWN  # noqa: E402
from dragoman.record import Document, Entity, Event, EventPlace, Mention, Span  # noqa: E402

TEXT = "Chad expelled two Libyan envoys on Monday. The expulsion angered Tripoli, a minister said."


def at(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


def entity(words: str, country: str) -> Entity:
    span = at(words)
    return Entity(words, span.start, span.end, country, "GOV")


EVENT = Event(
    type="SANCTION",
    mode=("expel",),
    actor=(entity("Chad", "TCD"),),
    recipient=(entity("two Libyan envoys", "LBY"),),
    date="2024-05-06",
    place=EventPlace("Chad", "TCD"),
    mentions=(Mention(0, 42, at("expelled")), Mention(43, len(TEXT), at("expulsion"))),
)
CODED = data.Coded(Document(TEXT, "2024-05-08", "x"), (EVENT,), "passage", "train")


@pytest.fixture(scope="module")
def sample() -> examples.Sample:
    from tokenizers import Tokenizer

    return examples.Reader(CODED).sample(Pieces(Tokenizer.from_str(export.tokenizer())))


@pytest.fixture(scope="module")
def network() -> model.Network:
    torch.manual_seed(1)
    found = model.Network(model.read_safetensors(model.start_folder() / "model.safetensors"), model.Shape(3))
    found.eval()
    return found


def test_triggers_are_asked_at_their_words(sample: examples.Sample) -> None:
    words = TEXT.replace(".", " .").replace(",", " ,").split()
    column = sample.triggers[:, TYPES.index("SANCTION")]
    assert [words[n] for n in np.flatnonzero(column == 1)] == ["expelled", "expulsion"]
    assert (sample.triggers == 1).sum() == 2


def test_roles_are_asked_where_they_are_known(sample: examples.Sample) -> None:
    first, second = sample.told
    words = TEXT.replace(".", " .").replace(",", " ,").split()
    roles = {
        role: {words[w] for w, y in zip(first.candidates, first.roles[:, n], strict=True) if y == 1}
        for n, role in enumerate(ROLES)
    }
    assert roles == {"actor": {"Chad"}, "recipient": {"envoys"}, "source": set(), "place": {"Chad"}, "time": {"Monday"}}
    assert (second.roles[:, ROLES.index("actor")] == UNKNOWN).all()
    assert (second.roles[:, ROLES.index("source")] == 0).all()


@pytest.mark.parametrize("limit", [4, 12, 200])
def test_windows_cover_a_sample_once(sample: examples.Sample, limit: int) -> None:
    found = batches.cuts(sample, limit, random.Random(limit))
    assert [c.start for c in found[1:]] == [c.end for c in found[:-1]]
    assert (found[0].start, found[-1].end) == (0, len(sample.pieces))


def test_a_batch_asks_as_much_as_its_windows(sample: examples.Sample) -> None:
    cut = batches.cuts(sample, 500)
    b = batches.collate(cut * 2, Paths(("nsubj",)), len(examples.MODES), {})
    assert len(b.told) == 4
    assert (b.triggers == 1).sum() == 4
    assert len(b.roles) == 2 * sum(len(t.candidates) for t in sample.told)
    assert int(b.word.max()) < len(b.row)


def test_the_graph_computes_what_was_trained(network: model.Network) -> None:
    ids = [101, 2023, 2003, 1037, 3231, 102]
    window = Window((), tuple(ids), tuple(range(1, 5)))
    with torch.no_grad():
        wanted = network.encoder(torch.tensor([ids]), torch.tensor([len(ids)]))[0, 1:5].numpy()
    wide = Encoder(export.graph(network).SerializeToString())(window)
    # The table of pieces is in 8 bits in this graph too.
    assert np.abs(wide - wanted).max() < 0.1
    small = Encoder(export.quantised(export.graph(network)))(window)
    likeness = (small * wanted).sum(1) / np.linalg.norm(small, axis=1) / np.linalg.norm(wanted, axis=1)
    assert likeness.min() > 0.95


def test_the_heads_compute_what_was_trained(network: model.Network) -> None:
    rng = np.random.default_rng(3)
    hidden = rng.normal(size=(5, model.WIDTH)).astype(np.float32)
    ids = np.array([[1, 2, 3], [4, 5, 0], [0, 0, 0], [3, 3, 1], [7, 7, 2]])
    told = rng.random((5, hints.WIDTH)).astype(np.float32)
    with torch.no_grad():
        words = network.words(torch.from_numpy(hidden), torch.from_numpy(ids), torch.from_numpy(told))
        triggers = torch.sigmoid(network.triggers(words)).numpy()
        modes, facts, background = network.status(words[:2], torch.tensor([3, 4]))
        index = torch.tensor
        pairs = network.pairs(
            words, index([1]), index([3]), index([0, 0]), index([2, 4]), index([1, 0]), index([5, 9]), index([3, 0])
        )
    ours = Heads({k: v.astype(np.float32) for k, v in export.heads(network).items()})
    seen = ours.words(hidden, ids, told)
    assert np.abs(ours.triggers(seen) - triggers).max() < 2e-3
    m, f, h = ours.status(seen[:2], np.array([3, 4]))
    assert np.abs(m - torch.sigmoid(modes).numpy()).max() < 2e-3
    assert np.abs(f - torch.softmax(facts, 1).numpy()).max() < 2e-3
    assert np.abs(h - torch.sigmoid(background).numpy()).max() < 2e-3
    event = ours.events(seen[[1]], np.array([3]))[0]
    q = ours.pairs(event, ours.candidates(seen[[2, 4]]), [1, 0], [5, 9], [3, 0])
    assert np.abs(q - torch.sigmoid(pairs).numpy()).max() < 2e-3


def test_thresholds_find_where_the_answers_part() -> None:
    scores = np.array([0.1, 0.2, 0.3, 0.7, 0.8, 0.9])
    answers = np.array([0, 0, 0, 1, 1, UNKNOWN], dtype=float)
    least, value = measure.best(scores, answers)
    assert 0.3 < least <= 0.7
    assert value == 1.0


def test_folds_part_the_texts_evenly_whatever_their_order() -> None:
    ids = [f"{n}" for n in range(31)]
    found = data.folds(ids, 3)
    assert sorted(Counter(found.values()).values()) == [10, 10, 11]
    assert found == data.folds(ids[::-1], 3)
    assert set(found) == set(ids)


def test_the_running_mean_is_swapped_in_and_out(network: model.Network) -> None:
    mean = fit.Mean(network, 0.5)
    start = network.trigger2.bias.detach().clone()
    with torch.no_grad():
        network.trigger2.bias += 1.0
    mean.update(network)
    mean.swap(network)
    middle = network.trigger2.bias.detach().clone()
    assert ((middle > start) & (middle < start + 1.0)).all()
    mean.swap(network)
    assert torch.allclose(network.trigger2.bias, start + 1.0)
    with torch.no_grad():
        network.trigger2.bias.copy_(start)


def test_training_learns_what_it_is_shown(sample: examples.Sample, network: model.Network) -> None:
    def wrong() -> float:
        return float(measure.score(network, [sample], paths, 192).triggers[0, TYPES.index("SANCTION")])

    paths = Paths(("nsubj", "dobj", "npadvmod"))
    before = wrong()
    losses: list[float] = []
    plan = fit.Plan(epochs=8, hidden=0.0, memory=0.0, warm_up=0.05)
    fit.train(network, [sample], paths, plan, lambda _, means: losses.append(means["trigger"]))
    assert losses[-1] < losses[0]
    assert wrong() > before
