"""Offices from Wikidata: the JSON of its query service, as SPARQL results or as a list of objects."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dragoman.actors import Register
from dragoman.gathering.claims import Claim, Skip, claim, clean, dated
from dragoman.gathering.lists import BadList, text_of

# A date's precision as Wikidata counts it, and how many characters of the date that leaves.
_PRECISION = {"9": 4, "10": 7, "11": 10}
# An item without an English name comes with its number for a label.
_NUMBER = re.compile(r"[QP]\d+")


def read(path: Path, register: Register) -> Iterator[Claim | Skip]:
    """The offices of a file, one for each result.

    Keys are those of the query in ``docs/actors.md``: ``person``, ``personLabel``, ``positionLabel``, ``iso3`` or
    ``country`` or ``countryLabel``, ``start``, ``end``, ``aliases`` (with ``;`` or ``|`` between them), and the
    precision of both dates.

    Raises BadList when the file is not of one of the two forms, OSError when it cannot be read.
    """
    try:
        data = json.loads(text_of(path))
    except (ValueError, RecursionError) as error:
        if isinstance(error, BadList):
            raise
        raise BadList(f"{path}: is no JSON ({clean(error)[:80]}); download the results as JSON") from None
    if isinstance(data, dict):
        results = data.get("results")
        data = results.get("bindings") if isinstance(results, dict) else None
    if not isinstance(data, list):
        raise BadList(f"{path}: holds no results; download them as JSON, plain or verbose")
    for row in data:
        yield _claim(row, register)


def _claim(row: Any, register: Register) -> Claim | Skip:
    if not isinstance(row, dict):
        return Skip("that are no results", str(row)[:80])
    cells = {k: clean(v.get("value", "") if isinstance(v, dict) else v) for k, v in row.items() if v is not None}
    name, title = cells.get("personLabel", ""), cells.get("positionLabel", "")
    about = f"{name or cells.get('person', '')}, {title}"
    if not name or _NUMBER.fullmatch(name):
        return Skip("without an English name", about)
    if not title or _NUMBER.fullmatch(title):
        return Skip("without an English title", about)
    try:
        start, end = (
            None
            if _unknown(cells.get(k, ""))
            else dated(cells.get(k, ""), _PRECISION.get(cells.get(f"{k}Precision", ""), 10))
            for k in ("start", "end")
        )
    except ValueError:
        return Skip("with a date that cannot be read", f"{about}, {cells.get('start')} to {cells.get('end')}")
    if start is None and end is None:
        return Skip("without dates, which would hold for ever", about)
    countries = [c for c in (cells.get(k, "") for k in ("iso3", "country", "countryLabel")) if c]
    # Of a nickname or bare surname, which would claim every bearer, nothing is taken.
    aliases = [a for a in re.split(r"[;|]", cells.get("aliases", "")) if len(a.split()) > 1]
    tried = [
        claim(
            name, register, country=c, title=title, start=start, end=end, aliases=aliases, who=cells.get("person", "")
        )
        for c in countries or [""]
    ]
    return next((c for c in tried if isinstance(c, Claim)), tried[0])


def _unknown(value: str) -> bool:
    """Whether a value is the mark for one that Wikidata knows to exist and not what it is."""
    return "genid" in value or value.startswith(("_:", "t"))
