"""The predicate lexicon: which words tell which event, and where its parties stand (``docs/lexicon.md``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from dragoman.extraction.operators import operators

DEFAULT_WEIGHT = 0.8
_VERB_ACTOR = ("subj",)
_NOUN_ACTOR = ("by", "poss", "compound", "adj", "subj")
_KEYS = frozenset(
    [
        "verb",
        "noun",
        "adj",
        "also",
        "type",
        "mode",
        "actor",
        "recipient",
        "mutual",
        "content",
        "needs",
        "never",
        "agentive",
        "stative",
        "weight",
        "examples",
        "decoys",
    ]
)


class LexiconError(ValueError):
    """A lexicon file breaks the schema of ``docs/lexicon.md``; the message names file and entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One way to name an event: a head lemma, the words that go with it, and its frame."""

    type: str
    pos: str
    lemma: str
    words: tuple[str, ...] = ()
    mode: str | None = None
    actor: tuple[str, ...] = ()
    recipient: tuple[str, ...] = ()
    mutual: bool = False
    content: tuple[str, ...] = ()
    needs: tuple[tuple[str, frozenset[str]], ...] = ()
    never: tuple[tuple[str, frozenset[str]], ...] = ()
    agentive: bool = False
    stative: bool = False
    weight: float = DEFAULT_WEIGHT

    @property
    def specificity(self) -> tuple[int, int, float]:
        """Longest first: words beside the head, then conditions, then weight."""
        return (len(self.words), len(self.needs), self.weight)

    @property
    def name(self) -> str:
        """The entry as written in the lexicon."""
        return " ".join([*self.words, self.lemma] if self.pos == "noun" else [self.lemma, *self.words])


Index = Mapping[tuple[str, str], tuple[Entry, ...]]


def _list(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(str(v) for v in value)


def _conditions(row: Any, classes: Mapping[str, frozenset[str]], where: str) -> tuple[tuple[str, frozenset[str]], ...]:
    conditions = []
    for slot, words in (row or {}).items():
        lemmas: set[str] = set()
        for word in _list(words):
            if word.startswith("@"):
                if word[1:] not in classes:
                    raise LexiconError(f"{where}: unknown class {word}")
                lemmas |= classes[word[1:]]
            else:
                lemmas.add(word.lower())
        conditions.append((str(slot), frozenset(lemmas)))
    return tuple(conditions)


def entries(rows: list[dict[str, Any]], kind: str, classes: Mapping[str, frozenset[str]], file: str) -> list[Entry]:
    """The entries of one file's rows, one for each lemma in `also`.

    Raises:
        LexiconError: for an unknown key, a missing head, or an unknown class.
    """
    found = []
    for row in rows:
        where = f"{file}: {row}"
        if extra := set(row) - _KEYS:
            raise LexiconError(f"{where}: unknown keys {sorted(extra)}")
        heads = [pos for pos in ("verb", "noun", "adj") if pos in row]
        if len(heads) != 1:
            raise LexiconError(f"{where}: needs exactly one of verb, noun, adj")
        pos = heads[0]
        content = _list(row.get("content"))
        for form in (row[pos], *_list(row.get("also"))):
            parts = str(form).lower().split()
            lemma, words = (parts[-1], parts[:-1]) if pos == "noun" else (parts[0], parts[1:])
            default = _NOUN_ACTOR if pos == "noun" else _VERB_ACTOR
            found.append(
                Entry(
                    type=row.get("type", kind),
                    pos=pos,
                    lemma=lemma,
                    words=tuple(words),
                    mode=row.get("mode"),
                    actor=_list(row["actor"]) if "actor" in row else default,
                    recipient=_list(row.get("recipient")),
                    mutual=bool(row.get("mutual", False)),
                    content=content,
                    needs=_conditions(row.get("needs"), classes, where),
                    never=_conditions(row.get("never"), classes, where),
                    agentive=bool(row.get("agentive", False)),
                    stative=bool(row.get("stative", False)),
                    weight=float(row.get("weight", DEFAULT_WEIGHT)),
                )
            )
    return found


def files() -> list[tuple[str, Any]]:
    """Name and content of every lexicon file, classes first."""
    folder = resources.files("dragoman.extraction") / "lexicon"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    names = sorted(f.name for f in folder.iterdir() if f.name.endswith(".yaml"))
    return [(n, yaml.load((folder / n).read_text("utf-8"), Loader=loader)) for n in names]


@lru_cache(maxsize=1)
def load() -> Index:
    """The whole lexicon by part of speech and head lemma, most specific entry first."""
    loaded = files()
    classes: dict[str, frozenset[str]] = {}
    for name, data in loaded:
        if name.startswith("classes"):
            for key, words in data.items():
                classes[key] = classes.get(key, frozenset()) | frozenset(str(w).lower() for w in words)
    found: list[Entry] = []
    for name, data in loaded:
        if "entries" in (data or {}):
            found.extend(entries(data["entries"], data["type"], classes, name))
    index: dict[tuple[str, str], list[Entry]] = {}
    for entry in found:
        index.setdefault((entry.pos, entry.lemma), []).append(entry)
    return {key: tuple(sorted(rows, key=lambda e: e.specificity, reverse=True)) for key, rows in sorted(index.items())}


@lru_cache(maxsize=1)
def event_nouns() -> frozenset[str]:
    """Nouns that name events: "the attack" is never who acts, only a way to somebody named in it."""
    rows = ((lemma, entries) for (pos, lemma), entries in load().items() if pos == "noun")
    return frozenset(lemma for lemma, entries in rows if any(e.weight >= 0.5 for e in entries)) - operators()["bodies"]
