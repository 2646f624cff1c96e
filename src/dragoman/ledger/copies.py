"""Reprints: whether two texts are prints of one.

Newspapers print a wire's story under headlines, bylines and datelines of their own, without its last
paragraphs or with one about their own town, and in their own spelling. ``signature`` keeps of a text what is
needed to tell this, ``bands`` are keys to find candidates by in an index, and ``compare`` decides on a pair.

A signature samples the runs of three words of a text, always those with the lowest hashes (Broder, "On the resemblance
and containment of documents", 1997): so the sample of a text holds what it should of the sample of another that is cut
from it. Two texts are copies when much of the shorter one stands in the other, and

- not only below the first half of either, where reports written apart may share background and endings;
- not only in quotation marks and stock sentences (copyright, "a developing story"), which count little;
- with figures and dates that agree: bulletins of two days differ in nothing else;
- and where the longer is not many times as long: a round-up holds the beginnings of many reports.

Whoever groups documents by chains of copies merges two groups with one wrong pair, so the constants are on the side of
precision; they were set on the half of ``benchmarks/copies.py`` that is for it (``--tune``). Briefs cut to less than a
quarter, and prints whose first half was written anew, are not recognised. Reports of two days are taken for copies when
the same background is over half of the shorter, and two versions of one live report as long as they hold the same text.
Numbers in words and names of days and months are known in English only; the rest knows no language.

The text cannot be read off its signature, but who has a text can tell whether it is the one signed. All functions are
pure and depend on the arguments alone.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
Marks = npt.NDArray[np.bool_]

# The evidence is that of `python -m benchmarks.copies --tune` with the one constant changed. As they stand, recall is
# .973 (of pairs of two heavily edited prints: .81), and none of 2,578 pairs of others is taken for copies.

# Words in a run. With 4 recall is .959 (.76 of edited prints), with 5 .944 (.69). Reports of one story written apart
# share at most 8 % of their runs of three, so that there is room.
RUN = 3
# Runs sampled: all of a report of 320 words; of a longer one a share of .35 is known to .03 either way. With 200, three
# of the others pass; with 500 nothing is gained.
KEPT = 320
# A text shorter than this says too little to be told from another by its words.
LEAST_WORDS = 12
# What a run counts that is in quotation marks or a stock sentence, where another counts 1. With 1, a third of the
# reports written apart around one long quote are taken for copies.
LIGHT = 0.25
# How much of the shorter must stand in the other: SHARE + SHORT / its runs, or all of it. With a SHARE of .3 two of the
# others pass, with .4 recall is .962. Without SHORT a third of the one-sentence reports of different days pass: of 18
# runs, such a pair shares 15.
SHARE = 0.35
SHORT = 10.0
# How much of the longer must stand in the shorter. With .2 one in 20 reports is taken for a copy of a round-up that
# begins with it, and a round-up joins groups; what is lost are briefs: 73 % of those cut to less than a third are
# found, instead of 88 %.
COVER = 0.25
# How much of the first half of each must stand in the other. With 0, half of the reports with the same background
# below pass; with .2, recall is .970 and that of edited prints .79.
BEGIN = 0.12
# As many figures told otherwise as told alike, and at least this many, make another report. Without this rule nine of
# ten bulletins of different days are taken for copies, with it none. With 1, recall is .970.
CLASHES = 2

# Keys of an index: of runs of 6 words, those with the lowest hashes. Of all copies found each pair shares one at least;
# with 16 keys, one in 1,000 pairs shares none.
BANDS = 24
BAND_RUN = 6
# They are taken from the first half, or the first 100 words where that is more: endings and background, which
# hundreds of reports share, stand below. Taken from everywhere they made twice as many candidates, half of the pairs
# with the same ending among them.
BAND_WORDS = 100
# With fewer runs of its own, a text that is nearly all quotation has its keys from the quotations too.
BAND_OWN = 8
# Places of figures kept: as many as a dense bulletin has.
FIGURES = 48

_FORMAT = 1
_HEAD = struct.Struct("<BBHII")  # format, bands, figures, runs, and the bound under which hashes are kept
_ALL = 1 << 31

_MARK = re.compile(r"<[^<>]{1,300}>")
# Scripts that put no spaces between words are read by the letter: kana and Han.
_LONE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_TOKEN = re.compile(rf"\d+(?:[.,]\d+)*|[{_LONE}]|[^\W\d_{_LONE}]+")
# Accents, and the vowel signs that Hebrew and Arabic may leave out.
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u0652]+")
_QUOTE = re.compile(r"[\"'“”„«»‘’「」『』]")
_SINGLE = "'‘’"
_OPENING = "“„«‘「『"
# An opening mark whose fellow is missing: no quotation runs on for over 1,500 letters, some 250 words.
_LONGEST_QUOTE = 1500

_STOCK = re.compile(
    r"all rights reserved|©|\(c\) ?\d{4}|copyright|developing story|breaking news story|check back for"
    r"|(?:re)?published, broadcast|rewritten or redistributed|without permission"
    r"|contributed to this (?:report|story|article)|(?:additional )?reporting by|editing by|writing by"
    r"|sign up (?:for|to)|subscribe|newsletter|click here|read more|follow us on|terms of (?:use|service)"
    r"|first published|last updated|originally (?:published|appeared)"
)
# How far the sentence of a stock phrase may reach to each side of it, in letters.
_STOCK_BEFORE, _STOCK_AFTER = 200, 300

_COUNTED = "two three four five six seven eight nine ten eleven twelve".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_DATES = (
    "january february march april may june july august september october november december "
    "jan feb apr jun jul aug sept sep oct nov dec "
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri"
).split()
_FIGURES = (
    {word: str(n) for n, word in enumerate(_COUNTED, 2)}
    | {word: str(n) for n, word in zip(range(20, 100, 10), _TENS, strict=True)}
    | {word: word[:3] for word in _DATES}
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """Why two texts are prints of one: ``share`` (0 to 1) is the part of the shorter that stands in the other."""

    share: float
    reason: str


def signature(text: str) -> bytes:
    """What is kept of a text to compare it with others: at most 1.7 KB, whatever the text.

    Case, spaces, accents, punctuation, and tags in angle brackets make no difference.
    """
    plain = _plain(text)
    starts, words, figures = _tokens(plain)
    if len(words) < LEAST_WORDS:
        return _HEAD.pack(_FORMAT, 0, 0, 0, _ALL)
    light = np.zeros(len(words), np.bool_)
    places = np.array(starts)
    for span in (*_quotes(plain), *_stock(plain)):
        light[slice(*np.searchsorted(places, span))] = True
    hashed = np.array([crc32(w.encode("utf-8", "surrogatepass")) for w in words], np.uint64)

    runs = _runs(hashed, RUN) >> np.uint64(33)
    lowest, first = np.unique(runs, return_index=True)
    below = int(lowest[KEPT]) if len(lowest) > KEPT else _ALL
    order = np.sort(first[:KEPT])
    kept = runs[order] << np.uint64(1) | _any(light, RUN)[order]

    keys = _runs(hashed, BAND_RUN)[: max(len(words) // 2, BAND_WORDS)]
    own = np.unique(keys[~_any(light, BAND_RUN)[: len(keys)]])
    lowest = (own if len(own) >= BAND_OWN else np.unique(keys))[:BANDS]
    told = _told(words, figures)
    return b"".join(
        (
            _HEAD.pack(_FORMAT, len(lowest), len(told), len(kept), below),
            lowest.astype("<u8").tobytes(),
            np.array(told, "<u2").tobytes(),
            kept.astype("<u4").tobytes(),
        )
    )


def bands(signature: bytes) -> tuple[int, ...]:
    """Keys of a signature, signed 64-bit, at most 24: two prints of one text share one, and other texts seldom do.

    None for a text of under 12 words. Raises ValueError for what is no signature of this format.
    """
    return tuple(np.frombuffer(signature, "<i8", _head(signature)[0], _HEAD.size).tolist())


def compare(a: bytes, b: bytes) -> Likeness | None:
    """Why the texts of two signatures are prints of one text; None where they are not, or too short to tell.

    The order of the two makes no difference. Raises ValueError for what is no signature of this format.
    """
    one, other = _read(a), _read(b)
    below = min(one.below, other.below)
    sampled = one.sample(below), other.sample(below)
    if not (len(sampled[0][0]) and len(sampled[1][0])):
        return None
    shorter, longer = sorted((_inside(*sampled), _inside(*sampled[::-1])))
    needed = min(1.0, SHARE + SHORT / shorter.size)
    if shorter.share < needed or longer.share < COVER or min(shorter.begin, longer.begin) < BEGIN:
        return None
    alike, otherwise = _agreement(one.figures, other.figures)
    if otherwise >= CLASHES and otherwise >= alike:
        return None
    reason = f"{shorter.share:.0%} of the shorter text stands in the other"
    if alike + otherwise:
        reason += f", {alike} of {alike + otherwise} figures agree"
    return Likeness(shorter.share, reason)


def _plain(text: str) -> str:
    text = text.casefold()
    if "<" in text:
        text = _MARK.sub(" ", text)
    return text if text.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFKD", text))


def _tokens(text: str) -> tuple[list[int], list[str], list[bool]]:
    """Where each word starts, the word, figures in one spelling, and whether it is a figure or a date."""
    starts, words, figures = [], [], []
    for match in _TOKEN.finditer(text):
        word = match.group()
        figure = _FIGURES.get(word)
        if figure is None and word[0].isdecimal():
            figure = word.replace(",", "").replace(".", "")
        starts.append(match.start())
        words.append(word if figure is None else figure)
        figures.append(figure is not None)
    return starts, words, figures


def _quotes(text: str) -> Iterator[tuple[int, int]]:
    # Told by what stands beside a mark rather than by turns: so a quotation whose paragraphs each begin with a mark, as
    # newspapers print it, is one, and a missing mark does not turn all that follows inside out.
    opened: int | None = None
    single = False
    for match in _QUOTE.finditer(text):
        at, mark = match.start(), match.group()
        if opened is not None and at - opened > _LONGEST_QUOTE:
            opened = None
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        fronts = after.isalnum() and not (before.isalnum() or before in tuple(".,!?"))
        if opened is None or (single and fronts and mark not in _SINGLE):
            if fronts or mark in _OPENING:
                opened, single = at, mark in _SINGLE
        elif single == (mark in _SINGLE) and not fronts and not (single and after.isalnum()):
            yield opened, at
            opened = None


def _stock(text: str) -> Iterator[tuple[int, int]]:
    for match in _STOCK.finditer(text):
        start, end = match.span()
        least = max(0, start - _STOCK_BEFORE)
        most = end + _STOCK_AFTER
        ends = [at for at in (text.find(c, end, most) for c in ".!?\n") if at >= 0]
        yield max(least, *(text.rfind(c, least, start) for c in ".!?\n")), min(ends, default=most)


def _runs(hashed: Hashes, size: int) -> Hashes:
    """A hash of each run of ``size`` words, mixed so that its high bits are as good as its low ones."""
    count = len(hashed) - size + 1
    total = np.zeros(count, np.uint64)
    for at in range(size):
        total = (total ^ hashed[at : at + count]) * np.uint64(0x9E3779B97F4A7C15)
        total ^= total >> np.uint64(29)
    total *= np.uint64(0xBF58476D1CE4E5B9)
    return total ^ (total >> np.uint64(32))


def _any(marks: Marks, size: int) -> Marks:
    """Whether any word of each run of ``size`` words is marked."""
    count = len(marks) - size + 1
    found = np.zeros(count, np.bool_)
    for at in range(size):
        found |= marks[at : at + count]
    return found


def _told(words: Sequence[str], figures: Sequence[bool]) -> list[tuple[int, int]]:
    """Hashes of the words around each figure and of the figure, for the places with the lowest; figures that stand
    together ("9 May", "May 9") are one."""
    found = set()
    at, end = 0, len(words)
    while at < end:
        begin = at
        while at < end and figures[at]:
            at += 1
        if begin < at:
            around = f"{words[begin - 1] if begin else ''} {words[at] if at < end else ''}"
            found.add((_short(around), _short(" ".join(sorted(words[begin:at])))))
        at += 1
    return sorted(found)[:FIGURES]


def _short(text: str) -> int:
    return crc32(text.encode("utf-8", "surrogatepass")) >> 16


@dataclass(frozen=True, slots=True)
class _Read:
    """A signature: the bound of its sample, places and figures, and the sampled runs with the mark in the last bit."""

    below: int
    figures: list[list[int]]
    runs: npt.NDArray[np.uint32]

    def sample(self, below: int) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.float32]]:
        """The runs under a bound, in the order of the text, and their weights. Sixteen bits are enough to tell 320 from
        320: one in 200 is taken for another."""
        runs = self.runs[self.runs < below << 1] if below < self.below else self.runs
        return (runs >> np.uint32(1)).astype(np.uint16), _WEIGHTS[runs & np.uint32(1)]


_WEIGHTS = np.array([1.0, LIGHT], np.float32)


def _head(data: bytes) -> tuple[int, int, int, int]:
    if len(data) < _HEAD.size or data[0] != _FORMAT:
        raise ValueError("no signature of a text in the format that this version compares")
    _, keys, told, kept, below = _HEAD.unpack_from(data)
    if len(data) != _HEAD.size + 8 * keys + 4 * told + 4 * kept:
        raise ValueError("a signature of a text that is not whole")
    return keys, told, kept, below


def _read(data: bytes) -> _Read:
    keys, told, kept, below = _head(data)
    at = _HEAD.size + 8 * keys
    figures: list[list[int]] = np.frombuffer(data, "<u2", 2 * told, at).reshape(-1, 2).tolist()
    return _Read(below, figures, np.frombuffer(data, "<u4", kept, at + 4 * told))


@dataclass(frozen=True, slots=True, order=True)
class _Inside:
    """How much of a text, by weight, stands in another: its size, the part, and the part of its first half."""

    size: float
    share: float
    begin: float


def _inside(
    text: tuple[npt.NDArray[np.uint16], npt.NDArray[np.float32]],
    other: tuple[npt.NDArray[np.uint16], npt.NDArray[np.float32]],
) -> _Inside:
    runs, weights = text
    known = np.zeros(1 << 16, np.bool_)
    known[other[0]] = True
    found = weights * known[runs]
    half = (len(runs) + 1) // 2
    size = float(weights.sum())
    return _Inside(size, float(found.sum()) / size, float(found[:half].sum() / weights[:half].sum()))


def _agreement(one: list[list[int]], other: list[list[int]]) -> tuple[int, int]:
    """In how many places that both have they tell the same figure, and in how many another."""
    told: dict[int, set[int]] = {}
    for place, figure in one:
        told.setdefault(place, set()).add(figure)
    shared, alike = set(), set()
    for place, figure in other:
        if place in told:
            shared.add(place)
            if figure in told[place]:
                alike.add(place)
    return len(alike), len(shared) - len(alike)
