"""Pages made of templates: every value escaped, every word for people made in one place."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from dragoman import __version__, codebook
from dragoman.ledger.model import LedgerEvent
from dragoman.web import static
from dragoman.web.asked import address
from dragoman.web.drawing import score_class
from dragoman.web.parties import actor_address, country_address, meaning
from dragoman.web.visitors import csrf_token, visitor

NAVIGATION = (
    ("/", "Front page"),
    ("/events", "Events"),
    ("/reports", "Reports"),
    ("/actors", "Actors"),
    ("/relations", "Relations"),
    ("/map", "Map"),
    ("/stance", "Stance"),
    ("/try", "Try it"),
    ("/review", "Review"),
)
QUAD_NAMES = {1: "verbal-cooperation", 2: "material-cooperation", 3: "verbal-conflict", 4: "material-conflict"}


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates of this package. What a template asks for and is not given is an error, not an empty text."""
    made = Environment(
        loader=PackageLoader("dragoman.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "country": country_name,
        "sector": sector_name,
        "quad": quad,
        "day": in_words,
        "when": when,
        "meant": meaning,
        "signed": signed,
        "verbatim": verbatim,
        "webpage": webpage,
    }
    made.globals |= {
        "navigation": NAVIGATION,
        "version": __version__,
        "address": address,
        "actor_address": actor_address,
        "country_address": country_address,
        "score_class": score_class,
        "static": static.address,
        "codebook": codebook,
    }
    return made


def page(request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """A page of the desk.

    Templates get what is given, and ``request``, ``visitor`` (who asks), ``csrf`` (what forms carry) and ``here`` (the
    page's own path).
    """
    shown = visitor(request)
    made = environment().get_template(template)
    text = made.render(request=request, visitor=shown, csrf=csrf_token(request), here=request.scope["path"], **context)
    return HTMLResponse(text, status_code=status)


def country_name(code: str | None) -> str:
    """A country's name; its code where the codebook has no such country, empty for none."""
    if not code:
        return ""
    known = codebook.COUNTRIES.get(code)
    return known.name if known else code


def sector_name(code: str | None) -> str:
    """A sector's name; empty for none."""
    known = codebook.SECTORS.get(code or "")
    return known.name if known else code or ""


def quad(type: str) -> str:
    """The quad class of a type as a word of style sheets: ``material-conflict``."""
    return QUAD_NAMES[codebook.TYPES[type].quad]


def in_words(day: str | None) -> str:
    """``2022-02-25`` as ``25 February 2022``; months, quarters, years and ranges likewise; empty for none."""
    if not day:
        return ""
    if day[4:6] == "-Q":
        return f"{('First', 'Second', 'Third', 'Fourth')[int(day[6]) - 1]} quarter of {day[:4]}"
    if "/" in day:
        return " – ".join(in_words(part) for part in day.split("/"))
    parts = [int(part) for part in day[:10].split("-")]
    if len(parts) == 1:
        return str(parts[0])
    month = f"{date(2000, parts[1], 1):%B} {parts[0]}"
    return f"{parts[2]} {month}" if len(parts) == 3 else month


def signed(number: float | None) -> str:
    """A score with its sign and one decimal, ``−4.5``; empty for none."""
    return f"{number:+.1f}".replace("-", "−") if number is not None else ""


def when(event: LedgerEvent) -> str:
    """An event's own date; where no report gives one, when it was first told, and that it is."""
    if event.date:
        return in_words(event.date)
    return f"told {in_words(event.reported)}" if event.reported else "undated"


def verbatim(text: str) -> Markup:
    """Text that a browser gives back character for character: a carriage return would come back as a line feed."""
    return Markup(str(escape(text)).replace("\r", "&#13;"))


def webpage(url: str) -> str:
    """``url`` where it is an address to be followed; empty for one that would run a script, or do nothing."""
    try:
        parts = urlsplit(url.strip())
        followed = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return ""
    return url.strip() if followed and "@" not in parts.netloc else ""
