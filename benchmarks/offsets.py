"""Offsets that slice to their text, over many made-up documents: ``python -m benchmarks.offsets``.

Reports are put together from sentences of our own and then roughened: emoji, combining marks, words from
right to left, quotation marks and brackets of all sorts, CRLF, odd white space, headings, control
characters. Each is coded, and every offset and code of its records is checked against the text and the
codebook. The last line printed is JSON with ``documents``, ``events``, ``entities``, ``mentions`` and
``faults``; exit status 1 when there is a fault. ``--documents N`` (default 10,000) and ``--seed N``
choose the documents; the same seed makes the same.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from random import Random

from dragoman import CodedDocument, Coder, Document, Event
from dragoman.codebook import CONTEXTS, COUNTRIES, SECTORS, TYPES
from dragoman.codebook.schema import DATE
from dragoman.record import FACTUALITIES

_WHO = """
the Kenyan government|Ethiopia|Israeli soldiers|Hezbollah|the Russian Foreign Ministry
President Vladimir Putin|Sudan's army|the African Union
the United Nations Security Council|rebels|protesters|police in Dhaka|Manila
French President Emmanuel Macron|gunmen|the European Union|opposition leader Amara Kouyaté|the Taliban|Ankara
human rights groups|Colombia and Venezuela|China, Japan and South Korea|Prime Minister Nguyễn Văn An|the junta
"""
_DID = """
attacked {b}|accused {b} of shelling civilians in {p}|imposed sanctions on {b}|met {b} in {p}
refused to meet {b}|called on {b} to release the prisoners|denied attacking {b}
withdrew its troops from {p}|arrested six aides of {b}
threatened to strike {b} if the talks failed|agreed to sell wheat to {b}|praised {b}|apologised to {b}
launched an air strike against {b} near {p}|expelled three diplomats of {b}|sent medical aid to {b}
will visit {p} next week|protested in {p} against {b}|deployed two battalions along the border with {b}
signed a ceasefire with {b}|condemned the killing of a journalist by {b}|said that {b} had bombed a village
"""
_WHERE = "Gao|Khartoum|the Gaza Strip|Kyiv|northern Mali|São Paulo|N’Djamena|Myanmar|İzmir|the Red Sea|Đà Nẵng"
_WHEN = "on Friday|last week|in March 2021|on 3 March|since January|yesterday|three weeks ago|in 2019|this month|"
_SAID = """
, the ministry said|, according to Reuters|, {a} told reporters| — {a} confirmed it|, officials said||||
"""
_ASIDES = """
🚀|👩‍🚒👩🏽‍⚖️|🇰🇪|e\u0301e\u0308\u0323|Z\u0310\u0351\u0343algo\u0334|مظاهرات في الخرطوم|הממשלה בירושלים
\u202bقال الوزير\u202c|\u200f|\u00a0\u2003|\t\t|(sic)|[…]|«»|‘’|\u200b|\u00ad|\ufeff
中国外交部|Ελλάδα|#Sudan @UN|\x00|\x1b|\x0b|\x85|\u2028|%|€5m
https://example.org/a?b=c#d|A.B.C.|…|--|"|'|)|(|“|”|<b>|&amp;|½|ﬁ|Ⅻ|ß|ŉ|İ|ǆ
"""
_ENDS = ".|.|.|.|!|?|…|。|.”|;|"
_GAPS = (" ", " ", " ", "\n\n", "\r\n\r\n", "\n", "\r\n", "\r", "  ", "\u00a0", "\u2028", "\n \t\n", "\f")
_PUBLISHED = ("2025-03-14", "2022-02-25T06:10:00Z", "2024-02-29", None)


def _choices(text: str) -> tuple[str, ...]:
    """The alternatives of a list written with bars and line breaks; the blank ones are alternatives too."""
    return tuple(part for line in text.strip("\n").split("\n") for part in line.split("|"))


WHO, DID, WHERE, WHEN, SAID, ASIDES, ENDS = map(_choices, (_WHO, _DID, _WHERE, _WHEN, _SAID, _ASIDES, _ENDS))


def sentence(random: Random) -> str:
    """One made-up sentence of a report, sometimes quoted, in capitals or roughened."""
    a, b = random.choice(WHO), random.choice(WHO)
    words = random.choice(DID).format(b=b, p=random.choice(WHERE))
    text = f"{a} {words} {random.choice(WHEN)}".rstrip() + random.choice(SAID).format(a=random.choice(WHO))
    text = text[0].upper() + text[1:]
    style = random.random()
    if style < 0.12:
        opening, closing = random.choice(('""', "“”", "«»", "‘’", "()", "[]", "“ ", '" '))
        text = f"{opening}{text},{closing} {random.choice(WHO)} said"
    elif style < 0.17:
        text = text.upper()
    return roughened(text, random) + random.choice(ENDS)


def roughened(text: str, random: Random) -> str:
    """The text with none, some or many odd stretches put between, or into, its words."""
    for _ in range(random.choice((0, 0, 0, 1, 1, 2, 5))):
        spaces = [m.start() for m in re.finditer(" ", text)] or [0]
        at = random.choice(spaces) if random.random() < 0.8 else random.randrange(len(text) + 1)
        text = text[:at] + random.choice((" ", "")) + random.choice(ASIDES) + text[at:]
    return text


def document(random: Random) -> Document:
    """One made-up report of one to five sentences."""
    parts: list[str] = []
    if random.random() < 0.2:
        parts.append(
            random.choice(("NAIROBI, 3 March 2021 — ", "date 2022-02-25\n\n", "GAZA (Agency) - ", "\ufeff", "\n\n "))
        )
    if random.random() < 0.2:
        heading = f"{random.choice(WHO)} {random.choice(DID)}".format(b=random.choice(WHO), p=random.choice(WHERE))
        parts += [heading.title(), random.choice(("\n\n", "\r\n", "\r\n\r\n"))]
    for _ in range(random.randint(1, 5)):
        parts += [sentence(random), random.choice(_GAPS)]
    return Document("".join(parts), random.choice(_PUBLISHED))


def documents(count: int, seed: int) -> Iterator[Document]:
    """So many made-up reports, always the same for a seed."""
    random = Random(seed)
    for _ in range(count):
        yield document(random)


def faults(text: str, coded: CodedDocument) -> list[str]:
    """What in a coded document is not as the codebook promises, in words."""
    found: list[str] = []
    ids = [event.id for event in coded.events]
    if len(set(ids)) < len(ids) or not all(ids):
        found.append(f"ids are not unique: {ids}")
    if strange := [c for c in coded.contexts if c not in CONTEXTS]:
        found.append(f"contexts that are none: {strange}")
    for number, event in enumerate(coded.events):
        found += [f"event {number} ({event.type}): {fault}" for fault in _event_faults(text, event)]
    return found


def _event_faults(text: str, event: Event) -> Iterator[str]:
    length = len(text)
    kind = TYPES.get(event.type)
    if kind is None:
        yield "no such type"
    elif strange := [m for m in event.mode if m not in kind.modes]:
        yield f"modes that the type has not: {strange}"
    if event.factuality not in FACTUALITIES:
        yield f"no such factuality: {event.factuality}"
    if event.date is not None and not re.match(DATE, event.date):
        yield f"no date: {event.date}"
    if not event.mentions:
        yield "no mention"
    for mention in event.mentions:
        trigger = mention.trigger
        if not 0 <= mention.start <= trigger.start < trigger.end <= mention.end <= length:
            yield f"its mention is not in the text, or its trigger not in the mention: {mention}"
        elif not trigger.of(text).strip():
            yield f"a trigger without words: {trigger}"
    for role in ("actor", "recipient", "attribution"):
        for entity in getattr(event, role):
            if not 0 <= entity.start < entity.end <= length or text[entity.start : entity.end] != entity.text:
                yield f"{role} is not what its offsets hold: {entity}"
            if not entity.text.strip():
                yield f"{role} without words: {entity}"
            if entity.country is not None and not _codes_country(entity.country):
                yield f"{role} of no country: {entity}"
            if entity.sector is not None and entity.sector not in SECTORS:
                yield f"{role} of no sector: {entity}"
    if event.place is not None:
        if event.place.text not in text or not event.place.text.strip():
            yield f"its place is not in the text: {event.place}"
        if event.place.country is not None and not _codes_country(event.place.country):
            yield f"its place is of no country: {event.place}"
    for reason in event.reasons:
        if reason.span is not None and not 0 <= reason.span.start < reason.span.end <= length:
            yield f"the span of a reason is not in the text: {reason}"


def _codes_country(code: str) -> bool:
    """Whether records use the code: a dependency's own they do not."""
    country = COUNTRIES.get(code)
    return country is not None and country.coded_as == code


def main(argv: Sequence[str] | None = None) -> int:
    """Code the documents, print each fault and the counts as JSON on the last line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.offsets", description="Check offsets and codes.")
    parser.add_argument("--documents", type=int, default=10_000, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    options = parser.parse_args(argv)
    coder = Coder()
    counts = dict.fromkeys(("documents", "characters", "events", "entities", "mentions", "faults"), 0)
    for report in documents(options.documents, options.seed):
        counts["documents"] += 1
        counts["characters"] += len(report.text)
        try:
            coded = coder.code(report)
        except Exception as error:
            counts["faults"] += 1
            print(f"{report.text!r}: {type(error).__name__}: {error}")
            continue
        for fault in faults(report.text, coded):
            counts["faults"] += 1
            print(f"{report.text!r}: {fault}")
        counts["events"] += len(coded.events)
        for event in coded.events:
            counts["entities"] += len(event.actor) + len(event.recipient) + len(event.attribution)
            counts["mentions"] += len(event.mentions)
    print(json.dumps(counts))
    return 1 if counts["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
