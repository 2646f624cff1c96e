"""Statements of bounded size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
# SQLite takes 32,766 parameters a statement from 2020 on.
MANY = 5_000


def chunks(values: Sequence[T], size: int = MANY) -> Iterator[Sequence[T]]:
    """``values`` in pieces that fit one statement."""
    return (values[i : i + size] for i in range(0, len(values), size))
