"""When an event happened: from its own words first, else from its sentence, never from the publication date."""

from __future__ import annotations

import datetime as dt

from dragoman import times
from dragoman.extraction.mentions import EventMention
from dragoman.language.tokens import ParsedDocument, Sentence, Token

# Codebook, section 1: background is over 31 days before publication.
BACKGROUND_DAYS = 31
# Steps in the parse beyond which a date belongs to another event; best date accuracy on gold/train.
MAX_DISTANCE = 10
MAX_HISTORY = 30


class Dates:
    """The time expressions of one document, by sentence."""

    def __init__(self, document: ParsedDocument) -> None:
        self.published = times.normalise_published(document.document.published) if document.document.published else None
        self.expressions = times.find(document.document.text, document.document.published)
        self._by_sentence: dict[int, list[tuple[times.TimeExpression, Token | None]]] = {}
        rows = iter(self.expressions)
        current = next(rows, None)
        for sentence in document.sentences:
            while current is not None and current.start < sentence.end:
                if current.start >= sentence.start:
                    self._by_sentence.setdefault(sentence.index, []).append((current, _head(current, sentence)))
                current = next(rows, None)

    def of(self, mention: EventMention) -> tuple[str | None, str, times.TimeExpression | None]:
        """The event's date in the codebook's form, why, and the expression it rests on."""
        expression, distance = self._nearest(mention)
        if expression is None:
            return None, "no date in the sentence", None
        if distance > MAX_DISTANCE:
            return None, "the sentence's dates belong to other clauses", None
        if mention.factuality != "future" and self._ahead(expression.value):
            return None, "the date lies ahead: it is of what is announced, not of the announcement", None
        if expression.parts and _told_of(mention.head, expression):
            # "since 2011, when the government sent troops": the troops were sent in 2011, not since.
            return expression.parts[0].value, expression.parts[0].reason, expression
        return expression.value, expression.reason, expression

    def of_sentence(self, sentence: Sentence) -> list[tuple[times.TimeExpression, Token | None]]:
        """The expressions of a sentence, each with the word that hangs on the rest."""
        return self._by_sentence.get(sentence.index, [])

    def distance(self, mention: EventMention, head: Token) -> int | None:
        """Steps in the parse from an event to a time's word, None across another clause."""
        return _distance([mention.head, *mention.head.ancestors()], head)

    def _nearest(self, mention: EventMention) -> tuple[times.TimeExpression | None, int]:
        chain = [mention.head, *mention.head.ancestors()]
        best: tuple[int, int, times.TimeExpression] | None = None
        for expression, head in self._by_sentence.get(mention.sentence.index, []):
            if not expression.value or head is None:
                continue
            distance = _distance(chain, head)
            if distance is not None:
                row = (distance, abs(expression.start - mention.trigger.start), expression)
                best = row if best is None or row[:2] < best[:2] else best
        return (best[2], best[0]) if best else (None, 0)

    def _ahead(self, value: str | None) -> bool:
        end = last_day(value) if value else None
        return bool(end and self.published and value and value.split("/")[0] > self.published.isoformat())

    def told_as_history(self, mention: EventMention, date: str | None) -> bool:
        """Whether the event is background: its own date, or that of its sentence, lies over a month back."""
        if date is not None:
            return self.background(date)
        expression, distance = self._nearest(mention)
        return expression is not None and distance <= MAX_HISTORY and self.background(expression.value)

    def background(self, date: str | None) -> bool:
        """Whether a date lies over a month before publication."""
        if date is None or self.published is None:
            return False
        end = last_day(date)
        return end is not None and (self.published - end).days > BACKGROUND_DAYS


def last_day(date: str) -> dt.date | None:
    """The last day that a date of the codebook's form covers."""
    part = date.split("/")[-1]
    pieces = part.split("-")
    try:
        year = int(pieces[0])
        if len(pieces) == 1:
            return dt.date(year, 12, 31)
        month = int(pieces[1])
        if len(pieces) == 2:
            following = dt.date(year + month // 12, month % 12 + 1, 1)
            return following - dt.timedelta(days=1)
        return dt.date(year, month, int(pieces[2]))
    except (ValueError, OverflowError):
        return None


def _head(expression: times.TimeExpression, sentence: Sentence) -> Token | None:
    """The token of the expression that hangs on the rest of the sentence."""
    inside = [t for t in sentence.tokens if t.start < expression.end and t.end > expression.start]
    for token in inside:
        if token.head not in inside:
            return token
    return inside[0] if inside else None


def _told_of(token: Token, expression: times.TimeExpression) -> bool:
    """Whether the token stands in a relative clause about the time itself."""
    return any(
        t.dep == "relcl" and expression.start <= t.head.start < expression.end for t in (token, *token.ancestors())
    )


_CLAUSAL = frozenset({"ccomp", "advcl", "relcl", "acl", "conj", "parataxis", "pcomp"})


def _distance(chain: list[Token], head: Token) -> int | None:
    """Steps from the event's head up to the first word that governs the date, None across another clause.

    The date's own path down may pass prepositions and nouns but no other clause: "said on Monday that it attacked
    the port on Friday" dates the attack by Friday.
    """
    path = [head]
    down = 0
    while path[-1] not in chain:
        node = path[-1]
        if node.head is node:
            return None
        if node.dep in _CLAUSAL:
            down += 4 if node.dep == "acl" else 10
        path.append(node.head)
        down += 1
        if down > 25:
            return None
    meeting = path[-1]
    up = 0
    for node in chain:
        if node is meeting:
            break
        up += 4 if node.dep in _CLAUSAL and node.dep != "conj" else 1
    return up * 2 + down
