"""Who a report says that somebody is: names with the titles and descriptions that its own words give them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dragoman.actors import Register, Resolution, resolve
from dragoman.actors.phrase import NUMBERS, Item, items, parts
from dragoman.actors.text import PARTICLES, key
from dragoman.assembly.names import acronyms, cut_short, description, is_name, office
from dragoman.assembly.reference import BODIES
from dragoman.gathering.claims import clean
from dragoman.language.phrases import noun_phrase
from dragoman.language.tokens import ParsedDocument, Token

# A name that nobody bears: with it in place of a known one, the words around a name say what they say by themselves.
_NOBODY = "Zzyx Qovarr"
# What a description must be of to say an office: a noun, or somebody's body.
_TELLING = frozenset({"noun", "body", "party", "group", "seat"})
_BODY_KINDS = {"PTY": "party", "REB": "group", "PRM": "group", "UAF": "group", "CRM": "group"}
# Nouns for one as for many, which do not tell whether a person or a body bears the name.
_EITHER = frozenset({"side", "team"})
_WORDS = 200


@dataclass(frozen=True, slots=True)
class Sighting:
    """A name with the codes that the words of one place in a report give it."""

    name: str
    kind: str
    country: str
    sector: str
    title: str
    words: str
    aliases: tuple[str, ...] = ()
    short_forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Named:
    """A name, the words before it, and those that prepositions hang on it."""

    name: str
    before: list[Item]
    after: str


def sightings(document: ParsedDocument, register: Register) -> Iterator[Sighting]:
    """Every name that the report says something of which the register does not, in the order of its words.

    A sighting has country and sector in the words about the name themselves; neither the report's main country nor the
    name's own words count for it.
    """
    text, date = document.document.text, document.document.published
    short = acronyms(text)
    tokens = [t for t in document.tokens if is_name(t) and t.dep != "compound"]
    alone = sorted({t.text for t in tokens if noun_phrase(t).of(text) == t.text})
    for token in tokens:
        words = noun_phrase(token).of(text)
        named = _named(words, register)
        if named is not None and (named.before or named.after):
            said = " ".join(w for w in (_raw(named.before), _NOBODY, named.after) if w)
            found = _told(named.name, "person", said, named.before, words, date, register)
            if found is not None:
                yield _with_forms(found, alone, short)
        for said in _descriptions(token, text):
            found = _described(token, named, said, text, date, register)
            if found is not None:
                yield _with_forms(found, alone, short)


def _descriptions(token: Token, text: str) -> Iterator[str]:
    """What the report calls the bearer of a name: "X, a spokesperson for Y", "the minister, X", "X is a lawmaker"."""
    for child in token.children:
        if child.dep == "appos" and child.pos == "NOUN" and not cut_short(child, text):
            yield description(child, text)
        elif child.dep == "relcl" and (words := office(child, text)):
            yield words
    if token.dep == "appos" and token.head.pos == "NOUN":
        yield noun_phrase(token.head).of(text)
    if token.dep == "nsubj" and token.head.lemma == "be":
        attribute = token.head.child("attr")
        if attribute is not None and attribute.pos == "NOUN":
            yield noun_phrase(attribute).of(text)


def _described(
    token: Token, named: _Named | None, said: str, text: str, date: str | None, register: Register
) -> Sighting | None:
    line = [p for p in parts(items(register, said)) if p.core]
    heads = [i for i in line[0].core if i.kind in ("noun", "title")] if line else []
    if not heads:
        return None
    last = heads[-1].words.split()[-1]
    if last in _EITHER:
        return None
    whole = _whole(token, text)
    if last in BODIES or last.removesuffix("s") in BODIES:
        known = " " in whole or whole.isupper()
        return _told(whole, "body", said, line[0].core, f"{whole}, {said}", date, register) if known else None
    if named is None:
        return None
    return _told(named.name, "person", said, line[0].core, f"{named.name}, {said}", date, register)


def _whole(token: Token, text: str) -> str:
    """The run of capitalised words that ends in a name's head."""
    first = token
    for before in reversed(token.sentence.tokens[: token.k]):
        if before.pos != "PROPN" or not is_name(before) or before.end + 1 < first.start:
            break
        first = before
    return text[first.start : token.end]


def _told(
    name: str, kind: str, said: str, around: list[Item], words: str, date: str | None, register: Register
) -> Sighting | None:
    found = resolve(said, date, register=register)
    # "Rights group": the resolver has it of no one state for want of a word on whose it is, which is no evidence.
    homeless = found.country in (None, "ISM") or "without nationality" in found.reason
    if homeless or found.sector in (None, "UNK") or found.weak or found.kind not in _TELLING:
        return None
    if _same(resolve(name, date, register=register), found):
        return None
    title = clean(_raw([i for i in around if i.kind in ("noun", "title", "former")]))
    if kind == "body":
        kind = _BODY_KINDS.get(found.sector or "", "body")
    return Sighting(clean(name), kind, found.country or "", found.sector or "", title, clean(words)[:_WORDS])


def _same(known: Resolution, found: Resolution) -> bool:
    sectors = (known.sector, *known.other_sectors)
    return known.country == found.country and found.sector in sectors and not known.weak


def _named(words: str, register: Register) -> _Named | None:
    """The full name of a person at the end of a phrase: two words or more, capitalised, of no other meaning."""
    line = [p for p in parts(items(register, words)) if p.core]
    if not line:
        return None
    core = line[0].core
    after = " ".join(f"{prep} {_raw(post)}" for prep, post in line[0].posts if post)
    last = core[-1]
    if last.kind == "name" and len(last.tokens) > 1 and all(e.kind == "person" for e in last.entries):
        return _Named(_raw([last], bare=True), core[:-1], after)
    at = len(core)
    while at and core[at - 1].kind == "unknown" and not core[at - 1].words[0].isdigit():
        at -= 1
    run = core[at:]
    while run and (run[0].words in NUMBERS or not (run[0].cap or run[0].words in PARTICLES)):
        run, at = run[1:], at + 1
    if sum(i.cap and len(i.words) > 1 for i in run) < 2 or not all(i.cap or i.words in PARTICLES for i in run):
        return None
    if any(i.possessive for i in run[:-1]):
        return None
    return _Named(_raw(run, bare=True), core[:at], after)


def _raw(line: list[Item], *, bare: bool = False) -> str:
    """The words of items as they stood; ``bare`` without the possessive of the last."""
    out = ""
    tokens = [t for i in line for t in i.tokens]
    for n, token in enumerate(tokens):
        possessive = token.possessive and not (bare and n == len(tokens) - 1)
        out += token.raw + ("'s" if possessive else "") + ("-" if token.joined and n < len(tokens) - 1 else " ")
    return out.strip()


def _with_forms(found: Sighting, alone: list[str], short: dict[str, str]) -> Sighting:
    own = key(found.name).removeprefix("^")
    letters = sorted(s for s, full in short.items() if key(full).removeprefix("^") == own)
    forms: list[str] = []
    if found.kind == "person":
        forms = [clean(w) for w in alone if key(w).removeprefix("^") in own.split()]
    return replace(found, aliases=tuple(clean(a) for a in letters), short_forms=tuple(forms))
