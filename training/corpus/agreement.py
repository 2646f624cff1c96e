"""How far two codings of the same texts agree: ``python -m training.corpus.agreement A.jsonl B.jsonl``.

Both files have one coded document a line (``id``, ``events``; ``text`` where there). The first is taken as
gold by ``dragoman.evaluation``; F1 does not depend on which that is, precision and recall change places.
Documents that only one file has are left out and counted. The last line printed is JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dragoman.evaluation import Result, evaluate, read_predicted
from dragoman.record import Event


@dataclass(frozen=True, slots=True)
class Coding:
    """One reader's records by document id, with the texts where the file has them."""

    events: dict[str, list[Event]]
    texts: dict[str, str]


def read_coding(path: Path) -> Coding:
    """A file of coded documents.

    Raises ValueError for a line that is no coded document and for an id that stands twice.
    """
    events = read_predicted(path)
    rows = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]
    repeated = [id for id, n in Counter(str(row["id"]) for row in rows).items() if n > 1]
    if repeated:
        raise ValueError(f"{path}: documents stand twice: {', '.join(repeated)}")
    return Coding(events, {str(row["id"]): row["text"] for row in rows if "text" in row})


def agree(a: Coding, b: Coding) -> Result:
    """The levels and attributes over the documents that both have.

    Raises ValueError where they have none in common, or one whose text differs: offsets then mean nothing.
    """
    common = sorted(a.events.keys() & b.events.keys())
    if not common:
        raise ValueError("the two codings have no document in common")
    changed = [d for d in common if d in a.texts and d in b.texts and a.texts[d] != b.texts[d]]
    if changed:
        raise ValueError(f"the texts differ: {', '.join(changed[:5])}" + (" …" if len(changed) > 5 else ""))
    return evaluate({d: a.events[d] for d in common}, {d: b.events[d] for d in common})


def main(argv: Sequence[str] | None = None) -> int:
    """The command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m training.corpus.agreement", description=__doc__.split(":")[0])
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    options = parser.parse_args(argv)
    try:
        first, second = read_coding(options.first), read_coding(options.second)
        result = agree(first, second)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    only = {
        "only_first": len(first.events.keys() - second.events),
        "only_second": len(second.events.keys() - first.events),
    }
    print(result)
    print(f"left out: {only['only_first']} only in the first file, {only['only_second']} only in the second")
    print(json.dumps(result.to_dict() | only))
    return 0


if __name__ == "__main__":
    sys.exit(main())
