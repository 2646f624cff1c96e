"""Lists of events, narrowed by filters that stand in the address, and the searches that people keep."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, cast

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import QueryParams

from dragoman.export.ledger import LAYOUTS
from dragoman.ledger import BadQuestion, Ledger, LedgerEvent, words
from dragoman.ledger.asking import SORTS, Filters, Sort
from dragoman.ledger.saved import LONGEST_NAME
from dragoman.web.asked import Asked, address, ask
from dragoman.web.desk import AtDesk, Desk
from dragoman.web.pages.events_download import MOST
from dragoman.web.rendering import page
from dragoman.web.showing.filterform import LABELS, chips, is_more, offers
from dragoman.web.visitors import AnyVisitor

router = APIRouter()
# Counting so many of 100,000 events takes 6 ms whatever is asked for; counting a million takes 100.
_COUNTED = 10_000
# Filters of a question that nothing answers for which it is said how many events there are without them.
_MOST_TRIED = 12


@dataclass(frozen=True, slots=True)
class _Shown:
    """A page of a list, and the addresses of those before and after it."""

    events: tuple[LedgerEvent, ...]
    next: str | None
    previous: str | None


@router.get("/events")
def events(request: Request, desk: AtDesk, visitor: AnyVisitor) -> Response:
    """A page of events, with the form that narrows them down."""
    given = request.query_params
    asked = ask(given)
    wrong = dict(asked.wrong)
    order = _order(given, wrong)
    if not wrong and any(not value.strip() for _, value in given.multi_items()):
        # A form sends its empty fields too: the address that people pass on has none of them.
        return RedirectResponse(address("/events", asked.filters, **order), 303)
    shown = _Shown((), None, None)
    if not wrong:
        try:
            shown = _shown(desk, asked.filters, order, given)
        except BadQuestion as error:
            wrong["after"] = str(error)
    filters = asked.filters
    found = None if wrong else desk.once(("events", filters), lambda: desk.ledger.count(filters, most=_COUNTED + 1))
    return page(
        request,
        "events.html",
        status=400 if wrong else 200,
        asked=Asked(filters, asked.typed, wrong),
        filters=filters,
        chips=chips(filters),
        shown=shown,
        found=found,
        counted=_COUNTED,
        order=order,
        views={
            "cards": address("/events", filters, **{**order, "view": None}),
            "table": address("/events", filters, **{**order, "view": "table"}),
        },
        sort=order.get("sort", "date"),
        fewer=_fewer(desk.ledger, filters) if found == 0 else [],
        empty=found == 0 and filters == Filters(),
        offers=offers(),
        labels=LABELS,
        more=is_more({*asked.typed, *asked.wrong}),
        formats=[(name, layout.follows) for name, layout in LAYOUTS.items()],
        most_downloaded=MOST,
        saved=desk.ledger.saved(visitor.name),
        query=address("", filters, **order).removeprefix("?"),
        longest_name=LONGEST_NAME,
        may_save=not desk.settings.read_only,
    )


def _order(given: QueryParams, wrong: dict[str, str]) -> dict[str, Any]:
    """How the list is sorted and shown; nothing of what is so anyway."""
    order: dict[str, Any] = {}
    sort = given.get("sort", "").strip()
    if sort and sort not in SORTS:
        wrong["sort"] = f"events are not sorted by {sort!r}: use {', '.join(SORTS)}"
    elif sort and sort != SORTS[0]:
        order["sort"] = sort
    if given.get("ascending", "").strip().casefold() in ("1", "true", "yes", "on"):
        order["ascending"] = True
    if given.get("view") == "table":
        order["view"] = "table"
    return order


def _shown(desk: Desk, filters: Filters, order: dict[str, Any], given: QueryParams) -> _Shown:
    """The page that the address asks for: ``after`` a cursor, or ``before`` one."""
    sort = cast(Sort, order.get("sort", "date"))
    ascending = bool(order.get("ascending"))
    most = desk.settings.page

    def turned(**cursor: str) -> str:
        return address("/events", filters, **order, **cursor)

    if before := given.get("before"):
        found = desk.ledger.query(filters, sort=sort, ascending=not ascending, limit=most, after=before)
        events = found.events[::-1]
        forth = turned(after=found.first) if found.first else turned()
        return _Shown(events, forth, turned(before=found.next) if found.next else turned() if not events else None)
    after = given.get("after") or None
    found = desk.ledger.query(filters, sort=sort, ascending=ascending, limit=most, after=after)
    back = turned(before=found.first) if found.first else turned()
    return _Shown(found.events, turned(after=found.next) if found.next else None, back if after else None)


def _fewer(ledger: Ledger, filters: Filters) -> list[tuple[str, Filters, int]]:
    """What to leave out of a question that nothing answers: in words, the rest, and how many events answer that."""
    made: list[tuple[str, Filters, int]] = []
    for word, number in ledger.fewer(filters) if filters.text else []:
        parts = words.parts(filters.text)
        parts.remove(word)
        rest = " ".join(parts)
        made.append((f"the word {word}", replace(filters, text=rest), number))
    for chip in chips(filters)[:_MOST_TRIED]:
        if number := ledger.count(chip.without, most=_COUNTED + 1):
            made.append((f"{chip.label.lower()}: {chip.said}", chip.without, number))
    return made
