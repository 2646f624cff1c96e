"""Where the reports come from."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Response

from dragoman.export.rows import Value
from dragoman.ledger import SourceHealth
from dragoman.web.api import models
from dragoman.web.api.answers import READING, Form, Route, answer, described, table
from dragoman.web.desk import AtDesk

router = APIRouter(route_class=Route, tags=["documents"])


def _last(name: str) -> Callable[[SourceHealth], Value]:
    return lambda one: None if one.last is None else int(one.last[name])


_COLUMNS: dict[str, Callable[[SourceHealth], Value]] = {
    "source": lambda one: one.source,
    "reports": lambda one: one.reports,
    "newest": lambda one: one.newest,
    "at": lambda one: one.at,
    **{name: _last(name) for name in ("coded", "known", "skipped", "failed")},
    "due": lambda one: one.due,
    "failures": lambda one: one.failures,
    "gone": lambda one: one.gone,
}


@router.get(
    "/sources",
    operation_id="sources",
    summary="Sources",
    responses={**described(models.Sources, "All sources.", csv=True), **READING},
)
def sources(desk: AtDesk, form: Form) -> Response:
    """What the last look at each source came to, and how those that are fetched answer."""
    found = desk.once("sources", desk.ledger.sources)
    return table(_COLUMNS, found) if form == "csv" else answer({"sources": [one.to_dict() for one in found]})
