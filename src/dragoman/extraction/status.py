"""Whether an event is told as done, planned, imagined or denied, and on whose word: read off what governs it."""

from __future__ import annotations

from dataclasses import dataclass, field

from dragoman.extraction.frames import passive, subject
from dragoman.extraction.matching import Match
from dragoman.extraction.operators import operators
from dragoman.language.tokens import Token
from dragoman.record import Factuality

_FUTURE = frozenset({"will", "shall", "'ll", "’ll", "wo"})
_IMAGINED = frozenset({"may", "might", "could", "can", "should", "must", "ca", "ought"})
_IF = frozenset({"if", "unless", "whether", "lest"})
_CIRCUMSTANCE = frozenset({"after", "since", "before", "by", "in", "while", "for"})
# Links by which a stretch of the sentence leaves what a governor asks, promises or refuses.
_OUTSIDE = frozenset({"relcl", "advcl", "acl", "nsubj", "parataxis", "appos"})

Classes = dict[str, frozenset[str]]


@dataclass(slots=True)
class Status:
    """What the words around an event say of it."""

    factuality: Factuality = "actual"
    perfect: bool = False
    promised: bool = False
    attribution: list[Token] = field(default_factory=list)
    governor: Match | None = None
    content: Token | None = None
    denied: bool = False
    reasons: list[str] = field(default_factory=list)

    def shift(self, to: Factuality, why: str) -> None:
        """Weaken the factuality; what is already negated or imagined stays so."""
        rank = {"actual": 0, "future": 1, "hypothetical": 2, "negated": 3}
        if rank[to] > rank[self.factuality]:
            self.factuality = to
            self.reasons.append(why)


def climb(token: Token, matches: dict[int, Match]) -> Status:
    """The status of the event named at ``token``; ``matches`` are the sentence's, by token index."""
    status = Status()
    ops = operators()
    # `live`: the governor's modality bears on the event; `inside`: the event is still part of what a governor asks,
    # promises or refuses, which ends where a clause tells of something that is so ("activists detained in May").
    node, live, inside = token, True, True
    if _in_condition(token):
        status.shift("hypothetical", "a condition")
    if token.is_noun:
        _noun_modifiers(token, status)
    for _ in range(40):
        if node.is_verb or node.pos == "ADJ":
            if live:
                _auxiliaries(node, status)
            _inserted_speaker(node, status)
        head = node.head
        if head is node:
            break
        governor = _content_of(node, head, matches, token)
        if governor is not None and inside:
            status.governor, status.content = governor, node
            return status
        if _presupposed(node, head, ops):
            live = inside = False
        inside = inside and node.dep not in _OUTSIDE
        live = _step(node, head, token, status, live, ops)
        node = head
    return status


def _in_condition(token: Token) -> bool:
    """Whether the token stands in an "if" clause that opens its sentence, whatever the parse made of it."""
    tokens = token.sentence.tokens
    if not tokens or tokens[0].lower not in _IF:
        return False
    return not any(t.text == "," for t in tokens[: token.k])


def _presupposed(node: Token, head: Token, ops: Classes) -> bool:
    """Whether the governor takes for granted that the event is under way: "stop bombing", "an end to the war"."""
    if head.is_verb:
        return head.lemma in ops["presupposing"] and node.dep in ("xcomp", "dobj", "nsubjpass", "pcomp")
    return node.dep == "pobj" and head.dep == "prep" and head.head.lemma in ops["presupposing_nouns"]


def _content_of(node: Token, head: Token, matches: dict[int, Match], trigger: Token) -> Match | None:
    for holder in (head, head.head):
        match = matches.get(holder.i)
        if match is not None and holder is not trigger and node in match.content:
            return match
    return None


def _auxiliaries(verb: Token, status: Status) -> None:
    perfect = False
    for child in verb.children:
        if child.dep == "neg" or (child.dep == "advmod" and child.lower == "never"):
            status.shift("negated", f"“{child.text}”")
        elif child.dep in ("aux", "auxpass"):
            if child.lower in _FUTURE:
                status.shift("future", f"“{child.text}”")
            elif child.lower in _IMAGINED:
                status.shift("hypothetical", f"“{child.text}”")
            elif child.lower in ("would", "'d", "’d") and child.tag == "MD":
                if _reported(verb):
                    status.shift("future", "“would” in reported speech")
                else:
                    status.shift("hypothetical", "“would”")
            elif child.lower in ("had", "'d", "’d"):
                perfect = True
        elif child.dep == "mark" and child.lower in _IF:
            status.shift("hypothetical", f"“{child.text}”")
        elif child.dep == "det" and child.lower == "no":
            status.shift("negated", "“no”")
    if any(
        c.dep in ("nsubj", "nsubjpass")
        and (c.lower in ("nobody", "none", "neither") or any(d.lower == "no" and d.dep == "det" for d in c.children))
        for c in verb.children
    ):
        status.shift("negated", "a subject with “no”")
    status.perfect = status.perfect or perfect


def _reported(verb: Token) -> bool:
    speech = operators()["speech"]
    return any(a.lemma in speech for a in verb.ancestors()) or any(
        c.dep == "parataxis" and c.lemma in speech for c in verb.children
    )


def _noun_modifiers(noun: Token, status: Status) -> None:
    ops = operators()
    for child in noun.children:
        word = child.lower
        if child.dep in ("amod", "compound", "advmod"):
            if word in ops["future_adjectives"]:
                status.shift("future", f"“{child.text}”")
            elif word in ops["imagined_adjectives"]:
                status.shift("hypothetical", f"“{child.text}”")
        elif child.dep in ("det", "neg") and word in ("no", "neither"):
            status.shift("negated", f"“{child.text}”")
        elif child.dep == "det" and word == "any":
            status.shift("hypothetical", "“any”")


