"""The forms of answers: JSON or CSV, pages that link to the next, routes that know their parameters."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from io import BytesIO
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, HTTPException, Path, Query, Request, Response
from fastapi.dependencies.utils import get_flat_params

from dragoman.export.ledger import LAYOUTS
from dragoman.export.ledger.losses import Losses
from dragoman.export.rows import Value
from dragoman.export.separated import Line
from dragoman.export.sink import encoded
from dragoman.ledger import BadQuestion, LedgerEvent
from dragoman.web.freshness import Fresh
from dragoman.web.problems import MEDIA_TYPE

T = TypeVar("T")
Format = Literal["json", "csv"]
CSV = "text/csv"
# Of one page. A page of 500 events with all their tellings is some megabytes.
MOST = 500


class Route(Fresh):
    """A route of the API: it refuses a parameter that it does not know, rather than answer another question."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def known(request: Request) -> Response:
            wrong = sorted(set(request.query_params) - self.parameters())
            if wrong:
                near = difflib.get_close_matches(wrong[0], self.parameters(), n=1)
                hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(self.parameters()))}"
                raise BadQuestion(f"there is no parameter {wrong[0][:60]!r} here" + (f": {hint}" if hint else ""))
            return await answer(request)

        return known

    def parameters(self) -> frozenset[str]:
        """The names of the parameters that an address of this route may have."""
        declared = {field.alias for field in get_flat_params(self.dependant)}
        more = (self.openapi_extra or {}).get("parameters", ())
        return frozenset(declared | {one["name"] for one in more if one["in"] == "query"})


def _form(
    request: Request,
    format: Annotated[
        Format | None, Query(description="`json` or `csv`; without it, what the header `Accept` prefers.")
    ] = None,
) -> Format:
    if format is not None:
        return format
    return "csv" if _weight(request, CSV) > max(_weight(request, "application/json"), 0.0) else "json"


Form = Annotated[Format, Depends(_form)]
EventId = Annotated[str, Path(description="The id of the event, or of one of its records.")]
ReportId = Annotated[str, Path(description="The id of the report.")]
JudgementId = Annotated[str, Path(description="The id of the judgement.")]
Limit = Annotated[int, Query(ge=1, le=MOST, description="The most entries of a page.")]
After = Annotated[
    str | None, Query(description="The cursor `next` of the page before; its filters and sort must be the same.")
]


def _weight(request: Request, kind: str) -> float:
    """How much a kind is wanted, as ``Accept`` names it or all kinds; 0 where it does not."""
    named, any_kind = 0.0, 0.0
    for part in request.headers.get("accept", "*/*").split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = next((_number(p[2:]) for p in parameters if p.startswith("q=")), 1.0)
        if name == kind:
            named = max(named, weight)
        elif name in ("*/*", kind.split("/")[0] + "/*") and kind != CSV:
            any_kind = max(any_kind, weight)
    return named or any_kind


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def answer(made: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON. Halves of characters, for which UTF-8 has no bytes, become �."""
    text = json.dumps(made, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(encoded(text), status_code=status, headers=dict(headers or {}), media_type="application/json")


def table(columns: Mapping[str, Callable[[T], Value]], rows: Iterable[T]) -> Response:
    """CSV as the exports write it: quoted as RFC 4180 says, lists joined by ``;``, words as they stand."""
    line = Line(",")
    lines = [line.of(list(columns)), *(line.of([_clean(of(row)) for of in columns.values()]) for row in rows)]
    return _csv(encoded("".join(lines)))


def _clean(value: Value) -> Value:
    return value.replace("\x00", " ") if isinstance(value, str) else value


def event_table(events: Sequence[LedgerEvent]) -> Response:
    """Events as the export ``csv`` writes them."""
    out = BytesIO()
    layout = LAYOUTS["csv"](out, Losses(), "leave")
    layout.begin()
    for event in events:
        layout.write(event)
    layout.finish()
    return _csv(out.getvalue())


def _csv(content: bytes) -> Response:
    return Response(content, media_type=f"{CSV}; charset=utf-8; header=present")


def paged(request: Request, made: Response, following: str | None) -> Response:
    """``made`` with a link to the page after it, where there is one."""
    if following is not None:
        pairs = [(name, value) for name, value in request.query_params.multi_items() if name != "after"]
        address = f"{request.url.path}?{urlencode([*pairs, ('after', following)])}"
        made.headers["Link"] = f'<{address}>; rel="next"'
    return made


def found(thing: T | None, what: str) -> T:
    """``thing``; HTTPException (404) where there is none."""
    if thing is None:
        raise HTTPException(404, f"there is no {what}")
    return thing


def described(model: type[Any], description: str, *, csv: bool = False, status: int = 200) -> dict[int | str, Any]:
    """The answers of a route for its description: what it gives, and what may go wrong."""
    content: dict[str, Any] = {CSV: {"schema": {"type": "string"}}} if csv else {}
    return {status: {"model": model, "description": description, **({"content": content} if csv else {})}}


def problems(*statuses: int) -> dict[int | str, Any]:
    """What may go wrong, for the description of a route."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {status: {"description": _WRONG[status], "content": {MEDIA_TYPE: schema}} for status in statuses}


_WRONG = {
    400: "What is asked is no question: a filter, parameter or value that there is none of.",
    401: "Who asks is not known: give a token.",
    403: "Who asks may only read.",
    404: "There is nothing of that id.",
    413: "What was sent is too large.",
    415: "What was sent is of another kind than is taken here.",
    422: "What was sent or asked has not the form that it must have.",
    429: "Too much was asked in too short a time: see the header Retry-After.",
    503: "The ledger or the coder has too much to do: see the header Retry-After.",
}
READING = problems(400, 401, 422, 429, 503)
EDITING = problems(400, 401, 403, 404, 413, 422, 429, 503)
