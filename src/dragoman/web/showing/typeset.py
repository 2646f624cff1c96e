"""A report set for reading: paragraphs, each in pieces that know which records tell them, and the records in order.

Offsets are code points of the report's text. Nothing is added to the text or left out of a paragraph, so that words
selected on the page can be found again by counting.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from dragoman.ledger.asking import StoredRecord
from dragoman.record import Event
from dragoman.web.rendering import quad
from dragoman.web.showing.marking import Mark, pieces

ROLES = ("said", "trigger", "actor", "recipient", "word", "date", "place")
"""What words can be to a record: a sentence that tells it, the words that name it, a party, on whose word, when, where.
"""
# A part of a text that a page shows: some 5,000 words, more than nearly all reports have, and a page of 100 records
# with all that is known of them is some 400 KB.
PART, MOST = 30_000, 100
# A paragraph of news has 200 to 500 characters. What has none of its own is broken after sentences.
_LONG, _WISHED = 900, 380
_LINES = re.compile(r"\n\s*")
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*[^\S\n]+(?=[\"'“‘(\[]?[A-Z0-9])")
# "Mr.", "Gen.", "U.S.": no end of a sentence, most often.
_ABBREVIATED = re.compile(r"\b[A-Z][a-z]{0,3}\.$")
# Lines of a text that was wrapped by hand, in characters.
_WRAPPED = range(40, 101)


@dataclass(frozen=True, slots=True)
class Entry:
    """A record beside the text: its number there, and what the page says of it.

    Attributes:
        n: its number in the order of the text; 0 for one that is judged no event.
        stored: the record as it stands.
        judgement: the id of the judgement on it that can be taken back; empty for none.
        judged: who judged what: ``confirmed by ada``; empty for nobody.
    """

    n: int
    stored: StoredRecord
    judgement: str = ""
    judged: str = ""

    @property
    def record(self) -> Event:
        return self.stored.record

    @property
    def quad(self) -> str:
        return quad(self.record.type)

    def why(self, field: str) -> list[str]:
        """Why a field has its value, or none."""
        return [reason.why for reason in self.record.reasons if reason.field == field]

    def named(self, text: str | None) -> list[str]:
        """The words that name the event, each once."""
        words = [m.trigger.of(text) for m in self.record.mentions] if text else list(self.stored.triggers)
        return list(dict.fromkeys(" ".join(one.split())[:80] for one in words if one.strip()))


@dataclass(frozen=True, slots=True)
class Inked:
    """A piece of a paragraph: its words, and the numbers of the records that they tell, by role.

    Attributes:
        lanes: the quad classes of the records that its sentence tells, each once: a line under the words for each.
        ink: the quad class of the record whose trigger it is; empty where it is none.
        manner: how that record is told: its factuality.
        label: the numbers that stand after it, where a trigger ends.
    """

    text: str
    roles: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    lanes: tuple[str, ...] = ()
    ink: str = ""
    manner: str = ""
    label: str = ""

    def of(self, number: int) -> list[str]:
        """What the words are to the record of a number."""
        return [role for role, numbers in self.roles.items() if number in numbers]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: where it begins in the text, and its pieces, which put together are its words."""

    start: int
    pieces: list[Inked]


def marks_of(record: Event) -> Iterator[tuple[int, int, str]]:
    """Where a record's words stand, and what they are to it: start, end and role."""
    for mention in record.mentions:
        yield mention.start, mention.end, "said"
        yield mention.trigger.start, mention.trigger.end, "trigger"
    for role, entities in (("actor", record.actor), ("recipient", record.recipient), ("word", record.attribution)):
        for entity in entities:
            yield entity.start, entity.end, role
    for reason in record.reasons:
        # Where a field was left empty, its reason may still name the words that were weighed.
        if reason.span and ((reason.field == "date" and record.date) or (reason.field == "place" and record.place)):
            yield reason.span.start, reason.span.end, reason.field


