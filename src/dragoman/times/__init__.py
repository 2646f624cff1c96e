"""Times: the words with which a report dates things, and the dates that they come to.

The door is :func:`find`; it works alone on plain text. :func:`normalise_published` reads a publication
date in the ways that files and pages write it. What cannot be resolved keeps ``value`` None and says why.
"""

from dragoman.times.expression import Kind, Tense, TenseAt, TimeExpression
from dragoman.times.finder import find
from dragoman.times.published import normalise_published

__all__ = ["Kind", "Tense", "TenseAt", "TimeExpression", "find", "normalise_published"]
