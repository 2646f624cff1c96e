"""What programs can ask of the desk, told to people."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from dragoman.web.api.examples import EXAMPLES
from dragoman.web.description import ADDRESS
from dragoman.web.freshness import FreshPage
from dragoman.web.rendering import page

Schema = dict[str, Any]
router = APIRouter(route_class=FreshPage)


@router.get("/api")
def programs(request: Request) -> HTMLResponse:
    """The operations of the API, with examples."""
    described = request.app.openapi()
    base = str(request.base_url).rstrip("/")
    operations = [
        _told(base, path, method, operation, described["components"]["schemas"])
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
    groups = [(tag, [one for one in operations if one["tag"] == tag["name"]]) for tag in described["tags"]]
    return page(request, "api.html", groups=groups, base=base, description=ADDRESS)


def _told(base: str, path: str, method: str, operation: Schema, named: Schema) -> dict[str, Any]:
    example = EXAMPLES[operation["operationId"]]
    parameters = [one for one in operation.get("parameters", []) if one["in"] in ("query", "path")]
    return {
        "id": operation["operationId"],
        "tag": operation["tags"][0],
        "method": method.upper(),
        "path": path,
        "summary": operation["summary"],
        "told": [_pieces(" ".join(part.split())) for part in operation["description"].split("\n\n")],
        "parameters": [(one["name"], _kind(one["schema"], named), _pieces(one["description"])) for one in parameters],
        "takes": list(operation.get("requestBody", {}).get("content", {})),
        "gives": list(next(iter(operation["responses"].values())).get("content", {})),
        "curl": example.curl(base, path),
        "python": example.python,
    }


def _pieces(text: str) -> list[tuple[str, bool]]:
    """A text in pieces, and whether each stands between backquotes."""
    return [(piece, bool(at % 2)) for at, piece in enumerate(text.split("`")) if piece]


# Values of a parameter that are listed, such as all types; there are a hundred modes.
_MOST = 40


def _kind(schema: Schema, named: Schema) -> str:
    """What a parameter may be, in a few words; ``named`` are the schemas that others refer to."""
    if "$ref" in schema:
        return _kind(named[schema["$ref"].rpartition("/")[2]], named)
    if "anyOf" in schema:
        return " or ".join(_kind(one, named) for one in schema["anyOf"] if one.get("type") != "null")
    if "enum" in schema:
        return " · ".join(schema["enum"]) if len(schema["enum"]) <= _MOST else "word"
    if schema.get("type") == "array":
        return f"{_kind(schema['items'], named)}, or several"
    return {"string": "text", "boolean": "true · false", "integer": "whole number"}.get(schema["type"], "number")
