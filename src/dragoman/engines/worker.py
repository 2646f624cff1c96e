"""A coder in a process of its own: what is coded there takes no time, memory or life from the process that asks.

The two speak through pipes, a line of JSON a message. The process ends when its standard input does, so that none is
left behind, however the other one ends.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from typing import IO, Any

from dragoman.engines.run import Coded, Outcome, code_all
from dragoman.reading import Refusal
from dragoman.record import CodedDocument, Document

# What runs beside a server gives way to it (Unix: niceness 0 to 19).
_NICENESS = 10
# Loads all that is loaded with the first document.
_FIRST = Document("Ministers of both countries met in Geneva on Monday to discuss the truce.", "2022-02-28")
_COMMAND = (sys.executable, "-P", "-c", "from dragoman.engines.worker import main; main()")


class Died(Exception):
    """The process has died before it answered."""


class Worker:
    """A process that codes one document after the other. Not to be used by two threads at once.

    Args:
        seconds: the most that a document may take; the process is ended then.
        load_seconds: the most that loading the coder may take.

    Attributes:
        ready: whether the coder is loaded.
    """

    def __init__(self, seconds: float, load_seconds: float = 180.0) -> None:
        self.ready = False
        self._seconds = seconds
        self._load_seconds = load_seconds
        self._process = subprocess.Popen(
            _COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Ctrl-C is for the process that asks: it ends this one in order.
            start_new_session=True,
        )

    @property
    def id(self) -> int:
        """The process's id."""
        return self._process.pid

    def load(self) -> Refusal | None:
        """Wait until the coder is loaded; why it cannot be, if so. Raises Died."""
        if self.ready:
            return None
        said = self._answer(self._load_seconds)
        if isinstance(said, Refusal):
            return said
        if "refusal" in said:
            return Refusal(*said["refusal"])
        self.ready = True
        return None

    def code(self, document: Document) -> Outcome:
        """What becomes of a document. Raises Died; :meth:`lives` says whether the process can code another."""
        if (refused := self.load()) is not None:
            return Refusal(document.id, refused.reason, refused.fix)
        with suppress(OSError):  # it has died: there will be no answer
            _send(self._stdin, asdict(document))
        said = self._answer(self._seconds)
        if isinstance(said, Refusal):
            return Refusal(document.id, said.reason, said.fix)
        if "refusal" in said:
            return Refusal(*said["refusal"])
        return Coded(document, CodedDocument.from_dict(said))

    def lives(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):  # what was still to be written to it is lost, as it should be
                    stream.close()

    @property
    def _stdin(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    def _answer(self, seconds: float) -> Any:
        """The next message, or a refusal when its time is over and the process was ended. Raises Died."""
        assert self._process.stdout is not None
        late = threading.Event()

        def end() -> None:
            late.set()
            self._process.kill()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            line = self._process.stdout.readline()
        finally:
            timer.cancel()
        if line.endswith(b"\n"):
            return json.loads(line)
        self._process.wait()
        if late.is_set():
            return Refusal("", f"took over {seconds:g} seconds to code", "split it into its reports")
        raise Died


def main() -> None:
    """The process: codes what it is sent until there is no more."""
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    # Whatever a library prints must not come between two messages.
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)
        try:
            from dragoman.coder import Coder

            coder = Coder()
            coder.code(_FIRST)
        except Exception as error:  # whatever keeps it from loading is for the user to read
            cause = f"{type(error).__name__}: {error}"
            refused = ["", f"the coder cannot be loaded ({cause})", "look what dragoman doctor says", "failed"]
            _send(out, {"refusal": refused})
            return
        _send(out, {"ready": True})
        for line in sys.stdin.buffer:
            row = json.loads(line)
            [outcome] = code_all([Document(**{**row, "warnings": tuple(row["warnings"])})], coder=coder)
            if isinstance(outcome, Refusal):
                _send(out, {"refusal": [outcome.name, outcome.reason, outcome.fix, outcome.status]})
            else:
                _send(out, outcome.coded.to_dict())


def _send(stream: IO[bytes], message: Any) -> None:
    # In ASCII: half a character, which UTF-8 has no bytes for, gets through too.
    stream.write(json.dumps(message, ensure_ascii=True).encode() + b"\n")
    stream.flush()
