"""The words by which records are compared: ``python -m training.words [--out FILE]``.

For each stem, in how many documents of the training corpus it stands, and a vector of what it is near in meaning: that
which the starting encoder (all-MiniLM-L6-v2, Apache-2.0) gives its commonest form, alone; without what all words have
in common, and cut to the directions in which they differ most. In the table are the stems of two or more documents,
and those of the whole words in the encoder's own list.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import snowballstemmer
import tokenizers
import torch

from dragoman.learning.model import Encoder, read_safetensors, start_folder
from dragoman.places.fold import fold
from training.corpus.load import read_items

OUT = Path("src/dragoman/ledger/joining/words.npz")
DIMENSIONS = 32
LEAST = 2
_WORD = re.compile(r"[^\W\d_]{2,}")


def counted(texts: Iterable[str]) -> tuple[Counter[str], dict[str, Counter[str]]]:
    """How many texts have each stem, and how often it has each form."""
    stemmer = snowballstemmer.stemmer("english")
    documents: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = {}
    for text in texts:
        here = Counter(fold(w) for w in _WORD.findall(text))
        stems = {w: stemmer.stemWord(w) for w in here}
        documents.update(set(stems.values()))
        for w, n in here.items():
            forms.setdefault(stems[w], Counter())[w] += n
    return documents, forms


def embedded(words: Sequence[str], batch: int = 256) -> npt.NDArray[np.float32]:
    """What the encoder makes of each word alone: the mean over its pieces, of length 1."""
    folder = start_folder()
    encoder = Encoder(read_safetensors(folder / "model.safetensors"), 0.0).eval()
    pieces = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    pieces.no_padding()
    found = []
    with torch.no_grad():
        for at in range(0, len(words), batch):
            ids = [pieces.encode(w).ids for w in words[at : at + batch]]
            lengths = torch.tensor([len(i) for i in ids])
            padded = torch.zeros(len(ids), int(lengths.max()), dtype=torch.long)
            for n, row in enumerate(ids):
                padded[n, : len(row)] = torch.tensor(row)
            out = encoder(padded, lengths)
            mask = (torch.arange(padded.shape[1]) < lengths[:, None]).float()[:, :, None]
            mean = (out * mask).sum(1) / mask.sum(1)
            found.append(torch.nn.functional.normalize(mean, dim=1).numpy())
    return np.concatenate(found)


def reduced(vectors: npt.NDArray[np.float32], weight: npt.NDArray[np.float64]) -> npt.NDArray[np.int8]:
    """The vectors in the few directions in which they differ most, each of length 1, in steps of 1/127."""
    rows = vectors.astype(np.float64)
    rows -= (rows * weight[:, None]).sum(0) / weight.sum()
    values, directions = np.linalg.eigh((rows * weight[:, None]).T @ rows)
    chosen = directions[:, np.argsort(-values)[:DIMENSIONS]]
    # The sign of a direction is free: the largest part is made positive, so that the file is the same everywhere.
    chosen *= np.sign(chosen[np.abs(chosen).argmax(0), np.arange(chosen.shape[1])])
    flat = rows @ chosen
    flat /= np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-9)
    steps: npt.NDArray[np.int8] = np.round(flat * 127).astype(np.int8)
    return steps


def main(argv: Sequence[str] | None = None) -> int:
    """The command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m training.words", description=__doc__.split(":")[0])
    parser.add_argument("--out", type=Path, default=OUT, help="the file to write")
    options = parser.parse_args(argv)
    torch.set_num_threads(1)
    texts = [i.text for i in read_items()]
    documents, forms = counted(texts)
    stemmer = snowballstemmer.stemmer("english")
    vocabulary = tokenizers.Tokenizer.from_file(str(start_folder() / "tokenizer.json")).get_vocab()
    plain = sorted(w for w in vocabulary if len(w) > 2 and w.isalpha() and w.isascii())
    for w in plain:
        forms.setdefault(stemmer.stemWord(w), Counter()).setdefault(w, 0)
    listed = {stemmer.stemWord(w) for w in plain}
    stems = sorted(s for s in forms if documents[s] >= LEAST or s in listed)
    common = [max(sorted(forms[s]), key=lambda w: (forms[s][w], -len(w))) for s in stems]
    counts = np.array([documents[s] for s in stems])
    vectors = reduced(embedded(common), np.log1p(counts) + 0.1)
    np.savez_compressed(
        options.out,
        stems=np.frombuffer("\n".join(stems).encode(), dtype=np.uint8),
        counts=counts.astype(np.uint16),
        documents=np.int64(len(texts)),
        vectors=vectors,
    )
    print(f"{len(stems)} stems of {len(texts)} documents, {options.out.stat().st_size} bytes", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