def set_text(text: str, entries: Sequence[Entry], start: int = 0, end: int | None = None) -> list[Paragraph]:
    """The paragraphs of ``text`` from ``start`` to ``end``, with what ``entries`` tell marked in them."""
    end = len(text) if end is None else end
    live = {str(entry.n): entry for entry in entries if entry.n}
    marks = [Mark(*place, of=number) for number, entry in live.items() for place in marks_of(entry.record)]
    told = sorted((mark.start, mark.end) for mark in marks if mark.role == "said")
    lines = list(_paragraphs(text, start, end, told))
    by_line: list[list[Mark]] = [[] for _ in lines]
    for mark in marks:
        for at in range(_line_of(lines, mark.start), len(lines)):
            if lines[at][0] >= mark.end:
                break
            if lines[at][1] > mark.start:
                by_line[at].append(mark)
    return [
        Paragraph(first, [_inked(p.text, p.start, p.marks, live) for p in pieces(text[first:last], ms, offset=first)])
        for (first, last), ms in zip(lines, by_line, strict=True)
    ]


def _line_of(lines: Sequence[tuple[int, int]], at: int) -> int:
    """The first line that ends after ``at``."""
    low, high = 0, len(lines)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if lines[middle][1] <= at else (low, middle)
    return low


def _inked(text: str, start: int, marks: Iterable[Mark], live: Mapping[str, Entry]) -> Inked:
    roles: dict[str, list[int]] = {}
    label: list[int] = []
    for mark in marks:
        numbers = roles.setdefault(mark.role, [])
        if int(mark.of) not in numbers:
            numbers.append(int(mark.of))
        if mark.role == "trigger" and mark.end == start + len(text):
            label.append(int(mark.of))
    named = live[str(roles["trigger"][0])] if "trigger" in roles else None
    return Inked(
        text,
        {role: tuple(sorted(roles[role])) for role in ROLES if role in roles},
        tuple(dict.fromkeys(live[str(n)].quad for n in sorted(roles.get("said", ())))),
        named.quad if named else "",
        named.record.factuality if named else "",
        "·".join(str(n) for n in sorted(set(label))),
    )


def _paragraphs(text: str, start: int, end: int, told: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Where the paragraphs of a stretch of text begin and end, those without words left out."""
    breaks = _BLANK_LINES if _is_wrapped(text[start : min(end, start + PART)]) else _LINES
    at = start
    for found in breaks.finditer(text, start, end):
        yield from _shortened(text, at, found.start(), told)
        at = found.end()
    yield from _shortened(text, at, end, told)


def _is_wrapped(text: str) -> bool:
    """Whether the lines of a text are what fits on a screen, and its paragraphs stand between blank lines."""
    lines = [line.strip() for line in text.splitlines()]
    inner = [len(line) for line, following in pairwise(lines) if line and following]
    return len(inner) >= 3 and max(inner) in _WRAPPED and sum(inner) / len(inner) >= _WRAPPED.start


def _shortened(text: str, start: int, end: int, told: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """A paragraph; one that is very long as several, none of which begins within a sentence that tells an event."""
    if text[start:end].isspace() or start >= end:
        return
    at = start
    if end - start > _LONG:
        for found in _SENTENCE_END.finditer(text, start, end):
            here = found.end()
            if here - at < _WISHED or end - here < _WISHED // 2:
                continue
            if _ABBREVIATED.search(text, max(start, here - 12), found.start() + 1) or _within(here, told):
                continue
            yield at, here
            at = here
    yield at, end


def _within(at: int, told: Sequence[tuple[int, int]]) -> bool:
    return any(first < at < last for first, last in told)


def parts(text: str, firsts: Sequence[int]) -> list[int]:
    """Where the parts of a long text begin that a page shows one of; ``firsts`` is where its records begin, in order.

    A part has :data:`PART` characters at most, and ends before the record that would be one too many where it can.
    """
    starts = [0]
    while True:
        start = starts[-1]
        end = min(start + PART, len(text))
        first = bisect_left(firsts, start)
        if first + MOST < len(firsts):
            # More than a part may have in one place stay together, and alone.
            following = firsts[first + MOST]
            if following == firsts[first]:
                following = firsts[min(bisect_right(firsts, following), len(firsts) - 1)]
            if firsts[first] < following < end:
                end = following
        if end == len(text):
            return starts
        starts.append(_cut(text, start, end))


def _cut(text: str, start: int, end: int) -> int:
    """Where the following part begins: between paragraphs in the second half, else between sentences, else words."""
    low = start + (end - start) // 2 + 1
    if cut := text.rfind("\n", low, end) + 1:
        return cut
    ends = [found.end() for found in _SENTENCE_END.finditer(text, max(low, end - 2_000), end)]
    return ends[-1] if ends else text.rfind(" ", low, end) + 1 or end
