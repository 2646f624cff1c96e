"""The ledger holds what came in, once, and what follows from it, however it came in."""

from __future__ import annotations

import multiprocessing
import random
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from benchmarks.ledger_reports import QuickCoder, reports
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from tests.databases import Server

from dragoman.ledger import Arrival, Ledger, LedgerEvent, Progress, pieces
from dragoman.ledger.tables import band, origin, report
from dragoman.reading import Refusal
from dragoman.record import Document

# Words enough to be told from another text, in which nothing happens.
ASIDE = "Traders in the old town kept their stalls open until the lamps were lit and the last ferry had gone."
OTHER = "A choir from the hills sang at the station while the porters waited for a train that was four hours late."
THIRD = "Nobody at the ministry picked up the telephone, and the caretaker said that all of them were out fishing."


def story(text: str, number: int, aside: str = ASIDE, **given: Any) -> Document:
    """A report of a page of its own, by an outlet of its own."""
    values = {"published": "2022-03-05", "url": f"https://paper{number}.example/a", "outlet": f"Paper {number}"}
    return Document(f"{text} {aside}", id=f"d{number}", title=f"Report {number}", **{**values, **given})


# Joins, copies, versions of one page out of order, a denial, a record without a date, and one of the same day in short.
FIRST = story("Chad shelled Laos near Osaka on 2022-03-04.", 1)
STORIES = [
    FIRST,
    story("Chad shelled Laos on 2022-03-04.", 2, OTHER),
    story("Fiji said that Chad shelled Laos near Osaka on 2022-03.", 3, THIRD, published="2022-03-06"),
    story("Chad denied that Chad shelled Laos near Osaka on 2022-03-04.", 4, OTHER + " " + THIRD),
    story("Chad shelled Laos near Osaka.", 5, THIRD + " " + OTHER),
    replace(FIRST, id="copy", title="From the wire", url="", outlet="Mirror", published="2022-03-06"),
    replace(FIRST, id="later copy", title="Last night's news", url="", outlet="Evening Mirror", published="2022-03-07"),
    story("Kenya supplied Ghana near Kumasi on 2022-03-01. Chad shelled Laos on 2022-03-04.", 6, OTHER),
    story("Kenya supplied Ghana near Kumasi on 2022-03-01.", 7, THIRD, published="2022-03-02"),
    story("Kenya visited Ghana near Kumasi on 2022-03-01.", 7, THIRD, published="2022-03-02T23:00:00-05:00"),
    story("Nothing is certain yet.", 7, THIRD + " " + ASIDE, published="2022-03-03T01:00:00Z"),
    story("Japan condemned India.", 8, ASIDE + " " + THIRD, published=None, retrieved="2022-03-02T10:00:00Z"),
    story("Japan condemned India again.", 8, ASIDE + " " + OTHER, published=None, retrieved="2022-03-01T10:00:00Z"),
]


@pytest.fixture
def ledger(ledger_address: str) -> Iterator[Ledger]:
    with Ledger(ledger_address) as made:
        yield made


def fill(ledger: Ledger, documents: Iterable[Document | Arrival | Refusal], **options: Any) -> Progress:
    return ledger.ingest(documents, coder=options.pop("coder", QuickCoder()), called="quick", **options)


def events(ledger: Ledger, type: str | None = None) -> list[LedgerEvent]:
    """All events, with their tellings, the first told first."""
    from dragoman.ledger.tables import event

    with ledger.store.reading() as connection:
        ids = list(connection.execute(select(event.c.id)).scalars())
    found = [made for id in ids if (made := ledger.event(id)) is not None]
    return sorted(
        (e for e in found if type in (None, e.type)), key=lambda e: (e.tellings[0].report.published or "", e.id)
    )


def sound(ledger: Ledger) -> str:
    """The digest of a ledger without faults."""
    assert ledger.faults() == []
    return ledger.digest()


# --- the same ledger -------------------------------------------------------------------------------------------------


def test_a_second_ingest_changes_nothing(ledger: Ledger) -> None:
    first = fill(ledger, STORIES)
    before = sound(ledger)
    second = fill(ledger, STORIES)
    assert (first.total.coded, first.total.known, first.written) == (len(STORIES), 0, len(STORIES))
    assert (second.total.coded, second.total.known, second.written) == (0, len(STORIES), 0)
    assert sound(ledger) == before


