"""A model folder of the user's own: what has to be in it, said in one line where it is not."""

from __future__ import annotations

import zipfile
from pathlib import Path

from dragoman.extraction.neural.heads import Heads
from dragoman.extraction.neural.model import Model
from dragoman.extraction.neural.settings import Settings, labels

FILES = ("encoder.onnx", "heads.npz", "settings.json")


def check(folder: Path) -> None:
    """See that a folder holds a model that this version can load, short of loading its encoder.

    Raises:
        RuntimeError: when it does not; one line that says why.
    """
    lacking = [name for name in FILES if not (folder / name).is_file()]
    if lacking:
        raise RuntimeError(f"{folder} is no model folder: it lacks {', '.join(lacking)}; dragoman train makes one")
    try:
        settings = Settings.read(folder / "settings.json")
        heads = Heads.read(folder / "heads.npz")
        outputs = heads.outputs("trigger2")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError, zipfile.BadZipFile) as error:
        raise RuntimeError(f"{folder} is a broken model folder ({_reason(error)}); make it anew") from error
    shipped, modes = labels()
    if settings.types[: len(shipped)] != shipped or settings.modes != modes or outputs != len(settings.types):
        raise RuntimeError(f"{folder} holds the model of another version of dragoman; make it anew")


def _reason(error: Exception) -> str:
    return f"it lacks {error}" if isinstance(error, KeyError) else " ".join(str(error).split())


def load(folder: Path) -> Model:
    """The model in a folder.

    Raises:
        RuntimeError: when the folder holds none that can be loaded; one line that says why.
    """
    check(folder)
    try:
        return Model(folder)
    except Exception as error:  # ONNX Runtime has errors of its own for each way in which a graph may be broken
        raise RuntimeError(f"{folder} is a broken model folder ({_reason(error)}); make it anew") from error
