"""The ways in which people get about: by keys alone, on a phone, without scripts, back and forth, logged in and out."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests import browser as tools
from tests.browser import PASSWORD, PHONE, Running, served, visiting
from tests.browser_pages import pages

from dragoman.ledger import Ledger

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

REPORT = "Norway condemned the shelling of the harbour. Kenya expelled four Norwegian diplomats on 3 March 2026."
# Which element has the keyboard, and whether a sighted person sees that it has.
_FOCUSED = """() => {
  const one = document.activeElement;
  const drawn = [one, one.closest('label')].filter(Boolean).map((it) => getComputedStyle(it));
  const seen = drawn.some((style) =>
    (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none');
  return [one.tagName, (one.getAttribute('href') ?? one.name ?? one.className).toString(), seen];
}"""


@pytest.fixture(scope="module")
def shown(example_ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A desk over the examples that is only read."""
    path = tmp_path_factory.mktemp("desk") / "desk.db"
    shutil.copy(example_ledger, path)
    with served(path) as running:
        yield running


def test_the_keyboard_alone_leads_everywhere(browser: Browser, shown: Running) -> None:
    with visiting(browser, shown) as (page, _):
        page.goto("/events")
        page.keyboard.press("Tab")
        assert page.evaluate(_FOCUSED)[1] == "#main", "the first stop skips to the content"
        stops = [page.evaluate(_FOCUSED)]
        while stops[-1][1] != "/review" and len(stops) < 20:
            page.keyboard.press("Tab")
            stops.append(page.evaluate(_FOCUSED))
        assert [where for tag, where, *_ in stops if tag == "A"][:4] == ["#main", "/", "/", "/events"]
        assert stops[-1][1] == "/review"
        for _ in range(25):
            page.keyboard.press("Tab")
            stops.append(page.evaluate(_FOCUSED))
        assert [stop for stop in stops if not stop[2]] == [], "the focus is not seen"
        page.goto("/events")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("() => document.activeElement.id") == "main"


def test_keys_of_lists_open_events(browser: Browser, shown: Running) -> None:
    with visiting(browser, shown) as (page, _):
        page.goto("/events")
        page.keyboard.press("/")
        page.keyboard.type("police")
        page.keyboard.press("Enter")
        page.wait_for_url("**/events?*text=police*")
        first, second = [one.get_attribute("href") for one in page.locator("main a.open").all()[:2]]
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("k")
        page.keyboard.press("j")
        assert first != second
        page.keyboard.press("o")
        page.wait_for_url(f"**{second}")


def test_back_and_forward_keep_what_was_asked_for(browser: Browser, shown: Running) -> None:
    with visiting(browser, shown) as (page, _):
        page.goto("/events")
        page.locator("form.filters input[name=type][value=CONSULT]").check()
        page.get_by_role("button", name="Show events").click()
        page.wait_for_url("**type=CONSULT*")
        shown_first = page.locator("[data-event]").evaluate_all("(all) => all.map((one) => one.dataset.event)")
        page.locator("form.filters input[name=since]").fill("2025")
        page.get_by_role("button", name="Show events").click()
        page.wait_for_url("**since=2025*")
        page.locator("main a.open").first.click()
        page.wait_for_url(re.compile("/events/[0-9a-f]+"))
        page.go_back()
        assert parse_qs(urlsplit(page.url).query) == {"type": ["CONSULT"], "since": ["2025"]}
        assert page.locator("form.filters input[name=since]").input_value() == "2025"
        page.go_back()
        assert parse_qs(urlsplit(page.url).query) == {"type": ["CONSULT"]}
        assert page.locator("form.filters input[name=since]").input_value() == ""
        assert page.locator("form.filters input[name=type][value=CONSULT]").is_checked()
        again = page.locator("[data-event]").evaluate_all("(all) => all.map((one) => one.dataset.event)")
        assert again == shown_first
        page.go_forward()
        assert page.locator("form.filters input[name=since]").input_value() == "2025"


def test_relations_play_over_time(browser: Browser, shown: Running) -> None:
    with visiting(browser, shown) as (page, _):
        page.goto("/relations")
        said = page.locator("output.now")
        whole = said.inner_text()
        figure = page.locator("svg.network").inner_html()
        page.get_by_role("button", name="Play").click()
        page.wait_for_function(f"() => document.querySelector('output.now').textContent !== {whole!r}")
        assert page.locator("svg.network").inner_html() != figure
        page.get_by_role("button", name="Pause").click()
        stood = said.inner_text()
        page.wait_for_timeout(1_000)
        assert said.inner_text() == stood
        page.locator("[data-slide]").focus()
        page.keyboard.press("Home")
        page.wait_for_function(f"() => document.querySelector('output.now').textContent === {whole!r}")
        assert page.locator("svg.network").inner_html() == figure


def test_the_map_comes_closer(browser: Browser, shown: Running) -> None:
    with visiting(browser, shown) as (page, _):
        page.goto("/map")
        width = page.locator("svg.earth").get_attribute("viewBox")
        page.keyboard.press("+")
        page.wait_for_url("**view=*")
        closer = page.locator("svg.earth").get_attribute("viewBox")
        assert closer is not None
        assert width is not None
        assert float(closer.split()[2]) < float(width.split()[2])
        page.reload()
        kept = page.locator("svg.earth").get_attribute("viewBox")
        assert kept is not None
        assert [round(float(x)) for x in kept.split()] == [round(float(x)) for x in closer.split()]
        page.locator("svg.earth").focus()
        page.keyboard.press("ArrowRight")
        moved = page.locator("svg.earth").get_attribute("viewBox")
        assert moved is not None
        assert float(moved.split()[0]) > float(closer.split()[0])


def test_one_key_decides_in_the_review_queue(page: Page, desk: Running) -> None:
    page.goto("/review")
    current = page.locator("[data-look]:not([hidden])")
    keys: list[str] = []
    began = time.monotonic()
    while current.count() and len(keys) < 12:
        look = current.get_attribute("data-look")
        keys.append(_decision(current, len(keys)))
        page.keyboard.press(keys[-1])
        page.wait_for_function(
            "(before) => document.querySelector('[data-look]:not([hidden])')?.dataset.look !== before", arg=look
        )
    pace = 60 * len(keys) / (time.monotonic() - began)
    page.wait_for_function(f"() => document.querySelector('[data-pace]').textContent.startsWith('{len(keys)} ')")
    assert len(set(keys)) > 1
    # Nobody reads so fast: what is measured is that the desk never keeps anyone waiting.
    assert pace > 120, f"{pace:.0f} decisions a minute"
    page.keyboard.press("u")
    page.wait_for_function("() => document.querySelector('[data-did]').textContent === 'Taken back.'")
    with Ledger(desk.ledger) as ledger:
        log = ledger.judgements()
    assert [one.action for one in log].count("undo") >= 1
    assert len([one for one in log if one.action != "undo"]) >= len(keys)


def _decision(look: Any, number: int) -> str:
    offered = look.locator("[data-press]").evaluate_all("(all) => all.map((one) => one.dataset.press)")
    wanted = ("m", "n") if "m" in offered else ("c", "x")
    return wanted[number % 2]


@pytest.fixture
def guarded(example_ledger: Path, tmp_path: Path) -> Iterator[Running]:
    shutil.copy(example_ledger, tmp_path / "desk.db")
    with tools.guarded(tmp_path / "desk.db") as running:
        yield running


def log_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.locator("#name").fill(name)
    page.locator("#password").fill(password)
    page.get_by_role("button", name="Log in").click()


def test_a_reader_logs_in_reads_and_may_not_edit(browser: Browser, guarded: Running) -> None:
    event = pages(guarded.ledger)["event"]
    with visiting(browser, guarded) as (page, watch):
        watch.forgive("status of 403")
        page.goto(event)
        assert urlsplit(page.url).path == "/login", "nobody reads here who has not logged in"
        log_in(page, "ben", "something else")
        assert page.get_by_role("alert").count() == 1
        log_in(page, "ben")
        page.wait_for_url(f"**{event}")
        assert page.locator("form[action$='/confirm'], a[href$='/correct']").count() == 0
        token = page.locator("form[action='/logout'] input[name=csrf]").get_attribute("value")
        refused = page.request.post(f"{event}/confirm", form={"csrf": token or ""}, max_redirects=0)
        assert refused.status == 403
        page.goto(f"{event}/correct")
        assert "editor" in page.locator("main").inner_text()
        page.get_by_role("button", name="Log out").click()
        page.wait_for_url("**/login*")
        page.goto("/events")
        assert urlsplit(page.url).path == "/login"
    with Ledger(guarded.ledger) as ledger:
        assert ledger.judgements() == []


def test_an_editor_logs_in_and_judges_under_that_name(browser: Browser, guarded: Running) -> None:
    event = pages(guarded.ledger)["event"]
    with visiting(browser, guarded) as (page, _):
        page.goto("/login")
        log_in(page, "ana")
        page.goto(event)
        page.keyboard.press("c")
        page.wait_for_url("**did=*")
    with Ledger(guarded.ledger) as ledger:
        assert [(one.by, one.action) for one in ledger.judgements()] == [("ana", "confirm")]


def test_all_that_matters_works_without_scripts(browser: Browser, desk: Running) -> None:
    with visiting(browser, desk, java_script_enabled=False) as (page, _):
        page.goto("/events")
        page.locator("form.filters input[name=type][value=CONSULT]").check()
        page.get_by_role("button", name="Show events").click()
        assert urlsplit(page.url).query == "type=CONSULT"
        # The address changes before the page is there.
        page.locator("[data-event] .chip.quad").first.wait_for()
        assert {one.inner_text() for one in page.locator("[data-event] .chip.quad").all()} == {"consult"}
        page.locator("main a.open").first.click()
        page.get_by_role("link", name="Correct").click()
        page.locator("select[name=type]").select_option("PROTEST")
        page.get_by_role("button", name="Correct it").last.click()
        assert page.locator(".summary .chip.quad").inner_text() == "protest"
        page.locator("ol.history").get_by_role("button", name="Undo").first.click()
        assert page.locator(".summary .chip.quad").inner_text() == "consult"
        page.goto("/review")
        page.get_by_role("button", name=re.compile("Confirm|One event")).first.click()
        assert "did=" in page.url
        for path in ("/relations", "/map", "/stance?target=RUS", "/actors", "/reports", "/"):
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200
        page.goto("/try")
        page.locator("textarea[name=text]").fill(REPORT)
        page.get_by_role("button", name="Code it").click()
        assert page.locator("li.record").count() >= 2
        page.locator("li.record summary").first.click()
        assert page.locator("li.record dl").first.is_visible()


def test_a_phone_reads_a_report_by_tapping(browser: Browser, shown: Running) -> None:
    address = pages(shown.ledger)["report"]
    with visiting(browser, shown, viewport=PHONE, has_touch=True, is_mobile=True) as (page, _):
        page.goto(address)
        words = page.locator("#text a.t").first
        words.tap()
        assert page.locator("li.record.pinned").count() == 1
        number = words.get_attribute("data-trigger")
        assert number is not None
        assert page.locator("li.record.pinned").get_attribute("data-n") in number.split()


def test_a_page_that_is_not_there_says_where_to_go(browser: Browser, shown: Running) -> None:
    with visiting(browser, shown) as (page, watch):
        watch.forgive("404")
        for path in ("/events/0123456789abcdef", "/reports/01234567890123456789", "/nothing"):
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 404
            assert page.locator("main a").count() > 0


def test_one_goes_on_from_what_was_wrong(browser: Browser, shown: Running) -> None:
    with visiting(browser, shown) as (page, watch):
        watch.forgive(r"\b400\b")
        page.goto("/events?actor=Atlantis")
        assert page.evaluate("document.activeElement.name") == "actor"
        assert page.locator("input[name=actor]").input_value() == "Atlantis"


def test_where_one_is_is_seen_in_the_menu_of_a_phone(browser: Browser, shown: Running) -> None:
    with visiting(browser, shown) as (page, _):
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto("/review")
        place = page.locator(".top nav a[aria-current]").bounding_box()
        assert place is not None
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= 390
