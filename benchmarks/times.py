"""Time expressions against TIMEX3 gold: ``python -m benchmarks.times FILE``.

The file has one document a line: ``id``, ``published``, ``text`` and ``timex``, a list of ``start``, ``end``,
``type`` (DATE, TIME, DURATION, SET) and ``value``. Scored are the DATE expressions: F1 of spans that overlap,
each used once, and the share of right values among those matched. Prints JSON on the last line.

Corpora such as MEANTIME mark up the first sentences only. What is found below the deepest line that any
document of the file has marked up is therefore left out; ``scored_lines`` says how many lines that leaves,
and ``--all-lines`` scores the whole text.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dragoman.times import TimeExpression, find, normalise_published

Row = dict[str, Any]
_DAY_LAST_YEAR = re.compile(r"(\d\d)-(\d\d)-(\d{4})\Z")


def dates(expressions: list[TimeExpression]) -> Iterator[TimeExpression]:
    """What TIMEX3 would call DATE: plain dates and references, and the ends of a range.

    A window such as "the past two weeks" is a DURATION there, and "Friday night" a TIME.
    """
    for found in expressions:
        if found.kind in ("date", "vague"):
            yield found
        elif found.kind == "range":
            yield from dates(list(found.parts))


def date_line(text: str) -> str | None:
    """The date that stands alone on one of the first five lines, for a document with no usable date field."""
    for line in text.split("\n", 5)[:5]:
        found = find(line.strip(), None)
        if len(found) == 1 and found[0].value and found[0].end - found[0].start == len(line.strip()):
            return found[0].value
    return None


def acceptable(value: str) -> set[str | None]:
    """The values that say the same as a gold value: unresolved is None, ``03-02-2009`` either order."""
    if value.startswith("XXXX"):
        return {value, None}
    if swapped := _DAY_LAST_YEAR.match(value):
        first, second, year = swapped.groups()
        return {f"{year}-{first}-{second}", f"{year}-{second}-{first}"}
    return {value.removesuffix("-XX")}


def pair(gold: list[Row], found: list[TimeExpression]) -> list[tuple[Row, TimeExpression]]:
    """Overlapping spans, those that overlap most first, each used once."""
    overlaps = [
        (min(g["end"], f.end) - max(g["start"], f.start), -k, -n)
        for k, g in enumerate(gold)
        for n, f in enumerate(found)
        if min(g["end"], f.end) > max(g["start"], f.start)
    ]
    pairs, used_gold, used_found = [], set(), set()
    for _, k, n in sorted(overlaps, reverse=True):
        if k not in used_gold and n not in used_found:
            used_gold.add(k)
            used_found.add(n)
            pairs.append((gold[-k], found[-n]))
    return pairs


def marked_lines(rows: list[Row]) -> int:
    """How many lines from the top the file's annotators read: one more than the deepest line marked up."""
    return 1 + max((row["text"].count("\n", 0, mark["start"]) for row in rows for mark in row["timex"]), default=0)


def first_lines(text: str, count: int) -> int:
    """Where the first ``count`` lines of the text end."""
    end = -1
    for _ in range(count):
        end = text.find("\n", end + 1)
        if end < 0:
            return len(text)
    return end


def evaluate(rows: list[Row], show: bool = False, all_lines: bool = False) -> dict[str, Any]:
    """Counts and shares over all documents; ``show`` prints each miss, false find and wrong value."""
    depth = 1 << 30 if all_lines else marked_lines(rows)
    golds = finds = matched = right = no_date = characters = 0
    seconds = 0.0
    for row in rows:
        text = row["text"]
        published = row.get("published")
        if not published or normalise_published(published) is None:
            no_date += 1
            published = date_line(text)
        begun = time.perf_counter()
        expressions = find(text, published)
        seconds += time.perf_counter() - begun
        characters += len(text)
        gold = [mark for mark in row["timex"] if mark["type"] == "DATE"]
        bound = first_lines(text, depth)
        found = [mine for mine in dates(expressions) if mine.start < bound]
        pairs = pair(gold, found)
        golds, finds, matched = golds + len(gold), finds + len(found), matched + len(pairs)
        right += sum(1 for mark, mine in pairs if mine.timex in acceptable(mark["value"]))
        if show:
            _show(row, gold, found, pairs)
    precision = matched / finds if finds else 0.0
    recall = matched / golds if golds else 0.0
    return {
        "documents": len(rows),
        "scored_lines": None if all_lines else depth,
        "gold": golds,
        "found": finds,
        "matched": matched,
        "span_precision": round(precision, 4),
        "span_recall": round(recall, 4),
        "span_f1": round(2 * precision * recall / (precision + recall), 4) if matched else 0.0,
        "value_accuracy": round(right / matched, 4) if matched else 0.0,
        "dated_by_date_line": no_date,
        "ms_per_3000_characters": round(seconds * 1000 * 3000 / characters, 3) if characters else 0.0,
    }


def _show(row: Row, gold: list[Row], found: list[TimeExpression], pairs: list[tuple[Row, TimeExpression]]) -> None:
    text = row["text"]
    used_gold, used_found = {id(mark) for mark, _ in pairs}, {id(mine) for _, mine in pairs}

    def around(start: int, end: int) -> str:
        return f"{text[max(0, start - 40) : start]}[{text[start:end]}]{text[end : end + 20]}".replace("\n", " | ")

    for mark in gold:
        if id(mark) not in used_gold:
            print("missed", mark["value"], around(mark["start"], mark["end"]))
    for mine in found:
        if id(mine) not in used_found:
            kinds = [m["type"] for m in row["timex"] if m["start"] < mine.end and mine.start < m["end"]]
            print("extra", mine.timex, kinds, around(mine.start, mine.end))
    for mark, mine in pairs:
        if mine.timex not in acceptable(mark["value"]):
            print("value", mark["value"], "ours", mine.timex, row.get("published"), around(mine.start, mine.end))


def main() -> None:
    """Read the file, score it and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="JSON lines in the layout above")
    parser.add_argument("--show", action="store_true", help="print what differs from the gold")
    parser.add_argument("--all-lines", action="store_true", help="score lines that nobody marked up too")
    options = parser.parse_args()
    with options.file.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    print(json.dumps(evaluate(rows, options.show, options.all_lines)))


if __name__ == "__main__":
    main()
