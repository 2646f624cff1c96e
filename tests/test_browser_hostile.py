"""Whatever stands in reports, names, addresses, searches and notes: it is shown as words, nothing of it runs, and no
page breaks or grows wider than the screen."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.browser import PHONE, Running, served, visiting

from dragoman.ledger import BadQuestion, Ledger
from dragoman.ledger.identity import storable
from dragoman.ledger.writing import Coding, add, identified
from dragoman.record import CodedDocument, Document, Entity, Event, EventPlace, Mention, Span

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SCRIPTS = (
    "<script>window.ran = 1</script>",
    "</script><script>window.ran = 1</script>",
    '"><img src=x onerror="window.ran = 1">',
    "' autofocus onfocus='window.ran = 1' x='",
    "</textarea></title></style><svg onload=window.ran=1>",
    "<iframe srcdoc='<script>parent.ran = 1</script>'></iframe>",
    "<a href=javascript:window.ran=1>here</a>",
    "<form action=https://elsewhere.example><button>send</button></form>",
    "<meta http-equiv=refresh content='0;url=https://elsewhere.example/'>",
    "<style>body { display: none }</style>",
    "<base href=https://elsewhere.example/>",
    "{{ 7 * 191 }} {% for x in ().__class__.__mro__ %}{% endfor %} ${7 * 191} #{7 * 191}",
    "<!-- ]]> --> <![CDATA[ <?php ?>",
    "&lt;script&gt; &amp;amp; &#x3c;b&#x3e; %3Cscript%3E \\u003cscript\\u003e",
)
ODD = (
    "\u202eright to left\u202c \u2066\u2067\u2069",
    "a\u0300\u0301\u0302" + "\u0338" * 120,
    "\U0001f1f2\U0001f1f2 \U0001f469\u200d\U0001f680 \U00020000 \U000e0041",
    "half \ud83d of a pair, zero \x00, bell \x07, escape \x1b[31m",
    "line\u2028paragraph\u2029next\x85feed\x0c vertical\x0b",
    "لا تزال المحادثات جارية",
    "ﷺ﷽ 𒐫 ⸻",
    "x" * 3_000,
    "\u200b\ufeff\u00ad",
    "'' \"\" `` \\ \\\\ '; DROP TABLE report; --",
    "=cmd|' /C calc'!A0",
)
ADDRESSES = (
    "javascript:window.ran=1",
    "JaVaScRiPt\t:window.ran=1//https://news.example/",
    "data:text/html,<script>parent.ran = 1</script>",
    "https://news.example/\"onmouseover='window.ran=1'",
    "https://news.example/<script>window.ran=1</script>?a=1&b=2#c",
    "//elsewhere.example/",
    "https://user:pass@[::1",
    "",
)
words = st.sampled_from(SCRIPTS + ODD) | st.text(max_size=60)
names = st.sampled_from(SCRIPTS + ODD) | st.text(min_size=1, max_size=60).filter(lambda text: text.strip())
# Each example takes a dozen pages in a browser: few, and none made smaller when one fails.
RUN = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
# Where links and forms lead, in whatever case and however spaced their addresses are written.
_PROTOCOLS = """() => [...document.querySelectorAll('a, form, [formaction], iframe, embed, object, base')]
  .flatMap((one) => ['href', 'action', 'formaction', 'src', 'data'].map((name) => one.getAttribute(name) ?? ''))
  .filter((where) => URL.canParse(where, location.href))
  .map((where) => new URL(where, location.href).protocol)"""
_PARAGRAPHS = """() => [...document.querySelectorAll('#text [data-at]')]
  .map((one) => [Number(one.dataset.at), one.textContent])"""
# Seconds within which a page is there, on a machine that does other things too.
IN_TIME = 5.0


@dataclass(frozen=True)
class Hostile:
    """What strangers write: a report with one record, and the note of a judgement of it."""

    before: str
    actor: str
    recipient: str
    place: str
    after: str
    title: str
    outlet: str
    url: str
    note: str

    def coding(self) -> Coding:
        text, spans = self.before + " ", []
        for part in (self.actor, " shelled ", self.recipient, " near ", self.place, ". ", self.after):
            spans.append(Span(len(text), len(text) + len(part)))
            text += part
        actor, shelled, recipient, _, _, end, _ = spans
        document = identified(Document(text, "2022-03-01", "", self.title, self.url, (), self.outlet))
        event = Event(
            "ASSAULT",
            ("heavy-weapons",),
            (_entity(document.text, actor, None),),
            (_entity(document.text, recipient, "UKR"),),
            place=EventPlace(self.place),
            date="2022-02-28",
            mentions=(Mention(actor.start, end.end, Span(shelled.start + 1, shelled.end - 1)),),
            attribution=(_entity(document.text, actor, None),),
            confidence=0.6,
        )
        coded = CodedDocument(document.id, (event.identified(document.id),), ("military",))
        return Coding(document, coded, "by hand", self.outlet, self.title)


def _entity(text: str, span: Span, country: str | None) -> Entity:
    return Entity(span.of(text), span.start, span.end, country, "MIL")


hostile = st.builds(Hostile, words, names, names, names, words, words, words, st.sampled_from(ADDRESSES) | words, words)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    path = tmp_path_factory.mktemp("desk") / "desk.db"
    Ledger(path).close()
    with served(path) as running:
        yield running


@pytest.fixture(scope="module")
def visited(browser: Browser, shown: Running) -> Iterator[Page]:
    with visiting(browser, shown, viewport=PHONE) as (page, watch):
        watch.forgive("status of 4")
        yield page


def unharmed(page: Page, address: str, *, status: int = 200, seconds: float = IN_TIME) -> None:
    """Open a page: it answers in time, nothing runs, no link runs a script, nothing is wider than the screen."""
    began = time.monotonic()
    answer = page.goto(address)
    assert time.monotonic() - began < seconds
    assert answer is not None
    assert answer.status == status
    assert page.evaluate("() => globalThis.ran") is None
    assert page.evaluate("() => document.querySelector('main h1') !== null"), "the page is cut short"
    assert set(page.evaluate(_PROTOCOLS)) <= {"http:", "https:"}
    wide = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], f"{address} scrolls sideways: {wide[0]} in {wide[1]}"


def is_shown(page: Page, text: str) -> None:
    """The text of a report is shown as it is, character for character, wherever its paragraphs begin."""
    paragraphs = page.evaluate(_PARAGRAPHS)
    assert paragraphs
    for start, words in paragraphs:
        assert words == text[start : start + len(words)]
    assert "".join("".join(words for _, words in paragraphs).split()) == "".join(text.split())


@RUN
@given(made=hostile)
def test_a_hostile_report_is_shown_and_never_run(visited: Page, shown: Running, made: Hostile) -> None:
    coding = made.coding()
    with Ledger(shown.ledger) as ledger:
        ledger.store.write(lambda connection: add(connection, [coding]))
        told = ledger.event(coding.coded.events[0].id)
        assert told is not None
        note = storable(made.note)
        ledger.confirm(told.id, by="ada", note=note)
        with suppress(BadQuestion):  # a name of spaces, or one that is too long
            ledger.save("desk", made.title, "type=ASSAULT")
        saved = [one.name for one in ledger.saved("desk")]
    unharmed(visited, f"/reports/{coding.document.id}")
    is_shown(visited, coding.document.text)
    unharmed(visited, f"/events/{told.id}")
    assert note in visited.locator("ol.history").evaluate("(log) => log.textContent")
    unharmed(visited, "/events")
    assert all(name in visited.locator("main").evaluate("(main) => main.textContent") for name in saved)
    for address in (
        "/",
        "/actors",
        f"/actors/named?{urlencode({'name': told.actor[0].text})}" if told.actor else "/actors",
        "/actors/UKR",
        "/relations",
        "/map",
        f"/stance?{urlencode({'target': told.id})}",
        "/review",
        "/reports",
    ):
        unharmed(visited, address)


@RUN
@given(text=names)
def test_hostile_questions_are_answered_as_words(visited: Page, text: str) -> None:
    plain = text.encode("utf-8", "ignore").decode()
    for path, name in (("/events", "text"), ("/events", "actor_name"), ("/actors", "name"), ("/actors/named", "name")):
        answer = visited.goto(f"{path}?{urlencode({name: plain})}")
        assert answer is not None
        assert answer.status < 500
        assert visited.evaluate("() => globalThis.ran") is None


def test_a_very_long_report_is_shown_in_time(visited: Page, shown: Running) -> None:
    given = Hostile("word " * 1_000_000, "Kavat", "Orven", "Tal", "x" * 5_000_000, "t" * 50_000, "o" * 5_000, "", "")
    coding = given.coding()
    with Ledger(shown.ledger) as ledger:
        ledger.store.write(lambda connection: add(connection, [coding]))
    unharmed(visited, f"/reports/{coding.document.id}", seconds=2 * IN_TIME)
    for address in (f"/events/{coding.coded.events[0].id}", "/events", "/", "/reports", "/review"):
        unharmed(visited, address)


def test_a_text_that_is_too_long_to_be_tried_is_refused_at_once(visited: Page) -> None:
    began = time.monotonic()
    answer = visited.request.post("/try", form={"text": "word " * 2_000_000})
    assert answer.status == 413
    assert time.monotonic() - began < IN_TIME
    unharmed(visited, "/try")
