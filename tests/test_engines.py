"""Many documents in one process or several: the same outcomes in the same order, whatever goes wrong."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.coder import Coder
from dragoman.engines import Coded, Outcome, code_all
from dragoman.engines.run import Workers
from dragoman.reading import Refusal
from dragoman.record import CodedDocument, Document

REFUSAL = Refusal("bad.txt", "is empty", "give a report with text", "skipped")


class Stub:
    """A coder that fails on some texts."""

    def code(self, document: Document) -> CodedDocument:
        if document.text == "fail":
            raise IndexError("out of range")
        if document.text == "memory":
            raise MemoryError
        if document.text == "stop":
            raise KeyboardInterrupt
        return CodedDocument(id=document.id, title=document.text)


STUB = cast(Coder, Stub())


def documents(*texts: str) -> list[Document | Refusal]:
    return [REFUSAL if t == "refused" else Document(t, id=str(n)) for n, t in enumerate(texts)]


def name(outcome: Outcome) -> str:
    return outcome.name if isinstance(outcome, Refusal) else outcome.coded.id


@settings(max_examples=50)
@given(st.lists(st.sampled_from(["fine", "fail", "memory", "refused"])))
def test_each_item_has_its_outcome_in_its_turn(texts: list[str]) -> None:
    items = documents(*texts)
    outcomes = list(code_all(items, coder=STUB))
    assert len(outcomes) == len(items)
    for text, item, outcome in zip(texts, items, outcomes, strict=True):
        if text == "fine":
            assert isinstance(outcome, Coded)
            assert outcome.document is item
        else:
            assert isinstance(outcome, Refusal)
            assert outcome.status == ("skipped" if text == "refused" else "failed")
    failed = [str(o) for t, o in zip(texts, outcomes, strict=True) if t == "fail"]
    assert all("IndexError" in line and "out of range" in line for line in failed)


def test_an_interruption_is_no_failure_of_the_document() -> None:
    outcomes = code_all(documents("fine", "stop", "fine"), coder=STUB)
    assert name(next(outcomes)) == "0"
    with pytest.raises(KeyboardInterrupt):
        next(outcomes)


def test_documents_are_read_as_they_are_coded() -> None:
    read: list[int] = []

    def items() -> Iterator[Document]:
        for number in range(5):
            read.append(number)
            yield Document("fine", id=str(number))

    outcomes = code_all(items(), coder=STUB)
    assert read == []
    next(outcomes)
    assert read == [0]


def test_wrong_arguments_are_told_at_once() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        code_all([], jobs=0)
    with pytest.raises(ValueError, match="jobs=1"):
        code_all([], jobs=2, coder=STUB)


def test_several_processes_give_what_one_gives() -> None:
    text = "Kenya's president visited Ethiopia on Monday. Rebels attacked a village near Mandera on Friday."
    items = [Document(f"{text} {n}", published="2024-05-15", id=str(n)) for n in range(11)]
    mixed: list[Document | Refusal] = [*items[:4], REFUSAL, *items[4:]]
    one = list(code_all(mixed))
    assert list(code_all(mixed, jobs=2)) == one
    assert all(o.coded.events for o in one if isinstance(o, Coded))


def work(document: Document) -> Outcome:
    """What a worker of these tests does; one text kills its process."""
    if document.text == "die":
        os._exit(9)
    time.sleep(0.01)
    return Coded(document, CodedDocument(id=document.id))


def outcomes_of(items: list[Document | Refusal]) -> list[Outcome]:
    workers = Workers(2, work)
    try:
        outcomes = []
        for item in items:
            workers.put(item)
            if len(workers.waiting) >= 3:
                outcomes.append(workers.take())
        while workers.waiting:
            outcomes.append(workers.take())
        return outcomes
    finally:
        workers.close()


@pytest.mark.parametrize("texts", [("a", "b", "die", "c", "refused", "d"), ("die",), ("die", "die", "a")])
def test_a_document_that_kills_its_process_is_refused_and_no_other(texts: tuple[str, ...]) -> None:
    items = documents(*texts)
    outcomes = outcomes_of(items)
    assert len(outcomes) == len(items)
    for number, (text, outcome) in enumerate(zip(texts, outcomes, strict=True)):
        if text == "die":
            assert isinstance(outcome, Refusal)
            assert outcome.status == "failed"
            assert "killed" in outcome.reason
        assert name(outcome) == ("bad.txt" if text == "refused" else str(number))


def test_what_cannot_be_loaded_is_raised_and_not_blamed_on_documents(monkeypatch: Any) -> None:
    from dragoman.engines import run

    def missing(*_: object) -> None:
        raise RuntimeError("no model")

    monkeypatch.setattr(run, "_coder", missing)
    with pytest.raises(RuntimeError, match="no model"):
        list(code_all(documents("fine")))
