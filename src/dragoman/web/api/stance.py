"""Who stands where."""

from __future__ import annotations

from operator import itemgetter
from typing import Annotated

from fastapi import APIRouter, Query, Response

from dragoman.web.api import models
from dragoman.web.api.answers import READING, Form, Route, answer, described, table
from dragoman.web.api.parameters import Asked, filters
from dragoman.web.desk import AtDesk

router = APIRouter(route_class=Route, tags=["stance"])


@router.get(
    "/stance",
    operation_id="stance",
    summary="Who stands where",
    responses={**described(models.Stance, "The columns.", csv=True), **READING},
    openapi_extra=filters("text", "report"),
)
def stance(
    desk: AtDesk,
    asked: Asked,
    form: Form,
    target: Annotated[
        str, Query(min_length=1, description="An event's id, a country's name or code, or words that name a deed.")
    ],
    evidence: Annotated[int, Query(ge=0, le=50, description="Sentences for each party of a column.")] = 3,
    most: Annotated[
        int, Query(ge=1, le=2_000, description="Events to read: the latest; fewer are read sooner.")
    ] = 2_000,
) -> Response:
    """Who supports, condemns, sanctions, arms or mediates, with the sentences that say so."""
    key = ("stance", target, asked, evidence, most)
    found = desk.once(key, lambda: desk.ledger.stance(target, asked, evidence=evidence, most=most))
    if form == "json":
        return answer(found.to_dict())
    columns = found.to_columns()
    rows = list(zip(*columns.values(), strict=True))
    return table({name: itemgetter(at) for at, name in enumerate(columns)}, rows)
