"""Whom the words of gold's parties stand for, in their documents: ``python -m benchmarks.parties FOLDER``.

``FOLDER`` holds gold documents, one JSON file each. Every actor and recipient of a record is resolved from its own
words at the record's date, with what the document says elsewhere, so that only naming and reference are measured and
not which words take part in what. The last line printed is JSON:

- ``all`` and, by the head of the words, ``name``, ``description`` ("the ministry"), ``pronoun``: each with ``asked``,
  and ``country`` and ``both`` (country and sector) as the shares that are right. Words that name several right where
  one of them is. Words that gold has in several records with the same codes count once.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

from dragoman import language
from dragoman.assembly.names import is_name
from dragoman.assembly.records import known
from dragoman.assembly.reference import PRONOUNS
from dragoman.evaluation import read_gold
from dragoman.language.phrases import noun_phrase
from dragoman.language.tokens import ParsedDocument, Token
from dragoman.record import Document, Entity

Figures = dict[str, Any]
SORTS = ("all", "name", "description", "pronoun")


def measure(folder: Path) -> Figures:
    """Resolve the parties of a gold folder. Raises ValueError where the folder is no gold."""
    gold = read_gold(folder)
    counts: Counter[tuple[str, str]] = Counter()
    for path in sorted(folder.glob("*.json")):
        row = json.loads(path.read_text("utf-8"))
        document = language.parse(Document(row["text"], row["published"], id=row["id"]))
        _, parties = known(document)
        asked: dict[Entity, str | None] = {}
        for event in gold[row["id"]]:
            for entity in (*event.actor, *event.recipient):
                asked.setdefault(entity, event.date)
        for entity, date in asked.items():
            head = _head(document, entity)
            if head is None:
                continue
            found = {p.key for p in parties.resolve(noun_phrase(head), date)}
            for sort in ("all", _sort(head)):
                counts[sort, "asked"] += 1
                counts[sort, "country"] += entity.country in {country for country, _ in found}
                counts[sort, "both"] += (entity.country, entity.sector) in found
    return {
        sort: {
            "asked": counts[sort, "asked"],
            **{k: counts[sort, k] / max(1, counts[sort, "asked"]) for k in ("country", "both")},
        }
        for sort in SORTS
    }


def _head(document: ParsedDocument, entity: Entity) -> Token | None:
    """The word of an entity that hangs on the rest of the sentence."""
    inside = [t for t in document.tokens if t.start < entity.end and t.end > entity.start and t.pos != "SPACE"]
    return next((t for t in inside if t.head not in inside or t.head is t), None)


def _sort(head: Token) -> str:
    if head.lower in PRONOUNS:
        return "pronoun"
    return "name" if is_name(head) else "description"


def main() -> None:
    """Print the figures as JSON on the last line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.parties", description="Resolve gold's parties.")
    parser.add_argument("folder", type=Path, help="gold documents, one JSON file each")
    options = parser.parse_args()
    try:
        figures = measure(options.folder)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    for sort, row in figures.items():
        print(f"{sort:12} country {row['country']:.3f}  both {row['both']:.3f}  (of {row['asked']})")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
