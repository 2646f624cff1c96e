"""Words looked for in texts that lie at hand: found as the index of a ledger finds them."""

from __future__ import annotations

import random
import sys
from concurrent.futures import ThreadPoolExecutor

from hypothesis import example, given, settings
from hypothesis import strategies as st

from dragoman.ledger import words
from dragoman.ledger.stemming import stem_word

WORDS = st.text("aeiost ynrdlgäжİß-'_1", max_size=9)
TEXTS = st.lists(st.lists(WORDS, max_size=6).map(" ".join), max_size=4)


@settings(deadline=None)
@given(TEXTS, st.lists(st.lists(WORDS, min_size=1, max_size=3), max_size=3))
@example(["They were dying of skies."], [["die"]])
@example(["Straße und Gasse"], [["strasse", "und"]])
@example(["one", "two"], [["one", "two"]])
def test_a_phrase_stands_in_texts_where_it_stands_in_what_is_kept_of_them(
    texts: list[str], asked: list[list[str]]
) -> None:
    phrases = [stems for phrase in asked if (stems := words.stems(" ".join(phrase)))]
    kept = f" {words.searchable(texts)} "
    assert words.holds(texts, phrases) == any(f" {' '.join(phrase)} " in kept for phrase in phrases)


@settings(deadline=None)
@given(st.lists(st.lists(WORDS, min_size=1, max_size=5).map(" ".join), min_size=1, max_size=3), st.data())
def test_any_words_that_follow_each_other_in_a_text_are_found(texts: list[str], data: st.DataObject) -> None:
    stems = words.stems(data.draw(st.sampled_from(texts)))
    if stems:
        at = data.draw(st.integers(0, len(stems) - 1))
        assert words.holds(texts, [stems[at : at + 2]])
    assert not words.holds(texts, [])


def test_threads_that_stem_at_once_do_not_mix_up_their_words() -> None:
    chance = random.Random(7)
    ends = ("ing", "ational", "ed", "s", "ness", "ization")
    said = ["".join(chance.choices("abcdeghilmnorstuy", k=6)) + chance.choice(ends) for _ in range(3_000)]
    want = [stem_word(word) for word in said]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(4) as threads:
            found = list(threads.map(lambda _: [stem_word(word) for word in said], range(4)))
    finally:
        sys.setswitchinterval(before)
    assert found == [want] * 4
