"""One event in several reports: ``python -m benchmarks.stories [FOLDER]``.

``FOLDER`` (by default ``benchmarks/stories/``) holds stories that we wrote ourselves, one YAML file each: reports
as real ones are, of outlets that differ in style, detail and day, with the records that each tells, and for each
record which event of the story it is. Other events of the same type and actors on other days stand among them as
decoys, and reprints (``copy_of``) of some reports. Reports and records have the form of the training corpus
(``training/corpus``).

Measured is how well a way of joining records finds the events, from gold records, so that the coder's own errors do
not count: pairs of records of different reports, and B-cubed over records (Bagga and Baldwin, 1998), within each
story. Two ways are there to be beaten: nothing joined, and records joined that have the same type, actors, recipients
and date, as open coders do it. ``ledger`` is the ledger's own (``dragoman.ledger.joining``), a ledger for each story;
``pooled`` the same with the records of all stories in one ledger; ``held_out`` is ``ledger`` over the stories that it
has not learned from, those whose names begin with ``d-``, and ``coded`` over what the coder makes of these. The last
line printed is JSON: ``stories``, ``reports``, ``records``, ``events``, ``reprints`` and, for each way, ``pairs`` and
``b_cubed`` with precision, recall and F1.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml
from training.corpus.items import Loader, made
from training.corpus.records import build

from benchmarks.joining import joined
from dragoman import Coder, evaluation
from dragoman.ledger.joining import Profile, profiles
from dragoman.record import Document, Event

FOLDER = Path(__file__).parent / "stories"
Figures = dict[str, Any]
# What each record is taken to tell, by a way of joining: equal for records of one event.
Way = Callable[["Report", Event], Hashable]
_KEYS = {"story", "about", "events", "reports"}


class BadStory(ValueError):
    """A story that cannot be used; one line a fault."""


@dataclass(frozen=True, slots=True)
class Report:
    """One report: its document, its outlet and title, of which report it is a reprint, and its records with the event
    of the story that each tells."""

    document: Document
    outlet: str
    title: str
    copy_of: str | None
    told: tuple[tuple[str, Event], ...]


@dataclass(frozen=True, slots=True)
class Story:
    """A story: its name, its events in words by their keys, and its reports in the order of the file."""

    name: str
    about: str
    events: Mapping[str, str]
    reports: tuple[Report, ...]


def read(path: Path) -> Story:
    """One story. Raises BadStory with every fault of the file, OSError where it cannot be opened."""
    try:
        data = yaml.load(path.read_text("utf-8"), Loader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadStory(f"{path.name}: {' '.join(str(error).split())}") from None
    if not isinstance(data, dict) or set(data) != _KEYS or data["story"] != path.stem:
        raise BadStory(f"{path.name}: a story is a mapping of {', '.join(sorted(_KEYS))}, named like its file")
    if not isinstance(data["events"], dict) or not all(map(_whole, data["reports"])):
        raise BadStory(f"{path.name}: events must be a mapping, and each report one with a list of events")
    faults: list[str] = []
    extra = [{k: row.pop(k, None) for k in ("outlet", "title", "copy_of")} for row in data["reports"]]
    keys = [[event.pop("event", "") for event in row["events"]] for row in data["reports"]]
    items, problems = made(data["reports"], path.name)
    built = [build(item) for item in items]
    faults += [str(p) for p in (*problems, *(p for b in built for p in b.problems)) if not p.note]
    if faults:
        raise BadStory("\n".join(faults))
    reports: list[Report] = []
    for one, more, told in zip(built, extra, keys, strict=True):
        where = f"{path.name}: {one.item.id}"
        faults += [f"{where}: lacks its {k}" for k in ("outlet", "title") if not more[k]]
        faults += [f"{where}: no event {k!r} in the story" for k in told if k not in data["events"]]
        faults += [f"{where}: tells {k!r} twice" for k, n in Counter(told).items() if n > 1]
        if more["copy_of"] and more["copy_of"] not in {r.document.id for r in reports}:
            faults.append(f"{where}: a reprint of {more['copy_of']!r}, which does not stand before it")
        pairs = tuple(zip(told, one.events, strict=True))
        document = replace(one.document, outlet=more["outlet"] or "", title=more["title"] or "")
        reports.append(Report(document, document.outlet, document.title, more["copy_of"], pairs))
    untold = set(data["events"]) - {k for told in keys for k in told}
    faults += [f"{path.name}: no report tells {k!r}" for k in sorted(untold)]
    if faults:
        raise BadStory("\n".join(faults))
    return Story(data["story"], data["about"], data["events"], tuple(reports))


def _whole(row: Any) -> bool:
    events = row.get("events") if isinstance(row, dict) else None
    return isinstance(events, list) and all(isinstance(e, dict) for e in events)


def read_all(folder: Path = FOLDER) -> list[Story]:
    """All stories of a folder, by name. Raises BadStory with the faults of all of them, or when there is none."""
    stories, faults = [], []
    for path in sorted(folder.glob("*.yaml")):
        try:
            stories.append(read(path))
        except BadStory as error:
            faults.append(str(error))
    if faults:
        raise BadStory("\n".join(faults))
    if not stories:
        raise BadStory(f"{folder} holds no story (*.yaml)")
    return stories


def alone(report: Report, event: Event) -> Hashable:
    """Nothing joined: every record its own event."""
    return report.document.id, event.id, event.mentions[0].trigger.start


def by_code(report: Report, event: Event) -> Hashable:
    """Records with the same type, actors, recipients and date, as the open coders join them."""
    who = (frozenset((e.country, e.sector) for e in role) for role in (event.actor, event.recipient))
    return event.type, *who, event.date or report.document.published


def ledger(stories: Iterable[Story]) -> Way:
    """Records joined as the ledger does it, with all of these stories in one ledger."""
    reports = [r for story in stories for r in story.reports]
    told = [(r, event) for r in reports for _, event in r.told]
    made = [p for r in reports for p in profiles(r.document, [event for _, event in r.told])]
    of = {alone(*told[n]): number for number, event in enumerate(joined(made)) for n in event}
    return lambda report, event: of[alone(report, event)]


def held_out(story: Story) -> bool:
    """Whether a story is for measuring only."""
    return story.name.startswith("d-")


def score(stories: Iterable[Story], way: Way) -> Figures:
    """How well a way of joining finds the events of stories, over pairs of records and B-cubed, within each story."""
    return figures([(id(r), key, way(r, event)) for r in story.reports for key, event in r.told] for story in stories)


def pooled(stories: Sequence[Story]) -> Figures:
    """The same of the ledger, over all pairs of records of all stories."""
    way = ledger(stories)
    rows = [(id(r), (s.name, key), way(r, event)) for s in stories for r in s.reports for key, event in r.told]
    return figures([rows])


def coded(stories: Iterable[Story]) -> Figures:
    """The same of what the coder makes of the reports: pairs of its records that are those of gold, by type and place
    in the text. Its other records take part, and are not counted."""
    coder = Coder()
    rows: list[tuple[Hashable, Hashable, int]] = []
    made: list[Profile] = []
    for story in stories:
        for report in story.reports:
            events = list(coder.code(report.document).events)
            keys = {id(event): key for key, event in report.told}
            of = {id(p): keys[id(g)] for g, p in evaluation.match([event for _, event in report.told], events)}
            rows += [(id(report), (story.name, of[id(e)]), len(made) + n) for n, e in enumerate(events) if id(e) in of]
            made += profiles(report.document, events)
    mine = {n: number for number, event in enumerate(joined(made)) for n in event}
    return figures([[(report, key, mine[n]) for report, key, n in rows]])


def figures(groups: Iterable[Sequence[tuple[Hashable, Hashable, Hashable]]]) -> Figures:
    """Pairs and B-cubed within groups of records, each given as its report, the event it tells and the one it is taken
    to tell."""
    pairs: Counter[str] = Counter()
    precision = recall = 0.0
    records = 0
    for rows in groups:
        for (a, true_a, mine_a), (b, true_b, mine_b) in combinations(rows, 2):
            if a != b:
                pairs["gold"] += true_a == true_b
                pairs["joined"] += mine_a == mine_b
                pairs["right"] += true_a == true_b and mine_a == mine_b
        true, mine = (Counter(row[n] for row in rows) for n in (1, 2))
        both = Counter((row[1], row[2]) for row in rows)
        precision += sum(n * n / mine[m] for (_, m), n in both.items())
        recall += sum(n * n / true[t] for (t, _), n in both.items())
        records += len(rows)
    return {
        "pairs": _f1(pairs["right"] / max(1, pairs["joined"]), pairs["right"] / max(1, pairs["gold"])),
        "b_cubed": _f1(precision / max(1, records), recall / max(1, records)),
    }


def _f1(precision: float, recall: float) -> Figures:
    both = precision + recall
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / both if both else 0.0}


PLAIN: Mapping[str, Way] = {"alone": alone, "by_code": by_code}
WAYS = (*PLAIN, "ledger", "pooled", "held_out", "coded")


def measure(stories: Sequence[Story]) -> Figures:
    """The counts of the stories and the figures of every way; ``held_out`` and ``coded`` where any is."""
    reports = [r for s in stories for r in s.reports]
    found = {
        "stories": len(stories),
        "reports": len(reports),
        "reprints": sum(r.copy_of is not None for r in reports),
        "records": sum(len(r.told) for r in reports),
        "events": sum(len(s.events) for s in stories),
        **{name: score(stories, way) for name, way in PLAIN.items()},
        "ledger": _each(stories),
        "pooled": pooled(stories),
    }
    unseen = [s for s in stories if held_out(s)]
    if unseen:
        found["held_out"] = {"stories": len(unseen), "reports": sum(len(s.reports) for s in unseen), **_each(unseen)}
        found["coded"] = coded(unseen)
    return found


def _each(stories: Sequence[Story]) -> Figures:
    ways = {s.name: ledger([s]) for s in stories}
    return figures([(id(r), key, ways[s.name](r, e)) for r in s.reports for key, e in r.told] for s in stories)


def main(argv: Sequence[str] | None = None) -> None:
    """Print the figures as JSON on the last line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.stories", description="The same event in several reports."
    )
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER, help="stories, one YAML file each")
    options = parser.parse_args(argv)
    try:
        found = measure(read_all(options.folder))
    except (OSError, ValueError) as error:
        parser.error(str(error))
    for name in (n for n in WAYS if n in found):
        row = found[name]
        print(f"{name:8} pairs F1 {row['pairs']['f1']:.3f}  B-cubed F1 {row['b_cubed']['f1']:.3f}")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
