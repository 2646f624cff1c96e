"""The corpus checked: ``python -m training.corpus.check FILES...`` prints a line for each problem, then the
counts.

Each line names the file, the line on which the item begins, its id, and what is wrong. Lines marked
``note`` are worth a look and refuse nothing. Near-duplicates are sought in the other source files of the
same folders too. The exit status is 1 where there is a problem.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from training.corpus.balance import Balance
from training.corpus.items import Item, Problem, read_all
from training.corpus.load import repeated, sources
from training.corpus.people import check_people
from training.corpus.records import Built, build
from training.corpus.similar import SHINGLE, held_runs, near_duplicates, runs, shingles, skeleton

SHARED = Path(__file__).parents[2].parent / "shared"
# Sentences by the parser, which now and then takes one for two: the source form allows 2 and 12, from 1 and
# 4.
SENTENCES = {"passage": (1, 4), "report": (4, 14), "article": (14, 50)}
# A skeleton of fewer shingles than this says too little to call two texts alike.
SKELETON_LEAST = 12


def check_files(
    paths: Sequence[Path], shared: Path | None = None, near: Sequence[Path] = ()
) -> tuple[list[Problem], list[Built]]:
    """All problems of the files, and what could be built of them.

    ``shared`` is the folder of the measuring texts, from which nothing may be taken; ``near`` are further
    files of the corpus, against which the items are compared but which are not checked themselves.
    """
    items, problems = read_all(paths)
    known = {p.resolve() for p in paths}
    others, _ = read_all(p for p in near if p.resolve() not in known)
    documents = [build(item) for item in items]
    for built in documents:
        problems += built.problems
        problems += _length(built)
        problems += check_people(built.item)
    own = {id(item) for item in items}
    problems += [p for p in repeated([*others, *items]) if p.file in {i.file for i in items}]
    problems += _duplicates(items, others, own)
    if shared is not None and shared.is_dir():
        problems += _taken(items, shared)
    problems.sort(key=lambda p: (p.file, p.line))
    return problems, documents


def _length(built: Built) -> list[Problem]:
    item = built.item
    least, most = SENTENCES.get(item.kind, (1, built.sentences))
    if least <= built.sentences <= most:
        return []
    return [Problem(item.file, item.line, item.id, f"a {item.kind} of {built.sentences} sentences", note=True)]


def _duplicates(items: Sequence[Item], others: Sequence[Item], own: set[int]) -> Iterable[Problem]:
    # Keyed by place, not by id: two items of one id are compared as well.
    placed = {f"{i.file}:{i.line:06}": i for i in (*items, *others)}
    found: set[tuple[str, str]] = set()
    for what, sets, note in (
        ("is a near-duplicate of", {k: shingles(i.text) for k, i in placed.items()}, False),
        ("has the skeleton of", {k: _long_skeleton(i.text) for k, i in placed.items()}, True),
    ):
        for a, b, share in near_duplicates({k: s for k, s in sets.items() if s}):
            if id(placed[b]) not in own:
                a, b = b, a
            item, other = placed[b], placed[a]
            if id(item) not in own or (a, b) in found:
                continue
            found.add((a, b))
            where = f"{other.id} ({other.file}:{other.line}): {share:.0%} of {SHINGLE}-word runs"
            yield Problem(item.file, item.line, item.id, f"{what} {where}", note)


def _long_skeleton(text: str) -> frozenset[str]:
    found = skeleton(text)
    return found if len(found) >= SKELETON_LEAST else frozenset()


def _taken(items: Sequence[Item], shared: Path) -> Iterable[Problem]:
    held = held_runs(shared)
    for item in items:
        common = runs(item.text) & held
        if common:
            message = f"has {len(common)} runs of nine words from measuring texts, such as {min(common)!r}"
            yield Problem(item.file, item.line, item.id, message)


def main(argv: Sequence[str] | None = None) -> int:
    """The command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m training.corpus.check", description=__doc__.split(":")[0])
    parser.add_argument("files", nargs="*", type=Path, help="source files (default: all of the corpus)")
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder of the measuring texts")
    parser.add_argument("--no-notes", action="store_true", help="print problems only")
    options = parser.parse_args(argv)
    paths: list[Path] = options.files or sources()
    absent = [p for p in paths if not p.is_file()]
    if absent or not paths:
        print(f"no such file: {', '.join(map(str, absent))}" if absent else "no source files", file=sys.stderr)
        return 2
    near = sorted({f for folder in {p.resolve().parent for p in paths} for f in sources(folder)})
    problems, documents = check_files(paths, options.shared, near)
    for problem in problems:
        if not (problem.note and options.no_notes):
            print(problem)
    balance = Balance.of(documents)
    serious = sum(not p.note for p in problems)
    print(f"\n{len(documents)} items in {len(paths)} files: {serious} problems, {len(problems) - serious} notes")
    if not options.shared.is_dir():
        print("not compared with measuring texts: no folder of them here (--shared)")
    print("\n".join(balance.table()))
    unmet = balance.unmet()
    print("\nunmet quotas of the whole corpus:" if unmet else "\nall quotas are met")
    for line in unmet:
        print(f"- {line}")
    return 1 if serious else 0


if __name__ == "__main__":
    sys.exit(main())
