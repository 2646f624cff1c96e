"""How many were killed, wounded, missing, displaced, detained or abducted, as a report's sentences tell it.

Told from the words alone: an amount, whom it counts, and what became of them. Where the words may mean something else
(who killed and not who was killed, "killed or wounded", what may yet happen, what is denied) there is no figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from dragoman.ledger import casualties as said
from dragoman.ledger.amounts import amount, tokens
from dragoman.ledger.casualties import Kind
from dragoman.record import Json, Mention

# Words that may stand between an amount and the noun: "12 unarmed young Kurdish shepherds" has three.
_MOST_PREMODIFIERS = 4
# An aside between commas, such as "including three children", has so many words at most.
_LONGEST_ASIDE = 12
# How far before a figure a word denies it, and how far after "toll" its figure may stand.
_BEFORE, _AFTER = 6, 12


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of casualties: between ``least`` and ``most`` persons, either None where the words leave it open.

    ``words`` are those of the text that tell it, from ``start`` to ``end`` in code points of the document. What is
    about a figure ("some 3,000") is that figure; the words keep that it is not exact.
    """

    kind: Kind
    least: int | None
    most: int | None
    words: str
    start: int
    end: int

    def __str__(self) -> str:
        """The kind and how many: ``killed 12``, ``wounded 24 or more``."""
        if self.least is None:
            many = f"up to {self.most:,}"
        elif self.most is None:
            many = f"{self.least:,} or more"
        else:
            many = f"{self.least:,}" + (f" to {self.most:,}" if self.most != self.least else "")
        return f"{self.kind} {many}"

    def to_dict(self) -> Json:
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        return cls(**{name: row[name] for name in cls.__slots__})


def told(mentions: Sequence[Mention], evidence: Sequence[str]) -> tuple[Figure, ...]:
    """The figures in the evidence sentences of a record's mentions, each once, in the order of the text."""
    found: dict[tuple[int, str], Figure] = {}
    for mention, sentence in zip(mentions, evidence, strict=False):
        for figure in find(sentence, mention.start):
            found[figure.start, figure.kind] = figure
    return tuple(found[key] for key in sorted(found))


def find(sentence: str, start: int = 0) -> list[Figure]:
    """The figures in a sentence that begins at code point ``start`` of its document, in their order."""
    return _Reader(sentence, start).figures()


@dataclass(frozen=True, slots=True)
class _Group:
    """Whom an amount counts: tokens ``first`` up to ``after``, and the noun, empty where none follows.

    ``known`` is false for a noun that is taken for a people only because it begins with a capital.
    """

    least: int | None
    most: int | None
    first: int
    after: int
    noun: str = ""
    known: bool = True
    year: bool = False
    article: bool = False

    @property
    def vague(self) -> bool:
        """Whether it is no amount of persons: "a", or "a crew"."""
        return self.article and (not self.noun or self.noun in said.COLLECTIVE)


