"""Joining: what speaks for one event and what rules it out, and that the order in which records come never matters."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.timing import least

from dragoman.ledger.joining import (
    Link,
    Profile,
    cluster,
    compare,
    contradiction,
    handles,
    profile,
    profiles,
    revised,
)
from dragoman.ledger.joining import dates as days
from dragoman.ledger.joining.words import number, word
from dragoman.record import Document, Entity, Event, EventPlace, Mention, Span

HARBOUR = (
    "Gunmen attacked a customs post at Berbera in Somaliland on Tuesday and killed 14 guards, the harbour master said. "
    "Smoke rose over the Berbera quay until noon."
)
AGAIN = (
    "Fourteen guards died when armed men stormed the customs post in Berbera, the port's director Yusuf Warsame told "
    "reporters. The quay at Berbera stayed closed."
)
TEA = "Kenya's tea growers signed a contract with traders from Pakistan in Mombasa, the chamber of commerce said."


def entity(text: str, words: str, country: str | None, sector: str | None) -> Entity:
    at = text.index(words)
    return Entity(words, at, at + len(words), country, sector)


def event(text: str, trigger: str, **fields: object) -> Event:
    at = text.index(trigger)
    start = text.rfind(".", 0, at) + 1
    end = text.index(".", at) + 1
    mention = Mention(start, end, Span(at, at + len(trigger)))
    return Event(**({"type": "ASSAULT", "mentions": (mention,)} | fields))  # type: ignore[arg-type]


def raid(id: str = "one", published: str = "2021-03-16", **fields: object) -> Profile:
    document = Document(HARBOUR, published, id, title="Gunmen raid Berbera customs post")
    given_fields = {
        "actor": (entity(HARBOUR, "Gunmen", "SOM", "UAF"),),
        "recipient": (entity(HARBOUR, "14 guards", "SOM", "COP"),),
        "date": "2021-03-16",
        "place": EventPlace("Berbera", "SOM"),
    }
    return profile(document, event(HARBOUR, "attacked", **(given_fields | fields)))


def raid_again(id: str = "two", published: str = "2021-03-17", **fields: object) -> Profile:
    document = Document(AGAIN, published, id, title="Fourteen dead in port of Berbera")
    given_fields = {
        "actor": (entity(AGAIN, "armed men", "SOM", "UAF"),),
        "recipient": (entity(AGAIN, "Fourteen guards", "SOM", "COP"),),
        "date": "2021-03-16",
        "place": EventPlace("Berbera", "SOM"),
    }
    return profile(document, event(AGAIN, "stormed", **(given_fields | fields)))


def link(a: Profile, b: Profile) -> Link | None:
    return compare(a, [b])[0]


def found(a: Profile, b: Profile) -> bool:
    """Whether the ledger would compare the two."""
    return any(h.key == g.key and h.first <= g.last and g.first <= h.last for h in handles(a) for g in handles(b))


def test_one_event_in_two_reports_is_joined_and_it_is_said_why() -> None:
    a, b = raid(), raid_again()
    assert found(a, b)
    joined = link(a, b)
    assert joined is not None
    assert joined.score > 0.7
    said = "; ".join(joined.reasons)
    for words in ("both on 16 March 2021", "both name Berbera", "Somalia (UAF) acts", "both give 14", "customs"):
        assert words in said
    assert joined == link(b, a)
    assert Link.from_dict(json.loads(json.dumps(joined.to_dict()))) == joined


@pytest.mark.parametrize("date", ["2021-03", "2021", "2021-03-15/2021-03-18"])
def test_dates_of_other_precision_agree(date: str) -> None:
    a, b = raid(), raid_again(date=date)
    assert found(a, b)
    joined = link(a, b)
    assert joined is not None
    assert joined.score > 0.5
    assert any("agree" in r and "16 March 2021" in r for r in joined.reasons)


def test_an_undated_record_agrees_with_a_date_shortly_before() -> None:
    joined = link(raid(), raid_again(date=None))
    assert joined is not None
    assert joined.score > 0.5
    assert any("told without a date on 17 March 2021" in r for r in joined.reasons)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (raid_again(id="one"), "told by one report"),
        (raid_again(date="2021-03-09"), "16 March 2021, the other on 9 March 2021"),
        (raid_again(date="2021-02"), "16 March 2021, the other on February 2021"),
        (raid_again(date=None, published="2021-03-10"), "told on 2021-03-10, before 16 March 2021"),
        (raid_again(place=EventPlace("Kismayo", "SOM")), "km apart"),
        (raid_again(factuality="negated"), "denies"),
        (raid_again(type="COERCE"), "ASSAULT and COERCE"),
    ],
)
def test_what_contradicts_is_never_linked(other: Profile, why: str) -> None:
    said = contradiction(raid(), other)
    assert said is not None
    assert why in said.replace("COERCE and ASSAULT", "ASSAULT and COERCE")
    assert contradiction(other, raid()) is not None
    assert link(raid(), other) is None
    assert link(other, raid()) is None


def test_a_day_apart_and_a_place_within_another_are_no_contradiction() -> None:
    joined = link(raid(), raid_again(date="2021-03-15"))
    assert joined is not None
    assert "15 March 2021 and 16 March 2021 are a day apart" in joined.reasons
    for other in (
        raid_again(date="2021-03-15"),
        raid_again(place=EventPlace("Somalia", "SOM")),
        raid_again(place=EventPlace("the quay", "SOM")),
        raid_again(factuality="future", published="2021-03-10"),
    ):
        assert contradiction(raid(), other) is None
    joined = link(raid(), raid_again(place=EventPlace("Somalia", "SOM")))
    assert joined is not None
    assert "Berbera lies in Somalia" in joined.reasons


def test_reprints_are_joined_and_said_to_be() -> None:
    again = replace(raid(), setting=replace(raid().setting, report="print", published="2021-03-18"), date=None)
    joined = link(raid(), again)
    assert joined is not None
    assert joined.score > 0.9
    assert "nearly the same words" in joined.reasons


def test_other_events_are_not_joined() -> None:
    document = Document(TEA, "2021-03-17", "tea")
    tea = profile(document, event(TEA, "signed", date="2021-03-16", actor=(entity(TEA, "growers", "KEN", "AGR"),)))
    other = link(raid(), tea)
    assert other is None or other.score < 0.4


def test_profiles_are_small_and_come_back_from_json() -> None:
    for p in (
        raid(),
        raid_again(date=None, place=None, actor=(), factuality="future", historical=True, mode=("aerial",)),
    ):
        line = json.dumps(p.to_dict(), ensure_ascii=False)
        assert Profile.from_dict(json.loads(line)) == p
        assert len(line) < 1500


def test_records_of_a_report_share_its_setting_and_count_each_other() -> None:
    events = [event(HARBOUR, "attacked"), event(HARBOUR, "killed"), event(HARBOUR, "said", type="CONSULT")]
    made = profiles(Document(HARBOUR, "2021-03-16", "x"), events)
    assert [p.alike for p in made] == [1, 1, 0]
    assert made[0].setting is made[2].setting
    assert profiles(Document("", None, "y"), []) == []
    assert profile(Document("no words here", None, "z"), Event("ASSAULT")).window.dated is False


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=120), title=st.text(max_size=20), start=st.integers(0, 120), length=st.integers(0, 40))
def test_any_text_has_a_profile_that_is_json(text: str, title: str, start: int, length: int) -> None:
    at = Mention(0, len(text), Span(start, start + length))
    place = EventPlace(text[:10] or "-", None)
    one = Entity(text[start : start + length], start, start + length, None, None)
    events = [Event("AID", mentions=(at,), actor=(one,), place=place), Event("AID", date=text[:10])]
    for p in profiles(Document(text, title[:10], "any", title), events):
        line = json.dumps(p.to_dict(), allow_nan=False)
        assert Profile.from_dict(json.loads(line)) == p
        other = replace(p, setting=replace(p.setting, report="other"))
        assert len(handles(p)) < 30
        assert compare(p, [other]) == compare(other, [p])


def test_a_correction_needs_no_text() -> None:
    at = event(HARBOUR, "attacked", date="2021-03-09", type="COERCE", place=EventPlace("Kismayo", "SOM"))
    p = revised(raid(), at)
    assert (p.type, p.date, p.words, p.numbers) == ("COERCE", "2021-03-09", raid().words, raid().numbers)
    assert p.site is not None
    assert p.site.country == "SOM"
    assert profile(Document(HARBOUR, "2021-03-16", "one", title="Gunmen raid Berbera customs post"), at) == p


def test_windows() -> None:
    day = days.published("2021-03-16")
    assert day is not None
    assert days.window("2021-02", day, "actual", False)[1:] == (*(days.stated("2021-02-28") or (0, 0))[1:], True)
    assert days.window(None, day, "actual", False) == (day - 31, day, False)
    assert days.window(None, day, "actual", True).last == day - 31
    assert days.window(None, day, "future", False).first == day - 1
    assert days.window(None, None, "actual", False) == (-days.EVER, days.EVER, False)
    assert days.stated("soon") is None
    assert days.published("soon") is None
    assert days.said("2021-03-14/2021-04") == "14 March 2021 to April 2021"


def test_words() -> None:
    assert word("attacks").stem == word("Attacked").stem
    assert word("Gueskerou").weight > word("government").weight
    assert (number("1,200"), number("Fourteen"), number("3.5"), number("guards")) == (1200.0, 14, 3.5, None)
    assert number("9" * 400) is None
    assert word("ʼʼ").stem == ""


def chain(chances: dict[tuple[str, str], float]) -> dict[tuple[str, str], Link]:
    return {pair: Link(score) for pair, score in chances.items()}


def test_no_joining_across_a_contradiction_through_a_third() -> None:
    first, last, between = raid("a", date="2021-03-02"), raid("b", date="2021-03-20"), raid("c", date="2021-03")
    records = {"a": first, "b": last, "c": between}
    links = chain({("a", "c"): 0.99, ("c", "b"): 0.98})
    assert cluster(records, links) == [("a", "c"), ("b",)]
    # A fourth and a fifth that go with both sides do not bridge it either.
    records |= {"d": raid("d", date="2021-03"), "e": raid("e", date=None)}
    links |= chain({(x, y): 0.9 for x, y in combinations("abcde", 2) if (x, y) not in (("a", "b"), ("a", "c"))})
    for group in cluster(records, links):
        assert not {"a", "b"} <= set(group)


def test_what_people_judge_is_obeyed() -> None:
    records = {k: raid(k) for k in "abcd"} | {"x": raid("x", date="2021-05-01")}
    links = chain({("a", "b"): 0.99, ("b", "c"): 0.99, ("a", "c"): 0.99})
    assert cluster(records, links) == [("a", "b", "c"), ("d",), ("x",)]
    assert cluster(records, links, apart=[("c", "a")]) in (
        [("a", "b"), ("c",), ("d",), ("x",)],
        [("a",), ("b", "c"), ("d",), ("x",)],
    )
    assert cluster(records, links, together=[("x", "a")], apart=[("b", "x")]) == [("a", "x"), ("b", "c"), ("d",)]
    # Of judgements that cannot all be, those that keep apart hold.
    kept = cluster(records, {}, together=[("a", "b"), ("b", "c")], apart=[("a", "c")])
    assert kept == [("a", "b"), ("c",), ("d",), ("x",)]
    assert cluster(records, {}, together=[("a", "gone"), ("d", "d")]) == [("a",), ("b",), ("c",), ("d",), ("x",)]


KEYS = [f"r{n}" for n in range(9)]
DATES = [None, "2021", "2021-03", "2021-03-02", "2021-03-16", "2021-03-20"]
SIDE = st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)), max_size=2)


@settings(max_examples=60, deadline=None)
@given(
    dates=st.lists(st.sampled_from(DATES), min_size=9, max_size=9),
    reports=st.lists(st.integers(0, 6), min_size=9, max_size=9),
    scores=st.lists(st.sampled_from([0.0, 0.25, 0.45, 0.6, 0.9, 0.99]), min_size=36, max_size=36),
    together=SIDE,
    apart=SIDE,
    seed=st.integers(0, 10),
)
def test_events_depend_on_content_not_on_order(
    dates: list[str | None],
    reports: list[int],
    scores: list[float],
    together: list[tuple[str, str]],
    apart: list[tuple[str, str]],
    seed: int,
) -> None:
    plain = raid()
    records = {
        k: replace(plain, date=d, setting=replace(plain.setting, report=str(r)))
        for k, d, r in zip(KEYS, dates, reports, strict=True)
    }
    links = {
        (x, y): Link(score)
        for (x, y), score in zip(combinations(KEYS, 2), scores, strict=True)
        if score and contradiction(records[x], records[y]) is None
    }
    events = cluster(records, links, together, apart)
    assert sorted(k for e in events for k in e) == KEYS
    chance = random.Random(seed)
    shuffled = chance.sample(sorted(records), len(records))
    turned = [((y, x) if chance.random() < 0.5 else (x, y), link) for (x, y), link in links.items()]
    chance.shuffle(turned)
    again = cluster(
        {k: records[k] for k in shuffled},
        dict(turned),
        [(y, x) for x, y in reversed(together)],
        [(y, x) for x, y in reversed(apart)],
    )
    assert again == events
    merged = {frozenset(p) for p in together}
    for e in events:
        for x, y in combinations(e, 2):
            assert frozenset((x, y)) not in {frozenset(p) for p in apart}
            if not merged:
                assert contradiction(records[x], records[y]) is None
    if not apart:
        assert all(any(x in e and y in e for e in events) for x, y in together)


def test_a_component_of_five_hundred_records_takes_under_a_second() -> None:
    chance = random.Random(7)
    plain = raid()
    records, links = {}, {}
    for n in range(500):
        date = f"2021-03-{n % 8 + 1:02d}"
        records[f"{n:03d}"] = replace(plain, date=date, setting=replace(plain.setting, report=str(n)))
    for x, y in combinations(records, 2):
        if contradiction(records[x], records[y]) is None:
            links[x, y] = Link(chance.choice([0.3, 0.5, 0.9]))
    assert len(links) > 40_000
    assert least(lambda: cluster(records, links), 1.0) < 1.0
    assert len(cluster(records, links)) < 100


def test_a_pair_scores_the_same_in_any_company() -> None:
    records = [raid("p"), raid_again("q"), raid_again("r", date="2021-03"), raid_again("s", place=None)]
    together = compare(records[0], records[1:])
    assert together == [link(records[0], b) for b in records[1:]]
    assert together == [link(b, records[0]) for b in records[1:]]
