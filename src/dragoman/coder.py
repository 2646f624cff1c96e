"""The pipeline as one object: ``Coder().code(document)``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dragoman import language
from dragoman.actors import Register, load
from dragoman.assembly import assemble, find_contexts
from dragoman.extraction import CombinedExtractor, Extractor
from dragoman.extraction.neural import NeuralExtractor, folders
from dragoman.language import ParsedDocument
from dragoman.record import CodedDocument, Document


class Coder:
    """Codes dated reports into event records.

    Models and data are loaded once, with the first document; ``code`` keeps no state between documents, so that the
    same document gives the same record whatever was coded before it.

    Args:
        extractor: what finds the event mentions; lexicon and learned model together by default.
        model: the folder of a model of your own (``dragoman train``), to be used in place of the shipped one.
        actors: a file of actors of your own, or several, to be laid over the register that ships (``docs/actors.md``).
        min_confidence: the confidence from 0 to 1 from which a record is kept. Lower finds more events, higher is more
            often right; by default the value at which both weighed alike did best in cross-validation.

    Raises:
        BadActors: (a ValueError) when a file of ``actors`` cannot be read or has a fault.
        ValueError: when ``min_confidence`` is not between 0 and 1, or both an extractor and a model are given.
        RuntimeError: when the model's files are not installed, or ``model`` is no model's folder.
    """

    def __init__(
        self,
        extractor: Extractor | None = None,
        *,
        model: str | Path | None = None,
        actors: str | Path | Sequence[str | Path] | None = None,
        min_confidence: float | None = None,
    ) -> None:
        if min_confidence is not None and not 0 <= min_confidence <= 1:
            raise ValueError(f"a confidence lies between 0 and 1, not {min_confidence}")
        if extractor is not None and model is not None:
            raise ValueError("give an extractor or a model, not both: an extractor has its own model")
        if model is not None:
            extractor = CombinedExtractor(neural=NeuralExtractor(folders.load(Path(model))))
        self.extractor: Extractor = CombinedExtractor() if extractor is None else extractor
        self.min_confidence = min_confidence
        self.register: Register | None = None
        if actors is not None:
            self.register = load(*([actors] if isinstance(actors, str | Path) else actors))

    def code(self, document: Document) -> CodedDocument:
        """The events and contexts of one document."""
        return self.code_parsed(language.parse(document))

    def code_parsed(self, parsed: ParsedDocument) -> CodedDocument:
        """The same for a document that is parsed already."""
        document = parsed.document
        events = assemble(parsed, self.extractor.extract(parsed), least=self.min_confidence, register=self.register)
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
