"""Which records of different reports tell of one event.

Pure functions over records, without storage. The ledger asks four things:

1. :func:`profile`: what of a record is compared, small and kept as JSON beside it;
2. :func:`handles`: under which keys, and over which days, to look for records that may tell the same event;
3. :func:`compare`: how likely two records tell one event, and why, or that they contradict each other;
4. :func:`cluster`: the events among records that are linked, the same whatever the order they came in.
"""
