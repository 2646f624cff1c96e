"""Marked words: whatever the spans, the text is told whole, each code point under the marks that cover it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dragoman.web.showing.marking import Mark, Piece, pieces

MARKS = st.lists(
    st.builds(Mark, st.integers(-5, 30), st.integers(-5, 30), st.sampled_from(("trigger", "actor", "place"))),
    max_size=12,
)


@given(st.text(max_size=25), MARKS, st.integers(-3, 9))
def test_the_pieces_put_together_are_the_text(text: str, marks: list[Mark], offset: int) -> None:
    made = pieces(text, marks, offset=offset)
    assert "".join(piece.text for piece in made) == text
    assert all(piece.text for piece in made)


@given(st.text(max_size=25), MARKS, st.integers(-3, 9))
def test_each_code_point_has_just_the_marks_that_cover_it(text: str, marks: list[Mark], offset: int) -> None:
    for piece in pieces(text, marks, offset=offset):
        assert text[piece.start - offset :].startswith(piece.text)
        for at in range(piece.start, piece.start + len(piece.text)):
            covering = [mark for mark in marks if mark.start <= at < mark.end]
            assert sorted(piece.marks, key=repr) == sorted(covering, key=repr)


@given(st.text(min_size=1, max_size=25), MARKS)
def test_neighbours_differ_in_a_mark_that_begins_or_ends_between_them(text: str, marks: list[Mark]) -> None:
    made = pieces(text, marks)
    cuts = {at for mark in marks if mark.start < mark.end for at in (mark.start, mark.end)}
    assert all(piece.start in cuts for piece in made[1:])


def test_overlapping_marks_share_the_words_between_them() -> None:
    actor, trigger = Mark(0, 11, "actor", "r1"), Mark(4, 16, "trigger", "r2")
    assert pieces("the general said", [trigger, actor]) == [
        Piece("the ", 0, (actor,)),
        Piece("general", 4, (actor, trigger)),
        Piece(" said", 11, (trigger,)),
    ]
    assert pieces("the general said", [trigger, actor])[1].roles == ("actor", "trigger")
    assert pieces("the general said", [trigger, actor])[1].of == ("r1", "r2")


def test_of_marks_of_the_same_words_the_outer_comes_first_and_equals_keep_their_order() -> None:
    inner, outer, same = Mark(2, 4, "place"), Mark(2, 6, "actor"), Mark(2, 6, "date")
    first = pieces("0123456789", [inner, outer, same])[1]
    assert first.marks == (outer, same, inner)


def test_words_without_marks_are_one_piece_and_no_words_none() -> None:
    assert pieces("plain", [Mark(2, 2, "actor"), Mark(9, 12, "actor")]) == [Piece("plain")]
    assert pieces("", [Mark(0, 3, "actor")]) == []
