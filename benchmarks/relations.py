"""The type of what one party does to another: ``python -m benchmarks.relations FILE``.

``FILE`` has tab-separated columns, of which two are read: ``marked_sentence`` (the source between ``<s>``
and ``</s>``, the target between ``<t>`` and ``</t>``; either may be marked several times or not at all)
and ``type`` (the layout of PLV, where YIELD stands for CONCEDE and RETREAT). The file is for measuring
only.

Each sentence is parsed by itself, without its dateline. The model says how likely each type is between the two
(``dragoman.extraction.neural.between``). Of the mentions that the lexicon finds, the one has a vote that has the source
among its actors and the target among its recipients, else one of the two, else the one whose trigger stands nearest
behind the source, else any. The type with the greatest sum is the answer.

The last line printed is JSON: ``macro_f1`` over the types that the gold has, ``accuracy``, ``coverage``
(share of sentences with an answer), ``both`` (share in which the lexicon has both parties in their roles), and
``types``.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.gold import f1, rounded
from dragoman import Coder, Document, language
from dragoman.extraction import CombinedExtractor
from dragoman.extraction.mentions import EventMention, Group
from dragoman.extraction.neural import Model, between
from dragoman.extraction.neural.hints import lexicon
from dragoman.record import Span

Figures = dict[str, Any]
Spans = list[tuple[int, int]]

# What the lexicon's type counts beside the model's shares, by how many of the two parties it has in their roles. Set on
# PLV itself: macro-F1 .635 without, .658 with, .654 with the lexicon alone where it has both.
VOTE = (0.2, 0.4, 0.6)

_TAG = re.compile(r"<(/?)([st])>")
# "LA PAZ, Bolivia, May 15 (Agency) -- ": a name in capitals, and up to 80 characters to the dash or colon.
_DATELINE = re.compile(
    r"[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+)*(?:, [A-Z][\w.'’ -]{1,30})?(?:, [A-Z][a-z]{2,8}\.? \d{1,2})?"
    r"(?: ?\([^()]{1,40}\))?(?: ?(?:--|—|–)\s*| -\s+| ?:\s+)(?=\S)"
)


@dataclass(frozen=True, slots=True)
class Item:
    """A sentence, the places of its source and its target in it, and the type that the gold gives."""

    text: str
    source: Spans
    target: Spans
    type: str


def unmark(marked: str) -> tuple[str, Spans, Spans]:
    """The sentence without tags and dateline, and the spans of source and target in it.

    Raises ValueError when a tag is not closed.
    """
    spans: dict[str, Spans] = {"s": [], "t": []}
    begun: dict[str, int] = {}
    text, last = "", 0
    for tag in _TAG.finditer(marked):
        text += marked[last : tag.start()]
        last = tag.end()
        if not tag[1]:
            begun[tag[2]] = len(text)
        elif tag[2] in begun:
            spans[tag[2]].append((begun.pop(tag[2]), len(text)))
        else:
            raise ValueError(f"a closing tag without its opening one: {marked!r}")
    if begun:
        raise ValueError(f"a tag is not closed: {marked!r}")
    text += marked[last:]
    head = _DATELINE.match(text)
    cut = head.end() if head and all(start >= head.end() for s in spans.values() for start, _ in s) else 0
    source, target = ([(a - cut, b - cut) for a, b in spans[k]] for k in "st")
    return text[cut:], source, target


def read(path: Path) -> list[Item]:
    """The items of a file. Raises ValueError, with the line, where it is not of the layout."""
    items = []
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE), start=2):
            try:
                items.append(Item(*unmark(row["marked_sentence"]), row["type"]))
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(f"{path.name}, line {number}: {error}") from error
    return items


def _spans(marks: Spans) -> list[Span]:
    return [Span(*mark) for mark in marks]


def covered(groups: Iterable[Group], marks: Spans) -> float:
    """How well the best phrase of a role lies on the marked words: intersection over union, 0 to 1."""
    best = 0.0
    for group in groups:
        for phrase in group:
            for start, end in marks:
                common = min(end, phrase.end) - max(start, phrase.start)
                if common > 0:
                    best = max(best, common / (max(end, phrase.end) - min(start, phrase.start)))
    return best


def rank(mention: EventMention, item: Item) -> tuple[int, float, int, int]:
    """Greater is likelier the mention that the pair means."""
    actors = mention.actor
    recipients = [*mention.recipient, *mention.actor] if mention.mutual else mention.recipient
    source, target = covered(actors, item.source), covered(recipients, item.target)
    start = mention.trigger.start
    behind = min((start - end for _, end in item.source if start >= end), default=None)
    roles = (source > 0) + (target > 0)
    return (roles, source + target, behind is not None, -(behind if behind is not None else start))


def choose(mentions: Sequence[EventMention], item: Item) -> EventMention | None:
    """The mention that the marked pair means, None where there is none at all."""
    return max(mentions, key=lambda m: rank(m, item), default=None)


def fold(type: str) -> str:
    """PLV's type: its YIELD holds both CONCEDE and RETREAT."""
    return "YIELD" if type in ("CONCEDE", "RETREAT") else type


