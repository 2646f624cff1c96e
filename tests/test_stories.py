"""The stories: sound as they stand, what is wrong with one is said, and the scores are those of the papers."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import stories  # noqa: E402

STORY = """
story: x-tiny
about: Two raids, one told twice.
events:
  raid: "ASSAULT gunmen raid a post on 3 May"
  older: "ASSAULT another raid, 11 April"
reports:
- id: x-tiny-1
  outlet: Sahel Wire
  title: Gunmen raid a post
  kind: report
  register: wire
  published: "2023-05-04"
  text: |-
    Gunmen raided an army post near Kidal in Mali on Wednesday. On April 11 gunmen attacked a post near Menaka.
  events:
  - {event: raid, type: ASSAULT/firearms, actor: ["Gunmen | MLI UAF"], recipient: ["army post | MLI MIL"],
     trigger: ["raided"], date: "2023-05-03", place: "Kidal | MLI"}
  - {event: older, type: ASSAULT, actor: ["gunmen | MLI UAF"], trigger: ["attacked"], date: "2023-04-11",
     place: "Menaka | MLI"}
- id: x-tiny-2
  outlet: Bamako Evening News
  title: Army speaks of raid
  kind: report
  register: local
  published: "2023-05-05"
  text: |-
    The army said that armed men had stormed its camp at Kidal two days ago.
  events:
  - {event: raid, type: ASSAULT/firearms, actor: ["armed men | MLI UAF"], recipient: ["its camp | MLI MIL"],
     trigger: ["stormed"], date: "2023-05-03", place: "Kidal | MLI", by: ["army | MLI MIL"]}
"""


def write(folder: Path, text: str = STORY) -> Path:
    path = folder / "x-tiny.yaml"
    path.write_text(text, "utf-8")
    return path


@pytest.fixture(scope="module")
def shipped() -> list[stories.Story]:
    return stories.read_all()


def test_the_stories_are_sound_and_as_many_as_promised(shipped: list[stories.Story]) -> None:
    assert len(shipped) >= 60
    for story in shipped:
        own = [r for r in story.reports if r.copy_of is None]
        told = Counter(key for r in own for key, _ in r.told)
        assert len(own) >= 3, story.name
        assert max(told.values()) >= 3, story.name
        assert len({r.outlet for r in own}) >= 3, story.name
        types: dict[str, set[str]] = {}
        for report in own:
            for key, event in report.told:
                types.setdefault(event.type, set()).add(key)
        assert max(map(len, types.values())) >= 2, f"{story.name}: no other event of a type stands beside it"
    assert sum(any(r.copy_of for r in s.reports) for s in shipped) >= len(shipped) // 3


def test_reprints_hold_much_of_the_same_text(shipped: list[stories.Story]) -> None:
    for story in shipped:
        texts = {r.document.id: r.document.text for r in story.reports}
        for report in story.reports:
            if report.copy_of:
                first, second = (set(t.split()) for t in (texts[report.copy_of], report.document.text))
                assert len(first & second) >= 0.5 * min(len(first), len(second)), report.document.id


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("story: x-tiny", "story: y-tiny", "named like its file"),
        ('trigger: ["stormed"]', 'trigger: ["struck"]', "struck"),
        ("{event: older, type", "{event: raid, type", "tells 'raid' twice"),
        ("{event: older, type", "{event: other, type", "no event 'other'"),
        ("  outlet: Bamako Evening News\n", "", "lacks its outlet"),
        ("- id: x-tiny-2\n", "- id: x-tiny-2\n  copy_of: x-tiny-9\n", "does not stand before it"),
        ("  older: ", '  unheard: "ASSAULT no"\n  older: ', "no report tells 'unheard'"),
        ("MLI UAF", "MLI XXX", "XXX"),
        ("events:\n  raid", "events: [\n  raid", "x-tiny.yaml"),
        ("reports:\n", "reports:\n- just words\n", "a list of events"),
    ],
)
def test_what_is_wrong_with_a_story_is_said(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert before in STORY
    with pytest.raises(stories.BadStory, match=said):
        stories.read(write(tmp_path, STORY.replace(before, after)))


def test_a_folder_without_stories_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(stories.BadStory, match="holds no story"):
        stories.read_all(tmp_path)
    with pytest.raises(SystemExit):
        stories.main([str(tmp_path)])


def test_scores(tmp_path: Path) -> None:
    story = stories.read(write(tmp_path))
    truth = {id(event): key for r in story.reports for key, event in r.told}
    right = stories.score([story], lambda report, event: truth[id(event)])
    assert right["pairs"]["f1"] == right["b_cubed"]["f1"] == 1.0
    alone = stories.score([story], stories.alone)
    assert alone["pairs"]["recall"] == 0.0
    # Three records, each alone: a half of each raid's record is found, the other event's whole.
    assert (alone["b_cubed"]["precision"], alone["b_cubed"]["recall"]) == (1.0, pytest.approx(2 / 3))
    together = stories.score([story], lambda report, event: 0)
    assert (together["pairs"]["precision"], together["pairs"]["recall"]) == (0.5, 1.0)
    assert together["b_cubed"]["precision"] == pytest.approx((2 * 2 / 3 + 1 / 3) / 3)
    coded = stories.score([story], stories.by_code)
    assert coded["pairs"]["f1"] == 1.0


def test_the_ledger_joins_better_than_asked_for_on_stories_that_it_has_not_learned_from(
    shipped: list[stories.Story],
) -> None:
    unseen = [s for s in shipped if stories.held_out(s)]
    assert len(unseen) >= 15
    figures = stories.measure(unseen)
    assert {**figures["held_out"], **figures["ledger"]} == figures["held_out"]
    for way in ("ledger", "pooled"):
        assert figures[way]["pairs"]["f1"] >= 0.80
        assert figures[way]["b_cubed"]["f1"] >= 0.85
    assert figures["ledger"]["pairs"]["f1"] > figures["by_code"]["pairs"]["f1"] + 0.3


def test_pooled_stories_count_joins_across_stories(tmp_path: Path) -> None:
    story = stories.read(write(tmp_path))
    twin = stories.Story("x-twin", story.about, story.events, story.reports[:1])
    apart = stories.pooled([story])
    assert apart["pairs"]["precision"] == apart["pairs"]["recall"] == 1.0
    rows = [("one", "a", 0), ("two", "a", 0), ("three", "b", 0)]
    both = stories.figures([rows])
    assert (both["pairs"]["precision"], both["pairs"]["recall"]) == (pytest.approx(1 / 3), 1.0)
    assert stories.figures([rows[:2], rows[2:]])["pairs"]["f1"] == 1.0
    assert not stories.held_out(twin)


def test_the_command(tmp_path: Path) -> None:
    write(tmp_path)
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.stories", str(tmp_path)], capture_output=True, text=True, cwd=ROOT
    )
    assert ran.returncode == 0, ran.stderr
    figures = json.loads(ran.stdout.splitlines()[-1])
    assert (figures["stories"], figures["reports"], figures["records"], figures["events"]) == (1, 2, 3, 2)
