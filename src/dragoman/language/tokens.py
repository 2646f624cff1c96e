"""A parsed report as plain Python objects: tokens with their heads and children, and sentences.

The rest of Dragoman works on these rather than on spaCy's own objects, so that the parser stands behind
one door, and because reading an attribute of a slotted object costs a tenth of reading it through spaCy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dragoman.record import Document, Span


class Token:
    """One word of the parse; ``start`` and ``end`` are code points in the document's text.

    ``i`` numbers the document's tokens, ``k`` the words of the sentence (-1 for white space, which is no word).
    ``lemma`` is in lower case, save for proper nouns; ``pos`` is the universal part of speech, ``tag`` the
    Penn Treebank tag and ``dep`` the CLEAR dependency label, as ``en_core_web_sm`` gives them.
    """

    __slots__ = (
        "children", "dep", "end", "head", "i", "k", "lemma", "lower", "pos", "sentence", "start", "tag", "text",
    )  # fmt: skip

    def __init__(self, i: int, text: str, start: int, lemma: str, pos: str, tag: str, dep: str) -> None:
        self.i = i
        self.k = -1
        self.text = text
        self.lower = text.lower()
        self.start = start
        self.end = start + len(text)
        self.lemma = lemma
        self.pos = pos
        self.tag = tag
        self.dep = dep
        self.head: Token = self
        self.children: list[Token] = []
        self.sentence: Sentence

    def __repr__(self) -> str:
        return f"Token({self.text!r}, {self.pos}, {self.dep})"

    def child(self, *deps: str) -> Token | None:
        """The first child with one of these dependency labels."""
        for c in self.children:
            if c.dep in deps:
                return c
        return None

    def ancestors(self) -> Iterator[Token]:
        """The heads above this token, nearest first."""
        t = self
        while t.head is not t:
            t = t.head
            yield t

    def subtree(self) -> list[Token]:
        """This token and all below it, in the order of the text."""
        found, stack = [], [self]
        while stack:
            t = stack.pop()
            found.append(t)
            stack.extend(t.children)
        found.sort(key=lambda t: t.i)
        return found

    @property
    def is_noun(self) -> bool:
        return self.pos in ("NOUN", "PROPN")

    @property
    def is_verb(self) -> bool:
        return self.pos in ("VERB", "AUX")


@dataclass(slots=True, eq=False)
class Sentence:
    """A sentence of the report: its place in the document and its tokens, without white space."""

    index: int
    start: int
    end: int
    tokens: list[Token] = field(default_factory=list)
    heading: bool = False

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(slots=True, eq=False)
class ParsedDocument:
    """A document with its sentences and tokens."""

    document: Document
    sentences: list[Sentence]
    tokens: list[Token]
    warnings: tuple[str, ...] = ()
