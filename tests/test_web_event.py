"""One event: all reports side by side with the words marked, and what editors say of it, logged and undone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.ledger_samples import Told, report
from tests.web_forms import form, send

from dragoman.ledger import Ledger, LedgerEvent, Telling
from dragoman.ledger.model import Report
from dragoman.ledger.writing import add
from dragoman.record import Entity, Event, EventPlace, Mention, Reason, Span
from dragoman.web import Settings, create_app
from dragoman.web.showing import evidence as telling_evidence
from dragoman.web.showing.evidence import sentences

HOSTILE = "<script>alert(1)</script>"
STRIKE = "The Osk army shelled Lanivka on Tuesday, killing 12 people, Kyiv said."
AGAIN = "The Osk army shelled Lanivka on Tuesday, killing at least 11 people in the town."
DENIAL = "Moscow denied that the Osk army shelled Lanivka on Tuesday."
OTHER = "Gunners fired on the depot beside the railway."


def strike(**more: Any) -> Told:
    return Told("shelled", "ASSAULT", "The Osk army|RUS MIL", "Lanivka|UKR CVL", date="2022-03-01", **more)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        codings = [
            report(STRIKE, strike(by="Kyiv|UKR GOV"), published="2022-03-02", outlet="North Post", title=HOSTILE),
            report(AGAIN, strike(), published="2022-03-03", outlet="<b>Harbour</b> Wire", title="Town shelled"),
            report(
                DENIAL,
                Told(
                    "shelled", "ASSAULT", "the Osk army|RUS MIL", "Lanivka|UKR CVL", factuality="negated",
                    date="2022-03-01", by="Moscow|RUS GOV",
                ),
                published="2022-03-03",
                outlet="East Courier",
            ),
            report(
                OTHER,
                Told("fired on", "ASSAULT", "Gunners|RUS MIL", "the depot|UKR MIL", date="2022-03-04"),
                published="2022-03-05",
                outlet="South Mail",
            ),
        ]  # fmt: skip
        opened.store.write(lambda connection: add(connection, codings))
        yield opened


@pytest.fixture
def client(ledger: Ledger) -> TestClient:
    return desk(ledger)


def desk(ledger: Ledger, **settings: Any) -> TestClient:
    app = create_app(ledger, Settings(local_user="ada", **settings))
    return TestClient(app, base_url="http://127.0.0.1:8421", follow_redirects=False)


def of(ledger: Ledger, words: str) -> LedgerEvent:
    """The event that a report tells with these words."""
    found = [event for event in ledger.iterate(tellings=True) if any(words in t.evidence for t in event.tellings)]
    assert len(found) == 1
    return found[0]


def page(client: TestClient, id: str, status: int = 200) -> str:
    answer = client.get(f"/events/{id}")
    assert answer.status_code == status
    return answer.text


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def press(client: TestClient, event: LedgerEvent, action: str, typed: Any = None, *, to: str = "") -> str:
    """Send a form of an event's page and go where it leads; the page there."""
    answer = send(client, page(client, event.id), f"/events/{event.id}/{action}", typed, to=to)
    assert answer.status_code == 303
    for _ in range(2):
        answer = client.get(answer.headers["location"])
        if answer.status_code == 200:
            return answer.text
    raise AssertionError("redirected twice")


def undo(client: TestClient, shown: str) -> str:
    """Press the Undo button of a page's notice; the page where it leads."""
    notice = re.search(r'<div class="notice done".*?</div>', shown, re.S)
    assert notice is not None
    action = re.search(r'action="([^"]+)"', notice[0])
    assert action is not None
    answer = send(client, notice[0], action[1])
    assert answer.status_code == 303
    back = client.get(answer.headers["location"])
    return (client.get(back.headers["location"]) if back.status_code == 303 else back).text


