"""The API under ``/api/v1``: a module for each kind of thing, with its ``router``, and what they share."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from fastapi import APIRouter


def routers() -> list[APIRouter]:
    """The routers of the API, by the names of their modules."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    found = ((module.__name__, getattr(module, "router", None)) for module in modules)
    return [router for _, router in sorted(found, key=lambda one: one[0]) if isinstance(router, APIRouter)]
