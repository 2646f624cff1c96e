"""Which records of different reports tell of one event.

Pure functions over records, without storage. The ledger asks four things:

1. :func:`profiles`: what of each record of a document is compared, small and kept as JSON beside it (:func:`revised`
   when people have corrected the record);
2. :func:`handles`: under which keys, and over which days, to look for records that may tell the same event;
3. :func:`compare`: how likely two records tell one event, and why; nothing for records that contradict each other;
4. :func:`cluster`: the events among records that are linked, the same whatever the order they came in.
"""

from dragoman.ledger.joining.clusters import cluster
from dragoman.ledger.joining.contradictions import contradiction
from dragoman.ledger.joining.handles import Handle, handles
from dragoman.ledger.joining.pairs import JOIN, Link, compare
from dragoman.ledger.joining.profiling import Profile, profile, profiles, revised

__all__ = [
    "JOIN",
    "Handle",
    "Link",
    "Profile",
    "cluster",
    "compare",
    "contradiction",
    "handles",
    "profile",
    "profiles",
    "revised",
]
