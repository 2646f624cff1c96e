"""The first extractor: predicate lexicon and parse, behind the ``Extractor`` protocol."""

from __future__ import annotations

from dragoman.extraction import lexicon, matching, status
from dragoman.extraction.content import HOSTILE, asked_mode, settle
from dragoman.extraction.mentions import EventMention, Group
from dragoman.extraction.modals import demands
from dragoman.extraction.quotes import Speakers
from dragoman.language.phrases import conjuncts, inner, noun_phrase
from dragoman.language.tokens import ParsedDocument, Sentence, Token
from dragoman.record import Span

# Promised or planned, these become a promise (codebook, section 6).
_PROMISED = {
    "CONSULT": "AGREE",
    "SUPPORT": "AGREE",
    "COOPERATE": "AGREE",
    "AID": "AGREE",
    "RETREAT": "CONCEDE",
}
# A bare relative or expletive never names anyone.
_EMPTY = frozenset({"it", "that", "which", "who", "whom", "this", "these", "those", "what", "there", "one"})
# "Met in talks", "received on a visit": the noun names the verb's own act.
_MANNER = frozenset({"on", "in", "during", "for"})


class LexicalExtractor:
    """Finds event mentions by the lexicon of ``extraction/lexicon`` and the dependency parse."""

    name = "lexicon"

    def __init__(self, index: lexicon.Index | None = None) -> None:
        self.index = lexicon.load() if index is None else index

    def extract(self, document: ParsedDocument) -> list[EventMention]:
        """All mentions of the document, in the order of the text."""
        speakers = Speakers(document)
        found: list[EventMention] = []
        for sentence in document.sentences:
            found.extend(self._sentence(sentence, speakers))
        return found

    def _sentence(self, sentence: Sentence, speakers: Speakers) -> list[EventMention]:
        matches = matching.find(sentence, self.index)
        asked = demands(sentence, speakers)
        if not matches:
            return asked
        by_token = {m.token.i: m for m in matches}
        mentions: dict[int, EventMention] = {}
        states: dict[int, status.Status] = {}
        for match in matches:
            state = status.climb(match.token, by_token)
            states[match.token.i] = state
            mentions[match.token.i] = self._mention(match, state, sentence, speakers)
        dropped: set[int] = set()
        for match in matches:
            state = states[match.token.i]
            mention = mentions[match.token.i]
            if state.governor is not None:
                governor = mentions[state.governor.token.i]
                if not settle(governor, state.governor, mention, match, state):
                    dropped.add(match.token.i)
        for match in matches:
            asked_mode(mentions[match.token.i], match)
        dropped |= _doubles(matches, mentions)
        told = [mentions[m.token.i] for m in matches if m.token.i not in dropped and _stands(mentions[m.token.i])]
        told.extend(a for a in asked if not any(t.type == "REQUEST" and t.actor == a.actor for t in told))
        return sorted(told, key=lambda m: m.trigger.start)

    def _mention(
        self, match: matching.Match, state: status.Status, sentence: Sentence, speakers: Speakers
    ) -> EventMention:
        entry = match.entry
        sources = state.attribution or speakers.of(match.token)
        if "speaker" in entry.actor:
            match.slots["speaker"] = sources
        first = min([match.token, *match.words], key=lambda t: t.start) if entry.pos == "noun" else match.token
        mention = EventMention(
            sentence=sentence,
            head=match.token,
            trigger=Span(first.start, match.token.end),
            type=entry.type,
            mode=(entry.mode,) if entry.mode else (),
            actor=groups(
                match, entry.actor if "subj" in entry.actor or entry.pos != "noun" else (*entry.actor, "subj")
            ),
            recipient=groups(match, entry.recipient),
            mutual=entry.mutual,
            factuality=state.factuality,
            perfect=state.perfect,
            weight=entry.weight,
            agentive=entry.agentive,
            stative=entry.stative,
            nominal=entry.pos == "noun",
            denied=state.denied,
        )
        if entry.mutual:
            slots = list(dict.fromkeys([*entry.actor, *entry.recipient, "subj"]))
            mention.actor = [[p for g in groups(match, slots, all_slots=True) for p in g]]
            mention.recipient = []
        elif entry.pos == "noun" and not mention.recipient and entry.recipient and "object" in match.slots:
            mention.recipient = groups(match, ("object",))
        if entry.type == "CONSULT" and "governor" in match.slots:
            governor = groups(match, ("governor",))[:1]
            if entry.mutual and len(mention.actor[0]) < 2:
                mention.actor[0].extend(p for g in governor for p in g)
            elif not entry.mutual:
                mention.actor.extend(governor)
        mention.attribution = [[noun_phrase(t) for s in sources for t in conjuncts(s)]] if sources else []
        mention.reasons.append(("type", f"{entry.type} by “{entry.name}” ({entry.pos})"))
        mention.reasons.extend(("factuality", why) for why in state.reasons)
        if mention.factuality == "future" and mention.type in HOSTILE and _conditional(match.token):
            mention.reasons.append(("type", f"{mention.type} on a condition is THREATEN"))
            mention.type, mention.mode, mention.factuality = "THREATEN", (HOSTILE[mention.type],), "actual"
        if mention.factuality == "future" and mention.type in _PROMISED:
            mention.reasons.append(("type", f"a promised {mention.type} is {_PROMISED[mention.type]}"))
            mention.type, mention.mode = _PROMISED[mention.type], ()
            mention.factuality, mention.promised = "actual", True
        return mention