class _Reader:
    """Reads a sentence from left to right; each method reads one form at a token and says where to go on."""

    def __init__(self, sentence: str, start: int) -> None:
        self._sentence = sentence
        self._start = start
        self._words = tokens(sentence)
        self._found: list[Figure] = []

    def figures(self) -> list[Figure]:
        at = 0
        while at < len(self._words):
            at = self._toll(at) or self._none(at) or self._done(at) or self._counted(at) or at + 1
        return self._found

    def _counted(self, at: int) -> int | None:
        """``12 people were killed``, ``12 dead``, ``12 deaths``."""
        group = self._group(at)
        if group is None or group.vague:
            return None
        if not group.noun and (loss := self._phrase(said.LOSSES, group.after)) and self._low(loss[1]) != "per":
            if not group.year and not self._denied(at):
                self._add(loss[0], group, at, loss[1])
            return loss[1]
        end = self._aside(group.after)
        i = self._between(end)
        found = self._phrase(said.BECAME, i)
        if found is None:
            return group.after if group.noun else None
        kind, after = found
        word = self._low(i)
        passive = any(w.low not in said.PERFECT for w in self._words[end:i])
        if not (passive or word in said.SUFFERED or self._ends(after)) or (group.year and i == group.after):
            return group.after  # who acts, not who suffers: "two gunmen had killed five"
        if word == "fled" and group.noun and group.noun not in said.UPROOTED:
            return after
        if self._twofold(after) or self._denied(at):
            return after
        self._add(kind, group, at, group.after if end > group.after else after)
        return after

    def _done(self, at: int) -> int | None:
        """``killing 12``, ``killed nine soldiers``."""
        found = self._phrase(said.DONE, at)
        if found is None:
            return self._cost(at)
        kind, after = found
        group = self._group(after, active=True)
        if group is None:
            return None
        whole = self._ends(group.after)
        if group.vague or group.year or not (whole or (group.noun and group.known)) or self._becomes(group.after):
            return after
        if not self._denied(at) and not (self._low(at - 1) in ("or", "and") and self._single(at - 2)):
            self._add(kind, group, at, group.after)
        return group.after

    def _cost(self, at: int) -> int | None:
        """``cost 12 lives``, ``took 20 people hostage``."""
        low = self._low(at)
        if low not in said.COSTS | said.HOLDS:
            return None
        group = self._group(at + 1, active=True)
        if group is None or self._denied(at):
            return None
        if low in said.COSTS and self._low(group.after) in said.LIVES and not group.noun:
            self._add("killed", group, at, group.after + 1)
            return group.after + 1
        held = group.noun in said.HOSTAGES, self._low(group.after) in said.HOSTAGES
        if low in said.HOLDS and any(held):
            self._add("abducted", group, at, group.after + held[1])
            return group.after + held[1]
        return None

    def _toll(self, at: int) -> int | None:
        """``the death toll rose from 12 to 15``, ``a death toll of 15``."""
        found = self._phrase(said.TOLLS, at)
        if found is None:
            return None
        kind, i = found
        grown = self._low(i) == "of" and self._low(at) == "death"
        for j in range(i, min(i + _AFTER, len(self._words))):
            low = self._low(j)
            if low in (".", ";", "and", "but") or low in said.DENIES:
                break
            grown = grown or low in said.GROWN
            many = amount(self._words, j) if grown and self._low(j - 1) not in ("from", "by") else None
            if many is not None and not many.article and not many.year and self._low(many.after) != "percent":
                self._put(kind, many.least, many.most, at, many.after)
                return many.after
        return i

    def _none(self, at: int) -> int | None:
        """``no one was hurt``, ``none of them died``, ``no deaths or injuries``, ``without casualties``."""
        low, following = self._low(at), self._low(at + 1)
        if low in ("nobody", "no-one", "none"):
            i = at + 1
        elif low == "no" and following in ("one", "people", "person", "civilians", "soldiers", "passengers"):
            i = at + 2
        elif low in ("no", "without"):
            return self._no_losses(at, at + 2 if following == "any" else at + 1)
        else:
            return None
        if low == "none" and self._low(i) == "of":
            while i < min(at + _BEFORE, len(self._words)) and self._low(i) not in said.BETWEEN:
                i += 1
        after = self._between(i)
        found = self._phrase(said.BECAME, after)
        if found is None or (after == i and self._low(i) not in said.SUFFERED):
            return i
        return self._zeros(said.BECAME, found, at)

    def _no_losses(self, at: int, i: int) -> int | None:
        if self._low(i) == "casualties":
            self._put("killed", 0, 0, at, i + 1)
            self._put("wounded", 0, 0, at, i + 1)
            return i + 1
        if [w.low for w in self._words[i : i + 3]] == ["loss", "of", "life"]:
            self._put("killed", 0, 0, at, i + 3)
            return i + 3
        found = self._phrase(said.LOSSES, i)
        return None if found is None else self._zeros(said.LOSSES, found, at)

    def _zeros(self, phrases: said.Phrases, found: tuple[Kind, int], at: int) -> int:
        """What nobody suffered, and what is joined to it by "or"."""
        kind, after = found
        self._put(kind, 0, 0, at, after)
        if self._low(after) in ("or", "nor") and (other := self._phrase(phrases, after + 1)):
            return self._zeros(phrases, other, at)
        return after

    # Whom an amount counts

    def _group(self, at: int, *, active: bool = False) -> _Group | None:
        """Amounts with whom they count, those of a list added up: ``two soldiers, a guard and three children``.

        With ``active``, one of which something else is said is not of the list: "killed two, and three were arrested".
        """
        group = self._party(at)
        while group is not None and group.noun:
            i = group.after
            comma = self._low(i) == ","
            i += comma
            joined = self._low(i) == "and"
            i += joined
            if joined and self._low(i) in said.OWNERS and amount(self._words, i) is None and self._person(i + 1):
                return None  # "a boy and his mother": how many there are of the second is not said
            more = self._party(i) if comma or joined else None
            if more is None or not more.noun or more.year or more.vague or (active and self._becomes(more.after)):
                break
            if not joined and self._low(more.after) not in (",", "and"):
                break  # "12 people, three children": part of them, or others
            group = replace(
                group,
                least=_sum(group.least, more.least),
                most=_both(group.most, more.most),
                after=more.after,
                noun="people" if {group.noun, more.noun} <= said.UPROOTED else more.noun,
                article=False,
            )
        return group

    def _party(self, at: int) -> _Group | None:
        """One amount, with the noun that it counts where one follows."""
        many = amount(self._words, at)
        aged = self._low(at - 1) == "of" and self._low(at - 2) in said.PEOPLE  # "a boy of fifteen"
        if many is None or aged or self._low(at - 1) in ("-", "family"):
            return None
        group = _Group(many.least, many.most, at, many.after, year=many.year, article=many.article)
        i = many.after
        if self._low(i) == "of" and self._low(i + 1) in ("the", "its", "their", "his", "her"):
            i += 2
        elif self._low(i) == "of" and self._low(i + 1) in said.PEOPLE:
            i += 1
        noun = self._person(i)
        return group if noun is None else replace(group, after=noun + 1, noun=self._low(noun), known=self._known(noun))

    def _person(self, at: int) -> int | None:
        """Where the noun for persons stands that words from a token on lead to; None where they lead to none."""
        for i in range(at, min(at + _MOST_PREMODIFIERS + 1, len(self._words))):
            if self._is_person(i) and not self._is_person(i + 1):
                return i
            compound = "-" in (self._low(i), self._low(i + 1))  # 12-year-old
            if self._low(i) in said.NO_PREMODIFIER or not (compound or self._low(i)[0].isalpha()):
                return None
        return None

    def _known(self, at: int) -> bool:
        low = self._low(at)
        return low in said.PEOPLE or (len(low) > 4 and low.endswith(("man", "men", "woman", "women")))

    def _is_person(self, at: int) -> bool:
        if at >= len(self._words):
            return False
        word = self._words[at]
        # "12 Palestinians", "a Syrian": peoples are many, and written with a capital.
        return self._known(at) or (word.text[0].isupper() and len(word.text) > 3 and word.low.endswith(_PEOPLES))

    def _aside(self, at: int) -> int:
        """Past a short aside before a verb: ``, including three children,``."""
        if self._low(at) != ",":
            return at
        for i in range(at + 1, min(at + _LONGEST_ASIDE, len(self._words) - 1)):
            if self._low(i) == ",":
                following = self._low(i + 1)
                return i + 1 if following in said.BETWEEN or following in said.SUFFERED else at
            if self._low(i) in (";", "was", "were"):
                break
        return at

    # Words around it

    def _between(self, at: int) -> int:
        while self._low(at) in said.BETWEEN:
            at += 1
        return at

    def _phrase(self, phrases: said.Phrases, at: int) -> tuple[Kind, int] | None:
        """The longest phrase that stands at a token: its kind, and the token after it."""
        for length in range(min(_LONGEST, len(self._words) - at), 0, -1):
            kind = phrases.get(tuple(word.low for word in self._words[at : at + length]))
            if kind is not None:
                return kind, at + length
        return None

    def _becomes(self, at: int) -> bool:
        """Whether something else is said of those whom an amount counts: ``were arrested``."""
        i = self._between(at)
        return i > at and self._low(at) not in ("more", "others", "who") and self._phrase(said.BECAME, i) is not None

    def _twofold(self, after: int) -> bool:
        """``killed or wounded``, ``killed and injured``: nobody says how many of each."""
        return self._low(after) in ("or", "and") and self._phrase(said.BECAME, after + 1) is not None

    def _single(self, at: int) -> bool:
        """The same before an amount: ``killed or wounded 12``."""
        return (self._low(at),) in said.DONE

    def _ends(self, at: int) -> bool:
        """Whether nothing follows that the words before could act upon or belong to."""
        return at >= len(self._words) or self._words[at].text in said.MARKS or self._low(at) in said.ENDS

    def _denied(self, at: int) -> bool:
        """Whether the words before, in the same clause, say that it is not so, or not yet."""
        for word in reversed(self._words[max(at - _BEFORE, 0) : at]):
            if word.text in said.MARKS:
                return False
            if word.low in said.DENIES or word.low.endswith("n't"):
                return True
        return False

    def _low(self, at: int) -> str:
        return self._words[at].low if 0 <= at < len(self._words) else ""

    def _add(self, kind: Kind, group: _Group, first: int, after: int) -> None:
        self._put(kind, group.least, group.most, first, after)

    def _put(self, kind: Kind, least: int | None, most: int | None, first: int, after: int) -> None:
        start, end = self._words[first].start, self._words[after - 1].end
        self._found.append(Figure(kind, least, most, self._sentence[start:end], self._start + start, self._start + end))


_PEOPLES = ("ans", "an", "is", "ese", "rds", "rks", "eks", "nts", "sts", "pts", "ish", "qi", "ni")
_LONGEST = max(len(p) for phrases in (said.BECAME, said.DONE, said.LOSSES, said.TOLLS) for p in phrases)


def _sum(a: int | None, b: int | None) -> int | None:
    return None if a is None and b is None else (a or 0) + (b or 0)


def _both(a: int | None, b: int | None) -> int | None:
    return None if a is None or b is None else a + b
