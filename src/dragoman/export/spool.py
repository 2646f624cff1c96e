"""Rows kept in a temporary file, batch by batch, until they are made Parquet.

A Parquet file is valid only with its footer, and arro3 writes a file in one call: rows wait as an Arrow stream, so that
memory holds one batch of them however many there are.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from typing import IO, Any

from dragoman.export.rows import Column, Value
from dragoman.export.sink import encoded

# Rows held in memory before they go to the temporary file: about a megabyte with their sentences.
_BATCH_ROWS = 1000
# Rows of a row group: readers decode one at a time, and dictionaries pay from some ten thousand rows.
_GROUP_ROWS = 50_000
# An Arrow stream ends in this mark; what comes between the schema and it are the batches.
_END_OF_STREAM = b"\xff\xff\xff\xff\x00\x00\x00\x00"


class Spool:
    """Takes rows of ``columns`` and writes them as one Parquet file. Use it in a ``with`` statement."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._schema = _schema(columns)
        self._start = _stream(self._schema, []).removesuffix(_END_OF_STREAM)
        self._rows: list[list[Value]] = []
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed in close
        self._file.write(self._start)

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def put(self, rows: list[list[Value]]) -> None:
        """Add rows: all of them or, where Ctrl-C comes between, none."""
        self._rows += rows
        if len(self._rows) >= _BATCH_ROWS:
            self._flush()

    def convert(self, whole: IO[bytes]) -> None:
        """Write all rows to ``whole`` as Parquet; no more can be added then."""
        from arro3.io import read_ipc_stream, write_parquet

        self._flush()
        self._file.write(_END_OF_STREAM)
        self._file.seek(0)
        write_parquet(read_ipc_stream(self._file), whole, compression="zstd(3)", max_row_group_size=_GROUP_ROWS)
        whole.flush()

    def close(self) -> None:
        """Let go of the temporary file."""
        self._file.close()

    def _flush(self) -> None:
        """Move the rows held in memory to the temporary file."""
        if not self._rows:
            return
        waiting = self._rows
        data = _stream(self._schema, [_batch(waiting, self._columns, self._schema)])
        at = self._file.tell()
        try:
            self._file.write(data[len(self._start) : -len(_END_OF_STREAM)])
            self._rows = []
        except BaseException:
            # Ctrl-C in the middle: the next call writes these rows again.
            self._file.seek(at)
            self._file.truncate()
            self._rows = waiting
            raise


def _schema(columns: Sequence[Column]) -> Any:
    from arro3.core import DataType, Field, Schema

    types = {
        "string": DataType.string(),
        "integer": DataType.int32(),
        "number": DataType.float64(),
        "boolean": DataType.bool(),
        "list": DataType.list(Field("item", DataType.string(), nullable=True)),
    }
    return Schema([Field(column.name, types[column.kind]) for column in columns])


def _batch(rows: list[list[Value]], columns: Sequence[Column], schema: Any) -> Any:
    from arro3.core import Array, RecordBatch

    arrays = []
    for index, column in enumerate(columns):
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
