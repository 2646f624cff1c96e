"""The country that a noun phrase gives its bearer: nationality words, names of bodies, possessives."""

from __future__ import annotations

from collections.abc import Collection

from .finding import GUESSED, PLACES, SAID, Finding, Scene
from .owners import choose
from .phrase import NUMBERS, Item
from .register import Entry
from .text import word_set

# A state sends these to bodies and to other states: "China's U.N. mission" is China's.
STATE_SENDS = {
    "ambassador", "envoy", "special envoy", "mission", "delegation", "representative",
    "permanent representative", "delegate", "negotiator", "diplomat", "special representative",
    "high commissioner", "charge daffaires",
    "counterpart", "partner", "ally", "allies", "member",
}  # fmt: skip
# Given names that are also states: "Jordan Bardella" is no Jordanian.
_GIVEN = word_set("jordan chad georgia israel kenya india china america mali")


class Nationality(Scene):
    """The step that finds the country."""

    __slots__ = ()

    def find_country(self, line: list[Item], countries: Collection[str], found: Finding) -> None:
        person = found.kind == "person"
        sends = any(i.kind == "noun" and i.words.removesuffix("s") in STATE_SENDS for i in line)
        places: list[tuple[Item, Entry]] = []
        bodies: list[tuple[Item, Entry]] = []
        for at, item in enumerate(line):
            if item.kind != "name" or item.barred:
                continue
            entry = choose(item.entries, self.when, countries)
            if entry is None:
                same = {e.country for e in item.entries}
                if len(same) > 1:
                    found.why.append(f"{item.words!r} could be of {', '.join(sorted(str(s) for s in same)[:4])}")
                    continue
                entry = item.entries[0]
            if entry.kind in PLACES:
                if at == 0 and self._given_name(item, entry, line):
                    continue
                places.append((item, entry))
            elif not (person and entry is found.entry):
                bodies.append((item, entry))
        places.sort(key=lambda p: p[0].weak)
        if bodies and not (sends and places and not places[0][0].weak):
            # The body nearest to the head: "NATO's Kosovo Force".
            item, entry = bodies[-1]
            country = entry.on(self.when).country
            if not (person and found.sure == SAID):
                found.country, found.sure = country, SAID
                found.why.append(f"country of {entry.name}")
            if found.entry is None and not person and entry.kind != "person":
                found.entry, found.kind = entry, entry.kind
        elif places:
            item, entry = places[0]
            if len(places) > 1 and entry.kind == "people" and places[1][0].words.startswith("american"):
                # "Turkish-American": the last is the citizenship.
                item, entry = places[1]
            if entry.country is None and len(places) > 1:
                item, entry = next(((i, e) for i, e in places if e.country), (item, entry))
            if not (person and found.sure == SAID):
                found.country, found.sure = (
                    entry.country,
                    (GUESSED if item.weak else SAID) if entry.country else 0,
                )
                found.why.append(f"{item.words!r}" + ("" if entry.country else " is at home in several states"))
            if len({e.country for _, e in places if e.country}) > 1 and any(i.kind == "and" for i in line):
                found.why.append("names several countries, the first is given")
            if found.kind is None:
                found.kind = entry.kind if entry.kind != "peoples" else "people"
                if len(line) == 1:
                    found.entry = entry
        if bodies and found.kind is None and bodies[-1][1].kind != "person":
            found.kind = bodies[-1][1].kind
        self._alone(line, places, found)

    @staticmethod
    def _given_name(item: Item, entry: Entry, line: list[Item]) -> bool:
        # "Aden Duale", "Jordan Bardella": a place's name before unknown capitals is mostly a
        # person's.
        rest = line[1:]
        if not rest or item.possessive or any(i.kind != "unknown" or not i.cap or i.words.isdigit() for i in rest):
            return False
        return entry.kind in ("city", "capital") or item.words in _GIVEN

    def _alone(self, line: list[Item], places: list[tuple[Item, Entry]], found: Finding) -> None:
        """States, capitals, towns and peoples with no noun after them."""
        if not places or not line or places[-1][0] is not line[-1] or found.firm == SAID:
            return
        item, entry = places[-1]
        before = [i for i in line[:-1] if i.kind == "unknown"]
        counted = any(i.words in NUMBERS or i.words[0].isdigit() or not i.cap for i in before)
        stateless = entry.country is None or bool(entry.roles and entry.roles[0][0])
        found.noun, found.alone = False, True
        if entry.kind in ("country", "capital"):
            found.sector, found.firm, found.entry = "GOV", SAID, entry
            found.why.append(f"{entry.name}: a {entry.kind} stands for the state acting as such")
        elif entry.kind == "region":
            found.sector, found.firm, found.entry = entry.roles[0][0], SAID, entry
            found.why.append(f"{entry.name}: no state of its own")
        elif entry.kind == "peoples" or (entry.kind == "people" and (counted or stateless)):
            found.sector, found.firm, found.entry = "CVL", SAID, entry
            found.plain = True
            found.why.append(f"{item.words!r}: the people")
        elif entry.kind == "people" and not found.firm:
            # In gold/train a bare adjective ("the Chinese", "Russian") is the state 25 times of 31.
            found.sector, found.firm, found.entry = "GOV", GUESSED, entry
            found.others.append("CVL")
            found.why.append(f"{item.words!r} alone: the state rather than its people")
        elif entry.kind == "city" and not found.firm:
            found.entry = entry
            found.why.append("a town alone: its authorities or its people")