def test_both_databases_hold_the_same(tmp_path: Path, postgres: Server) -> None:
    documents = [*STORIES, *reports(60)]
    with postgres.database() as address, Ledger(address) as one, Ledger(tmp_path / "l.db") as other:
        fill(one, documents)
        fill(other, documents)
        for ledger in (one, other):
            ledger.correct(events(ledger)[0].id, {"date": "2022-03"}, by="ann")
        assert [e.to_dict() for e in events(one)] == [e.to_dict() for e in events(other)]
        assert one.faults() == other.faults() == []


def in_batches(address: str | Path, documents: Sequence[Document], sizes: Sequence[int]) -> str:
    with Ledger(address) as ledger:
        left = list(documents)
        for size in sizes:
            fill(ledger, left[:size])
            left = left[size:]
        fill(ledger, left)
        return sound(ledger)


@pytest.fixture(scope="module")
def in_order() -> str:
    with tempfile.TemporaryDirectory() as folder:
        return in_batches(Path(folder) / "l.db", STORIES, ())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(STORIES), st.lists(st.integers(1, 4), max_size=6))
def test_any_order_and_any_batches_give_the_same(in_order: str, documents: list[Document], sizes: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert in_batches(Path(folder) / "l.db", documents, sizes) == in_order


def test_any_order_gives_the_same_in_postgresql(in_order: str, postgres: Server) -> None:
    for seed in range(3):
        documents = list(STORIES)
        random.Random(seed).shuffle(documents)
        with postgres.database() as address:
            assert in_batches(address, documents, (1, 2, 3)) == in_order


@pytest.mark.parametrize("most", [1_000, 4])
def test_a_denser_corpus_is_the_same_in_any_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Also where pieces are so small that most are too large for the first levels."""
    monkeypatch.setattr(pieces, "MOST", most)
    documents = list(reports(120, seed=3))
    digests = set()
    for seed in range(3):
        random.Random(seed).shuffle(documents)
        digests.add(in_batches(tmp_path / f"{seed}.db", documents, (7, 50, 1, 1, 1)))
    assert len(digests) == 1


def _ingest_part(address: str, seed: int) -> None:
    documents = list(reports(60, seed=5))
    random.Random(seed).shuffle(documents)
    with Ledger(address) as ledger:
        for at in range(0, len(documents), 6):  # small batches: the two take turns
            fill(ledger, documents[at : at + 10])


def test_two_processes_at_once_give_what_one_does(ledger_address: str, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    both = [context.Process(target=_ingest_part, args=(ledger_address, seed)) for seed in (1, 2)]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
        assert process.exitcode == 0
    with Ledger(ledger_address) as ledger:
        assert sound(ledger) == in_batches(tmp_path / "one.db", list(reports(60, seed=5)), ())


# --- reports ---------------------------------------------------------------------------------------------------------


def statuses(ledger: Ledger) -> dict[str, tuple[str, bool]]:
    with ledger.store.reading() as connection:
        rows = connection.execute(select(report.c.title, report.c.published, report.c.status, report.c.superseded))
        return {f"{row.title} {row.published or ''}".strip(): (row.status, row.superseded) for row in rows}


def test_reports_are_told_apart_as_new_revised_and_reprinted(ledger: Ledger) -> None:
    fill(ledger, STORIES[::-1])
    found = statuses(ledger)
    assert found["Report 1 2022-03-05"] == ("new", False)
    assert found["From the wire 2022-03-06"] == ("reprinted", False)
    assert found["Last night's news 2022-03-07"] == ("reprinted", False)
    # By the clock of one place: 23:00 in the west is 04:00 of the next day, after 01:00.
    assert found["Report 7 2022-03-02"] == ("new", True)
    assert found["Report 7 2022-03-03T01:00:00Z"] == ("revised", True)
    assert found["Report 7 2022-03-02T23:00:00-05:00"] == ("revised", False)


def test_versions_without_a_date_go_by_when_they_were_first_fetched(ledger: Ledger) -> None:
    early, late = (story(f"Japan condemned India {n}.", 8, published=None) for n in ("once", "twice"))
    fill(ledger, [replace(early, retrieved="2022-03-03T10:00:00Z"), replace(late, retrieved="2022-03-02T10:00:00Z")])
    # It was there already when another crawler came by, a day before both.
    fill(ledger, [replace(early, retrieved="2022-03-01T10:00:00Z")])
    with ledger.store.reading() as connection:
        rows = dict(connection.execute(select(report.c.text, report.c.superseded)).all())
    assert rows == {early.text: True, late.text: False}
    assert ledger.faults() == []


def test_a_report_joins_two_groups_of_copies(ledger: Ledger) -> None:
    """Neither half of a text is a copy of the other; the whole, which comes in last, is a copy of both."""
    text = " ".join(d.text for d in list(reports(60, seed=9))[::20])
    sentences = text.split(". ")
    cuts = [". ".join(sentences[i::2]) for i in (0, 1)]
    halves = [Document(cut, f"2022-03-0{i + 2}", outlet=f"Half {i}") for i, cut in enumerate(cuts)]
    whole = Document(text, "2022-03-01", outlet="Whole")
    fill(ledger, halves)
    with ledger.store.reading() as connection:
        assert len(set(connection.execute(select(report.c.copies)).scalars())) == 2
    fill(ledger, [whole])
    with ledger.store.reading() as connection:
        groups = list(connection.execute(select(report.c.copies)).scalars())
    assert len(groups) == 3
    assert len(set(groups)) == 1
    assert ledger.faults() == []


def test_one_text_printed_many_times_is_kept_in_the_index_once(ledger: Ledger) -> None:
    fill(ledger, [replace(FIRST, outlet=f"Paper {n}", url="") for n in range(30)])
    with ledger.store.reading() as connection:
        assert len(set(connection.execute(select(band.c.report)).scalars())) == 1
        assert len(set(connection.execute(select(report.c.copies)).scalars())) == 1
    (event,) = events(ledger)
    assert (event.sources, event.reports, event.state) == (1, 30, "reported")


def test_where_a_report_was_found_is_kept_for_every_source(ledger: Ledger) -> None:
    fill(ledger, [Arrival("feed", FIRST), Arrival("archive", replace(FIRST, id="r9")), Arrival("feed", FIRST)])
    fill(ledger, [Arrival("folder", FIRST)])
    with ledger.store.reading() as connection:
        rows = set(connection.execute(select(origin.c.source, origin.c.name)))
    assert rows == {("feed", "d1"), ("archive", "r9"), ("folder", "d1")}


def test_what_no_database_holds_is_replaced(ledger: Ledger) -> None:
    odd = Document(
        "Chad attacked Laos.\x00 \ud800 " + ASIDE, "2022-01-02", "a\x00b", "\udfff", "https://x.example/\x00"
    )
    assert fill(ledger, [Arrival("so\x00urce", odd)]).total.coded == 1
    assert fill(ledger, [Arrival("so\x00urce", odd)]).total.known == 1
    (event,) = events(ledger)
    assert event.sentence == "Chad attacked Laos."
    assert ledger.faults() == []


def test_words_and_addresses_beyond_all_measure(ledger: Ledger) -> None:
    """Each alone would be too long for an index or a search of PostgreSQL."""
    draw = random.Random(4)
    noise = ["".join(draw.choices("abcdefghijklmnop", k=n)) for n in (40_000, *[12] * 20_000)]
    name = "".join(draw.choices("abcdefgh", k=9_000))
    document = Document(
        f"Chad attacked {noise[0].capitalize()}. {' '.join(noise[1:])} Fiji said that Kenya attacked Ghana.",
        "2022-01-02",
        name,
        name.capitalize(),
        f"https://x.example/{name}",
        outlet=name,
    )
    assert fill(ledger, [Arrival(name, document)]).total.events == 2
    assert fill(ledger, [Arrival(name, document)]).total.known == 1
    assert ledger.faults() == []


class Failing(QuickCoder):
    def code(self, document: Document) -> Any:
        if "fails" in document.text:
            raise ValueError("cannot be coded")
        return super().code(document)


def test_what_became_of_documents_is_counted_by_source(ledger: Ledger) -> None:
    told: list[str] = []
    progress = fill(
        ledger,
        [
            Arrival("feed", FIRST),
            Arrival("feed", FIRST),
            Arrival("folder", story("It fails.", 9)),
            Arrival("folder", Refusal("b.txt", "is empty", "give a text", "skipped")),
        ],
        coder=Failing(),
        tell=lambda _, made: told.append(made.name if isinstance(made, Refusal) else made.id),
    )
    counts = {name: (c.coded, c.known, c.skipped, c.failed) for name, c in progress.sources.items()}
    assert counts == {"feed": (1, 1, 0, 0), "folder": (0, 0, 1, 1)}
    assert sorted(told) == ["b.txt", "d1", "d1", "d9"]
    assert ledger.counts() == {"reports": 1, "events": 1}


@pytest.mark.parametrize("day", ["2022-99-99", "0000-00-00", "2022-02", "March 5", "\ud800"])
def test_a_date_that_is_none_is_refused(day: str, ledger: Ledger) -> None:
    told: list[Any] = []
    progress = fill(ledger, [story("Chad shelled Laos.", 1, published=day)], tell=lambda _, made: told.append(made))
    assert (progress.total.failed, ledger.counts()["reports"]) == (1, 0)
    assert f"{day!r} is no publication date" in str(told[0])


def test_the_newest_report_of_each_source_is_told_however_old(ledger: Ledger) -> None:
    days: dict[str, list[str | None]] = {
        "daily": ["2021-12-30", "2022-03-07T08:00:00Z"],
        "weekly": ["2022-02-01"],
        "ended": ["2019-06-01", None],
        "undated": [None],
    }
    number = iter(range(9))
    for source, published in days.items():
        fill(ledger, [Arrival(source, story("Chad shelled Laos.", next(number), published=day)) for day in published])
    told = {one.source: (one.reports, one.newest) for one in ledger.sources()}
    assert told == {
        source: (len(published), max((day for day in published if day), default=None))
        for source, published in days.items()
    }


def test_what_is_coded_is_kept_when_reading_fails_in_the_middle(ledger: Ledger) -> None:
    def broken() -> Iterator[Document]:
        yield from STORIES[:4]
        raise OSError("the archive ends in the middle")

    with pytest.raises(OSError, match="in the middle"):
        fill(ledger, broken())
    assert ledger.counts()["reports"] == 4
    assert ledger.faults() == []


# --- events ----------------------------------------------------------------------------------------------------------


def test_states_of_events(ledger: Ledger) -> None:
    told = "Chad shelled Laos near Osaka on 2022-03-04."
    fill(ledger, [story(told, 1)])
    assert [e.state for e in events(ledger)] == ["reported"]
    fill(ledger, [story(told, 2, OTHER)])
    assert [(e.state, e.sources) for e in events(ledger)] == [("corroborated", 2)]
    denial = story(f"Fiji denied that {told}", 3, THIRD)
    fill(ledger, [denial])
    deed, denied = sorted(events(ledger), key=lambda e: e.factuality)
    assert (deed.state, [p.country for p in deed.denials]) == ("disputed", ["FJI"])
    assert (deed.contrary, denied.contrary) == ((denied.id,), (deed.id,))
    assert (denied.factuality, denied.state) == ("negated", "reported")
    # Fiji's paper takes it back: the denial is told by nobody any more, and the deed disputed by nobody.
    fill(ledger, [replace(denial, text=f"Fiji keeps silent. {OTHER}", published="2022-03-09")])
    deed, denied = sorted(events(ledger), key=lambda e: e.factuality)
    assert (deed.state, deed.denials, denied.state) == ("corroborated", (), "retracted")
    assert ledger.faults() == []


def test_sources_are_outlets_and_texts(ledger: Ledger) -> None:
    told = "Chad shelled Laos near Osaka on 2022-03-04."
    one = story(told, 1)
    fill(ledger, [one, replace(one, outlet="Mirror", url=""), story(told, 3, OTHER, outlet="the  PAPER 1")])
    (event,) = events(ledger)
    assert (event.sources, event.reports, event.state) == (1, 3, "reported")
    fill(ledger, [story(told, 4, THIRD)])
    (event,) = events(ledger)
    assert (event.sources, event.reports, event.state) == (2, 4, "corroborated")


def test_sources_that_take_an_event_back_count_no_more(ledger: Ledger) -> None:
    told = "Chad shelled Laos near Osaka on 2022-03-04."
    first = story(told, 1)
    fill(ledger, [first, story(told, 2, OTHER)])
    fill(ledger, [replace(first, text=THIRD, published="2022-03-09")])
    (event,) = events(ledger, "ASSAULT")
    assert (event.state, event.sources, event.reports) == ("reported", 1, 2)
    assert [e.id for e in ledger.query(type="ASSAULT", min_sources=2).events] == []
    fill(ledger, [replace(story(told, 2, OTHER), text=f"{THIRD} {OTHER}", published="2022-03-10")])
    (event,) = events(ledger, "ASSAULT")
    assert (event.state, event.sources, event.reports) == ("retracted", 2, 2)
    assert ledger.faults() == []


def test_an_event_keeps_its_id_as_later_reports_come_in_and_is_found_by_any_record(ledger: Ledger) -> None:
    fill(ledger, [STORIES[0]])
    (before,) = events(ledger)
    fill(ledger, [STORIES[1], STORIES[2]])
    (after,) = events(ledger)
    assert after.id == before.id
    assert {t.record.id for t in after.tellings} > {before.id}
    assert all(ledger.event(t.record.id) == after for t in after.tellings)
    assert ledger.event("0" * 16) is None


def test_records_of_all_times_are_found_whichever_comes_first(tmp_path: Path) -> None:
    """What has no date, or one of long ago, or a wide one, is compared the same way round and the other."""
    told = "Brazil condemned Ecuador near Manaus"
    dates = ("", " on 1962-05", " on 1962-05-11", " on 2022-03-04")
    documents = [
        story(f"{told}{date}.", n, aside, published=published)
        for n, (date, aside, published) in enumerate(
            (date, f"{ASIDE} {n} {published}", published)
            for n, date in enumerate(dates)
            for published in (None, "1962-05-12", "2022-03-05")
        )
    ]
    digests = {in_batches(tmp_path / f"{n}.db", order, (3, 3)) for n, order in enumerate((documents, documents[::-1]))}
    assert len(digests) == 1


# --- without texts ---------------------------------------------------------------------------------------------------


def test_a_ledger_without_texts(ledger: Ledger, tmp_path: Path) -> None:
    fill(ledger, STORIES, text=False)
    fill(ledger, [story("India endorsed Fiji on 2022-01-01.", 20)])  # what was said first of a ledger holds
    with ledger.store.reading() as connection:
        assert set(connection.execute(select(report.c.text)).scalars()) == {None}
    with Ledger(tmp_path / "with.db") as other:
        fill(other, [*STORIES, story("India endorsed Fiji on 2022-01-01.", 20)])
        assert [e.to_dict() for e in events(other)] == [e.to_dict() for e in events(ledger)]
    event = events(ledger, "AID")[0]
    assert event.tellings[0].evidence == ("Kenya supplied Ghana near Kumasi on 2022-03-01.",)
    id = ledger.correct(event.id, {"place": {"text": "Osaka", "country": "JPN"}}, by="ann")
    (moved,) = {e.place.text for e in events(ledger, "AID") if e.place is not None}
    assert moved == "Osaka"
    assert ledger.faults() == []
    ledger.undo(id, by="ann")
    assert events(ledger, "AID")[0].to_dict() == event.to_dict()
    done = ledger.recode(coder=QuickCoder(wide=True), called="wide")
    assert (done.total, done.textless, done.coded) == (0, len(STORIES) + 1, 0)
    assert ledger.faults() == []
    assert not list(ledger.training_records())


def test_a_record_is_added_to_a_report_without_text(ledger: Ledger) -> None:
    fill(ledger, [STORIES[0]], text=False)
    (event,) = events(ledger)
    telling = event.tellings[0]
    ledger.add(telling.report.id, replace(telling.record, type="ACCUSE", mode=()), by="ann")
    (added,) = events(ledger, "ACCUSE")
    assert added.tellings[0].evidence == ("",)
    assert ledger.faults() == []
