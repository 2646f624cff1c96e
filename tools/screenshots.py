"""Pictures of the desk's pages, light and dark, wide and narrow: ``python -m tools.screenshots [--out docs/desk]``.

The pages are those over our own example reports. Needs Chromium, as the tests of the pages do. Names of files are
``PAGE-SIZE-SCHEME.webp``; what a picture shows changes only when a page, an example or the coder does, save for the
days on which people judged.
"""

from __future__ import annotations

import argparse
import base64
import sys
import tempfile
from collections.abc import Sequence
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser import MISSING, PHONE, WIDE, Running, arguments, chromium, guarded, served, visiting
from tests.browser_pages import pages

from dragoman.ledger import Ledger

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]
SIZES = {"wide": WIDE, "narrow": PHONE}
SCHEMES = ("light", "dark")
# At this quality text stays sharp, and no picture has more than 120 KB.
QUALITY = 70
LEFT_OUT = {"no such page", "nothing found"}
TRIED = """Foreign ministers of Karsan and Tavush met in Orvenport on Tuesday and agreed to reopen the strait to grain
ships. Karsan's defence ministry said its forces had withdrawn from two islands. Protesters in the capital accused the
government of giving in, and police arrested eleven of them. Tavush threatened new sanctions if the ships are stopped
again."""


def fill(path: Path) -> None:
    """A ledger of the examples, some of whose events people have judged."""
    from dragoman.cli import app

    with chdir(ROOT):  # what sources are called is shown
        reports = [*sorted(Path("examples").glob("0*")), Path("examples/ledger")]
        app(["ingest", *map(str, reports), "--ledger", str(path)], standalone_mode=False)
    with Ledger(path) as ledger:
        told = max(ledger.iterate(), key=lambda e: (e.state == "disputed", e.reports, e.id))
        ledger.confirm(told.id, by="ana", note="both reports agree")
        ledger.undo(ledger.correct(told.id, {"type": told.type, "date": "2025"}, by="ben"), by="ana")


def take(page: Page, file: Path) -> int:
    """Take a picture of what is seen of a page; its bytes."""
    session = page.context.new_cdp_session(page)
    shot = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    return file.write_bytes(base64.b64decode(shot["data"]))


def show(page: Page, name: str, address: str) -> None:
    """Open a page, with something on it."""
    page.goto(address, wait_until="networkidle")
    if name == "try":
        page.locator("textarea[name=text]").fill(TRIED.replace("\n", " "))
        page.get_by_role("button", name="Code it").click()
        page.locator("li.record").first.wait_for()
    page.wait_for_timeout(300)


def take_all(browser: Browser, open_to_all: Running, shut: Running, folder: Path, only: str) -> int:
    """All pictures into a folder; their bytes."""
    total = 0
    for name, address in pages(open_to_all.ledger).items():
        running = shut if name == "login" else open_to_all
        if name in LEFT_OUT or only not in name:
            continue
        for size, viewport in SIZES.items():
            for scheme in SCHEMES:
                with visiting(browser, running, viewport=viewport, color_scheme=scheme) as (page, _):
                    show(page, name, address)
                    file = folder / f"{name.replace(' ', '-')}-{size}-{scheme}.webp"
                    written = take(page, file)
                    total += written
                    print(f"{file.name:40} {written / 1000:6.1f} KB", flush=True)
    return total


def main(given: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "desk")
    parser.add_argument("--only", default="", help="only pages whose name has this in it")
    options = parser.parse_args(given)
    path = chromium()
    if path is None:
        print(MISSING, file=sys.stderr)
        return 1
    from playwright.sync_api import sync_playwright

    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        ledger = Path(folder) / "desk.db"
        fill(ledger)
        with served(ledger) as running, guarded(ledger) as shut, sync_playwright() as playwright:
            started = playwright.chromium.launch(executable_path=path, args=arguments())
            total = take_all(started, running, shut, options.out, options.only)
            started.close()
    print(f"{total / 1e6:.1f} MB in {options.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
