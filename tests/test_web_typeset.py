"""A report set for reading: nothing of its text is lost or moved, whatever its records and characters are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.ledger.asking import StoredRecord
from dragoman.record import Entity, Event, EventPlace, Mention, Reason, Span
from dragoman.web.showing.adding import Given, Unfit, find, missed, sentence
from dragoman.web.showing.marking import Mark, pieces
from dragoman.web.showing.typeset import MOST, PART, Entry, Inked, marks_of, parts, set_text

BITS = (*"ab .!\n\r\t“”<>&é\u0301\u202e😀𝒜جي", "Mr. A", "\n\n", "\r\n", ". B", "attacked ")
TEXTS = st.lists(st.sampled_from(BITS), max_size=300).map("".join)


def words(text: str, *told: str) -> list[Entry]:
    """A record for each of ``told``: ``TYPE trigger``, in the sentence that holds the trigger."""
    entries = []
    for n, one in enumerate(told, 1):
        kind, trigger = one.split(" ", 1)
        start = text.index(trigger)
        span = Span(start, start + len(trigger))
        entries.append(Entry(n, StoredRecord(Event(kind, mentions=(Mention(*sentence(text, span), span),)), "e")))
    return entries


def inked(text: str, entries: list[Entry]) -> dict[str, Inked]:
    return {piece.text: piece for paragraph in set_text(text, entries) for piece in paragraph.pieces}


@st.composite
def told(draw: st.DrawFn) -> tuple[str, list[Entry]]:
    text = draw(TEXTS)
    places = st.integers(0, len(text))
    entries = []
    for n in range(1, draw(st.integers(0, 6)) + 1):
        a, b, c, d = sorted(draw(st.tuples(places, places, places, places)))
        record = Event(
            draw(st.sampled_from(["ASSAULT", "CONSULT", "ACCUSE", "AID"])),
            actor=(Entity("x", b, d, None, None),),
            mentions=(Mention(a, d, Span(b, c)),),
        )
        entries.append(Entry(n, StoredRecord(record, "e")))
    return text, entries


@given(told())
@settings(max_examples=150, deadline=None)
def test_paragraphs_are_the_text(made: tuple[str, list[Entry]]) -> None:
    text, entries = made
    at = 0
    for paragraph in set_text(text, entries):
        whole = "".join(piece.text for piece in paragraph.pieces)
        assert text[paragraph.start : paragraph.start + len(whole)] == whole
        assert not text[at : paragraph.start].strip()
        at = paragraph.start + len(whole)
        assert whole.strip()
    assert not text[at:].strip()


@given(told())
@settings(max_examples=100, deadline=None)
def test_each_word_knows_what_it_is_to_each_record(made: tuple[str, list[Entry]]) -> None:
    text, entries = made
    for paragraph in set_text(text, entries):
        at = paragraph.start
        for piece in paragraph.pieces:
            for entry in entries:
                covering = {r for s, e, r in marks_of(entry.record) if s <= at and at + len(piece.text) <= e and s < e}
                assert set(piece.of(entry.n)) == covering
            at += len(piece.text)


@given(
    st.integers(0, 200_000), st.lists(st.integers(0, 200_000), max_size=400), st.sampled_from(["a", "a b. C ", "x\n"])
)
@settings(max_examples=60, deadline=None)
def test_parts_of_a_long_text_follow_each_other_and_are_bounded(length: int, firsts: list[int], words: str) -> None:
    text = (words * (length // len(words) + 1))[:length]
    firsts = sorted(first for first in firsts if first < length)
    starts = parts(text, firsts)
    assert starts[0] == 0
    ends = [*starts[1:], length]
    for start, end in zip(starts, ends, strict=True):
        assert start < end or length == 0
        assert end - start <= PART
        inside = {first for first in firsts if start <= first < end}
        assert len(inside) <= MOST


def test_a_sentence_has_a_line_for_each_class_and_triggers_have_their_numbers() -> None:
    text = "Envoys met while the army shelled Varda. Nothing else was told."
    found = inked(text, words(text, "CONSULT met", "ASSAULT shelled"))
    assert found["met"].lanes == ("verbal-cooperation", "material-conflict")
    assert (found["met"].ink, found["met"].label) == ("verbal-cooperation", "1")
    assert (found["shelled"].ink, found["shelled"].label) == ("material-conflict", "2")
    assert found[" while the army "].roles == {"said": (1, 2)}
    assert found[" Nothing else was told."].roles == {}


def test_a_trigger_of_two_events_has_both_numbers() -> None:
    text = "Both sides shelled Varda."
    assert inked(text, words(text, "ASSAULT shelled", "ACCUSE shelled"))["shelled"].label == "1·2"


def test_dates_and_places_are_marked_only_where_the_record_has_them() -> None:
    reasons = (Reason("date", "why", Span(12, 18)), Reason("place", "why", Span(3, 8)))
    record = Event("CONSULT", place=EventPlace("Varda"), mentions=(Mention(0, 28, Span(24, 27)),), reasons=reasons)
    assert {role for _, _, role in marks_of(record)} == {"said", "trigger", "place"}


def test_what_is_judged_no_event_is_not_marked() -> None:
    text = "They met."
    [one] = words(text, "CONSULT met")
    assert inked(text, [Entry(0, one.stored)])[text].roles == {}


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("One.\n\nTwo.\n\n\nThree.", [0, 6, 13]),
        ("One line.\nAnother line.", [0, 10]),
        ("One.\r\n\r\nTwo.", [0, 8]),
        (
            "The army shelled the town of Varda on Monday while its\nenvoys met those of the rebels in the town, and\n"
            "nobody was told of it before Wednesday at the very\nearliest.\n\nThen it ended.",
            [0, 165],
        ),
    ],
)
def test_paragraphs_begin_where_the_text_says(text: str, starts: list[int]) -> None:
    assert [paragraph.start for paragraph in set_text(text, [])] == starts


def test_a_long_paragraph_is_broken_between_sentences_and_not_after_a_title() -> None:
    one = "The army of the north and Gen. Abu Sayed held the bridge for a week. "
    text = one * 20
    starts = [paragraph.start for paragraph in set_text(text, [])]
    assert len(starts) > 2
    assert all(start % len(one) == 0 for start in starts)
    whole = Event("ASSAULT", mentions=(Mention(0, len(text), Span(4, 8)),))
    assert len(set_text(text, [Entry(1, StoredRecord(whole, "e"))])) == 1


TEXT = "Rebels attacked a post. “Soldiers fled,” a man in Barida said. Later they attacked it again.\n\nNiger sent aid."


def filled(**values: str | list[str]) -> Given:
    fields = {"words": "fled", "type": "RETREAT", **values}
    return Given({name: [value] if isinstance(value, str) else value for name, value in fields.items()})


def wrong(**values: str | list[str]) -> dict[str, str]:
    with pytest.raises(Unfit) as error:
        missed(filled(**values), TEXT)
    return dict(error.value.wrong)


def test_a_form_becomes_a_record() -> None:
    made = missed(
        filled(
            actor=["Soldiers", "a man"],
            actor_country=["Niger", ""],
            actor_sector=["MIL", "CVL"],
            recipient="post",
            place="Barida",
            place_country="NER",
            date="2025-05",
            factuality="negated",
            historical="yes",
            attribution="a man",
        ),
        TEXT,
    )
    assert (made.type, made.date, made.factuality, made.historical) == ("RETREAT", "2025-05", "negated", True)
    assert [(e.text, e.start, e.country, e.sector) for e in made.actor] == [
        ("Soldiers", 25, "NER", "MIL"),
        ("a man", 41, None, "CVL"),
    ]
    assert made.place == EventPlace("Barida", "NER")
    [mention] = made.mentions
    assert mention.trigger.of(TEXT) == "fled"
    assert Span(mention.start, mention.end).of(TEXT) == "“Soldiers fled,” a man in Barida said."
    assert {Span(s, e).of(TEXT) for s, e, role in marks_of(made) if role == "place"} == {"Barida"}


def test_each_field_that_makes_no_sense_is_named() -> None:
    assert set(wrong(words="")) == {"words"}
    assert set(wrong(words="surrendered")) == {"words"}
    assert "2 times" in wrong(words="attacked")["words"]
    assert set(wrong(type="")) == {"type"}
    assert set(wrong(type="NOTHING")) == {"type"}
    assert "RETREAT" not in wrong(mode="expel")["mode"]
    assert set(wrong(date="31 May", factuality="maybe")) == {"date", "factuality"}
    assert set(wrong(actor="Nobody", recipient="", recipient_country="Niger")) == {"actor", "recipient"}
    assert set(wrong(actor="Soldiers", actor_country="Nowhereland")) == {"actor"}
    assert set(wrong(actor="Soldiers", actor_sector="XYZ")) == {"actor"}
    assert set(wrong(place="Lome")) == {"place"}
    assert set(wrong(place_country="Niger")) == {"place"}


def test_words_that_stand_twice_are_told_by_their_place_or_between_brackets() -> None:
    second = TEXT.rindex("attacked")
    for typed in ({"words": "attacked", "words_at": str(second)}, {"words": "later they [attacked] it"}):
        made = missed(filled(type="ASSAULT", **typed), TEXT)
        assert made.mentions[0].trigger == Span(second, second + 8)
    assert "words" in wrong(words="attacked", words_at="7000000000")
    assert "words" in wrong(words="attacked", words_at="3")


def test_a_mode_may_come_with_its_type() -> None:
    made = missed(filled(type="ASSAULT", mode="ASSAULT:firearms"), TEXT)
    assert made.mode == ("firearms",)
    assert set(wrong(type="ASSAULT", mode="COERCE:arrest")) == {"mode"}


@given(TEXTS, st.integers(0, 400), st.integers(1, 40))
@settings(max_examples=150, deadline=None)
def test_words_of_a_text_are_found_where_they_stand(text: str, start: int, length: int) -> None:
    words = text[start : start + length]
    if not words.strip():
        return
    at = start + len(words) - len(words.lstrip())
    found = find(text, " ".join(words.split()), str(at))
    assert found is not None
    assert found.start == at
    assert found.of(text).split() == words.split()


@given(TEXTS.filter(str.strip), st.data())
@settings(max_examples=100, deadline=None)
def test_the_sentence_holds_its_trigger(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    low, high = sentence(text, Span(start, end))
    assert 0 <= low <= start < end <= high <= len(text)
    assert sentence(text, Span(start, end), [(0, len(text)), (start, end)]) == (start, end)


def test_marks_are_cut_by_code_points() -> None:
    text = "😀 𝒜rebels attacked"
    assert [p.text for p in pieces(text, [Mark(10, 18, "trigger")])] == ["😀 𝒜rebels ", "attacked"]
