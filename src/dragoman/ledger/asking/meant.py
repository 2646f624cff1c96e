"""Whom a party's words mean: a state itself, somebody with a name, or a common noun. For pages, not for codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from dragoman.actors import resolve
from dragoman.actors.lookup import owners, told
from dragoman.actors.register import load
from dragoman.ledger.asking.countries import known_country
from dragoman.ledger.words import STOP, stems
from dragoman.record import Json

Kind = Literal["state", "pronoun", "name", "noun"]

_PRONOUNS = frozenset(
    "i me my we us our ours you your he him his she her hers it its they them their theirs who whom whose which that "
    "this these those himself herself itself themselves ourselves one both".split()
)
# Heads of phrases for a state: "its government", "the authorities".
_RULERS = frozenset("government governments authorities administration state cabinet regime junta republic".split())
# What the register says of words that stand for a state beside its name and people.
_SEATS = ("capital", "seat", "region")
_OWNED = ("person", "body", "party", "group")
_STYLES = frozenset("mr mrs ms miss dr sir dame lord lady rev sheikh prof professor".split())
# Capitals begin sentences too: these words, alone at the head of a phrase, name nobody.
_AMOUNTS = frozenset(
    "dozens scores hundreds thousands millions others many some several few all most none each every another anyone "
    "everyone somebody someone nobody people one two three four five six seven eight nine ten".split()
)
# A longer phrase is a sentence that was taken for a party.
_LONGEST = 160
_PLACING = frozenset("in at near from on around outside inside town city village".split())
_JOINING = frozenset("of the and for de la del al el bin ibn von van der".split())


@dataclass(frozen=True, slots=True)
class Meant:
    """Who is meant.

    ``kind`` is ``state`` for words that stand for the country itself, its capital, people or government, ``pronoun``
    for "it" and the like, ``name`` for somebody with a name of their own, ``noun`` for all else ("two soldiers").
    ``name`` is the name without what stands before it, or the words as they are. ``identity`` is the register's name,
    None for whom it does not know.
    """

    kind: Kind
    name: str
    identity: str | None = None


@lru_cache(maxsize=50_000)
def meant(words: str, country: str | None) -> Meant:
    """Whom ``words`` mean, of a party that is coded with ``country`` (None where that is not known).

    Two forms of one name ("Putin", "President Vladimir Putin") have one ``identity`` only where the register owns both
    and agrees with the code; forms of names that it does not know are the same only where the bare name is.
    """
    said = " ".join(words.split())
    parts = said.split()
    bare = [part.strip(".,'’\"“”()").casefold() for part in parts]
    if not said or all(part in _PRONOUNS for part in bare):
        return Meant("pronoun" if said else "state", said)
    if len(said) > _LONGEST:
        return Meant("noun", said)
    found = resolve(said)
    if country and found.country in (country, None) and _is_state(said, bare, country, found.kind):
        return Meant("state", said)
    own = found.identity if found.kind in _OWNED and (country is None or found.country == country) else None
    name = _bare_name(parts)
    # "Foreign Ministry spokeswoman Irina Belova": who is named last is meant, not the house.
    last = found.kind != "person" and own is not None and _is_other(name, own)
    if own and not last and not (country and known_country(own) == country):
        return Meant("name", own, own)
    return Meant("name", name) if name else Meant("noun", said)


def _is_state(words: str, bare: Sequence[str], country: str, kind: str | None) -> bool:
    if kind == "people":
        return len(bare) == 1 or (len(bare) == 2 and bare[0] == "the")
    return kind in _SEATS or bare[-1] in _RULERS or known_country(words) == country


def _is_other(name: str, identity: str) -> bool:
    """Whether ``name`` is that of somebody whom the register does not know, and no part of ``identity``."""
    if " " not in name or resolve(name).kind is not None:
        return False
    return not name_stems(name) & name_stems(identity)


def _bare_name(parts: Sequence[str]) -> str:
    """The name at the end of a phrase, without titles and nouns before it; empty where there is none."""
    start = len(parts)
    while start and (parts[start - 1][:1].isupper() or _joins(parts, start - 1)):
        start -= 1
    tail, styled = list(parts[start:]), False
    while tail and ((style := tail[0].casefold().strip(".") in _STYLES) or not tail[0][:1].isupper()):
        styled = styled or style
        tail = tail[1:]
    # "hotel in the town of Beled": where, not who.
    if not tail or any(word in _PLACING for word in parts[max(0, start - 2) : start]):
        return ""
    if len(tail) == 1:
        known = tail[0].casefold() in _AMOUNTS or resolve(tail[0]).kind not in (None, *_OWNED)
        # The style before it says that it is a name, though it may be a word too.
        return "" if known and not styled else tail[0].strip(".,")
    for at in range(len(tail) - 1):
        if tail[at][:1].isupper() and resolve(" ".join(tail[at:])).kind is None:
            return " ".join(tail[at:])
    # "Azawan Front": the noun belongs to the name where a word that is none comes before it.
    for at in range(len(tail) - 1):
        if tail[at][:1].isupper() and tail[at].casefold() not in _AMOUNTS and resolve(tail[at]).kind is None:
            return " ".join(tail[at:])
    return ""


def _joins(parts: Sequence[str], at: int) -> bool:
    """Whether a small word stands within a name: "Reporters of the World", not at either end."""
    word = parts[at].casefold()
    return (word in _JOINING or word.startswith("al-")) and at + 1 < len(parts)


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody whom the register knows: the kind (person, body, party, group), country, other names, dated roles.

    A role has ``title``, ``sector``, ``country``, ``from`` and ``to``; the days are None where the end is open.
    """

    name: str
    kind: str
    country: str | None
    aliases: tuple[str, ...]
    roles: tuple[Json, ...]


@lru_cache(maxsize=2_000)
def owner(name: str) -> Owner | None:
    """Whom the register knows under ``name``; None where it knows nobody, or several."""
    identity = resolve(name).identity if len(name) <= _LONGEST else None
    if identity is None:
        return None
    found = [one for one in owners(load(), identity) if one.entry.name == identity and one.entry.kind in _OWNED]
    if len(found) != 1:
        return None
    said = told(found[0], None)
    return Owner(identity, said["kind"], said["country"], tuple(said["aliases"]), tuple(said["roles"]))


def is_common(words: str) -> bool:
    """Whether ``words`` are a common noun of many actors, such as "soldiers"."""
    return len(words) <= _LONGEST and resolve(words).kind == "noun"


def spellings(name: str) -> list[str]:
    """The fewest names by whose words every form of ``name`` is found; for persons whom the register knows, the last
    name (whoever else bears it is told apart by :func:`meant`)."""
    known = owner(name)
    if known is None:
        return [name]
    if known.kind == "person":
        return [known.name.split()[-1]]
    forms = {form: name_stems(form) for form in (known.name, *known.aliases)}
    least = [form for form, own in forms.items() if own and not any(other < own for other in forms.values() if other)]
    kept = {frozenset(forms[form]): form for form in reversed(least)}
    return sorted(kept.values())


def name_stems(name: str) -> frozenset[str]:
    """The words of a name as they are compared, without those too frequent to tell anything."""
    return frozenset(stems(" ".join(word for word in name.split() if word.casefold() not in STOP)))
