"""Questions to a ledger: which events, who acts towards whom, and who stands where."""

from dragoman.ledger.words import BadQuestion

from .actorlists import ActorSums, actors
from .arming import Arms, arms
from .changes import Change, Changes, changes
from .days import Days, days
from .dyads import MEASURES, DyadRow, Dyads, dyads
from .fewer import fewer
from .filters import Filters
from .judgementlists import JudgementPage, judgement_of, judgements
from .levels import SORTS, Sort
from .listed import listed
from .lists import Page, count, iterate, query
from .meant import Meant, Owner, meant
from .names import Name, Named, Names, named, names
from .pace import Pace, pace
from .periods import PERIODS, By
from .places import PlaceCount, Places, places
from .profile import Counterpart, Profile, Side, profile
from .report import StoredRecord, StoredReport, records_in, report_of
from .reportlists import STATUSES, ReportPage, reports
from .review import KINDS, Look, Reason, Review, review
from .similar import Similar, similar
from .since import News, latest, news
from .stance import Stance, stance
from .stands import Proof, Stand
from .tallies import Over, Tally, tallies
from .told import Told, newest, oldest, told

__all__ = [
    "KINDS",
    "MEASURES",
    "PERIODS",
    "SORTS",
    "STATUSES",
    "ActorSums",
    "Arms",
    "BadQuestion",
    "By",
    "Change",
    "Changes",
    "Counterpart",
    "Days",
    "DyadRow",
    "Dyads",
    "Filters",
    "JudgementPage",
    "Look",
    "Meant",
    "Name",
    "Named",
    "Names",
    "News",
    "Over",
    "Owner",
    "Pace",
    "Page",
    "PlaceCount",
    "Places",
    "Profile",
    "Proof",
    "Reason",
    "ReportPage",
    "Review",
    "Side",
    "Similar",
    "Sort",
    "Stance",
    "Stand",
    "StoredRecord",
    "StoredReport",
    "Tally",
    "Told",
    "actors",
    "arms",
    "changes",
    "count",
    "days",
    "dyads",
    "fewer",
    "iterate",
    "judgement_of",
    "judgements",
    "latest",
    "listed",
    "meant",
    "named",
    "names",
    "newest",
    "news",
    "oldest",
    "pace",
    "places",
    "profile",
    "query",
    "records_in",
    "report_of",
    "reports",
    "review",
    "similar",
    "stance",
    "tallies",
    "told",
]
