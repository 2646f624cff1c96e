"""The source form of the corpus: YAML files for people to write, read as they stand.

Every scalar is read as text: a country ``NO``, a date ``2023-11`` or a number keeps the characters that the
writer typed. What a file gets wrong comes back as ``Problem`` beside whatever could be read.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

KINDS = ("passage", "report", "article")
REGISTERS = ("wire", "broadcast", "communique", "local", "analysis", "headline", "translated")

_ITEM_KEYS = frozenset({"id", "kind", "register", "published", "text", "events", "contexts"})
_EVENT_KEYS = frozenset({"type", "actor", "recipient", "trigger", "date", "place", "by", "fact", "hist"})
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.]*(?:-[A-Za-z0-9_.]+)*-\d+", re.ASCII)
_NTH = re.compile(r"(.*?)\s*#(\d+)", re.DOTALL)
_NOTHING = frozenset({"", "null", "~"})
# The code that says in so many words that the country or the sector is not known.
UNKNOWN = "-"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: one line for people. A note is worth a look but refuses nothing."""

    file: str
    line: int
    id: str
    message: str
    note: bool = False

    def __str__(self) -> str:
        kind = "note: " if self.note else ""
        return f"{self.file}:{self.line}: {self.id or '(no id)'}: {kind}{self.message}"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of the text; ``nth`` is which occurrence is meant, counted from 1, None where the writer left
    it open."""

    words: str
    nth: int | None = None
    country: str | None = None
    sector: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One event as its writer put it down, its strings not yet located in the text."""

    type: str
    modes: tuple[str, ...] = ()
    actor: tuple[Phrase, ...] = ()
    recipient: tuple[Phrase, ...] = ()
    by: tuple[Phrase, ...] = ()
    trigger: tuple[Phrase, ...] = ()
    date: str | None = None
    place: Phrase | None = None
    fact: str = "actual"
    hist: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A passage or a report with its events; ``published`` is an ISO date."""

    id: str
    kind: str
    register: str
    published: str
    text: str
    events: tuple[Told, ...] = ()
    contexts: tuple[str, ...] = ()
    file: str = ""
    line: int = 0

    @property
    def voice(self) -> str:
        """Whose writing it is: the id without its running number."""
        return self.id.rpartition("-")[0]


class Malformed(ValueError):
    """A part of an item that is not of the form that it must have."""


class Loader(yaml.CBaseLoader):
    """Text for every scalar, and no key twice: a second one would silently replace the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [k.value for k, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"key {key!r} stands twice", node.start_mark)
        return super().construct_mapping(node, deep=True)


@dataclass(slots=True)
class _Reading:
    """What one file has yielded so far."""

    file: str
    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    line: int = 0
    id: str = ""

    def report(self, message: str) -> None:
        self.problems.append(Problem(self.file, self.line, self.id, message))


def read(path: Path, name: str | None = None) -> tuple[list[Item], list[Problem]]:
    """The items of one YAML file and what is wrong with the rest of it.

    ``name`` is what problems call the file, its path by default. Raises OSError where it cannot be opened.
    """
    reading = _Reading(name or str(path))
    try:
        text = path.read_bytes().decode("utf-8")
        loader = Loader(text)
        root = loader.get_single_node()
        if root is not None and not isinstance(root, yaml.SequenceNode):
            raise Malformed("the file is no list of items")
        for node in root.value if root is not None else ():
            reading.line, reading.id = node.start_mark.line + 1, ""
            try:
                _item(loader.construct_object(node, deep=True), reading)
            except Malformed as error:
                reading.report(str(error))
            except yaml.constructor.ConstructorError as error:
                where = f" in line {error.problem_mark.line + 1}" if error.problem_mark else ""
                reading.report(f"YAML: {error.problem}{where}")
    except UnicodeDecodeError as error:
        reading.report(f"not UTF-8 at byte {error.start}")
    except Malformed as error:
        reading.report(str(error))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reading.line = mark.line + 1 if mark else reading.line
        reading.report(f"YAML: {error.problem or error.context}; nothing after this line was read")
    except yaml.YAMLError as error:
        reading.report(f"YAML: {' '.join(str(error).split())}")
    return reading.items, reading.problems


def made(rows: Iterable[Any], file: str) -> tuple[list[Item], list[Problem]]:
    """The items of rows that a `Loader` has read, and what is wrong with the rest, which ``file`` names."""
    reading = _Reading(file)
    for row in rows:
        reading.id = ""
        try:
            _item(row, reading)
        except Malformed as error:
            reading.report(str(error))
    return reading.items, reading.problems


def read_all(paths: Iterable[Path]) -> tuple[list[Item], list[Problem]]:
    """The items and problems of several files, in the order given."""
    items: list[Item] = []
    problems: list[Problem] = []
    for path in paths:
        found, wrong = read(path)
        items += found
        problems += wrong
    return items, problems


