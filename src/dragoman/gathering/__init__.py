"""Rows for a register of one's own: from lists of others (``claims`` and the readers) and from reports (``proposing``).

Nothing here is used unasked: what is gathered goes into a file that its owner looks through and gives to a coder.
"""
