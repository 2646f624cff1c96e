"""Copies: prints of one text are told from reports written apart, whatever the text."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections import Counter
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.timing import least

from dragoman.ledger.copies import LEAST_WORDS, bands, compare, signature

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import copies, prints, stories  # noqa: E402

WIRE = """LISBON, May 4 (Harbour Agency) - Portugal's maritime police seized a trawler with 900 kilos of cocaine off the
Algarve coast before dawn on Thursday and arrested its crew of six, the interior ministry said.

The vessel, registered in Belize, had been followed from the air since it left the waters of Cape Verde nine days ago.
Officers boarded it about 40 nautical miles south of Faro and met no resistance, according to a statement.

Four of the men are Moroccan and two are Spanish. They were brought to Portimao and are to appear before a judge on
Saturday. The drug had been hidden under ice in the hold, a spokeswoman for the police told reporters.

"This was one of the largest catches of the past three years, and it was the patience of our crews that made it
possible," the minister said on the quay. He thanked the Spanish civil guard, which had passed on the first hint.

Traffickers have turned to the southern coast since the ports of Antwerp and Rotterdam began to scan more containers.
In January a speedboat with 300 kilos on board ran aground near Tavira."""
PARAGRAPHS = WIRE.split("\n\n")

OTHER = """The cocaine had been under the ice, and the six who had sailed with it said nothing when the boarding party
came. Portuguese police have ended the voyage of a Belizean trawler that they had watched for more than a week, and with
it, so they believe, the business of a ring in Tangier.

