"""Dragoman as a component of any spaCy pipeline: ``nlp.add_pipe("dragoman")``, then ``doc._.events``.

The pipeline must tag, parse and lemmatize before it (``en_core_web_sm`` does). The publication date of a
document is ``doc._.published``, else the field ``published`` of its context (as ``nlp.pipe`` takes it with
``as_tuples=True``), else the component's own setting; without one relative dates stay unresolved. The records
are kept as JSON in ``doc.user_data``, so that they survive ``doc.to_bytes``, ``DocBin`` and ``n_process``.
"""

from __future__ import annotations

from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from dragoman.record import CodedDocument, Event

_KEY = "dragoman"


@Language.factory("dragoman", default_config={"published": None, "model": None, "actors": None})
def make_component(nlp: Language, name: str, published: str | None, model: str | None, actors: str | None) -> Component:
    """The spaCy factory.

    Args:
        published: the publication date of documents that state none, in ISO 8601.
        model: the folder of a model of your own (``dragoman train``); the shipped one by default.
        actors: a file of actors of your own, to be laid over the register that ships.

    Raises:
        BadDate: (a ValueError) when ``published`` is no date.
        BadActors: (a ValueError) when the file of ``actors`` cannot be read or has a fault.
        RuntimeError: when ``model`` is no model's folder.
    """
    return Component(published, model, actors)


def register() -> None:
    """Define ``doc._.published``, ``.coded``, ``.events`` and ``.contexts``, as adding the component does."""
    if not Doc.has_extension("published"):
        Doc.set_extension("published", default=None)
    # Set by name, not all at once: another package may have taken one of the names on purpose.
    for name, getter in (("coded", _coded), ("events", _events), ("contexts", _contexts)):
        if not Doc.has_extension(name):
            Doc.set_extension(name, getter=getter)


def _coded(doc: Doc) -> CodedDocument | None:
    line = doc.user_data.get(_KEY)
    return None if line is None else CodedDocument.from_json(line)


def _events(doc: Doc) -> tuple[Event, ...] | None:
    coded = _coded(doc)
    return None if coded is None else coded.events


def _contexts(doc: Doc) -> tuple[str, ...] | None:
    coded = _coded(doc)
    return None if coded is None else coded.contexts


class Component:
    """Codes each spaCy document and keeps the record on it."""

    def __init__(self, published: str | None = None, model: str | None = None, actors: str | None = None) -> None:
        from dragoman.coder import Coder
        from dragoman.reading import publication_date

        register()
        self.published = None if published is None else publication_date(published)
        self._coder = Coder(model=model, actors=actors)

    def __call__(self, doc: Doc) -> Doc:
        """Code ``doc``.

        Raises:
            ValueError: when the document is not tagged, parsed and lemmatized, or its date is none.
        """
        from dragoman.language import from_spacy
        from dragoman.record import Document

        for annotation in ("TAG", "DEP", "LEMMA"):
            if len(doc) and not doc.has_annotation(annotation):
                raise ValueError(
                    f"the pipeline gives no {annotation}: Dragoman needs a tagger, a parser and a lemmatizer "
                    "before it, as en_core_web_sm has"
                )
        document = Document(text=doc.text, published=self._date(doc))
        coded = self._coder.code_parsed(from_spacy(doc, document))
        doc.user_data[_KEY] = coded.to_json()
        return doc

    def _date(self, doc: Doc) -> str | None:
        from dragoman.reading import publication_date

        context: Any = getattr(doc, "_context", None)
        stated = doc._.published or (context.get("published") if isinstance(context, dict) else None)
        return publication_date(str(stated)) if stated else self.published
