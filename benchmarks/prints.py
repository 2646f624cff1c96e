"""Prints of texts as newspapers make them of a wire's, and texts that look like prints and are none.

All is made from our own texts with a generator that the caller seeds, so that the same seed gives the same prints.
``PRINTS`` are the ways to make one, ``pairs_alike`` yields pairs of the second sort. The words that are put in
(spellings, datelines, endings, bulletins) stand in ``copies.yaml``; paragraphs of a paper's own are passages of the
corpus.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml
from training.corpus.items import Item
from training.corpus.load import read_items

DATA: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_suffix("").with_name("copies.yaml").read_text("utf-8"))
# Light copy-editing changes about one word in thirty; heavier hands are a rewriting.
EDITED = 1 / 30
_STYLE = re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(DATA["style"], key=len, reverse=True))) + r")(?!\w)")
_FIGURE = re.compile(r"\b\d{1,3}\b|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b")

_SENTENCE = re.compile(r"(?<=[.!?][\"”])\s+|(?<=[.!?])\s+")

Paragraphs = list[str]
Way = Callable[[Random, Paragraphs], Paragraphs]


def paragraphs(text: str) -> Paragraphs:
    """The paragraphs of a text, which blank lines divide; of two sentences each where the text has only one."""
    found = [p for p in re.split(r"\n\s*\n", text.strip()) if p]
    if len(found) > 1:
        return found
    sentences = _SENTENCE.split(text.strip())
    return [" ".join(sentences[at : at + 2]) for at in range(0, len(sentences), 2)]


@cache
def corpus() -> list[Item]:
    """The items of the training corpus."""
    return read_items()


@cache
def passages() -> Paragraphs:
    """Passages of the corpus of a paragraph's length, 25 to 80 words."""
    found = [item.text for item in corpus() if item.kind == "passage"]
    return [" ".join(text.split()) for text in found if 25 <= len(text.split()) <= 80]


def length(text: Sequence[str]) -> int:
    """Words in paragraphs."""
    return sum(len(p.split()) for p in text)


def filled(random: Random, pattern: str) -> str:
    """A pattern with a value for each field, drawn anew wherever it stands; names stay the same in one text half the
    time, as they do where a report names a person twice."""
    names = [f"{random.choice(DATA['given'])} {random.choice(DATA['families'])}" for _ in range(2)]
    values: Mapping[str, Callable[[], str]] = {
        "N": lambda: str(random.randint(11, 98)),
        "S": lambda: str(random.randint(2, 9)),
        "BIG": lambda: f"{random.randint(1, 60)},{random.randint(100, 999)}",
        "YEAR": lambda: str(random.randint(1998, 2024)),
        "UP": lambda: random.choice(("above", "below")),
        "NAME": lambda: random.choice(names),
        "DAY": lambda: random.choice(DATA["days"]),
        "MONTH": lambda: random.choice(DATA["months"]),
        "PLACE": lambda: random.choice(DATA["places"]),
        "AGENCY": lambda: random.choice(DATA["agencies"]),
        "TEAM": lambda: random.choice(DATA["teams"]),
        "GOOD": lambda: random.choice(DATA["goods"]),
    }
    return re.sub(r"\{([A-Z]+)\}", lambda match: values[match[1]](), pattern)


def cut(random: Random, text: Paragraphs, least: float = 1 / 3, most: float = 0.8) -> Paragraphs:
    """The first paragraphs, down to a part of the words between ``least`` and ``most``; the last one kept ends with a
    whole sentence."""
    room = round(length(text) * random.uniform(least, most))
    kept: Paragraphs = []
    for paragraph in text:
        for n, sentence in enumerate(_SENTENCE.split(paragraph)):
            if length(kept) >= room:
                return kept
            if n:
                kept[-1] += " " + sentence
            else:
                kept.append(sentence)
    return kept


def thinned(random: Random, text: Paragraphs) -> Paragraphs:
    """Paragraphs dropped anywhere but at the front, while over half of the words stay."""
    kept = list(text)
    room = length(text) * random.uniform(0.5, 0.8)
    while len(kept) > 1:
        at = random.randrange(1, len(kept))
        if length(kept) - len(kept[at].split()) < room:
            break
        del kept[at]
    return kept


def restyled(random: Random, text: Paragraphs) -> Paragraphs:
    """Another house's spelling, and one word in thirty changed by a copy editor: dropped, added to or replaced."""
    chosen = {word: random.random() < 0.8 for word in sorted(DATA["style"])}
    spelt = [_STYLE.sub(lambda m: DATA["style"][m[0]] if chosen[m[0]] else m[0], p) for p in text]
    words = [w for p in text for w in p.split()]
    return [" ".join(w for word in p.split() for w in _edited(random, word, words)) for p in spelt]


def _edited(random: Random, word: str, words: Sequence[str]) -> Sequence[str]:
    if random.random() >= EDITED:
        return (word,)
    return random.choice(((), (word, random.choice(words)), (random.choice(words),)))


def headed(random: Random, text: Paragraphs) -> Paragraphs:
    """Another dateline or byline, and at times a headline that stands in the text."""
    first = re.sub(r"^[A-Z][^a-z]{2,}[^-–]{0,40} [-–] ", "", text[0])
    line = filled(random, random.choice(DATA["datelines"]))
    title = " ".join(random.sample(text[0].split(), min(6, len(text[0].split()))))
    return [*([title.upper()] if random.random() < 0.3 else []), line + first, *text[1:]]


def localised(random: Random, text: Paragraphs) -> Paragraphs:
    """The first paragraph replaced by the paper's own."""
    return [random.choice(passages()), *text[1:]]


