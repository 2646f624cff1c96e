"""Where a text may name a place: capitalised words that the gazetteer knows, less people and institutions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from dragoman.places.fold import fold
from dragoman.places.gazetteer import Entry, Gazetteer, Place, abbreviations
from dragoman.places.words import (
    DIRECTIONS,
    DIVISION_NOUNS,
    FIRST_NAMES,
    NAME_NOUNS,
    NAME_STARTS,
    NEVER,
    ORGANISATIONS,
    PLACE_KEEPING,
    PLACE_NOUNS,
    PREPOSITIONS,
    SPEECH,
    STARTERS,
    SURE_PREPOSITIONS,
    TITLES,
    TOWN_NOUNS,
)

# Dotted capitals ("U.S.") are one word; hyphens part words, and a possessive 's is never part of one.
WORD = re.compile(r"(?:[A-Z]\.){2,}|(?:[A-Z]\.[A-Z]\b)|[^\W\d_]+(?:[’'ʼ`](?![sS]\b)[^\W\d_]+)*")
_ARTICLES = frozenset(["al", "el", "ad", "ar", "as", "ash", "an", "at", "az"])
_TIED = frozenset(["based", "held", "controlled", "occupied", "administered", "governed", "ruled", "area"])
_MOST_WORDS = 7
_SCHOOLS = frozenset(("university", "college", "institute", "academy"))
_SHORT_SAINTS = frozenset(("St", "Ste", "Mt", "Ft"))
_DATELINE = re.compile(r"(?m)^[ \t]*(?=[A-Z])([^\n—–-]{2,60}?)[ \t]*(?:\([^)\n]{1,20}\)[ \t]*)?(?:—|–|--| - )")


@dataclass(slots=True)
class Word:
    """One word of the text: ``gap`` is what stands between it and the word before."""

    start: int
    end: int
    text: str
    low: str
    gap: str
    upper: bool
    opens: bool


@dataclass(slots=True)
class Candidate:
    """Words that may name a place, with what speaks for it. ``entry`` is None for unknown names."""

    first: int
    last: int
    start: int
    end: int
    key: str
    entry: Entry | None
    evidence: float = 0.0
    placed: bool = False
    as_division: bool = False
    as_town: bool = False
    dateline: bool = False
    needs_outer: bool = False
    refused: bool = False
    choice: Place | None = None
    why: str = ""


def words(text: str) -> list[Word]:
    """The words of ``text`` in order."""
    out: list[Word] = []
    end = 0
    for match in WORD.finditer(text):
        start, stop = match.span()
        token = match.group()
        gap = text[end:start]
        opens = not out or any(c in '.!?\n:;"“”‘•|' for c in gap)
        out.append(Word(start, stop, token, token.lower(), gap, token[0].isupper(), opens))
        end = stop
    return out


@lru_cache(maxsize=1)
def _organisations() -> dict[str, list[tuple[str, ...]]]:
    out: dict[str, list[tuple[str, ...]]] = {}
    for name in ORGANISATIONS:
        out.setdefault(name[0], []).append(name)
    return out


def _inside(gap: str, before: str = "") -> bool:
    return gap in (" ", "-", "\u00a0", "‑", "  ") or (gap == ". " and before in _SHORT_SAINTS)


def _longest(tokens: list[Word], i: int, names: Gazetteer) -> tuple[int, str, Entry] | None:
    """The longest name in the gazetteer that starts at word ``i``: its last word, key and entry."""
    best: tuple[int, str, Entry] | None = None
    key = ""
    for j in range(i, min(i + _MOST_WORDS, len(tokens))):
        word = tokens[j]
        if j > i and word.low == "s" and word.gap in ("'", "’"):
            # "People's Republic of China", "Queen Anne's County": the key is one word less.
            key += "s"
            if not names.begins(key):
                break
            continue
        comma = word.gap == ", " and key == "washington" and word.text in ("D.C.", "DC", "D.C")
        if j > i and not comma and not _inside(word.gap, tokens[j - 1].text):
            break
        piece = fold(word.text)
        if not piece:
            break
        key = f"{key} {piece}" if key else piece
        if word.upper or (j > i and key in names.own):
            entry = names.entry(key)
            if entry is not None and key not in names.demonyms and _spelled(tokens, i, j, key, entry):
                best = (j, key, entry)
        possessive = j + 1 < len(tokens) and tokens[j + 1].low == "s" and tokens[j + 1].gap in ("'", "’")
        if not names.begins(key) and not (possessive and names.begins(key + "s")):
            break
    return best


def _spelled(tokens: list[Word], i: int, j: int, key: str, entry: Entry) -> bool:
    """Whether the capitals are those of the name: "US" but not "Us", "Reading" but not an unknown "FAO"."""
    if i != j:
        return True
    text = tokens[i].text
    capitals = text.isupper() and len(text) > 1
    if "A" in entry.flags:
        return capitals
    if capitals and len(text) <= 5 and entry.places[0].kind not in ("country", "region"):
        # An acronym that some town is called like, unless a dateline or a headline has all in capitals.
        around = [t.text for t in tokens[max(0, i - 3) : i + 4] if len(t.text) > 3]
        return tokens[i].opens or (len(around) > 2 and all(t.isupper() for t in around))
    return len(key) > 2 or capitals


def scan(text: str, names: Gazetteer) -> tuple[list[Word], list[Candidate]]:
    """The words of ``text`` and what in them may name places, people and institutions left out."""
    tokens = words(text)
    datelines = [m.span(1) for m in _DATELINE.finditer(text)]
    people = _people(tokens, names)
    lower = {t.low for t in tokens if not t.upper}
    found: list[Candidate] = []
    i = 0
    while i < len(tokens):
        word = tokens[i]
        starts = word.upper or (
            word.low in _ARTICLES and i + 1 < len(tokens) and tokens[i + 1].gap == "-" and tokens[i + 1].upper
        )
        if not starts:
            i += 1
            continue
        skip = _organisation(tokens, i)
        if skip:
            i += skip
            continue
        hit = _longest(tokens, i, names) or _short_form(tokens, i, found)
        if hit is None:
            unknown = _unknown(tokens, i, names, people)
            if unknown is not None:
                found.append(unknown)
                i = unknown.last + 1
            else:
                i += 1
            continue
        last, key, entry = hit
        candidate = Candidate(i, last, word.start, tokens[last].end, key, entry)
        if text[candidate.end : candidate.end + 1] != "$" and _is_place(tokens, candidate, found, people, lower, names):
            candidate.dateline = any(a <= candidate.start < b for a, b in datelines)
            if candidate.dateline:
                candidate.evidence += 2.5
            found.append(candidate)
        i = last + 1
    return tokens, found


def _short_form(tokens: list[Word], i: int, found: list[Candidate]) -> tuple[int, str, Entry] | None:
    """ "Austin, TX" and "Fresno, Calif.": short forms of divisions, only right after a place."""
    if found and found[-1].last == i - 1 and tokens[i].gap == ", ":
        place = abbreviations().get(tokens[i].text.rstrip("."))
        if place is not None:
            return i, fold(place.name), Entry("", (place,))
    return None


def _organisation(tokens: list[Word], i: int) -> int:
    for name in _organisations().get(tokens[i].low, ()):
        n = len(name)
        part = tokens[i : i + n]
        if len(part) == n and tuple(t.low for t in part) == name and all(_inside(t.gap) for t in part[1:]):
            return n
    return 0


def _people(tokens: list[Word], names: Gazetteer) -> set[str]:
    """Words that the text shows to be people's names: after a title or a first name, or before "said"."""
    out: set[str] = set()
    for a, b in pairwise(tokens):
        if not (a.upper and b.upper and b.gap in (" ", ". ")):
            continue
        if b.gap == ". " and a.low not in TITLES and len(a.text) > 1:
            continue
        first = a.low in names.first_names or a.low in FIRST_NAMES
        if (a.low in TITLES and b.low not in NEVER and b.low not in PLACE_KEEPING) or (
            first and b.low not in NAME_NOUNS
        ):
            key = fold(f"{a.text} {b.text}")
            if names.entry(key) is None and not names.begins(key):
                out.add(b.low)
                if first and a.low not in TITLES:
                    out.add(a.low)
    return out


