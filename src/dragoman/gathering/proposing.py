"""Proposals for a register of one's own, from what many reports say: for a person to accept, never used unasked."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from dragoman.actors import Register, resolve
from dragoman.actors.text import key
from dragoman.gathering.claims import clean
from dragoman.gathering.sightings import Sighting, sightings
from dragoman.language.tokens import ParsedDocument

HEAD = """\
# Proposals of dragoman actors propose. Set accept to true where a row is right, mend it where it is nearly so, then:
#   dragoman actors import THIS-FILE --from proposals --out my-actors.yaml
"""
# Of each proposal so many places are shown, and so many short forms and aliases.
_EVIDENCE = 3
_FORMS = 8


@dataclass(frozen=True, slots=True)
class _Said:
    """What one report says of a name."""

    document: str
    date: str
    of: Sighting

    @property
    def codes(self) -> tuple[str, str]:
        return self.of.country, self.of.sector

    @property
    def order(self) -> tuple[str, str, str]:
        return self.date or "9999", self.document, self.of.words


@dataclass(slots=True)
class _Name:
    spellings: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    aliases: set[str] = field(default_factory=set)
    short_forms: set[str] = field(default_factory=set)
    said: list[_Said] = field(default_factory=list)


class Proposals:
    """Names that the register does not know, or knows as something else, with what reports say of them."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._names: dict[str, _Name] = {}
        self._texts: set[bytes] = set()

    def add(self, document: ParsedDocument) -> None:
        """Take in one parsed report; a copy of one seen before says nothing new and is passed over."""
        made = document.document
        digest = hashlib.sha256(made.text.encode("utf-8", "surrogatepass")).digest()
        if digest in self._texts:
            return
        groups: dict[str, list[Sighting]] = {}
        for found in sightings(document, self._register):
            groups.setdefault(_group(found.name), []).append(found)
        # A short name of somebody whom the report names in full as well is an alias of that one.
        for group in sorted(groups, key=lambda g: (len(g.split()), g)):
            words = group.split()
            longer = [g for g in groups if len(g.split()) > len(words) and g.split()[-len(words) :] == words]
            if len(longer) == 1:
                groups[longer[0]] += groups.pop(group)
        self._texts.add(digest)
        date = clean(made.published or "")[:10]
        for group, seen in groups.items():
            name = self._names.setdefault(group, _Name())
            counted = Counter((s.country, s.sector) for s in seen)
            most = max(counted.values())
            first = next(s for s in seen if counted[(s.country, s.sector)] == most)
            name.spellings.update({s.name for s in seen})
            name.kinds.update([first.kind])
            name.aliases.update(a for s in seen for a in s.aliases)
            name.short_forms.update(f for s in seen for f in s.short_forms)
            name.said.append(_Said(clean(made.id), date, first))

    def rows(self, at_least: int = 2) -> list[dict[str, Any]]:
        """The proposals as rows, most often seen first.

        Proposed is a name to which at least ``at_least`` reports, and more than half of those that say anything of it,
        give the same country and sector.
        """
        made = []
        for group, name in self._names.items():
            counted = Counter(s.codes for s in name.said)
            codes = min(counted, key=lambda c: (-counted[c], c))
            if counted[codes] >= at_least and 2 * counted[codes] > len(name.said):
                made.append((-counted[codes], group, self._row(name, codes)))
        return [row for _, _, row in sorted(made, key=lambda m: m[:2])]

    def _row(self, name: _Name, codes: tuple[str, str]) -> dict[str, Any]:
        agreed = sorted((s for s in name.said if s.codes == codes), key=lambda s: s.order)
        main = _most(name.spellings)
        kind = _most(name.kinds)
        # A longer spelling is the fuller name.
        main = max(
            (s for s in name.spellings if _group(s) == _group(main)), key=lambda s: (name.spellings[s], len(s), s)
        )
        aliases = sorted({a for a in (*name.spellings, *name.aliases) if key(a) != key(main)})[:_FORMS]
        title = _most(Counter(s.of.title for s in agreed if s.of.title))
        dates = [s.date for s in agreed if s.date]
        row: dict[str, Any] = {"accept": False}
        if kind == "person":
            row["name"] = main
            if aliases:
                row["aliases"] = aliases
        else:
            row["names"] = [main, *aliases]
            if kind != "body":
                row["kind"] = kind
        row |= {"country": codes[0], "certainty": "doubtful"}
        if kind == "person":
            role = {"title": title, "sector": codes[1], "from": dates[0] if dates else ""}
            row["roles"] = [{k: v for k, v in role.items() if v}]
        else:
            row["sector"] = codes[1]
        row["documents"] = len(agreed)
        if dates:
            row["last_seen"] = dates[-1]
        if name.short_forms:
            row["short_forms"] = sorted(name.short_forms)[:_FORMS]
        known = resolve(main, dates[-1] if dates else None, register=self._register)
        if known.identity:
            row["register"] = f"{known.country} {known.sector}: {known.reason}"
        if others := [s for s in name.said if s.codes != codes]:
            row["contradictions"] = [
                {"country": c[0], "sector": c[1], "documents": n, **_shown(min(_of(others, c), key=lambda s: s.order))}
                for c, n in sorted(Counter(s.codes for s in others).items(), key=lambda r: (-r[1], r[0]))
            ]
        row["evidence"] = [_shown(s) for s in agreed[:_EVIDENCE]]
        return row


def _of(said: Iterable[_Said], codes: tuple[str, str]) -> list[_Said]:
    return [s for s in said if s.codes == codes]


def _shown(said: _Said) -> dict[str, str]:
    shown = {"document": said.document, "date": said.date, "words": said.of.words}
    return {k: v for k, v in shown.items() if v}


def _most(counted: Counter[str]) -> str:
    return min(counted, key=lambda w: (-counted[w], w), default="")


def _group(name: str) -> str:
    """What spellings of one name have in common: its words without case, accents and initials."""
    words = key(name).removeprefix("^").split()
    return " ".join([w for w in words if len(w) > 1] or words)
