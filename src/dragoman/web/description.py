"""The API's description of itself: OpenAPI 3.1."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from dragoman.web.api import bodies, models
from dragoman.web.problems import MEDIA_TYPE

ADDRESS = "/api/v1/openapi.json"
_TAGS = {
    "events": "What happened, as all reports tell it.",
    "documents": "The reports, and where they come from.",
    "series": "Counts by country, pair and period.",
    "stance": "Who supports, condemns, sanctions, arms, mediates.",
    "judgements": "What people corrected.",
    "coding": "Texts made records.",
    "exports": "Events in the layouts of published data sets.",
}
_ABOUT = """\
Lists are paged by cursors: ask again with `after` as `next` of the page before says, or follow the header `Link`. Many
answers come as CSV, too (`?format=csv` or `Accept: text/csv`). Answers carry an `ETag`: what is asked again with
`If-None-Match` and has not changed is answered with 304. Errors are `application/problem+json` (RFC 9457)."""


def describe(app: FastAPI) -> None:
    """Have the application describe its API, once it has all its routes."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _described(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(
        title=f"{app.title} API",
        version=app.version,
        summary=app.summary,
        description=_ABOUT,
        routes=app.routes,
        tags=[{"name": name, "description": said} for name, said in _TAGS.items()],
        license_info={"name": "Apache 2.0", "identifier": "Apache-2.0"},
    )
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    for model in (models.Problem, bodies.Document):
        schemas[model.__name__] = model.model_json_schema()
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in made["paths"].values():
        for operation in operations.values():
            answers = operation["responses"]
            if "422" in answers:
                answers["422"] = {
                    "description": "What was asked has not the form that it must have.",
                    "content": problem,
                }
    made["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "A token, where the desk has users."}
    }
    made["security"] = [{}, {"token": []}]
    return made
