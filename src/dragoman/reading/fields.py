"""One record with the fields ``id``, ``title``, ``published``, ``text``, ``url`` and ``outlet``, made a draft.

Shared by JSON, CSV and Parquet. Field names match whatever their case; other fields are ignored. A field
of the wrong type costs that field, with a warning; only a missing or wrong ``text`` costs the document.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from dragoman.reading.result import Draft, Refusal

FIELDS = ("id", "title", "published", "text", "url", "outlet")
# Names that others give to the report's text, for a better message; they are not read.
_OFTEN_TEXT = ("body", "content", "article", "story", "full_text", "fulltext", "article_text", "maintext")


def draft(record: Mapping[Any, Any], name: str) -> Draft | Refusal:
    """The draft of ``record``, or why there is none. ``name`` is what messages call it."""
    row: dict[str, Any] = {}
    for key, value in record.items():
        row.setdefault(str(key).strip().lower(), value)
    if "text" not in row:
        return Refusal(name, "has no field text" + _found(row), _advice(row))
    text = row["text"]
    if _nothing(text):
        return Refusal(name, "its field text is empty", "leave it out, or fill it in", "skipped")
    if not isinstance(text, str):
        return Refusal(name, f"its field text is {_kind(text)}, not a string", "give the report as one string")
    warnings: list[str] = []
    values = {field: _string(field, row.get(field), warnings) for field in FIELDS if field != "text"}
    return Draft(
        name=name,
        text=text,
        published=values["published"] or None,
        id=values["id"],
        title=values["title"],
        url=values["url"],
        outlet=values["outlet"],
        warnings=tuple(warnings),
    )


def _string(field: str, value: Any, warnings: list[str]) -> str:
    """The value as a string: ids and dates also come as numbers and dates."""
    if _nothing(value):
        return ""
    if isinstance(value, str):
        return value.strip()
    if field == "published" and isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if field == "published" and isinstance(value, date):
        return value.isoformat()
    # Tables with a gap in a column of whole numbers come with 12.0 for 12.
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if field in ("id", "published") and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    warnings.append(f"field {field} is {_kind(value)}, not a string, and is left out")
    return ""


def _nothing(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, float) and value != value)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, bytes):
        return "bytes"
    return "a number" if isinstance(value, int | float) else f"a {type(value).__name__}"


def _found(row: Mapping[str, Any]) -> str:
    names = [name if len(name) <= 30 else name[:29] + "…" for name in row][:8]
    return f" (its fields: {', '.join(sorted(names))})" if names else " (it is empty)"


def _advice(row: Mapping[str, Any]) -> str:
    for name in _OFTEN_TEXT:
        if name in row:
            return f"rename {name} to text"
    return "name the field that holds the report text"
