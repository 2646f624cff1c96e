"""Lexicon and learned model together: nothing of either is lost, and the same report gives the same record."""

from __future__ import annotations

import pytest

from dragoman import Coder, Document, language

pytest.importorskip("onnxruntime")

from dragoman.extraction.combined import CombinedExtractor

REPORT = Document(
    "Kenya's foreign minister visited Addis Ababa on Monday. He accused Somalia of arming smugglers and urged the "
    "African Union to act. Somali police had detained two Kenyan drivers in May, and Nairobi demands their release.",
    published="2024-05-15",
)


@pytest.fixture(scope="module")
def extractor() -> CombinedExtractor:
    return CombinedExtractor()


def test_every_mention_of_the_lexicon_is_there_with_the_model_s_opinion(extractor: CombinedExtractor) -> None:
    parsed = language.parse(REPORT)
    alone = {(m.type, m.head.i) for m in extractor.lexical.extract(parsed)}
    both = extractor.extract(parsed)
    assert alone <= {(m.type, m.head.i) for m in both}
    asked = [m.probability for m in both if m.probability is not None]
    assert asked
    assert all(0 <= p <= 1 for p in asked)


def test_no_mention_comes_twice(extractor: CombinedExtractor) -> None:
    found = [(m.type, m.head.i) for m in extractor.extract(language.parse(REPORT))]
    assert len(found) == len(set(found))


def test_plain_events_come_out_whole(extractor: CombinedExtractor) -> None:
    events = Coder(extractor).code(REPORT).events
    told = {(e.type, e.actor[0].country if e.actor else None) for e in events}
    assert {("CONSULT", "KEN"), ("ACCUSE", "KEN"), ("COERCE", "SOM")} <= told


def test_the_same_report_gives_the_same_record(extractor: CombinedExtractor) -> None:
    first = Coder(extractor).code(REPORT).to_json()
    Coder(extractor).code(Document("Chad expelled two diplomats."))
    assert Coder(extractor).code(REPORT).to_json() == first
