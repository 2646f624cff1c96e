"""A stance as people read it: three groups of columns, from those for to those against."""

from __future__ import annotations

from dataclasses import dataclass

from dragoman.ledger.asking import Proof, Stance, Stand
from dragoman.ledger.asking import columns as names
from dragoman.ledger.model import LedgerEvent, Party
from dragoman.web.rendering import country_name, in_words

FOR, BETWEEN, AGAINST = "for", "between", "against"
SIDES = {
    FOR: (names.SUPPORTS, names.PROMISES, names.ARMS, names.AIDS, names.COOPERATES, names.CONCEDES),
    BETWEEN: (
        *(names.MEDIATES, names.MEETS, names.CALLS, names.ASKS),
        *(names.DECLINES, names.DENIES, names.RETREATS),
    ),
    AGAINST: (
        *(names.CONDEMNS, names.REJECTS, names.SANCTIONS, names.THREATENS),
        *(names.PROTESTS, names.MOBILIZES, names.COERCES, names.FIGHTS),
    ),
}
"""The columns of a stance by whose side they are on: on that of those they are done to, on neither, or against."""
TITLES = {
    names.SUPPORTS: "Support",
    names.PROMISES: "Promise or agree",
    names.ARMS: "Supply arms",
    names.AIDS: "Give aid",
    names.COOPERATES: "Cooperate",
    names.CONCEDES: "Concede",
    names.MEDIATES: "Mediate",
    names.MEETS: "Meet",
    names.CALLS: "Call for an end",
    names.ASKS: "Ask",
    names.DECLINES: "Abstain or decline",
    names.DENIES: "Deny it",
    names.RETREATS: "Retreat",
    names.CONDEMNS: "Condemn",
    names.REJECTS: "Reject",
    names.SANCTIONS: "Sanction",
    names.THREATENS: "Threaten",
    names.PROTESTS: "Protest",
    names.MOBILIZES: "Mobilise",
    names.COERCES: "Coerce",
    names.FIGHTS: "Fight",
}
"""What the columns are called above those who are in them."""
# Where every report says no more than "he", the country is all that is known.
_PRONOUNS = frozenset("he her him his i it its she their them they we".split())


@dataclass(frozen=True, slots=True)
class Group:
    """One of the groups of a stance: what it is called, and its columns by side."""

    key: str
    title: str
    sides: dict[str, list[tuple[str, tuple[Stand, ...]]]]

    @property
    def parties(self) -> int:
        return sum(len(stands) for columns in self.sides.values() for _, stands in columns)


def groups(found: Stance) -> list[Group]:
    """The groups that somebody is in."""
    made = []
    for key, columns in (("target", found.target), ("victim", found.victim), ("other", found.other)):
        sides = {
            side: [(TITLES[name], columns[name]) for name in within if name in columns]
            for side, within in SIDES.items()
        }
        if columns:
            made.append(Group(key, _title(found, key), {side: cols for side, cols in sides.items() if cols}))
    return made


def _title(found: Stance, group: str) -> str:
    if found.kind == "actor":
        return f"Towards {found.doers and country_name(found.doers[0])}"
    if group == "other":
        return "Towards anybody else, in words about it"
    if not found.deeds:
        return "Towards those it is said of"
    if group == "target":
        return f"Towards the deed and those who did it: {doers(found)}" if found.doers else "Towards the deed"
    return f"Towards those it was done to: {victims(found)}"


def doers(found: Stance) -> str:
    """Those who did what a stance is on: their countries, and their names where one country is on both sides."""
    return _side(found, found.doers, [deed.actor for deed in found.deeds])


def victims(found: Stance) -> str:
    """Those it was done to, likewise."""
    return _side(found, found.victims, [deed.recipient for deed in found.deeds])


def _side(found: Stance, codes: tuple[str, ...], named: list[tuple[Party, ...]]) -> str:
    both = set(found.doers) & set(found.victims)
    own = dict.fromkeys(p.text for parties in named for p in parties if p.country in both and p.text)
    return listed(codes) + (f" ({', '.join(list(own)[:3])})" if own else "")


def listed(codes: tuple[str, ...], most: int = 5) -> str:
    """The names of countries, one after the other; of many the first."""
    shown = codes if len(codes) <= most + 1 else codes[:most]
    left = len(codes) - len(shown)
    return ", ".join(map(country_name, shown)) + (f" and {left} others" if left else "")


def deed_line(deed: LedgerEvent) -> str:
    """An event in a line: who does what to whom."""
    sides = [", ".join(p.text or country_name(p.country) for p in side) for side in (deed.actor, deed.recipient)]
    what = " ".join([deed.type.lower(), *(f"({mode})" for mode in deed.mode)])
    return f"{sides[0] or 'somebody'}: {what}" + (f" → {sides[1]}" if sides[1] else "")


def marked(proof: Proof) -> tuple[str, str, str]:
    """A sentence before, in and after the words that name the act; all before where it does not hold them."""
    before, trigger, after = proof.sentence.partition(proof.trigger) if proof.trigger else (proof.sentence, "", "")
    return before, trigger, after


def party_name(stand: Stand) -> str:
    """The country of a party, else its words in the reports."""
    if stand.country:
        return country_name(stand.country)
    return stand.names[0] if stand.names else "unnamed"


def other_names(stand: Stand, most: int = 3) -> str:
    """The words of the reports for a party, where they are not all of its name."""
    passed = {party_name(stand).casefold(), *_PRONOUNS}
    return ", ".join([name for name in stand.names if name.casefold() not in passed][:most])


def days(stand: Stand) -> str:
    """When a party acted, as exactly as it is told: ``2022 – told 14 October 2025``; empty where no day is known."""
    return " – ".join(dict.fromkeys((_told(stand.first, stand.first_date), _told(stand.last, stand.last_date))))


def span(found: Stance) -> str:
    """When the first and the last act of a stance were; empty where no day is known."""
    stands = [stand for _, _, stand in found.rows() if stand.first and stand.last]
    if not stands:
        return ""
    one = min(stands, key=lambda stand: stand.first or "")
    other = max(stands, key=lambda stand: stand.last or "")
    return " – ".join(dict.fromkeys((_told(one.first, one.first_date), _told(other.last, other.last_date))))


def _told(day: str | None, own: str | None) -> str:
    return in_words(own) or (f"told {in_words(day)}" if day else "")