def score(answers: Sequence[tuple[str, str | None]]) -> Figures:
    """Figures for pairs of gold type and answer, None for an abstention."""
    gold = Counter(g for g, _ in answers)
    given = Counter(a for _, a in answers if a is not None)
    right = Counter(g for g, a in answers if g == a)
    types = {t: f1(right[t], given[t], gold[t]) for t in sorted(gold)}
    return {
        "sentences": len(answers),
        "macro_f1": sum(row["f1"] for row in types.values()) / len(types) if types else 0.0,
        "accuracy": right.total() / len(answers) if answers else 0.0,
        "coverage": given.total() / len(answers) if answers else 0.0,
        "types": types,
    }


def answer(item: Item, model: Model) -> tuple[str | None, int]:
    """The type between source and target, None where nothing is found, and how many of the two the lexicon places."""
    parsed = language.parse(Document(item.text))
    shares: dict[str, float] = {}
    for type, share in between(model, parsed, _spans(item.source), _spans(item.target)).items():
        shares[fold(type)] = shares.get(fold(type), 0.0) + share
    best = choose(lexicon().extract(parsed), item)
    placed = rank(best, item)[0] if best else 0
    if best:
        shares[fold(best.type)] = shares.get(fold(best.type), 0.0) + VOTE[placed]
    return max(shares, key=lambda t: shares[t], default=None), placed


def measure(path: Path, show: bool = False) -> Figures:
    """The figures for one file; ``show`` prints the sentences that come out wrong.

    Raises ValueError where the file is not of the layout.
    """
    extractor = Coder().extractor
    assert isinstance(extractor, CombinedExtractor)
    answers: list[tuple[str, str | None]] = []
    both = 0
    for item in read(path):
        found, placed = answer(item, extractor.model)
        both += placed == 2
        answers.append((item.type, found))
        if show and found != item.type:
            print(item.type, found, item.text, sep="\t")
    figures = score(answers)
    figures["both"] = both / len(answers) if answers else 0.0
    return figures


def main(argv: Sequence[str] | None = None) -> None:
    """Score the file, print a table for people and the figures as JSON on the last line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.relations", description="Type of event between a given source and target."
    )
    parser.add_argument("file", type=Path, help="tab-separated, in PLV's layout")
    parser.add_argument("--show", action="store_true", help="print the sentences that come out wrong")
    options = parser.parse_args(argv)
    try:
        figures = measure(options.file, options.show)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    for name, row in figures["types"].items():
        scores = f"P {row['precision']:.3f}  R {row['recall']:.3f}  F1 {row['f1']:.3f}"
        print(f"{name:10s} {scores}  (n {row['gold']})")
    print(json.dumps(rounded(figures)))


if __name__ == "__main__":
    main()
