"""Who speaks: quoted stretches and "according to", where the clause itself names no speaker."""

from __future__ import annotations

from dragoman.extraction.frames import subject
from dragoman.extraction.operators import operators
from dragoman.language.tokens import ParsedDocument, Sentence, Token

# How many sentences of one quotation its speaker is looked for over: a bound on cost, no figure was fitted.
_LONG_QUOTE = 6


class Speakers:
    """Speakers of the sentences of one document.

    A sentence wholly in quotation marks rests on the word of the speaker named nearest, in the same paragraph's
    running order: the sentence before or after that has a reporting verb. "According to X" covers its sentence.
    """

    def __init__(self, document: ParsedDocument) -> None:
        self._according: dict[int, list[Token]] = {}
        self._named: dict[int, list[Token]] = {}
        self._quoted = _quoted(document)
        saying = operators()["saying"]
        for sentence in document.sentences:
            for token in sentence.tokens:
                if token.lower == "according":
                    self._according.setdefault(sentence.index, []).extend(
                        p for to in token.children if to.lower == "to" for p in to.children if p.dep == "pobj"
                    )
                elif token.is_verb and token.lemma in saying:
                    named = [s for s in subject(token) if s.pos in ("PROPN", "NOUN", "PRON")]
                    if named and sentence.index not in self._named:
                        self._named[sentence.index] = named
        self._sentences = document.sentences

    def of(self, token: Token) -> list[Token]:
        """Heads of the phrases that name whose word the sentence of ``token`` rests on; empty for the report's own."""
        sentence = token.sentence
        if found := self._according.get(sentence.index):
            return found if token.i not in {t.i for f in found for t in f.subtree()} else []
        if sentence.index in self._quoted and not self._named.get(sentence.index):
            for near in (sentence.index - 1, sentence.index + 1, sentence.index - 2):
                if near in self._named:
                    return self._named[near]
        return []

    def quoted(self, sentence: Sentence) -> list[Token]:
        """The speaker of the first person in a sentence, for pronouns: own speaker first, else the quote's."""
        if found := self._named.get(sentence.index):
            return found
        # A long quotation names its speaker before it, after its first sentence, or at its end.
        for step in (-1, 1):
            near = sentence.index + step
            while near not in self._named and near in self._quoted and abs(near - sentence.index) < _LONG_QUOTE:
                near += step
            if near in self._named:
                return self._named[near]
        return self._named.get(sentence.index - 2, [])


def _quoted(document: ParsedDocument) -> set[int]:
    """Sentences that lie wholly inside quotation marks."""
    text = document.document.text
    found: set[int] = set()
    inside = False
    position = 0
    for sentence in document.sentences:
        stretch = text[position : sentence.end]
        before = inside
        for sign in stretch:
            if sign == "“":
                inside = True
            elif sign == "”":
                inside = False
            elif sign == '"':
                inside = not inside
            elif sign == "\n" and position and not inside:
                inside = False
        opened = text[sentence.start : sentence.start + 1] in ("“", '"')
        if before or opened:
            words = text[sentence.start : sentence.end].rstrip()
            if inside or words[-1:] in ("”", '"'):
                found.add(sentence.index)
        position = sentence.end
    return found
