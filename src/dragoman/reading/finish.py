"""The last step from draft to document: is there text to code, in English, with which date and id."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from dragoman.reading.dateline import dateline
from dragoman.reading.english import foreign_language
from dragoman.reading.publication import BadDate, publication_date
from dragoman.reading.result import Draft, Refusal, counted
from dragoman.record import LONE_SURROGATE, Document

UNDATED = "no publication date: relative dates stay unresolved; give one with --date or the field published"

# Control characters other than tab and line ends. Each becomes one space, so that offsets hold.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass
class Finish:
    """Makes documents of drafts, for one batch: ids are told apart within it."""

    date: str | None
    """The publication date that the user gave for the batch, in ISO 8601."""
    max_characters: int
    seen: set[str] = field(default_factory=set)

    def __call__(self, draft: Draft) -> Document | Refusal:
        """The document, or the one reason why it is not coded."""
        size = len(draft.text)
        if size > self.max_characters:
            reason = f"has {counted(size, 'character')}, over the limit of {self.max_characters:,}"
            return Refusal(draft.name, reason, "split it into its reports, each with its date")
        if not draft.text.strip():
            reason = "is empty" if not draft.text else "holds only white space"
            return Refusal(draft.name, reason, "give a report with text", "skipped")
        warnings = list(draft.warnings)
        text = _clean(draft.text, warnings)
        if not _LETTER.search(text):
            return Refusal(draft.name, "holds no words", "give a report with text", "skipped")
        if language := foreign_language(text):
            reason = f"seems to be {language}: only English is coded"
            return Refusal(draft.name, reason, "translate it into English first", "skipped")
        published = self._date(draft, text, warnings)
        title = _clean(draft.title, [])
        document = Document(text=text, published=published, id=_clean(draft.id, []), title=title, url=draft.url)
        id = self._own(document.id, warnings)
        url, outlet = _clean(draft.url, []), _clean(draft.outlet, [])
        return Document(text, published, id, title, url, tuple(warnings), outlet, draft.retrieved)

    def _date(self, draft: Draft, text: str, warnings: list[str]) -> str | None:
        """The date that the source states, else the one given, else that of the date line.

        In this order, so that one date given for a batch fills its gaps and overwrites nobody's data. A
        date line is our reading of the text, which what the user says outranks.
        """
        if draft.published:
            try:
                stated = publication_date(draft.published)
            except BadDate as wrong:
                warnings.append(f"published: {wrong}")
            else:
                if self.date is not None and stated[:10] != self.date[:10]:
                    warnings.append(f"keeps its own date {stated}; the date given is {self.date}")
                return stated
        head = dateline(text)
        if self.date is not None:
            if head and head.published and head.published[:10] != self.date[:10]:
                warnings.append(f"its date line {head.published} gives way to the date given, {self.date}")
            return self.date
        if head and head.published:
            return head.published
        if head and head.problem:
            warnings.append(f"date line: {head.problem}")
        warnings.append(UNDATED)
        return None

    def _own(self, id: str, warnings: list[str]) -> str:
        """``id``, or where another document of the batch has it, ``id`` with the first free number."""
        own, number = id, 1
        while own in self.seen:
            number += 1
            own = f"{id}-{number}"
        if own != id:
            warnings.append(f"id {id} is taken by an earlier document: this one is {own}")
        self.seen.add(own)
        return own


def _clean(text: str, warnings: list[str]) -> str:
    """``text`` without what no output can hold, character for character."""
    text, controls = _CONTROL.subn(" ", text)
    if controls:
        warnings.append(f"{counted(controls, 'control character')} read as spaces")
    # Most texts have no surrogates; searching them for one costs less than replacing.
    if LONE_SURROGATE.search(text):
        text, halves = LONE_SURROGATE.subn("�", text)
        warnings.append(f"{counted(halves, 'half character')} (lone surrogates) shown as �")
    return text
