"""Reads one noun phrase: sector from its head, country from its nationality words, the rest from what
prepositions hang on it ("members of the army", "spokesperson for the council", "police in Nairobi").
"""

from __future__ import annotations

from collections.abc import Collection

from .finding import GUESSED, PLACES, SAID, Finding
from .nationality import STATE_SENDS, Nationality
from .phrase import NUMBERS, Item, Phrase
from .sectors import Sectors
from .text import word_set

_ABROAD = word_set("foreign international global world worldwide multinational overseas transnational")
_ABROAD_AS = {"SOC": "NGO", "BUS": "MNC", "REB": "IMG"}
_SPOKES = word_set("spokesman spokeswoman spokesperson spokespeople candidate lawyer attorney office ministry")


_AIDES = word_set("aide adviser advisor deputy assistant counselor")


class Reader(Sectors, Nationality):
    """Reads phrases at one date; ``near`` is the document's country, used to tell namesakes apart."""

    __slots__ = ()

    def read(self, phrase: Phrase, depth: int = 0) -> Finding:
        """What ``phrase`` says. Never raises; what it does not say stays None."""
        core = phrase.core
        self._common(phrase)
        if depth < 4 and (inner := self._measured(phrase)) is not None:
            return self.read(inner, depth + 1)
        found = Finding()
        line = self._first_conjunct(core)
        countries = self._countries(core)
        self.find_sector(line, countries, found)
        self.find_country(line if self._has_name(line) else core, countries, found)
        if depth < 4:
            self._posts(phrase, line, found, depth)
        self._finish(line, found)
        return found

    def _common(self, phrase: Phrase) -> None:
        """Makes nouns of names that are another's here: "Chile's Defense Department" is not the Pentagon."""
        everything = [*phrase.core, *(i for prep, post in phrase.posts if prep in ("of", "in") for i in post)]
        named = {
            e.country
            for i in everything
            if i.kind == "name" and not i.barred
            for e in i.entries
            if e.country and e.kind in PLACES
        }
        before: Item | None = None
        for item in phrase.core:
            if item.kind == "name" and item.use:
                owners = {e.country for e in item.entries}
                foreign = bool(named) and not owners & named
                unknown = before is not None and before.kind == "unknown" and before.cap and not before.joined
                open_ended = not named and len(owners) > 1 and self.near not in owners
                if foreign or unknown or open_ended:
                    item.kind, item.entries = "noun", ()
            before = item

    def _measured(self, phrase: Phrase) -> Phrase | None:
        """For "hundreds of refugees", "a group of armed men", "members of the army": what is counted."""
        if not phrase.posts or phrase.posts[0][0] != "of" or not phrase.posts[0][1]:
            return None
        for item in phrase.core:
            word = item.words
            if item.kind == "name" or item.kind in ("title", "former"):
                return None
            if item.kind == "noun" and item.sector is not None and word not in NUMBERS:
                return None
            if item.kind == "noun" and word not in NUMBERS and word not in ("member", "members", "units", "contingent"):
                return None
            if item.kind == "unknown" and item.cap and word not in NUMBERS and not word.isdigit():
                return None
        return Phrase(phrase.posts[0][1], phrase.posts[1:])

    @staticmethod
    def _has_name(line: list[Item]) -> bool:
        return any(i.kind == "name" and not i.barred for i in line)

    @staticmethod
    def _first_conjunct(core: list[Item]) -> list[Item]:
        for at, item in enumerate(core):
            if item.kind == "and":
                head = core[:at]
                if any(i.kind == "noun" and i.use in ("own", "open", "armed") for i in head[-1:]):
                    # "police and army chiefs" share their head; "a lawmaker and former leader" do not.
                    last = core[-1]
                    if head[-1].use == "own" and last.kind == "noun" and last.use == "open" and not last.barred:
                        shared = len(core) - at <= 3 and not any(i.kind == "former" for i in core[at:])
                        if shared and last.words in ("officials", "chiefs", "leaders", "heads", "officers"):
                            return core
                    return head
                return core
        return core

    def _countries(self, core: list[Item]) -> Collection[str]:
        named = {
            e.country
            for i in core
            if i.kind == "name" and not i.barred
            for e in i.entries
            if e.country and e.kind in PLACES
        }
        return named or ({self.near} if self.near else set())

    def _posts(self, phrase: Phrase, line: list[Item], found: Finding, depth: int) -> None:
        last = line[-1] if line else None
        head = last.words.removesuffix("s") if last else ""
        bare_name = bool(line) and found.firm == 0 and last is not None and last.kind == "unknown"
        opens = found.firm < SAID and (bare_name or last is None or last.kind == "noun" or found.kind == "person")
        named_by_noun = found.kind is None or found.kind in PLACES
        loose = False  # after "with bases", "in Afghanistan" says where the bases are
        working = False
        for prep, post in phrase.posts:
            if (prep == "with" and working) or (prep == "to" and head in _AIDES):
                prep = "at"
            working = prep == "working"
            if loose and prep not in ("of", "for", "from"):
                continue
            loose = loose or prep not in (
                "of",
                "for",
                "from",
                "in",
                "at",
                "near",
                "based",
                "living",
                "working",
            )
            if prep in ("of", "for", "from", "at", "with") and opens and post:
                inner = self.read(Phrase(post), depth + 1)
                if inner.firm == SAID and not inner.alone and (prep != "with" or inner.kind == "body"):
                    # "officials from farmers' groups" are officials, a spokesperson for them is theirs.
                    lends = prep == "of" or head in _SPOKES or found.firm == 0 or not inner.noun
                    if lends and inner.sector not in ("UNK", None) and not (inner.plain and prep != "of"):
                        found.sector, found.firm, found.noun = inner.sector, SAID, inner.noun
                        found.why += [f"{prep} …:", *inner.why]
                        found.generic = found.generic or inner.generic
                        opens = False
                        self.former(found, line, len(line))
                    if named_by_noun and found.entry is None and inner.entry is not None and inner.kind != "person":
                        found.entry, found.kind = inner.entry, inner.kind
                if found.sure < SAID and inner.sure and not (prep == "for" and head in STATE_SENDS):
                    found.country, found.sure = inner.country, SAID if prep != "with" else inner.sure
                    found.why.append(f"{prep} {inner.country}")
                continue
            if found.sure or not post:
                continue
            # What is for, to or against a country is not of it; what is in it mostly is.
            spoken = prep == "for" and (head in _SPOKES or not head)
            if prep in ("of", "from") or spoken:
                inner = self.read(Phrase(post), depth + 1)
                if inner.sure:
                    found.country, found.sure = inner.country, inner.sure
                    found.why.append(f"{prep} {inner.country}")
            elif prep in (
                "in",
                "at",
                "near",
                "inside",
                "across",
                "within",
                "living",
                "based",
            ) and head not in ("other", "peacekeeper"):
                inner = self.read(Phrase([i for i in post if i.kind == "name"]), depth + 1)
                if inner.sure and (inner.kind in PLACES or prep == "at"):
                    found.country, found.sure = inner.country, GUESSED
                    found.why.append(f"{prep} {inner.country}")
            if prep == "fleeing" and found.sector == "CVL":
                found.sector = "REF"
                found.why.append("fleeing")

    def _finish(self, line: list[Item], found: Finding) -> None:
        barred = any(i.barred for i in line)
        if not found.sure and not barred:
            abroad = next((i.words for i in line if i.kind == "unknown" and i.words in _ABROAD), None)
            if abroad and found.sector:
                found.country, found.sure = _ABROAD_AS.get(found.sector, "ISM"), SAID
                found.why.append(f"{abroad!r}: of no one state")
            elif found.noun:
                for item in reversed(line):
                    code = self.register.world.get(item.words) if item.kind == "noun" else None
                    if code:
                        found.country, found.sure = code, GUESSED
                        found.why.append(f"unnamed {item.words!r} without nationality: of no one state")
                        break
                    if item.kind == "noun" and item.use == "own":
                        break
        if not found.sure and found.sector in ("LEG", "PTY"):
            for item in line[:-1]:
                if item.cap and (code := self.register.nations.get(item.words)):
                    found.country, found.sure = code, GUESSED
                    found.why.append(f"{item.tokens[0].raw!r} before a lawmaker or candidate")
        if found.sector == "UNK" and found.sure:
            found.sector, found.others = "CVL", ["UNK"]
        if found.former and found.own_country:
            found.country = found.own_country
        # "Elephant Protection Society" is a name, and the document's country no part of it; the name after
        # a title ("Interior Minister Fred Matiangi") is no hindrance.
        seen_name = False
        for item in line:
            if item.kind == "unknown" and item.cap and item.tokens[0].norm not in NUMBERS:
                seen_name = True
            elif item.kind == "noun" and item.cap and seen_name:
                found.generic = False
        found.generic = found.generic and not barred
        if found.firm and found.entry is None and (found.noun or found.kind is None):
            found.kind = "noun"
