"""A user's corrected records, read with care: whatever is wrong with them is said before anything is learned."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dragoman.codebook import COUNTRIES, MODES, SECTORS, TYPES
from dragoman.learning.coded import Coded, Side, occurrences
from dragoman.reading import MAX_CHARACTERS, BadDate, publication_date
from dragoman.record import FACTUALITIES, Document, Event
from dragoman.times import calendar

# A type of the user's own, which the codebook lacks.
_NAME = re.compile(r"[A-Z][A-Z0-9_]{1,39}", re.ASCII)
_NO_TEXT = (
    'lacks "text": coded documents leave it out; add to each the text that it was coded from, as docs/training.md shows'
)


class BadCorpus(ValueError):
    """A corpus that cannot be learned from; ``faults`` has a line for each thing that is wrong, with its fix."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


def read(path: Path) -> list[Coded]:
    """The documents of a corpus in the order of their files, all on the training side.

    Args:
        path: a folder with a JSON file a document, or a file of JSON lines; each with ``id``, ``text``, ``published``
            and ``events`` as in the record (``docs/codebook.md``). ``published`` may be null.

    Raises:
        BadCorpus: when anything is wrong with it, with all that is.
    """
    found: list[Coded] = []
    faults: list[str] = []
    places: dict[str, str] = {}
    for name, line in _rows(path, faults):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            faults.append(f"{name}: is no JSON ({_where(error)}); write the record again")
            continue
        wrong = list(_document(row))
        if not wrong and (first := places.setdefault(row["id"], name)) != name:
            wrong.append(f'has the id "{row["id"]}" of {first}; give each document an id of its own')
        if not wrong:
            published = row.get("published")
            document = Document(row["text"], published and publication_date(str(published)), row["id"])
            found.append(Coded(document, tuple(_event(e) for e in row["events"]), "own", "train"))
        faults += [f"{name}: {w}" for w in wrong]
    if faults:
        raise BadCorpus(faults)
    if not found:
        what = "*.json files" if path.is_dir() else "lines"
        raise BadCorpus([f"{path}: has no {what}; give gold documents with id, text, published, events"])
    return found


def _rows(path: Path, faults: list[str]) -> Iterator[tuple[str, str]]:
    """Name and JSON of each document; what cannot be read goes to ``faults``."""
    for file in sorted(path.glob("*.json")) if path.is_dir() else [path]:
        try:
            text = file.read_text("utf-8-sig")
        except UnicodeDecodeError:
            faults.append(f"{file}: is not in UTF-8; save it in UTF-8")
            continue
        except OSError as error:
            faults.append(f"{file}: cannot be read ({error.strerror or error}); check the path and your rights to it")
            continue
        if path.is_dir() or path.suffix.lower() == ".json":
            yield str(file), text
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                yield f"{file}, line {number}", line


def _where(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg.lower()} at line {error.lineno}, character {error.colno}"
    return "nested too deep" if isinstance(error, RecursionError) else "a number too long to read"


def _document(row: Any) -> Iterator[str]:
    """What is wrong with one document."""
    if not isinstance(row, dict):
        yield "is no JSON object; write {id, text, published, events}"
        return
    if not isinstance(row.get("id"), str) or not row["id"]:
        yield 'lacks "id"; give each document one, in quotes'
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        yield _NO_TEXT
    elif len(text) > MAX_CHARACTERS:
        yield f"is over {MAX_CHARACTERS:,} characters long; split it into parts"
    if row.get("published") is not None:
        try:
            publication_date(str(row["published"]))
        except BadDate as error:
            yield f'"published": {error}'
    if not isinstance(row.get("events"), list):
        yield 'lacks "events"; give a list, empty where the report tells of none'
    elif isinstance(text, str) and text.strip():
        for number, event in enumerate(row["events"], 1):
            kind = event.get("type") if isinstance(event, dict) else None
            for wrong in _faults(event, text):
                yield f"event {number}{f' ({kind})' if isinstance(kind, str) else ''} {wrong}"


def _faults(event: Any, text: str) -> Iterator[str]:
    """What is wrong with one record."""
    if not isinstance(event, dict):
        yield "is no JSON object; write it as in docs/codebook.md"
        return
    yield from _codes(event)
    if (date := event.get("date")) is not None:
        try:
            calendar.parse(str(date))
        except ValueError as error:
            yield f'"date": {error}; write 2025-03-14, 2025-03, 2025 or a range with /, or null'
    place = event.get("place")
    if place is not None:
        if not isinstance(place, dict) or not isinstance(place.get("text"), str) or place["text"] not in text:
            yield "has a place that does not stand in the text; copy its words from there, or write null"
        else:
            yield from _code(place, "country", COUNTRIES, "its place")
    for role in ("actor", "recipient", "attribution"):
        entities = event.get(role) or []
        if not isinstance(entities, list):
            yield f'"{role}" is no list; write a list, empty where the report names nobody'
            continue
        for entity in entities:
            yield from _entity(entity, role, text)
    mentions = event.get("mentions")
    if not isinstance(mentions, list) or not mentions:
        yield 'lacks "mentions"; give the sentence and its trigger: the word that names the event'
        return
    for mention in mentions:
        yield from _mention(mention, text)


