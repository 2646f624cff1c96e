"""Is the time spoken of behind or ahead? A cheap reading of the words around it, for want of a parse."""

from __future__ import annotations

from dragoman.times.expression import Tense
from dragoman.times.tokens import Tokens
from dragoman.times.words import listed

# How many tokens to either side are looked at. A clause of news prose seldom runs longer than this, and
# the bound keeps the room linear on text without full stops.
REACH_BACK, REACH_ON = 14, 12

_FUTURE = listed(
    """
    will shall would 'll upcoming scheduled due expected slated forthcoming plans plan planned planning
    intends hopes tomorrow deadline expects anticipates vows pledges
    """
)
_PAST = listed(
    """
    was were had did said told held took made went came began struck shot won lost left sent hit
    fell rose saw gave got fought spoke broke led fled drew grew found brought bought built caught
    chose dealt drove flew kept knew laid met paid ran sold stood swept swore threw withdrew wrote
    became forbade has have been ago after resulted sought taught thought heard felt hung lit rode
    sank shook slew stole wore won blew bore bled burnt beat froze gone done seen taken given shown
    known happened seized died since following amid fired
    """
)
_PRESENT = listed(
    """
    is are expires ends closes returns resumes meets visits holds begins starts opens travels hosts arrives
    leaves goes
    """
)
_NOT_PAST = listed(
    """
    united need speed feed indeed hundred armed wounded red bed seed exceed proceed succeed embed
    sacred kindred alleged so-called related based shed breed greed wed ed mohamed ahmed hamed
    khaled mohammed saeed waleed scheduled expected planned
    """
)
# After these words "to" and a verb tells of what is still to come.
_AHEAD = listed(
    """
    agreed agrees agree plans planned plan expected scheduled due set vowed pledged intends promised
    wants invited ready prepared slated likely about going is are hopes hoping decided aims seeks
    asked urged called ordered threatened threatens preparing told intends
    """
)
# After these "to" and a verb tells of what was done.
_BEHIND = listed(
    """
    began started forced failed managed continued able used refused helped led tried seemed appeared
    came went according prior addition similar response due-to thanks
    """
)
_STOPS = frozenset(".?!;\n")
_AFTER_TO = listed(
    """
    the a an his her its their our my this that be january february march april may june july august
    september october november december monday tuesday wednesday thursday friday saturday sunday him
    them us me it
    """
)


def guess(tokens: Tokens, first: int, past_last: int) -> Tense | None:
    """The tense of the clause round the tokens ``first`` up to ``past_last``; None where no word tells.

    The nearest word before that shows a tense decides; failing that, the first one after it.
    """
    words = tokens.words
    i = first - 1
    if i >= 0 and words[i] in ("by", "until", "till"):
        return _deadline(words, i)
    found = _nearest_before(words, i, max(-1, i - REACH_BACK))
    return found if found else _first_after(words, past_last, min(len(words) - 2, past_last + REACH_ON))


def _deadline(words: list[str], i: int) -> Tense:
    """The tense after "by" and "until": ahead, save where only the past is told ("waited until Friday")."""
    past = False
    for j in range(i - 1, max(-1, i - REACH_BACK), -1):
        if words[j] in _STOPS and not _abbreviation(words, j):
            break
        found = _cue(words, j)
        if found == "future" or (words[j] == "to" and words[j + 1].isalpha() and words[j + 1] not in _AFTER_TO):
            return "future"
        past = past or found == "past"
    if words[i] == "by":
        # "By Wednesday, 30,000 had fled" has its verb behind it.
        return _first_after(words, i + 2, min(len(words) - 1, i + REACH_ON)) or "future"
    return "past" if past else "future"


def _nearest_before(words: list[str], i: int, stop: int) -> Tense | None:
    while i > stop:
        word = words[i]
        if word in _STOPS and not _abbreviation(words, i):
            return None
        found = _cue(words, i)
        if found:
            return found
        i -= 1
    return None


def _first_after(words: list[str], i: int, stop: int) -> Tense | None:
    while i < stop:
        word = words[i]
        if word in _STOPS and not _abbreviation(words, i):
            return None
        found = _cue(words, i)
        if found:
            return found
        i += 1
    return None


def _abbreviation(words: list[str], i: int) -> bool:
    """Whether the full stop at ``i`` ends a short form (U.S., Gen., Feb.) rather than a sentence."""
    return words[i] == "." and i > 0 and (len(words[i - 1]) == 1 or words[i - 1] in _SHORT_FORMS)


_SHORT_FORMS = listed(
    """
    gen col sgt lt capt mr mrs ms dr st jan feb mar apr jun jul aug sep sept oct nov dec gov sen rep
    u.s no
    """
)


def _cue(words: list[str], i: int) -> Tense | None:
    word = words[i]
    if word in _FUTURE:
        return "future"
    if word == "to":
        return _infinitive(words, i)
    if word in _PAST or (len(word) > 4 and word.endswith("ed") and word not in _NOT_PAST):
        # "attacked" and "was attacked" are behind us, "will be attacked" is not.
        return "future" if i > 0 and words[i - 1] == "be" else "past"
    # "Is to meet" and "is meeting" on a day are plans; "is said" is not told apart and stays present.
    if word in _PRESENT or (word in ("'s", "’s") and i > 0 and words[i - 1] in ("there", "he", "she", "it")):
        return "present"
    return None


def _infinitive(words: list[str], i: int) -> Tense | None:
    """What "to" and a verb tell: a plan, unless the word before says that it was carried out."""
    after, before = words[i + 1], words[i - 1] if i > 0 else ""
    if after == "be":
        return "future"
    if not after.isalpha() or after in _AFTER_TO or after.endswith(("ing", "s")):
        return None
    if before in _AHEAD:
        return "future"
    if before in _BEHIND or (before.endswith("ed") and len(before) > 4) or before in _PAST:
        return "past"
    return None
