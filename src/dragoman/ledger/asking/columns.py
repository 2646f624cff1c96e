"""What an act says of how its actor stands: the columns of a stance."""

from __future__ import annotations

import re

from dragoman.ledger.model import Telling
from dragoman.record import Entity, Event

SUPPORTS, PROMISES, ARMS, AIDS, COOPERATES = "supports", "promises", "arms", "aids", "cooperates"
MEDIATES, MEETS, CALLS, ASKS, CONCEDES, RETREATS = (
    "mediates",
    "meets",
    "calls for an end",
    "asks",
    "concedes",
    "retreats",
)
DECLINES, DENIES, CONDEMNS, REJECTS = "declines", "denies", "condemns", "rejects"
SANCTIONS, THREATENS, PROTESTS, MOBILIZES, COERCES, FIGHTS = (
    "sanctions",
    "threatens",
    "protests",
    "mobilizes",
    "coerces",
    "fights",
)
COLUMNS = (
    *(SUPPORTS, PROMISES, ARMS, AIDS, COOPERATES, MEDIATES, MEETS, CALLS, ASKS, CONCEDES, RETREATS),
    *(DECLINES, DENIES, CONDEMNS, REJECTS, SANCTIONS, THREATENS, PROTESTS, MOBILIZES, COERCES, FIGHTS),
)
"""All columns, from those on somebody's side to those against."""

_OF_TYPE = {
    "SUPPORT": SUPPORTS,
    "AGREE": PROMISES,
    "AID": AIDS,
    "COOPERATE": COOPERATES,
    "CONSULT": MEETS,
    "REQUEST": ASKS,
    "CONCEDE": CONCEDES,
    "RETREAT": RETREATS,
    "ACCUSE": CONDEMNS,
    "REJECT": REJECTS,
    "SANCTION": SANCTIONS,
    "THREATEN": THREATENS,
    "PROTEST": PROTESTS,
    "MOBILIZE": MOBILIZES,
    "COERCE": COERCES,
    "ASSAULT": FIGHTS,
}
# The codebook has no mode for what is given or sold: the sentences say it. Not "arms" that are controlled, banned, laid
# down or inspected.
_ARMED = re.compile(
    r"(?<!down )(?<!down their )\barms\b(?! control| embargo| inspect)|\bweapon(?:s|ry)?\b(?! inspect)|\bmunitions?\b|"
    r"\bammunition\b|\bmissiles?\b|\brockets?\b|\bartillery\b|\bhowitzers?\b|\bmortars?\b|\brifles?\b|\bdrones?\b|"
    r"\btanks?\b|\barmou?red vehicles?\b|\bwarships?\b|\bwarplanes?\b|\b(?:fighter|combat) (?:jets?|aircraft)\b|"
    r"\b(?:military|lethal) (?:aid|assistance|equipment|hardware|supplies|help|package)\b|\bshells\b|\bexplosives\b",
    re.IGNORECASE,
)
# Who will not take the side that is asked of them: "abstained from the vote", "refused to join the sanctions".
_NEITHER = re.compile(
    r"\babst(?:ain|ention)\w*|\bneutral\w*|\b(?:declin|refus|reject|resist|rebuff)\w*\b.{0,60}?"
    r"\b(?:condemn|criticis|criticiz|denounc|sanction|join|take sides|take a side|endors|back|support)\w*",
    re.IGNORECASE | re.DOTALL,
)
# The same where the act itself is what was refused, and its words follow: "declined to | condemn", "abstained from a
# vote that | deplored".
_NOT = re.compile(
    r"(?:\b(?:declin\w*|refus\w*|resist\w*|stopp\w* short of|(?:did|do|does|has|have|had|would|will|could) not|won't|"
    r"wouldn't|didn't|never)\W+(?:\w+\W+){0,3}|\babst(?:ain|ention)\w*\W+(?:\w+\W+){0,8})$",
    re.IGNORECASE,
)
# Acts whose refusal is a stance, where "did not attack" is a denial.
_SIDES = frozenset({"SUPPORT", "ACCUSE", "SANCTION", "AID", "COOPERATE", "AGREE", "REQUEST"})


def column(telling: Telling, actor: Entity, *, between: bool) -> str | None:
    """The column of what ``actor`` does in ``telling``, None for what is only thought of.

    Arms given or sold are told from the words of the sentences, as is a refusal to take a side. What is said not to
    have happened is a refusal (``declines``) where it is an act that takes a side, and a denial where the actor says so
    of himself or it is any other act. ``between`` says whether the act has both sides of a conflict for its others: a
    third party that meets them mediates.
    """
    record = telling.record
    if record.factuality == "hypothetical":
        return None
    said = "\n".join(telling.evidence)
    if record.factuality == "negated":
        own = any(e.country == actor.country and e.country is not None for e in record.attribution)
        return DECLINES if record.type in _SIDES and not own else DENIES
    if record.type in _SIDES and _is_refused(telling, actor):
        return DECLINES
    if record.type in ("AID", "COOPERATE", "AGREE") and _ARMED.search(said):
        return ARMS
    if record.type == "CONSULT" and (between or "third-party" in record.mode):
        return MEDIATES
    if record.type == "REQUEST" and "yield" in record.mode:
        return CALLS
    if record.type == "REJECT" and _NEITHER.search(said):
        return DECLINES
    return _OF_TYPE[record.type]


def _is_refused(telling: Telling, actor: Entity) -> bool:
    """Whether a sentence says of ``actor``, who stands before the refusal, that he refused to do what is told."""
    for sentence, trigger in zip(telling.evidence, telling.triggers, strict=True):
        found = _NOT.search(sentence[: sentence.find(trigger)]) if trigger and trigger in sentence else None
        if found is not None and sentence.find(actor.text) <= found.start():
            return True
    return False


def is_planned(record: Event) -> bool:
    """Whether the act is still to come, or is the promise of one."""
    return record.factuality == "future" or record.type == "AGREE"
