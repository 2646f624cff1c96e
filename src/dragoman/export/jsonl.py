"""JSON lines: one coded document a line, with everything a record holds."""

from __future__ import annotations

import json

from dragoman.export.sink import Sink, Target
from dragoman.export.writer import Writer
from dragoman.record import CodedDocument, Document


class JsonLinesWriter(Writer):
    """Each line is ``CodedDocument.to_json()`` and is read back by ``CodedDocument.from_json``."""

    def __init__(self, target: Target) -> None:
        super().__init__()
        self._sink = Sink(target)

    def _begin(self) -> None:
        self._sink.open()

    def _write(self, coded: CodedDocument, document: Document | None) -> None:
        line = coded.to_json()
        try:
            data = line.encode("utf-8")
        except UnicodeEncodeError:
            # JSON can escape the lone surrogate that UTF-8 cannot hold, so nothing is lost.
            data = json.dumps(coded.to_dict(), ensure_ascii=True, separators=(",", ":")).encode("ascii")
        self._sink.put_bytes(data + b"\n")

    def _finish(self) -> None:
        self._sink.close()
