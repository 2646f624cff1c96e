"""The ledger: records of many reports, joined to events, kept, asked and corrected."""

from dragoman.ledger.api import Ledger
from dragoman.ledger.ingest import Arrival, Counts, Progress
from dragoman.ledger.joins import Join
from dragoman.ledger.judge import BadJudgement
from dragoman.ledger.judging import Anchor, Judgement
from dragoman.ledger.model import LedgerEvent, Party, Report, Telling
from dragoman.ledger.sources import SourceHealth
from dragoman.ledger.store import LedgerError, default_ledger
from dragoman.ledger.words import BadQuestion

__all__ = [
    "Anchor",
    "Arrival",
    "BadJudgement",
    "BadQuestion",
    "Counts",
    "Join",
    "Judgement",
    "Ledger",
    "LedgerError",
    "LedgerEvent",
    "Party",
    "Progress",
    "Report",
    "SourceHealth",
    "Telling",
    "default_ledger",
]
