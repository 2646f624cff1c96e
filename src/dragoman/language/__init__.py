"""Document to sentences, words and phrases."""

from dragoman.language.parser import from_spacy, load, parse
from dragoman.language.tokens import ParsedDocument, Sentence, Token

__all__ = ["ParsedDocument", "Sentence", "Token", "from_spacy", "load", "parse"]
