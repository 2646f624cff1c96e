"""The corpus tools on small sources of our own: reading, locating, checking, splitting."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.record import Event, EventPlace

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from training.corpus import check, load  # noqa: E402
from training.corpus.balance import Balance  # noqa: E402
from training.corpus.items import Item, Phrase, Problem, Told, read  # noqa: E402
from training.corpus.records import build, date_bounds  # noqa: E402
from training.corpus.similar import groups, near_duplicates, runs, shingles, skeleton  # noqa: E402

from dragoman.learning.coded import occurrences  # noqa: E402

TEXT = (
    "Police in Arequipa freed two union leaders on Tuesday, the interior ministry said.\n\n"
    "The police had held the leaders for a week. "
    "A court freed a third man, but police denied that he had been beaten."
)
GOOD = f"""\
- id: t1-0001
  kind: passage
  register: wire
  published: "2021-06-10"
  text: "{TEXT.replace(chr(10), chr(92) + "n")}"
  events:
    - type: RETREAT/release
      actor: ["Police in Arequipa | PER COP"]
      recipient: ["two union leaders | PER LAB"]
      trigger: ["freed"]
      date: "2021-06-08"
      place: "Arequipa | PER"
      by: ["interior ministry | PER GOV"]
    - type: COERCE/arrest
      actor: ["police | PER COP"]
      recipient: ["leaders | PER LAB"]
      trigger: ["held"]
    - type: RETREAT/release
      actor: ["court | PER JUD"]
      recipient: ["third man | PER -"]
      trigger: ["freed#2"]
    - type: ASSAULT/beat
      actor: ["police | PER COP"]
      recipient: ["he | PER CVL"]
      trigger: ["beaten"]
      fact: negated
      by: ["police | PER COP"]
