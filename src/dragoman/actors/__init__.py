"""Who is meant: a phrase, a date and the document in; identity, country and sector out, each with a reason.

``resolve("Dutch Defense Minister Ruben Brekelmans")`` works alone on plain text. The register behind it is
the YAML under ``register/``, compiled by ``python -m dragoman.actors.build``; ``load(path)`` lays actors of a
user's own over it.
"""

from .model import Context, Resolution
from .own import BadActors, load
from .register import Register
from .resolver import resolve

__all__ = ["BadActors", "Context", "Register", "Resolution", "load", "resolve"]
