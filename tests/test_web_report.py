"""The pages of reports: the list, a text with its records, and the forms that judge them and add what was missed."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.ledger_samples import Told, report
from tests.web_forms import form, forms, send

from dragoman.ledger import Ledger
from dragoman.ledger.writing import Coding, add, identified
from dragoman.record import CodedDocument, Document, Event, Mention, Span
from dragoman.web import Settings, create_app

BASE = "http://127.0.0.1:8421"
TEXT = (
    "The army of Niger shelled Varda on Monday. Envoys met in Lome while the army left the town.\n\n"
    "“It is <b>over</b> & done,” a man said. Rebels attacked a post, and later they attacked it again."
)


def told(title: str = "Shelling & <i>talks</i>", url: str = "https://example.org/a") -> Coding:
    made = report(
        TEXT,
        Told("shelled", "ASSAULT", "The army of Niger | NER MIL", date="2022-02-28"),
        Told("met", "CONSULT", "Envoys | NER GOV"),
        Told("left", "RETREAT", "the army | NER MIL", factuality="future"),
        outlet="Herald",
        title=title,
    )
    document = identified(replace(made.document, url=url, id=""))
    events = tuple(event.identified(document.id) for event in made.coded.events)
    return Coding(document, CodedDocument(document.id, events, ("military",), warnings=("odd",)), "by hand", "f", "n")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "l.db") as made:
        yield made


def put(ledger: Ledger, *codings: Coding, text: bool = True) -> str:
    ledger.store.write(partial(add, codings=codings, text=text))
    return codings[0].document.id


def client(ledger: Ledger, **settings: Any) -> TestClient:
    return TestClient(create_app(ledger, Settings(**settings)), base_url=BASE, follow_redirects=False)


def read(page: str) -> list[tuple[int, str]]:
    """The paragraphs of the text on a page: where each begins, and its words as a browser has them."""
    found = re.findall(r'<p dir="auto" data-at="(\d+)">(.*?)</p>', page, re.DOTALL)
    return [(int(at), html.unescape(re.sub(r"<[^>]+>", "", inner))) for at, inner in found]


def states(ledger: Ledger, id: str) -> dict[Sequence[str], tuple[bool, bool, bool]]:
    return {one.triggers: (one.live, one.confirmed, one.added) for one in ledger.report(id).records}  # type: ignore[union-attr]


def test_the_text_stands_on_the_page_word_for_word_at_its_places(ledger: Ledger) -> None:
    page = client(ledger).get(f"/reports/{put(ledger, told())}").text
    assert [TEXT[at : at + len(words)] for at, words in read(page)] == [words for _, words in read(page)]
    assert "".join(words for _, words in read(page)) == TEXT.replace("\n\n", "")
    assert "<b>over" not in page
    assert "<i>talks" not in page


def test_odd_characters_keep_their_places(ledger: Ledger) -> None:
    text = "😀 e\u0301 𝒜rebels attacked\r\nthe post. \u202eهاجم attacked </p><script>alert(1)</script> it."
    made = report(text, Told("attacked\r\nthe", "ASSAULT"), title="</title><script>alert(2)</script>")
    page = client(ledger).get(f"/reports/{put(ledger, made)}").text
    assert all(text[at : at + len(words)] == words for at, words in read(page))
    assert "".join(words for _, words in read(page)) == text.replace("\n", "", 1)
    assert "alert(1)</script>" not in page
    assert "alert(2)</script>" not in page


def test_records_stand_beside_the_text_in_its_order(ledger: Ledger) -> None:
    id = put(ledger, told())
    page = client(ledger).get(f"/reports/{id}").text
    assert re.findall(r'<li class="record ([a-z-]+ [a-z]+)" data-n="(\d)">', page) == [
        ("material-conflict actual", "1"),
        ("verbal-cooperation actual", "2"),
        ("material-cooperation future", "3"),
    ]
    for one in ledger.report(id).records:  # type: ignore[union-attr]
        assert f'href="/events/{one.event}"' in page
    assert "28 February 2022" in page
    assert "told 1 March 2022" in page
    assert 'data-said="2 3"' in page
    assert re.search(r'<a href="?#r1"? class="said l1-material-conflict t material-conflict actual"', page)


def test_the_record_of_an_address_is_open_and_marked(ledger: Ledger) -> None:
    id = put(ledger, told())
    record = ledger.report(id).records[1].record.id  # type: ignore[union-attr]
    page = client(ledger).get(f"/reports/{id}?record={record}").text
    assert '<details name="record" id="r2" open>' in page
    assert re.findall(r'is-trigger"[^>]*>(\w+)</a>', page) == ["met"]
    assert 'is-actor" data-said="2 3" data-actor="2">Envoys' in page


def test_only_addresses_of_the_web_are_links(ledger: Ledger) -> None:
    for url in ("javascript:alert(1)", "https://user:word@[::1", "//elsewhere.example/", "https://"):
        page = client(ledger).get(f"/reports/{put(ledger, told(url=url))}").text
        assert "at its source" not in page
        assert f'href="{url}' not in page
        assert url in page
    other = client(ledger).get(f"/reports/{put(ledger, told())}").text
    assert '<a href="https://example.org/a" rel="noopener noreferrer nofollow">' in other


def test_versions_and_prints_are_named(ledger: Ledger) -> None:
    later = report(
        TEXT + " More was told a day later by those who had come back.", published="2022-03-02", title="Later"
    )
    again = Coding(identified(replace(later.document, url="https://example.org/a", id="")), later.coded, "x", "f", "m")
    id = put(ledger, told(), again)
    page = client(ledger).get(f"/reports/{id}").text
    assert page.count(f'href="/reports/{again.document.id}"') == 2
    assert "superseded by a later version" in page


def test_a_record_is_confirmed_dropped_and_taken_back(ledger: Ledger) -> None:
    id = put(ledger, told())
    desk = client(ledger)
    page = desk.get(f"/reports/{id}").text
    id_of_met = ledger.report(id).records[1].record.id  # type: ignore[union-attr]
    met = next(one for one in forms(page) if one.action.endswith("/judge") and one.all("record") == [id_of_met])
    for action, state in (("confirm", (True, True, False)), ("drop", (False, True, False))):
        values = dict(met.values) | {"verdict": action}
        answer = desk.post(met.action, data=values)
        assert answer.status_code == 303
        assert states(ledger, id)["met",] == state
        page = desk.get(answer.headers["location"]).text
        assert "desk" in page
    assert page.count('class="record ') == 2
    assert "Judged no event: 1" in page
    assert send(desk, page, f"/reports/{id}/undo").status_code == 303
    assert states(ledger, id)["met",] == (True, True, False)
    assert [one.by for one in ledger.judgements()] == ["desk"] * 3


def test_a_judgement_on_what_is_not_there_says_so(ledger: Ledger) -> None:
    id, other = put(ledger, told()), put(ledger, told("Other", "https://example.org/b"))
    desk = client(ledger)
    page = desk.get(f"/reports/{id}").text
    csrf = dict(form(page, f"/reports/{id}/judge").values)["csrf"]
    strange = ledger.report(other).records[0].record.id  # type: ignore[union-attr]
    for record in ("none such", strange):
        answer = desk.post(f"/reports/{id}/judge", data={"csrf": csrf, "record": record, "verdict": "drop"})
        assert answer.status_code == 404
    assert desk.post(f"/reports/{id}/undo", data={"csrf": csrf, "judgement": "none such"}).status_code == 400
    assert ledger.judgements() == []


def test_a_missed_event_is_added_with_its_words(ledger: Ledger) -> None:
    id = put(ledger, told())
    desk = client(ledger)
    at = TEXT.rindex("attacked")
    typed = {
        "words": "attacked",
        "words_at": str(at),
        "type": "ASSAULT",
        "mode": "ASSAULT:firearms",
        "actor": ["Rebels", ""],
        "actor_country": ["Niger", ""],
        "recipient": ["a post", ""],
        "place": "Varda",
        "date": "2022-02",
        "note": "seen",
    }
    page = desk.get(f"/reports/{id}").text
    answer = send(desk, page, f"/reports/{id}/add", typed)
    assert answer.status_code == 303
    assert answer.headers["location"].endswith("#r4")
    added = next(one for one in ledger.report(id).records if one.added)  # type: ignore[union-attr]
    record = added.record
    assert (record.type, record.mode, record.date, record.place.text) == ("ASSAULT", ("firearms",), "2022-02", "Varda")  # type: ignore[union-attr]
    assert record.mentions == (Mention(TEXT.index("Rebels"), len(TEXT), Span(at, at + 8)),)
    assert [(e.text, e.country) for e in (*record.actor, *record.recipient)] == [("Rebels", "NER"), ("a post", None)]
    assert ledger.judgements()[0].note == "seen"
    shown = desk.get(answer.headers["location"]).text
    assert "added by hand" in shown
    assert send(desk, shown, f"/reports/{id}/undo").status_code == 303
    assert ("attacked",) not in states(ledger, id)
    assert ledger.faults() == []


def test_what_was_typed_is_kept_when_it_makes_no_record(ledger: Ledger) -> None:
    id = put(ledger, told())
    desk = client(ledger)
    typed = {"words": "attacked", "type": "ASSAULT", "date": "a Monday", "actor": ['"Rebels" & <x>', ""], "place": ""}
    answer = send(desk, desk.get(f"/reports/{id}").text, f"/reports/{id}/add", typed)
    assert answer.status_code == 422
    again = form(answer.text, f"/reports/{id}/add")
    for name, value in typed.items():
        assert again.all(name) == ([value] if isinstance(value, str) else value)
    for wrong in ("2 times", "is no date", "does not stand in the text"):
        assert wrong in html.unescape(answer.text)
    assert '<details class="adding" id="add" open>' in answer.text
    assert ledger.judgements() == []


@pytest.mark.parametrize("name", ["words", "actor", "place", "note", "actor_country"])
def test_words_beyond_measure_are_not_looked_for(name: str, ledger: Ledger) -> None:
    id = put(ledger, told())
    desk = client(ledger)
    typed = {"words": "attacked", "type": "ASSAULT", name: "attacked " * 80_000}
    began = time.monotonic()
    answer = send(desk, desk.get(f"/reports/{id}").text, f"/reports/{id}/add", typed)
    assert answer.status_code == 422
    assert "2,000 characters at most" in answer.text
    assert time.monotonic() - began < 10
    assert ledger.judgements() == []


def test_what_the_coder_has_found_is_confirmed(ledger: Ledger) -> None:
    id = put(ledger, told())
    desk = client(ledger)
    typed = {
        "words": "shelled", "type": "ASSAULT", "actor": ["The army of Niger", ""], "actor_country": ["NER", ""],
        "actor_sector": ["MIL", ""],
    }  # fmt: skip
    answer = send(desk, desk.get(f"/reports/{id}").text, f"/reports/{id}/add", typed)
    assert (
        "already" in desk.get(answer.headers["location"]).text or "Added" in desk.get(answer.headers["location"]).text
    )
    assert states(ledger, id)["shelled",] == (True, True, False)


def test_readers_see_no_forms_and_change_nothing(ledger: Ledger) -> None:
    id = put(ledger, told())
    desk = client(ledger, read_only=True)
    page = desk.get(f"/reports/{id}").text
    assert "shelled" in page
    assert not [one for one in forms(page) if one.method == "post" and one.action.startswith("/reports")]
    record = ledger.report(id).records[0].record.id  # type: ignore[union-attr]
    answers = [
        desk.post(f"/reports/{id}/judge", data={"record": record, "verdict": "drop"}),
        desk.post(f"/reports/{id}/add", data={"words": "left", "type": "RETREAT"}),
        desk.post(f"/reports/{id}/undo", data={"judgement": "x"}),
    ]
    assert [answer.status_code for answer in answers] == [403] * 3
    assert ledger.judgements() == []


def test_a_report_without_its_text_shows_what_is_kept(ledger: Ledger) -> None:
    id = put(ledger, told(), text=False)
    desk = client(ledger)
    page = desk.get(f"/reports/{id}").text
    assert "keeps no text" in page
    assert f"{len(TEXT)} characters" in page
    assert page.index("shelled Varda on Monday.") < page.index("while the army left the town.")
    assert "a man said" not in page
    assert f"/reports/{id}/add" not in page
    csrf = dict(form(page, f"/reports/{id}/judge").values)["csrf"]
    answer = desk.post(f"/reports/{id}/add", data={"csrf": csrf, "words": "left", "type": "RETREAT"})
    assert answer.status_code == 409


def long(sentences: int, gap: int = 1) -> Coding:
    """A report of many sentences, each ``gap``-th with a record."""
    one = "Rebels attacked a village by the river and burned its school. "
    text = one * sentences
    document = identified(Document(text, "2022-03-01", title="Long"))
    starts = range(0, len(text), len(one) * gap)
    events = [Event("ASSAULT", mentions=(Mention(at, at + len(one) - 1, Span(at + 7, at + 15)),)) for at in starts]
    return Coding(document, CodedDocument(document.id, tuple(e.identified(document.id) for e in events)), "by hand")


def test_a_long_report_is_paged_and_a_record_finds_its_part(ledger: Ledger) -> None:
    made = long(2_000, gap=10)
    id = put(ledger, made)
    desk = client(ledger)
    count = int(re.search(r"Part 1 of (\d+)", desk.get(f"/reports/{id}").text)[1])  # type: ignore[index]
    assert count >= 4
    whole, numbers = [], []
    for part in range(1, count + 1):
        page = desk.get(f"/reports/{id}?part={part}").text
        assert len(page) < 400_000
        whole += read(page)
        numbers += [int(n) for n in re.findall(r'class="record [^"]*" data-n="(\d+)"', page)]
    text = made.document.text
    assert all(text[at : at + len(words)] == words for at, words in whole)
    assert "".join(words for _, words in whole) == text
    assert numbers == list(range(1, 201))
    last = ledger.report(id).records[-1].record.id  # type: ignore[union-attr]
    page = desk.get(f"/reports/{id}?record={last}").text
    assert f"Part {count} of {count}" in page
    assert 'id="r200" open' in page
    assert desk.get(f"/reports/{id}?part=99").status_code == 200


def test_too_many_records_in_one_place_are_counted_not_shown(ledger: Ledger) -> None:
    text = "Rebels attacked a village."
    document = identified(Document(text, "2022-03-01"))
    types = ("ASSAULT", "ACCUSE", "THREATEN")
    events = [
        Event(types[n % 3], mentions=(Mention(0, len(text), Span(7, 15)),), actor=(), date=f"{1800 + n}").identified(
            str(n)
        )
        for n in range(130)
    ]
    id = put(ledger, Coding(document, CodedDocument(document.id, tuple(events)), "by hand"))
    page = client(ledger).get(f"/reports/{id}").text
    assert page.count('<li class="record ') == 100
    assert "30 more records of this part are not shown" in page


def test_what_is_no_report_is_not_found(ledger: Ledger) -> None:
    desk = client(ledger)
    for path in ("/reports/none", "/reports/%3Cscript%3E", "/reports/none?part=2"):
        answer = desk.get(path)
        assert answer.status_code == 404
        assert "<script>alert" not in answer.text
    assert desk.get("/reports/x?part=0").status_code == 422


def test_reports_are_listed_newest_first_with_their_events(ledger: Ledger) -> None:
    first = put(ledger, told())
    for n in range(3):
        put(ledger, report(f"Envoys met in Lome on day {n}.", published=f"2022-04-0{n + 1}", title=f"Day {n}"))
    desk = client(ledger, page=2)
    page = desk.get("/reports").text
    assert re.findall(r'<a href="/reports/\w+">([^<]*)</a>', page) == ["Day 2", "Day 1"]
    following = html.unescape(re.search(r'rel="next" href="([^"]+)"', page)[1])  # type: ignore[index]
    rest = desk.get(following).text
    assert re.findall(r'<a href="/reports/\w+">', rest)[-1] == f'<a href="/reports/{first}">'
    assert "Shelling &amp; &lt;i&gt;talks&lt;/i&gt;" in rest
    assert re.search(r'<td class="number">3</td>', rest)
    narrowed = desk.get("/reports?outlet=Herald&title=shelling").text
    assert re.findall(r'<a href="/reports/(\w+)">', narrowed) == [first]
    assert "No report is like that" in desk.get("/reports?outlet=Nobody").text
    assert desk.get("/reports?since=yesterday").status_code == 400
