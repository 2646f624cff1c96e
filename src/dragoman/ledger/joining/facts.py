"""A profile with all that is the same whomever it is compared with: made once, kept while it is compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from dragoman.ledger.joining import dates
from dragoman.ledger.joining.profiling import Party, Profile
from dragoman.ledger.joining.words import RARE, word

Weights = dict[str, float]
"""Stems, and what each weighs."""


class Facts:
    """The sets and sums that comparing needs."""

    __slots__ = (
        "actor",
        "actor_sectors",
        "actor_words",
        "countries",
        "day",
        "modes",
        "names",
        "near",
        "near_sum",
        "profile",
        "rare",
        "rare_names",
        "rare_words",
        "recipient",
        "recipient_sectors",
        "recipient_words",
        "report_names",
        "report_names_sum",
        "source",
        "terms",
        "terms_sum",
        "trigger",
        "window",
        "words",
        "words_sum",
    )

    def __init__(self, p: Profile) -> None:
        self.profile = p
        self.window = p.window
        self.day = dates.published(p.setting.published)
        self.modes = frozenset(p.mode)
        self.trigger = frozenset(word(w).stem for w in p.trigger)
        self.near, self.words, self.names = weighed(p.near), weighed(p.words), weighed(p.names)
        self.near_sum, self.words_sum = sum(self.near.values()), sum(self.words.values())
        self.terms, self.report_names, self.rare_names, self.rare = _told(p.setting.terms, p.setting.names)
        self.terms_sum, self.report_names_sum = sum(self.terms.values()), sum(self.report_names.values())
        self.rare_words = rare(self.words)
        self.actor, self.recipient, self.source = codes(p.actor), codes(p.recipient), codes(p.source)
        self.actor_sectors, self.recipient_sectors = sectors(p.actor), sectors(p.recipient)
        self.actor_words = weighed(w for x in p.actor for w in x.words)
        self.recipient_words = weighed(w for x in p.recipient for w in x.words)
        here = {p.site.country} if p.site is not None and p.site.country else set()
        self.countries = self.actor | self.recipient | here


def weighed(words: Iterable[str]) -> Weights:
    """The stems of words with what each weighs."""
    return {w.stem: w.weight for w in map(word, words)}


@lru_cache(maxsize=1 << 10)
def _told(terms: tuple[str, ...], names: tuple[str, ...]) -> tuple[Weights, Weights, Weights, Weights]:
    """What the records of one report share: its terms, its names, the rare ones among these, and among both."""
    all_terms, all_names = weighed(terms), weighed(names)
    few = rare(all_names)
    return all_terms, all_names, few, few | rare(all_terms)


def rare(words: Weights) -> Weights:
    """Those that few reports have."""
    return {s: w for s, w in words.items() if w > RARE}


def codes(parties: Sequence[Party]) -> frozenset[str]:
    """The countries of parties."""
    return frozenset(p.country for p in parties if p.country)


def sectors(parties: Sequence[Party]) -> frozenset[str]:
    """The sectors of parties."""
    return frozenset(p.sector for p in parties if p.sector)


# A profile's facts take some 15 kilobytes.
@lru_cache(maxsize=1 << 10)
def facts(p: Profile) -> Facts:
    """The facts of a profile."""
    return Facts(p)
