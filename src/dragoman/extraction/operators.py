"""Classes of words that govern events (``operators.yaml``): light verbs, reporting verbs, plans, denials."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import yaml


@lru_cache(maxsize=1)
def operators() -> dict[str, frozenset[str]]:
    """The classes by name, each a set of lemmas in lower case."""
    text = (resources.files("dragoman.extraction") / "operators.yaml").read_text("utf-8")
    data = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return {name: frozenset(words) for name, words in data.items()}