def test_all_reports_are_told_side_by_side_with_their_words_marked(client: TestClient, ledger: Ledger) -> None:
    event = of(ledger, STRIKE)
    assert len(event.tellings) == 2
    shown = page(client, event.id)
    assert "Assault: The Osk army" in plain(shown)
    told = re.findall(r'<article class="card telling".*?</article>', shown, re.S)
    assert len(told) == 2
    assert '<mark class="trigger" title="names the event">shelled</mark>' in told[0]
    assert '<mark class="actor" title="who acts">The Osk army</mark>' in told[0]
    assert '<mark class="attribution" title="on whose word">Kyiv</mark>' in told[0]
    assert '<mark class="figure" title="how many">killing 12 people</mark>' in told[0]
    for quote, sentence in zip(told, (STRIKE, AGAIN), strict=True):
        words = re.search(r"<blockquote[^>]*>(.*?)</blockquote>", quote, re.S)
        assert words is not None
        assert re.sub(r"<[^>]+>", "", words[1]) == sentence
    assert "killed 12" in told[0]
    assert "killed 11 or more" in told[1]
    assert f'href="/reports/{event.tellings[0].report.id}"' in told[0]
    assert "Kyiv</a> " not in told[1]


def test_who_denies_it_and_why_it_is_one_event_are_told(client: TestClient, ledger: Ledger) -> None:
    event, denial = of(ledger, STRIKE), of(ledger, DENIAL)
    shown = page(client, event.id)
    assert f'href="/events/{denial.id}"' in shown
    assert "Who denies it" in shown
    assert "both on 1 March 2022" in shown
    assert "1 and 2" in shown
    assert f'href="/events/{event.id}"' in page(client, denial.id)
    assert "What it denies" in page(client, denial.id)


def test_names_and_titles_are_never_read_as_html(client: TestClient, ledger: Ledger) -> None:
    shown = page(client, of(ledger, STRIKE).id)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert HOSTILE not in shown
    assert "<b>Harbour" not in shown


def test_similar_events_are_linked_with_the_reason(client: TestClient, ledger: Ledger) -> None:
    event, other = of(ledger, STRIKE), of(ledger, OTHER)
    shown = page(client, event.id)
    similar = shown[shown.index('id="similar"') :]
    assert f'href="/events/{other.id}"' in similar
    assert "also Russia towards Ukraine" in similar
    assert f'href="/events/{of(ledger, DENIAL).id}"' not in similar


def test_a_record_leads_to_its_event(client: TestClient, ledger: Ledger) -> None:
    event = of(ledger, STRIKE)
    second = event.tellings[1].record.id
    answer = client.get(f"/events/{second}?did=x")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/events/{event.id}?did=x"
    assert client.get(f"/events/{second}/correct").headers["location"] == f"/events/{event.id}/correct"


@pytest.mark.parametrize("id", ["0123456789abcdef", "%3Cscript%3E", "%C3%A9", "a" * 300])
def test_there_is_no_such_event(client: TestClient, id: str) -> None:
    shown = page(client, id, 404)
    assert "There is no such event" in shown
    assert "<script>" not in re.sub(r"<script src=[^>]+>", "", shown)


def test_confirming_is_logged_and_undone(client: TestClient, ledger: Ledger) -> None:
    event = of(ledger, STRIKE)
    shown = press(client, event, "confirm", {"note": "seen <b>the crater</b>"})
    assert "You confirmed it" in plain(shown)
    assert "seen &lt;b&gt;the crater" in shown
    made = ledger.judgements(event.id)[-1]
    assert (made.action, made.by, made.note) == ("confirm", "ada", "seen <b>the crater</b>")
    assert all(t.confirmed for t in of(ledger, STRIKE).tellings)
    back = undo(client, shown)
    assert not any(t.confirmed for t in of(ledger, STRIKE).tellings)
    assert "(taken back)" in back
    undo(client, back)
    assert all(t.confirmed for t in of(ledger, STRIKE).tellings)


def test_what_is_no_event_is_gone_until_that_is_undone(client: TestClient, ledger: Ledger) -> None:
    event = of(ledger, STRIKE)
    shown = press(client, event, "confirm", {"note": "a drill"}, to=f"/events/{event.id}/drop")
    assert "Judged to be no event" in shown
    assert "a drill" in shown
    assert ledger.event(event.id) is None
    again = page(client, event.id)
    assert "Judged to be no event" in again
    undo(client, shown)
    assert of(ledger, STRIKE).id == event.id


