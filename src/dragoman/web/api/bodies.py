"""What the API takes: documents, and what people judge."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from dragoman.web.api.models import Strict


class Document(BaseModel):
    """A report. Other fields are passed over."""

    text: str
    published: str | None = Field(None, description="An ISO 8601 date, or date and time.")
    id: str = ""
    title: str = ""
    url: str = ""
    outlet: str = ""


Note = Annotated[str, Field(max_length=10_000, description="Why, in words.")]
Id = Annotated[str, Field(min_length=1, max_length=200)]


class Correction(Strict):
    """Fields of the event as they should stand, in the form of a record's JSON, for all its records."""

    action: Literal["correct"]
    value: dict[str, Any] = Field(min_length=1, examples=[{"type": "SANCTION", "mode": ["expel"]}])
    note: Note = ""


class Confirmation(Strict):
    """That the event is recorded rightly."""

    action: Literal["confirm"]
    note: Note = ""


class Drop(Strict):
    """That what was taken for an event is none."""

    action: Literal["drop"]
    note: Note = ""


OfEvent = Annotated[Correction | Confirmation | Drop, Field(discriminator="action")]


class Merge(Strict):
    """That several events are one."""

    action: Literal["merge"]
    events: list[Id] = Field(min_length=2, max_length=100)
    note: Note = ""


class Split(Strict):
    """That records are of another event than the rest of their event."""

    action: Literal["split"]
    event: Id
    records: list[Id] = Field(min_length=1, max_length=1000)
    note: Note = ""


class Addition(Strict):
    """A record that the coder missed, in the form of a record's JSON."""

    action: Literal["add"]
    report: Id
    record: dict[str, Any]
    note: Note = ""


class Undoing(Strict):
    """That a judgement is taken back."""

    action: Literal["undo"]
    judgement: Id
    note: Note = ""


OfSeveral = Annotated[Merge | Split | Addition | Undoing, Field(discriminator="action")]
