"""The corpus as documents with records: ``python -m training.corpus.load --out FILE.jsonl [--split
train|test]``.

Each line is one document: ``id``, ``kind``, ``register``, ``split``, ``published``, ``text``, ``contexts``
and ``events`` in the codebook's form. A tenth of the corpus, chosen by a hash of the id, is its own test
split; near duplicates always fall on the same side.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from dragoman.record import Document, Event
from training.corpus.items import Item, Problem, read_all
from training.corpus.records import build
from training.corpus.similar import groups, near_duplicates, shingles

Split = Literal["train", "test"]
SPLITS: tuple[Split, ...] = ("train", "test")
# One in this many groups of near-duplicates is kept for testing.
TEST_ONE_IN = 10

SOURCE = Path(__file__).parent / "source"


class CorpusError(ValueError):
    """The source has problems; ``problems`` lists them all."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        shown = "\n".join(map(str, problems[:5]))
        super().__init__(f"{len(problems)} problems in the corpus, see training.corpus.check; the first:\n{shown}")


@dataclass(frozen=True, slots=True)
class CorpusDocument:
    """A document of the corpus with its records."""

    document: Document
    kind: str
    register: str
    split: Split
    events: tuple[Event, ...]
    contexts: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The line of JSON that stands for it."""
        return {
            "id": self.document.id,
            "kind": self.kind,
            "register": self.register,
            "split": self.split,
            "published": self.document.published,
            "text": self.document.text,
            "contexts": list(self.contexts),
            "events": [record_row(e) for e in self.events],
        }


def record_row(event: Event) -> dict[str, Any]:
    """A record in the codebook's form: what a coder adds to say why and how sure it is is left out."""
    row = event.to_dict()
    del row["reasons"], row["confidence"]
    return row


def sources(folder: Path = SOURCE) -> list[Path]:
    """The source files of the corpus, in order of their names."""
    return sorted(folder.glob("*.yaml"))


def splits(items: Sequence[Item]) -> dict[str, Split]:
    """The split of each item, by id."""
    pairs = near_duplicates({i.id: shingles(i.text) for i in items})
    return {id: _split(group) for id, group in groups([i.id for i in items], pairs).items()}


def _split(group: str) -> Split:
    digest = hashlib.sha256(group.encode()).digest()
    return "test" if int.from_bytes(digest[:8], "big") % TEST_ONE_IN == 0 else "train"


def read_items(paths: Iterable[Path] | None = None) -> list[Item]:
    """The items of the source files (all of the corpus by default), without their strings located.

    Raises CorpusError where a file is not in the source form or an id stands twice.
    """
    items, problems = read_all(sources() if paths is None else paths)
    problems += repeated(items)
    if problems:
        raise CorpusError(problems)
    return items


def repeated(items: Iterable[Item]) -> list[Problem]:
    """A problem for each item whose id an earlier one has."""
    first: dict[str, Item] = {}
    problems = []
    for item in items:
        other = first.setdefault(item.id, item)
        if other is not item:
            message = f"the id stands in {other.file}:{other.line} too"
            problems.append(Problem(item.file, item.line, item.id, message))
    return problems


def load(paths: Iterable[Path] | None = None, split: Split | None = None) -> Iterator[CorpusDocument]:
    """The documents of the source files (all of the corpus by default), of one split or of both.

    One core parses about 5,700 words a second. Raises CorpusError at the first item with a problem, and
    before the first document where a file is not in the source form.
    """
    items = read_items(paths)
    sides = splits(items)
    for item in items:
        if split is not None and sides[item.id] != split:
            continue
        built = build(item)
        wrong = [p for p in built.problems if not p.note]
        if wrong:
            raise CorpusError(wrong)
        yield CorpusDocument(built.document, item.kind, item.register, sides[item.id], built.events, item.contexts)


class _Dumper(yaml.SafeDumper):
    """Texts as blocks, as a writer has them."""


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    block = "|" if "\n" in value or len(value) > 60 else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=block)


_Dumper.add_representer(str, _text)


def blind(items: Iterable[Item]) -> str:
    """The source form of items without their records, for a second writer to code."""
    rows = [
        {
            "id": i.id,
            "kind": i.kind,
            "register": i.register,
            "published": i.published,
            "text": i.text,
            "events": [],
        }
        for i in items
    ]
    return yaml.dump(rows, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000_000)


def main(argv: Sequence[str] | None = None) -> int:
    """The command; returns the exit status, 1 where the corpus has problems."""
    parser = argparse.ArgumentParser(prog="python -m training.corpus.load", description=__doc__.split(":")[0])
    parser.add_argument("files", nargs="*", type=Path, help="source files (default: all of the corpus)")
    parser.add_argument("--out", type=Path, required=True, help="the file to write")
    parser.add_argument("--split", choices=SPLITS, help="one split only")
    parser.add_argument("--blind", action="store_true", help="write source YAML without records, to be coded again")
    options = parser.parse_args(argv)
    paths = options.files or None
    try:
        if options.blind:
            items = read_items(paths)
            sides = splits(items)
            chosen = [i for i in items if options.split in (None, sides[i.id])]
            options.out.write_text(blind(chosen), "utf-8")
            print(f"{len(chosen)} items without records", file=sys.stderr)
            return 0
        documents = list(load(paths, options.split))
    except (CorpusError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    write_lines(options.out, (d.to_dict() for d in documents))
    print(f"{len(documents)} documents, {sum(len(d.events) for d in documents)} records", file=sys.stderr)
    return 0


def write_lines(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """One line of JSON a row, the same bytes for the same rows."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    sys.exit(main())
