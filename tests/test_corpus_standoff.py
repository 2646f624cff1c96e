"""Records kept apart from their texts, and two codings of the same texts compared."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.record import Document, Entity, Event, EventPlace, Mention, Span

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
sys.path.insert(0, str(ROOT))

from training.corpus import agreement, load, standoff  # noqa: E402


def coded(text: str) -> tuple[Document, Event]:
    start = text.index("attacked")
    event = Event(
        "ASSAULT",
        actor=(Entity("Rebels", text.index("Rebels"), text.index("Rebels") + 6, "MLI", "REB"),),
        place=EventPlace("Gao", "MLI"),
        mentions=(Mention(0, len(text), Span(start, start + 8)),),
    )
    return Document(text, "2021-06-10", "d1", url="https://example.org/d1"), event.identified("d1")


@given(st.text(max_size=30), st.text(max_size=30))
def test_standoff_round_trip_holds_no_words(before: str, after: str) -> None:
    try:
        (before + after).encode("utf-8")
    except UnicodeEncodeError:
        return
    text = f"{before} Rebels attacked Gao {after}"
    document, event = coded(text)
    row = json.loads(json.dumps(standoff.strip(document, [event])))
    flat = json.dumps(row["events"])
    assert "Rebels" not in flat
    assert "Gao" not in flat
    assert standoff.restore(row, text) == (document, (event,))
    with pytest.raises(ValueError, match="hash"):
        standoff.restore(row, text + " ")


def test_standoff_refuses_what_cannot_be_restored() -> None:
    document, event = coded("Rebels attacked Gao.")
    with pytest.raises(ValueError, match="Rebels"):
        standoff.strip(Document("Others attacked Gao.", id="d1"), [event])
    with pytest.raises(ValueError, match="Timbuktu"):
        standoff.strip(document, [Event("ASSAULT", place=EventPlace("Timbuktu", "MLI"), mentions=event.mentions)])


def test_standoff_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = tmp_path / "coded"
    gold.mkdir()
    texts = {str(k): f"Rebels attacked Gao {k} times.\n\nRain fell." for k in range(4)}
    for id, text in texts.items():
        document, event = coded(text)
        row = {
            "id": id,
            "url": document.url,
            "title": "T",
            "published": "2021-06-10",
            "text": text,
            "contexts": ["military"],
        }
        (gold / f"{id}.json").write_text(json.dumps(row | {"events": [event.to_dict()]}))
    annotation, out = tmp_path / "a.jsonl", tmp_path / "out.jsonl"
    assert standoff.main(["write", str(gold), "--out", str(annotation)]) == 0
    assert "Rebels" not in annotation.read_text()
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "0.txt").write_bytes((texts["0"].replace("\n", "\r\n") + "\r\n").encode())
    (mine / "1.json").write_text(json.dumps({"text": texts["1"]}))
    (mine / "2.txt").write_text("Something else.")
    assert standoff.main(["join", str(mine), "--annotation", str(annotation), "--out", str(out)]) == 1
    rows = [json.loads(line) for line in out.read_text().split("\n")[:-1]]
    assert [(r["id"], r["text"]) for r in rows] == [("0", texts["0"]), ("1", texts["1"])]
    assert rows[0]["contexts"] == ["military"]
    assert rows[0]["events"][0]["actor"][0]["text"] == "Rebels"
    errors = capsys.readouterr().err
    assert "no text for 1: 3" in errors
    assert "another text for 1: 2" in errors
    gold.rename(tmp_path / "dev")
    assert standoff.main(["write", str(tmp_path / "dev"), "--out", str(annotation)]) == 1
    assert "measuring" in capsys.readouterr().err


def test_shipped_annotation_rebuilds_the_reports() -> None:
    folder = SHARED / "gold" / "train"
    rows = standoff.read()
    assert len(rows) == 30
    assert {len(r["sha256"]) for r in rows} == {64}
    if not folder.is_dir():
        pytest.skip("the shared reports are not beside this checkout")
    joined = standoff.join(rows, standoff.read_texts(folder))
    assert not joined.missing
    assert not joined.changed
    for row in joined.rows:
        gold = json.loads((folder / f"{row['id']}.json").read_text("utf-8"))
        assert [{k: v for k, v in e.items() if k != "id"} for e in row["events"]] == gold["events"]


def test_agreement(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    documents = [coded(f"Rebels attacked Gao{' again' * k}.") for k in range(3)]
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"

    def rows(changes: dict[int, Any], count: int = 3) -> list[dict[str, Any]]:
        return [
            {"id": f"d{k}", "text": d.text, "events": [e.to_dict() | changes.get(k, {})]}
            for k, (d, e) in enumerate(documents[:count])
        ]

    load.write_lines(first, rows({}))
    load.write_lines(second, rows({1: {"type": "COERCE"}}, 2))
    assert agreement.main([str(first), str(second)]) == 0
    figures = json.loads(capsys.readouterr().out.strip().split("\n")[-1])
    assert figures["documents"] == 2
    assert (figures["located"]["f1"], figures["typed"]["f1"]) == (1.0, 0.5)
    assert (figures["only_first"], figures["only_second"]) == (1, 0)

    moved = rows({})
    moved[0]["text"] = "Another text."
    load.write_lines(second, moved)
    assert agreement.main([str(first), str(second)]) == 1
    load.write_lines(second, [*rows({}), *rows({})])
    assert agreement.main([str(first), str(second)]) == 1
    load.write_lines(second, [{"id": "other", "events": []}])
    assert agreement.main([str(first), str(second)]) == 1
    errors = capsys.readouterr().err
    assert all(said in errors for said in ("texts differ", "stand twice", "no document in common"))
