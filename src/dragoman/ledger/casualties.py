"""The words by which reports tell how many were killed, wounded, missing, displaced, detained or abducted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

Kind = Literal["killed", "wounded", "missing", "displaced", "detained", "abducted"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Phrases = dict[tuple[str, ...], Kind]


def _phrases(lines: Iterable[str]) -> Phrases:
    found: Phrases = {}
    for line in lines:
        name, _, phrases = line.partition(": ")
        kind = next(k for k in KINDS if k == name)
        found |= {tuple(phrase.split()): kind for phrase in phrases.split(", ")}
    return found


# What became of those whom an amount counts, after it: "12 people [were] killed".
BECAME = _phrases(
    (
        "killed: killed, shot dead, shot and killed, stabbed to death, hacked to death, beaten to death, gunned down, "
        "burned to death, slain, murdered, massacred, executed, beheaded, assassinated, dead, died, perished, "
        "drowned, lost their lives, lost his life, lost her life, killed instantly",
        "wounded: wounded, injured, hurt, maimed, seriously wounded, seriously injured, badly hurt, "
        "critically injured, slightly injured, lightly wounded",
        "missing: missing, unaccounted for",
        "displaced: displaced, internally displaced, uprooted, made homeless, left homeless, homeless, fled, "
        "forced to flee, forced from their homes, driven from their homes, forced out of their homes, "
        "fled their homes, lost their homes",
        "detained: arrested, detained, taken into custody, rounded up, in custody, in detention, apprehended",
        "abducted: abducted, kidnapped, taken hostage, held hostage, taken captive",
    )
)
# Of these nobody is the object: "12 fled" is told of those who fled whatever follows.
SUFFERED = frozenset("dead died perished drowned missing unaccounted fled homeless lost".split())
# What is done to those whom an amount counts, before it: "killing 12 people".
DONE = _phrases(
    (
        "killed: killed, killing, kills, murdered, murdering, massacred, massacring, executed, executing, beheaded, "
        "beheading, assassinated, assassinating, gunned down, gunning down, shot dead, shooting dead, "
        "claimed the lives of, claiming the lives of, took the lives of, the deaths of, the death of, "
        "the killing of, the killings of",
        "wounded: wounded, wounding, wounds, injured, injuring, injures, maimed, maiming",
        "displaced: displaced, displacing, displaces, uprooted, uprooting",
        "detained: arrested, arresting, arrests, detained, detaining, detains, rounded up, rounding up, the arrest of, "
        "the arrests of, the detention of",
        "abducted: abducted, abducting, abducts, kidnapped, kidnapping, kidnaps, the abduction of, the kidnapping of",
    )
)
COSTS = frozenset("claimed claims claiming cost costs costing took takes taking".split())
LIVES = frozenset({"life", "lives"})
HOLDS = frozenset("took takes taking held holds holding seized seizing".split())
HOSTAGES = frozenset("hostage hostages captive captives".split())
# Nouns that say of an amount what became of those it counts: "12 deaths".
LOSSES = _phrases(
    (
        "killed: deaths, fatalities",
        "wounded: injuries",
        "detained: arrests, detentions",
        "abducted: abductions, kidnappings",
    )
)
TOLLS = _phrases(
    (
        "killed: death toll, toll, number of dead, number of the dead, number of deaths, number of people killed",
        "wounded: number of wounded, number of injured, number of people wounded, number of people injured",
        "missing: number of missing, number of the missing, number of people missing",
        "displaced: number of displaced, number of displaced people, number of people displaced",
        "detained: number of arrests, number of people arrested, number of people detained",
    )
)
GROWN = frozenset(
    "rose risen rises rising climbed climbs climbing grew grown grows growing jumped reached reaches reaching stood "
    "stands standing passed surpassed hit topped exceeded fell fallen revised raised lowered is was at".split()
)
# Between an amount and what became of those it counts.
BETWEEN = frozenset(
    "was were is are has have had been being reported reportedly confirmed also later now still already then listed "
    "went more others left found remain remained remains who".split()
)
# These alone between leave it open who acts: "two gunmen had killed five".
PERFECT = frozenset("have has had also later now still already then who more others".split())
_SINGULAR = (
    "person child boy girl baby infant toddler teenager youth adult pensioner civilian soldier troop officer "
    "gendarme guard marine sailor pilot paratrooper conscript recruit commander general colonel captain major "
    "lieutenant sergeant peacekeeper ranger commando rebel fighter militant insurgent guerrilla terrorist jihadist "
    "extremist attacker assailant bomber bandit gangster suspect smuggler pirate separatist islamist protester "
    "protestor demonstrator activist student pupil schoolgirl schoolboy schoolchild teacher lecturer professor "
    "doctor nurse medic paramedic rescuer firefighter journalist reporter photographer editor blogger lawyer judge "
    "prosecutor official minister lawmaker deputy senator mayor governor diplomat ambassador envoy leader member "
    "priest monk nun imam cleric bishop worshipper pilgrim worker labourer laborer miner farmer herder driver "
    "passenger commuter tourist traveller traveler trader shopkeeper vendor engineer contractor employee volunteer "
    "villager resident inhabitant citizen national foreigner migrant refugee settler evacuee prisoner inmate "
    "detainee hostage captive patient victim bystander onlooker passer-by mourner shopper spectator fan relative "
    "brother sister son daughter father mother parent wife husband cousin politician candidate voter supporter "
    "opponent dissident critic unionist trade-unionist loyalist spy agent mercenary combatant veteran crewmember "
    "executive banker visitor guest cook baker butcher clerk".split()
)
PEOPLE = frozenset(
    "people man men woman women children schoolchildren wives passers-by troops others police staff aid crew".split()
) | {form for noun in _SINGULAR for form in (noun, noun[:-1] + "ies" if noun.endswith("y") else noun + "s")}
# "A crew was killed" does not say how many.
COLLECTIVE = frozenset("police staff aid crew troop".split())
# Of others, such as suspects and prisoners, "fled" tells that they escaped.
UPROOTED = frozenset("people persons civilians villagers residents inhabitants citizens refugees others".split())
# Words about a person may stand before the noun, but none of these.
NO_PREMODIFIER = frozenset(
    "a an the and or but of in on at by to for from with as when while after before since than that which who whom was "
    "were is are be been being has have had do does did will would could can may might must should not no near during "
    "his her its our my your this these those there he she it they we i you if because killed wounded injured died "
    "dead said says say told".split()
)
OWNERS = frozenset({"his", "her", "their", "its", "the"})
# What may follow when nothing more is said of whom the amount counts.
ENDS = frozenset(
    "and or but in on at by near when while after before since as during over across from with outside inside along "
    "around throughout within under last late early so what who whom of including among amid aboard today yesterday "
    "overnight monday tuesday wednesday thursday friday saturday sunday that more others".split()
)
MARKS = frozenset(".,;:!?()\"'”’“—–")
# Before a figure: that it is not so, or not yet.
DENIES = frozenset(
    "not never denied denies deny denying without would could might may should will can cannot if threatened vowed nor "
    "whether plot plotting plotted".split()
)
