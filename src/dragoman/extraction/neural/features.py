"""What the model sees of the parse: a word's part of speech, relation and capitals, and a pair's path.

Training and inference share this file, so that both number the same things in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from dragoman.language.tokens import Token

# The universal parts of speech and the CLEAR relations, as en_core_web_sm gives them; 0 stands for any other.
POS = (
    "other ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X SPACE CONJ"
).split()  # fmt: skip
RELATIONS = (
    "other ROOT acl acomp advcl advmod agent amod appos attr aux auxpass case cc ccomp compound conj csubj csubjpass "
    "dative dep det dobj expl intj mark meta neg nmod npadvmod nsubj nsubjpass nummod oprd parataxis pcomp pobj poss "
    "preconj predet prep prt punct quantmod relcl xcomp"
).split()
_POS = {name: n for n, name in enumerate(POS)}
_RELATIONS = {name: n for n, name in enumerate(RELATIONS)}

# Adverbs that tell a time by themselves.
_WHEN = frozenset("ago earlier later now recently since overnight yesterday today tomorrow tonight".split())
# Longer paths are as good as none: a third of all pairs in gold/train lie further apart, 1 % of the true ones.
MAX_STEPS = 7
# How many sentences may lie between an event and who takes part in it.
MAX_SENTENCES = 3
DISTANCES = 24


def word_ids(token: Token) -> tuple[int, int, int]:
    """Numbers of a word's part of speech, relation and shape (0 lower case, 1 capitalised, 2 capitals, 3 digits)."""
    text = token.text
    shape = 0
    if text[:1].isupper():
        shape = 2 if text.isupper() and len(text) > 1 else 1
    elif text[:1].isdigit():
        shape = 3
    return _POS.get(token.pos, 0), _RELATIONS.get(token.dep, 0), shape


def is_candidate(token: Token) -> bool:
    """Whether a word may stand for who, where or when: nouns, names, pronouns, nationalities, years, "ago"."""
    pos = token.pos
    if pos in ("NOUN", "PROPN"):
        return True
    if pos == "PRON":
        return token.dep != "expl"
    if pos == "ADJ":
        return token.text[:1].isupper()
    if pos == "NUM":
        return token.dep != "nummod" or (len(token.text) == 4 and token.text.isdigit())
    return token.lower in _WHEN


def _step(token: Token) -> str:
    return f"{token.dep}:{token.lower}" if token.dep in ("prep", "agent", "mark") else token.dep


@dataclass(slots=True)
class Climb:
    """The way from a word up to the root of its sentence."""

    nodes: list[Token]
    place: dict[int, int]

    @classmethod
    def of(cls, token: Token) -> Climb:
        nodes = [token]
        while nodes[-1].head is not nodes[-1] and len(nodes) < 60:
            nodes.append(nodes[-1].head)
        return cls(nodes, {t.i: n for n, t in enumerate(nodes)})


def path(trigger: Climb, candidate: Token) -> str:
    """The relations from a trigger to a candidate: steps up ("^conj"), then steps down ("nsubj").

    Another sentence's candidate has the way from its own root, after "next" or "before"; "far" where the way has over
    ``MAX_STEPS`` steps, and "same" for the trigger itself.
    """
    first = trigger.nodes[0]
    if candidate.sentence is not first.sentence:
        down: list[str] = []
        node = candidate
        while node.head is not node and len(down) <= 3:
            down.append(_step(node))
            node = node.head
        side = "next" if candidate.i > first.i else "before"
        return f"{side} {' '.join(reversed(down))}" if len(down) <= 3 else side
    down = []
    node = candidate
    while node.i not in trigger.place:
        if len(down) >= MAX_STEPS or node.head is node:
            return "far"
        down.append(_step(node))
        node = node.head
    meeting = trigger.place[node.i]
    if meeting + len(down) > MAX_STEPS:
        return "far"
    up = [f"^{_step(t)}" for t in trigger.nodes[:meeting]]
    return " ".join(up + down[::-1]) or "same"


_BUCKETS = (1, 2, 3, 5, 8, 12, 18, 28)


def distance(trigger: Token, candidate: Token) -> int:
    """A number from 0 to ``DISTANCES`` - 1 for how far and on which side a candidate stands."""
    between = candidate.sentence.index - trigger.sentence.index
    if between:
        return 17 + (min(between, 3) - 1 if between > 0 else 2 + min(-between, 3))
    gap = candidate.i - trigger.i
    size = sum(abs(gap) > b for b in _BUCKETS)
    return size if gap < 0 else 8 + size


@dataclass(frozen=True)
class Paths:
    """The paths that training met often enough, numbered from 1; 0 stands for all others."""

    names: tuple[str, ...]

    @cached_property
    def _ids(self) -> Mapping[str, int]:
        return {name: n for n, name in enumerate(self.names, 1)}

    def id(self, name: str) -> int:
        """The number of a path."""
        return self._ids.get(name, 0)