def test_events_are_merged_by_ticking_or_by_address(client: TestClient, ledger: Ledger) -> None:
    event, other = of(ledger, STRIKE), of(ledger, OTHER)
    shown = press(client, event, "merge", {"other": other.id})
    assert of(ledger, OTHER).id == of(ledger, STRIKE).id
    assert "You made one event of 3 records" in plain(shown)
    assert "a person joined them" in shown
    undo(client, shown)
    assert of(ledger, OTHER).id == other.id
    press(client, event, "merge", {"typed": f"http://127.0.0.1:8421/events/{other.id}?did=1#history"})
    assert of(ledger, OTHER).id == of(ledger, STRIKE).id


@pytest.mark.parametrize(("typed", "said"), [("", "tick an event"), ("0123456789abcdef", "there is no event")])
def test_a_merge_that_cannot_be_is_said_beside_what_was_typed(
    client: TestClient, ledger: Ledger, typed: str, said: str
) -> None:
    event = of(ledger, STRIKE)
    answer = send(client, page(client, event.id), f"/events/{event.id}/merge", {"typed": typed, "note": "same"})
    assert answer.status_code == 400
    assert said in answer.text
    again = form(answer.text, f"/events/{event.id}/merge")
    assert (again.all("typed"), again.all("note")) == ([typed], ["same"])
    assert ledger.judgements() == []


def test_records_are_parted_and_lead_to_their_own_event(client: TestClient, ledger: Ledger) -> None:
    event = of(ledger, STRIKE)
    second = event.tellings[1].record.id
    shown = press(client, event, "split", {"record": second})
    assert of(ledger, AGAIN).id == second != of(ledger, STRIKE).id
    assert f'href="/events/{second}"' in shown
    undo(client, shown)
    assert of(ledger, AGAIN).id == of(ledger, STRIKE).id


def test_a_split_takes_some_records_and_leaves_some(client: TestClient, ledger: Ledger) -> None:
    event = of(ledger, STRIKE)
    shown = page(client, event.id)
    for record in (None, [t.record.id for t in event.tellings]):
        answer = send(client, shown, f"/events/{event.id}/split", {"record": record})
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text
    assert len(of(ledger, STRIKE).tellings) == 2


def correcting(client: TestClient, event: LedgerEvent) -> str:
    answer = client.get(f"/events/{event.id}/correct")
    assert answer.status_code == 200
    return answer.text


def correct(client: TestClient, event: LedgerEvent, typed: Any, shown: str = "") -> Any:
    return send(client, shown or correcting(client, event), f"/events/{event.id}/correct", typed)


def test_the_form_of_corrections_is_filled_with_what_the_event_has(client: TestClient, ledger: Ledger) -> None:
    event = of(ledger, STRIKE)
    filled = form(correcting(client, event), f"/events/{event.id}/correct")
    assert (filled.all("type"), filled.all("date"), filled.all("factuality")) == (
        ["ASSAULT"],
        ["2022-03-01"],
        ["actual"],
    )
    assert filled.all("actor_text") == ["The Osk army", ""]
    assert filled.all("actor_country") == ["RUS", ""]
    assert filled.all("actor_sector") == ["MIL", ""]


def test_only_what_was_changed_is_laid_down(client: TestClient, ledger: Ledger) -> None:
    event = of(ledger, STRIKE)
    typed = {
        "type": "COERCE",
        "mode.COERCE": ["seize"],
        "mode.ASSAULT": ["aerial"],
        "recipient_text": ["Lanivka", "the town's mayor"],
        "recipient_country": ["UKR", "Ukrainian"],
        "recipient_sector": ["CVL", "GOV"],
        "place_text": "Lanivka",
        "place_country": "Ukraine",
        "note": "so the decree",
    }
    answer = correct(client, event, typed)
    assert answer.status_code == 303
    made = ledger.judgements(event.id)[-1]
    assert made.value == {
        "type": "COERCE",
        "mode": ["seize"],
        "recipient": [
            {"text": "Lanivka", "country": "UKR", "sector": "CVL"},
            {"text": "the town's mayor", "country": "UKR", "sector": "GOV"},
        ],
        "place": {"text": "Lanivka", "country": "UKR"},
    }
    assert (made.by, made.note) == ("ada", "so the decree")
    after = of(ledger, STRIKE)
    assert (after.type, after.mode, after.date) == ("COERCE", ("seize",), "2022-03-01")
    shown = client.get(answer.headers["location"]).text
    assert "You corrected it" in plain(shown)
    assert "the town&#39;s mayor" in shown
    undo(client, shown)
    assert of(ledger, STRIKE).type == "ASSAULT"


