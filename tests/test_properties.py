"""What holds for every document, through the whole coder: made-up reports and arbitrary Unicode."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from random import Random

import jsonschema
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).parents[1]
if str(ROOT) not in sys.path:  # pytest itself puts only the tests' own folder there
    sys.path.insert(0, str(ROOT))

from benchmarks import offsets  # noqa: E402

from dragoman import CodedDocument, Coder, Document, Entity, Event, Mention, Span  # noqa: E402
from dragoman.codebook import json_schema  # noqa: E402
from dragoman.engines import Coded, code_all  # noqa: E402
from dragoman.record import EventPlace, Reason  # noqa: E402

# The coder is loaded in the first example, which then takes seconds: no deadline.
ours = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])


@lru_cache(maxsize=1)
def coder() -> Coder:
    return Coder()


@lru_cache(maxsize=1)
def validator() -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(json_schema())
    return jsonschema.Draft202012Validator(json_schema())


@st.composite
def reports(draw: st.DrawFn) -> Document:
    """A made-up report; Hypothesis shrinks its choices."""
    return offsets.document(draw(st.randoms(use_true_random=False)))


# Every code point there is, lone surrogates and control characters too, and the troublesome ones often.
characters = st.one_of(
    st.characters(exclude_categories=()),
    st.sampled_from("\x00\x07\r\n\t\x0b\x85\u2028\u200b\ufeff\ud83d\ude80“”\"'’.()"),
)
anything = st.one_of(
    st.text(characters, max_size=300),
    st.lists(
        st.one_of(
            st.text(characters, max_size=12),
            st.sampled_from(offsets.WHO + offsets.ASIDES + ("attacked", "said", "met")),
        ),
        max_size=30,
    ).map(" ".join),
)


@given(reports())
@ours
def test_every_made_up_report_is_coded_without_fault(report: Document) -> None:
    assert offsets.faults(report.text, coder().code(report)) == []


@given(reports(), st.text(characters, max_size=40), st.data())
@ours
def test_no_stretch_of_text_within_a_report_breaks_it(report: Document, odd: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(report.text)))
    torn = Document(report.text[:at] + odd + report.text[at:], report.published)
    assert offsets.faults(torn.text, coder().code(torn)) == []


@example(text="d  。  Police", published=None, title="")
@example(text="\ud800", published="2025-03-14", title="\ude80")
@example(text="Kenya attacked Sudan. \ud83d Police \udfff arrested him.", published="2025-03-14", title="")
@given(anything, st.sampled_from(["2025-03-14", None]), st.text(characters, max_size=20))
@ours
def test_arbitrary_text_is_coded_without_fault(text: str, published: str | None, title: str) -> None:
    assert offsets.faults(text, coder().code(Document(text, published, title=title))) == []


@pytest.mark.parametrize("space", ["  ", " \t", " \u00a0 "])
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Israel  launched an air strike on Gaza on Friday.", ["ASSAULT", ("aerial",), ["Israel"]]),
        ("On Friday  the Kenyan government attacked the rebels.", ["ASSAULT", (), ["Kenyan government"]]),
    ],
)
def test_odd_spaces_between_words_change_no_record(text: str, told: list[object], space: str) -> None:
    (event,) = coder().code(Document(text.replace("  ", space), "2025-03-14")).events
    assert [event.type, event.mode, [entity.text for entity in event.actor]] == told


@given(st.text(" \t\r\n\x0b\x0c\x85\xa0\u2003\u2028\u200b\ufeff", max_size=20))
@ours
def test_a_text_without_words_has_no_events(blank: str) -> None:
    assert coder().code(Document(blank, "2025-03-14")).events == ()


@given(reports())
@ours
def test_the_schema_accepts_every_coded_document(report: Document) -> None:
    row = json.loads(json.dumps(coder().code(report).to_dict()))
    assert [error.message for error in validator().iter_errors(row)] == []


@given(reports())
@ours
def test_json_loses_nothing(report: Document) -> None:
    coded = coder().code(report)
    assert CodedDocument.from_json(coded.to_json()) == coded


@given(st.lists(reports(), min_size=2, max_size=4), st.randoms())
@ours
def test_what_was_coded_before_changes_nothing(batch: list[Document], random: Random) -> None:
    first = [coder().code(report).to_json() for report in batch]
    order = list(range(len(batch)))
    random.shuffle(order)
    again = {n: coder().code(batch[n]).to_json() for n in order}
    assert [again[n] for n in range(len(batch))] == first


def test_what_was_coded_before_changes_nothing_in_another_process() -> None:
    """A process that has coded nothing else gives the same bytes as this one, which has coded much."""
    code = (
        "from benchmarks import offsets; from dragoman import Coder; c = Coder()\n"
        "for d in reversed(list(offsets.documents(12, 7))): print(ascii(c.code(d).to_json()))"
    )
    # A hash seed of its own: the order of sets must not reach the records.
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "12345"},
    )
    here = [ascii(coder().code(d).to_json()) for d in offsets.documents(12, 7)]
    assert ran.stdout.splitlines() == here[::-1]


def test_one_process_and_two_give_the_same_bytes_in_the_same_order() -> None:
    batch = list(offsets.documents(30, 3))

    def lines(jobs: int) -> Iterator[str]:
        for outcome in code_all(batch, jobs=jobs):
            assert isinstance(outcome, Coded)
            yield outcome.coded.to_json()

    assert list(lines(2)) == list(lines(1))


def test_the_made_up_reports_hold_what_they_should() -> None:
    """The checks above say nothing on reports in which nothing is found, or nothing is odd."""
    batch = list(offsets.documents(60, 5))
    coded = [coder().code(report) for report in batch]
    events = [event for row in coded for event in row.events]
    assert len(events) > 90
    assert len({event.type for event in events}) >= 10
    assert sum(bool(event.attribution) for event in events) > 5
    assert sum(event.place is not None for event in events) > 5
    text = "".join(report.text for report in batch)
    for sort in ("\r\n", "🚀", "\u0308", "م", "“", "[", "\u00a0", "\ufeff"):
        assert sort in text, f"{sort!r} is in none of the reports"


def test_two_hundred_reports_from_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert offsets.main(["--documents", "200", "--seed", "11"]) == 0
    counts = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert counts["documents"] == 200
    assert counts["faults"] == 0
    assert counts["events"] > 200
    assert counts["mentions"] >= counts["events"]


@pytest.mark.slow
def test_ten_thousand_reports(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> None:
    if "slow" not in request.config.getoption("-m"):
        pytest.skip("takes minutes: pytest -m slow")
    assert offsets.main(["--documents", "10000"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["documents"] == 10_000


TEXT = "Kenya attacked Sudan in Gao."
SOUND = Event(
    type="ASSAULT",
    mode=("aerial",),
    actor=(Entity("Kenya", 0, 5, "KEN", "GOV"),),
    recipient=(Entity("Sudan", 15, 20, "SDN", "GOV"),),
    date="2025-03-14",
    place=EventPlace("Gao", "MLI"),
    mentions=(Mention(0, 28, Span(6, 14)),),
    reasons=(Reason("type", "a verb", Span(6, 14)),),
    id="a",
)


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ({"actor": (Entity("Kenya", 1, 6, "KEN", "GOV"),)}, "not what its offsets hold"),
        ({"actor": (Entity("", 3, 3, "KEN", "GOV"),)}, "not what its offsets hold"),
        ({"attribution": (Entity(" ", 5, 6),)}, "without words"),
        ({"recipient": (Entity("Sudan", 15, 20, "SUD", None),)}, "of no country"),
        ({"recipient": (Entity("Sudan", 15, 20, "PRI", None),)}, "of no country"),
        ({"recipient": (Entity("Sudan", 15, 20, None, "ARMY"),)}, "of no sector"),
        ({"mentions": (Mention(0, 29, Span(6, 14)),)}, "not in the text"),
        ({"mentions": (Mention(7, 28, Span(6, 14)),)}, "trigger not in the mention"),
        ({"mentions": (Mention(0, 28, Span(6, 6)),)}, "trigger not in the mention"),
        ({"mentions": (Mention(0, 28, Span(5, 6)),)}, "trigger without words"),
        ({"mentions": ()}, "no mention"),
        ({"mode": ("visit",)}, "modes that the type has not"),
        ({"type": "WAR"}, "no such type"),
        ({"factuality": "likely"}, "no such factuality"),
        ({"date": "14 March"}, "no date"),
        ({"place": EventPlace("Timbuktu", "MLI")}, "place is not in the text"),
        ({"place": EventPlace("Gao", "MAL")}, "place is of no country"),
        ({"reasons": (Reason("type", "a verb", Span(6, 40)),)}, "span of a reason"),
        ({"id": ""}, "ids are not unique"),
    ],
)
def test_a_fault_is_seen(broken: dict[str, object], says: str) -> None:
    assert offsets.faults(TEXT, CodedDocument("d", (SOUND,))) == []
    event = replace(SOUND, **broken)  # type: ignore[arg-type]
    assert any(says in fault for fault in offsets.faults(TEXT, CodedDocument("d", (event,))))


def test_two_events_of_one_id_and_strange_contexts_are_seen() -> None:
    twice = offsets.faults(TEXT, CodedDocument("d", (SOUND, SOUND), ("weather",)))
    assert [fault.split(":")[0] for fault in twice] == ["ids are not unique", "contexts that are none"]