def _is_place(
    tokens: list[Word],
    c: Candidate,
    found: list[Candidate],
    people: set[str],
    lower: set[str],
    names: Gazetteer,
) -> bool:
    """Whether the words around ``c`` leave it a place; adds what speaks for and against to its evidence."""
    assert c.entry is not None
    before = tokens[c.first - 1] if c.first else None
    after = tokens[c.last + 1] if c.last + 1 < len(tokens) else None
    here = tokens[c.first]
    top = c.entry.places[0]
    large = top.kind == "admin1" and top.people > 2_000_000 and "w" not in c.entry.flags
    broad = large or top.kind in ("country", "region", "sea", "point")
    single = c.first == c.last
    c.evidence = -0.7 * len(set(c.entry.flags) - {"A"}) if not broad else 0.0
    contained = after is not None and after.upper and after.gap == ", "

    if _in_institution(tokens, c.last):
        return False
    if after is not None and after.gap in (" ", "\u00a0"):
        if after.upper:
            if after.low in NAME_NOUNS and not (broad and after.low in ("energy", "centers", "centre", "review")):
                return False
            if not broad and not (
                after.low in PLACE_KEEPING or after.low in PLACE_NOUNS or names.entry(fold(after.text)) or after.opens
            ):
                return False
            c.as_division = after.low in DIVISION_NOUNS
            c.as_town = after.low == "city"
        elif after.low in PLACE_NOUNS and not (broad and after.low == "state"):
            c.placed = after.low not in (
                "border",
                "capital",
                "camp",
                "department",
                "port",
                "territory",
                "checkpoint",
            )
            c.as_division = after.low in DIVISION_NOUNS and c.placed
            c.as_town = after.low in TOWN_NOUNS and c.placed
        elif after.low in SPEECH and single and not broad and c.entry.flags:
            c.evidence -= 2
    if after is not None and after.gap == "-" and not after.upper and after.low not in _TIED:
        return False
    if before is not None and before.gap is not None and here.gap in (" ", "\u00a0", "-"):
        if before.upper:
            known = before.low in STARTERS or before.low in DIRECTIONS or before.low in PREPOSITIONS
            if not known:
                adjacent = bool(found) and found[-1].last == c.first - 1
                demonym = fold(before.text) in names.demonyms or _pair(tokens, c.first, names)
                noun = before.low in PLACE_NOUNS
                if before.low in TITLES and not (broad and top.kind == "country"):
                    return False
                if before.low in NAME_STARTS and not noun:
                    return False
                if not (adjacent or demonym or noun):
                    if here.gap == "-":
                        return broad or before.text.isupper()
                    if (before.low in names.first_names or before.low in FIRST_NAMES) and here.low not in (
                        "us",
                        "uk",
                    ):
                        return False
                    if not broad and not (before.text.isupper() and len(before.text) > 1):
                        return False
                if noun:
                    c.evidence += 0.5
        elif here.gap == "-" and before.low not in _ARTICLES:
            return False
        if before.low in PREPOSITIONS:
            sure = before.low in SURE_PREPOSITIONS
            c.evidence = max(c.evidence, -0.7 if "w" in c.entry.flags else 0.0) + 2.0 if sure else c.evidence + 1.0
        elif before.low in DIRECTIONS:
            c.evidence += 1.0
        elif before.low == "the" and not broad and single:
            c.evidence -= 1.5 if c.entry.flags else 0.5
        if before.low in PLACE_NOUNS and not before.upper:
            c.placed = c.placed or before.low not in (
                "state",
                "border",
                "capital",
                "camp",
                "department",
                "crossing",
            )
            c.as_town = c.as_town or before.low in TOWN_NOUNS
        if before.low == "of" and c.first > 1 and tokens[c.first - 2].low in PLACE_NOUNS:
            c.placed = True
            c.as_town = tokens[c.first - 2].low in TOWN_NOUNS
            c.as_division = tokens[c.first - 2].low in DIVISION_NOUNS
        if before.low in ("and", "or") and found and found[-1].last == c.first - 2:
            c.evidence += 0.7
        if before.low == "of" and c.first > 1 and tokens[c.first - 2].upper and tokens[c.first - 2].low in NAME_NOUNS:
            return False
    if here.gap == ", " and found and found[-1].last == c.first - 1 and found[-1].evidence >= 0:
        c.evidence += 0.5
    if here.gap.endswith("/") and after is not None and after.gap.startswith("/"):
        return False
    if c.placed:
        c.evidence += 2.5
    if single and here.low in people and not c.placed:
        strong = before is not None and before.low in SURE_PREPOSITIONS and here.gap == " "
        big = top.kind in ("country", "admin1", "capital") or top.people >= 1_000_000
        if not (strong or contained) or not big:
            if not contained:
                return False
            c.needs_outer = True
    if single and here.low in NEVER and "A" not in c.entry.flags:
        c.needs_outer = True
        return contained and c.evidence >= 0.5
    if single and not broad:
        if "w" in c.entry.flags:
            c.evidence -= 1.0
            if here.low in lower or here.opens:
                c.evidence -= 2.0
        if here.opens and c.entry.flags:
            c.evidence -= 0.3
        if after is not None and after.upper and after.gap == " " and after.low not in PLACE_KEEPING:
            c.evidence -= 0.5
    elif not single:
        c.evidence += 0.7
    return True


