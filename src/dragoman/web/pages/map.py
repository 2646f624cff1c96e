"""Where events happened, on a map of the world."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from dragoman.ledger import BadQuestion
from dragoman.ledger.asking import Filters
from dragoman.web.asked import address, filters_of
from dragoman.web.desk import AtDesk
from dragoman.web.drawing import earth
from dragoman.web.rendering import page
from dragoman.web.showing import mapping
from dragoman.web.showing.mapping import Area, Circle, Mapped, Site

router = APIRouter()
_PARTS = (
    ("world", "World"),
    ("europe", "Europe"),
    ("middle-east", "Middle East"),
    ("africa", "Africa"),
    ("asia", "Asia"),
    ("americas", "Americas"),
    ("oceania", "Oceania"),
)
# So many names, and so long, are set beside a map's circles where they do not run into each other: more are a thicket.
_NAMED, _LONGEST = 12, 24


@router.get("/map")
def map_of_events(request: Request, desk: AtDesk, view: str = "world") -> HTMLResponse:
    """The map of the events that the address asks for; of those that happened where it does not say."""
    filters = filters_of(request.query_params)
    if "factuality" not in request.query_params:
        filters = replace(filters, factuality="actual")
    found = desk.once(("places", filters), lambda: desk.ledger.places(filters))
    shown: Mapped = desk.once(("mapped", filters), lambda: mapping.mapped(found))
    window = earth.view_of(view)
    drawn = mapping.circles(shown.sites, window)
    areas = {area.country: area for area in shown.areas}
    states = [(code, shape, areas.get(code)) for code, shape in earth.shapes().items() if window.shows(shape.box)]
    return page(
        request,
        "map.html",
        filters=filters,
        found=found,
        shown=shown,
        window=window,
        states=states,
        circles=drawn,
        named=_named(drawn, window),
        parts_of_world=_PARTS,
        steps=mapping.STEPS,
        edge=earth.edge(),
        fine=earth.FINE,
        in_words=mapping.parts,
        at=lambda view: map_address(filters, view),
        area_address=lambda area: area_address(area, filters),
        site_address=lambda site: site_address(site, filters),
        circle_address=lambda one: circle_address(one, filters, window),
    )


def map_address(filters: Filters, view: str) -> str:
    """A view of the map. Whether or not they happened, all are asked for by an empty word: none would mean those that
    did."""
    return address("/map", filters, view=view) + ("" if filters.factuality else "&factuality=")


def area_address(area: Area, filters: Filters) -> str:
    """The list of the events in a state."""
    return address("/events", replace(filters, place=area.country))


def site_address(site: Site, filters: Filters) -> str:
    """The list of the events in the state of a site whose reports have the site's name."""
    name = min(site.texts, key=lambda text: (len(text), text)).replace('"', " ")
    try:
        narrowed = replace(filters, place=site.country or filters.place, text=f'{filters.text} "{name}"'.strip())
    except BadQuestion:  # a name of no letters, or one word too many
        narrowed = replace(filters, place=site.country or filters.place)
    return address("/events", narrowed)


def circle_address(circle: Circle, filters: Filters, window: earth.View) -> str:
    """The list of the events of one site; where there are several, the map drawn closer, and in the end the events of
    their countries."""
    if len(circle.sites) == 1:
        return site_address(circle.sites[0], filters)
    if window.width <= earth.CLOSEST:
        states = sorted({site.country for site in circle.sites if site.country})
        return address("/events", replace(filters, place=states or filters.place))
    closer = earth.around(circle.x, circle.y, max(earth.CLOSEST, window.width / 3)).name
    return map_address(filters, closer)


def _named(circles: list[Circle], window: earth.View) -> list[tuple[Circle, str]]:
    """The largest circles that have room for a name at their right, with it."""
    chosen: list[tuple[Circle, str]] = []
    taken = [_box(one) for one in circles]
    for one in circles:
        name = one.sites[0].name if len(one.sites) == 1 else f"{one.sites[0].name} +{len(one.sites) - 1}"
        left, top = one.x + one.radius * one.unit, one.y - 7 * one.unit
        box = (left, top, left + (8 + 6.2 * len(name)) * one.unit, top + 14 * one.unit)
        own = _box(one)
        fits = len(name) <= _LONGEST and box[2] < window.x + window.width
        if fits and not any(_cross(box, other) for other in taken if other != own):
            chosen.append((one, name))
            taken.append(box)
        if len(chosen) == _NAMED:
            break
    return chosen


def _box(circle: Circle) -> tuple[float, float, float, float]:
    reach = circle.radius * circle.unit
    return circle.x - reach, circle.y - reach, circle.x + reach, circle.y + reach


def _cross(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
