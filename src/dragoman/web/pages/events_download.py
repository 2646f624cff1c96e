"""What a list shows, all of it, as a file in any export format."""

from __future__ import annotations

from typing import cast

from fastapi import APIRouter, HTTPException, Request, Response

from dragoman.export.ledger import FORMATS, Undated
from dragoman.ledger import BadQuestion
from dragoman.web.asked import filters_of
from dragoman.web.desk import AtDesk
from dragoman.web.exporting import exported

router = APIRouter()
MOST = 50_000
"""Events of a download: a thousand take 0.2 s, as PLOVER JSON with all that their reports tell 0.7 s (measured)."""


@router.get("/events/download")
def download(request: Request, desk: AtDesk, format: str = "csv", undated: str = "leave") -> Response:
    """A zip file of the events that the filters ask for and of the notes on what the format could not hold."""
    filters = filters_of(request.query_params)
    if format not in FORMATS:
        raise BadQuestion(f"{format!r} is no format: use one of {', '.join(FORMATS)}")
    if undated not in ("leave", "published"):
        raise BadQuestion(f"undated is leave or published, not {undated!r}")
    number = desk.ledger.count(filters, most=MOST + 1)
    if not number:
        raise HTTPException(404, "no event is like that: there is nothing to download")
    if number > MOST:
        raise HTTPException(
            413,
            f"a download holds {MOST:,} events at most: narrow the search down, or write all of them on the machine of "
            f"the ledger with dragoman export --as {format}",
        )
    name = f"dragoman-{format}.zip"
    return exported(request, desk.ledger, filters, format, cast(Undated, undated), packed=True, name=name)
