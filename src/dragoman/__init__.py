"""Dragoman reads dated news and keeps the record: who did what to whom, when, where, on whose word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dragoman.record import CodedDocument, Document, Entity, Event, EventPlace, Mention, Reason, Span

if TYPE_CHECKING:
    from dragoman.client import Client
    from dragoman.coder import Coder
    from dragoman.ledger import Ledger

__version__ = "0.1.0"
__all__ = [
    "Client",
    "CodedDocument",
    "Coder",
    "Document",
    "Entity",
    "Event",
    "EventPlace",
    "Ledger",
    "Mention",
    "Reason",
    "Span",
]


def __getattr__(name: str) -> Any:
    # These bring spaCy or the ledger with them; whoever only reads records should not wait for that.
    if name == "Client":
        from dragoman.client import Client

        return Client
    if name == "Coder":
        from dragoman.coder import Coder

        return Coder
    if name == "Ledger":
        from dragoman.ledger import Ledger

        return Ledger
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