def _inserted_speaker(verb: Token, status: Status) -> None:
    for child in verb.children:
        if child.dep in ("parataxis", "advcl") and child.lemma in operators()["speech"] and child.dep == "parataxis":
            status.attribution.extend(t for t in subject(child) if t not in status.attribution)


def _step(node: Token, head: Token, trigger: Token, status: Status, live: bool, ops: Classes) -> bool:
    """Account for the step from a node to its head; returns whether the head's modality still bears on the event."""
    if node.is_verb or node.pos == "ADJ":
        return _from_clause(node, head, status, live, ops)
    if node.dep == "conj":
        return live
    if node.dep in ("pobj", "prep"):
        return _from_phrase(node, head, trigger, status, live, ops)
    if node.dep in ("dobj", "nsubjpass", "attr", "oprd", "nsubj") and head.is_verb:
        if node.dep == "nsubj" and head.lemma not in ops["happening"]:
            return False
        return _governed(node, head, status, live, ops, clause=False)
    return False


def _from_clause(node: Token, head: Token, status: Status, live: bool, ops: Classes) -> bool:
    dep = node.dep
    if dep == "conj":
        finite = node.tag in ("VBD", "VBZ", "VBP") or any(c.dep in ("nsubj", "nsubjpass") for c in node.children)
        return live and not finite
    if dep in ("xcomp", "ccomp", "pcomp", "acomp", "attr", "oprd", "dep"):
        governor = head.head if dep == "pcomp" and head.dep in ("prep", "mark", "agent") else head
        if dep == "pcomp":
            if head.lower == "without":
                status.shift("negated", "“without”")
            if head.lower in _CIRCUMSTANCE:
                return live and head.lower in ("by", "in")
        return _governed(node, governor, status, live, ops, clause=True)
    if dep == "advcl":
        marks = {c.lower for c in node.children if c.dep in ("mark", "advmod")}
        if marks & _IF:
            status.shift("hypothetical", "a condition")
        if node.tag == "VB" and any(c.dep == "aux" and c.lower == "to" for c in node.children):
            status.shift("hypothetical", "a purpose")
        return live and node.tag in ("VBG", "VBN") and not marks
    if dep == "acl" and node.tag == "VB":
        if any(c.dep == "det" and c.lower == "no" for c in head.children):
            status.shift("negated", f"“no {head.text}”")
        elif head.lemma in ops["plan_nouns"]:
            status.shift("future", f"“{head.text}”")
        else:
            status.shift("hypothetical", f"“{head.text} to”")
    return False


def _from_phrase(node: Token, head: Token, trigger: Token, status: Status, live: bool, ops: Classes) -> bool:
    if node.dep == "prep":
        return False
    preposition, governor = head, head.head
    words = f"“{governor.text} {preposition.text}”"
    if preposition.lower == "without":
        status.shift("negated", "“without”")
    if not live:
        return False
    if governor.is_noun:
        if governor.lemma in ops["imagined_nouns"]:
            status.shift("hypothetical", words)
        elif governor.lemma in ops["plan_nouns"] and preposition.lower in ("of", "for", "on"):
            status.shift("future", words)
        elif governor.lemma in ops["absence_nouns"]:
            status.shift("negated", words)
        return False
    calls = governor.lemma in ops["calling"] and preposition.lower == "for"
    dreads = governor.lemma in ops["dreading"] and preposition.lower in ("of", "against", "with")
    if governor.is_verb and (calls or dreads):
        status.shift("hypothetical", words)
    return governor.is_verb and governor.lemma in ops["light"] and node is trigger


def _governed(node: Token, head: Token, status: Status, live: bool, ops: Classes, *, clause: bool) -> bool:
    lemma = head.lemma.lower()
    if lemma in ops["deny"]:
        status.shift("negated", f"“{head.text}”")
        status.denied = True
        status.attribution.extend(t for t in subject(head) if t not in status.attribution)
        return False
    finite = clause and node.dep == "ccomp" and node.tag not in ("VB", "VBG")
    if finite or (clause and node.dep == "ccomp" and lemma in ops["speech"]):
        if lemma in ops["speech"]:
            if not passive(head):
                status.attribution.extend(t for t in subject(head) if t not in status.attribution)
            if (
                lemma in ("warn", "fear", "threaten", "predict", "forecast")
                and status.factuality == "actual"
                and node.tag not in ("VBD", "VBN")
            ):
                status.shift("hypothetical", f"“{head.text}”")
        elif lemma in ops["imagined"]:
            status.shift("hypothetical", f"“{head.text}”")
        elif lemma in ops["plan"]:
            status.shift("future", f"“{head.text}”")
        return False
    if not live:
        return False
    if lemma in ops["negative"]:
        status.shift("negated", f"“{head.text}”")
        return False
    if lemma in ops["plan"] and (
        clause or lemma in ("plan", "schedule", "propose", "expect", "intend", "seek", "prepare", "mull", "set")
    ):
        if lemma == "set" and not clause:
            return True
        status.shift("hypothetical" if lemma in ops["open"] else "future", f"“{head.text}”")
        return not clause or head.tag not in ("VBD",)
    if lemma in ops["imagined"]:
        status.shift("hypothetical", f"“{head.text}”")
        return False
    if clause:
        return True
    return lemma in ops["light"] or lemma == "be"