It was a hint from Spain that set the aircraft looking. By the time the ship was south of Faro, two patrol boats lay in
wait without lights. The haul, nine tenths of a ton, is among the biggest since 2020, and the interior minister drove
down from Lisbon in the morning to be photographed beside it."""

QUOTE = """"We have waited for this day for eleven years, and we shall not let it be taken from us by those who never
believed in it. Whoever comes to our table in good faith will find a chair there, and whoever comes with threats will
find that the door is closed," the president said in a televised address. "To the families of the missing I say that the
search goes on, in every valley and at every riverbank, until the last of them has come home.\""""


def same(one: str, other: str) -> bool:
    return compare(signature(one), signature(other)) is not None


@pytest.mark.parametrize(
    "print_of_it",
    [
        pytest.param("\n\n".join(PARAGRAPHS[:2]), id="cut to the first paragraphs"),
        pytest.param("\n\n".join([PARAGRAPHS[0], PARAGRAPHS[2], PARAGRAPHS[4]]), id="without two paragraphs"),
        pytest.param("Police seize drugs\nBy our staff\n" + WIRE.split(" - ", 1)[1], id="another headline and byline"),
        pytest.param(" ".join(WIRE.split()).upper(), id="one paragraph, in capitals"),
        pytest.param("".join(f"<p class='x'>{p}</p>" for p in PARAGRAPHS), id="with tags"),
        pytest.param(WIRE.replace('"', "“").replace("'", "’").replace(" - ", " — "), id="other marks"),
        pytest.param(
            WIRE.replace("kilos", "kilogrammes").replace("about", "some").replace("maritime", "sea"), id="other words"
        ),
        pytest.param(WIRE.replace("nine", "9").replace("Four", "4").replace("May 4", "4 May"), id="figures in digits"),
        pytest.param(WIRE.replace("900", "1,100").replace("six", "seven"), id="figures brought up to date"),
        pytest.param(
            "\n\n".join(["The news was heard with relief in the bars around our own fish market.", *PARAGRAPHS[1:]]),
            id="a first paragraph of the paper's own",
        ),
        pytest.param(
            "\n\n".join([*PARAGRAPHS[:3], "Our own harbour had its last such case in autumn, when a yacht was held."]),
            id="a last paragraph of the paper's own",
        ),
    ],
)
def test_a_print_of_a_wires_story_is_a_copy(print_of_it: str) -> None:
    assert same(WIRE, print_of_it)
    assert set(bands(signature(WIRE))) & set(bands(signature(print_of_it)))


def test_two_reports_of_one_event_are_no_copies() -> None:
    assert not same(WIRE, OTHER)


def test_the_reason_tells_how_much_is_the_same() -> None:
    found = compare(signature(WIRE), signature("\n\n".join(PARAGRAPHS[:3])))
    assert found is not None
    assert found.share > 0.9
    percent = f"{found.share:.0%}"
    assert found.reason.startswith(f"{percent} of the shorter text stands in the other")
    assert found.reason.endswith("figures agree")


def test_a_long_quote_in_both_makes_no_copies() -> None:
    one = f"{OTHER}\n\n{QUOTE}"
    other = "\n\n".join([PARAGRAPHS[0], QUOTE, *PARAGRAPHS[1:3]])
    assert len(QUOTE.split()) > 0.4 * len(one.split())
    assert not same(one, other)
    plain = QUOTE.replace('"', "")
    apart = compare(signature(f"{plain}\n\n{OTHER}"), signature("\n\n".join([plain, PARAGRAPHS[0]])))
    assert apart is not None, "without its marks the same passage is the paper's own words"


def test_a_quote_goes_on_over_paragraphs_that_each_begin_with_a_mark() -> None:
    said = QUOTE.replace('"', "").split(". ")
    paragraphs = "\n\n".join('"' + s for s in said) + '"'
    assert not same(f"{PARAGRAPHS[0]}\n\n{paragraphs}\n\n{PARAGRAPHS[1]}", f"{OTHER}\n\n{paragraphs}")


def test_the_same_ending_makes_no_copies() -> None:
    ending = (
        "This is a developing story and will be updated. Copyright 2023 Harbour Agency. All rights reserved. This "
        "material may not be published, broadcast, rewritten or redistributed without permission."
    )
    assert not same(f"{PARAGRAPHS[0]}\n\n{ending}", f"{OTHER.split('.')[0]}.\n\n{ending}")


def test_the_same_background_below_other_news_makes_no_copies() -> None:
    background = "\n\n".join(PARAGRAPHS[3:])
    court = """A court in Portimao on Monday freed two of six sailors who had been held over a load of drugs. Their
    lawyers had complained that no interpreter was there when they were heard, and the judge agreed. The others stay in
    custody until the trial, for which no date is set, and deny that they knew of the load. The owner of the ship, a
    company with an address in Belize City, has not been heard, and a letter to it came back."""
    boats = """Fishermen of the Algarve blocked the entrance of Portimao's harbour on Friday with thirty boats. They say
    that the searches keep them from their grounds and spoil their catch, and want to be paid for each day that they
    lose. The mayor called on both to sit down with him at the town hall before the week is over. A tanker had to turn
    back, and two yachts were let through after some shouting and the sale of a crate of sardines."""
    assert len(background.split()) > 0.45 * len(f"{court} {background}".split())
    assert not same(f"{court}\n\n{background}", f"{boats}\n\n{background}")


@pytest.mark.parametrize("pattern", [*prints.DATA["bulletins"], *prints.DATA["flashes"]])
def test_bulletins_of_different_days_are_no_copies(pattern: str) -> None:
    [days] = prints.bulletins(Random(1), [pattern], 6)
    wrong = sum(same(a, b) for a, b in combinations(days, 2))
    assert wrong <= 1, "two days may agree in most figures by chance"


def test_a_round_up_is_no_copy_of_its_items() -> None:
    items = [p.split(". ")[0] + "." for p in [WIRE.split(" - ", 1)[1], *PARAGRAPHS[2:], *OTHER.split("\n\n")]]
    assert not same("\n\n".join(items[1:] + items[:1]), PARAGRAPHS[0])


@pytest.mark.parametrize(
    ("text", "cut_short", "another"),
    [
        (
            "Правительство объявило в понедельник, что закроет границу для грузовых машин на две недели. Перевозчики "
            "называют это решение несправедливым и требуют встречи с министром транспорта. На дороге к переходу уже "
            "стоит очередь длиной в несколько километров, и водители ночуют в кабинах.",
            "Правительство объявило в понедельник, что закроет границу для грузовых машин на две недели. Перевозчики "
            "называют это решение несправедливым и требуют встречи с министром транспорта.",
            "Колонна грузовых машин растянулась у перехода на несколько километров. Водители говорят, что о закрытии "
            "границы они узнали по радио, и никто не сказал им, сколько придётся ждать. Министр обещал ответ завтра.",
        ),
        (
            "政府周一宣布关闭边境两周，货车不得通过。运输公司称这一决定不公平，要求与交通部长会面。通往口岸的公路上已经排起数公里长的队伍，司机们在驾驶室里过夜。",
            "政府周一宣布关闭边境两周，货车不得通过。运输公司称这一决定不公平，要求与交通部长会面。",
            "口岸外的车龙越来越长。司机说他们从广播里才听到封关的消息，没有人告诉他们要等多久。部长答应明天答复，运输协会表示不会让步，将到首都请愿。",
        ),
        (
            "أعلنت الحكومة يوم الاثنين أنها ستغلق الحدود أمام الشاحنات مدة أسبوعين. ووصف أصحاب شركات النقل القرار بأنه "
            "غير عادل وطالبوا بلقاء وزير المواصلات. وامتد صف من الشاحنات عدة كيلومترات على الطريق المؤدي إلى المعبر.",
            "أعلنت الحكومة يوم الاثنين أنها ستغلق الحدود أمام الشاحنات مدة أسبوعين. ووصف أصحاب شركات النقل القرار بأنه "
            "غير عادل وطالبوا بلقاء وزير المواصلات.",
            "قال سائقون ينتظرون عند المعبر إنهم سمعوا بالخبر من الإذاعة ولم يخبرهم أحد كم سيطول انتظارهم. ووعد الوزير "
            "بالرد غدا بينما هددت النقابة بالتوجه إلى العاصمة.",
        ),
    ],
)
def test_other_scripts(text: str, cut_short: str, another: str) -> None:
    assert same(text, cut_short)
    assert not same(text, another)


def test_short_texts_need_more_in_common() -> None:
    flash = "At least eight people died when a bus plunged into a ravine near Quito, rescue workers said."
    assert same(flash, flash.upper())
    assert not same(flash, flash.replace("Quito", "Cuenca"))
    stub = "Sign in to read on."
    assert not same(stub, stub)
    assert bands(signature(stub)) == ()


def test_what_is_no_signature_is_an_error() -> None:
    good = signature(WIRE)
    for bad in (b"", b"\x00" * len(good), good[:-1], good + b"\x00", good[:5]):
        with pytest.raises(ValueError, match="signature"):
            compare(bad, good)
        with pytest.raises(ValueError, match="signature"):
            bands(bad)


words = st.text(st.characters(categories=["Ll"], max_codepoint=0x24F, exclude_characters="ŉıſ"), min_size=1, max_size=9)
prose = st.lists(words | st.sampled_from(["12", "May", "five"]), min_size=LEAST_WORDS, max_size=80).map(" ".join)


@given(prose, st.sampled_from(["  ", "\n", "\n\n", "\u00a0", " \t "]))
@settings(deadline=None)
def test_spaces_and_case_leave_the_signature(text: str, space: str) -> None:
    assert signature(text.replace(" ", space)) == signature(text)
    assert signature(text.title()) == signature(text)


@given(prose)
@settings(deadline=None)
def test_a_text_is_a_copy_of_itself(text: str) -> None:
    found = compare(signature(text), signature(text))
    assert found is not None
    assert found.share == pytest.approx(1.0)


@given(st.text(st.characters(), max_size=400), st.text(st.characters(), max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_text_has_a_small_signature_and_order_makes_no_difference(one: str, other: str) -> None:
    a, b = signature(one), signature(f"{one} {other}")
    assert max(len(a), len(b)) <= 1700
    assert a == signature(one)
    assert compare(a, b) == compare(b, a)
    for key in bands(b):
        assert -(1 << 63) <= key < 1 << 63
    assert len(bands(b)) <= 24


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\ud800 \udfff" * 40,
        "\0" * 1000,
        "1" * 10_000,
        "one two " * 130_000,
        "„" * 100_000,
        "<" * 100_000,
        "'a \"b" * 100_000,
        "© subscribe. " * 50_000,
        "٣٤ ५६ " * 1000,
        " ".join(map(str, range(150_000))),
    ],
    ids=lambda t: repr(t[:12]),
)
def test_any_text_however_long_is_signed_in_good_time(text: str) -> None:
    began = time.process_time()
    signed = signature(text)
    assert time.process_time() - began < 5
    assert len(signed) <= 1700
    assert len(bands(signed)) <= 24
    compare(signed, signed)


def test_a_long_text_and_its_cut_are_copies_though_both_are_sampled() -> None:
    random = Random(3)
    words = [f"w{random.randrange(4000)}" for _ in range(6000)]
    assert same(" ".join(words), " ".join(words[:2500]))
    assert not same(" ".join(words), " ".join(words[:600])), "less than a quarter"
    assert not same(" ".join(words), " ".join(random.sample(words, len(words))))


def test_twenty_thousand_reports_make_few_candidates() -> None:
    random = Random(4)
    vocabulary = [f"w{n}" for n in range(3000)]
    frequent = [1 / (n + 5) for n in range(3000)]
    holders: Counter[int] = Counter()
    ending = "so ends what our desk knows at this hour and no name is passed on to anybody"
    for _ in range(20_000):
        keys = bands(signature(" ".join(random.choices(vocabulary, frequent, k=60)) + " " + ending))
        assert len(keys) == len(set(keys)) > 0
        holders.update(keys)
    pairs = sum(n * (n - 1) // 2 for n in holders.values())
    assert pairs < 20_000 * 2, "the ending of the house, in all of them, must not be a key"


def test_speed() -> None:
    [text] = [" ".join((WIRE + OTHER + QUOTE).split())]
    text = " ".join((text.split() * 2)[:500])
    assert least(lambda: [signature(text) for _ in range(50)], 50 * 5e-3) < 50 * 5e-3
    signed, other = signature(text), signature(WIRE)
    assert least(lambda: [compare(signed, other) for _ in range(500)], 500 * 5e-4) < 500 * 5e-4


def test_the_bench_over_part_of_its_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("d-crans-summit", "d-golan-observers", "d-tachira-march", "d-trinidad-road", "a-maseru-vote"):
        shutil.copy(stories.FOLDER / f"{name}.yaml", tmp_path)
    some = [item for n, item in enumerate(prints.corpus()) if n % 4 == 0]
    monkeypatch.setattr(prints, "corpus", lambda: some)
    copies.main([str(tmp_path)])
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    reports = sum(len(s.reports) for s in stories.read_all(tmp_path) if s.name.startswith("d-"))
    pairs = sum(row["pairs"] for row in figures["stories"].values())
    assert reports < pairs < reports * 8
    assert figures["stories"]["reprint"]["linked"] >= 0.9 * figures["stories"]["reprint"]["pairs"] > 0
    assert figures["stories"]["other"]["linked"] == 0
    assert figures["precision"] >= 0.98
    assert figures["recall"] >= 0.9
    assert figures["found_by_bands"] >= 0.99
    assert figures["groups"]["precision"] >= 0.95
    assert set(figures["alike"]) == {"quote", "ending", "background", "round-up", "round-ups", "bulletin", "flash"}


def test_groups_are_chains_of_copies() -> None:
    cuts = ["\n\n".join(PARAGRAPHS[at : at + 3]) for at in range(3)]
    documents = [("wire", text) for text in (*cuts, WIRE)] + [("other", OTHER)]
    figures = copies.grouped(documents)
    assert (figures["groups"], figures["precision"], figures["recall"]) == (2, 1.0, 1.0)
    assert copies.grouped([("a", WIRE), ("b", WIRE)])["precision"] == 0.0
    assert copies.grouped([("a", WIRE), ("a", OTHER)])["recall"] == 0.0


def test_the_prints_are_the_same_for_the_same_seed() -> None:
    for way in (*prints.PRINTS.values(), prints.brief):
        assert way(Random(9), PARAGRAPHS) == way(Random(9), PARAGRAPHS)
        assert WIRE.split("\n\n") == PARAGRAPHS, "the text itself stays as it is"
    assert prints.length(prints.cut(Random(2), PARAGRAPHS, 0.4, 0.6)) < 0.75 * prints.length(PARAGRAPHS)
