"""Coding many documents: in one process or in several, in the order given, one bad document at a time."""

from dragoman.engines.run import Coded, Outcome, code_all

__all__ = ["Coded", "Outcome", "code_all"]
