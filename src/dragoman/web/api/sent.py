"""Documents that are sent: text, JSON or JSON lines, read as files are."""

from __future__ import annotations

from io import BytesIO
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request

from dragoman.ledger import BadQuestion
from dragoman.reading import MAX_CHARACTERS, BadDate, Refusal, publication_date
from dragoman.reading.finish import Finish
from dragoman.reading.json_records import read_lines, read_values
from dragoman.reading.sources import drafts
from dragoman.reading.stream import Source
from dragoman.record import Document
from dragoman.web.desk import desk_of

TEXT, JSON, LINES = "text/plain", "application/json", "application/jsonl"
_LINES = frozenset({LINES, "application/x-ndjson", "application/json-lines", "application/x-jsonlines"})
_NAME = "the request"


async def _body(request: Request) -> bytes:
    """The body of a request, no more of it in memory than the desk takes."""
    most = desk_of(request).settings.most_bytes
    too_large = HTTPException(413, f"more than {most:,} bytes were sent: send less at a time")
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > most:
        raise too_large
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise too_large
    return bytes(body)


Body = Annotated[bytes, Depends(_body)]


def documents(request: Request, body: bytes, *, published: str | None = None) -> list[Document | Refusal]:
    """What was sent, document by document, and a refusal for each that cannot be coded.

    ``published`` is the date of those that state none. Raises HTTPException (415) for another kind of content,
    BadQuestion for what is no date.
    """
    kind = request.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    source = Source(_NAME, BytesIO(body), size=len(body))
    try:
        finish = Finish(None if published is None else publication_date(published), MAX_CHARACTERS)
    except BadDate as error:
        raise BadQuestion(f"published: {error}") from error
    if kind == TEXT:
        made = drafts(source, ".txt", None, MAX_CHARACTERS)
    elif kind == JSON:
        made = read_values(source)
    elif kind in _LINES:
        made = read_lines(source, MAX_CHARACTERS)
    else:
        raise HTTPException(415, f"{kind[:80]!r} is not read here: send {TEXT}, {JSON} or {LINES}")
    return [one if isinstance(one, Refusal) else finish(one) for one in made]


def taken(*, several: bool) -> dict[str, Any]:
    """What a route's ``openapi_extra`` says of the documents that it takes."""
    one = {"$ref": "#/components/schemas/Document"}
    many = {"oneOf": [one, {"type": "array", "items": one, "minItems": 1}]}
    content: dict[str, Any] = {JSON: {"schema": many if several else one}}
    if several:
        content[LINES] = {"schema": {"type": "string", "description": "A document a line."}}
    content[TEXT] = {"schema": {"type": "string", "description": "The text of one report."}}
    return {"requestBody": {"required": True, "content": content}}
