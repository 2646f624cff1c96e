"""Actors: who there is, and one of them in full."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from dragoman import codebook
from dragoman.actors.text import fold
from dragoman.ledger.asking import Counterpart, Named, Tally
from dragoman.ledger.asking.countries import known_country
from dragoman.ledger.asking.meant import spellings
from dragoman.ledger.model import LedgerEvent
from dragoman.web.asked import address
from dragoman.web.desk import AtDesk, Desk
from dragoman.web.parties import country_address
from dragoman.web.rendering import page
from dragoman.web.showing import dealings
from dragoman.web.showing.months import Span, span_of

router = APIRouter()
# Countries that are listed before one asks for all.
_LISTED = 40
_NAMES = 60
_LATEST = 6
SORTS = ("events", "out", "into", "score", "name")


@router.get("/actors")
def actors(request: Request, desk: AtDesk, q: str = "", sort: str = "events", all: str = "") -> Response:
    """The countries by what they do and what is done to them, and the names told of most of late."""
    rows = desk.once("actors: countries", lambda: _countries(desk))
    wanted = fold(q)
    shown = [row for row in rows if wanted in row["folded"] or wanted == row["code"].casefold()] if wanted else rows
    by = sort if sort in SORTS else "events"
    shown = sorted(shown, key=_ORDERS[by])
    names = desk.once("actors: names", lambda: desk.ledger.names())
    told = [n for n in names.names if not wanted or any(wanted in fold(form) for form in (n.name, *n.forms))]
    whole = bool(all or wanted)
    return page(
        request,
        "actors.html",
        q=q,
        sort=by,
        rows=shown if whole else shown[:_LISTED],
        more=0 if whole else max(0, len(shown) - _LISTED),
        most=max((max(row["out"].events, row["into"].events) for row in rows), default=1),
        names=told if wanted else told[:_NAMES],
        read=names.read,
        complete=names.complete,
    )


@router.get("/actors/named")
def named(request: Request, desk: AtDesk, name: str = "", country: str = "") -> Response:
    """A group or person as the reports name them."""
    if not name.strip():
        return RedirectResponse("/actors", 303)
    span = _span(request, desk)
    asked: dict[str, Any] = {"since": span.since, "until": span.until}
    found: Named = desk.once(
        ("named", name, country, span.since, span.until, span.by),
        lambda: desk.ledger.named(name, country=country.strip() or None, by=span.by, **asked),
    )
    known = spellings(found.name) if found.known else [found.name]
    # Words that find the most forms: the list of events can be asked for one name at a time.
    word = known[0] if len(known) == 1 else found.forms[0][0] if found.forms else found.name
    code = known_country(country) if country.strip() else None

    def events(way: str, type: str | Sequence[str] = (), other: Counterpart | None = None) -> str:
        own, theirs = ("actor", "recipient") if way == "out" else ("recipient", "actor")
        given: dict[str, Any] = {f"{own}_name": word, own: code, "type": type, **asked}
        if other is not None:
            given |= {theirs: other.country} if other.country else {f"{theirs}_name": other.name}
        return address("/events", None, **given, factuality="actual" if type else None)

    return page(
        request,
        "actor.html",
        title=found.name,
        code=code,
        country=None,
        named=found,
        word=word,
        partners=[],
        roles=_by_year(found),
        events=events,
        path="/actors/named",
        fixed={"name": name, "country": country},
        span=span,
        **_shown(found.name, found.out, found.into, found.arms, span, code),
        acting=found.acting[:_LATEST],
        acted=found.acted[:_LATEST],
        told=found.told[:_LATEST],
        denied=found.denied[:_LATEST],
    )


@router.get("/actors/{code}")
def actor(request: Request, desk: AtDesk, code: str) -> Response:
    """A country or an international body."""
    known = known_country(code)
    if known is None:
        raise HTTPException(404, f"{code!r} is no country or body of the codebook: look for its name under Actors")
    if known != code:
        # A name, a small letter or a dependency leads to the code that records have.
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(country_address(known) + query, 308)
    span = _span(request, desk)
    asked: dict[str, Any] = {"since": span.since, "until": span.until}
    key = (code, span.since, span.until)
    found = desk.once(("actor", *key, span.by), lambda: desk.ledger.profile(code, by=span.by, **asked))
    arms = desk.once(("arms", *key), lambda: desk.ledger.arms(code, **asked))

    def events(way: str, type: str | Sequence[str] = (), other: Counterpart | None = None) -> str:
        own, theirs = ("actor", "recipient") if way == "out" else ("recipient", "actor")
        given: dict[str, Any] = {own: code, theirs: other.country if other else None, "type": type, **asked}
        return address("/events", None, **given, factuality="actual" if type else None)

    def latest(**filters: Any) -> tuple[LedgerEvent, ...]:
        return desk.ledger.query(limit=_LATEST, **filters, **asked).events

    lists: dict[str, Any] = desk.once(
        ("actor: events", *key),
        lambda: {
            "acting": latest(actor=code),
            "acted": latest(recipient=code),
            "told": latest(party=code, sort="sources", min_sources=2),
            "denied": latest(actor=code, denied_by=code),
        },
    )
    country = codebook.COUNTRIES[code]
    return page(
        request,
        "actor.html",
        title=country.name,
        code=code,
        country=country,
        named=None,
        partners=dealings.partners(found.out, found.into, code),
        roles=(),
        events=events,
        path=country_address(code),
        fixed={},
        span=span,
        **_shown(country.name, found.out, found.into, arms, span, code),
        **lists,
    )


def _span(request: Request, desk: Desk) -> Span:
    return span_of(request.query_params, desk.once("days", desk.ledger.days))


def _shown(title: str, out: Any, into: Any, arms: Any, span: Span, code: str | None) -> dict[str, Any]:
    types = [
        (kind, out.types.get(kind.name, 0), into.types.get(kind.name, 0))
        for kind in codebook.TYPES.values()
        if kind.name in out.types or kind.name in into.types
    ]
    return {
        "out": out,
        "into": into,
        "types": types,
        "most": max([*out.types.values(), *into.types.values(), 1]),
        "sights": dealings.sights(out, into, arms),
        "arms": arms,
        "home": code,
        "figures_drawn": dealings.figures(title, out, into, span),
    }


def _countries(desk: Desk) -> list[dict[str, Any]]:
    nothing = Tally(None, None, None, None, 0, 0, 0, None, 0, 0, 0, 0, 0)
    out: Mapping[str | None, Tally] = {row.actor: row for row in desk.ledger.tallies(over=["actor"])}
    into: Mapping[str | None, Tally] = {row.recipient: row for row in desk.ledger.tallies(over=["recipient"])}
    rows = []
    for code in sorted({c for c in (*out, *into) if c}):
        known = codebook.COUNTRIES.get(code)
        name = known.name if known else code
        rows.append(
            {
                "code": code,
                "name": name,
                "folded": fold(name),
                "out": out.get(code, nothing),
                "into": into.get(code, nothing),
            }
        )
    return rows


def _score(row: Mapping[str, Any]) -> tuple[Any, ...]:
    mean = row["out"].score_mean
    return mean is None, mean or 0.0, row["name"]


_ORDERS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "events": lambda row: (-(row["out"].events + row["into"].events), row["name"]),
    "out": lambda row: (-row["out"].events, row["name"]),
    "into": lambda row: (-row["into"].events, row["name"]),
    "score": _score,
    "name": lambda row: row["name"],
}


def _by_year(found: Named) -> list[tuple[str, list[Any]]]:
    """The codes of each year, the latest first; those of no known year last."""
    years: dict[str, list[Any]] = {}
    for one in found.codes:
        years.setdefault(one.year, []).append(one)
    return sorted(years.items(), reverse=True)
