"""The words that full-text search compares: stems, made here so that both databases find the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from dragoman.ledger.stemming import stem_word

_WORD = re.compile(r"[^\W_]+")
# No word of a language is longer; an index need not hold what is none.
_LONGEST = 64
_QUERY = re.compile(r'"([^"]*)"?|(\S+)')
# Too frequent to tell anything in a question, and often left out or changed by those who ask.
STOP = frozenset(
    "a an and are as at be been by for from had has have he her his in into is it its of on or she that the their them "
    "they this to was were which who will with would".split()
)


class BadQuestion(ValueError):
    """A question that cannot be answered as it is put; the message says how to put it."""


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    """A word as it is compared: letters of a to z and digits alone, which every database takes for one word."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", word).casefold() if c.isalnum())
    if plain.isascii():
        return stem_word(plain)[:_LONGEST]
    return "xn" + plain.encode("punycode").decode("ascii").replace("-", "0")[:_LONGEST]


def stems(text: str) -> list[str]:
    """The stems of a text's words, in their order: no case, no accents, no endings."""
    return [stem for word in _WORD.findall(text) if (stem := _stem(word))]


def searchable(parts: Iterable[str]) -> str:
    """What is kept of several texts to find them by; a mark between two keeps phrases from running across."""
    return " zz0zz ".join(" ".join(stems(part)) for part in parts if part)


def holds(texts: Iterable[str], phrases: Iterable[Sequence[str]]) -> bool:
    """Whether one of ``phrases``, of stems each, stands in one of several texts, as in what :func:`searchable` keeps.

    No ending is taken off a word that begins otherwise than what is looked for: stemming is most of the cost.
    """
    wanted = [tuple(phrase) for phrase in phrases if phrase]
    firsts = {phrase[0][0] for phrase in wanted}
    single = {phrase[0] for phrase in wanted}
    for text in texts:
        begun = {
            stem
            for word in _WORD.findall(text)
            if (word[0].lower() in firsts or not word.isascii()) and (stem := _stem(word)) in single
        }
        if any(phrase[0] in begun and (len(phrase) == 1 or _stands_in(phrase, text)) for phrase in wanted):
            return True
    return False


def _stands_in(phrase: Sequence[str], text: str) -> bool:
    return f" {' '.join(phrase)} " in f" {' '.join(stems(text))} "


def asked(question: str) -> list[list[str]]:
    """The phrases that a question asks for, all of them: of one word each, save between quotation marks.

    Raises BadQuestion when it holds no word that could be found.
    """
    phrases = [found for part in _QUERY.findall(question) if (found := _phrase(*part))]
    if not phrases:
        raise BadQuestion(f"{question!r} holds no word to look for: ask for a name or a noun")
    return phrases


def parts(question: str) -> list[str]:
    """What :func:`asked` makes phrases of, as it was written: words, and phrases between quotation marks."""
    return [f'"{quoted}"' if quoted else word for quoted, word in _QUERY.findall(question) if _phrase(quoted, word)]


def _phrase(quoted: str, word: str) -> list[str]:
    said = _WORD.findall(quoted or word)
    return [stem for w in said if (quoted or w.casefold() not in STOP) and (stem := _stem(w))]
