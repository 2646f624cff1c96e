"""Compiles the register and the head nouns into ``register.json``: ``python -m dragoman.actors.build``.

Prints what `check` finds, one problem a line. With ``--check`` nothing is written. Exit status 1 when there
are problems or, with ``--check``, when the compiled file is not that of the sources.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Collection, Iterable, Sequence, Set
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..codebook import COUNTRIES
from .dates import bounds
from .source import HERE, Row, SourceError, load_yaml, rows
from .text import PARTICLES, key, plural, tokens

TARGET = HERE / "register.json"

_SAME_PLURAL = ("ese", "ish", "ch", "ss", "s", "x", "qi", "ois")
_MAN = ("ish", "ch", "sh")
# Family name first, as English news writes these names; a bare family name is then the first word.
_FAMILY_FIRST = {"CHN", "TWN", "KOR", "PRK", "HKG", "SGP", "KHM"}
# … but for those with a Western first name; where these are common, a hyphen shows who has none ("Lai Ching-te").
_MIXED = {"TWN", "HKG", "SGP"}
# Offices whose holders news names by the last word alone.
_TOP = (
    "president", "prime minister", "premier", "chancellor", "king", "queen", "emir", "sultan",
    "supreme leader", "pope", "taoiseach", "crown prince", "secretary-general", "secretary general", "leader",
    "general secretary",
    "chairman of the state", "head of state", "head of government", "chief adviser", "commander-in-chief",
    "military ruler", "junta leader", "emperor", "military leader", "council president",
    "chairman of the sovereign", "chairman of the sovereignty", "supreme guide", "captain-general",
)  # fmt: skip
_NOT_TOP = (
    "vice",
    "deputy",
    "of the senate",
    "of parliament",
    "of the assembly",
    "party",
    "opposition",
    "speaker",
    "of the court",
    "presidium",
    "region",
    "chamber",
    "national assembly",
    "supreme court",
)
# Whole words: the presidential spokesman is no president, and the emir's wife no emir.
_IS_TOP = re.compile(rf"(?:(?:acting|interim|transitional|de facto) )*(?:{'|'.join(_TOP)})(?![\w'’])", re.IGNORECASE)


def is_top(title: str | None) -> bool:
    """Whether ``title`` is that of a head of state or government, or of an international body."""
    return _IS_TOP.match(title or "") is not None and not any(n in (title or "").lower() for n in _NOT_TOP)


def people_forms(name: str) -> Iterable[tuple[str, str]]:
    """Keys of a demonym with their kind: ``people`` as it stands (adjective), ``peoples`` its plural."""
    base = key(name)
    yield base, "people"
    if not base.endswith(_SAME_PLURAL):
        for form in plural(base):
            yield form, "peoples"
        if base.endswith(("i", "man")):
            yield base + "s", "peoples"
    if base.endswith(_MAN):
        for tail in ("man", "woman"):
            yield base + tail, "people"
        for tail in ("men", "women"):
            yield base + tail, "peoples"


def surnames(name: str, country: str | None, known: Collection[str] = ()) -> Iterable[str]:
    """The short forms by which news calls ``name`` after the first mention.

    ``known`` are names of families that come first; "William Lai" begins with none of them.
    """
    words = [t.norm for t in tokens(name) if not t.mark]
    if len(words) < 2:
        return
    if country in _FAMILY_FIRST and (words[0] in known or words[-1] not in known):
        yield words[0]
        return
    start = len(words) - 1
    joined = [t.norm for t in tokens(name.split()[-1]) if not t.mark]
    if 1 < len(joined) < len(words) and joined[0] not in PARTICLES:
        start = len(words) - len(joined)  # "Thorning-Schmidt" is no Schmidt, "al-Assad" is Assad
    yield " ".join(words[start:])
    while start > 1 and words[start - 1] in PARTICLES:
        start -= 1
        yield " ".join(words[start:])


def without_article(name: str, kind: str) -> str:
    """``name`` of an entry of a kind as it is kept: "the Gambia" without its article."""
    # "The National" is a newspaper and "national" is not; "The Gambia" stays the Gambia.
    if name.startswith("The ") and name.count(" ") == 1 and kind not in ("country", "capital", "city"):
        return name
    return name.removeprefix("the ").removeprefix("The ")


def _clusters(row: Row, plain: Set[str]) -> list[tuple[str, ...]]:
    """The names of a row that lists several bodies of one kind, grouped into those of one body each.

    Names belong together that share a word which is no common noun, or of which one abbreviates the other.
    """
    groups: list[list[str]] = []
    for name in row.names:
        for group in groups:
            if any(_alike(name, other, plain) for other in group):
                group.append(name)
                break
        else:
            groups.append([name])
    return [tuple(g) for g in groups]


def _alike(one: str, two: str, plain: Set[str]) -> bool:
    first, second = (key(n).removeprefix("^").split() for n in (one, two))
    if len(first) > len(second):
        first, second = second, first
    if len(first) == 1 and len(second) > 1:
        initials = "".join(w[0] for w in second if w not in ("of", "the", "for", "and"))
        letters = iter("".join(w[0] for w in second))
        if first[0] == initials or (len(first[0]) > 2 and all(c in letters for c in first[0])):
            return True
    inside = first == second[: len(first)] or first == second[-len(first) :]
    return inside or bool((set(first) & set(second)) - plain)


def _heads(path: Path) -> dict[str, Any]:
    data = load_yaml(path)
    table: dict[str, list[Any]] = {}
    titles: dict[str, str] = {}
    named: dict[str, str] = {}
    for use in ("own", "armed", "open"):
        for sector, nouns in data[use].items():
            value = None if sector == "none" else sector
            for noun in nouns:
                base = key(noun).removeprefix("^")
                table.setdefault(base, [use, value, 0])
                for form in plural(base):
                    table.setdefault(form, [use, value, 1])
    for sector, words in data["traits"].items():
        for word in words:
            table.setdefault(key(word).removeprefix("^"), ["trait", sector, 0])
    for sector, words in data["titles"].items():
        titles.update({key(w).removeprefix("^"): sector for w in words})
    for sector, words in data["named"].items():
        named.update({key(w).removeprefix("^"): sector for w in words})
    world: dict[str, str] = {}
    for code, nouns in data["world"].items():
        for noun in nouns:
            world[key(noun)] = code
            world.update(dict.fromkeys(plural(key(noun)), code))
    for code, nouns in data["crowds"].items():
        for noun in nouns:
            world.update(dict.fromkeys([*plural(key(noun))], code))
    return {
        "nouns": table,
        "titles": titles,
        "named": named,
        "former": [key(w) for w in data["former"]],
        "world": world,
        "nations": {key(w).removeprefix("^"): code for code, words in data["nations"].items() for w in words},
    }


def _beyond(country: str | None) -> bool:
    return country is not None and country in COUNTRIES and COUNTRIES[country].kind == "international"


def joined(table: Sequence[Row]) -> list[Row]:
    """Rows with one row for who has one in a state's file and one among international bodies, in the state's place.

    Such a person is of the state, and of the body in its offices: after both, a former official of the state. A name
    that several states' files have joins nothing, since they are several people.
    """
    homes: dict[str, list[int]] = {}
    for n, row in enumerate(table):
        if row.kind == "person" and not _beyond(row.country):
            homes.setdefault(key(row.names[0]), []).append(n)
    made = list(table)
    left: set[int] = set()
    for n, row in enumerate(table):
        if row.kind != "person" or not _beyond(row.country):
            continue
        found = {h for name in row.names for h in homes.get(key(name), ())}
        if len(found) != 1:
            continue
        home = made[h := found.pop()]
        roles = tuple(replace(r, country=r.country or row.country) for r in row.roles)
        names = tuple(dict.fromkeys((*home.names, *row.names)))
        certainty = home.certainty or row.certainty
        made[h] = replace(home, names=names, roles=(*home.roles, *roles), certainty=certainty)
        left.add(n)
    return [row for n, row in enumerate(made) if n not in left]


def compiled(root: Path = HERE) -> dict[str, Any]:
    """The register under ``root`` as one JSON-ready table. Raises SourceError and ValueError on bad rows."""
    heads = _heads(HERE / "heads.yaml")
    plain = {w for noun in heads["nouns"] for w in noun.split()} | {"of", "the", "for", "and", "national"}
    table = joined(list(rows(root)))
    # A nationality in common ("Russian Navy", "Russian Air Force") joins nothing either.
    plain |= {w for r in table if r.kind in ("country", "people") for n in r.names for w in key(n).strip("^").split()}
    known = families(table)
    return {**indexed(table, plain, known), "heads": {**heads, "families": sorted(known)}}


def families(table: Iterable[Row]) -> set[str]:
    """The names of families that come first, as the people of the states that write them so bear them."""
    return {
        tokens(r.names[0])[0].norm
        for r in table
        if r.kind == "person" and r.country in _FAMILY_FIRST and (r.country not in _MIXED or "-" in r.names[0])
    }


def indexed(
    table: Iterable[Row], plain: Set[str] = frozenset(), known: Collection[str] = frozenset()
) -> dict[str, Any]:
    """The entries that rows make, and under which full and short names they are found.

    ``plain`` are common nouns, which join no two names of a row that lists several bodies; ``known`` the names of
    ``families``. Raises ValueError for a date that cannot be read.
    """
    entries: list[list[Any]] = []
    names: dict[str, list[int]] = {}
    short: dict[str, list[int]] = {}

    def add(index: dict[str, list[int]], name: str, number: int) -> None:
        owners = index.setdefault(name, [])
        if name and number not in owners:
            owners.append(number)

    for row in table:
        roles = [[r.sector, *bounds(r.start, r.end), r.title, r.country, int(is_top(r.title))] for r in row.roles]
        if row.kind == "people":
            if row.file == "publics.yaml" and key(row.names[0]) in names:
                continue  # the country's own file says more of it
            number = len(entries)
            entries.append(["people", row.names[0], row.country, roles, None, row.certainty])
            entries.append(["peoples", row.names[0], row.country, roles, None, row.certainty])
            for name in row.names:
                for form, kind in people_forms(name):
                    add(names, form, number + (kind == "peoples"))
            continue
        for group in _clusters(row, plain) if row.listed else [row.names]:
            entries.append([row.kind, group[0], row.country, roles, row.after, row.certainty])
            number = len(entries) - 1
            for name in group:
                add(names, key(without_article(name, row.kind)), number)
                for form in surnames(name, row.country, known) if row.kind == "person" else ():
                    add(short, form, number)
    names.pop("", None)
    return {"entries": entries, "names": names, "short": short}


def dumps(table: dict[str, Any]) -> str:
    """The compiled table as the file holds it: one entry a line, so that a change reads as a diff."""

    def line(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    out = ["{", '"entries":[', ",\n".join(map(line, table["entries"])), "],"]
    for part in ("names", "short"):
        items = [f"{line(k)}:{line(v)}" for k, v in sorted(table[part].items())]
        out += [f'"{part}":{{', ",\n".join(items), "},"]
    out += [f'"heads":{line(table["heads"])}', "}"]
    return "\n".join(out) + "\n"


def main(arguments: list[str]) -> int:
    """The command: check, then write ``register.json``; see the module."""
    from .check import check

    problems = check()
    for problem in problems:
        print(problem)
    try:
        text = dumps(compiled())
    except SourceError:
        return 1
    if "--check" in arguments:
        fresh = TARGET.exists() and TARGET.read_text("utf-8") == text
        print("register.json is fresh" if fresh else "register.json is stale: run python -m dragoman.actors.build")
        return int(bool(problems) or not fresh)
    TARGET.write_text(text, "utf-8")
    print(f"{TARGET.name}: {len(text):,} bytes, {len(problems)} problems")
    return int(bool(problems))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
