"""Events written to a file for who asks for them: a few at a time, in a folder that goes away with the answer."""

from __future__ import annotations

import tempfile
import threading
import weakref
import zipfile
from collections.abc import Iterator
from pathlib import Path

from anyio import from_thread
from fastapi import HTTPException, Request, Response
from fastapi.responses import StreamingResponse

from dragoman.export.ledger import export_events
from dragoman.export.ledger.when import Undated
from dragoman.ledger import Ledger, LedgerEvent
from dragoman.ledger.asking import Filters

KINDS = {
    ".csv": "text/csv; charset=utf-8",
    ".tsv": "text/tab-separated-values; charset=utf-8",
    ".jsonl": "application/jsonl",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".zip": "application/zip",
}
"""Media types by the ending of a file."""
OTHER = "application/octet-stream"
"""That of a file of any other ending."""
_PIECE = 1 << 18
# Writing reads all events with their tellings and keeps a processor busy: pages must stay quick beside it.
_AT_ONCE = threading.BoundedSemaphore(2)
# Files that wait to be taken: who takes them slowly must not fill the disk. Those of 50,000 events have up to 100 MB.
_HELD = threading.BoundedSemaphore(12)
# Events between two looks at whether the client is there: some 40 ms.
_LOOKED = 100


def exported(
    request: Request,
    ledger: Ledger,
    asked: Filters,
    layout: str,
    undated: Undated,
    *,
    packed: bool,
    name: str | None = None,
) -> Response:
    """The events that ``asked`` is of, as a file to be kept, by default under the name that the layout gives it.

    ``packed`` gives a zip archive of it and of the notes on what the layout could not hold. Called in a thread of the
    server's; ends early when the client of ``request`` leaves.

    Raises:
        HTTPException: 503 where too many files are being made or taken.
    """
    if not _HELD.acquire(blocking=False):
        raise HTTPException(503, "too many files are being downloaded: try again in a minute", {"Retry-After": "60"})
    folder = tempfile.TemporaryDirectory(prefix="dragoman-", ignore_cleanup_errors=True)
    # Whatever becomes of the answer: it may be sent, cut off, or never begun.
    weakref.finalize(folder, _HELD.release)
    if not _AT_ONCE.acquire(blocking=False):
        folder.cleanup()
        raise HTTPException(503, "two exports are being made already: try again soon", {"Retry-After": "10"})
    try:
        made = export_events(
            _awaited(request, ledger.iterate(asked, tellings=True)), layout, folder.name, undated=undated
        )
        file = _zipped(made.files, Path(folder.name) / f"{layout}.zip") if packed else made.files[0]
    except BaseException:
        folder.cleanup()
        raise
    finally:
        _AT_ONCE.release()
    headers = {
        "Content-Disposition": f'attachment; filename="{name or file.name}"',
        "Content-Length": str(file.stat().st_size),
        "Dragoman-Events": str(made.events),
        "Dragoman-Rows": str(made.rows),
        "Dragoman-Lost": str(sum(number for number, _ in made.lost.values())),
    }
    return StreamingResponse(_pieces(file, folder), headers=headers, media_type=KINDS.get(file.suffix, OTHER))


def _awaited(request: Request, events: Iterator[LedgerEvent]) -> Iterator[LedgerEvent]:
    """The events, as long as the client waits for them: who asks again must not find the old request in the way."""
    for number, event in enumerate(events):
        if number % _LOOKED == 0 and from_thread.run(request.is_disconnected):
            raise HTTPException(503, "nobody waits for the file any more")
        yield event


def _zipped(files: tuple[Path, ...], path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            # Without the hour of the export: the same events make the same bytes.
            entry = zipfile.ZipInfo(file.name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as out, file.open("rb") as data:
                while piece := data.read(_PIECE):
                    out.write(piece)
            file.unlink()
    return path


def _pieces(file: Path, folder: tempfile.TemporaryDirectory[str]) -> Iterator[bytes]:
    with folder, file.open("rb") as data:
        while piece := data.read(_PIECE):
            yield piece
