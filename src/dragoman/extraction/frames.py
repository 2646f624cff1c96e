"""Where a predicate's parties stand in the parse: slots from dependency labels, whatever the construction.

Actives, passives, participles, relative clauses, control and raising, coordination and light verbs all come out as
the same logical slots (``docs/lexicon.md``), so that the lexicon needs one frame a predicate.
"""

from __future__ import annotations

from dragoman.extraction.operators import operators
from dragoman.language.tokens import Token

Slots = dict[str, list[Token]]
_SUBJECT = ("nsubj", "csubj")
_PASSIVE = ("nsubjpass", "csubjpass")
_RELATIVE = frozenset({"that", "which", "who", "whom"})


def passive(verb: Token) -> bool:
    """Whether a participle is used in the passive."""
    if any(c.dep in ("auxpass", "nsubjpass") for c in verb.children):
        return True
    if verb.tag != "VBN" or any(c.dep == "aux" and c.lemma in ("have", "’ve", "'ve") for c in verb.children):
        return False
    if verb.dep in ("acl", "amod", "relcl"):
        return not any(c.dep in _SUBJECT for c in verb.children)
    if verb.dep == "conj" and verb.head.is_verb and not any(c.dep in _SUBJECT for c in verb.children):
        return passive(verb.head)
    return verb.dep in ("advcl", "ccomp", "ROOT") and not any(c.dep in ("dobj", *_SUBJECT) for c in verb.children)


def _referent(token: Token, verb: Token) -> Token:
    """The antecedent of a relative pronoun, else the token itself."""
    if token.lower in _RELATIVE and token.tag in ("WDT", "WP", "IN"):
        clause: Token = verb
        while clause.dep in ("conj", "xcomp", "ccomp") and clause.head is not clause:
            clause = clause.head
        if clause.dep == "relcl":
            return next(iter(_one_of(clause.head)), clause.head)
    return token


def subject(verb: Token, depth: int = 0) -> list[Token]:
    """Who does what an active verb says, or undergoes what a passive one says: the surface subject."""
    own = [_referent(c, verb) for c in verb.children if c.dep in _SUBJECT or c.dep in _PASSIVE]
    own = [t for t in own if not (t.dep == "expl" or t.lower in ("there",))]
    own = [*_beside(own[0]), *own] if own else own
    if own or depth > 6 or verb.head is verb:
        return own
    head = verb.head
    if verb.dep == "conj" and head.is_verb:
        return subject(head, depth + 1)
    if verb.dep in ("relcl", "acl"):
        if verb.dep == "acl" and verb.tag == "VB":
            return noun_subject(head, depth + 1)
        return _one_of(head) or ([head] if head.is_noun or head.pos == "PRON" else [])
    if verb.dep in ("xcomp", "advcl", "ccomp", "dep", "acomp") and (head.is_verb or head.pos == "ADJ"):
        if verb.dep == "xcomp" and head.lemma in operators()["object_control"]:
            objects = logical_object(head, depth + 1)
            if objects:
                return objects
        if verb.dep == "ccomp" and verb.tag not in ("VB", "VBG"):
            return []
        if head.pos == "ADJ":
            return subject(head.head, depth + 1) if head.dep in ("acomp", "attr", "oprd") else []
        return subject(head, depth + 1)
    if verb.dep == "pcomp" and head.dep in ("prep", "mark", "agent"):
        governor = head.head
        if governor.is_verb:
            if governor.lemma in operators()["object_control"]:
                return logical_object(governor, depth + 1) or subject(governor, depth + 1)
            return subject(governor, depth + 1)
        if governor.is_noun:
            return noun_subject(governor, depth + 1)
    return []


def _one_of(noun: Token) -> list[Token]:
    """ "Russia is one of the few countries that …" says it of Russia."""
    counted = noun.head.head
    some = noun.dep == "pobj" and noun.head.lower in ("of", "among") and counted.lower in ("one", "two", "three")
    if not some or counted.dep != "attr" or counted.head.lemma != "be":
        return []
    return [c for c in counted.head.children if c.dep in _SUBJECT]


def _beside(token: Token) -> list[Token]:
    """Headlines coordinate by comma ("Pakistan, India hold talks"), which the parser does not read as such."""
    tokens = token.sentence.tokens
    first = min([token, *(c for c in token.children if c.dep in ("compound", "amod", "det"))], key=lambda t: t.i)
    at = first.k
    if (
        at == 2
        and tokens[1].text == ","
        and tokens[0].pos == "PROPN"
        and token.pos == "PROPN"
        and tokens[0].dep != "nsubj"
    ):
        return [tokens[0]]
    return []


