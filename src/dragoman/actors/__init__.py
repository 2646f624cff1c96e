"""Who is meant: a phrase, a date and the document in; identity, country and sector out, each with a reason.

``resolve("Dutch Defense Minister Ruben Brekelmans")`` works alone on plain text. The register behind it is
the YAML under ``register/``, compiled by ``python -m dragoman.actors.build``.
"""

from .model import Context, Resolution
from .resolver import resolve

__all__ = ["Context", "Resolution", "resolve"]
