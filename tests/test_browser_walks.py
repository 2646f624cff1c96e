"""Each page as a person walks it: from a pasted report to a corrected event to an export that shows the correction."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dragoman.export.ledger import FORMATS
from dragoman.ledger import Ledger

if TYPE_CHECKING:
    from playwright.sync_api import Download, Locator, Page
    from tests.browser import Running

SEED = Path(__file__).parents[2] / "shared" / "gold" / "seed" / "seed.json"
REPORT = """The foreign ministry of Norway condemned the shelling of the harbour of Mombasa on Tuesday.

Kenya expelled four Norwegian diplomats on 3 March 2026. Norwegian officials said they would visit Nairobi in April.
Police in Nairobi arrested nine protesters who had marched against the government."""
DAY = "2021-03-14"
# How each format writes that day.
WRITTEN = re.compile(rf"{DAY}|20210314|14 March 2021|03/14/2021")


def paste(page: Page, text: str, published: str) -> Locator:
    """Have a text coded on the page for that; its records."""
    page.goto("/try")
    page.locator("textarea[name=text]").fill(text)
    page.locator("input[name=published]").fill(published)
    page.get_by_role("button", name="Code it").click()
    records = page.locator("li.record")
    records.first.wait_for()
    return records


def keep(page: Page) -> str:
    """Keep what was tried; the address of its report, which is then open."""
    page.get_by_role("button", name="Keep").click()
    page.wait_for_url("**/reports/*")
    return page.url


def to_an_event(page: Page, type: str) -> None:
    """From a report to the event of its first record of a type, by keys."""
    records = page.locator("li.record")
    kinds = [one.strip().split()[0] for one in records.locator(".kind").all_inner_texts()]
    for _ in range(kinds.index(type) + 1):
        page.keyboard.press("j")
    pinned = page.locator("li.record.pinned")
    assert pinned.locator(".kind").inner_text().startswith(type)
    assert page.evaluate("() => document.activeElement.closest('.record.pinned') !== null")
    page.keyboard.press("Enter")
    page.wait_for_url("**/events/*")


def correct(page: Page, type: str, day: str) -> None:
    """Correct the type and the date of the event that is open."""
    page.keyboard.press("e")
    page.wait_for_url("**/correct")
    page.locator("select[name=type]").select_option(type)
    page.locator("input[name=date]").fill(day)
    page.locator("input[name=note]").fill("as the ministry's own list has it")
    page.get_by_role("button", name="Correct it").click()
    page.wait_for_url("**/events/*did=*")


def download(page: Page, format: str) -> str:
    """All that a download of the list that is shown holds, as text."""
    page.locator("select[name=format]").select_option(format)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download").click()
    return contents(waiting.value)


def contents(download: Download) -> str:
    with zipfile.ZipFile(download.path()) as pack:
        return "\n".join(_text(name, pack.read(name)) for name in pack.namelist())


def _text(name: str, content: bytes) -> str:
    if name.endswith(".parquet"):
        import pandas

        return str(pandas.read_parquet(io.BytesIO(content)).to_csv())
    return content.decode("utf-8")


def shown_type(page: Page) -> str:
    return page.locator(".summary .chip.quad").inner_text()


def walk(page: Page, desk: Running, text: str, published: str, type: str, other: str) -> None:
    """From a pasted report to an export that shows what was corrected."""
    before = _counts(desk)
    paste(page, text, published)
    assert _counts(desk) == before, "nothing is kept unless asked"
    keep(page)
    assert _counts(desk)["reports"] == before["reports"] + 1
    page.locator("#text a.t").first.hover()
    assert page.locator("li.record.near").count() > 0
    to_an_event(page, type)
    event = page.url.split("?")[0].rsplit("/", 1)[-1]
    was_type, was_when = shown_type(page), page.locator(".summary dd").nth(2).inner_text()
    correct(page, other, DAY)
    assert shown_type(page) == other.lower()
    assert "14 March 2021" in page.locator(".summary").inner_text()
    entry = page.locator("ol.history li").first
    assert "as the ministry's own list has it" in entry.inner_text()
    entry.get_by_role("button", name="Undo").click()
    page.locator(".summary .chip.quad", has_text=was_type).wait_for()
    assert page.locator(".summary dd").nth(2).inner_text() == was_when
    page.locator("ol.history li").first.get_by_role("button", name="Have it count again").click()
    page.locator(".summary .chip.quad", has_text=other.lower()).wait_for()
    page.goto("/events")
    page.locator("input[name=since]").fill(DAY)
    page.locator("input[name=until]").fill(DAY)
    page.locator(f"input[name=type][value={other}]").check()
    page.get_by_role("button", name="Show events").click()
    page.wait_for_url(f"**/events?*since={DAY}*")
    listed = page.locator("[data-event]")
    assert [one.get_attribute("data-event") for one in listed.all()] == [event]
    for format in FORMATS:
        assert WRITTEN.search(download(page, format)), f"{format} does not show the correction"


def _counts(desk: Running) -> dict[str, int]:
    with Ledger(desk.ledger) as ledger:
        return ledger.counts()


def test_from_a_pasted_report_to_a_correction_in_every_export(page: Page, desk: Running) -> None:
    walk(page, desk, REPORT, "2026-03-05", "accuse", "PROTEST")


def test_the_seed_report_as_a_walk(page: Page, desk: Running) -> None:
    if not SEED.exists():
        pytest.skip("the seed report is in ../shared, which is not here")
    seed = json.loads(SEED.read_text("utf-8"))
    walk(page, desk, seed["text"], seed["published"], "support", "PROTEST")


def test_words_selected_in_a_report_become_an_event(page: Page, desk: Running) -> None:
    with Ledger(desk.ledger) as ledger:
        report = max(ledger.iterate(tellings=True), key=lambda e: (e.reports, e.id)).tellings[0].report.id
        before = ledger.counts()["events"]
    page.goto(f"/reports/{report}")
    words = page.evaluate(
        """() => {
          const paragraph = [...document.querySelectorAll('#text p[data-at]')].at(-1);
          const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
          const node = walker.nextNode(), range = document.createRange();
          const end = node.data.trimEnd().indexOf(' ', 4);
          range.setStart(node, 0); range.setEnd(node, end > 0 ? end : node.data.length);
          getSelection().removeAllRanges(); getSelection().addRange(range);
          return range.toString().trim();
        }"""
    )
    page.get_by_role("toolbar").get_by_role("button", name="the event").click()
    assert page.locator("#adding [name=words]").input_value() == words
    page.locator("#adding [name=type]").select_option("MOBILIZE")
    page.locator("#adding [name=date]").fill(DAY)
    page.get_by_role("button", name="Add the event").click()
    page.wait_for_url("**/reports/*done=add*")
    added = page.locator("li.record", has_text="added by hand")
    assert added.count() == 1
    assert words in added.locator("q").first.inner_text()
    with Ledger(desk.ledger) as ledger:
        assert ledger.counts()["events"] == before + 1
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    page.wait_for_url("**/reports/*done=undo*")
    with Ledger(desk.ledger) as ledger:
        assert ledger.counts()["events"] == before
