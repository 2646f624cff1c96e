"""Words of a phrase in a form that compares: no case, no accents, no dots, possessives taken off.

The same function reads the register's names when it is compiled and the phrases when they are resolved,
so that "Zelenskyy's", "al-Assad" and "U.N." meet their entries however they are spelt.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ı": "i",
        "ə": "a",
        "æ": "ae",
        "œ": "oe",
        "ß": "ss",
        "ħ": "h",
    }
)
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "ʻ": "'", "‐": "-", "‑": "-", "–": "-"})
_TOKEN = re.compile(r"[^\W_]+(?:[.'&][^\W_]+)*'?|[-,();:—\"“”/]")
_POSSESSIVE = re.compile(r"'[sS]?$")
# An acronym is compared with its case, or "us" would be the United States. Six letters take in "UNESCO";
# longer ones ("UNICEF USA") are no ordinary word in any case.
_ACRONYM = 6


def word_set(text: str) -> frozenset[str]:
    """The words of ``text`` as a set, for word lists that read as prose."""
    return frozenset(text.split())


# Small words that belong to the family name after them.
PARTICLES = word_set("al el bin ben bint von van der den de da do dos du di la le abu ould ter as ad ash an ur at")


@dataclass(frozen=True, slots=True)
class Token:
    """A word: ``norm`` compares, ``raw`` stood there; ``joined`` says that a hyphen follows."""

    norm: str
    raw: str
    cap: bool
    upper: bool
    possessive: bool = False
    joined: bool = False
    mark: bool = False


@lru_cache(maxsize=16384)
def fold(word: str) -> str:
    """``word`` in lower case without accents, apostrophes or dots."""
    if word.isascii():
        plain = word.lower()
    else:
        plain = unicodedata.normalize("NFKD", word).casefold().translate(_LETTERS)
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    return plain.replace(".", "").replace("'", "").replace("&", "")


def tokens(text: str) -> list[Token]:
    """The words and the marks of ``text`` in order; hyphens become the ``joined`` of the word before."""
    # An apostrophe spelt with a modifier letter must be a plain one before words are cut.
    line = unicodedata.normalize("NFC", text).translate(_APOSTROPHES)
    out: list[Token] = []
    spans: list[int] = []
    for match in _TOKEN.finditer(line):
        raw = match.group()
        if raw == "-":
            # "car - borne" is a hyphen as a tokeniser leaves it; a dash with room on both sides in other
            # text separates, and then the words stand alone all the same.
            if out and not out[-1].mark:
                last = out[-1]
                out[-1] = Token(last.norm, last.raw, last.cap, last.upper, last.possessive, True)
            continue
        if not raw[0].isalnum():
            out.append(Token(raw, raw, False, False, mark=True))
            continue
        bare = _POSSESSIVE.sub("", raw)
        possessive = bare != raw and bool(bare)
        if not bare:
            continue
        norm = fold(bare)
        if not norm:
            continue
        cap = bare != bare.lower()
        letters = bare.replace(".", "").replace("&", "")
        upper = cap and letters == letters.upper() and len(letters) > 1
        out.append(Token(norm, bare, cap, upper, possessive))
        spans.append(match.end())
    return out


def is_acronym(name: str) -> bool:
    """Whether a name of one word is to be compared with its capitals ("US", "WHO", "M23")."""
    letters = name.replace(".", "").replace("&", "")
    plain = " " not in name and "-" not in name and len(letters) <= _ACRONYM
    return plain and letters == letters.upper() and any(c.isalpha() for c in letters)


def key(name: str) -> str:
    """The form under which a name of the register is kept: words by single spaces, ``^`` before acronyms."""
    words = " ".join(t.norm for t in tokens(name) if not t.mark)
    return "^" + words if words and is_acronym(name.strip()) else words


def plural(noun: str) -> tuple[str, ...]:
    """The regular plurals of an English noun phrase, by its last word."""
    if noun.endswith(("s", "x", "z", "ch", "sh")) and not noun.endswith("arch"):
        return (noun + "es",)
    if noun.endswith("y") and len(noun) > 1 and noun[-2] not in "aeiou":
        return (noun[:-1] + "ies",)
    if noun.endswith("man") and not noun.endswith(("german", "human", "ottoman", "roman")):
        return (noun[:-3] + "men",)
    return (noun + "s",)
