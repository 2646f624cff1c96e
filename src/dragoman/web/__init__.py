"""The desk: pages and an HTTP API over a ledger. ``dragoman serve`` opens it; :func:`create_app` is the same for other
servers."""

from dragoman.web.app import create_app
from dragoman.web.settings import Settings

__all__ = ["Settings", "create_app"]