def _in_institution(tokens: list[Word], last: int) -> bool:
    """Whether capitals right after word ``last`` run on to a school: "Michigan State University"."""
    for word in tokens[last + 1 : last + 4]:
        if not (word.upper and word.gap == " "):
            return False
        if word.low in _SCHOOLS:
            return True
    return False


def _pair(tokens: list[Word], i: int, names: Gazetteer) -> bool:
    return i > 1 and fold(f"{tokens[i - 2].text} {tokens[i - 1].text}") in names.demonyms


def _unknown(tokens: list[Word], i: int, names: Gazetteer, people: set[str]) -> Candidate | None:
    """A name that no gazetteer row has but that the text itself calls a town or a province."""
    j = i
    while j + 1 < len(tokens) and tokens[j + 1].upper and tokens[j + 1].gap in (" ", "-") and j - i < 3:
        j += 1
    before = tokens[i - 1] if i else None
    noun = before
    if before is not None and before.low == "of" and i > 1:
        noun = tokens[i - 2]
    called = (
        noun is not None
        and noun.low in (TOWN_NOUNS | {"province", "district", "region", "county", "island", "governorate", "suburb"})
        and noun.low not in ("capital", "port")
        and not noun.upper
        and tokens[i].gap == " "
        and before is not None
        and (before.low == "of" or noun is before)
        and before.low not in ("region", "capital")
    )
    if not called or tokens[i].low in NEVER or tokens[i].low in people or tokens[i].low in TITLES:
        return None
    if fold(tokens[i].text) in names.demonyms or tokens[i].text.isupper() or tokens[i].low in STARTERS:
        return None
    if tokens[j].low in NAME_NOUNS or tokens[j].low in PLACE_KEEPING:
        return None
    found = Candidate(i, j, tokens[i].start, tokens[j].end, fold(" ".join(t.text for t in tokens[i : j + 1])), None)
    found.placed = True
    found.evidence = 2.0
    return found
