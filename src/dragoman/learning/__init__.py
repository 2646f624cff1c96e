"""Learning: records to numbers, the network, and what ``dragoman train`` does with a user's own records.

``corpus`` and ``coded`` need nothing more than the package; all that touches the network needs PyTorch and ONNX, which
``pip install 'dragoman[train]'`` brings, and is therefore imported by whoever asks for it.
"""

from __future__ import annotations

from importlib.util import find_spec

INSTALL = "pip install 'dragoman[train]'"


def lacking() -> list[str]:
    """The packages that training needs and that are not installed."""
    return [name for name in ("torch", "onnx") if find_spec(name) is None]
