"""Sentences to event mentions with roles, factuality and source."""

from dragoman.extraction.combined import CombinedExtractor
from dragoman.extraction.lexical import LexicalExtractor
from dragoman.extraction.mentions import EventMention, Extractor

__all__ = ["CombinedExtractor", "EventMention", "Extractor", "LexicalExtractor"]
