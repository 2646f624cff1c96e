"""ACLED's types of events and kinds of actors, as far as type, modes and sectors of an event settle them."""

from __future__ import annotations

from dataclasses import dataclass

from dragoman.ledger.model import LedgerEvent, Party

STATE, REBELS, MILITIA = "State forces", "Rebel group", "Political militia"
RIOTERS, PROTESTERS, CIVILIANS, OTHER = "Rioters", "Protesters", "Civilians", "External/Other forces"
# In the order of ACLED's codes 1 to 8 ("Identity militia", its 4, cannot be told from sectors); civilians stand last in
# an interaction.
_ORDER = (STATE, REBELS, MILITIA, RIOTERS, PROTESTERS, OTHER, CIVILIANS)

_STATE = frozenset({"GOV", "MIL", "COP", "SPY", "JUD", "LEG"})
_ARMED = frozenset({"MIL", "COP", "REB", "PRM", "UAF", "CRM"})
_CIVIL = frozenset({"CVL", "SOC", "JRN", "BUS", "LAB", "AGR", "EDU", "MED", "REL", "REF"})
_OFFICE = frozenset({"GOV", "JUD", "LEG", "ELI", "PTY", "OPP"})
_ABROAD = frozenset({"UNO", "EUR", "IGO", "NGO", "MNC"})
_INTER = {"REB": REBELS, "PRM": MILITIA, "UAF": MILITIA, "CRM": MILITIA, **dict.fromkeys(_CIVIL, CIVILIANS)}

# By ACLED's order of precedence, where an event has several modes.
_REMOTE = {
    "unconventional": "Chemical weapon",
    "aerial": "Air/drone strike",
    "drone": "Air/drone strike",
    "suicide-attack": "Suicide bomb",
    "heavy-weapons": "Shelling/artillery/missile attack",
    "explosives": "Remote explosive/landmine/IED",
}
_VIOLENCE, _DEMONSTRATIONS, _STRATEGIC = "Political violence", "Demonstrations", "Strategic developments"

