"""Questions to a ledger: which events, who acts towards whom, and who stands where."""

from dragoman.ledger.words import BadQuestion

from .dyads import MEASURES, DyadRow, Dyads, dyads
from .fewer import fewer
from .filters import Filters
from .levels import SORTS, Sort
from .lists import Page, count, iterate, query
from .periods import PERIODS, By
from .stance import Proof, Stance, Stand, stance

__all__ = [
    "MEASURES",
    "PERIODS",
    "SORTS",
    "BadQuestion",
    "By",
    "DyadRow",
    "Dyads",
    "Filters",
    "Page",
    "Proof",
    "Sort",
    "Stance",
    "Stand",
    "count",
    "dyads",
    "fewer",
    "iterate",
    "query",
    "stance",
]
