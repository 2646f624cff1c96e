"""Who stands where on a deed or towards an actor: as a page, a figure and a table."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from dragoman.export.separated import Line
from dragoman.ledger import BadQuestion
from dragoman.ledger.asking import Filters, Stance
from dragoman.web.asked import address, filters_of
from dragoman.web.desk import AtDesk, Desk
from dragoman.web.rendering import country_name, environment, page
from dragoman.web.showing import figure, standing

router = APIRouter()
# The latest events that speak of a target, and those told beside them: read in a tenth of a second, and all but a few
# of what a target of the news of some months has. ``all=yes`` reads as many as the ledger does by itself.
_SOME, _ALL = 300, 2_000
# Parties of a column that are shown with their words; the others are named.
_SHOWN = 10
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an address asks for."""

    target: str
    filters: Filters
    whole: bool

    def address(self, path: str, *, whole: bool | None = None) -> str:
        every = self.whole if whole is None else whole
        return address(path, self.filters, target=self.target, all="yes" if every else "")


@router.get("/stance")
def stance(request: Request, desk: AtDesk) -> HTMLResponse:
    """The page: a form, and who stands where when something is asked for."""
    found, wrong = None, ""
    asked = _Asked("", Filters(), False)
    try:
        asked = _asked(request)
        found = _found(desk, asked) if asked.target else None
    except BadQuestion as error:
        wrong = str(error)
        asked = _Asked(request.query_params.get("target", "").strip(), asked.filters, False)
    return page(
        request,
        "stance.html",
        status=400 if wrong else 200,
        target=asked.target,
        filters=asked.filters,
        asked=asked,
        wrong=wrong,
        found=found,
        groups=standing.groups(found) if found else [],
        examples=[] if asked.target else desk.once(("stance examples",), lambda: _examples(desk)),
        shown=_SHOWN,
        standing=standing,
    )


@router.get("/stance.svg")
def drawn(request: Request, desk: AtDesk) -> Response:
    """The stance as a figure that stands by itself."""
    asked = _asked(request)
    found = _found(desk, asked)
    lines, height = figure.layout(found)
    text = (
        environment()
        .get_template("stance.svg")
        .render(
            asked=asked,
            found=found,
            lines=lines,
            height=height,
            standing=standing,
            figure=figure,
            title=figure.cut(_title(found, asked.target), 90),
            span=standing.span(found),
            narrowed=figure.cut(_narrowed(asked.filters), 150),
        )
    )
    name = f'inline; filename="stance-{_file(asked.target)}.svg"'
    body = text.encode("utf-8", "replace")
    return Response(body, media_type="image/svg+xml", headers={"Content-Disposition": name})


@router.get("/stance.csv")
def table(request: Request, desk: AtDesk) -> Response:
    """The stance as a table: a row for each party of a column, with its strongest sentence.

    Cells hold the words as they stand, as in all tables of this package (see :mod:`dragoman.export.separated`).
    """
    asked = _asked(request)
    columns = _found(desk, asked).to_columns()
    line = Line(",")
    rows = [line.of(list(columns)), *(line.of(row) for row in zip(*columns.values(), strict=True))]
    name = f'attachment; filename="stance-{_file(asked.target)}.csv"'
    body = "".join(rows).encode("utf-8", "replace")
    return Response(body, media_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})


def _asked(request: Request) -> _Asked:
    given = request.query_params
    return _Asked(given.get("target", "").strip(), filters_of(given), given.get("all", "") == "yes")


def _found(desk: Desk, asked: _Asked) -> Stance:
    if not asked.target:
        raise BadQuestion("say towards what: a deed in a few words, an event, or a country")
    most = _ALL if asked.whole else _SOME
    key = ("stance", asked.target, asked.filters, most)
    return desk.once(key, lambda: desk.ledger.stance(asked.target, asked.filters, most=most))


def _examples(desk: Desk) -> list[tuple[str, str]]:
    """Targets that this ledger has something to say of: the events with the most sources, and who is in them."""
    told = desk.ledger.query(sort="sources", factuality="actual", limit=40).events
    deeds = [event for event in told if event.actor and event.recipient][:_EXAMPLES]
    made = [(event.id, standing.deed_line(event)) for event in deeds]
    codes = dict.fromkeys(p.country for event in told for p in (*event.actor, *event.recipient) if p.country)
    return made + [(code, country_name(code)) for code in list(codes)[:_EXAMPLES]]


def _title(found: Stance, target: str) -> str:
    if found.kind == "event" and found.deeds:
        return standing.deed_line(found.deeds[0])
    return standing.listed(found.doers) if found.kind == "actor" else target


def _narrowed(filters: Filters) -> str:
    """What acts are narrowed down to, in words: a figure is read without its address."""
    return ", ".join(
        f"{name.replace('_', ' ')} {' or '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in filters.to_dict().items()
    )


def _file(target: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", target.casefold()).strip("-")[:40] or "target"
