"""A trained network to the files that ship: an 8-bit ONNX graph of the encoder, the heads as arrays, the tokenizer.

The graph is put together here node by node, from the fused operators that ONNX Runtime has for BERT, so that no
exporter's version decides what ships.
"""

from __future__ import annotations

import json
import logging
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from dragoman.extraction.neural.settings import Settings
from dragoman.learning.model import HEADS, LAYERS, Network, start_folder

OPSET = 17
MICROSOFT = "com.microsoft"


def graph(network: Network) -> onnx.ModelProto:
    """The encoder as a 32-bit ONNX graph: ``pieces`` (1 by n, int32) to ``hidden`` (1 by n by width)."""
    state = {k: v.detach().numpy() for k, v in network.encoder.state_dict().items()}
    weights: list[Any] = []
    nodes: list[Any] = []

    def hold(name: str, values: np.ndarray) -> str:
        weights.append(numpy_helper.from_array(np.ascontiguousarray(values.astype(np.float32)), name))
        return name

    def op(kind: str, inputs: list[str], output: str, domain: str = MICROSOFT, **options: Any) -> str:
        nodes.append(helper.make_node(kind, inputs, [output], name=output, domain=domain, **options))
        return output

    def keep(name: str, values: np.ndarray) -> str:
        weights.append(numpy_helper.from_array(values, name))
        return name

    # The table of pieces is half of the model. Each piece has a scale of its own: with one scale for all, rare pieces
    # drown in the rounding.
    small, scale = by_row(state["pieces.weight"])
    rows = op("Gather", [keep("pieces_table", small), "pieces"], "rows", domain="")
    rows = op("Cast", [rows], "rows_wide", domain="", to=TensorProto.FLOAT)
    scales = op("Gather", [keep("pieces_scale", scale), "pieces"], "scales", domain="")
    rows = op("Mul", [rows, scales], "rows_scaled", domain="")
    length = op("Shape", ["pieces"], "length", domain="", start=1, end=2)
    zero, one = keep("zero", np.array([0])), keep("one", np.array([1]))
    places = op("Slice", [hold("places_table", state["places.weight"]), zero, length, zero, one], "places", domain="")
    x = op("Add", [rows, places], "placed", domain="")
    norm = [hold("norm_weight", state["norm.weight"]), hold("norm_bias", state["norm.bias"])]
    x = op("LayerNormalization", [x, *norm], "embedded", domain="", epsilon=1e-12)
    for n in range(LAYERS):
        part = {k.removeprefix(f"layers.{n}."): v for k, v in state.items() if k.startswith(f"layers.{n}.")}
        qkv = [hold(f"qkv{n}_weight", part["qkv.weight"].T), hold(f"qkv{n}_bias", part["qkv.bias"])]
        seen = op("Attention", [x, *qkv], f"attention{n}", num_heads=HEADS)
        out = op("MatMul", [seen, hold(f"out{n}_weight", part["out.weight"].T)], f"out{n}", domain="")
        norm1 = [hold(f"norm1_{n}_{k}", part[f"norm1.{k}"]) for k in ("weight", "bias")]
        x = op(
            "SkipLayerNormalization",
            [out, x, *norm1, hold(f"out{n}_bias", part["out.bias"])],
            f"middle{n}",
            epsilon=1e-12,
        )
        up = op("MatMul", [x, hold(f"up{n}_weight", part["up.weight"].T)], f"up{n}", domain="")
        bent = op("BiasGelu", [up, hold(f"up{n}_bias", part["up.bias"])], f"gelu{n}")
        down = op("MatMul", [bent, hold(f"down{n}_weight", part["down.weight"].T)], f"down{n}", domain="")
        norm2 = [hold(f"norm2_{n}_{k}", part[f"norm2.{k}"]) for k in ("weight", "bias")]
        last = "hidden" if n == LAYERS - 1 else f"layer{n}"
        x = op(
            "SkipLayerNormalization", [down, x, *norm2, hold(f"down{n}_bias", part["down.bias"])], last, epsilon=1e-12
        )
    model = helper.make_model(
        helper.make_graph(
            nodes,
            "encoder",
            [helper.make_tensor_value_info("pieces", TensorProto.INT32, [1, "n"])],
            [helper.make_tensor_value_info("hidden", TensorProto.FLOAT, [1, "n", state["norm.bias"].shape[0]])],
            weights,
        ),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)],
        producer_name="dragoman",
    )
    model.ir_version = 9
    return model


def by_row(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Numbers in 8 bits, and for each row what to multiply them by."""
    scale = np.maximum(np.abs(values).max(1, keepdims=True), 1e-8) / 127.0
    return np.round(values / scale).astype(np.int8), scale.astype(np.float32)


def quantised(model: onnx.ModelProto, *, narrow: bool = False, channels: bool = True) -> bytes:
    """The graph with 8-bit weights, scaled by column; activations are scaled as they come.

    ``narrow`` keeps weights to 7 bits, for processors that add up 8-bit products in 16 bits.
    """
    with tempfile.TemporaryDirectory() as folder:
        wide, small = Path(folder) / "wide.onnx", Path(folder) / "small.onnx"
        onnx.save(model, str(wide))
        # ONNX Runtime advises a step that fuses operators; here they are fused already.
        before = logging.root.manager.disable
        logging.disable(logging.WARNING)
        quantize_dynamic(
            str(wide),
            str(small),
            weight_type=QuantType.QInt8,
            per_channel=channels,
            reduce_range=narrow,
            op_types_to_quantize=["MatMul", "Attention"],
            extra_options={"DefaultTensorType": TensorProto.FLOAT},
        )
        logging.disable(before)
        return small.read_bytes()


def heads(network: Network) -> dict[str, np.ndarray]:
    """The heads' weights by name, in 16 bits."""
    state = network.state_dict()
    return {k: v.numpy().astype(np.float16) for k, v in state.items() if not k.startswith("encoder.")}


def tokenizer() -> str:
    """The tokenizer's file, without padding and truncation, which are ours to decide."""
    row = json.loads((start_folder() / "tokenizer.json").read_text("utf-8"))
    row["padding"] = row["truncation"] = None
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def write(network: Network, settings: Settings, folder: Path) -> dict[str, int]:
    """Write the shipped files; returns their sizes in bytes."""
    write_weights(network, settings, folder)
    (folder / "tokenizer.json").write_text(tokenizer(), "utf-8")
    return {p.name: p.stat().st_size for p in sorted(folder.iterdir()) if p.is_file()}


def write_weights(network: Network, settings: Settings, folder: Path) -> None:
    """Write what a model has of its own: encoder, heads and settings. The tokenizer is that of the shipped model."""
    network.eval()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "encoder.onnx").write_bytes(quantised(graph(network)))
    np.savez(folder / "heads.npz", allow_pickle=False, **heads(network))
    lines = json.dumps(settings.to_dict(), ensure_ascii=False, indent=1)
    (folder / "settings.json").write_text(lines + "\n", "utf-8")