"""


def write(folder: Path, text: str, name: str = "t1-01.yaml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def item(text: str, *events: Told, id: str = "t1-0001", published: str = "2021-06-10") -> Item:
    return Item(id, "passage", "wire", published, text, events, file="t.yaml", line=1)


def told(type: str = "ASSAULT", trigger: str = "attacked", **fields: Any) -> Told:
    fields.setdefault("actor", (Phrase("Rebels", None, "MLI", "REB"),))
    return Told(type, trigger=(Phrase(trigger),), **fields)


def messages(problems: list[Problem] | tuple[Problem, ...], note: bool = False) -> str:
    return "\n".join(p.message for p in problems if p.note == note)


def problems_of(tmp_path: Path, text: str) -> str:
    return messages(check.check_files([write(tmp_path, text)])[0])


def test_source_becomes_records_with_offsets(tmp_path: Path) -> None:
    (document,) = load.load([write(tmp_path, GOOD)])
    freed, held, again, beaten = document.events
    assert document.document.text == TEXT
    assert (freed.type, freed.mode, freed.date) == ("RETREAT", ("release",), "2021-06-08")
    assert freed.place == EventPlace("Arequipa", "PER")
    assert [(e.text, e.country, e.sector) for e in freed.attribution] == [("interior ministry", "PER", "GOV")]
    (mention,) = freed.mentions
    assert TEXT[mention.start : mention.end] == TEXT.partition("\n")[0]
    # The police and the leaders of the trigger's own sentence, not the first in the text.
    assert held.actor[0].start == TEXT.index("The police") + len("The ")
    assert held.recipient[0].start == TEXT.index("the leaders") + len("the ")
    assert again.mentions[0].trigger.start == TEXT.rindex("freed")
    assert again.recipient[0].sector is None
    assert beaten.factuality == "negated"
    assert beaten.actor[0].start == TEXT.rindex("police")
    for event in document.events:
        for entity in (*event.actor, *event.recipient, *event.attribution):
            assert TEXT[entity.start : entity.end] == entity.text
    row = json.loads(json.dumps(document.to_dict()))
    assert [Event.from_dict(e) for e in row["events"]] == list(document.events)
    assert {"id", "published", "text", "contexts", "events", "kind", "register", "split"} == set(row)


def test_scalars_stay_text(tmp_path: Path) -> None:
    source = GOOD.replace('date: "2021-06-08"', "date: 2021-06").replace(
        "fact: negated", "hist: True\n      date: null"
    )
    (found,), problems = read(write(tmp_path, source))
    assert not problems
    assert [e.date for e in found.events] == ["2021-06", None, None, None]
    assert found.events[3].hist


HELD = 'trigger: ["held"]'


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("kind: passage", "kind: essay", "kind 'essay'"),
        ("register: wire", "register: tabloid", "register 'tabloid'"),
        ("  events:", "  mood: sad\n  events:", "unknown key 'mood'"),
        (HELD, HELD + "\n      when: now", "unknown key 'when'"),
        (HELD, HELD + "\n      " + HELD, "key 'trigger' stands twice"),
        ("2021-06-10", "2021-06-31", "published '2021-06-31'"),
        ("id: t1-0001", "id: first", "not of the form voice-0001"),
        (HELD, "trigger: []", "has no trigger"),
        (HELD, "trigger: [\"jailed\"]", "'jailed' stands not in the text"),
        (HELD, "trigger: [\"hel\"]", "'hel' stands only inside other words"),
        ("freed#2", "freed#3", "'freed' stands 2 times, not 3"),
        ("freed#2", "freed#0", "names no words"),
        (HELD, "trigger: [\"said.\\n\\nThe police\"]", "within one sentence"),
        (HELD, "trigger: [\"held\", \"freed\"]", "not in the order"),
        (HELD, "trigger: [\"held\", \"held\"]", "stands twice"),
        ("COERCE/arrest", "COERCION/arrest", "unknown type"),
        ("COERCE/arrest", "COERCE/bombing", "COERCE has no mode 'bombing'"),
        ("PER LAB", "PRU LAB", "unknown country 'PRU'"),
        ("PER LAB", "GLP LAB", "GLP is coded as FRA"),
        ("PER LAB", "PER LBR", "unknown sector 'LBR'"),
        ("\"two union leaders | PER LAB\"", "\"two union leaders | PER\"", "not of the form"),
        ("\"interior ministry |", "\"the interior ministry |", "begins with an article"),
        ("Arequipa | PER\"\n      by", "Arequipa | UNO\"\n      by", "has UNO: give a state"),
        ("Arequipa | PER\"\n      by", "Cuzco | PER\"\n      by", "'Cuzco' stands not in the text"),
        ("2021-06-08", "2021-06-31", "date '2021-06-31'"),
        ("2021-06-08", "2021-06-08/2021-06-01", "runs backwards"),
        ("2021-06-08", "2021-05-09", "over 31 days before publication"),
        ("2021-06-08", "2021-06-11", "after publication"),
        ("fact: negated", "fact: denied", "fact 'denied'"),
        ("fact: negated", "hist: perhaps", "neither true nor false"),
        ("type: COERCE/arrest", "type: AID\n      fact: future", "a future AID is AGREE"),
        ("  events:", "  contexts: [gossip]\n  events:", "unknown context 'gossip'"),
        ("actor: [\"police |", "actor: [\"police | PER COP\", \"police |", "same entity twice"),
    ],
)  # fmt: skip
def test_checker_names_the_problem(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert not problems_of(tmp_path, GOOD)
    assert old in GOOD
    found = problems_of(tmp_path, GOOD.replace(old, new, 1))
    assert says in found
    with pytest.raises(load.CorpusError, match="problem"):
        list(load.load([tmp_path / "t1-01.yaml"]))


def test_broken_yaml_is_one_line_and_keeps_the_rest(tmp_path: Path) -> None:
    broken = write(tmp_path, "- id: x-1\n  text: 'open\n", "a.yaml")
    latin = tmp_path / "b.yaml"
    latin.write_bytes(b"- id: caf\xe9")
    mapping = write(tmp_path, "id: x-1", "c.yaml")
    problems, documents = check.check_files([broken, latin, mapping, write(tmp_path, GOOD)])
    assert [Path(p.file).name for p in problems] == ["a.yaml", "b.yaml", "c.yaml"]
    assert "YAML" in problems[0].message
    assert "UTF-8" in problems[1].message
    assert "no list" in problems[2].message
    assert len(documents) == 1


def test_a_broken_item_spares_the_next(tmp_path: Path) -> None:
    twice = "- {id: t1-0002, id: t1-0003, kind: passage}\n- 17\n- {id: t1-0004}\n"
    items, problems = read(write(tmp_path, twice + GOOD))
    assert [i.id for i in items] == ["t1-0001"]
    assert [(p.line, p.id) for p in problems] == [(1, ""), (2, ""), (3, "t1-0004")]
    assert problems[2].message == "lacks events, kind, published, register, text"


def test_problem_lines_tell_file_line_and_id(tmp_path: Path) -> None:
    second = GOOD.replace("t1-0001", "t1-0002").replace("COERCE", "CORCE").replace("union leaders", "mayors")
    path = write(tmp_path, GOOD + second)
    (problem,) = [p for p in check.check_files([path])[0] if "unknown type" in p.message]
    line = 1 + GOOD.count("\n")
    assert str(problem) == f"{path}:{line}: t1-0002: event 2 (CORCE 'held'): unknown type"


def test_repeated_ids_and_copies_are_found_in_other_files(tmp_path: Path) -> None:
    first = write(tmp_path, GOOD)
    second = write(tmp_path, GOOD.replace("Tuesday", "Wednesday"), "t1-02.yaml")
    found = messages(check.check_files([second], near=[first, second])[0])
    assert f"the id stands in {first}:1 too" in found
    assert "near-duplicate of t1-0001" in found
    # The neighbour is compared with, not checked itself.
    assert all(p.file == str(second) for p in check.check_files([second], near=[first, second])[0])


def test_same_record_twice() -> None:
    rebels = told()
    built = build(item("Rebels attacked the town of Gao.", rebels, rebels))
    assert "repeats an earlier record" in messages(built.problems)
    assert len(built.events) == 1


def test_notes_refuse_nothing() -> None:
    text = "Rebels attacked Gao on Friday, the mayor said."
    built = build(item(text, told(date="2021-06-05")))
    assert "2021-06-05 is a Saturday, the sentence says Friday" in messages(built.problems, note=True)
    assert len(built.events) == 1
    assert not build(item(text, told(date="2021-06-04"))).problems
    # A second time in the sentence may be the event's: nothing is said.
    assert not build(item(text.replace("Gao", "Gao a day before talks"), told(date="2021-06-03"))).problems
    assert "neither actor nor recipient" in messages(build(item(text, told(actor=()))).problems, note=True)


def test_trigger_whose_parties_stand_by_a_later_occurrence() -> None:
    text = "Critics attacked the budget. Rebels attacked Gao."
    assert "later one" in messages(build(item(text, told())).problems, note=True)
    assert not build(item(text, Told("ASSAULT", actor=told().actor, trigger=(Phrase("attacked", 2),)))).problems


def test_several_mentions_and_modes(tmp_path: Path) -> None:
    source = GOOD.replace('trigger: ["freed"]', 'trigger: ["freed", "freed#2"]').replace(
        "ASSAULT/beat", "ASSAULT/beat/torture"
    )
    (document,) = load.load([write(tmp_path, source)])
    assert [TEXT[m.trigger.start : m.trigger.end] for m in document.events[0].mentions] == ["freed", "freed"]
    assert document.events[0].mentions[0].end < document.events[0].mentions[1].start
    assert document.events[3].mode == ("beat", "torture")


@given(st.text(alphabet="ab 'é\n😀", max_size=40), st.text(alphabet="ab é😀", min_size=1, max_size=3))
def test_occurrences_are_whole_words(text: str, words: str) -> None:
    found = occurrences(text, words)
    assert [s.of(text) for s in found] == [words] * len(found)
    for span in found:
        before, after = text[: span.start][-1:], text[span.end :][:1]
        assert not (before.isalnum() and words[0].isalnum())
        assert not (after.isalnum() and words[-1].isalnum())
    padded = f"{text} {words} {text}"
    assert any(s.start == len(text) + 1 for s in occurrences(padded, words))


@given(st.dates(), st.dates(), st.sampled_from([4, 7, 10]), st.sampled_from([4, 7, 10]))
def test_date_bounds_hold_the_day(a: Any, b: Any, m: int, n: int) -> None:
    first, last = sorted((a, b))
    for date, low, high in (
        (first.isoformat()[:m], first, first),
        (f"{first}/{last.isoformat()[:n]}", first, last),
    ):
        start, end = date_bounds(date)
        assert start <= low <= high <= end


@pytest.mark.parametrize(
    "date", ["", "21-06-10", "2021-6-1", "2021-13", "2021-06-31", "2021/2020", "2021-06-01/", "last week"]
)
def test_dates_that_are_none(date: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        date_bounds(date)


A = "Workers at the port of Tema downed tools on Monday over unpaid wages and blocked the gate for hours."
B = "Workers at the port of Tema downed tools on Monday over unpaid wages and went home at noon."


def test_near_duplicates_and_skeletons() -> None:
    texts = {
        "a": A,
        "b": B,
        "c": "A storm tore the roofs off dozens of houses in the hills above the coast.",
        "d": B + " " + A,
    }
    pairs = near_duplicates({k: shingles(t) for k, t in texts.items()})
    assert [(a, b) for a, b, _ in pairs] == [("a", "b"), ("a", "d"), ("b", "d")]
    assert dict.fromkeys("abd", "a") | {"c": "c"} == groups(list("abcd"), pairs)
    filled = A.replace("Tema", "Walvis").replace("Monday", "Thursday")
    assert skeleton(filled) == skeleton(A)
    assert shingles(filled) != shingles(A)


@given(
    st.dictionaries(
        st.text("xyz", min_size=1, max_size=2),
        st.frozensets(st.sampled_from("abcdef"), min_size=1),
        max_size=6,
    )
)
def test_near_duplicates_are_all_pairs_over_the_bound(sets: dict[str, frozenset[str]]) -> None:
    wanted = {
        (a, b) for a in sets for b in sets if a < b and 2 * len(sets[a] & sets[b]) > min(len(sets[a]), len(sets[b]))
    }
    assert {(a, b) for a, b, _ in near_duplicates(sets)} == wanted


def numbered(n: int) -> list[Item]:
    return [item(f"Report {k} of w{k} x{k} y{k} z{k} on the roads.", id=f"t1-{k:04}") for k in range(n)]


def test_splits_are_a_stable_tenth() -> None:
    items = numbered(3000)
    sides = load.splits(items)
    share = sum(s == "test" for s in sides.values()) / len(items)
    assert 0.08 < share < 0.12
    assert load.splits(items[::-1]) == sides
    assert all(sides[i.id] == side for i, side in zip(items, load.splits(items[:50]).values(), strict=False))


def test_near_duplicates_fall_on_one_side() -> None:
    items = numbered(400)
    copies = [item(i.text + " Again.", id=f"zz-{k:04}") for k, i in enumerate(items)]
    sides = load.splits([*copies, *items])
    assert [sides[c.id] for c in copies] == [sides[i.id] for i in items]
    assert {"train", "test"} == set(sides.values())


def test_load_command_splits_and_blinds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(
        f'- {{id: t1-{k:04}, kind: passage, register: local, published: "2020-01-02",'
        f' text: "Snow lay {k} deep on w{k} x{k} y{k} z{k}.", events: []}}\n'
        for k in range(60)
    )
    path = write(tmp_path, rows + GOOD.replace("t1-0001", "t2-0001"))
    out = tmp_path / "out.jsonl"
    seen: dict[str, set[str]] = {}
    for split in ("train", "test"):
        assert load.main([str(path), "--out", str(out), "--split", split]) == 0
        lines = [json.loads(line) for line in out.read_text("utf-8").split("\n")[:-1]]
        assert {r["split"] for r in lines} == {split}
        seen[split] = {r["id"] for r in lines}
    assert len(seen["train"] | seen["test"]) == 61
    assert not seen["train"] & seen["test"]
    blind = tmp_path / "blind.yaml"
    assert load.main([str(path), "--out", str(blind), "--blind"]) == 0
    texts = {i.id: i.text for i in load.read_items([path])}
    hidden = load.read_items([blind])
    assert {i.id: i.text for i in hidden} == texts
    assert not any(i.events for i in hidden)
    write(tmp_path, GOOD.replace("PER", "PRU"))
    assert load.main([str(path), "--out", str(out)]) == 1
    assert "unknown country 'PRU'" in capsys.readouterr().err


def test_check_command_counts_and_lists_quotas(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, GOOD)
    assert check.main([str(path), "--shared", str(tmp_path / "none")]) == 0
    printed = capsys.readouterr().out
    assert "1 items in 1 files: 0 problems" in printed
    assert "4000 passages wanted, 1 there" in printed
    assert "RETREAT 2" in printed
    path.write_text(GOOD.replace("PER LAB", "PRU LAB"))
    assert check.main([str(path)]) == 1
    assert check.main([str(tmp_path / "absent.yaml")]) == 2


@pytest.mark.parametrize("kind", ["report", "article"])
def test_whole_texts_are_held_to_the_density_of_real_ones(kind: str) -> None:
    dense, thin = (
        Balance(kinds=Counter([kind]), words=Counter({kind: n}), records=Counter({kind: 20})) for n in (500, 1000)
    )
    assert f"about 20 records in 1,000 words of {kind}s wanted, 40.0 there" in dense.unmet()
    assert not any("1,000 words" in line for line in thin.unmet())


def test_balance_counts_only_sound_records() -> None:
    good = build(item("Rebels attacked Gao.", told()))
    bad = build(item("Rebels attacked Gao.", told(type="ATTACK")))
    empty = build(item("Rain fell on Gao."))
    balance = Balance.of([good, bad, empty])
    assert dict(balance.types) == {"ASSAULT": 1}
    assert balance.countries["MLI"] == balance.sectors["REB"] == 1
    assert balance.empty_share == pytest.approx(1 / 3)
    assert not any(line.startswith("a third") for line in balance.unmet())


def test_runs_of_measuring_texts_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "shared" / "gold" / "x"
    folder.mkdir(parents=True)
    sentence = TEXT.partition(".")[0].upper()
    (folder / "1.json").write_text(json.dumps({"text": f"So: {sentence}!", "title": "None"}))
    path = write(tmp_path, GOOD)
    found = messages(check.check_files([path], tmp_path / "shared")[0])
    assert f"{len(runs(sentence))} runs of nine words" in found
    assert not check.check_files([path], tmp_path)[0]


@pytest.mark.slow
def test_the_corpus_itself_is_sound() -> None:
    paths = load.sources()
    if not paths:
        pytest.skip("the corpus is not written yet")
    problems, _ = check.check_files(paths, check.SHARED)
    assert not [str(p) for p in problems if not p.note]
