"""Parquet: one record a row, read by batches through arro3, which is a tenth of pyarrow's size."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO, Any

from dragoman.reading.fields import FIELDS, draft
from dragoman.reading.result import Draft, Refusal
from dragoman.reading.stream import Source

# Rows decoded at a time: a few hundred reports are a megabyte.
_BATCH_ROWS = 256
_MAGIC = b"PAR1"
_REPAIR = "write the file again; it may have been cut short"


def read_parquet(source: Source, path: str | None = None) -> Iterator[Draft | Refusal]:
    """The records of a Parquet file: from ``path`` where there is one, else the stream, held whole."""
    from arro3.io import read_parquet as read_batches

    # The format is read from its end: a stream has to be held.
    with open(path, "rb") if path else io.BytesIO(source.stream.read()) as file:
        if wrong := _not_whole(file):
            yield Refusal(source.name, wrong, _REPAIR)
            return
        row = 0
        try:
            for batch in read_batches(file, batch_size=_BATCH_ROWS):
                columns = {name: index for index, name in enumerate(batch.schema.names)}
                ours = {name: index for name, index in columns.items() if name.strip().lower() in FIELDS}
                if "text" not in (name.strip().lower() for name in ours):
                    shown = ", ".join(columns)[:200]
                    reason = f"has no column text (its columns: {shown})"
                    yield Refusal(source.name, reason, "name the report column text")
                    return
                values = {name: _values(batch.column(index)) for name, index in ours.items()}
                for at in range(batch.num_rows):
                    row += 1
                    yield draft({name: column[at] for name, column in values.items()}, f"{source.name}, row {row}")
        except (GeneratorExit, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as wrong:  # arro3 panics on a damaged file with an error that is no Exception
            if not isinstance(wrong, Exception) and type(wrong).__name__ != "PanicException":
                raise
            cause = " ".join(str(wrong).split())[:120]
            yield Refusal(source.name, f"is a damaged Parquet file after row {row} ({cause})", _REPAIR)
            return
    if not row:
        yield Refusal(source.name, "has no rows", "give at least one record", "skipped")


def _values(column: Any) -> list[Any]:
    return [value.as_py() for value in column]


def _not_whole(file: IO[bytes]) -> str | None:
    """What is wrong with the file's two ends, or None; the reader prints a backtrace on such files."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size < 12 or file.read(4) != _MAGIC:
        return "is not a Parquet file"
    file.seek(size - 8)
    footer, magic = int.from_bytes(file.read(4), "little"), file.read(4)
    file.seek(0)
    if magic != _MAGIC or footer > size - 12:
        return "is a Parquet file without its end"
    return None