def noun_subject(noun: Token, depth: int = 0) -> list[Token]:
    """Who stands behind a noun such as "decision" or "plan": its possessor, or the subject of its light verb."""
    possessors = [c for c in noun.children if c.dep == "poss"]
    if possessors:
        return possessors
    by = [
        p
        for c in noun.children
        if c.dep in ("prep", "agent") and c.lower == "by"
        for p in c.children
        if p.dep == "pobj"
    ]
    if by:
        return by
    if noun.dep in ("dobj", "attr") and noun.head.is_verb and not passive(noun.head):
        return subject(noun.head, depth + 1)
    return [c for c in noun.children if c.dep in ("compound", "amod") and c.pos == "PROPN"]


def logical_object(verb: Token, depth: int = 0) -> list[Token]:
    """Who or what undergoes the verb: the object, or the subject of a passive."""
    if passive(verb):
        return subject(verb, depth + 1)
    found = [_referent(c, verb) for c in verb.children if c.dep in ("dobj", "obj")]
    if found:
        return found
    if verb.dep == "relcl" and any(c.dep in _SUBJECT and c.lower not in _RELATIVE for c in verb.children):
        return [verb.head] if not any(c.dep == "prep" and not c.children for c in verb.children) else []
    # "arrested and charged three activists": the object stands after the last verb.
    shared = [c for c in verb.children if c.dep == "conj" and c.is_verb and c.tag == verb.tag]
    if shared and depth < 4 and not any(s.dep in _SUBJECT for c in shared for s in c.children):
        return logical_object(shared[0], depth + 1)
    return []


def _add(slots: Slots, name: str, tokens: list[Token]) -> None:
    if tokens:
        rows = slots.setdefault(name, [])
        rows.extend(t for t in tokens if t not in rows)


def _prepositions(head: Token, slots: Slots) -> None:
    for child in head.children:
        if child.dep in ("prep", "agent", "dative") and child.pos in ("ADP", "SCONJ", "VERB", "ADV"):
            goal = [c for c in child.children if c.dep in ("pobj", "pcomp")]
            _add(slots, child.lower, goal)
            for inner in child.children:
                if inner.dep == "prep":
                    _add(slots, inner.lower, [c for c in inner.children if c.dep in ("pobj", "pcomp")])
        elif child.dep == "prt":
            for inner in child.children:
                if inner.dep == "prep":
                    _add(slots, inner.lower, [c for c in inner.children if c.dep in ("pobj", "pcomp")])


def verb_slots(verb: Token) -> Slots:
    """The logical slots of a verb."""
    slots: Slots = {}
    if passive(verb):
        _add(slots, "obj", subject(verb))
        agents = [
            p
            for c in verb.children
            if c.dep in ("agent",) or (c.dep == "prep" and c.lower == "by")
            for p in c.children
            if p.dep == "pobj"
        ]
        _add(slots, "subj", agents)
        if verb.dep == "conj" and not agents and verb.head.is_verb and passive(verb.head):
            _add(
                slots,
                "subj",
                [p for c in verb.head.children if c.dep == "agent" for p in c.children if p.dep == "pobj"],
            )
    else:
        _add(slots, "subj", subject(verb))
        _add(slots, "obj", logical_object(verb))
    for child in verb.children:
        if child.dep == "dative" and child.pos != "ADP":
            _add(slots, "iobj", [child])
        elif child.dep in ("xcomp", "ccomp"):
            _add(slots, "clause", [child])
        elif child.dep == "advcl" and child.tag == "VB":
            _add(slots, "purpose", [child])
        elif child.dep in ("attr", "acomp", "oprd"):
            _add(slots, "attr", [child])
    _prepositions(verb, slots)
    for noun in slots.get("obj", []):
        if noun.head is verb and noun.dep in ("dobj", "obj", "nsubjpass"):
            _prepositions_late(noun, slots)
    return slots


def _prepositions_late(noun: Token, slots: Slots) -> None:
    extra: Slots = {}
    _prepositions(noun, extra)
    for name, tokens in extra.items():
        if name not in slots:
            slots[name] = list(tokens)


def _nationality(token: Token) -> bool:
    """A capitalised adjective that is no participle of its noun: "Israeli", not "U.N.-organized" or "daily"."""
    joined = "-" in token.text and token.lower.endswith(("ed", "held", "run", "made"))
    return token.text[:1].isupper() and not joined