def _conditional(token: Token) -> bool:
    """Whether what will be done depends on an "if" or "unless" in the same sentence, outside the token's own clause."""
    return any(t.lower in ("if", "unless") and t.dep == "mark" and t.head is not token for t in token.sentence.tokens)


def _doubles(matches: list[matching.Match], mentions: dict[int, EventMention]) -> set[int]:
    """Nouns whose verb is itself an entry of the same type: one mention, both frames.

    So in "imposed sanctions", and in "received him on a visit", where the noun says nothing of who visits whom.
    """
    doubles: set[int] = set()
    for match in matches:
        noun = mentions[match.token.i]
        above = match.token.head
        if match.token.dep == "pobj" and above.lower in _MANNER:
            above = above.head
        verb = mentions.get(above.i) if match.entry.pos == "noun" else None
        if (
            verb is None
            or verb is noun
            or verb.type != noun.type
            or match.token.dep not in ("dobj", "nsubjpass", "pobj", "attr")
        ):
            continue
        verb.actor += [g for g in noun.actor if g not in verb.actor]
        verb.recipient += [g for g in noun.recipient if g not in verb.recipient]
        verb.mode = verb.mode or noun.mode
        verb.weight = max(verb.weight, noun.weight)
        doubles.add(match.token.i)
    return doubles


def _stands(mention: EventMention) -> bool:
    """Whether a mention is more than a thought: imagined events are recorded only through the act of speech."""
    return mention.factuality != "hypothetical"


def groups(match: matching.Match, slots: tuple[str, ...] | list[str], *, all_slots: bool = False) -> list[Group]:
    """For each slot that is filled, the phrases in it; then those named inside each phrase, as second choice."""
    first: list[Group] = []
    second: list[Group] = []
    for slot in slots:
        heads = [c for t in match.slots.get(slot, ()) for c in conjuncts(t) if not t.is_verb and t not in match.words]
        heads = [t for t in heads if t.lower not in _EMPTY or (t.lower == "it" and t.dep.startswith("nsubj"))]
        if not heads:
            continue
        actors = [t for t in heads if not (t.pos == "NOUN" and t.lemma in lexicon.event_nouns())]
        if actors:
            first.append([noun_phrase(t) for t in actors])
        if not all_slots:
            for t in heads:
                deeper = inner(t)
                if deeper:
                    second.extend([noun_phrase(c) for c in conjuncts(d)] for d in deeper)
    return first + second
