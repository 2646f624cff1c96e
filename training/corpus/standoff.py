"""Records without their texts: where in a public report each event stands, for whoever has the report.

``python -m training.corpus.standoff write GOLD`` keeps, for each document of a gold folder, its address,
the date, the SHA-256 of its text and the records with offsets and codes, but no word of the text. ``python
-m training.corpus.standoff join TEXTS --out FILE.jsonl`` puts them back on texts that the user has fetched,
as far as their hashes are the same.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dragoman.evaluation import read_gold
from dragoman.learning.coded import occurrences
from dragoman.record import Document, Event, Json
from training.corpus.load import record_row, write_lines

FILE = Path(__file__).parent / "gold_train.jsonl"
# What the project measures itself with is never training data.
MEASURING = frozenset({"dev", "seed"})

_ROLES = ("actor", "recipient", "attribution")


def digest(text: str) -> str:
    """The SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def strip(document: Document, events: Iterable[Event], contexts: Sequence[str] = ()) -> Json:
    """One document as stand-off annotation.

    Raises ValueError where an entity is not the words at its offsets or a place is not in the text: without
    the words such a record could not be restored.
    """
    return {
        "id": document.id,
        "url": document.url,
        "published": document.published,
        "sha256": digest(document.text),
        "contexts": list(contexts),
        "events": [_strip_event(e, document) for e in events],
    }


def _strip_event(event: Event, document: Document) -> Json:
    text = document.text
    row = record_row(event)
    del row["id"]
    for role in _ROLES:
        for entity in row[role]:
            words = entity.pop("text")
            if text[entity["start"] : entity["end"]] != words:
                raise ValueError(f"{document.id}: {words!r} is not the words at {entity['start']}")
    if event.place:
        spans = occurrences(text, event.place.text)
        if not spans or not event.mentions:
            raise ValueError(f"{document.id}: the place {event.place.text!r} is not in the text")
        first = event.mentions[0].trigger.start
        span = min(spans, key=lambda s: (abs(s.start - first), s.start))
        row["place"] = {"start": span.start, "end": span.end, "country": event.place.country}
    return row


def restore(row: Mapping[str, Any], text: str) -> tuple[Document, tuple[Event, ...]]:
    """A document and its records from stand-off annotation and its text.

    Raises ValueError where the text is not the one that was annotated.
    """
    if digest(text) != row["sha256"]:
        raise ValueError(f"{row['id']}: the text is not the one that was annotated (its hash differs)")
    document = Document(text=text, published=row["published"], id=row["id"], url=row["url"])
    events = []
    for stripped in row["events"]:
        whole = dict(stripped)
        for role in _ROLES:
            whole[role] = [{**e, "text": text[e["start"] : e["end"]]} for e in stripped[role]]
        if place := stripped["place"]:
            whole["place"] = {"text": text[place["start"] : place["end"]], "country": place["country"]}
        events.append(Event.from_dict(whole).identified(document.id))
    return document, tuple(events)


@dataclass(frozen=True, slots=True)
class Joined:
    """What could be put together: documents as in the corpus' JSON lines, the ids for which no text was
    there, and the ids whose text is another one."""

    rows: tuple[Json, ...]
    missing: tuple[str, ...]
    changed: tuple[str, ...]


def read(path: Path = FILE) -> list[Json]:
    """The stand-off annotation of a file, one mapping a document. Raises OSError or ValueError."""
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]


def read_texts(folder: Path) -> dict[str, list[str]]:
    """The texts of a folder by document id: ``ID.txt``, or ``*.json`` with ``text`` and ``id`` (else the
    file's name). A trailing line end and CRLF line ends, which tools add on saving, are also tried
    without."""
    texts: dict[str, list[str]] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix == ".json":
            row = json.loads(path.read_text("utf-8"))
            if isinstance(row, dict) and isinstance(row.get("text"), str):
                texts.setdefault(str(row.get("id", path.stem)), []).extend(_forms(row["text"]))
        elif path.suffix == ".txt":
            # Read as bytes: reading as text would turn line ends around before they are compared.
            texts.setdefault(path.stem, []).extend(_forms(path.read_bytes().decode("utf-8")))
    return texts


def _forms(text: str) -> Iterator[str]:
    seen = set()
    for form in (
        text,
        text.replace("\r\n", "\n"),
        text.removesuffix("\n"),
        text.replace("\r\n", "\n").strip(),
    ):
        if form not in seen:
            seen.add(form)
            yield form


def join(rows: Iterable[Json], texts: Mapping[str, Sequence[str]]) -> Joined:
    """The annotated documents whose texts are there."""
    found: list[Json] = []
    missing: list[str] = []
    changed: list[str] = []
    for row in rows:
        forms = texts.get(row["id"], ())
        text = next((t for t in forms if digest(t) == row["sha256"]), None)
        if text is None:
            (changed if forms else missing).append(row["id"])
            continue
        document, events = restore(row, text)
        found.append(
            {
                "id": document.id,
                "kind": "report",
                "url": document.url,
                "published": document.published,
                "text": text,
                "contexts": row["contexts"],
                "events": [record_row(e) for e in events],
            }
        )
    return Joined(tuple(found), tuple(missing), tuple(changed))


def annotate(folder: Path) -> list[Json]:
    """The stand-off annotation of a gold folder.

    Raises ValueError for a folder that is kept for measuring, and for what ``strip`` refuses.
    """
    if folder.resolve().name in MEASURING:
        raise ValueError(f"{folder} is kept for measuring and is no training data")
    records = read_gold(folder)
    rows = []
    for path in sorted(folder.glob("*.json")):
        row = json.loads(path.read_text("utf-8"))
        document = Document(row["text"], row["published"], str(row["id"]), url=row["url"])
        rows.append(strip(document, records[document.id], row.get("contexts") or ()))
    return rows


def main(argv: Sequence[str] | None = None) -> int:
    """The command; returns the exit status, 1 where a text was missing or another one."""
    parser = argparse.ArgumentParser(prog="python -m training.corpus.standoff", description=__doc__.split(":")[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    write = verbs.add_parser("write", help="make the annotation from a gold folder")
    write.add_argument("gold", type=Path)
    write.add_argument("--out", type=Path, default=FILE)
    joining = verbs.add_parser("join", help="put the annotation back on texts")
    joining.add_argument("texts", type=Path, help="folder of ID.txt files, or of *.json with id and text")
    joining.add_argument("--annotation", type=Path, default=FILE)
    joining.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(argv)
    try:
        if options.verb == "write":
            rows = annotate(options.gold)
            write_lines(options.out, rows)
            print(f"{len(rows)} documents, {sum(len(r['events']) for r in rows)} records", file=sys.stderr)
            return 0
        joined = join(read(options.annotation), read_texts(options.texts))
    except (OSError, ValueError, KeyError) as error:
        print(error, file=sys.stderr)
        return 1
    write_lines(options.out, joined.rows)
    print(f"{len(joined.rows)} documents rebuilt", file=sys.stderr)
    for why, ids in (("no text for", joined.missing), ("another text for", joined.changed)):
        if ids:
            print(f"{why} {len(ids)}: {', '.join(ids)}", file=sys.stderr)
    return 1 if joined.missing or joined.changed else 0


if __name__ == "__main__":
    sys.exit(main())
