"""The ledger's commands in the tests: run in this process or another, with a coder that takes no time."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from dragoman import cli
from dragoman.record import CodedDocument, Document, Entity, Event, Mention, Span

EXAMPLES = Path(__file__).parents[1] / "examples" / "ledger"
Run = Callable[..., Any]


def invoke(*arguments: str | Path, status: int = 0, stdin: str | None = None) -> Any:
    """Run a command in this process; fails where it ends with another status."""
    made = CliRunner().invoke(cli.app, [str(a) for a in arguments], input=stdin)
    assert made.exit_code == status, (made.stdout, made.stderr, made.exception)
    assert made.exception is None or isinstance(made.exception, SystemExit)
    return made


def started(*arguments: str, folder: Path) -> subprocess.Popen[str]:
    """A command in a process of its own, with the ledger ``events.db`` of a folder."""
    environment = {**os.environ, "DRAGOMAN_LEDGER": str(folder / "events.db"), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "dragoman.cli", *arguments]
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def rows(made: Any) -> list[Any]:
    return [json.loads(line) for line in made.stdout.splitlines()]


def ids(run: Run, *filters: str) -> list[str]:
    return str(run("query", *filters, "--format", "ids").stdout).split()


def attack(run: Run) -> str:
    [id] = ids(run, "Barida", "--state", "disputed", "--type", "ASSAULT")
    return id


def quick(document: Document) -> CodedDocument:
    """A coding that takes no time: a sentence with "attacked" is an assault of the first word on the last."""
    events = []
    for found in re.finditer(r"(\w+) (attacked) (\w+)\.", document.text):
        who, whom = (Entity(found[n], *found.span(n), "KEN", sector) for n, sector in ((1, "REB"), (3, "GOV")))
        mention = Mention(*found.span(), Span(*found.span(2)))
        made = Event("ASSAULT", actor=(who,), recipient=(whom,), mentions=(mention,), date="2024-05-15")
        events.append(made.identified(document.id))
    return CodedDocument(document.id, tuple(events), title=document.title, published=document.published)


def reports(number: int) -> str:
    text = "Rebels attacked soldiers. The village of number {} was quiet by the evening, people there told reporters."
    lines = ({"id": str(n), "text": text.format(n), "published": "2024-05-16"} for n in range(number))
    return "".join(json.dumps(line) + "\n" for line in lines)
