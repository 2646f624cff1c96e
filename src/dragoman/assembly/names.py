"""What a document says of the names in it: full names, titles, appositions and acronyms."""

from __future__ import annotations

import re

from dragoman.actors import Context, Register, resolve
from dragoman.language.phrases import noun_phrase
from dragoman.language.tokens import ParsedDocument, Token

_ACRONYM = re.compile(
    r"((?:[A-Z][\w'’.&-]*|of|for|the|and|on|in|de|des|du)(?:\s+(?:[A-Z][\w'’.&-]*|of|for|the|and|on|in|de|des|du)){1,9})\s*\(\s*[\"“]?([A-Z][A-Za-z.-]{1,9})[\"”]?\s*\)"
)
_ACRONYM_AFTER = re.compile(r"\b([A-Z]{2,8})\s*\(\s*([A-Z][\w'’-]+(?:\s+[\w'’-]+){1,8})\s*\)")


def acronyms(text: str) -> dict[str, str]:
    """Acronyms that the text introduces in brackets, with the name they stand for."""
    found: dict[str, str] = {}
    for match in _ACRONYM.finditer(text):
        name, short = match.group(1), match.group(2)
        letters = [c for c in short if c.isupper()]
        words = name.split()
        # The name starts at a word with the acronym's first letter, with room for small words between.
        for k in range(max(0, len(words) - 2 * len(letters) - 1), len(words)):
            initials = [w[0] for w in words[k:] if w[0].isupper()]
            if initials and initials[0] == letters[0] and abs(len(initials) - len(letters)) <= 2:
                found.setdefault(short, " ".join(words[k:]))
                break
    for match in _ACRONYM_AFTER.finditer(text):
        short, name = match.group(1), match.group(2)
        if name[0] == short[0]:
            found.setdefault(short, name)
    return found


_NAMED_PLACES = frozenset({"country", "capital", "city", "people", "region", "seat"})


_WHOSE = frozenset({"his", "her", "their", "its", "my", "our", "your", "whose"})


def is_name(token: Token) -> bool:
    """Whether a token heads a proper name."""
    return token.pos == "PROPN" and token.text[:1].isupper()


def describe(document: ParsedDocument, country: str | None, register: Register | None = None) -> Context:
    """The document's own word on its names, for the actors room."""
    described: dict[str, str] = {}
    full: dict[str, str] = {}
    text = document.document.text
    for token in document.tokens:
        if token.pos not in ("PROPN", "NOUN"):
            continue
        for child in token.children:
            if child.dep == "appos" and child.is_noun and not cut_short(child, text):
                _apposition(token, child, text, described)
            elif child.dep == "relcl" and is_name(token) and (words := office(child, text)):
                described.setdefault(_bare(token, text), words)
        if is_name(token):
            if token.dep in ("nsubj",) and token.head.lemma == "be":
                attribute = token.head.child("attr")
                if attribute is not None and attribute.pos == "NOUN" and token.head.tag in ("VBZ", "VBD"):
                    described.setdefault(_bare(token, text), noun_phrase(attribute).of(text))
            phrase = noun_phrase(token).of(text)
            bare = _bare(token, text)
            if " " in phrase and token.dep != "compound":
                full.setdefault(token.text, phrase)
                # Of "Kim Jong Un" the report goes on to speak as "Kim".
                if bare.count(" ") >= 1 and (family := bare.split()[0]) != token.text and len(family) > 2:
                    full.setdefault(family, phrase)
                if bare != phrase and bare != token.text:
                    full.setdefault(bare, phrase)
    # Whom the register knows at the date needs no chance description ("chief guest"), and "his wife" describes nobody.
    published = document.document.published
    for name, words in list(described.items()):
        known = resolve(full.get(name, name), published, register=register).kind == "person"
        if words.split()[0].lower() in _WHOSE or known:
            del described[name]
    # A place that stands beside another ("Thailand, China") is not described by it.
    for names in (described, full):
        for name in [n for n in names if resolve(n, register=register).kind in _NAMED_PLACES]:
            del names[name]
    return Context(
        published=document.document.published,
        described=described,
        full_names=full,
        acronyms=acronyms(text),
        country=country,
    )


# Verbs that tell an office: what somebody served as, and what somebody heads.
_SERVE = frozenset({"serve", "act", "work"})
_HEAD = frozenset({"head", "lead", "run", "chair", "command"})


def office(verb: Token, text: str) -> str | None:
    """The office that a relative clause tells: "who is …", "who served as …", "who heads …"; None for any other."""
    if verb.lemma == "be":
        attribute = verb.child("attr")
    elif verb.lemma in _SERVE:
        attribute = next((p for c in verb.children if c.lower == "as" for p in c.children if p.dep == "pobj"), None)
    elif verb.lemma in _HEAD:
        attribute = verb.child("dobj")
        if attribute is not None and attribute.is_noun:
            return f"head of {noun_phrase(attribute).of(text)}"
    else:
        attribute = None
    return noun_phrase(attribute).of(text) if attribute is not None and attribute.is_noun else None


def cut_short(token: Token, text: str) -> bool:
    """Whether a word is the first part of a hyphenated one, or its hyphen: "co" of "co-founder"."""
    return token.text == "-" or text[token.end : token.end + 1] == "-"


def _bare(head: Token, text: str) -> str:
    """The name alone: the run of capitalised compounds that ends in its head."""
    first = head
    for child in reversed([c for c in head.children if c.i < head.i]):
        if child.dep in ("compound", "nmod", "amod") and child.pos == "PROPN" and child.i == first.i - 1:
            first = child
        elif child.dep == "compound" and child.pos == "PROPN":
            continue
        else:
            break
    return text[first.start : head.end]


def _apposition(token: Token, other: Token, text: str, described: dict[str, str]) -> None:
    """ "X, the Y spokesperson" and "the minister, X": the name is described by the other side."""
    if is_name(token):
        described.setdefault(_bare(token, text), description(other, text))
    elif is_name(other):
        described.setdefault(_bare(other, text), noun_phrase(token).of(text))


_OF_WHOM = frozenset({"of", "for", "at", "with", "from"})


def description(head: Token, text: str) -> str:
    """A description with whose it is, which ``noun_phrase`` leaves out after a second head or another preposition:
    "co-founder and director of the centre", "director at the park"."""
    words = noun_phrase(head).of(text)
    own = next((c for c in head.children if c.dep == "prep" and c.lower in _OF_WHOM), None)
    whose = own.child("pobj") if own is not None else None
    if own is None or whose is None or f" {own.lower} " in f" {words} ":
        return words
    return f"{words} {own.lower} {noun_phrase(whose).of(text)}"
