"""What a list says of somebody, made into rows: grouped by whom it is of, beside what the register knows already."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from dragoman.actors import Register, resolve
from dragoman.actors.check import faults
from dragoman.actors.dates import bounds
from dragoman.actors.lookup import day
from dragoman.actors.register import Entry
from dragoman.actors.source import OWN_KINDS, Role, Row
from dragoman.actors.text import key
from dragoman.codebook import COUNTRIES, SECTORS
from dragoman.record import LONE_SURROGATE

# Lists and the register may differ by so much in the day on which an office was taken, as numbers YYYYMMDD: a month.
_SLACK = 100
_LONGEST = 200
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]+")
_DATE = re.compile(r"\+?(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:[T ].*)?")


@dataclass(frozen=True, slots=True)
class Claim:
    """One office or affiliation that a list gives; ``who`` tells the bearers of one name apart where the list does."""

    kind: str
    name: str
    country: str
    sector: str
    title: str | None = None
    start: str | None = None
    end: str | None = None
    aliases: tuple[str, ...] = ()
    who: str = ""
    after: str | None = None
    certainty: str | None = None

    @property
    def days(self) -> tuple[int, int]:
        """First and last day, as the register compares them."""
        return bounds(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Skip:
    """A row of a list that is left out, why, and the words that tell which it is."""

    reason: str
    example: str


@dataclass(slots=True)
class Tally:
    """What became of the rows of a list."""

    taken: int = 0
    known: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def skip(self, skip: Skip) -> None:
        """Count a row that is left out; of each reason the first example is kept."""
        self.skipped[skip.reason] += 1
        self.examples.setdefault(skip.reason, clean(skip.example)[:80])

    def __str__(self) -> str:
        left = sum(self.skipped.values())
        text = f"{self.taken + self.known + left} rows: {self.taken} taken, {self.known} already in the register, "
        text += f"{left} skipped"
        if left:
            parts = [f"{n} {why} (first: {self.examples[why]})" for why, n in self.skipped.most_common()]
            text += ": " + "; ".join(parts)
        return text


def clean(text: object) -> str:
    """``text`` on one line, without what cannot be printed or written."""
    line = LONE_SURROGATE.sub("\ufffd", str(text if text is not None else ""))
    return " ".join(_UNPRINTABLE.sub(" ", line).split())


def country_of(words: str, register: Register) -> str | None:
    """The code that a record uses for a country given by code or by name; None when it is neither."""
    line = clean(words)
    found = COUNTRIES.get(line.upper()) if len(line) == 3 else None
    if found is not None:
        return found.coded_as
    named = [c.coded_as for c in COUNTRIES.values() if c.name.casefold() == line.casefold()]
    if named:
        return named[0]
    known = resolve(line, register=register)
    return known.country if known.kind == "country" else None


def sector_of(title: str, register: Register) -> str | None:
    """The sector that the head nouns give a title; None when they know none."""
    return resolve(title, register=register).sector


def dated(words: str, digits: int = 10) -> str | None:
    """A date of a list as the register writes it, of at most so many characters; None for an empty cell.

    Raises ValueError when it is no date.
    """
    line = clean(words)
    if not line:
        return None
    match = _DATE.fullmatch(line)
    if match is None:
        raise ValueError(f"{line[:40]!r} is no date")
    year, month, of_month = match.groups()
    date(int(year), int(month or 1), int(of_month or 1))
    return "-".join(p for p in (year, month, of_month) if p)[:digits]


def claim(
    name: str,
    register: Register,
    *,
    country: str,
    sector: str = "",
    title: str = "",
    start: str | None = None,
    end: str | None = None,
    aliases: Iterable[str] = (),
    kind: str = "person",
    who: str = "",
    after: str | None = None,
    certainty: str | None = None,
) -> Claim | Skip:
    """A row of a list as a claim, or why it is none; an empty sector is that of the title."""
    name, title = clean(name), clean(title)
    about = ", ".join(w for w in (name, title) if w) or "a row without a name"
    if not key(name) or len(name) > _LONGEST:
        return Skip("without a name that can be used", about)
    kind = clean(kind).lower() or "person"
    if kind not in OWN_KINDS:
        return Skip(f"of a kind that is none of {', '.join(OWN_KINDS)}", f"{about}, {kind}")
    code = country_of(country, register)
    if code is None:
        return Skip("without a country that is known", f"{about}, {clean(country)}")
    wanted = clean(sector).upper()
    if wanted and wanted not in SECTORS:
        return Skip("with a sector that is not in the codebook", f"{about}, {wanted}")
    found = wanted or (sector_of(title, register) if title else None) or ("PTY" if kind == "party" else None)
    if not found:
        return Skip("whose title tells no sector" if title else "without sector and title", about)
    first, last = bounds(start, end)
    if first > last:
        return Skip("that end before they begin", f"{about}, {start} to {end}")
    others = dict.fromkeys(a for a in map(clean, aliases) if key(a) and key(a) != key(name) and len(a) <= _LONGEST)
    return Claim(kind, name, code, found, title or None, start, end, tuple(others), who, after, certainty)


def gather(found: Iterable[Claim | Skip], register: Register, tally: Tally) -> list[Row]:
    """The rows that claims make, sorted; what ``register`` knows of the same names already is counted, not repeated.

    A row stands for the register's own of that name, so the roles that the register has go into it as well.
    """
    groups: dict[tuple[str, str, str], dict[Claim, None]] = {}
    for item in found:
        if isinstance(item, Skip):
            tally.skip(item)
            continue
        # A person whom the list tells apart may have served two states.
        group = groups.setdefault((item.kind, item.who or key(item.name), "" if item.who else item.country), {})
        if item in group:
            tally.skip(Skip("said twice", item.name))
        group[item] = None
    rows = []
    for claims in groups.values():
        entry = _entry(register, next(iter(claims)))
        fresh = [c for c in claims if entry is None or not _covered(c, entry)]
        tally.known += len(claims) - len(fresh)
        if not fresh:
            continue
        row = _row(fresh, entry)
        if wrong := next(faults([row]), None):
            for _ in fresh:
                tally.skip(Skip("that make no sound row", wrong))
            continue
        tally.taken += len(fresh)
        rows.append(row)
    return ordered(rows)


def ordered(rows: Iterable[Row]) -> list[Row]:
    """Rows in the order in which they are written: by name, kind, country, and all the rest for namesakes."""
    return sorted(rows, key=lambda r: (key(r.names[0]).strip("^"), r.kind, r.country or "", r.names, repr(r.roles)))


def _entry(register: Register, of: Claim) -> Entry | None:
    person = of.kind == "person"
    for n in register.names.get(key(of.name), ()):
        entry = register.entry(n)
        if (entry.kind == "person") == person and entry.kind in OWN_KINDS and entry.country == of.country:
            return entry
    return None


def _covered(of: Claim, entry: Entry) -> bool:
    first, last = of.days
    return any(
        r[0] == of.sector
        and (r[4] or entry.country) == of.country
        and (r[1] <= first + _SLACK if first else not r[1])
        and abs(r[2] - last) <= _SLACK
        for r in entry.roles
    )


def _row(claims: list[Claim], entry: Entry | None) -> Row:
    claims = sorted(claims, key=lambda c: (c.days, c.title or "", c.sector, c.country))
    country = claims[-1].country
    roles = [
        Role(c.title, c.sector, c.start, c.end, c.country if c.country != country else None)
        for c in dict.fromkeys(replace(c, aliases=(), name="") for c in claims)
    ]
    spellings = Counter(c.name for c in claims)
    name = min(spellings, key=lambda n: (-spellings[n], n))
    aliases = sorted({a for c in claims for a in (c.name, *c.aliases)})
    others: dict[str, str] = {}
    for alias in aliases:
        if key(alias) != key(name):
            others.setdefault(key(alias), alias)
    known = []
    if entry is not None:
        for r in entry.roles:
            place = r[4] or entry.country
            known.append(Role(r[3], r[0], day(r[1]), day(r[2], last=True), place if place != country else None))
    after = next((c.after for c in claims if c.after), entry.after if entry else None)
    certainty = next((c.certainty for c in claims if c.certainty), None)
    merged = tuple(together(roles, known))
    return Row(claims[0].kind, (name, *others.values()), country, merged, after, certainty, "gathered")


def together(new: Iterable[Role], old: Iterable[Role]) -> Iterator[Role]:
    """Roles of two sources by date; where both tell of one term in one office the new one holds."""
    new = list(new)
    kept = [r for r in old if not any(_same_term(r, n) for n in new)]
    yield from sorted(
        dict.fromkeys([*new, *kept]),
        key=lambda r: (bounds(r.start, r.end), r.title or "", r.sector or "", r.country or ""),
    )


def _same_term(one: Role, two: Role) -> bool:
    first, second = bounds(one.start, one.end), bounds(two.start, two.end)
    alike = (one.title or "").casefold() == (two.title or "").casefold()
    begins = abs(first[0] - second[0]) <= _SLACK or (alike and max(first[0], second[0]) <= min(first[1], second[1]))
    return one.sector == two.sector and one.country == two.country and begins
