"""Who gives or sells arms to whom: no type or mode says so, the sentences do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import Connection

from dragoman.ledger.asking import columns, targets
from dragoman.ledger.asking.clauses import selections
from dragoman.ledger.asking.countries import country_code
from dragoman.ledger.asking.filters import Filters
from dragoman.ledger.asking.lists import head_ids
from dragoman.ledger.asking.profile import Counterpart
from dragoman.ledger.eventrows import remade
from dragoman.ledger.store import Store
from dragoman.ledger.words import stems
from dragoman.record import Entity, Json

# Events of which all tellings are read: about half a millisecond each.
_MOST = 60
Way = Literal["gives", "takes", "deals"]
_TYPES = ("AID", "COOPERATE", "AGREE")
# One of these is in every sentence that columns.py takes for arms.
_WORDS = (
    "arms weapon weaponry munition ammunition missile rocket artillery howitzer mortar rifle drone tank armoured "
    "armored warship warplane fighter combat military lethal shells explosives"
)


@dataclass(frozen=True, slots=True)
class Arms:
    """Whom an actor arms (``gives``), who arms it (``takes``), and with whom it has dealings in arms of which it is not
    said who gives (``deals``), those of most events first; ``complete`` is False where older events were not looked
    through."""

    gives: tuple[Counterpart, ...] = ()
    takes: tuple[Counterpart, ...] = ()
    deals: tuple[Counterpart, ...] = ()
    complete: bool = True

    def to_dict(self) -> Json:
        return {
            "gives": [one.to_dict() for one in self.gives],
            "takes": [one.to_dict() for one in self.takes],
            "deals": [one.to_dict() for one in self.deals],
            "complete": self.complete,
        }


def arms(store: Store, country: str, filters: Filters | None = None) -> Arms:
    """Who arms whom of a country's actors, from the latest events whose reports speak of arms.

    Args:
        store: the ledger's storage.
        country: code, name or adjective.
        filters: which events, save by ``type``, ``actor`` and ``recipient``.

    Raises:
        BadQuestion: for a country that there is none of.
        LedgerError: when the ledger cannot be read.
    """
    code = country_code(country)
    asked = filters or Filters()

    def own(one: Entity) -> bool:
        return one.country == code

    with store.reading() as connection:
        given, all_given = _candidates(connection, replace(asked, actor=code, type=_TYPES))
        taken, all_taken = _candidates(connection, replace(asked, recipient=code, type=_TYPES))
        return Arms(
            _counterparts(connection, given, own, "gives"),
            _counterparts(connection, taken, own, "takes"),
            _counterparts(connection, given, own, "deals"),
            all_given and all_taken,
        )


def arms_among(store: Store, ids: Sequence[str], own: Callable[[Entity], bool]) -> Arms:
    """The same of some events, by their ids, the latest first, for the parties that ``own`` tells."""
    with store.reading() as connection:
        read = ids[:_MOST]
        return Arms(
            _counterparts(connection, read, own, "gives"),
            _counterparts(connection, read, own, "takes"),
            _counterparts(connection, read, own, "deals"),
            len(ids) <= _MOST,
        )


def may_arm(type: str) -> bool:
    """Whether acts of a type may be the giving of arms."""
    return type in _TYPES


def _candidates(connection: Connection, filters: Filters) -> tuple[list[str], bool]:
    spoken = tuple((stem,) for stem in dict.fromkeys(stems(_WORDS)))
    chosen = [replace(s, phrases=(*s.phrases, spoken)) for s in selections(connection, filters)]
    found = head_ids(connection, chosen, _MOST + 1)
    return found[:_MOST], len(found) <= _MOST


def _counterparts(
    connection: Connection, ids: Sequence[str], own: Callable[[Entity], bool], way: Way
) -> tuple[Counterpart, ...]:
    events: dict[tuple[str | None, str], set[str]] = {}
    for event in remade(connection, ids):
        for telling in event.tellings:
            for actor in telling.record.actor:
                if telling.record.factuality != "actual" or (way != "takes" and not own(actor)):
                    continue
                if targets.is_mutual(telling.record) != (way == "deals"):
                    continue
                others = targets.towards(telling.record, actor)
                if way == "takes" and not any(own(other) for other in others):
                    continue
                if columns.column(telling, actor, between=False) != columns.ARMS:
                    continue
                for one in (actor,) if way == "takes" else others:
                    events.setdefault((one.country, "" if one.country else one.text), set()).add(event.id)
    return _ordered((Counterpart(*key, len(found)) for key, found in events.items()))


def _ordered(found: Iterable[Counterpart]) -> tuple[Counterpart, ...]:
    return tuple(sorted(found, key=lambda one: (-one.events, one.country or "~", one.name)))
