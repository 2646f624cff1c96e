"""Events in the layouts of published data sets, as a file to download."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as PathParameter
from fastapi.responses import StreamingResponse

from dragoman.export.ledger import FORMATS
from dragoman.export.ledger.when import Undated
from dragoman.web.api.answers import READING, Route, problems
from dragoman.web.api.parameters import FILTERS, Asked
from dragoman.web.desk import AtDesk
from dragoman.web.exporting import KINDS, OTHER, exported

router = APIRouter(route_class=Route, tags=["exports"])
Layout = StrEnum("Layout", list(FORMATS))  # type: ignore[misc]
_FILE = {"schema": {"type": "string", "format": "binary"}}
_WHOLE = {
    200: {
        "description": "The file. `Dragoman-Events` is how many events it was made of, `Dragoman-Rows` how many rows "
        "they made, `Dragoman-Lost` how many rows say less than the ledger.",
        "content": {kind.partition(";")[0]: _FILE for kind in (*KINDS.values(), OTHER)},
    }
}


@router.get(
    "/exports/{layout}",
    operation_id="export",
    summary="Export events",
    response_class=StreamingResponse,
    responses={**_WHOLE, **READING, **problems(404)},  # type: ignore[dict-item]
    openapi_extra=FILTERS,
)
def export(
    request: Request,
    desk: AtDesk,
    asked: Asked,
    layout: Annotated[Layout, PathParameter(description="The layout of the file.")],
    undated: Annotated[
        Undated,
        Query(description="Whether the day of the first report stands for events without a date (`published`)."),
    ] = "leave",
    notes: Annotated[
        bool, Query(description="Give a zip archive with the file, and a text that tells what it cannot hold.")
    ] = False,
) -> Response:
    """All events that the filters ask for, in a layout of others' or our own. What a layout cannot hold is counted in
    the headers, and told in the text that comes with `notes=true`."""
    return exported(request, desk.ledger, asked, layout.value, undated, packed=notes)
