"""The cutting of a text into the tokens that the grammar reads, in one pass."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dragoman.times.words import CORE, GLUE, OTHER, VOCABULARY

_TOKEN = re.compile(
    r"[0-9]{1,4}([-/.])[0-9]{1,2}\1[0-9]{1,4}(?![0-9])"  # 2021-03-06, 6/3/2021
    r"(?:t[0-9]{2}:[0-9]{2}(?::[0-9]{2})?z?)?"  # and the time after it: T12:00:00Z
    r"|9/11(?![/0-9])"
    r"|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"  # 15:30
    r"|[0-9]+(?:[.,][0-9]+)*(?!\w)"  # 6, 2,000, 2.5
    r"|[ap]\.m(?!\w)|a\.[dh](?!\w)"  # p.m., A.D., A.H.
    r"|\w+"
    r"|['’‘`][0-9]{2}s?(?!\w)"  # '82, '80s
    r"|['’]s(?!\w)"
    r"|\n"
    r"|[^\w\s]"
)
_YEAR = re.compile(r"[12][0-9]{3}\Z", re.ASCII)
_DECADE = re.compile(r"(?:[12][0-9]{2}0|['’‘`]?[0-9]0)s\Z", re.ASCII)


@dataclass(slots=True)
class Tokens:
    """The words of a text in lower case, where each begins and ends, and what each is to the grammar.

    ``runs`` are the stretches of neighbouring tokens, as (first, past the last), in which an expression may
    stand. Empty sentinels follow the last token, so that the grammar can look ahead without asking.
    """

    text: str
    words: list[str]
    starts: list[int]
    ends: list[int]
    runs: list[tuple[int, int]]


def is_year(word: str) -> bool:
    """Whether the token is written as a year: four digits from 1000 to 2999."""
    return _YEAR.match(word) is not None


def is_decade(word: str) -> bool:
    """Whether the token is written as a decade: ``1990s``, ``90s``, ``'90s``."""
    return _DECADE.match(word) is not None


def tokens(text: str) -> Tokens:
    """Cut ``text`` in linear time."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    runs: list[tuple[int, int]] = []
    soft = _hard_wrapped(text)
    lookup = VOCABULARY.get
    first, core, count = 0, False, 0
    for found in _TOKEN.finditer(_lowered(text)):
        word = found.group()
        kind = lookup(word)
        if kind is None:
            if word == "\n" and soft:
                continue
            kind = OTHER if word.isalpha() else _numeric(word)
        if kind == OTHER:
            if core:
                runs.append((first, count))
            first, core = count + 1, False
        elif kind == CORE:
            core = True
        words.append(word)
        start, end = found.span()
        starts.append(start)
        ends.append(end)
        count += 1
    if core:
        runs.append((first, count))
    for _ in range(_SENTINELS):
        words.append("")
        starts.append(len(text))
        ends.append(len(text))
    return Tokens(text, words, starts, ends, runs)


# No rule looks more than this many tokens past the last one without asking what stands between.
_SENTINELS = 8


def _lowered(text: str) -> str:
    """The text in lower case, each character still at its place."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(small if len(small := char.lower()) == 1 else char for char in text)


def _numeric(word: str) -> int:
    """The kind of a token that is not in the vocabulary: numbers help, years and written dates carry."""
    head = word[0]
    if is_year(word) or is_decade(word) or ":" in word:
        return CORE
    if "0" <= head <= "9":
        if "-" in word or "/" in word or word.count(".") == 2:
            return CORE
        if word.replace(".", "").replace(",", "").isdigit():
            return GLUE
        return CORE if word[-2:] in ("am", "pm") and word[:-2].isdigit() else OTHER
    if head in "'’‘`":
        return CORE if len(word) > 1 and word[1:2].isdigit() else OTHER
    return CORE if word[:2] == "fy" and word[2:].isdigit() else OTHER


def _hard_wrapped(text: str) -> bool:
    """Whether single line breaks fall inside sentences, as in text wrapped for a terminal.

    Judged on the first lines: most are 50 to 90 characters long and do not end a sentence. Set on how
    mail, RFC and wire text is wrapped (65 to 80 columns).
    """
    lines = text[:4000].split("\n")[:-1]
    if len(lines) < 4:
        return False
    wrapped = sum(1 for line in lines if 50 <= len(line) <= 90 and line.rstrip()[-1:] not in '.!?"”:')
    return wrapped * 2 > len(lines)
