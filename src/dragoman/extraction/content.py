"""Events inside what another event asks, promises, refuses, threatens or charges."""

from __future__ import annotations

from dragoman.extraction.frames import logical_object, subject
from dragoman.extraction.matching import Match
from dragoman.extraction.mentions import EventMention, Group
from dragoman.extraction.operators import operators
from dragoman.extraction.status import Status
from dragoman.language.phrases import conjuncts, inner, noun_phrase
from dragoman.language.tokens import Token

_ASKING = frozenset({"REQUEST", "REJECT"})
# The modes of what is asked, in the order in which they are looked for.
_ASKED = ("yield", "meet", "assist", "change")
_PROMISE_VERBS = frozenset({"vow", "pledge", "promise", "swear", "warn", "threaten"})
# Harm that is promised is a threat (codebook, section 3), with the mode of what is threatened.
HOSTILE = {"ASSAULT": "violence", "MOBILIZE": "violence", "SANCTION": "relations", "COERCE": "restrict"}


def settle(governor: EventMention, match: Match, mention: EventMention, inner_match: Match, state: Status) -> bool:
    """Let an event inside the content of another bear on it; returns whether the inner one stays on record.

    Codebook sections 3 and 6: "called for sanctions" is the REQUEST alone; "accused X of attacking Y" is two
    records, the attack on the accuser's word; "condemned the attack" is two, the attack as fact.
    """
    clause = match.token.is_verb and inner_match.token.is_verb
    if governor.type in ("ACCUSE", "SUPPORT", "PROTEST"):
        if governor.type == "ACCUSE" and not governor.recipient:
            governor.recipient = list(mention.actor)
        elif mention.actor and not clause:
            governor.recipient = [*mention.actor, *governor.recipient]
        if governor.type == "SUPPORT" and mention.actor and not clause:
            governor.reasons.append(("recipient", "whoever did what is supported"))
        charged = _charged(governor, state)
        if clause or charged or "of" in match.entry.content:
            mention.attribution = governor.actor[:1]
            mention.reasons.append(("attribution", f"on the word of whoever “{match.token.text}”"))
        if governor.type == "PROTEST":
            return mention.factuality in ("actual", "negated") and not clause
        if (clause or charged) and not mention.actor:
            mention.actor = list(governor.recipient)
        return mention.factuality != "hypothetical"
    if governor.type == "REJECT" and mention.type in ("REQUEST", "AGREE") and mention.actor and not clause:
        # A refused request is two records (codebook, section 3).
        governor.recipient = governor.recipient or list(mention.actor)
        return mention.factuality == "actual"
    if mention.factuality == "negated":
        return False  # "promised not to expel" is the promise alone
    if governor.type == "AGREE" and mention.type in ("RETREAT", "CONCEDE") and "ceasefire" not in mention.mode:
        governor.reasons.append(("type", "an announced RETREAT is CONCEDE"))
        governor.type = "CONCEDE"
    elif governor.type == "AGREE" and mention.type in HOSTILE and match.token.lemma in _PROMISE_VERBS:
        governor.reasons.append(("type", f"{mention.type} promised is THREATEN"))
        governor.type, governor.mode = "THREATEN", (HOSTILE[mention.type],)
    elif governor.type == "THREATEN" and not governor.mode and mention.type in HOSTILE:
        governor.mode = (HOSTILE[mention.type],)
    if not governor.recipient:
        if governor.type == "REQUEST":
            governor.recipient = list(mention.actor)
        else:
            governor.recipient = list(mention.recipient)
        if governor.recipient:
            governor.reasons.append(("recipient", f"from what is asked or promised: “{inner_match.token.text}”"))
    return False


def _charged(governor: EventMention, state: Status) -> bool:
    """Whether an act named by a noun is what somebody is charged with: "blamed the rebels for the attack"."""
    named = state.content
    laid = named is not None and named.dep == "pobj" and named.head.lower in ("of", "for")
    return laid and governor.type == "ACCUSE" and "allege" in governor.mode


def _words(content: list[Token]) -> list[str]:
    words: list[str] = []
    for token in content:
        words.append(token.lemma.lower())
        for child in token.children:
            if child.dep in ("xcomp", "dobj", "conj", "amod", "compound", "ccomp"):
                words.append(child.lemma.lower())
            elif child.dep == "prep":
                words.extend(c.lemma.lower() for c in child.children if c.dep in ("pobj", "pcomp"))
    return words


def mode_of(content: list[Token]) -> str | None:
    """The mode of a REQUEST or REJECT by the words of what is asked, None when they say nothing."""
    words = _words(content)
    classes = operators()
    return next((mode for mode in _ASKED if any(w in classes[mode] for w in words[:4])), None)


def asked_mode(mention: EventMention, match: Match) -> None:
    """Fill mode and recipient of an act of speech from its content, where the lexicon leaves them open."""
    if not match.content:
        return
    words = _words(match.content)
    if mention.type in _ASKING and not mention.mode and words:
        mode = mode_of(match.content) or ("change" if mention.type == "REQUEST" else None)
        if mode:
            mention.mode = (mode,)
            mention.reasons.append(("mode", f"what is asked or refused is {mode}"))
    if mention.type == "THREATEN" and not mention.mode and any(w in operators()["force"] for w in words):
        mention.mode = ("violence",)
    if not mention.recipient and match.entry.recipient is not None:
        mention.recipient = _from_content(mention.type, match.content)


def doers(noun: Token) -> list[Token]:
    """Who is to do what a noun says: possessors, and agents in it or in a participle below it."""
    found = [c for c in noun.children if c.dep == "poss"]
    for child in noun.subtree():
        if child.dep == "agent" or (child.dep == "prep" and child.lower == "by"):
            found.extend(p for p in child.children if p.dep == "pobj")
    return found


def _from_content(kind: str, content: list[Token]) -> list[Group]:
    found: list[Group] = []
    for token in content:
        if token.is_verb:
            own = [c for c in token.children if c.dep in ("nsubj", "nsubjpass")]
            for t in own:
                found.append([noun_phrase(c) for c in conjuncts(t)])
            if kind in ("THREATEN", "AGREE", "REJECT", "CONCEDE") or not own:
                for t in logical_object(token):
                    found.append([noun_phrase(c) for c in conjuncts(t)])
                    found.extend([noun_phrase(c)] for c in inner(t))
            for child in token.children:
                if child.dep == "prep" and child.lower in ("with", "to", "on", "from", "against", "for"):
                    for p in child.children:
                        if p.dep == "pobj":
                            found.append([noun_phrase(c) for c in conjuncts(p)])
        elif kind == "REQUEST":
            # Who is to do it: "Kenya's withdrawal", "the release of activists held by Chad"; never the activists.
            found.extend([noun_phrase(c) for c in conjuncts(t)] for t in doers(token))
        else:
            found.extend([noun_phrase(c) for c in conjuncts(t)] for t in inner(token))
            found.append([noun_phrase(c) for c in conjuncts(token)])
    speakers = {p.head.i for t in content if t.is_verb for p in map(noun_phrase, subject(t))}
    if kind in ("THREATEN", "AGREE", "REJECT", "CONCEDE"):
        found = [g for g in found if not all(p.head.i in speakers for p in g)]
    return found
