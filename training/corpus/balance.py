"""What a corpus holds and what it still lacks: the counts that the checker prints at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from dragoman.codebook import COUNTRIES, MODES, SECTORS, TYPES
from training.corpus.items import KINDS, REGISTERS
from training.corpus.records import Built

# What issue "The learned extractor" asks of the whole corpus.
WANTED_KINDS = {"passage": 4000, "report": 250}
WANTED_EACH = 40  # records of every type and of every mode
WANTED_EMPTY = 1 / 3  # of the passages
EMPTY_SLACK = 0.03
# Real reports have about 20 records in 1,000 words; half of that or twice as many is another kind of text.
DENSITY = (14.0, 28.0)
WHOLE = ("report", "article")  # the kinds that are texts of their own, not stretches of one


@dataclass(slots=True)
class Balance:
    """Counts over the documents of a corpus."""

    kinds: Counter[str] = field(default_factory=Counter)
    registers: Counter[str] = field(default_factory=Counter)
    voices: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    modes: Counter[tuple[str, str]] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)
    sectors: Counter[str] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)
    traits: Counter[str] = field(default_factory=Counter)
    empty: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    records: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, documents: Iterable[Built]) -> Balance:
        """Count documents; only records without problems count."""
        balance = cls()
        for built in documents:
            balance._add(built)
        return balance

    def _add(self, built: Built) -> None:
        item = built.item
        self.kinds[item.kind] += 1
        self.registers[item.register] += 1
        self.voices[item.voice] += 1
        self.words[item.kind] += len(item.text.split())
        self.records[item.kind] += len(built.events)
        self.empty[item.kind] += not item.events
        for event in built.events:
            self.types[event.type] += 1
            self.modes.update((event.type, m) for m in event.mode)
            self.facts[event.factuality] += 1
            parties = (*event.actor, *event.recipient, *event.attribution)
            self.countries.update(e.country for e in parties if e.country)
            self.sectors.update(e.sector for e in parties if e.sector)
            self.traits["historical"] += event.historical
            self.traits["dated"] += event.date is not None
            self.traits["placed"] += event.place is not None
            self.traits["attributed"] += bool(event.attribution)
            self.traits["told more than once"] += len(event.mentions) > 1
            self.traits["without actor"] += not event.actor

    @property
    def total(self) -> int:
        """The number of records."""
        return sum(self.types.values())

    @property
    def empty_share(self) -> float:
        """The share of passages without an event, 0 where there are no passages."""
        return self.empty["passage"] / max(1, self.kinds["passage"])

    def density(self, kind: str) -> float:
        """Records per 1,000 words of reports or articles."""
        return 1000 * self.records[kind] / max(1, self.words[kind])

    def unmet(self) -> list[str]:
        """What of the issue's quotas these documents do not reach, one line each."""
        lines = [
            f"{n} {kind}s wanted, {self.kinds[kind]} there" for kind, n in WANTED_KINDS.items() if self.kinds[kind] < n
        ]
        share = self.empty_share
        if abs(share - WANTED_EMPTY) > EMPTY_SLACK:
            lines.append(f"a third of the passages without any event wanted, {share:.1%} there")
        for kind in WHOLE:
            density = self.density(kind)
            if self.kinds[kind] and not DENSITY[0] <= density <= DENSITY[1]:
                lines.append(f"about 20 records in 1,000 words of {kind}s wanted, {density:.1f} there")
        rare = [f"{t} {self.types[t]}" for t in TYPES if self.types[t] < WANTED_EACH]
        if rare:
            lines.append(f"types under {WANTED_EACH}: {', '.join(rare)}")
        few = [f"{t}/{m} {n}" for t in MODES for m in MODES[t] if (n := self.modes[t, m]) < WANTED_EACH]
        if few:
            lines.append(f"modes under {WANTED_EACH}: {', '.join(few)}")
        for what, codes, seen in (
            ("sectors", SECTORS, self.sectors),
            ("registers", REGISTERS, self.registers),
            ("international codes", _codes(international=True), self.countries),
        ):
            missing = [c for c in codes if not seen[c]]
            if missing:
                lines.append(f"{what} without any record: {', '.join(missing)}")
        return lines

    def table(self) -> list[str]:
        """The counts, as lines for people."""
        states = _codes(international=False)
        covered = [c for c in states if self.countries[c]]
        lines = [
            "kinds       " + _row((k, self.kinds[k]) for k in KINDS),
            "registers   " + _row(self.registers.most_common()),
            "voices      " + _row(sorted(self.voices.items())),
            "records     " + f"{self.total}, of which " + _row(self.facts.most_common()),
            "            " + _row((k, f"{n / max(1, self.total):.0%}") for k, n in sorted(self.traits.items())),
            f"no event    {self.empty_share:.1%} of passages, {self.empty['report']} reports",
            "density     " + _row((f"{k}s", f"{self.density(k):.1f}") for k in WHOLE) + " records per 1,000 words",
            "sectors     " + _row(self.sectors.most_common()),
            f"countries   {len(covered)} of {len(states)} states: " + _row(self.countries.most_common(25)) + " …",
        ]
        for type in TYPES:
            modes = _row((m, self.modes[type, m]) for m in MODES[type])
            lines.append(f"{type:<11} {self.types[type]:>5}  {modes}".rstrip())
        return lines


def _codes(international: bool) -> Sequence[str]:
    return [
        code
        for code, country in COUNTRIES.items()
        if country.coded_as == code and (country.kind == "international") == international
    ]


def _row(pairs: Iterable[tuple[str, object]]) -> str:
    return ", ".join(f"{name} {count}" for name, count in pairs)
