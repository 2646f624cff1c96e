"""Relations played over time, in a browser: by keys, by the slider, and without any script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import pytest
from tests.browser import Running, served, visiting
from tests.ledger_samples import made_up

from dragoman.ledger import Ledger
from dragoman.ledger.eventrows import put_events

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PATH = "/relations?by=quarter&since=2020-10&until=2021-09"


@pytest.fixture(scope="module")
def related(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A desk whose ledger has four countries, and events of three quarters."""
    path = tmp_path_factory.mktemp("desk") / "related.db"
    with Ledger(path) as ledger:
        ledger.store.write(partial(put_events, made=made_up(300)))
    with served(path, warm=False) as running:
        yield running


def drawn(page: Page) -> list[str]:
    """What is drawn: lines, circles and cells, with where the cells lead."""
    lines = page.eval_on_selector_all(
        "[data-edge]", "all => all.map(e => `${e.classList} ${e.getAttribute('stroke-width')} ${e.textContent}`)"
    )
    circles = page.eval_on_selector_all("[data-node]", "all => all.map(e => `${e.getAttribute('r')}`)")
    cells = page.eval_on_selector_all(
        "[data-cell]",
        "all => all.map(e => [...e.classList].sort() + e.textContent + (e.firstElementChild?.search ?? ''))",
    )
    return [*lines, *circles, *cells]


def told(page: Page, words: str) -> None:
    page.locator("output.now", has_text=re.compile(f"^{re.escape(words)}")).wait_for()


def test_periods_are_stepped_through_by_keys_and_come_back_to_the_whole(browser: Browser, related: Running) -> None:
    with visiting(browser, related) as (page, _):
        page.goto(PATH)
        page.locator("[data-play]:not(.waiting)").wait_for()
        whole = drawn(page)
        seen = []
        for name in ("2020-Q4", "2021-Q1", "2021-Q2"):
            page.keyboard.press("ArrowRight")
            told(page, name)
            seen.append(drawn(page))
        assert len({str(one) for one in (whole, *seen)}) == 4
        page.keyboard.press("ArrowLeft")
        told(page, "2021-Q1")
        assert drawn(page) == seen[1]
        assert "since=2021-01" in (page.locator(".cell a").first.get_attribute("href") or "")
        page.locator("[data-slide]").fill("3")
        told(page, "2021-Q2")
        assert drawn(page) == seen[2]
        page.locator("[data-whole]").click()
        told(page, "The whole span")
        assert drawn(page) == whole


def test_play_goes_on_to_the_end_and_the_space_bar_stops_it(browser: Browser, related: Running) -> None:
    with visiting(browser, related, reduced_motion="reduce") as (page, _):
        page.goto(PATH)
        page.locator("[data-play]:not(.waiting)").wait_for()
        page.clock.install()
        page.keyboard.press("Space")
        told(page, "The whole span")
        play = page.locator("[data-play]")
        assert play.inner_text() == "Pause"
        page.clock.run_for(2100)
        told(page, "2020-Q4")
        page.keyboard.press("Space")
        assert play.get_attribute("aria-pressed") == "false"
        page.clock.run_for(5000)
        told(page, "2020-Q4")


def test_without_scripts_links_lead_through_the_periods(browser: Browser, related: Running) -> None:
    with visiting(browser, related, java_script_enabled=False) as (page, _):
        page.goto(PATH)
        assert not page.locator("[data-play]").is_visible()
        for name in ("Fourth quarter of 2020", "First quarter of 2021"):
            page.locator("a[rel=next]").click()
            told(page, name)
        page.locator("a[rel=prev]").click()
        told(page, "Fourth quarter of 2020")
        page.locator("[data-whole]").click()
        told(page, "The whole span")
