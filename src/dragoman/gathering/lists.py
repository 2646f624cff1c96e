"""Files that hold lists of actors, read as text, and what is wrong with one."""

from __future__ import annotations

from pathlib import Path

from dragoman.reading.decoding import Unreadable, decode


class BadList(ValueError):
    """A list that cannot be read; the message says the trouble and the fix."""


def text_of(path: Path) -> str:
    """The text of a list, by its byte order mark or as UTF-8. Raises BadList and OSError."""
    try:
        return decode(path.read_bytes()).text
    except Unreadable as error:
        raise BadList(f"{path}: {error.reason}; {error.fix}") from None
