"""A report in a real browser: what is marked where one points, taps and types, and where selected words stand."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import pytest
from tests.browser import PHONE, Running, served, visiting
from tests.ledger_samples import Told, report

from dragoman.ledger import Ledger
from dragoman.ledger.writing import add

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TEXT = (
    "😀 The 𝒜zawan army shelled Varda on Monday while envoys met in Lome.\r\n\r\n"
    "e\u0301 “Rebels” left \u202eהעיר\u202c and later they attacked it; officials may attack back.\n\n"
    "Nothing more was told."
)
# Selects the first of these words in the text, as a mouse does, through whatever elements they stand in.
SELECT = """(words) => {
  for (const paragraph of document.querySelectorAll("#text [data-at]")) {
    const start = paragraph.textContent.indexOf(words);
    if (start < 0) continue;
    const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT), range = document.createRange();
    let before = 0;
    for (let node = walker.nextNode(); node; before += node.length, node = walker.nextNode()) {
      const within = (at) => at - before >= 0 && at - before <= node.length;
      if (within(start)) range.setStart(node, start - before);
      if (within(start + words.length)) { range.setEnd(node, start + words.length - before); break; }
    }
    getSelection().removeAllRanges(); getSelection().addRange(range);
    return true;
  }
  return false;
}"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    path = tmp_path_factory.mktemp("desk") / "desk.db"
    made = report(
        TEXT,
        Told("shelled", "ASSAULT", "The 𝒜zawan army | NER MIL", "Varda | NER CVL"),
        Told("met", "CONSULT", "envoys | NER GOV"),
        Told("left", "RETREAT", "Rebels | NER REB"),
        Told("may attack", "THREATEN", "officials | NER GOV", factuality="hypothetical"),
        title="Varda",
    )
    with Ledger(path) as ledger:
        ledger.store.write(partial(add, codings=[made]))
    with served(path) as running:
        yield running


@pytest.fixture
def page(browser: Browser, desk: Running) -> Iterator[Page]:
    with visiting(browser, desk) as (shown, _):
        shown.goto(address(desk))
        yield shown


def address(desk: Running) -> str:
    with Ledger(desk.ledger) as ledger:
        return f"/reports/{ledger.reports().reports[0].id}"


def marked(page: Page, role: str) -> str:
    """The words of the text that are marked as this of the event at hand."""
    return "".join(page.locator(f"#text .is-{role}").all_text_contents())


def pinned(page: Page) -> list[str]:
    return [one.get_attribute("data-n") or "" for one in page.locator(".record.pinned").all()]


@pytest.mark.parametrize(
    "words", ["shelled", "𝒜zawan army shelled Varda", "“Rebels”", "העיר", "attacked", "Nothing more"]
)
def test_selected_words_keep_their_place_in_code_points(page: Page, words: str) -> None:
    assert page.evaluate(SELECT, words)
    page.get_by_role("toolbar").get_by_role("button", name="the event").click()
    assert page.locator("#adding [name=words]").input_value() == words
    at = int(page.locator("#adding [name=words_at]").input_value())
    assert TEXT[at : at + len(words)] == words


def test_typing_over_selected_words_forgets_their_place(page: Page) -> None:
    assert page.evaluate(SELECT, "it")
    page.get_by_role("toolbar").get_by_role("button", name="towards whom").click()
    field = page.locator("#adding [name=recipient]").first
    assert page.locator("#adding [name=recipient_at]").first.input_value() != ""
    field.fill("Varda")
    assert page.locator("#adding [name=recipient_at]").first.input_value() == ""


def test_the_number_of_an_event_is_no_part_of_the_text(page: Page) -> None:
    shown = page.locator("#text [data-at]").all_text_contents()
    assert "".join(shown) == TEXT.replace("\r\n\r\n", "\r").replace("\n", "")


def test_pointing_at_words_marks_their_event_and_shows_its_record(page: Page) -> None:
    page.locator("#text a.t", has_text="shelled").hover()
    assert (marked(page, "trigger"), marked(page, "actor"), marked(page, "recipient")) == (
        "shelled",
        "The 𝒜zawan army",
        "Varda",
    )
    assert page.locator(".record.near").get_attribute("data-n") == "1"
    page.locator(".record[data-n='3'] summary").hover()
    assert (marked(page, "trigger"), marked(page, "actor")) == ("left", "Rebels")
    page.mouse.move(2, 2)
    assert marked(page, "trigger") == ""


def test_keys_go_from_event_to_event_and_open_one(page: Page) -> None:
    for key, number in (("j", "1"), ("j", "2"), ("k", "1"), ("k", "1"), ("j", "2"), ("j", "3"), ("j", "4"), ("j", "4")):
        page.keyboard.press(key)
        assert pinned(page) == [number]
    assert marked(page, "trigger") == "may attack"
    page.keyboard.press("Escape")
    assert pinned(page) == []
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/events/*")


def test_another_click_on_a_sentence_goes_on_to_its_next_event(page: Page) -> None:
    words = page.locator("#text [data-said='1 2']", has_text="on Monday while")
    for number in ("1", "2", "1"):
        words.click()
        assert pinned(page) == [number]


def test_what_is_left_out_is_neither_listed_nor_reached(page: Page) -> None:
    page.get_by_role("checkbox", name="material conflict").uncheck()
    assert page.locator(".record:visible").count() == 3
    page.keyboard.press("j")
    assert pinned(page) == ["2"]
    page.get_by_role("checkbox", name="hypothetical").uncheck()
    page.get_by_role("checkbox", name="verbal cooperation").uncheck()
    assert pinned(page) == []
    assert [one.get_attribute("data-n") for one in page.locator(".record:visible").all()] == ["3"]
    page.get_by_role("checkbox", name="material cooperation").uncheck()
    assert page.locator("#text .said:not(.mute)").count() == 0


def test_on_a_phone_the_record_comes_up_beside_the_words(browser: Browser, desk: Running) -> None:
    with visiting(browser, desk, viewport=PHONE, has_touch=True) as (page, _):
        page.goto(address(desk))
        word = page.locator("#text a.t", has_text="left")
        word.tap()
        sheet = page.locator(".record.pinned")
        page.wait_for_timeout(400)
        box, there = sheet.bounding_box(), word.bounding_box()
        assert box is not None
        assert there is not None
        assert box["x"] == 0
        assert box["y"] + box["height"] <= PHONE["height"]
        assert there["y"] + there["height"] <= box["y"]
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        sheet.locator("summary").first.tap()
        assert page.locator(".record.pinned").count() == 0


def test_without_scripts_the_numbers_lead_to_the_records(browser: Browser, desk: Running) -> None:
    with visiting(browser, desk, java_script_enabled=False) as (page, _):
        page.goto(address(desk))
        page.locator("#text a.t", has_text="left").click()
        assert page.url.endswith("#r3")
        page.locator("#r3 summary").first.click()
        assert page.locator("#r3 .more").is_visible()
        page.get_by_role("checkbox", name="verbal conflict").uncheck()
        assert page.locator(".record:visible").count() == 3
