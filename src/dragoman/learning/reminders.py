"""Sentences of our own that ship with the lexicon, learned beside a user's records: a reminder of what else there is.

A dozen reports hold few words that name no event of a new type, and few events of the types that the model knows. On
our own held-out texts a type learned from fifteen reports was seen 63 times at probability .3 or more without reminders
and 10 times with them, and as often as before where it was meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch

from dragoman.extraction import lexicon
from dragoman.extraction.neural.features import Paths
from dragoman.extraction.neural.windows import MAX_PIECES
from dragoman.learning.batches import collate, cuts
from dragoman.learning.coded import Coded
from dragoman.learning.examples import MODES, UNKNOWN, Sample
from dragoman.learning.model import Network
from dragoman.record import Document

# One sentence in so many is taken: more changed nothing and took longer.
_EVERY = 6
# How many stand in one document.
_TOGETHER = 30
# From and below which probability the model's own word is taken for an answer; between them it is not asked.
_SURE, _NO = 0.5, 0.15
# A new type from this probability on may be what the user means, though nobody has said so: it is not asked.
_MEANT = 0.6


def documents() -> Iterator[Coded]:
    """The lexicon's examples and decoys of all types, mixed, without records."""
    told = [
        text
        for _, data in lexicon.files()
        for row in data.get("entries", ())
        for text in (*row.get("examples", ()), *row.get("decoys", ()))
    ][::_EVERY]
    count = max(1, len(told) // _TOGETHER)
    for n in range(count):
        yield Coded(Document("\n".join(told[n::count]), id=f"reminder-{n}"), (), "reminder", "train")


def answer(network: Network, rows: Sequence[Sample], paths: Paths, known: int) -> None:
    """Give reminders their answers: of types before number ``known`` what the network says of them now, of later ones
    that they are not there, unless the network thinks so strongly."""
    network.eval()
    with torch.no_grad():
        for row in rows:
            for cut in cuts(row, MAX_PIECES):
                b = collate([cut], paths, len(MODES), {})
                words = network.words(network.encoder(b.pieces, b.lengths)[b.row, b.first], b.ids, b.hints)
                p = torch.sigmoid(network.triggers(words)).numpy()
                answers = row.triggers[cut.start : cut.end]
                answers[:] = 0
                answers[p >= _NO] = UNKNOWN
                answers[p >= _SURE] = 1
                answers[:, known:] = 0
                answers[:, known:][p[:, known:] >= _MEANT] = UNKNOWN


def beside(rows: Sequence[Sample], reminders: Sequence[Sample], times: int) -> list[Sample]:
    """Rows so many times over, and as many words of reminders, each of these so many times at most."""
    found = [*rows] * times
    room = sum(len(r.pieces) for r in found)
    for row in [*reminders] * times:
        if room <= 0:
            break
        found.append(row)
        room -= len(row.pieces)
    return found
