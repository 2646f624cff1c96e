"""The record: nothing is lost in JSON, ids stay, offsets slice, and the published schema holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from dragoman import codebook
from dragoman.codebook import CONTEXTS, COUNTRIES, MODES, SECTORS, TYPES, schema
from dragoman.record import (
    FACTUALITIES,
    CodedDocument,
    Document,
    Entity,
    Event,
    EventPlace,
    Mention,
    Reason,
    Span,
)

VALIDATOR = Draft202012Validator(codebook.json_schema())

# Text as it comes: plain words, emoji of several code points, combining marks, line ends of every kind,
# right-to-left script with its marks, characters outside the first plane, NUL and other controls.
PIECES = [
    "Troops", " ", "shelled", "the port", ".", "\r\n", "\n", "\r", "\t", "e\u0301", "n\u0303", "\u0301", "é",
    "\U0001f1fa\U0001f1e6", "\U0001f469\u200d\U0001f467", "\U0001f600", "\u200f", "\u202e", "شرطة", "כוחות",
    "\ufeff", "𐍈", "\x00", "\x1b", "\u2028", "'", '"', "\\", "ﷺ", "中国", "\u00a0",
]  # fmt: skip
texts = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=40).map("".join)
CODES = sorted(c.code for c in COUNTRIES.values() if c.part_of is None)
words = st.text(max_size=12)
dates = st.one_of(
    st.none(),
    st.dates().map(lambda d: d.isoformat()),
    st.dates().map(lambda d: d.isoformat()[:7]),
    st.dates().map(lambda d: d.isoformat()[:4]),
    st.tuples(st.dates(), st.dates()).map(lambda d: f"{min(d)}/{max(d)}"),
)


@st.composite
def spans(draw: st.DrawFn, length: int) -> Span:
    start = draw(st.integers(0, length))
    return Span(start, draw(st.integers(start, length)))


@st.composite
def entities(draw: st.DrawFn, text: str) -> Entity:
    span = draw(spans(len(text)))
    country = draw(st.one_of(st.none(), st.sampled_from(CODES)))
    sector = draw(st.one_of(st.none(), st.sampled_from(list(SECTORS))))
    return Entity(span.of(text), span.start, span.end, country, sector)


@st.composite
def mentions(draw: st.DrawFn, text: str) -> Mention:
    sentence = draw(spans(len(text)))
    start = draw(st.integers(sentence.start, sentence.end))
    return Mention(sentence.start, sentence.end, Span(start, draw(st.integers(start, sentence.end))))


@st.composite
def events(draw: st.DrawFn, text: str) -> Event:
    kind = draw(st.sampled_from(list(TYPES)))
    names = list(MODES[kind])
    modes = st.lists(st.sampled_from(names), unique=True, max_size=2) if names else st.just([])
    several = st.lists(entities(text), max_size=2).map(tuple)
    return Event(
        type=kind,
        mode=tuple(draw(modes)),
        actor=draw(several),
        recipient=draw(several),
        factuality=draw(st.sampled_from(FACTUALITIES)),
        historical=draw(st.booleans()),
        date=draw(dates),
        place=draw(st.one_of(st.none(), st.builds(EventPlace, words, st.sampled_from([None, *CODES])))),
        attribution=draw(several),
        mentions=tuple(draw(st.lists(mentions(text), max_size=2))),
        reasons=tuple(
            draw(st.lists(st.builds(Reason, words, words, st.one_of(st.none(), spans(len(text)))), max_size=2))
        ),
        id=draw(words),
    )


@st.composite
def coded(draw: st.DrawFn) -> tuple[str, CodedDocument]:
    text = draw(texts)
    document = CodedDocument(
        id=draw(st.text(min_size=1, max_size=12)),
        events=tuple(draw(st.lists(events(text), max_size=2))),
        contexts=tuple(draw(st.lists(st.sampled_from(list(CONTEXTS)), unique=True, max_size=3))),
        title=draw(words),
        published=draw(st.one_of(st.none(), st.datetimes().map(lambda d: d.isoformat()))),
        url=draw(words),
        warnings=tuple(draw(st.lists(words, max_size=2))),
    )
    return text, document


@given(coded())
@settings(max_examples=200, deadline=None)
def test_json_loses_nothing_and_keeps_one_line(pair: tuple[str, CodedDocument]) -> None:
    _, document = pair
    line = document.to_json()
    assert "\n" not in line
    assert "\r" not in line
    back = CodedDocument.from_json(line)
    assert back == document
    assert back.to_json() == line
    assert CodedDocument.from_dict(document.to_dict()) == document


@given(coded())
@settings(max_examples=100, deadline=None)
def test_records_fit_the_schema(pair: tuple[str, CodedDocument]) -> None:
    VALIDATOR.validate(json.loads(pair[1].to_json()))


@given(coded())
@settings(max_examples=100, deadline=None)
def test_offsets_slice_to_their_words_after_the_round_trip(pair: tuple[str, CodedDocument]) -> None:
    text, document = pair
    for event in CodedDocument.from_json(document.to_json()).events:
        for entity in (*event.actor, *event.recipient, *event.attribution):
            assert text[entity.start : entity.end] == entity.text
        for mention in event.mentions:
            assert mention.trigger.of(text) in text[mention.start : mention.end]


@given(coded(), words)
@settings(max_examples=100, deadline=None)
def test_ids_depend_on_the_record_alone(pair: tuple[str, CodedDocument], document_id: str) -> None:
    for event in pair[1].events:
        one = event.identified(document_id)
        assert one.id == Event.from_dict(event.to_dict()).identified(document_id).id
        assert one.identified(document_id) == one
        assert one.id != event.identified(document_id + "x").id
        assert len(one.id) == 16
        assert set(one.id) <= set("0123456789abcdef")


def test_ids_are_the_same_in_every_run_and_on_every_machine() -> None:
    """Frozen values: a change here breaks every ledger that was kept so far."""
    rebels = Entity("rebels", 0, 6, "MMR", "REB")
    event = Event("ASSAULT", mentions=(Mention(0, 9, Span(2, 5)),), actor=(rebels,))
    assert event.identified("a").id == "47c6d6be4b956ea4"
    assert Document("A café 😀").id == "76f41b2c428ea603"


def test_events_told_apart_have_ids_told_apart() -> None:
    here, there = Mention(0, 9, Span(2, 5)), Mention(0, 9, Span(6, 9))
    rebels, army = Entity("rebels", 0, 6, "MMR", "REB"), Entity("army", 2, 6, "MMR", "MIL")
    different = [
        Event("ASSAULT", mentions=(here,), actor=(rebels,)),
        Event("THREATEN", mentions=(here,), actor=(rebels,)),
        Event("ASSAULT", mentions=(there,), actor=(rebels,)),
        Event("ASSAULT", mentions=(here,), actor=(army,)),
        Event("ASSAULT", mentions=(here,), recipient=(rebels,)),
        Event("ASSAULT", mentions=(here,)),
    ]
    assert len({event.identified("a").id for event in different}) == len(different)


@given(texts)
def test_a_document_without_an_id_takes_it_from_its_text(text: str) -> None:
    assert Document(text).id == Document(text, published="2024-05-01", title="t").id
    assert Document(text).id != Document(text + "x").id
    assert Document(text, id="mine").id == "mine"


def test_a_lone_surrogate_does_not_stop_the_id() -> None:
    assert Document("\ud800").id


def test_an_unknown_factuality_is_an_error() -> None:
    with pytest.raises(ValueError, match="likely"):
        Event.from_dict({"type": "AID", "factuality": "likely"})


def test_records_of_fewer_fields_are_read() -> None:
    """As in the codebook, without what Dragoman adds (ids, reasons, warnings)."""
    event = Event.from_dict({"type": "AID", "actor": [{"text": "a", "start": 0, "end": 1}]})
    assert event == Event("AID", actor=(Entity("a", 0, 1),))


# The schema


def test_the_schema_file_is_what_the_codebook_makes() -> None:
    assert codebook.json_schema() == schema.schema()
    Draft202012Validator.check_schema(codebook.json_schema())


def _row(**changes: Any) -> dict[str, Any]:
    event = Event("ASSAULT", ("aerial",), actor=(Entity("rebels", 0, 6, "MMR", "REB"),), date="2024-05-01")
    return {"id": "a", "contexts": ["military"], "events": [event.to_dict() | changes]}


def _entity(**changes: Any) -> list[Mapping[str, Any]]:
    return [Entity("rebels", 0, 6, "MMR", "REB").to_dict() | changes]


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "FIGHT"},
        {"mode": ["arrest"]},
        {"type": "AGREE"},  # which has no modes
        {"mode": ["aerial", "aerial"]},
        {"factuality": "likely"},
        {"historical": "yes"},
        {"date": "1 May 2024"},
        {"date": "2024-13"},
        {"date": "2024-05-01/"},
        {"place": "Osk"},
        {"actor": _entity(country="GUM")},  # a dependency takes its state's code
        {"actor": _entity(country="Myanmar")},
        {"actor": _entity(sector="ARMY")},
        {"actor": _entity(start=-1)},
        {"actor": _entity(colour="red")},
        {"mentions": [{"start": 0, "end": 1}]},
        {"colour": "red"},
    ],
)
def test_the_schema_refuses_what_the_codebook_does_not_know(changes: dict[str, Any]) -> None:
    assert VALIDATOR.is_valid(_row())
    assert not VALIDATOR.is_valid(_row(**changes))


def test_the_schema_refuses_unknown_contexts_and_missing_parts() -> None:
    assert not VALIDATOR.is_valid(_row() | {"contexts": ["weather"]})
    assert not VALIDATOR.is_valid({"id": "a", "events": []})
    assert not VALIDATOR.is_valid(_row() | {"id": ""})
    for field in ("type", "mode", "date", "place", "mentions"):
        row = _row()
        del row["events"][0][field]
        assert not VALIDATOR.is_valid(row), field
