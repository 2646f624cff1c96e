"""Event mentions to records, by the codebook's rules."""

from dragoman.assembly.contexts import find_contexts
from dragoman.assembly.records import assemble

__all__ = ["assemble", "find_contexts"]
