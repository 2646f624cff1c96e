"""The door: a phrase, a date and what the document says; out come identity, country and sector.

In order: what the document says of the name, the register at the event's date, the head noun with the
nationality in the phrase, and for nouns without one the document's country. What none of these says stays
None, and the reason says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial

from .dates import Interval, interval
from .finding import SAID, Finding
from .model import Context, Resolution
from .phrase import items, parts
from .reader import Reader
from .register import Register, load
from .text import fold, word_set

Read = Callable[[str, Interval | None, str | None], Resolution]

_EMPTY = Context()
_PRONOUNS = word_set(
    "i we you he she it they him them us me who this that these those himself herself itself themselves "
    "someone somebody one anyone anybody nobody which what"
)
_STRIP = re.compile(r"^[\W_]+|[^\w.)’']+$")
_POSSESSIVE = re.compile(r"['’]s?$")
_LONGEST = 400
# What the register knows by name, whatever stands beside the name.
_KNOWN = frozenset({"body", "country"})
# A description in the document holds at publication. For what happened longer ago than the codebook's
# border of background, 31 days, the register's dated role weighs more.
_BACKGROUND = 31


def resolve(
    phrase: str, date: str | None = None, context: Context | None = None, register: Register | None = None
) -> Resolution:
    """Who ``phrase`` means, at ``date`` and in a document of which ``context`` tells.

    ``date`` is that of the event: ISO 8601 (a prefix or a range will do) or "12 April 2022"; without one
    the document's date counts, and without either the latest roles known. ``register`` is the one to look in,
    as `own.load` gives it; the shipped one by default. Never raises for any text; a date that cannot be read is
    said in the reason and otherwise treated as missing. Source: the compiled register and head nouns of this
    package, rows of the user's own, and the words of the phrase.
    """
    about = context or _EMPTY
    when, note = _when(date, about.published)
    read = _reading(load() if register is None else register)
    base = read(phrase[:_LONGEST], when, about.country)
    if about.described or about.full_names or about.acronyms:
        base = _by_document(phrase[:_LONGEST], base, when, about, _old(when, about.published), read)
    return _with_note(base, note) if note else base


def _when(date: str | None, published: str | None) -> tuple[Interval | None, str]:
    note = ""
    for text in (date, published):
        if not text:
            continue
        days = interval(text)
        if days is not None:
            return days, note
        note = f"date {text!r} cannot be read"
    return None, note


def _old(when: Interval | None, published: str | None) -> bool:
    days = interval(published) if published else None
    if when is None or days is None:
        return False
    count = (days[0] // 10000 - when[1] // 10000) * 365 + (days[0] // 100 % 100 - when[1] // 100 % 100) * 30
    return count + days[0] % 100 - when[1] % 100 > _BACKGROUND


def _with_note(found: Resolution, note: str) -> Resolution:
    reason = f"{found.reason}; {note}" if found.reason else note
    return Resolution(found.country, found.sector, found.other_sectors, found.identity, reason, found.kind, found.weak)


def _reading(register: Register) -> Read:
    """What reads phrases with ``register`` and remembers the last ones; it lives as long as the register does."""
    if register.read is None:
        register.read = lru_cache(maxsize=8192)(partial(_read, register))
    return register.read


def _read(register: Register, phrase: str, when: Interval | None, country: str | None) -> Resolution:
    return _resolution(_find(register, phrase, when, country), country)


def _find(register: Register, phrase: str, when: Interval | None, country: str | None) -> Finding:
    line = items(register, _STRIP.sub("", phrase))
    if not line:
        return Finding(why=["no words"])
    if len(line) == 1 and line[0].kind != "name" and line[0].words in _PRONOUNS and not line[0].tokens[0].upper:
        return Finding(why=["a pronoun: the document must say who"])
    reader = Reader(register, when, country)
    found = [reader.read(part) for part in parts(line)]
    return _join(found) if found else Finding(why=["no words"])


def _join(found: list[Finding]) -> Finding:
    """One finding from those of a name and its appositions: nouns say what it is, names who it is."""
    first = found[0]
    for other in found[1:]:
        if other.firm > first.firm or (
            other.firm == first.firm == SAID and other.noun and not first.noun and not other.plain
        ):
            if first.sector and first.sector != other.sector:
                other.others = [first.sector, *other.others]
            first.sector, first.firm, first.noun, first.others = (
                other.sector,
                other.firm,
                other.noun,
                other.others,
            )
            first.why += other.why
            first.former = other.former
        if other.sure > first.sure:
            first.country, first.sure = other.country, other.sure
            first.why += [w for w in other.why if w not in first.why]
        if first.entry is None and other.entry is not None:
            first.entry, first.kind = other.entry, other.kind
        first.generic = first.generic or (other.generic and not first.sure)
    return first


def _resolution(found: Finding, near: str | None) -> Resolution:
    country, weak = found.country, False
    why = list(dict.fromkeys(w for w in found.why if w))
    if country is None and near and found.generic and found.firm:
        country, weak = near, True
        why.append(f"no nationality in the phrase: {near}, the document's country")
    if country is None and found.sector is not None and not weak:
        why.append("no country: nothing in the phrase says one")
    if found.sector is None and country is not None:
        why.append("no sector: nothing in the phrase says one")
    if not why:
        why.append("not in the register, and no word in it tells who it is")
    others = tuple(dict.fromkeys(s for s in found.others if s and s != found.sector))
    identity = found.entry.name if found.entry else None
    return Resolution(country, found.sector, others, identity, "; ".join(why), found.kind, weak)


# What the document says of the name


def _look(table: Mapping[str, str], name: str) -> str | None:
    found = table.get(name)
    if found is None and table:
        bare = _POSSESSIVE.sub("", _STRIP.sub("", name))
        found = table.get(bare)
        if found is None:
            wanted = fold(bare).removeprefix("the ")
            found = next((v for k, v in table.items() if fold(k).removeprefix("the ") == wanted), None)
    return found if found and found != name else None


_CLAUSE = re.compile(r"(?:who|which) (?:is|was|are|were|has been) (?=an? |the |[a-z]+ )")
_NO_NOUN = re.compile(r"(?:who|which|whose|where|when|that|according|citing|adding|told|said|says)\b")


def _description(table: Mapping[str, str], name: str) -> str | None:
    """The description of ``name`` that names a thing; a clause about what somebody did is none."""
    said = _look(table, name)
    if said is None:
        return None
    said = _CLAUSE.sub("", said.strip(), count=1)
    return None if _NO_NOUN.match(said) else said


def _by_document(
    phrase: str, base: Resolution, when: Interval | None, about: Context, old: bool, read: Read
) -> Resolution:
    full = _look(about.acronyms, phrase) or _look(about.full_names, phrase)
    if base.identity and base.kind != "person" and not (full and _namesake(full, phrase, base, when, read)):
        full = _look(about.acronyms, phrase)  # a state or a body is known by its name, however it came up first
    said = _description(about.described, phrase) or (_description(about.described, full) if full else None)
    if said and base.identity and base.kind in _KNOWN and base.country and base.sector and not base.weak:
        said = None  # "aid from the UK government, WFP and others": the parse has the one describe the other
    if said is None and base.sector is None:
        # "General Zaw Min Tun", "Tun's spokesman": the described name is part of the phrase.
        inside = [k for k in about.described if len(k) > 3 and re.search(rf"\b{re.escape(k)}\b", full or phrase)]
        said = _description(about.described, max(inside, key=len)) if inside else None
    if full:
        whole = read(full[:_LONGEST], when, about.country)
        if old and base.kind == "person" and base.identity == whole.identity and base.sector:
            whole = base  # "former president" is what he was at publication, not at the event
        base = _merge(whole, base, f"the document's first mention is {full!r}")
    if said:
        description = read(said[:_LONGEST], when, about.country)
        if old and base.identity and base.sector and not base.weak:
            return _with_note(base, f"described as {said!r} at publication, long after")
        alone = description.kind not in ("noun", "person", "body", "group", "party", "seat")
        general = description.sector in ("CVL", "UNK") and base.sector is not None
        if alone or general:
            # "an American who …" says the country; what a known person is the register tells better.
            description = Resolution(
                description.country, base.sector, (), None, description.reason, None, description.weak
            )
        base = _merge(description, base, f"the document says {said!r}")
    return base


def _namesake(full: str, phrase: str, base: Resolution, when: Interval | None, read: Read) -> bool:
    """Whether a body's name of one word is the last name of somebody whom the document names in full: "Doug Ford"."""
    word = _POSSESSIVE.sub("", _STRIP.sub("", phrase))
    if base.kind != "body" or " " in word or not full.endswith(f" {word}"):
        return False
    return read(full[:_LONGEST], when, None).kind == "person"


def _merge(first: Resolution, second: Resolution, why: str) -> Resolution:
    """``first`` where it says something, ``second`` for the rest."""
    sector = first.sector or second.sector
    country, weak = first.country, first.weak
    if country is None or (weak and second.country and not second.weak):
        country, weak = second.country, second.weak
    former = first.sector == "ELI" and second.country
    if former and second.identity and not second.weak:
        country, weak = second.country, second.weak
    others = tuple(
        dict.fromkeys(s for s in (*first.other_sectors, second.sector, *second.other_sectors) if s and s != sector)
    )
    reasons = [why, first.reason]
    if first.country is None or first.sector is None:
        reasons.append(second.reason)
    identity = second.identity or first.identity
    return Resolution(country, sector, others, identity, "; ".join(reasons), second.kind or first.kind, weak)
