"""The review queue by its keys, and the front page as it hears of what comes in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.browser import Running, Watch, served, visiting
from tests.ledger_samples import Told, report
from tests.review_samples import fill

from dragoman.ledger import Ledger
from dragoman.ledger.writing import add

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CURRENT = "[data-look]:not([hidden])"
# What the browser says of an answer that a test provokes.
REFUSED = r"console: Failed to load resource: the server responded with a status of (400|404)"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """A desk over a ledger that leaves something to look at."""
    with Ledger(tmp_path / "desk.db") as ledger:
        fill(ledger)
    with served(tmp_path / "desk.db") as made:
        yield made


@pytest.fixture
def at_desk(browser: Browser, running: Running) -> Iterator[tuple[Page, Watch]]:
    with visiting(browser, running) as both:
        yield both


def current(page: Page) -> str:
    """The key of the record that is shown."""
    return page.locator(CURRENT).get_attribute("data-look") or ""


def press(page: Page, *keys: str) -> str:
    """Press keys, and wait for the desk's word."""
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_function(
        "() => !['…', 'One key a decision.'].includes(document.querySelector('[data-did]').innerText)"
    )
    return page.locator("[data-did]").inner_text()


def actions(running: Running) -> list[str]:
    with Ledger(running.ledger) as ledger:
        return [judgement.action for judgement in ledger.judgements()]


def test_one_key_is_one_decision_and_the_next_record_is_there_at_once(
    at_desk: tuple[Page, Watch], running: Running
) -> None:
    page, _ = at_desk
    page.goto("/review?why=doubt")
    first = current(page)
    page.keyboard.press("c")
    assert current(page) != first
    assert press(page) == "Confirmed."
    assert press(page, "x") == "Not an event."
    page.locator("[data-done]").wait_for()
    page.wait_for_function("() => document.querySelector('[data-pace]').innerText.startsWith('2 decisions')")
    assert actions(running) == ["confirm", "drop"]
    page.keyboard.press("u")
    page.get_by_text("Taken back.").wait_for()
    assert actions(running) == ["confirm", "drop", "undo"]
    assert page.locator(CURRENT).count() == 1


def test_lists_open_and_choose_by_keys(at_desk: tuple[Page, Watch], running: Running) -> None:
    page, _ = at_desk
    page.goto("/review?why=doubt")
    page.keyboard.press("t")
    assert page.locator(f"{CURRENT} details[open] button").first.is_visible()
    page.keyboard.press("Escape")
    assert page.locator(f"{CURRENT} details[open]").count() == 0
    assert press(page, "f", "2") == "Future."
    page.goto("/review?why=name")
    assert "here and in 1 other event" in page.locator(f"{CURRENT} .reasons").inner_text()
    page.keyboard.press("w")
    page.locator("[data-tick]:focus").wait_for()
    page.keyboard.press("a")
    page.locator("input[name=country]:focus").wait_for()
    page.keyboard.type("Niger")
    page.keyboard.press("Enter")
    page.get_by_text("Of Niger in 2 events.").wait_for()
    assert actions(running) == ["correct"] * 3


def test_what_is_refused_comes_back_and_is_explained(at_desk: tuple[Page, Watch], running: Running) -> None:
    page, watch = at_desk
    watch.forgive(REFUSED)
    page.goto("/review?why=doubt")
    first = current(page)
    with Ledger(running.ledger) as ledger:
        ledger.drop(first, by="bea")
    page.keyboard.press("c")
    page.get_by_text("Not done: there is no event").wait_for()
    assert current(page) == first


def test_skipped_records_stay_away_until_the_skip_is_undone(at_desk: tuple[Page, Watch]) -> None:
    page, _ = at_desk
    page.goto("/review")
    first = current(page)
    press(page, "s")
    page.wait_for_load_state("networkidle")
    page.reload()
    assert current(page) != first
    press(page, "s")
    second = current(page)
    page.keyboard.press("u")
    page.get_by_text("Taken back.").wait_for()
    assert current(page) != second


def test_forms_decide_without_a_script(browser: Browser, running: Running) -> None:
    with visiting(browser, running, java_script_enabled=False) as (page, _):
        page.goto("/review?why=doubt")
        first = current(page)
        page.locator(f"{CURRENT} button[value=confirm]").click()
        page.wait_for_url("**/review?why=doubt&last=*")
        assert current(page) != first
        page.get_by_role("button", name="Undo").click()
        page.wait_for_url("**/review?why=doubt&did=undo")
        assert current(page) == first


def test_the_front_page_tells_of_what_comes_in_and_moves_nothing(at_desk: tuple[Page, Watch], running: Running) -> None:
    page, _ = at_desk
    with page.expect_response("**/api/v1/stream"):
        page.goto("/")
    top = page.locator(".front").bounding_box()
    made = report(
        "Kenya condemned the coup.", Told("condemned", "ACCUSE", "Kenya | KEN GOV", ""), published="2022-03-05"
    )
    with Ledger(running.ledger) as ledger:
        ledger.store.write(partial(add, codings=[made]))
    page.get_by_text(re.compile("1 event new or changed")).wait_for()
    assert page.locator(".front").bounding_box() == top
    page.get_by_role("link", name="show").click()
    page.wait_for_load_state()
    assert "Kenya condemned the coup" in page.locator("main").inner_text()