def _codes(event: Mapping[str, Any]) -> Iterator[str]:
    kind = event.get("type")
    if not isinstance(kind, str) or (kind not in TYPES and not _NAME.fullmatch(kind)):
        yield (
            f"has the type {kind!r}; write one of dragoman codebook, or a name of your own "
            "in capitals, digits and underscores"
        )
        return
    modes = event.get("mode") or []
    known = MODES.get(kind, {})
    for mode in modes if isinstance(modes, list) else [modes]:
        if mode not in known:
            fix = f"its modes are {', '.join(known)}" if known else "it has none: write []"
            yield f"has the mode {mode!r}; {fix}"
    if event.get("factuality", "actual") not in FACTUALITIES:
        yield f"has the factuality {event['factuality']!r}; write one of {', '.join(FACTUALITIES)}"


def _code(row: Mapping[str, Any], field: str, known: Mapping[str, Any], what: str) -> Iterator[str]:
    code = row.get(field)
    if code is not None and (not isinstance(code, str) or code not in known):
        yield f"has the {field} {code!r} for {what}; dragoman codebook lists them, null when not known"


def _entity(entity: Any, role: str, text: str) -> Iterator[str]:
    if not isinstance(entity, dict) or not isinstance(entity.get("text"), str):
        yield f'has an {role} without "text"; write text, start, end, country, sector'
        return
    words = entity["text"]
    span = _span(entity, text)
    if span is None or text[span[0] : span[1]] != words:
        there = [f"{s.start} to {s.end}" for s in occurrences(text, words)[:3]]
        fix = f"they stand at {', '.join(there)}" if there else "copy them from the text"
        yield f'has an {role} {words!r} whose "start" and "end" do not hold these words; {fix}'
    for field, known in (("country", COUNTRIES), ("sector", SECTORS)):
        yield from _code(entity, field, known, repr(words))


def _mention(mention: Any, text: str) -> Iterator[str]:
    span = _span(mention, text)
    trigger = _span(mention.get("trigger"), text) if isinstance(mention, dict) else None
    if span is None:
        yield f'has a mention without "start" and "end" within the text (0 to {len(text)}); give its sentence\'s'
    elif trigger is None or not (span[0] <= trigger[0] and trigger[1] <= span[1]):
        yield f'has no "trigger" within the mention at {span[0]} to {span[1]}; give the word that names the event'
    elif not text[trigger[0] : trigger[1]].strip():
        yield f"has a trigger of white space at {trigger[0]} to {trigger[1]}; give the word that names the event"


def _span(row: Any, text: str) -> tuple[int, int] | None:
    if not isinstance(row, dict):
        return None
    start, end = row.get("start"), row.get("end")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
        return None
    return start, end


def _event(row: Mapping[str, Any]) -> Event:
    mode = row.get("mode") or []
    return Event.from_dict({**row, "mode": mode if isinstance(mode, list) else [mode]})


def own_types(documents: Sequence[Coded]) -> tuple[str, ...]:
    """The types in the records that the codebook lacks, by name."""
    return tuple(sorted({e.type for d in documents for e in d.events} - set(TYPES)))


def split(documents: Sequence[Coded]) -> list[Coded]:
    """The documents with a fifth of them, but at least one, held out: by a hash of the id, whatever their order.

    Raises:
        BadCorpus: when there is but one document.
    """
    if len(documents) < 2:
        raise BadCorpus(["one document cannot be learned from and be measured on; give more, or --test"])
    ids = [d.document.id.encode("utf-8", "surrogatepass") for d in documents]
    ranked = sorted((hashlib.sha256(id).digest(), n) for n, id in enumerate(ids))
    kept = {n for _, n in ranked[: max(1, len(documents) // 5)]}
    sides: tuple[Side, Side] = ("train", "held-out")
    return [replace(d, side=sides[n in kept]) for n, d in enumerate(documents)]


def with_test(documents: Sequence[Coded], test: Sequence[Coded]) -> list[Coded]:
    """All of ``documents`` to learn from and all of ``test`` held out.

    Raises:
        BadCorpus: when a document is in both.
    """
    both = sorted({d.document.id for d in documents} & {d.document.id for d in test})
    if both:
        more = f" and {len(both) - 1} more are" if len(both) > 1 else " is"
        raise BadCorpus([f'the document "{both[0]}"{more} in the corpus and in --test; take it out of one of them'])
    return [*documents, *(replace(d, side="held-out") for d in test)]
