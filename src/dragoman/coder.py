"""The pipeline as one object: ``Coder().code(document)``."""

from __future__ import annotations

from dragoman import language
from dragoman.assembly import assemble, find_contexts
from dragoman.extraction import Extractor, LexicalExtractor
from dragoman.language import ParsedDocument
from dragoman.record import CodedDocument, Document


class Coder:
    """Codes dated reports into event records.

    Models and data are loaded once, with the first document; ``code`` keeps no state between documents, so that the
    same document gives the same record whatever was coded before it.

    Args:
        extractor: what finds the event mentions; the lexicon by default.
    """

    def __init__(self, extractor: Extractor | None = None) -> None:
        self.extractor: Extractor = LexicalExtractor() if extractor is None else extractor

    def code(self, document: Document) -> CodedDocument:
        """The events and contexts of one document."""
        return self.code_parsed(language.parse(document))

    def code_parsed(self, parsed: ParsedDocument) -> CodedDocument:
        """The same for a document that is parsed already."""
        document = parsed.document
        events = assemble(parsed, self.extractor.extract(parsed))
        contexts = find_contexts(document.text, document.title, [e.type for e in events])
        return CodedDocument(
            id=document.id,
            events=events,
            contexts=tuple(contexts),
            title=document.title,
            published=document.published,
            url=document.url,
            warnings=(*document.warnings, *parsed.warnings),
        )
