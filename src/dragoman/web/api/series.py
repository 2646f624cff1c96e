"""Counts of events: how many, by country, by pair and period."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Response

from dragoman.ledger.asking import MEASURES, By, DyadRow
from dragoman.web.api import models
from dragoman.web.api.answers import READING, Form, Route, answer, described, table
from dragoman.web.api.parameters import FILTERS, Asked, filters
from dragoman.web.desk import AtDesk

router = APIRouter(route_class=Route, tags=["series"])
_SERIES = filters("factuality", "state")
_DYADS = {name: (lambda row, at=at: row[at]) for at, name in enumerate(DyadRow._fields)}
_ACTORS = {
    "country": lambda row: row.country,
    "acting": lambda row: row.acting,
    "acted_upon": lambda row: row.acted_upon,
}
Measure = StrEnum("Measure", list(MEASURES))  # type: ignore[misc]
_EVENTS = Measure("events")


@router.get(
    "/count",
    operation_id="count",
    summary="How many events",
    responses={**described(models.Count, "The number."), **READING},
    openapi_extra=FILTERS,
)
def count(desk: AtDesk, asked: Asked) -> Response:
    """How many events the filters ask for."""
    return answer({"events": desk.ledger.count(asked)})


@router.get(
    "/actors",
    operation_id="actors",
    summary="Countries",
    responses={**described(models.Actors, "The countries.", csv=True), **READING},
    openapi_extra=_SERIES,
)
def actors(desk: AtDesk, asked: Asked, form: Form) -> Response:
    """Countries, and in how many events that happened each acts and is acted upon. An event between several countries
    counts once for each pair of them, a mutual act (talks, clashes) both ways."""
    rows = desk.once(("actors", asked), lambda: desk.ledger.actors(asked))
    return table(_ACTORS, rows) if form == "csv" else answer({"actors": [row.to_dict() for row in rows]})


@router.get(
    "/dyads",
    operation_id="dyads",
    summary="Who acts towards whom",
    responses={**described(models.Dyads, "The series.", csv=True), **READING},
    openapi_extra=_SERIES,
)
def dyads(
    desk: AtDesk,
    asked: Asked,
    form: Form,
    by: Annotated[By, Query(description="The periods; `all` gives one row a pair.")] = "month",
    measure: Annotated[Measure, Query(description="What `value` is.")] = _EVENTS,
    unknown: Annotated[bool, Query(description="Give rows of pairs of which one side is not known, too.")] = False,
) -> Response:
    """Who acts towards whom, how often and how, period by period. Counted are events that happened and that some report
    still tells. One without a date of its own stands where its first report does, and is counted as `undated`."""
    found = desk.ledger.dyads(asked, by=by, measure=measure.value, unknown=unknown)
    return table(_DYADS, found.rows) if form == "csv" else answer(found.to_dict())
