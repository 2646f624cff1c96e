"""What a question narrows events down to, checked as it is made."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from dragoman import codebook
from dragoman.ledger import facets, words
from dragoman.ledger.aggregate import interval
from dragoman.ledger.asking.countries import country_code
from dragoman.ledger.model import STATES
from dragoman.ledger.words import BadQuestion
from dragoman.record import FACTUALITIES, Json

Names = str | Iterable[str]
# A question of more words finds nothing, and costs a look-up for each.
MOST_WORDS = 64
# More than there are sources in the world; databases hold no count of over 64 bits.
_MOST_SOURCES = 1_000_000
NAMED = ("actor_name", "recipient_name", "party_name")
_ID = re.compile(r"[\w.:-]{1,200}", re.ASCII)
DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


@dataclass(frozen=True, slots=True)
class Filters:
    """Which events are asked for. All that is given must hold; of several values of one filter, any.

    Each of the first group takes one word or several, in any case. Countries are codes, names or adjectives.

    Attributes:
        type: types of the codebook.
        mode: modes of the codebook.
        context: contexts of the codebook, of the reports.
        actor: countries of who acts. With ``recipient``, who acts towards whom: in a mutual act (talks, clashes) each
            party is actor and recipient, and acts towards the others.
        recipient: countries of who is acted upon.
        party: countries of either.
        actor_sector: sectors of who acts; with ``actor``, of the same party.
        recipient_sector: sectors of who is acted upon; with ``recipient``, of the same party.
        actor_name: words that who acts is named with, in any form and order; all of them.
        recipient_name: the same of who is acted upon.
        party_name: the same of either.
        claimed_by: countries of those on whose word alone the event rests.
        denied_by: countries of those who deny it.
        place: countries where it happened.
        factuality: actual, future, hypothetical, negated.
        state: reported, corroborated, disputed, retracted.
        since: ``2021``, ``2021-03`` or ``2021-03-14``: the first day asked for.
        until: the same, the last day. An event matches when any of the days that its date may mean, or its range
            covers, is asked for. One without a date counts by the day of its first report; one without either never.
        dated_only: leave out events that have no date of their own.
        min_sources: at least so many independent sources.
        min_confidence: at least this confidence, 0 to 1; what has none is left out.
        historical: True for background only, False for none, None for all.
        report: the id of a report that tells it.
        text: words that its reports tell it with, in any form (``sanctions`` finds "sanctioned"); between quotation
            marks, words that follow each other. All must be there, in one report of the event or in several.

    Raises:
        BadQuestion: for a word that the codebook lacks, with those near to it, and for values out of range.
    """

    type: Names = ()
    mode: Names = ()
    context: Names = ()
    actor: Names = ()
    recipient: Names = ()
    party: Names = ()
    actor_sector: Names = ()
    recipient_sector: Names = ()
    actor_name: str = ""
    recipient_name: str = ""
    party_name: str = ""
    claimed_by: Names = ()
    denied_by: Names = ()
    place: Names = ()
    factuality: Names = ()
    state: Names = ()
    since: str | None = None
    until: str | None = None
    dated_only: bool = False
    min_sources: int = 0
    min_confidence: float | None = None
    historical: bool | None = None
    report: str | None = None
    text: str = ""

    def __post_init__(self) -> None:
        for name, check in _CHECKS.items():
            given = getattr(self, name)
            values = [given] if isinstance(given, str) else list(given)
            object.__setattr__(self, name, tuple(dict.fromkeys(check(value) for value in values if value.strip())))
        for name in ("since", "until"):
            given = getattr(self, name)
            if given is not None and not DATE.fullmatch(given):
                raise BadQuestion(f"{name} {given!r} is no date: write 2021, 2021-03 or 2021-03-14")
        if self.since and self.until and self.first > self.last:
            raise BadQuestion(f"since {self.since} comes after until {self.until}")
        if self.report is not None and not _ID.fullmatch(self.report):
            raise BadQuestion(f"{self.report!r} is no id of a report")
        if not 0 <= self.min_sources <= _MOST_SOURCES:
            raise BadQuestion(f"min_sources is a count, not {self.min_sources}")
        if self.min_confidence is not None and not 0 <= self.min_confidence <= 1:
            raise BadQuestion(f"a confidence lies between 0 and 1, not {self.min_confidence}")
        for name in NAMED:
            given = getattr(self, name)
            if given and not (found := facets.name_words("", given)):
                raise BadQuestion(f"{name} {given!r} holds no word to look for: give a name")
            if given and len(found) > MOST_WORDS:
                raise BadQuestion(f"a name of {len(found)} words is too long: give at most {MOST_WORDS}")
        if self.text and len(phrases := words.asked(self.text)) > MOST_WORDS:
            raise BadQuestion(f"a text of {len(phrases)} words is too long a question: ask for at most {MOST_WORDS}")

    def values(self, name: str) -> tuple[str, ...]:
        """The codes of one of the filters that take several, as checked."""
        codes: tuple[str, ...] = getattr(self, name)
        return codes

    @property
    def first(self) -> str:
        """The first day asked for, ``YYYY-MM-DD``; empty for none."""
        return interval(self.since)[0] if self.since else ""

    @property
    def last(self) -> str:
        """The last day asked for; empty for none. The last of any month is written 31."""
        return interval(self.until)[1] if self.until else ""

    def to_dict(self) -> Json:
        """What is asked for, by name; nothing of what is not."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in given.items()
            if value not in ((), None, "", False, 0) or (name == "historical" and value is False)
        }


def told_apart(asked: Filters | str, given: Mapping[str, Any]) -> tuple[Filters, dict[str, Any]]:
    """The filters of a question, and what else is given by name: ``asked`` is filters or words of the reports, and
    more filters may be ``given``. Raises BadQuestion as :class:`Filters` does."""
    names = {field.name for field in fields(Filters)}
    named = {name: value for name, value in given.items() if name in names}
    rest = {name: value for name, value in given.items() if name not in names}
    if isinstance(asked, Filters):
        return (replace(asked, **named) if named else asked), rest
    return Filters(**({"text": asked} | named)), rest


def _among(what: str, known: Callable[[], Iterable[str]]) -> Callable[[str], str]:
    def check(given: str) -> str:
        names = {_plain(name): name for name in known()}
        found = names.get(_plain(given))
        if found is None:
            near = difflib.get_close_matches(_plain(given), names, n=3, cutoff=0.6)
            hint = f"did you mean {' or '.join(names[n] for n in near)}?" if near else f"use {_some(names.values())}"
            raise BadQuestion(f"{given.strip()!r} is no {what}: {hint}")
        return found

    return check


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "-", name.strip().casefold())


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed) if len(listed) <= 16 else ", ".join(listed[:16]) + " and others (dragoman codebook)"


_CHECKS: Mapping[str, Callable[[str], str]] = {
    "type": _among("type", lambda: codebook.TYPES),
    "mode": _among("mode", lambda: dict.fromkeys(m for modes in codebook.MODES.values() for m in modes)),
    "context": _among("context", lambda: codebook.CONTEXTS),
    "actor": country_code,
    "recipient": country_code,
    "party": country_code,
    "actor_sector": _among("sector", lambda: codebook.SECTORS),
    "recipient_sector": _among("sector", lambda: codebook.SECTORS),
    "claimed_by": country_code,
    "denied_by": country_code,
    "place": country_code,
    "factuality": _among("factuality", lambda: FACTUALITIES),
    "state": _among("state", lambda: STATES),
}
