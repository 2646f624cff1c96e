"""What two records have in common, in words for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dragoman.codebook import COUNTRIES
from dragoman.ledger.joining import dates, sites
from dragoman.ledger.joining.profiling import Profile
from dragoman.ledger.joining.words import word

# So many of the words in common are told; more tell a reader nothing.
MOST_WORDS = 4
# From this share of the words in common on, two sentences are told to be nearly the same.
ALIKE = 0.8


def reasons(a: Profile, b: Profile) -> tuple[str, ...]:
    """What speaks for two records telling one event, the firmest kind first; the same either way round."""
    a, b = sorted((a, b), key=lambda p: p.setting.report)
    found = [_when(a, b), _where(a, b), *_who(a, b), _modes(a, b), _numbers(a, b), *_words(a, b)]
    return tuple(r for r in found if r)


def _when(a: Profile, b: Profile) -> str | None:
    v, w = a.window, b.window
    if v.dated and w.dated:
        first, second = sorted((a.date or "", b.date or ""))
        if first == second:
            return f"both {_on(first)}"
        near = v.first <= w.last and w.first <= v.last
        return f"{dates.said(first)} and {dates.said(second)} {'agree' if near else 'are a day apart'}"
    if v.dated or w.dated:
        mine, other = (a, b) if v.dated else (b, a)
        told = other.setting.published
        return f"{_on(mine.date or '')}, and told without a date on {dates.said(told)}" if told else None
    one, two = a.setting.published, b.setting.published
    return f"both told on {dates.said(one)}, without a date" if one and one == two else None


def _on(date: str) -> str:
    return f"{'on' if len(date) == len('2021-03-14') else 'in'} {dates.said(date)}"


def _where(a: Profile, b: Profile) -> str | None:
    s, t = a.site, b.site
    if s is None or t is None:
        return None
    if sites.same(s, t):
        return f"both name {min(s.name, t.name)}"
    if sites.within(s, t):
        inner, outer = sorted((s, t), key=lambda x: (x.precision == "country", x.precision == "admin1"))
        return f"{inner.name} lies in {outer.name}"
    far = sites.apart(s, t)
    return f"{' and '.join(sorted((s.name, t.name)))} are {far:.0f} km apart" if far is not None else None


def _who(a: Profile, b: Profile) -> Iterator[str]:
    for mine, other, does in ((a.actor, b.actor, "acts"), (a.recipient, b.recipient, "is acted upon")):
        both = {(p.country, p.sector) for p in mine} & {(p.country, p.sector) for p in other}
        states = {p.country for p in mine} & {p.country for p in other}
        shown = sorted(_named(c, s) for c, s in both if c) or sorted(_named(c) for c in states if c)
        for name in shown:
            yield f"in both {name} {does}"


def _named(country: str, sector: str | None = None) -> str:
    name = COUNTRIES[country].name if country in COUNTRIES else country
    return f"{name} ({sector})" if sector else name


def _modes(a: Profile, b: Profile) -> str | None:
    both = sorted(set(a.mode) & set(b.mode))
    return f"both {', '.join(both)}" if both else None


def _numbers(a: Profile, b: Profile) -> str | None:
    both = sorted(set(a.numbers) & set(b.numbers))
    return f"both give {', '.join(f'{n:,.10g}' for n in both)}" if both else None


def _words(a: Profile, b: Profile) -> Iterator[str]:
    said = _common(a.words, b.words)
    if len(said) >= ALIKE * max(len(a.words), len(b.words)) > 0:
        yield "nearly the same words"
    elif said:
        yield f"both say {', '.join(said[:MOST_WORDS])}"
    names = [n for n in _common(a.setting.names, b.setting.names)[:MOST_WORDS] if n.lower() not in said]
    if names:
        yield f"both reports name {', '.join(names)}"


def _common(a: Sequence[str], b: Sequence[str]) -> list[str]:
    """The words that both have, the rarest first, as the one that is first in the alphabet writes them."""
    mine, other = ({word(w): w for w in words} for words in (a, b))
    both = sorted(mine.keys() & other.keys(), key=lambda w: (-w.weight, w.stem))
    return [min(mine[w], other[w]) for w in both]
