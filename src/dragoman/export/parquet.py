"""Parquet: one event a row, columns typed, lists as lists.

A Parquet file is valid only with its footer, and arro3 writes a file in one call. Rows are therefore kept
in a temporary file as an Arrow stream, batch by batch, and made Parquet when the writer closes, under a
temporary name that is then given its own: at no time is there half a file.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import shutil
import tempfile
from pathlib import Path
from typing import IO, Any

from dragoman.export.rows import COLUMNS, Value, rows
from dragoman.export.sink import Target, encoded, put_stream
from dragoman.export.writer import Writer
from dragoman.record import CodedDocument, Document

# Rows held in memory before they go to the temporary file: about a megabyte with their sentences.
_BATCH_ROWS = 1000
# Rows of a row group: readers decode one at a time, and dictionaries pay from some ten thousand rows.
_GROUP_ROWS = 50_000
# An Arrow stream ends in this mark; what comes between the schema and it are the batches.
_END_OF_STREAM = b"\xff\xff\xff\xff\x00\x00\x00\x00"


class ParquetWriter(Writer):
    """Writes to a path, or to a binary stream once all rows are known."""

    def __init__(self, target: Target) -> None:
        super().__init__()
        self._target = target
        self._rows: list[list[Value]] = []
        self._spool: IO[bytes] | None = None
        self._temporary: str | None = None

    def _begin(self) -> None:
        if isinstance(self._target, str | Path):
            # Behind links, lest the link itself be replaced.
            path = Path(os.path.realpath(self._target))
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
            if path.is_file() or not path.exists():
                # Made now, so that a folder that is missing or closed is told before the work, not after it.
                handle, self._temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
                os.close(handle)
            self._path = path
        elif isinstance(self._target, io.TextIOBase) and not hasattr(self._target, "buffer"):
            raise ValueError("Parquet is binary: give a path or a binary stream")
        self._spool = tempfile.TemporaryFile()  # noqa: SIM115 - closed in _finish
        self._schema = _schema()
        self._start = _stream(self._schema, []).removesuffix(_END_OF_STREAM)
        self._spool.write(self._start)

    def _write(self, coded: CodedDocument, document: Document | None) -> None:
        # In one step, so that Ctrl-C leaves all of a document's rows or none.
        self._rows += list(rows(coded, document))
        if len(self._rows) >= _BATCH_ROWS:
            self._flush()

    def _flush(self) -> None:
        """Move the rows held in memory to the temporary file."""
        assert self._spool is not None
        if not self._rows:
            return
        waiting = self._rows
        data = _stream(self._schema, [_batch(waiting, self._schema)])
        at = self._spool.tell()
        try:
            self._spool.write(data[len(self._start) : -len(_END_OF_STREAM)])
            self._rows = []
        except BaseException:
            # Ctrl-C in the middle: _finish writes these rows again.
            self._spool.seek(at)
            self._spool.truncate()
            self._rows = waiting
            raise

    def _finish(self) -> None:
        assert self._spool is not None
        try:
            with self._spool:
                self._flush()
                self._spool.write(_END_OF_STREAM)
                self._spool.seek(0)
                if self._temporary is not None:
                    self._rename(self._temporary)
                else:
                    self._copy()
        finally:
            if self._temporary is not None:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(self._temporary)

    def _rename(self, temporary: str) -> None:
        assert self._spool is not None
        with open(temporary, "wb") as whole:
            _convert(self._spool, whole)
        # A temporary file is private; the finished one has the rights that any new file would have.
        if self._path.exists():
            shutil.copymode(self._path, temporary)
        else:
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, self._path)

    def _copy(self) -> None:
        """Hand the finished bytes to a stream, or to a device or pipe given by its path."""
        assert self._spool is not None
        with tempfile.TemporaryFile() as whole:
            _convert(self._spool, whole)
            whole.seek(0)
            if isinstance(self._target, str | Path):
                with open(self._path, "wb") as device:
                    shutil.copyfileobj(whole, device)
            else:
                put_stream(self._target, whole.read())


def _convert(spool: IO[bytes], whole: IO[bytes]) -> None:
    from arro3.io import read_ipc_stream, write_parquet

    write_parquet(read_ipc_stream(spool), whole, compression="zstd(3)", max_row_group_size=_GROUP_ROWS)
    whole.flush()


def _schema() -> Any:
    from arro3.core import DataType, Field, Schema

    types = {
        "string": DataType.string(),
        "integer": DataType.int32(),
        "number": DataType.float64(),
        "boolean": DataType.bool(),
        "list": DataType.list(Field("item", DataType.string(), nullable=True)),
    }
    return Schema([Field(column.name, types[column.kind]) for column in COLUMNS])


def _batch(rows: list[list[Value]], schema: Any) -> Any:
    from arro3.core import Array, RecordBatch

    arrays = []
    for index, column in enumerate(COLUMNS):
        values = [row[index] for row in rows]
        if column.kind == "list":
            arrays.append(_lists(values, schema.field(index).type))
        else:
            cells = [_cell(value) for value in values]
            arrays.append(Array(cells, type=schema.field(index).type))
    return RecordBatch.from_arrays(arrays, schema=schema)


def _lists(values: list[Value], type: Any) -> Any:
    """A column of lists, which arro3 makes of one array of all items and where each list begins."""
    import numpy as np
    from arro3.core import Array, DataType, list_array

    lists = [value if isinstance(value, list) else [] for value in values]
    items = [_cell(item) for value in lists for item in value]
    starts = np.cumsum([0, *map(len, lists)], dtype=np.int32)
    return list_array(Array.from_numpy(starts), Array(items, type=DataType.string()), type=type)


def _cell(value: Value) -> Any:
    """A cell that Arrow takes: its strings are UTF-8, which has no lone surrogates."""
    if isinstance(value, str) and not value.isascii():
        return encoded(value).decode("utf-8")
    return value


def _stream(schema: Any, batches: list[Any]) -> bytes:
    from arro3.core import RecordBatchReader
    from arro3.io import write_ipc_stream

    file = io.BytesIO()
    write_ipc_stream(RecordBatchReader.from_batches(schema, batches), file)
    return file.getvalue()
