"""Every page for everybody: what axe-core finds, what moves, what scripts weigh, on a wide screen and a phone, light
and dark."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.browser import PHONE, WIDE, Running, Watch, guarded, served, visiting
from tests.browser_pages import NAMES, pages

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# What a page may load of scripts, and how far its parts may shift in all: a tenth of what Lighthouse still calls good,
# with room for a scroll bar.
SCRIPT_BYTES = 50_000
SHIFT = 0.02
# As the Lighthouse audit sums it: what shifts within half a second of a tap or key is meant to.
_SHIFTS = """
globalThis.dragomanShift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.dragomanShift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
_BOXES = """() => [...document.querySelectorAll("main *, header *, footer *")].map((one) => {
  const box = one.getBoundingClientRect();
  return [one.tagName + "." + one.getAttribute("class"), Math.round(box.x), Math.round(box.y + scrollY),
          Math.round(box.width), Math.round(box.height)].join(" ");
})"""
_UNNAMED = """() => [...document.querySelectorAll("input:not([type=hidden]), select, textarea, button")]
  .filter((one) => !(one.labels?.length || one.getAttribute("aria-label") || one.getAttribute("aria-labelledby") ||
    (one.tagName === "BUTTON" && one.textContent.trim())))
  .map((one) => one.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module")
def shown(example_ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A desk over the examples that is only read."""
    path = tmp_path_factory.mktemp("desk") / "desk.db"
    shutil.copy(example_ledger, path)
    with served(path) as running:
        yield running


@pytest.fixture(scope="module")
def shut(example_ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A desk that asks who comes."""
    path = tmp_path_factory.mktemp("desk") / "desk.db"
    shutil.copy(example_ledger, path)
    with guarded(path) as running:
        yield running


@pytest.fixture(scope="module")
def addresses(shown: Running) -> dict[str, str]:
    return pages(shown.ledger)


def opened(page: Page, watch: Watch, name: str, address: str) -> None:
    """Open a page and wait until nothing more comes of it."""
    if name == "no such page":
        watch.forgive("404")
    page.goto(address, wait_until="load")
    page.evaluate("() => document.fonts.ready.then(() => null)")


@pytest.fixture(scope="module")
def axe() -> str:
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("viewport", "scheme"), [(WIDE, "light"), (PHONE, "dark")], ids=["wide", "phone"])
def test_a_page_is_for_everybody(
    browser: Browser,
    shown: Running,
    shut: Running,
    addresses: dict[str, str],
    axe: str,
    name: str,
    viewport: Any,
    scheme: Any,
) -> None:
    at = shut if name == "login" else shown
    with visiting(browser, at, viewport=viewport, color_scheme=scheme) as (page, watch):
        scripts: list[int] = []
        page.on("response", lambda response: scripts.append(_script_bytes(response)))
        page.add_init_script(_SHIFTS)
        opened(page, watch, name, addresses[name])
        before = page.evaluate(_BOXES)
        page.wait_for_timeout(300)
        moved = [(a, b) for a, b in zip(before, page.evaluate(_BOXES), strict=True) if a != b]
        assert not moved, "something moves after the page is loaded"
        assert page.evaluate("() => dragomanShift") < SHIFT
        assert sum(scripts) < SCRIPT_BYTES
        assert page.evaluate(_UNNAMED) == []
        wide = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] <= wide[1], f"scrolls sideways: {wide[0]} in {wide[1]}"
        page.evaluate(axe)
        assert not violations(page)
        # What changes with the colours is contrast alone.
        page.emulate_media(color_scheme="dark" if scheme == "light" else "light")
        assert not violations(page, "{ type: 'rule', values: ['color-contrast'] }")


def violations(page: Page, only: str = "undefined") -> list[str]:
    """What axe-core finds wrong in a page into which it was put."""
    found = page.evaluate(f"() => axe.run(document, {{ runOnly: {only}, resultTypes: ['violations'] }})")
    return [
        f"{one['id']} ({one['help']}): {node['html'][:160]} {node['failureSummary'][:300]}"
        for one in found["violations"]
        for node in one["nodes"][:3]
    ]


def _script_bytes(response: Any) -> int:
    return len(response.body()) if response.request.resource_type == "script" else 0


def test_what_is_measured_is_seen(browser: Browser, shown: Running, axe: str) -> None:
    """A page that breaks each rule breaks it here."""
    with visiting(browser, shown, viewport=PHONE) as (page, _):
        page.add_init_script(_SHIFTS)
        page.goto("/")
        page.evaluate(
            "() => { document.querySelector('main').insertAdjacentHTML('afterbegin', '<input><img src=data:,>') }"
        )
        assert page.evaluate(_UNNAMED) == ["<input>"]
        page.evaluate(axe)
        assert {said.split()[0] for said in violations(page)} >= {"image-alt", "label"}
        before = page.evaluate(_BOXES)
        page.evaluate(
            "() => { const gap = document.createElement('div'); gap.style.height = '400px'; gap.style.width = '3000px';"
            " document.querySelector('main').prepend(gap) }"
        )
        page.wait_for_timeout(200)
        assert page.evaluate(_BOXES) != before
        assert page.evaluate("() => dragomanShift") > SHIFT
        wide = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] > wide[1]
