"""Reading: files, folders and standard input to documents, and one clear line for each that is none."""

from dragoman.reading.publication import BadDate, publication_date
from dragoman.reading.result import MAX_CHARACTERS, Refusal
from dragoman.reading.sources import read

__all__ = ["MAX_CHARACTERS", "BadDate", "Refusal", "publication_date", "read"]
