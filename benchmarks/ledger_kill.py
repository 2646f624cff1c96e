"""Two writers killed at random moments: ``python -m benchmarks.ledger_kill [--kills 200] [--documents 2000]``.

Two processes ingest the same generated reports into one ledger, each in an order of its own. At random moments, which
come from the seed, one of them is killed with SIGKILL, which nothing can catch, and started again. At the end, when the
last two were let finish, the ledger must hold each report once, be sound, and be the same as one that a single
process filled undisturbed. The last line printed is JSON: ``kills``, how many of them hit a writer before it was done
(``at_work``) and in the middle of a write (``in_write``), ``documents``, ``lost``, ``doubled``, ``faults``, whether it
is the ``same``, how many reports it held after each twentieth part of the kills (``growth``), and ``seconds``.

``--address`` names a PostgreSQL database, which must be empty; by default it is a SQLite file in a temporary folder.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select

from benchmarks.ledger_reports import QuickCoder, reports
from dragoman.ledger import Ledger, writing
from dragoman.ledger.tables import report
from dragoman.record import CodedDocument, Document

_SEED = 20220224
# Reports that a writer hands in at once. Small, so that kills fall into all parts of many writes.
_AT_ONCE = 8
# What a writer tells of itself, a byte each.
_HELD, _CODING, _WRITING, _WRITTEN = b"h", b"c", b"w", b"d"
# How much of its reports a writer may have handed in when the last kill falls: on a quick machine it waits there, so
# that every kill finds work to be done. Two writers that have each done this share have left a sixteenth undone.
_SHARE = 0.75


class _Telling(QuickCoder):
    """A quick coder that says when it codes, for the first time, and takes its time."""

    def __init__(self, say: Callable[[bytes], object], pause: float) -> None:
        super().__init__()
        self.say, self.pause = say, pause

    def code(self, document: Document) -> CodedDocument:
        self.say(_CODING)
        time.sleep(self.pause)
        return super().code(document)


def writer(
    address: str, documents: Sequence[Document], say: Callable[[bytes], object], pause: float, allowed: Any
) -> None:
    """Ingest all documents in small batches, and tell of each that is coded and of the beginning and end of writes.

    ``allowed.value`` is how many of them it may hand in by now; it waits where that is not enough.
    """
    add = writing.add

    def told(*given: Any, **options: Any) -> Any:
        say(_WRITING)
        try:
            return add(*given, **options)
        finally:
            say(_WRITTEN)

    writing.add = told
    with Ledger(address) as ledger:
        for at in range(0, len(documents), _AT_ONCE):
            if at >= allowed.value:
                say(_HELD)
                while at >= allowed.value:
                    time.sleep(0.002)
            ledger.ingest(documents[at : at + _AT_ONCE], coder=_Telling(say, pause), called="quick")


class Writer:
    """One of the two, in a process of its own that begins where this one stands: it is started hundreds of times."""

    def __init__(self, address: str, documents: Sequence[Document], pause: float, allowed: Any) -> None:
        self._given = address, documents, pause, allowed
        self.start()

    def start(self) -> None:
        """Start it, or start it anew."""
        self._said, out = os.pipe()
        self._process = multiprocessing.get_context("fork").Process(target=self._work, args=(out,))
        self._process.start()
        os.close(out)

    def _work(self, out: int) -> None:
        address, documents, pause, allowed = self._given
        writer(address, documents, lambda byte: os.write(out, byte), pause, allowed)

    def wait(self) -> bool:
        """Wait until it codes something new or may go no further; False where it is done before."""
        return os.read(self._said, 1) != b""

    def kill(self) -> tuple[bool, bool]:
        """Kill it where it stands; whether it was still at work, and whether in a write."""
        self._process.kill()
        self._process.join()
        said = b""
        while more := os.read(self._said, 65536):
            said += more
        os.close(self._said)
        if self._process.exitcode not in (0, -signal.SIGKILL):
            raise RuntimeError(f"a writer ended with {self._process.exitcode}")
        return self._process.exitcode != 0, said.endswith(_WRITING)

    def finish(self) -> None:
        """Let it come to its end. Raises RuntimeError when it fails."""
        while os.read(self._said, 65536):
            pass
        self._process.join()
        os.close(self._said)
        if self._process.exitcode:
            raise RuntimeError(f"a writer ended with {self._process.exitcode}")


def run(address: str, kills: int, documents: int, seed: int, *, seconds: float = 0.3) -> dict[str, Any]:
    """Kill ``kills`` times, then let both writers finish and look at what is there.

    A writer is killed up to ``seconds`` after it has coded something new.
    """
    draw = random.Random(seed)
    begun = time.monotonic()
    made = list(reports(documents, _SEED))
    # So slow that the last kills find work to be done: half the longest life passes between two kills, and a third of
    # it with what is neither killed before it is written nor coded by both.
    pause = kills * seconds / 6 / documents
    # Shared without a lock, which a writer that is killed could take with it.
    allowed = multiprocessing.get_context("fork").RawValue("i", 0)
    Ledger(address).close()
    writers = []
    for order in (1, 2):
        random.Random(order).shuffle(made)
        writers.append(Writer(address, list(made), pause, allowed))
    at_work = in_write = 0
    growth = []
    for n in range(kills):
        allowed.value = int(documents * _SHARE * (n + 1) / kills)
        one = draw.choice(writers)
        one.wait()
        time.sleep(draw.uniform(0, seconds))
        working, writes = one.kill()
        at_work += working
        in_write += working and writes
        one.start()
        if (n + 1) % max(1, kills // 20) == 0:
            growth.append(_count(address))
            print(f"{n + 1} kills, {growth[-1]} reports, {time.monotonic() - begun:.0f} s", flush=True)
    allowed.value = documents
    for one in writers:
        one.finish()
    with tempfile.TemporaryDirectory() as folder, Ledger(Path(folder) / "calm.db") as calm, Ledger(address) as ledger:
        calm.ingest(made, coder=QuickCoder(), called="quick")
        with calm.store.reading() as here, ledger.store.reading() as there:
            query = select(report.c.text, report.c.url, report.c.title, report.c.outlet)
            want, have = (Counter(map(tuple, c.execute(query))) for c in (here, there))
        return {
            "kills": kills,
            "at_work": at_work,
            "in_write": in_write,
            "documents": documents,
            "lost": (want - have).total(),
            "doubled": (have - want).total(),
            "faults": len(_told(ledger.faults())),
            "same": ledger.digest() == calm.digest(),
            "growth": growth,
            "seconds": round(time.monotonic() - begun, 1),
        }


def _count(address: str) -> int:
    with Ledger(address) as ledger:
        return ledger.counts()["reports"]


def _told(faults: list[str]) -> list[str]:
    for line in faults:
        print(line, file=sys.stderr)
    return faults


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Two writers killed at random moments of an ingest.")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--seconds", type=float, default=1.0, help="the longest that a writer is let work, by default 1"
    )
    parser.add_argument("--address", help="an empty PostgreSQL database; by default a SQLite file")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        address = given.address or str(Path(folder) / "ledger.db")
        found = run(address, given.kills, given.documents, given.seed, seconds=given.seconds)
    print(json.dumps(found))
    return 0 if found["same"] and not (found["lost"] or found["doubled"] or found["faults"]) else 1


if __name__ == "__main__":
    raise SystemExit(main())