def _item(row: Any, reading: _Reading) -> None:
    if not isinstance(row, dict):
        raise Malformed("an item must be a mapping with id, kind, register, published, text, events")
    reading.id = row["id"] if isinstance(row.get("id"), str) else ""
    for key in sorted(set(row) - _ITEM_KEYS):
        reading.report(f"unknown key {key!r}")
    missing = sorted(_ITEM_KEYS - {"contexts"} - set(row))
    if missing:
        raise Malformed(f"lacks {', '.join(missing)}")
    id, kind, register, published, text = (_scalar(row, k) for k in ("id", "kind", "register", "published", "text"))
    if not _ID.fullmatch(id):
        reading.report("the id is not of the form voice-0001")
    if kind not in KINDS:
        reading.report(f"kind {kind!r} is none of {', '.join(KINDS)}")
    if register not in REGISTERS:
        reading.report(f"register {register!r} is none of {', '.join(REGISTERS)}")
    try:
        dt.date.fromisoformat(published)
    except ValueError:
        raise Malformed(f"published {published!r} is no date of the form 2023-11-09") from None
    if not text.strip():
        raise Malformed("the text is empty")
    if text != text.strip():
        reading.report("the text begins or ends with white space (write text: |-)")
    if not isinstance(row["events"], list):
        raise Malformed("events must be a list ([] where there are none)")
    events = []
    for n, event in enumerate(row["events"], 1):
        try:
            events.append(_told(event))
        except Malformed as error:
            reading.report(f"event {n}: {error}")
    contexts = tuple(_strings(row, "contexts"))
    reading.items.append(Item(id, kind, register, published, text, tuple(events), contexts, reading.file, reading.line))


def _told(row: Any) -> Told:
    if not isinstance(row, dict):
        raise Malformed("is no mapping")
    unknown = sorted(set(row) - _EVENT_KEYS)
    if unknown:
        raise Malformed(f"unknown key {', '.join(map(repr, unknown))}")
    if "type" not in row or "trigger" not in row:
        raise Malformed("lacks type or trigger")
    type, *modes = re.split(r"\s*[/,+]\s*", _scalar(row, "type"))
    hist = _scalar(row, "hist").lower()
    if hist not in {"true", "false"} | _NOTHING:
        raise Malformed(f"hist {hist!r} is neither true nor false")
    place = _scalar(row, "place")
    triggers = tuple(_phrase(t) for t in _strings(row, "trigger"))
    if not triggers:
        raise Malformed("has no trigger")
    return Told(
        type=type,
        modes=tuple(modes),
        actor=tuple(_entity(e) for e in _strings(row, "actor")),
        recipient=tuple(_entity(e) for e in _strings(row, "recipient")),
        by=tuple(_entity(e) for e in _strings(row, "by")),
        trigger=triggers,
        date=None if (date := _scalar(row, "date")) in _NOTHING else date,
        place=None if place in _NOTHING else _place(place),
        fact=_scalar(row, "fact") or "actual",
        hist=hist == "true",
    )


def _scalar(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key, "")
    if not isinstance(value, str):
        raise Malformed(f"{key} must be one value, not a list or a mapping")
    return value


def _strings(row: Mapping[str, Any], key: str) -> list[str]:
    value = row.get(key, [])
    if isinstance(value, str):
        return [] if value in _NOTHING else [value]
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise Malformed(f"{key} must be a list of strings")
    return value


def _phrase(words: str) -> Phrase:
    words = words.strip()
    counted = _NTH.fullmatch(words)
    phrase = Phrase(counted[1], int(counted[2])) if counted else Phrase(words)
    if not phrase.words or phrase.nth == 0:
        raise Malformed(f"{words!r} names no words of the text")
    return phrase


def _entity(value: str) -> Phrase:
    words, bar, codes = value.rpartition("|")
    parts = codes.split()
    if not bar or len(parts) != 2:
        raise Malformed(f"{value!r} is not of the form 'words | COUNTRY SECTOR'")
    phrase = _phrase(words)
    country, sector = (None if code == UNKNOWN else code for code in parts)
    return Phrase(phrase.words, phrase.nth, country, sector)


def _place(value: str) -> Phrase:
    words, bar, codes = value.rpartition("|")
    if not bar:
        raise Malformed(f"place {value!r} is not of the form 'words | COUNTRY'")
    parts = codes.split()
    if len(parts) != 1:
        raise Malformed(f"place {value!r} must have one country code ({UNKNOWN} where it lies in none)")
    phrase = _phrase(words)
    return Phrase(phrase.words, phrase.nth, None if parts[0] == UNKNOWN else parts[0])
