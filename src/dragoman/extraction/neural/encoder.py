"""The encoder behind one door: windows of pieces to a vector a word, by ONNX Runtime on one thread."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dragoman.extraction.neural.windows import Window

Floats = npt.NDArray[np.float32]


class Encoder:
    """A session over an ONNX graph: ``pieces`` (1 by n, int32) to ``hidden`` (1 by n by width).

    One thread and one window a run: the 8-bit graph scales its numbers by what it reads, so that windows run together
    would change each other's figures.
    """

    def __init__(self, graph: bytes) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.log_severity_level = 3
        self._session: Any = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def __call__(self, window: Window) -> Floats:
        """A vector for each word of the window, that of its first piece."""
        pieces = np.array([window.pieces], dtype=np.int32)
        (hidden,) = self._session.run(["hidden"], {"pieces": pieces})
        found: Floats = hidden[0][list(window.first)]
        return found
