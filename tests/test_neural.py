"""The learned extractor: what it reads, what it makes of the words, and that it is the same every time."""

from __future__ import annotations

from importlib import resources

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.coder import Coder
from dragoman.extraction.neural import features, gate, heads
from dragoman.extraction.neural.windows import Pieces, tokenizer, windows
from dragoman.language import ParsedDocument, Token, parse
from dragoman.record import Document

SHIPPED = (resources.files("dragoman.extraction.neural") / "model" / "encoder.onnx").is_file()
shipped = pytest.mark.skipif(not SHIPPED, reason="no trained model in this checkout")

TEXT = (
    "Peru's foreign minister met his Bolivian counterpart in La Paz on Monday. "
    "Troops loyal to the governor shelled the town of Ardal, killing nine people, the Red Cross said."
)


def parsed(text: str) -> ParsedDocument:
    return parse(Document(text, "2024-05-08"))


def word(document: ParsedDocument, text: str) -> Token:
    return next(t for t in document.tokens if t.text == text)


def test_a_path_names_the_relations_from_event_to_party() -> None:
    document = parsed("The army shelled the town with rockets.")
    climb = features.Climb.of(word(document, "shelled"))
    assert features.path(climb, word(document, "army")) == "nsubj"
    assert features.path(climb, word(document, "rockets")) == "prep:with pobj"
    upwards = features.Climb.of(word(document, "town"))
    assert features.path(upwards, word(document, "army")) == "^dobj nsubj"


def test_a_path_to_another_sentence_says_on_which_side_it_is() -> None:
    document = parsed(TEXT)
    met, shelled = word(document, "met"), word(document, "shelled")
    assert features.path(features.Climb.of(met), word(document, "Cross")).startswith("next")
    assert features.path(features.Climb.of(shelled), word(document, "minister")).startswith("before")


def test_distances_tell_sides_and_sentences_apart() -> None:
    document = parsed(TEXT)
    minister, met, monday, troops = (word(document, w) for w in ("minister", "met", "Monday", "Troops"))
    found = [features.distance(met, t) for t in (minister, monday, troops)]
    assert len(set(found)) == 3
    assert features.distance(troops, met) != features.distance(met, troops)


@settings(deadline=None, max_examples=40)
@given(st.text(alphabet="abc AB.,0’\n", max_size=80))
def test_every_pair_of_words_has_a_path_and_a_distance(text: str) -> None:
    document = parsed(text)
    words = [t for s in document.sentences for t in s.tokens][:12]
    for a in words:
        for b in words:
            assert features.path(features.Climb.of(a), b)
            assert 0 <= features.distance(a, b) < features.DISTANCES


def test_the_gate_adds_up_what_speaks_for_an_event() -> None:
    sentence = parsed("The army shelled the town.").sentences[0]
    assert gate.opens(sentence, {gate.START: -1.0, "shell": 1.5})
    assert not gate.opens(sentence, {gate.START: -1.0, "shell": 1.5, "town": -1.0})
    assert gate.opens(sentence, {})
    # To the last bit, in whatever order the words come.
    assert not gate.opens(sentence, {gate.START: -1.0, "shell": 1e17, "town": -1e17})


@shipped
@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(["The army shelled it.", "Rain fell.", "x " * 60, "Ärzte streikten."]), max_size=8))
def test_windows_hold_every_word_once_and_no_more_than_their_limit(sentences: list[str]) -> None:
    document = parsed("\n".join(sentences))
    found = list(windows(document.sentences, Pieces(tokenizer()), limit=32))
    assert [t.i for w in found for t in w.words] == [t.i for s in document.sentences for t in s.tokens]
    assert all(len(w.pieces) <= 34 for w in found)
    assert all(1 <= f < len(w.pieces) - 1 for w in found for f in w.first)


def test_probabilities_stay_between_0_and_1() -> None:
    logits = np.array([[-1e9, -3.0, 0.0, 3.0, 1e9]], dtype=np.float32)
    assert ((heads.sigmoid(logits) >= 0) & (heads.sigmoid(logits) <= 1)).all()
    assert heads.softmax(logits).sum() == pytest.approx(1.0)


@shipped
def test_it_finds_events_with_their_parties() -> None:
    from dragoman.extraction.neural import NeuralExtractor

    document = parsed(TEXT)
    found = {m.type: m for m in NeuralExtractor().extract(document)}
    assert {"CONSULT", "ASSAULT"} <= set(found)
    assault = found["ASSAULT"]
    assert max(assault.candidates, key=lambda c: c.actor).token.text == "Troops"
    assert max(assault.candidates, key=lambda c: c.source).token.text == "Cross"
    assert all(0 < (m.probability or 0) <= 1 and not m.lexical for m in found.values())


@shipped
def test_a_word_s_context_tells_the_sector_of_whoever_it_stands_for() -> None:
    from dragoman.extraction.neural import NeuralExtractor

    found = {m.type: m for m in NeuralExtractor().extract(parsed(TEXT))}
    troops = next(c for c in found["ASSAULT"].candidates if c.token.text == "Troops")
    assert 0 < troops.sectors[0][1] <= 1
    assert {"MIL", "REB"} & {sector for sector, _ in troops.sectors}


@shipped
def test_a_document_is_coded_the_same_whatever_came_before() -> None:
    from dragoman.extraction.neural import NeuralExtractor

    document = Document(TEXT, "2024-05-08")
    first = Coder(NeuralExtractor()).code(document).to_json()
    coder = Coder(NeuralExtractor())
    coder.code(Document("Police in Lima arrested two senators.", "2020-01-01"))
    assert coder.code(document).to_json() == first


@shipped
@pytest.mark.parametrize("text", ["", "\n\n", ".", "?! " * 50, "a" * 5000, "国 連 は 。", "\u200b\u0301" * 20])
def test_odd_texts_yield_no_error(text: str) -> None:
    from dragoman.extraction.neural import NeuralExtractor

    assert isinstance(NeuralExtractor().extract(parsed(text)), list)


@shipped
def test_the_model_is_under_30_megabytes() -> None:
    folder = resources.files("dragoman.extraction.neural") / "model"
    assert sum(len(f.read_bytes()) for f in folder.iterdir() if f.is_file()) < 30e6
