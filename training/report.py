"""The training report: as JSON for programs, as Markdown for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> list[str]:
    head = list(head)
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return lines + [f"| {' | '.join(_cell(c) for c in row)} |" for row in rows]


def _cell(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def text(found: Mapping[str, Any]) -> str:
    """The report in Markdown."""
    lines = ["# Training report", "", "## What it learned from", ""]
    rows = [
        (side, origin, *row.values()) for side, origins in found["samples"].items() for origin, row in origins.items()
    ]
    lines += _table(("side", "origin", "documents", "words", "mentions"), rows)
    lines += ["", "## Learning curve (held-out side)", ""]
    names = list(found["curve"][0]["held-out"]) if found["curve"] else []
    lines += _table(("epoch", *names), ((r["epoch"], *r["held-out"].values()) for r in found["curve"]))
    lines += [
        "",
        "`types` is F1 of types by sentence; actor to time are F1 of roles by pair of event and word, given the true",
        "events; the others are accuracies, likewise given the true events.",
        "",
        "## By type (held-out side)",
        "",
    ]
    lines += _table(
        ("type", "precision", "recall", "F1", "sentences"), ((k, *v.values()) for k, v in found["types"].items())
    )
    if folds := found["folds"]:
        lines += ["", "## Each fold of the whole texts, by the model of the others", ""]
        lines += _table(("fold", *folds[0]), ((n, *row.values()) for n, row in enumerate(folds)))
    lines += ["", "## Gate", ""]
    lines += _table(found["gate"].keys(), [found["gate"].values()])
    lines += ["", "## Files", ""]
    lines += _table(("file", "bytes"), found["bytes"].items())
    lines += [
        "",
        f"All parts took {found['seconds']} s, one after the other. The last: `{json.dumps(found['plan'])}`",
        "",
    ]
    return "\n".join(lines)


_CARD = """# Model card: Dragoman's extractor

Finds event mentions in English news: type, mode, factuality, background, and who takes part, of the words of a parse.

- **Made from** all-MiniLM-L6-v2 (Apache-2.0), fine-tuned; heads of our own. Encoder in 8 bits, heads in 16.
- **Learned from** the project's own corpus (CC0) and our records of public-domain reports of the Voice of America. No
  other text. What it learned from, by origin, and the whole curve stand in `training/report.md`.
- **Licence**: Apache-2.0, as the project.
- **Use**: as one step of `dragoman.Coder`, on dated English news. Its probabilities are not calibrated; those of the
  records that it leads to are (`confidence`, fitted by `training.assembly`).
- **Limits**: one reader coded each training text, so that its sense of what counts as an event is theirs; analysis and
  comment yield false events more often than wire reports; rare types and modes are learned from a few dozen examples;
  sarcasm, counterfactuals and other languages are beyond it. A record of it is a claim about a text, not about the
  world: do not act on single records without reading the words behind them.
"""


def card(found: Mapping[str, Any]) -> str:
    """The model card, with the held-out figures by type."""
    lines = [_CARD, "## Held-out figures by type (F1 by sentence)", ""]
    lines += _table(
        ("type", "precision", "recall", "F1", "sentences"), ((k, *v.values()) for k, v in found["types"].items())
    )
    lines += ["", f"The gate lets {found['gate']['recall']:.3f} of the events' sentences through.", ""]
    return "\n".join(lines)


def write(found: Mapping[str, Any], base: Path) -> None:
    """Write ``base``.json and ``base``.md."""
    base.parent.mkdir(parents=True, exist_ok=True)
    base.with_suffix(".json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    base.with_suffix(".md").write_text(text(found), "utf-8")
