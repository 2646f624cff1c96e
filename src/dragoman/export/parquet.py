"""Parquet: one event a row, columns typed, lists as lists.

A file is made under a temporary name that is then given its own: at no time is there half a file.
"""

from __future__ import annotations

import errno
import io
import os
import shutil
import tempfile
from pathlib import Path

from dragoman.export.rows import COLUMNS, rows
from dragoman.export.sink import Target, put_stream
from dragoman.export.spool import Spool
from dragoman.export.whole import Whole
from dragoman.export.writer import Writer
from dragoman.record import CodedDocument, Document


class ParquetWriter(Writer):
    """Writes to a path, or to a binary stream once all rows are known."""

    def __init__(self, target: Target) -> None:
        super().__init__()
        self._target = target
        self._spool: Spool | None = None
        self._whole: Whole | None = None

    def _begin(self) -> None:
        if isinstance(self._target, str | Path):
            # Behind links, lest the link itself be replaced.
            path = Path(os.path.realpath(self._target))
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
            if path.is_file() or not path.exists():
                # Made now, so that a folder that is missing or closed is told before the work, not after it.
                self._whole = Whole(path)
            self._path = path
        elif isinstance(self._target, io.TextIOBase) and not hasattr(self._target, "buffer"):
            raise ValueError("Parquet is binary: give a path or a binary stream")
        self._spool = Spool(COLUMNS)

    def _write(self, coded: CodedDocument, document: Document | None) -> None:
        assert self._spool is not None
        self._spool.put(list(rows(coded, document)))

    def _finish(self) -> None:
        assert self._spool is not None
        try:
            with self._spool:
                if self._whole is not None:
                    self._spool.convert(self._whole.file)
                    self._whole.keep()
                else:
                    self._copy()
        finally:
            if self._whole is not None:
                self._whole.close()

    def _copy(self) -> None:
        """Hand the finished bytes to a stream, or to a device or pipe given by its path."""
        assert self._spool is not None
        with tempfile.TemporaryFile() as whole:
            self._spool.convert(whole)
            whole.seek(0)
            if isinstance(self._target, str | Path):
                with open(self._path, "wb") as device:
                    shutil.copyfileobj(whole, device)
            else:
                put_stream(self._target, whole.read())
