"""The compiled register: whom a name stands for, and what they are on a given day."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from .dates import Interval
from .model import Resolution

# Which of two sectors held on one day comes first: the office weighs more than the party.
_ORDER = ("GOV", "JUD", "MIL", "SPY", "COP", "LEG", "PRE", "REB", "PRM", "PTY", "OPP", "ELI")
# Who leaves such a sector is a former official; an activist or a rebel is none.
OFFICIAL = frozenset({"GOV", "MIL", "LEG", "JUD", "SPY", "COP", "PTY"})
_RANK = {s: i for i, s in enumerate(_ORDER)}


@dataclass(frozen=True, slots=True)
class Status:
    """What an entry is on a day: its codes, the title they rest on, and how they were chosen."""

    country: str | None
    sector: str | None
    others: tuple[str, ...]
    why: str
    in_office: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """An owner of names. ``roles`` are (sector, first day, last day, title, country, top office).

    ``layer`` is 0 in the register that ships, and higher for rows laid over it.
    """

    kind: str
    name: str
    country: str | None
    roles: tuple[tuple[str | None, int, int, str | None, str | None, int], ...]
    after: str | None
    certainty: str | None
    layer: int = 0

    @property
    def dated(self) -> bool:
        """Whether the entry is anything at some dates and not at others."""
        return any(r[1] > 0 or r[2] < 99999999 for r in self.roles)

    def holds_top(self, when: Interval | None) -> tuple[bool, bool]:
        """Whether a top office has been reached by the day, and whether it is still held."""
        reached = held = False
        for role in self.roles:
            if role[5] and (when is None or role[1] <= when[1]):
                reached = True
                held = held or role[2] >= (99999999 if when is None else when[0])
        return reached, held

    def left_top_since(self, when: Interval | None, years: int) -> bool:
        """Whether a top office was still held at most so many years before the day."""
        return when is None or any(role[5] and role[2] >= when[0] - years * 10000 for role in self.roles)

    def on(self, when: Interval | None) -> Status:
        """The entry's codes on the days ``when``; None asks for the latest known."""
        doubt = "; the register marks this as doubtful" if self.certainty else ""
        if not self.dated:
            first = self.roles[0] if self.roles else (None, 0, 0, None, None, 0)
            title = f", {first[3]}" if first[3] else ""
            others = tuple(r[0] for r in self.roles[1:] if r[0] and r[0] != first[0])
            return Status(
                first[4] or self.country, first[0], others, f"{self.name}{title} in the register{doubt}", True
            )
        if when is None:
            last = max(r[2] for r in self.roles)
            days = (last, last)
            if last < 99999999:
                return self._past([r for r in self.roles if r[2] <= last], "no date is known: the latest role ended")
        else:
            days = when
        active = [r for r in self.roles if r[1] <= days[1] and days[0] <= r[2]]
        if active:
            # Of two roles in one month or range, the one that covers more of it is the later one begun
            # before it; equal sectors make the choice idle.
            active.sort(key=lambda r: (_RANK.get(r[0] or "", 99), -r[1]))
            role = active[0]
            others = tuple(dict.fromkeys(r[0] for r in active[1:] if r[0] and r[0] != role[0]))
            said = "latest known role" if when is None else "role at the date"
            why = f"{self.name}: {role[3] or 'listed'}, {said}{doubt}"
            return Status(role[4] or self.country, role[0], others, why, True)
        past = [r for r in self.roles if r[2] < days[0]]
        if past:
            return self._past(past, "the role has ended by the date")
        first = min(self.roles, key=lambda r: r[1])
        why = f"{self.name} becomes {first[3] or first[0]} only later and no earlier role is known{doubt}"
        return Status(self.country, None, (), why, False)

    def _past(self, past: list[tuple[str | None, int, int, str | None, str | None, int]], why: str) -> Status:
        last = max(past, key=lambda r: (r[2], r[1]))
        after = self.after or ("ELI" if self.kind == "person" and last[0] in OFFICIAL else last[0])
        text = f"{self.name}, formerly {last[3] or last[0]}: {why}"
        return Status(self.country or last[4], after, (), text, False)


class Register:
    """The compiled file. Entries are made when first asked for, so that loading stays cheap.

    ``layers`` are the numbers at which rows that are laid over others begin (see ``own.over``).
    """

    def __init__(self, table: dict[str, Any], layers: tuple[int, ...] = ()) -> None:
        self.table = table
        self.layers = layers
        # What the resolver has read with this register, kept with it so that no other is answered from it.
        self.read: Callable[[str, Interval | None, str | None], Resolution] | None = None
        self._rows: list[list[Any]] = table["entries"]
        self._made: dict[int, Entry] = {}
        self.names: dict[str, list[int]] = table["names"]
        self.short: dict[str, list[int]] = table["short"]
        heads = table["heads"]
        self.nouns: dict[str, list[Any]] = heads["nouns"]
        self.titles: dict[str, str] = heads["titles"]
        self.named: dict[str, str] = heads["named"]
        self.former: frozenset[str] = frozenset(heads["former"])
        self.world: dict[str, str] = heads["world"]
        self.nations: dict[str, str] = heads["nations"]
        # What some entry begins with: most words begin none, and need no joining to know it.
        self.starts: frozenset[str] = frozenset(
            {k.split(" ", 1)[0] for k in self.names} | {k.split(" ", 1)[0] for k in self.nouns}
        )

    def entry(self, number: int) -> Entry:
        """The entry of that number. Raises IndexError for none."""
        made = self._made.get(number)
        if made is None:
            kind, name, country, roles, after, certainty = self._rows[number]
            layer = bisect_right(self.layers, number)
            made = Entry(kind, name, country, tuple(tuple(r) for r in roles), after, certainty, layer)
            self._made[number] = made
        return made

    def find(self, name: str) -> tuple[Entry, ...]:
        """The entries that own ``name`` (a key as `text.key` makes it), in the order of the register."""
        return tuple(self.entry(n) for n in self.names.get(name, ()))

    def entries(self) -> list[Entry]:
        """Every entry, in the order of the register."""
        return [self.entry(n) for n in range(len(self._rows))]


@lru_cache(maxsize=1)
def load() -> Register:
    """The register that ships with the package, read once."""
    text = resources.files(__package__).joinpath("register.json").read_text("utf-8")
    return Register(json.loads(text))
