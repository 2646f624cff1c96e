"""A model that ships, as a network that can learn on: weights of 8 and 16 bits back in 32."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from dragoman.extraction.neural.settings import Settings
from dragoman.learning.model import LAYERS, Network, Shape

Arrays = Mapping[str, npt.NDArray[np.float32]]
# The tables with one row a type.
_BY_TYPE = ("trigger2.weight", "trigger2.bias", "status_type.weight", "role_type.weight")
# What a type that is new starts from: as rare as every type was when the shipped model's training began.
RARE = -5.0


def network(folder: Path, settings: Settings, new: Sequence[str] = ()) -> Network:
    """The network whose export lies in ``folder``.

    Args:
        folder: a model's folder, with ``encoder.onnx`` and ``heads.npz``.
        settings: what its numbers mean.
        new: types that it lacks; each becomes one more output, after those it has.

    Raises:
        ValueError: when the weights are not those of this version's network.
    """
    with np.load(folder / "heads.npz", allow_pickle=False) as found:
        state = {name: torch.from_numpy(found[name].astype(np.float32)) for name in found.files}
    shape = Shape(len(settings.paths.names), len(settings.types) + len(new))
    try:
        for name in _BY_TYPE:
            state[name] = torch.cat([state[name], _fresh(name, state[name], len(new))])
        made = Network(encoder(onnx.load(str(folder / "encoder.onnx"))), shape)
        made.load_state_dict({f"encoder.{k}": v for k, v in made.encoder.state_dict().items()} | state)
    except (KeyError, RuntimeError) as error:
        raise ValueError(f"{folder} holds the model of another version of dragoman ({str(error).strip()})") from error
    return made


def _fresh(name: str, table: Tensor, count: int) -> Tensor:
    """Rows of types not met yet: the mean of those known, save that nothing speaks for such an event yet."""
    if name == "trigger2.bias":
        return torch.full((count,), RARE)
    if name == "trigger2.weight":
        return torch.zeros(count, table.shape[1])
    return table.mean(0, keepdim=True).repeat(count, 1)


def encoder(graph: onnx.ModelProto) -> dict[str, Tensor]:
    """The weights of an exported encoder under the names of the starting encoder, from which networks are made."""
    held = {i.name: numpy_helper.to_array(i) for i in graph.graph.initializer}
    found = {
        "embeddings.word_embeddings.weight": held["pieces_table"].astype(np.float32) * held["pieces_scale"],
        "embeddings.position_embeddings.weight": held["places_table"],
        # The export has added them to the positions.
        "embeddings.token_type_embeddings.weight": np.zeros((1, held["places_table"].shape[1]), dtype=np.float32),
        "embeddings.LayerNorm.weight": held["norm_weight"],
        "embeddings.LayerNorm.bias": held["norm_bias"],
    }
    for n in range(LAYERS):
        at = f"encoder.layer.{n}."
        weights, biases = np.split(_wide(held, f"qkv{n}"), 3), np.split(held[f"qkv{n}_bias"], 3)
        for name, weight, bias in zip(("query", "key", "value"), weights, biases, strict=True):
            found[f"{at}attention.self.{name}.weight"], found[f"{at}attention.self.{name}.bias"] = weight, bias
        for ours, theirs in (("out", "attention.output.dense"), ("up", "intermediate.dense"), ("down", "output.dense")):
            found[f"{at}{theirs}.weight"] = _wide(held, f"{ours}{n}")
            found[f"{at}{theirs}.bias"] = held[f"{ours}{n}_bias"]
        for ours, theirs in (("norm1", "attention.output.LayerNorm"), ("norm2", "output.LayerNorm")):
            for part in ("weight", "bias"):
                found[f"{at}{theirs}.{part}"] = held[f"{ours}_{n}_{part}"]
    return {name: torch.from_numpy(np.array(values, dtype=np.float32)) for name, values in found.items()}


def _wide(held: Arrays, name: str) -> npt.NDArray[np.float32]:
    """A layer's weights, outputs by inputs, out of their 8 bits."""
    small, scale = held[f"{name}_weight_quantized"].astype(np.float32), held[f"{name}_weight_scale"]
    zero = held[f"{name}_weight_zero_point"].astype(np.float32)
    found: npt.NDArray[np.float32] = ((small - zero) * scale).T
    return found
