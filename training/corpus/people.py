"""Real persons found in texts that must name none: the corpus has real countries and institutions, but
invented people.

Two sources say who is real: the full names of the actor register, and a list of ours of last names that
a reader takes for one leader even where no first name stands before them. A namesake of a leader who is
given another first name in the same text is an invented person, and so is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from dragoman.actors.register import load
from dragoman.actors.text import PARTICLES, fold, word_set
from training.corpus.items import Item, Problem

# Last names that mean one person in the news of the last thirty years wherever they stand alone. Names that
# are common beside their famous bearer (Abbas, Castro, Sharif) or are words (May, Bush) do not belong here.
ALONE = word_set(
    "ahmadinejad aliyev arafat assange assad berlusconi bhutto biden blinken bolsonaro bouteflika caputova "
    "ceausescu chirac duterte erdogan erdoğan fujimori gaddafi gadhafi gorbachev guaido guterres hollande "
    "juncker kaczynski kadyrov kagame karadzic karzai khamenei khomeini kirchner kissinger lavrov lukashenka "
    "lukashenko macron maduro mandela medvedev merkel milei milosevic mladic mnangagwa modi morsi mugabe "
    "mursi museveni mussolini navalny navalnaya nazarbayev netanyahu nkurunziza obama orban ouattara pashinyan "
    "pinochet pompeo poroshenko prigozhin putin qaddafi ramaphosa rajoy rouhani rousseff saakashvili sarkozy "
    "scholz schroeder sheinbaum shoigu sisi soleimani steinmeier stoltenberg tikhanovskaya timoshenko tokayev "
    "trudeau trump tshisekedi tsipras tusk tymoshenko vucic xi yanukovich yanukovych yeltsin zelenskiy "
    "zelensky zelenskyy zuma"
)
# Last names too common for that: they mean the leader only where such a title stands before them.
TITLED = word_set(
    "abbas abe abiy bashir blair bush cameron carter castro chavez clinton conte deby duda fico hu johnson "
    "kabila kenyatta khan kim kishida lula lungu marcos may meloni moi moon mubarak obasanjo ortega pavel petro "
    "rabin raab rajapaksa reagan ruto saleh santos sanchez sharif singh starmer sunak thatcher tinubu truss "
    "uribe yoon zardari"
)
# Two words that are a last name by themselves, without a first name.
PAIRS = frozenset({("le", "pen"), ("bin", "laden"), ("de", "gaulle"), ("al", "assad"), ("el", "sissi")})
# "General" is left out: the last names beside it are of other men, and General Santos is a city.
TITLES = word_set(
    "president premier minister chancellor secretary prime mr mrs ms leader dictator marshal king senator comrade"
)
# What is called after a person is a place or an institution, and those are real in the corpus.
NAMED_AFTER = word_set(
    "airport avenue barracks bay boulevard bridge building canal causeway centre center city college cup "
    "dam district dock foundation gardens hall highway hospital institute international island islands "
    "lake library mosque museum palace park peninsula plaza port prize province road school sea square "
    "stadium station street theatre tower town university wewa"
)
CALLED = word_set("airport avenida avenue boulevard calle camp campus fort mount plaza port rue stadium via")
# Capitalised by their place in the sentence, and so no first names.
_OPENERS = word_set(
    "after against although and anti as at because before between both but by despite ex for former from has "
    "how if in is may neither nor not of on once only or pro since so that the then though to under until was "
    "what when where whether while who why will with without would "
    "general gen colonel col major captain admiral commander governor foreign defence defense envoy candidate sir dr "
    "monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow "
    "january february march june july august september october november december"
)
_WORD = re.compile(r"[^\W\d_]+(?:[.'’ʼ][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’ʼ][sS]?$")
_SPACE = re.compile(r"[ \t\n]|[-‐‑–]")
# A name of more words than this is not in the register.
_LONGEST = 7


@dataclass(frozen=True, slots=True)
class Named:
    """A real person in a text: the words there, as characters ``start`` to ``end``, and who it is."""

    start: int
    end: int
    words: str
    who: str


@dataclass(frozen=True, slots=True)
class _Word:
    norm: str
    start: int
    end: int
    cap: bool
    possessive: bool
    # Whether the next word may belong to the same name.
    runs_on: bool


@lru_cache(maxsize=1)
def _full_names() -> dict[str, str]:
    """The names of two words and more that persons of the register have, and whose they are."""
    register = load()
    names: dict[str, str] = {}
    for key, numbers in register.names.items():
        if " " in key:
            for number in numbers:
                entry = register.entry(number)
                if entry.kind == "person":
                    names.setdefault(key, entry.name)
    return names


@lru_cache(maxsize=1)
def _starts() -> frozenset[str]:
    return frozenset(name.split(" ", 1)[0] for name in _full_names())


def named(text: str) -> list[Named]:
    """The real persons whom ``text`` names, in its order and without overlaps.

    Source: the compiled actor register for full names, `ALONE`, `TITLED` and `PAIRS` for the rest.
    """
    words = _words(text)
    found: list[Named] = []
    namesakes = {w.norm for i, w in enumerate(words) if w.cap and _given(words, i)}
    i = 0
    while i < len(words):
        length, who = _full(words, i)
        if not length:
            length, who = _last(words, i, namesakes)
        if length:
            first, last = words[i], words[i + length - 1]
            found.append(Named(first.start, last.end, text[first.start : last.end], who))
        i += length or 1
    return found


def check_people(item: Item) -> Iterator[Problem]:
    """A problem for each real person in the text of ``item``, once a name."""
    said: set[str] = set()
    for person in named(item.text):
        if person.words not in said:
            said.add(person.words)
            message = f"names a real person: {person.words!r} ({person.who})"
            yield Problem(item.file, item.line, item.id, message)


def _words(text: str) -> list[_Word]:
    matches = list(_WORD.finditer(text))
    words: list[_Word] = []
    for match, after in zip_longest(matches, matches[1:]):
        bare = _POSSESSIVE.sub("", match.group())
        norm = fold(bare)
        gap = text[match.end() : after.start()] if after else ""
        # "K.P. Sharma", "Gen. Min": a full stop after a short word does not end the sentence.
        runs_on = bool(_SPACE.fullmatch(gap)) or (gap == ". " and len(norm) <= 3)
        end = match.start() + len(bare)
        words.append(_Word(norm, match.start(), end, bare != bare.lower(), bare != match.group(), runs_on))
    return words


def _full(words: list[_Word], i: int) -> tuple[int, str]:
    """How many words from ``i`` on are a full name of the register, and whose; 0 for none."""
    if not words[i].cap or words[i].norm not in _starts():
        return 0, ""
    names = _full_names()
    best, who, key = 0, "", words[i].norm
    for j in range(i + 1, min(i + _LONGEST, len(words))):
        if not words[j - 1].runs_on or words[j - 1].possessive:
            break
        if not words[j].cap and words[j].norm not in PARTICLES and not _hyphened(words, j):
            break
        key += " " + words[j].norm
        if key in names:
            best, who = j - i + 1, names[key]
    if best and _called_after(words, i, i + best):
        return 0, ""
    return best, who


def _hyphened(words: list[_Word], j: int) -> bool:
    """Whether word ``j`` hangs on the one before by a hyphen, as the "un" of Kim Jong-un."""
    return words[j].start - words[j - 1].end == 1


def _last(words: list[_Word], i: int, namesakes: set[str]) -> tuple[int, str]:
    """How many words from ``i`` on are the bare last name of a leader: 0, 1 or 2."""
    word = words[i]
    after = words[i + 1] if word.runs_on and i + 1 < len(words) and not word.possessive else None
    if after and after.cap and (word.norm, after.norm) in PAIRS:
        if after.norm not in namesakes and not _called_after(words, i, i + 2):
            return 2, "a last name of one bearer"
        return 0, ""
    if not word.cap or word.norm in namesakes or _called_after(words, i, i + 1):
        return 0, ""
    if word.norm == "xi" and after and after.cap:
        return 0, ""  # the family name of somebody else, whose own name follows
    if word.norm in ALONE:
        return 1, "a last name of one bearer"
    if word.norm in TITLED and (before := _before(words, i)) and before.norm in TITLES and before.cap:
        # A word that runs on after a title is the first name of another: "President Santos Ibarra".
        return (0, "") if after and after.cap else (1, "a leader by title and last name")
    return 0, ""


def _before(words: list[_Word], i: int) -> _Word | None:
    """The word of the same phrase before ``i``, particles left out."""
    while i > 0 and words[i - 1].runs_on and not words[i - 1].possessive:
        i -= 1
        if words[i].norm not in PARTICLES:
            return words[i]
    return None


def _given(words: list[_Word], i: int) -> bool:
    """Whether what stands before word ``i`` reads as a first name."""
    before = _before(words, i)
    if before is None or not before.cap:
        return False
    return not (before.norm in TITLES or before.norm in _OPENERS or _place_or_body(before.norm))


@lru_cache(maxsize=4096)
def _place_or_body(norm: str) -> bool:
    """Whether the register has the word as a country, a people, a city or a body: "in Moscow Putin said"."""
    register = load()
    owners = (*register.names.get(norm, ()), *register.names.get("^" + norm, ()))
    return any(register.entry(n).kind != "person" for n in owners)


def _called_after(words: list[_Word], start: int, end: int) -> bool:
    """Whether the name from ``start`` to ``end`` is part of that of a place or an institution."""
    if start and words[start - 1].runs_on and words[start - 1].norm in CALLED:
        return True
    last = words[end - 1]
    return end < len(words) and last.runs_on and not last.possessive and words[end].norm in NAMED_AFTER
