"""Sums of who acts towards whom over whatever is asked for: by actor, by recipient and type, by period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, get_args

from sqlalchemy import text

from dragoman.ledger.asking.filters import Filters
from dragoman.ledger.asking.periods import By, period
from dragoman.ledger.asking.sums import Pair, conditions, is_summed, summed
from dragoman.ledger.dyadrows import BACKGROUND, MILLION
from dragoman.ledger.store import Store
from dragoman.ledger.words import BadQuestion
from dragoman.record import Json

Over = Literal["actor", "recipient", "type", "period"]
OVER: tuple[Over, ...] = get_args(Over)
# Pairs that are named one by one in a statement: SQLite takes some thousands of values.
MOST_PAIRS = 2_000


class Tally(NamedTuple):
    """A sum of events that happened, as :func:`dragoman.ledger.asking.dyads` counts them: once for each pair.

    ``actor``, ``recipient``, ``type`` and ``period`` are None where the sum runs over all of them. The next two count
    events and the reports that tell them. ``scored`` of the events have a score, ``score_mean`` is their mean, -10 to
    10; None where none has. The rest count events by the quad of their types, and those without a date of their own.
    """

    actor: str | None
    recipient: str | None
    type: str | None
    period: str | None
    events: int
    reports: int
    scored: int
    score_mean: float | None
    verbal_cooperation: int
    material_cooperation: int
    verbal_conflict: int
    material_conflict: int
    undated: int

    @property
    def quads(self) -> tuple[int, int, int, int]:
        """Events of each quad, from verbal cooperation to material conflict."""
        return self[8:12]

    def to_dict(self) -> Json:
        return self._asdict()


def tallies(
    store: Store,
    filters: Filters | None = None,
    *,
    over: Sequence[Over],
    by: By = "all",
    pairs: Sequence[Pair] | None = None,
    abroad: bool = False,
    unknown: bool = False,
    limit: int | None = None,
) -> list[Tally]:
    """Sums over each of ``over``, those of most events first; with ``period`` among them, by period.

    Rows come of the table of monthly sums alone, so that a hundred thousand events take some hundredths of a second.
    A side that is summed over may be unknown. With ``period``, events that are dated less exactly are left out.

    Args:
        store: the ledger's storage.
        filters: which events: by ``actor``, ``recipient``, ``party``, ``type``, ``dated_only``, and whole months.
        over: of actor, recipient, type, period; none for one sum.
        by: month, quarter or year, where ``period`` is asked for.
        pairs: the only pairs of actor and recipient to count; all for None.
        abroad: leave out what a country's actors do to others of the same country.
        unknown: give rows in which an actor or recipient that is asked for is not known (None), too.
        limit: the most rows, all for None.

    Raises:
        BadQuestion: for other filters, or a period or column that there is none of.
        LedgerError: when the ledger cannot be read.
    """
    asked = filters or Filters()
    if wrong := set(over) - set(OVER):
        raise BadQuestion(f"sums are not over {sorted(wrong)[0]!r}: use {', '.join(OVER)}")
    if not is_summed(asked, by):
        raise BadQuestion("sums are by month, and by actor, recipient, party, type and dated_only: ask no more of them")
    if pairs is not None and len(pairs) > MOST_PAIRS:
        raise BadQuestion(f"{len(pairs)} pairs are too many at once: ask for at most {MOST_PAIRS}")
    if pairs is not None and not pairs:
        return []
    where, values = conditions(asked)
    keys = [name for name in OVER if name in over and name != "period"]
    if not unknown:
        where += [f"{name} <> ''" for name in ("actor", "recipient") if name in over]
    if abroad:
        where.append("actor <> recipient")
    if pairs is not None:
        listed = []
        for at, (actor, recipient) in enumerate(pairs):
            values |= {f"a_{at}": actor, f"r_{at}": recipient}
            listed.append(f"(:a_{at}, :r_{at})")
        where.append(f"(actor, recipient) IN (VALUES {', '.join(listed)})")
    # Periods are made of months here: in SQL they would be made for every row of the table.
    months = ["begins", "ends", "dated"] if "period" in over else []
    group = ", ".join([*keys, *months])
    said = f"""SELECT {", ".join([*keys, *months, summed()])} FROM dyad WHERE {" AND ".join(where)}
        {f"GROUP BY {group}" if group else ""}"""
    if limit is not None and not months:
        said += f" ORDER BY {', '.join(['sum(events) DESC', *keys])} LIMIT :limit"
        values["limit"] = limit
    found: dict[tuple[str | None, ...], list[int]] = {}
    with store.reading() as connection:
        for row in connection.execute(text(said), values):
            key: tuple[str | None, ...] = tuple(row[: len(keys)])
            if months:
                begins, ends, dated = row[len(keys) : len(keys) + 3]
                when = None if dated == BACKGROUND and by != "all" else period(begins, ends, by)
                if when is None:
                    continue
                key = (*key, when)
            sums = row[len(keys) + len(months) :]
            if key in found:
                found[key] = [one + more for one, more in zip(found[key], sums, strict=True)]
            elif sums[0]:
                found[key] = list(sums)
    names = [*keys, *(["period"] if months else [])]
    made = [_tally(dict(zip(names, key, strict=True)), sums) for key, sums in found.items()]
    made.sort(key=_by_period if months else _by_events)
    return made if limit is None else made[:limit]


def _tally(key: dict[str, str | None], sums: Sequence[int]) -> Tally:
    mean = round(sums[3] / sums[2] / MILLION, 6) if sums[2] else None
    side = (key.get("actor") or None, key.get("recipient") or None, key.get("type"), key.get("period"))
    return Tally(*side, sums[0], sums[1], sums[2], mean, sums[5], sums[6], sums[7], sums[8], sums[4])


def _by_period(row: Tally) -> tuple[Any, ...]:
    return row.period, row.actor or "", row.recipient or "", row.type or ""


def _by_events(row: Tally) -> tuple[Any, ...]:
    return -row.events, row.actor or "", row.recipient or "", row.type or ""