REMARKS = (
    "ASSAULT of two armed sides, or on an armed one: Battles, Armed clash. From afar (aerial, drone, heavy-weapons, "
    "suicide-attack, explosives, unconventional): Explosions/Remote violence. On civilians: Violence against "
    "civilians, or Riots, Mob violence, where civilians do it. On things alone: Looting/property destruction. Tear gas "
    "and batons on a crowd: Protest with intervention.",
    "PROTEST with riot or vandalize: Riots, Violent demonstration. With demo: Protests, Peaceful protest. Without a "
    "mode: Protests, sub_event_type empty. Strikes, boycotts, hunger strikes and mere blockades are none of ACLED's.",
    "COERCE arrest: Arrests, or Abduction/forced disappearance where an armed group does it. AGREE of several: "
    "Agreement.",
    "Modes are wider than sub-events: “explosives” holds grenades too, “unconventional” all of CBRN.",
    "Kinds of actors: GOV MIL COP SPY JUD LEG State forces in their own country, External/Other forces in another, "
    "empty where the place is unknown; UNO EUR IGO NGO MNC External/Other forces; REB Rebel group; PRM UAF CRM "
    "Political militia; CVL SOC JRN BUS LAB AGR EDU MED REL REF Civilians; others empty.",
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What an event is for ACLED.

    ``crowd`` names the crowd that is the first actor, ``met`` is true where others act on it, ``civilians`` where the
    recipients are civilians, ``mutual`` where the first two actors are the two sides.
    """

    disorder: str
    event: str
    sub: str | None
    crowd: str | None = None
    met: bool = False
    civilians: bool = False
    mutual: bool = False


@dataclass(frozen=True, slots=True)
class Foreign:
    """What is none of ACLED's events: in a few words, and why."""

    what: str
    why: str


_HELD = Foreign("armed people held", "ACLED has no event for armed people who are held")


def kind_of(event: LedgerEvent) -> Kind | Foreign:
    """What an event is for ACLED, or why it is none of ACLED's."""
    modes = frozenset(event.mode)
    if event.type == "ASSAULT":
        return _assault(event, modes)
    if event.type == "PROTEST":
        return _protest(modes)
    if event.type == "COERCE":
        return _coerce(event, modes)
    if event.type == "AGREE":
        if len(event.actor) > 1 and not event.recipient:
            return Kind(_STRATEGIC, _STRATEGIC, "Agreement", mutual=True)
        return Foreign("one side", "a promise of one side is no agreement to ACLED")
    return Foreign("type", "ACLED records no such events, or only some that the type does not tell apart")


def _assault(event: LedgerEvent, modes: frozenset[str]) -> Kind | Foreign:
    struck = [p.sector for p in event.recipient]
    armed = bool(struck) and all(s in _ARMED for s in struck)
    civil = bool(struck) and all(s in _CIVIL for s in struck)
    if not struck and modes and modes <= {"destroy"}:
        return Kind(_STRATEGIC, _STRATEGIC, "Looting/property destruction")
    if modes == {"crowd-control"}:
        if not civil:
            return Foreign("no crowd", "whether a crowd was met is not told")
        return Kind(_DEMONSTRATIONS, "Protests", "Protest with intervention", crowd=PROTESTERS, met=True)
    if not event.recipient and len(event.actor) > 1:
        if all(p.sector in _ARMED | {"GOV"} for p in event.actor):
            return Kind(_VIOLENCE, "Battles", "Armed clash", mutual=True)
        return Foreign("sides", "ACLED's type hangs on whether both sides are armed, which is not told")
    for mode, sub in _REMOTE.items():
        if mode in modes:
            return Kind(_VIOLENCE, "Explosions/Remote violence", sub, civilians=civil)
    if armed:
        if modes and modes <= {"abduct", "torture", "sexual"}:
            return _HELD
        return Kind(_VIOLENCE, "Battles", "Armed clash")
    if civil or (struck and "targeted" in modes and all(s in _CIVIL | _OFFICE for s in struck)):
        if event.actor and all(p.sector == "CVL" for p in event.actor):
            return Kind(_VIOLENCE, "Riots", "Mob violence", crowd=RIOTERS, civilians=True)
        sub = "Attack"
        if "sexual" in modes:
            sub = "Sexual violence"
        elif modes and modes <= {"abduct"}:
            sub = "Abduction/forced disappearance"
        return Kind(_VIOLENCE, "Violence against civilians", sub, civilians=True)
    return Foreign("target", "ACLED's type hangs on whether those attacked are armed or civilians, which is not told")


def _protest(modes: frozenset[str]) -> Kind | Foreign:
    if modes & {"riot", "vandalize"}:
        return Kind(_DEMONSTRATIONS, "Riots", "Violent demonstration", crowd=RIOTERS)
    if "demo" in modes:
        return Kind(_DEMONSTRATIONS, "Protests", "Peaceful protest", crowd=PROTESTERS)
    if not modes:
        return Kind(_DEMONSTRATIONS, "Protests", None, crowd=PROTESTERS)
    why = "ACLED records no strikes, boycotts and hunger strikes, and blockades only by how they are done"
    return Foreign("strike or blockade", why)


def _coerce(event: LedgerEvent, modes: frozenset[str]) -> Kind | Foreign:
    if "arrest" not in modes:
        return Foreign("no arrest", "of coercion without violence ACLED records only arrests that the type tells apart")
    sectors = [p.sector for p in event.actor]
    if all(s in _STATE for s in sectors):
        return Kind(_STRATEGIC, _STRATEGIC, "Arrests")
    if all(s in {"REB", "PRM", "UAF", "CRM"} for s in sectors):
        if event.recipient and all(p.sector in _CIVIL for p in event.recipient):
            return Kind(_VIOLENCE, "Violence against civilians", "Abduction/forced disappearance", civilians=True)
        return _HELD
    return Foreign("captor", "whether an authority or an armed group holds somebody is not told")


def inter(party: Party, home: str | None) -> str | None:
    """The kind of an actor where the event's place is in ``home``; None where its sector and country do not tell."""
    if party.country in _ABROAD:
        return OTHER
    if party.sector in _STATE:
        if party.country is None or home is None:
            return None
        return STATE if party.country == home else OTHER
    return _INTER.get(party.sector or "")


def interaction(one: str | None, two: str | None, *, alone: bool) -> str | None:
    """ACLED's label for two kinds of actors; None where one is unknown."""
    if one is None or (two is None and not alone):
        return None
    if two is None:
        return f"{one} only"
    return "-".join(sorted((one, two), key=_ORDER.index))