def test_fields_are_cleared_by_leaving_them_empty(client: TestClient, ledger: Ledger) -> None:
    event = of(ledger, OTHER)
    nobody = {"recipient_text": ["", ""], "recipient_country": ["", ""], "recipient_sector": ["", ""]}
    correct(client, event, {"date": "", "historical": "yes", **nobody})
    after = of(ledger, OTHER)
    assert (after.date, after.recipient, after.historical) == (None, (), True)


def test_what_another_corrected_meanwhile_is_kept(client: TestClient, ledger: Ledger) -> None:
    event = of(ledger, STRIKE)
    shown = correcting(client, event)
    ledger.correct(event.id, {"date": "2022-02-28"}, by="eve")
    assert correct(client, event, {"factuality": "hypothetical"}, shown).status_code == 303
    after = of(ledger, STRIKE)
    assert (after.date, after.factuality) == ("2022-02-28", "hypothetical")


@pytest.mark.parametrize("was", ["", "[]", "{}", '{"mode": 3}', "[" * 9_000, '{"mode": [], "date": {"a": 1}}'])
def test_a_form_that_came_apart_on_its_way_is_still_read(client: TestClient, ledger: Ledger, was: str) -> None:
    event = of(ledger, STRIKE)
    assert correct(client, event, {"was": was, "date": "2022-02-28"}).status_code == 303
    assert of(ledger, STRIKE).date == "2022-02-28"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("date", {"date": "2022-02-31"}, "no date"),
        ("actor", {"actor_country": ["Rusia", ""]}, "Russia"),
        ("actor", {"actor_text": ["", ""]}, "needs the words"),
        ("actor", {"actor_sector": ["NONE", ""]}, "no sector"),
        ("place", {"place_country": "Ukraine"}, "needs the words"),
        ("type", {"type": "<i>"}, "is no type"),
        ("mode", {"mode.ASSAULT": ["expel"]}, "has no mode"),
        ("factuality", {"factuality": "maybe"}, "is no factuality"),
        ("note", {"date": "2022", "note": "n" * 2_001}, "2,000"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    client: TestClient, ledger: Ledger, field: str, typed: Any, said: str
) -> None:
    event = of(ledger, STRIKE)
    answer = correct(client, event, {"place_text": "", **typed})
    assert answer.status_code == 400
    beside = re.search(rf'id="wrong-{field}"[^>]*>([^<]*)<', answer.text)
    assert beside is not None
    assert said in beside[1]
    kept = form(answer.text, f"/events/{event.id}/correct")
    for name, values in typed.items():
        if name not in ("type", "factuality", "mode.ASSAULT", "actor_sector"):
            assert kept.all(name) == ([values] if isinstance(values, str) else values)
    assert ledger.judgements() == []


def test_a_correction_needs_a_change(client: TestClient, ledger: Ledger) -> None:
    answer = correct(client, of(ledger, STRIKE), {})
    assert answer.status_code == 400
    assert "nothing is changed" in answer.text


def test_rows_are_added_and_taken_away_without_scripts(client: TestClient, ledger: Ledger) -> None:
    event = of(ledger, STRIKE)
    answer = correct(client, event, {"more": "actor", "date": "2022-03"})
    assert answer.status_code == 200
    more = form(answer.text, f"/events/{event.id}/correct")
    assert more.all("actor_text") == ["The Osk army", "", ""]
    assert more.all("date") == ["2022-03"]
    assert ("less", "actor.0") in more.buttons
    answer = correct(client, event, {"less": "actor.0"}, answer.text)
    less = form(answer.text, f"/events/{event.id}/correct")
    assert less.all("actor_text") == ["", ""]
    assert correct(client, event, {}, answer.text).status_code == 303
    assert (of(ledger, STRIKE).actor, of(ledger, STRIKE).date) == ((), "2022-03")