def noun_slots(noun: Token) -> Slots:
    """The logical slots of a noun that names an event, with those of the light verb above it."""
    slots: Slots = {}
    for child in noun.children:
        if child.dep == "poss":
            _add(slots, "poss", [child])
        elif child.dep in ("compound", "nmod", "amod") and child.pos in ("PROPN", "ADJ", "NOUN"):
            if child.lower in operators()["topics"] or (child.pos == "ADJ" and not _nationality(child)):
                continue  # only nationalities act from before a noun: "Israeli strikes", never "daily threats"
            _add(slots, "adj" if child.pos == "ADJ" else "compound", [*_beside(child), child])
            if child.pos == "ADJ":
                _add(slots, "adj", [c for c in child.children if c.dep == "conj"])
        elif child.dep == "acl" and child.tag == "VBN":
            agents = [
                p for c in child.children if c.dep == "agent" or c.lower == "by" for p in c.children if p.dep == "pobj"
            ]
            _add(slots, "by", agents)
            _prepositions(child, slots)
        elif child.dep == "acl" and child.tag == "VBG" and child.lemma in operators()["aiming"]:
            _add(slots, "on", logical_object(child))
            _prepositions(child, slots)
        elif child.dep == "relcl" and child.lemma in operators()["light"]:
            _add(slots, "subj", [c for c in child.children if c.dep in _SUBJECT and c.lower not in _RELATIVE])
        elif child.dep == "acl" and child.tag == "VB":
            _add(slots, "clause", [child])
    _prepositions(noun, slots)
    verb = light_verb(noun)
    if verb is not None:
        undergo = verb.lemma in operators()["undergo"]
        if noun.dep in ("dobj", "attr") or noun.head is not verb:
            _add(slots, "object" if undergo else "subj", subject(verb) if not passive(verb) else [])
        if passive(verb):
            agents = [p for c in verb.children if c.dep == "agent" for p in c.children if p.dep == "pobj"]
            _add(slots, "subj", agents)
        extra: Slots = {}
        _prepositions(verb, extra)
        _add(extra, "iobj", [c for c in verb.children if c.dep == "dative" and c.pos != "ADP"])
        for name, tokens in extra.items():
            tokens = [t for t in tokens if t is not noun]
            if tokens and name not in slots:
                slots[name] = tokens
    elif noun.dep == "pobj" and noun.head.lower in operators()["during"] and noun.head.head.is_verb:
        # "said during a visit to Beijing": whoever says it is on the visit.
        _add(slots, "governor", subject(noun.head.head))
    elif noun.dep in ("nsubj", "nsubjpass") and noun.head.is_verb:
        _add(slots, "object", logical_object(noun.head) if not passive(noun.head) else [])
        if noun.head.lemma in ("be", "come", "take", "occur", "happen", "target", "hit"):
            extra = {}
            _prepositions(noun.head, extra)
            for name, tokens in extra.items():
                if name not in slots:
                    slots[name] = tokens
    return slots


def light_verb(noun: Token) -> Token | None:
    """The light verb above an event noun, as in "launched an attack", "sanctions were imposed", "was in talks"."""
    head = noun.head
    if noun.dep == "conj" and head.is_noun:
        return light_verb(head)
    if noun.dep in ("dobj", "nsubjpass", "attr", "oprd") and head.is_verb:
        return head if head.lemma in operators()["light"] or head.lemma == "be" else None
    if (
        noun.dep == "pobj"
        and head.dep == "prep"
        and head.lower in ("in", "into", "with", "under", "out", "through")
        and head.head.is_verb
    ):
        verb = head.head
        if verb.lemma in (
            "engage",
            "participate",
            "take",
            "enter",
            "come",
            "hold",
            "meet",
            "respond",
            "be",
            "carry",
            "put",
        ):
            return verb
    return None


def slots_of(token: Token) -> Slots:
    """The logical slots of a predicate, by its part of speech."""
    if token.is_verb:
        return verb_slots(token)
    if token.pos == "ADJ":
        slots: Slots = {}
        if token.dep in ("acomp", "attr", "oprd") and token.head.is_verb:
            _add(slots, "subj", subject(token.head))
            _prepositions(token.head, slots)
        _prepositions(token, slots)
        _add(slots, "clause", [c for c in token.children if c.dep in ("xcomp", "ccomp")])
        return slots
    return noun_slots(token)