def added(random: Random, text: Paragraphs) -> Paragraphs:
    """A paragraph of the paper's own put in anywhere."""
    at = random.randint(0, len(text))
    return [*text[:at], random.choice(passages()), *text[at:]]


def merged(random: Random, text: Paragraphs) -> Paragraphs:
    """Paragraphs run together, or all in one, with other spaces and marks."""
    every = random.choice((2, 3, len(text)))
    joined = [" ".join(text[at : at + every]) for at in range(0, len(text), every)]
    mark = random.choice(("", "• ", "<p>", "   "))
    return [mark + re.sub(" ", random.choice((" ", "  ", "\n", "\u00a0")), p) for p in joined]


def ended(random: Random, text: Paragraphs) -> Paragraphs:
    """A house's ending put below."""
    return [*text, filled(random, random.choice(DATA["endings"]))]


def updated(random: Random, text: Paragraphs) -> Paragraphs:
    """One or two figures brought up to date."""
    places = [(n, m.span()) for n, p in enumerate(text) for m in _FIGURE.finditer(p)]
    told = list(text)
    for n, (start, end) in sorted(random.sample(places, min(random.randint(1, 2), len(places) // 3)), reverse=True):
        told[n] = told[n][:start] + str(random.randint(11, 98)) + told[n][end:]
    return told


def mixed(random: Random, text: Paragraphs) -> Paragraphs:
    """As prints are: cut, headed and spelt anew, and often with more done to them."""
    told = headed(random, restyled(random, random.choice((cut, cut, thinned))(random, text)))
    if len(told) > 2 and random.random() < 0.25:
        told = localised(random, told)
    for way in (added, updated, merged, ended):
        if random.random() < 0.25:
            told = way(random, told)
    return told


PRINTS: Mapping[str, Way] = {
    "cut": lambda random, text: headed(random, cut(random, text)),
    "thinned": thinned,
    "restyled": restyled,
    "localised": lambda random, text: localised(random, cut(random, text, 0.6, 1.0)),
    "added": lambda random, text: added(random, cut(random, text, 0.5, 1.0)),
    "merged": lambda random, text: ended(random, merged(random, headed(random, text))),
    "updated": lambda random, text: updated(random, cut(random, text, 0.5, 1.0)),
    "mixed": mixed,
}
"""Ways to make a print of a text."""


def brief(random: Random, text: Paragraphs) -> Paragraphs:
    """A long text cut to its first sentences: a tenth to a third, but no less than about 40 words."""
    least = max(0.1, 40 / length(text))
    return headed(random, cut(random, text, least, max(least, 1 / 3)))


def pairs_alike(random: Random, texts: Sequence[Paragraphs]) -> Iterator[tuple[str, str, str]]:
    """Pairs that are no prints of one text, each with the kind of what they share: a long quote, an ending, the
    background that a wire puts below every report, the first sentences of a report in a round-up of six, and one item
    of two round-ups. Texts are taken as they come, each with its neighbours."""
    for n, one in enumerate(texts):
        other, third, *more = (texts[(n + k) % len(texts)] for k in range(1, 10))
        yield "quote", *_quoting(random, one, other, third)
        ending = filled(random, random.choice(DATA["endings"]))
        first, second = ("\n\n".join([*cut(random, t, 0.2, 1), ending]) for t in (one, other))
        yield "ending", first, second
        yield "background", *_background(random, one, other, third)
        told = random.choice((one, cut(random, one), brief(random, one)))
        yield "round-up", round_up(random, [one, other, third, *more[:3]]), "\n\n".join(told)
        yield "round-ups", round_up(random, [one, other, third, *more[:3]]), round_up(random, [one, *more[3:]])


def round_up(random: Random, texts: Sequence[Paragraphs]) -> str:
    """The beginnings of reports, 40 to 80 words of each, in any order."""
    items = []
    for text in texts:
        part = random.randint(40, 80) / length(text)
        items.append(" ".join(cut(random, text, part, part)))
    random.shuffle(items)
    return "\n\n".join(items)


def bulletins(random: Random, patterns: Sequence[str], days: int = 12) -> list[list[str]]:
    """Each pattern as it is filled in on some days."""
    return [list(dict.fromkeys(filled(random, pattern) for _ in range(days))) for pattern in patterns]


def _quoting(random: Random, one: Paragraphs, other: Paragraphs, said: Paragraphs) -> tuple[str, str]:
    # A quote as long as either report's own words, or half of that.
    words = re.sub('["“”]', "", " ".join(said)).split()
    own = [cut(random, t, 0.3, 0.9) for t in (one, other)]
    size = round(min(map(length, own)) * random.uniform(0.5, 1.2))
    speaker = random.choice(DATA["speakers"])
    quote = f'"{" ".join(words[: size // 2])}," {speaker}. "{" ".join(words[size // 2 : size])}."'
    first, second = ([*t[: len(t) // 2 + 1], quote, *t[len(t) // 2 + 1 :]] for t in own)
    return "\n\n".join(first), "\n\n".join(second)


def _background(random: Random, one: Paragraphs, other: Paragraphs, shared: Paragraphs) -> tuple[str, str]:
    # The same paragraphs below both, up to a little over half of the shorter report.
    own = [cut(random, t, 0.3, 0.9) for t in (one, other)]
    part = random.uniform(0.3, 0.55)
    size = round(min(map(length, own)) * part / (1 - part))
    tail = " ".join(" ".join(shared).split()[:size])
    return "\n\n".join([*own[0], tail]), "\n\n".join([*own[1], tail])