def test_readers_see_no_forms_and_change_nothing(ledger: Ledger) -> None:
    client, event = desk(ledger, read_only=True), of(ledger, STRIKE)
    assert 'method="post"' not in page(client, event.id)
    assert client.get(f"/events/{event.id}/correct").status_code == 403
    for action in ("confirm", "drop", "merge", "split", "undo", "correct"):
        assert client.post(f"/events/{event.id}/{action}", data={"judgement": "a"}).status_code == 403
    assert ledger.judgements() == []


def test_many_tellings_are_shown_when_asked_for(
    client: TestClient, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dragoman.web.pages.one_event._MOST_TOLD", 1)
    event = of(ledger, STRIKE)
    shown = page(client, event.id)
    assert shown.count("card telling") == 1
    assert "Show 1 more" in shown
    assert client.get(f"/events/{event.id}?every=yes").text.count("card telling") == 2


def telling(sentence: str, start: int, record: Event) -> Telling:
    return Telling(Report("r"), record, (sentence,), ("",))


@trials(max_examples=60)
@given(
    st.text(max_size=40), st.integers(0, 9), st.lists(st.tuples(st.integers(-9, 60), st.integers(-9, 60)), max_size=4)
)
def test_whatever_the_spans_a_sentence_is_told_whole(sentence: str, start: int, spans: list[tuple[int, int]]) -> None:
    parties = tuple(Entity(sentence[a:b], a, b) for a, b in spans)
    record = Event(
        "AID",
        actor=parties,
        recipient=parties[:1],
        place=EventPlace(sentence[:3]),
        date="2022",
        mentions=(Mention(start, start + len(sentence), Span(start, start + 2)),),
        reasons=tuple(Reason("date", "so", Span(a, b)) for a, b in spans),
    )
    told = sentences(telling(sentence, start, record))
    assert ["".join(piece.text for piece in pieces) for pieces in told] == ([sentence] if sentence else [])


def test_words_that_a_person_wrote_are_marked_where_the_sentence_has_them() -> None:
    record = Event(
        "AID",
        actor=(Entity("the mayor", 5, 5, "UKR"),),
        mentions=(Mention(5, 30, Span(5, 6)),),
        place=EventPlace("Osk"),
    )
    (pieces,) = sentences(telling("In Osk the mayor gave bread.", 5, record))
    marked = {role: piece.text for piece in pieces for role in piece.roles}
    assert (marked["actor"], marked["place"]) == ("the mayor", "Osk")
    assert set(marked) <= set(telling_evidence.ROLES)


def test_of_a_sentence_without_end_the_part_about_the_event_is_shown() -> None:
    sentence = "figures " * 5_000 + "the mayor gave bread " + "figures " * 100_000
    at = sentence.index("gave")
    record = Event("AID", mentions=(Mention(0, len(sentence), Span(at, at + 4)),))
    (shown,) = sentences(telling(sentence, 0, record))
    assert [piece.text for piece in shown if piece.marks] == ["gave"]
    assert sum(len(piece.text) for piece in shown) == 3_000


def test_figures_are_told_at_the_head_each_by_its_report(client: TestClient, ledger: Ledger) -> None:
    shown = page(client, of(ledger, STRIKE).id)
    head = shown.split('id="reports"')[0]
    assert re.search(r'killed 12 <a class="by" href="#telling-1"', head)
    assert re.search(r'killed 11 or more <a class="by" href="#telling-2"', head)
    assert "As 2 reports tell it, side by side" in shown
    # Both give one date and one type.
    assert "the reports differ" not in shown


def test_where_reports_differ_is_said(client: TestClient, ledger: Ledger) -> None:
    ids = [of(ledger, STRIKE).id, of(ledger, OTHER).id]
    ledger.merge(ids, by="ada")
    shown = page(client, of(ledger, STRIKE).id)
    # Three dates of two days; the types are the same.
    assert shown.count("the reports differ") == 3
