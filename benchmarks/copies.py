"""Reprints recognised: ``python -m benchmarks.copies [FOLDER] [--tune]``.

Three sorts of pairs are compared, by their signatures alone:

- ``stories``: the reports of each story of ``FOLDER`` (by default ``benchmarks/stories/``); those with ``copy_of``
  are reprints, all other pairs of reports of one story are not.
- ``prints``: reports and articles of the training corpus with prints made of them, each in one way (``cut`` ...), in
  several at once (``mixed``), two such prints of one text (``siblings``), and first paragraphs alone (``lead``).
  ``brief``, cut to less than a third, is reported but is no part of ``recall``.
- ``alike``: texts that share much and are no prints of one: a quote, an ending, background, a round-up, and bulletins
  and one-sentence reports (``flash``) of other days.

``precision`` and ``recall`` are over all of these pairs. ``groups`` is what a ledger makes of it: four prints of each
text without the text, the stories, bulletins and round-ups in one heap, candidates by bands, and chains of copies as
groups; counted are pairs of documents, and ``candidates`` are pairs to compare for each document. ``found_by_bands`` is
the part of the ``prints`` found that share a band.

Half of the corpus and of the bulletins, and the stories whose names begin with ``d``, are for the last check; the
constants of ``dragoman.ledger.copies`` were set on the rest, which ``--tune`` measures. Prints and look-alikes are made
by a generator from a seed (``benchmarks/prints.py``): they are as like to real ones as we could make them, and no more
than that; and precision depends on how many there are of each sort. The last line printed is JSON.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

from training.corpus.similar import groups as chained

from benchmarks import prints
from benchmarks.stories import FOLDER, Story, read_all
from dragoman.ledger.copies import bands, compare, signature

Figures = dict[str, Any]
# A kind, two texts, and whether they are prints of one.
Pair = tuple[str, str, str, bool]
SEED = 5
PRINTS_OF_ONE = 4


def texts(random: Random, tune: bool) -> list[prints.Paragraphs]:
    """Reports and articles of the corpus, of the half to tune on or the other; articles are cut to any length between
    a fifth and all of it, so that there are texts of 100 to 900 words."""
    found = []
    for item in prints.corpus():
        if item.kind in ("report", "article") and _first_half(item.id) == tune:
            told = prints.paragraphs(item.text)
            found.append(prints.cut(random, told, 0.2, 1.0) if item.kind == "article" else told)
    return found


def _first_half(name: str) -> bool:
    return hashlib.sha256(name.encode()).digest()[0] % 2 == 0


def of_stories(stories: Iterable[Story]) -> Iterator[Pair]:
    """All pairs of reports of one story."""
    for story in stories:
        first = _firsts(story)
        for a, b in combinations(story.reports, 2):
            same = first[a.document.id] == first[b.document.id]
            yield "reprint" if same else "other", a.document.text, b.document.text, same


def _firsts(story: Story) -> dict[str, str]:
    """For each report of a story the one that it is, through others or not, a reprint of, or itself."""
    first: dict[str, str] = {}
    for report in story.reports:
        first[report.document.id] = first[report.copy_of] if report.copy_of else report.document.id
    return first


def of_prints(random: Random, sources: Sequence[prints.Paragraphs]) -> Iterator[Pair]:
    """Texts with prints made of them."""
    for kind, way in (*prints.PRINTS.items(), ("brief", prints.brief)):
        for text in sources:
            yield kind, _joined(text), _joined(way(random, text)), True
    for text in sources:
        yield "siblings", _joined(prints.mixed(random, text)), _joined(prints.mixed(random, text)), True
        lead = text[:1]
        if 12 <= prints.length(lead) <= 50:
            yield "lead", _joined(lead), _joined(prints.headed(random, prints.restyled(random, lead))), True


def of_alike(random: Random, sources: Sequence[prints.Paragraphs], days: Sequence[Sequence[str]]) -> Iterator[Pair]:
    """Texts that share much and are no prints of one."""
    for kind, a, b in prints.pairs_alike(random, sources):
        yield kind, a, b, False
    for told in days:
        for a, b in combinations(told, 2):
            yield "bulletin" if "\n" in a else "flash", a, b, False


def _joined(text: prints.Paragraphs) -> str:
    return "\n\n".join(text)


def counted(pairs: Iterable[Pair]) -> tuple[Figures, Figures]:
    """For each kind how many pairs there are and how many of them are said to be copies; and of all copies found, and
    of those, how many share a band."""
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    by_bands: Counter[str] = Counter()
    for kind, a, b, _ in pairs:
        one, other = signature(a), signature(b)
        kinds[kind]["pairs"] += 1
        kinds[kind]["linked"] += 0
        if compare(one, other):
            kinds[kind]["linked"] += 1
            by_bands["found"] += 1
            by_bands["shared"] += bool(set(bands(one)) & set(bands(other)))
    return {kind: dict(row) for kind, row in kinds.items()}, dict(by_bands)


def grouped(documents: Sequence[tuple[str, str]]) -> Figures:
    """Groups of copies in a heap of documents, each with the name of the text that it is a print of."""
    signed = [signature(text) for _, text in documents]
    holders: dict[int, list[int]] = defaultdict(list)
    for n, one in enumerate(signed):
        for band in bands(one):
            holders[band].append(n)
    candidates = sorted({pair for held in holders.values() for pair in combinations(held, 2)})
    links = [(f"{a:06}", f"{b:06}", 1.0) for a, b in candidates if compare(signed[a], signed[b])]
    names = chained([f"{n:06}" for n in range(len(documents))], links)
    true = Counter(name for name, _ in documents)
    mine = Counter(names.values())
    both = Counter((name, names[f"{n:06}"]) for n, (name, _) in enumerate(documents))
    gold, joined, right = (sum(k * (k - 1) // 2 for k in c.values()) for c in (true, mine, both))
    return {
        "documents": len(documents),
        "groups": len(mine),
        "true_groups": len(true),
        "precision": right / max(1, joined),
        "recall": right / max(1, gold),
        "candidates": len(candidates) / max(1, len(documents)),
    }


def heap(
    random: Random,
    stories: Iterable[Story],
    sources: Sequence[prints.Paragraphs],
    days: Sequence[Sequence[str]],
) -> list[tuple[str, str]]:
    """Documents of all sorts, each with the name of the text that it is a print of."""
    found = [(first[r.document.id], r.document.text) for s in stories for first in [_firsts(s)] for r in s.reports]
    for n, text in enumerate(sources):
        found += [(f"text {n}", _joined(prints.mixed(random, text))) for _ in range(PRINTS_OF_ONE)]
    found += [(f"day {n}.{k}", text) for n, told in enumerate(days) for k, text in enumerate(told)]
    found += [(f"round-up {n}", prints.round_up(random, sources[n : n + 6])) for n in range(0, len(sources) - 5, 6)]
    return found


def measure(stories: Sequence[Story], tune: bool) -> Figures:
    """All figures, on the half to tune on or the other."""
    stories = [s for s in stories if s.name.startswith("d-") != tune]
    random = Random(SEED)
    sources = texts(random, tune)
    patterns = [*prints.DATA["bulletins"], *prints.DATA["flashes"]][not tune :: 2]
    days = prints.bulletins(random, patterns)
    told, _ = counted(of_stories(stories))
    made, by_bands = counted(of_prints(random, sources))
    alike, _ = counted(of_alike(random, sources, days))
    good = [told.get("reprint", {}), *(row for kind, row in made.items() if kind != "brief")]
    bad = [told.get("other", {}), *alike.values()]
    right = sum(row.get("linked", 0) for row in good)
    wrong = sum(row.get("linked", 0) for row in bad)
    return {
        "stories": told,
        "prints": made,
        "alike": alike,
        "precision": right / max(1, right + wrong),
        "recall": right / max(1, sum(row.get("pairs", 0) for row in good)),
        "found_by_bands": by_bands.get("shared", 0) / max(1, by_bands.get("found", 0)),
        "groups": grouped(heap(random, stories, sources, days)),
    }


def main(argv: Sequence[str] | None = None) -> None:
    """Print a table, and the figures as JSON on the last line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.copies", description="Reprints recognised.")
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER, help="stories, one YAML file each")
    parser.add_argument("--tune", action="store_true", help="measure the half that constants are set on")
    options = parser.parse_args(argv)
    try:
        figures = measure(read_all(options.folder), options.tune)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    for sort in ("stories", "prints", "alike"):
        for kind, row in figures[sort].items():
            print(f"{sort:8} {kind:11} {row['linked']:5} of {row['pairs']:5} pairs said to be copies")
    print(f"precision {figures['precision']:.3f}, recall {figures['recall']:.3f}")
    made = figures["groups"]
    print(f"groups: precision {made['precision']:.3f}, recall {made['recall']:.3f} of {made['documents']} documents")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
