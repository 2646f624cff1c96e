"""The sector that a noun phrase gives its bearer.

English puts the head last: the rightmost noun with a sector of its own decides, and a noun that has none
("spokesman", "leader") takes that of what stands before it.
"""

from __future__ import annotations

from collections.abc import Collection

from .finding import GUESSED, PLACES, PLAIN, SAID, Finding, Scene
from .owners import by_short_name, choose, in_full
from .phrase import NUMBERS, Item
from .register import OFFICIAL, Entry
from .text import PARTICLES, word_set

_ARMED = {"MIL", "REB", "PRM", "COP", "SPY", "UAF", "CRM", "PRE"}
# Ranks and offices end with a pension and a name; a former soldier is a civilian, not one of the elite.
_RANK_AND_FILE = {"soldier", "troop", "policeman", "police officer", "conscript", "marine", "sailor", "cop"}


# Surnames that are nouns too: after an unknown first name they are the name.
_SURNAMES = word_set(
    "king bishop pope judge farmer fisher prince countryman marshal cardinal abbot banker miner driver "
    "merchant teacher shepherd hunter page major knight priest mayor"
)


class Sectors(Scene):
    """The step that finds the sector."""

    __slots__ = ()

    def find_sector(self, line: list[Item], countries: Collection[str], found: Finding) -> None:
        tail = self._tail(line)
        self._person(line, tail, countries, found)
        default: str | None = None
        default_word = ""
        faint: Item | None = None
        armed_only = False
        open_seen = bool(tail)
        if self._named(line, tail, found):
            return
        for at in range(len(line) - 1, -1, -1):
            item = line[at]
            if item.barred:
                continue
            if item.kind == "title" and at + 1 < len(line):
                self._say(found, item.sector, f"title {item.tokens[0].raw!r}", line, at, noun=True)
                return
            if item.kind == "noun":
                if item.cap and item.words in _SURNAMES and at and self._is_name(line[at - 1]):
                    open_seen = True
                    continue
                title = self.register.titles.get(item.words) if item.cap and at + 1 < len(line) else None
                if title and line[at + 1].kind in ("unknown", "name") and line[at + 1].cap and item.use != "own":
                    self._say(found, title, f"title {item.words!r}", line, at, noun=True)
                    return
                found.generic = True
                if (
                    item.use == "own"
                    and item.sector in PLAIN
                    and at + 1 < len(line)
                    and (default or (open_seen and not default_word))
                ):
                    # "civilian officials" are officials, "public relations" is nobody yet.
                    faint = faint or item
                    continue
                if item.use == "own":
                    self._say(found, item.sector, f"noun {item.words!r}", line, at, noun=True)
                    found.plain = item.sector in ("CVL", "UNK")
                    return
                if item.use == "trait":
                    if any(i.kind == "name" and not i.barred and i.entries[0].kind == "body" for i in line[:at]):
                        continue  # "U.N. Human Rights Office" is of the body, not of rights groups
                    if open_seen or at + 1 < len(line):
                        self._say(found, item.sector, f"word {item.words!r}", line, at, noun=True)
                        return
                    continue
                if not default_word and item.use == "open" and at and self._is_name(line[at - 1]):
                    # "Iberdrola spokesman": the unknown name would tell, so the default does not hold.
                    default_word = item.words
                    open_seen = True
                    continue
                open_seen = True
                armed_only = armed_only or item.use == "armed"
                if not default_word or default is None:
                    default, default_word = item.sector, item.words
            elif item.kind == "name":
                entry = choose(item.entries, self.when, countries)
                if entry is None:
                    sectors = {e.on(self.when).sector for e in item.entries}
                    if len(sectors) == 1 and None not in sectors and item.entries[0].kind not in PLACES:
                        self._say(found, sectors.pop(), f"{item.words!r}, which several countries have", line, at)
                        return
                    continue
                if entry.kind in PLACES or found.entry is entry:
                    continue
                status = entry.on(self.when)
                if entry.kind != "person" or at + 1 == len(line):
                    found.entry = found.entry or entry
                if armed_only and status.sector not in _ARMED:
                    continue
                if status.sector is not None:
                    found.others += [s for s in status.others if s not in found.others]
                    self._say(found, status.sector, status.why, line, at)
                    return
            elif item.kind == "unknown":
                open_seen = True
            elif item.kind == "and" and default is not None:
                # "military and political heads": of two modifiers neither is the sector.
                break
        past = found.kind == "person" and (found.sector in ("ELI", None) or self._then(line))
        if past and default in OFFICIAL and not any(i.kind == "former" for i in line):
            # The phrase gives the office without "former": it is told of the time when it was held.
            found.others = [s for s in (found.sector, *found.others) if s]
            found.sector, found.firm = default, SAID
            found.why.append(f"called {default_word!r}, so while in office")
        if found.firm == 0 and default is None and faint is not None:
            default, default_word, found.plain = faint.sector, faint.words, True
        if found.firm == 0 and default is not None:
            found.sector, found.firm, found.noun = default, GUESSED, True
            found.why.append(f"sector of {default_word!r} where nothing says more")
            self.former(found, line, len(line))

    @staticmethod
    def _is_name(item: Item) -> bool:
        return item.kind == "unknown" and item.cap and item.words not in NUMBERS and not item.words[0].isdigit()

    @staticmethod
    def _then(line: list[Item]) -> bool:
        return any(i.words == "then" for i in line)

    def _tail(self, line: list[Item]) -> list[Item]:
        """The unknown words at the end: a person's or an organisation's name, or an unknown noun."""
        at = len(line)
        while at and line[at - 1].kind == "unknown":
            at -= 1
        run = line[at:]
        while run and (run[0].words in NUMBERS or not (run[0].cap or run[0].words in PARTICLES)):
            run = run[1:]
        return run if run and any(i.cap for i in run) else []

    def _person(self, line: list[Item], tail: list[Item], countries: Collection[str], found: Finding) -> None:
        last = line[-1] if line else None
        entry: Entry | None = None
        if last is not None and last.kind == "name" and any(e.kind == "person" for e in last.entries):
            entry = choose(last.entries, self.when, countries)
        run = tail
        owns = entry is None and not tail
        if owns:
            run = self._modifier(line)
        if entry is None and run:
            owners = in_full(self.register, run)
            entry = choose(owners, self.when, countries) if owners else None
            before = line[line.index(run[0]) - 1] if line.index(run[0]) else None
            if entry is None:
                title = before.sector if before and before.kind in ("noun", "title") and before.cap else None
                if before and before.kind == "noun" and before.words in self.register.titles:
                    title = title or self.register.titles[before.words]
                entry, why = by_short_name(self.register, run, self.when, countries, title, owns)
                if entry is None and before is None:
                    found.why.append(why)
        if entry is None or entry.kind != "person":
            return
        status = entry.on(self.when)
        if owns:
            # Whose office or supporters they are; they are not he.
            found.country, found.sure = status.country, SAID
            found.sector, found.firm = status.sector, SAID if status.sector else 0
            found.why = [status.why]
            return
        found.entry, found.kind, found.own_country = entry, "person", entry.country
        found.country, found.sure = status.country, SAID
        found.sector, found.firm = status.sector, SAID if status.sector else 0
        found.others += status.others
        found.why = [status.why]
        if any(i.kind == "former" for i in line) and found.sector != "ELI":
            self.former(found, line, len(line))

    @staticmethod
    def _modifier(line: list[Item]) -> list[Item]:
        """A capitalised unknown name before a noun or in the possessive: "Biden administration"."""
        for at, item in enumerate(line[:-1]):
            if item.kind != "unknown" or not item.cap or not (item.possessive or line[at + 1].kind == "noun"):
                continue
            start = at
            while (
                start
                and line[start - 1].kind == "unknown"
                and (line[start - 1].cap or line[start - 1].tokens[0].joined)
            ):
                start -= 1
            return line[start : at + 1] if start == 0 or line[start - 1].kind != "name" else []
        return []

    def _named(self, line: list[Item], tail: list[Item], found: Finding) -> bool:
        """Organisations told by the last word of their name: "Elephant Protection Society"."""
        if len(line) < 2 or found.kind == "person":
            return False
        last = line[-1]
        if not last.cap or last.kind not in ("unknown", "noun") or last.use == "own" or not line[-2].cap:
            return False
        if line[-2].kind == "noun" and line[-2].use == "own" and last.use == "open":
            return False
        sector = self.register.named.get(last.words)
        known = any(i.kind == "name" and not i.barred and i.entries[0].kind not in PLACES for i in line)
        if sector is None or known or (sector == "BUS" and line[-2].kind == "name" and len(line) == 2):
            return False
        self._say(found, sector, f"named a {last.words!r}", line, len(line) - 1, noun=True)
        found.generic = False
        return True

    def _say(self, found: Finding, sector: str | None, why: str, line: list[Item], at: int, noun: bool = False) -> None:
        if noun and found.kind == "person" and at < len(line):
            known = found.sector
            if known and known != sector and known not in found.others:
                found.others.append(known)
            if sector in ("CVL", "UNK", "PTY") and known:
                # The register's office says more than "activist" or "politician" does.
                found.others = [s for s in [sector, *found.others] if s and s != known]
                return
        found.sector, found.firm, found.noun = sector, SAID, noun
        found.why.append(why)
        if noun or found.kind != "person":
            self.former(found, line, at)

    @staticmethod
    def former(found: Finding, line: list[Item], at: int) -> None:
        for item in reversed(line[:at]):
            if item.kind == "and" or item.possessive:
                return
            if item.kind == "former":
                word = line[at].words.removesuffix("s") if at < len(line) else ""
                if found.sector in OFFICIAL:
                    was = found.sector
                    found.sector = "CVL" if word in _RANK_AND_FILE else "ELI"
                    found.others = [was, *[s for s in found.others if s not in (was, found.sector)]]
                    found.former = True
                    found.why.append(f"{item.words!r}")
                return
