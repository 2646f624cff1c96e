"""Answers as tables: Arrow, and pandas where it is installed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from dragoman.ledger.model import LedgerEvent, Party

Kind = str  # string, integer, number, boolean, strings
Fields = Mapping[str, tuple[Kind, Callable[[Any], Any]]]


def _named(of: Callable[[LedgerEvent], Sequence[Party]], field: str) -> tuple[Kind, Callable[[LedgerEvent], list[Any]]]:
    return "strings", lambda event: [getattr(party, field) for party in of(event)]


def _field(kind: Kind, name: str) -> tuple[Kind, Callable[[Any], Any]]:
    return kind, lambda row: getattr(row, name)


EVENT_FIELDS: Fields = {
    "id": _field("string", "id"),
    "type": _field("string", "type"),
    "mode": _field("strings", "mode"),
    "actor": _named(lambda e: e.actor, "text"),
    "actor_country": _named(lambda e: e.actor, "country"),
    "actor_sector": _named(lambda e: e.actor, "sector"),
    "recipient": _named(lambda e: e.recipient, "text"),
    "recipient_country": _named(lambda e: e.recipient, "country"),
    "recipient_sector": _named(lambda e: e.recipient, "sector"),
    "factuality": _field("string", "factuality"),
    "historical": _field("boolean", "historical"),
    "date": _field("string", "date"),
    "dates": _field("strings", "dates"),
    "reported": _field("string", "reported"),
    "place": ("string", lambda e: e.place.text if e.place else None),
    "place_country": ("string", lambda e: e.place.country if e.place else None),
    "state": _field("string", "state"),
    "sources": _field("integer", "sources"),
    "reports": _field("integer", "reports"),
    "confidence": _field("number", "confidence"),
    "score": _field("number", "score"),
    "contexts": _field("strings", "contexts"),
    "claims": _named(lambda e: e.claims, "text"),
    "denials": _named(lambda e: e.denials, "text"),
    "contrary": _field("strings", "contrary"),
    "title": _field("string", "title"),
    "url": _field("string", "url"),
    "sentence": _field("string", "sentence"),
}
"""Columns of a table of events, in order; lists of one event's parties stand in the same order."""


def to_arrow(rows: Iterable[Any], fields: Fields) -> Any:
    """An Arrow table of :mod:`arro3.core`, which any Arrow library takes as it is; a row for each of ``rows``."""
    import numpy as np
    from arro3.core import Array, DataType, Field, Schema, Table, list_array

    types = {
        "string": DataType.string(),
        "integer": DataType.int64(),
        "number": DataType.float64(),
        "boolean": DataType.bool(),
        "strings": DataType.list(Field("item", DataType.string(), nullable=True)),
    }
    arrays = []
    columns = to_columns(rows, fields)
    for name, (kind, _) in fields.items():
        values = columns[name]
        if kind == "strings":
            starts = np.cumsum([0, *map(len, values)], dtype=np.int32)
            items = Array([item for value in values for item in value], type=DataType.string())
            arrays.append(list_array(Array.from_numpy(starts), items, type=types[kind]))
        else:
            arrays.append(Array(values, type=types[kind]))
    return Table.from_arrays(arrays, schema=Schema([Field(name, types[kind]) for name, (kind, _) in fields.items()]))


def to_pandas(rows: Iterable[Any], fields: Fields) -> Any:
    """The same as a :class:`pandas.DataFrame`. Raises ImportError, with what to do, where pandas is not installed."""
    try:
        import pandas
    except ImportError as error:
        raise ImportError("pandas is not installed: pip install pandas, or use to_arrow()") from error
    kinds = {"integer": "int64", "number": "float64", "boolean": "bool"}
    columns = to_columns(rows, fields)
    return pandas.DataFrame(
        {name: pandas.Series(columns[name], dtype=kinds.get(kind, "object")) for name, (kind, _) in fields.items()}
    )


def to_columns(rows: Iterable[Any], fields: Fields) -> dict[str, list[Any]]:
    """The values of each column, text such as UTF-8 can hold."""
    columns: dict[str, list[Any]] = {name: [] for name in fields}
    for row in rows:
        for name, (_, of) in fields.items():
            columns[name].append(_value(of(row)))
    return columns


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    return [_value(item) for item in value] if isinstance(value, list | tuple) else value
