"""The lexicon's own examples and decoys, its schema, and its size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from dragoman import Document, codebook, language
from dragoman.extraction import EventMention, LexicalExtractor, lexicon


def rows() -> Iterator[tuple[str, dict[str, Any]]]:
    for _, data in lexicon.files():
        for row in data.get("entries", ()) if "entries" in data else ():
            yield row.get("type", data["type"]), row


def told(sentence: str) -> list[EventMention]:
    return EXTRACTOR.extract(language.parse(Document(sentence, published="2024-05-15")))


EXTRACTOR = LexicalExtractor()
EXAMPLES = [(kind, row, text) for kind, row in rows() for text in row.get("examples", ())]
DECOYS = [(kind, row, text) for kind, row in rows() for text in row.get("decoys", ())]
# A promise or an announcement of these is coded as the promise, a threat of those as the threat (codebook, section 6).
MAY_BECOME = {"CONSULT": "AGREE", "SUPPORT": "AGREE", "COOPERATE": "AGREE", "AID": "AGREE", "RETREAT": "CONCEDE"}


def test_the_lexicon_is_as_large_as_it_says() -> None:
    index = lexicon.load()
    assert sum(len(entries) for entries in index.values()) >= 800
    types = {e.type for entries in index.values() for e in entries}
    assert types == set(codebook.TYPES)


def test_every_entry_has_codes_of_the_codebook() -> None:
    for entries in lexicon.load().values():
        for entry in entries:
            assert entry.mode is None or entry.mode in codebook.TYPES[entry.type].modes, entry
            assert 0 <= entry.weight <= 1, entry


@pytest.mark.parametrize("word", ["unknown", "verb noun"])
def test_a_broken_entry_says_where(word: str) -> None:
    row: dict[str, Any] = {"verb": "x", "colour": 1} if word == "unknown" else {"verb": "x", "noun": "y"}
    with pytest.raises(lexicon.LexiconError, match=r"file\.yaml"):
        lexicon.entries([row], "ASSAULT", {}, "file.yaml")


def test_examples_are_told_as_their_type() -> None:
    missed = []
    for kind, row, text in EXAMPLES:
        wanted = {kind, MAY_BECOME.get(kind, kind)}
        if not any(m.type in wanted for m in told(text)):
            missed.append(f"{kind}: {text} ({row.get('verb') or row.get('noun') or row.get('adj')})")
    # The parser misreads a few short sentences; the rest must hold.
    assert len(missed) <= 0.02 * len(EXAMPLES), "\n".join(missed)


def test_decoys_are_not() -> None:
    fooled = [
        f"{kind}: {text} ({m.trigger.of(text)})"
        for kind, row, text in DECOYS
        for m in told(text)
        if m.type == kind and not row.get("agentive") and m.weight >= 0.5 and (m.actor or m.recipient)
    ]
    assert len(fooled) <= 0.05 * len(DECOYS), "\n".join(fooled)
