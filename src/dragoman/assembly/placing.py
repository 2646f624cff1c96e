"""Where an event happened: the most specific place that its own words name."""

from __future__ import annotations

from dragoman import places
from dragoman.assembly.parties import Party
from dragoman.extraction.mentions import EventMention
from dragoman.language.tokens import ParsedDocument, Sentence, Token
from dragoman.places import PlaceMention
from dragoman.record import EventPlace

# Codebook, section 7: physical acts take the most specific place named, speech only where the text says so.
PHYSICAL = frozenset({"ASSAULT", "COERCE", "PROTEST", "MOBILIZE", "RETREAT", "AID", "COOPERATE", "CONSULT"})
_LOCATIVE = frozenset(
    {
        "in",
        "at",
        "near",
        "outside",
        "on",
        "across",
        "inside",
        "around",
        "throughout",
        "off",
        "over",
        "along",
        "within",
        "to",
        "into",
    }
)
# Steps from the event to a place that is still its own; the figure with the best place accuracy on gold/train.
MAX_DEPTH = 2
_DONE_AT = frozenset({"ASSAULT", "CONSULT", "COERCE", "MOBILIZE"})
_DOMESTIC = frozenset({"ASSAULT", "COERCE", "PROTEST", "RETREAT"})
_PLACES = frozenset({"country", "capital", "city", "region"})
_RANK = {"point": 0, "city": 1, "admin1": 2, "region": 3, "country": 4}


class Where:
    """The places of one document, by sentence."""

    def __init__(self, document: ParsedDocument, hints: tuple[str, ...]) -> None:
        self.main = hints[0] if hints else None
        self.mentions = places.find(document.document.text, hints=hints)
        self._by_sentence: dict[int, list[tuple[PlaceMention, Token]]] = {}
        rows = iter(self.mentions)
        current = next(rows, None)
        for sentence in document.sentences:
            while current is not None and current.start < sentence.end:
                if current.start >= sentence.start:
                    inside = [t for t in sentence.tokens if t.start < current.end and t.end > current.start]
                    if inside:
                        head = next((t for t in inside if t.head not in inside), inside[-1])
                        self._by_sentence.setdefault(sentence.index, []).append((current, head))
                current = next(rows, None)

    @property
    def countries(self) -> dict[int, str]:
        """The country of each token that heads a toponym, by the token's number."""
        rows = (row for rows in self._by_sentence.values() for row in rows)
        return {head.i: place.country for place, head in rows if place.country}

    def of_sentence(self, sentence: Sentence) -> list[tuple[PlaceMention, Token]]:
        """The places of a sentence, each with its head."""
        return self._by_sentence.get(sentence.index, [])

    def of(self, mention: EventMention, actor: list[Party], recipient: list[Party]) -> tuple[EventPlace | None, str]:
        """The event's place and why: from its clause, its sentence, whom it is done to, or where both sides live."""
        in_clause = self._locatives(mention, MAX_DEPTH)
        physical = mention.type in PHYSICAL
        if not physical and not mention.nominal:
            return None, "no physical act, and no place said to be its own"
        if in_clause:
            return _place(in_clause, "")
        if not physical:
            return None, "no place in the event's clause"
        if in_sentence := self._locatives(mention, 40):
            return _place(in_sentence, "in the same sentence: ")
        if mention.type in _DONE_AT:
            for party in recipient:
                if party.resolution.kind in _PLACES and party.entity.country:
                    return EventPlace(
                        party.entity.text, party.entity.country
                    ), f"done to “{party.entity.text}”, which is a place"
        if mention.type in _DOMESTIC:
            homes = {p.entity.country for p in [*actor, *recipient]}
            if len(homes) == 1 and (home := next(iter(homes))):
                named = self._named(home, mention.trigger.start)
                if named is not None:
                    return EventPlace(named.text, home), f"all parties are of {home}, named by “{named.text}”"
        return None, "no place in the event's sentence"

    def _locatives(self, mention: EventMention, limit: int) -> list[tuple[int, int, PlaceMention]]:
        found: list[tuple[int, int, PlaceMention]] = []
        chain = [mention.head, *mention.head.ancestors()]
        for place, head in self._by_sentence.get(mention.sentence.index, []):
            depth = self.depth(mention, head, chain)
            if depth is not None and depth <= limit:
                found.append((depth, _RANK.get(place.precision or "", 5), place))
        return found

    @staticmethod
    def depth(mention: EventMention, head: Token, chain: list[Token] | None = None) -> int | None:
        """Steps from an event up to what a place is said to be in, 9 where that is far off, None for no location."""
        chain = chain or [mention.head, *mention.head.ancestors()]
        step = head
        while step.dep in ("compound", "nmod", "poss", "appos", "conj", "amod") and step.head is not step:
            step = step.head
        preposition = step.head
        if step.dep != "pobj" or preposition.lower not in _LOCATIVE:
            return None
        if preposition.lower in ("to", "into") and mention.type != "CONSULT":
            return None
        if preposition.lower in ("on", "over") and mention.type not in PHYSICAL:
            return None  # "sanctions on Mali", "a threat over Taiwan": whom or what it is about
        anchor = preposition.head
        depth = next((k for k, t in enumerate(chain) if t is anchor), None)
        if depth is None and anchor.head in chain:
            depth = chain.index(anchor.head) + 1
        return 9 if depth is None else depth

    def _named(self, country: str, before: int) -> PlaceMention | None:
        """The words for a country that the document used last, or uses first."""
        named = [m for m in self.mentions if m.country == country and m.precision == "country"]
        earlier = [m for m in named if m.start <= before]
        return earlier[-1] if earlier else named[0] if named else None


def _place(found: list[tuple[int, int, PlaceMention]], why: str) -> tuple[EventPlace, str]:
    _, _, place = min(found, key=lambda r: (r[0] > 1, r[1], r[0]))
    return EventPlace(place.text, place.country), f"{why}“{place.text}”: {place.reason}"
