"""A desk from Python: ``dragoman.Client("http://127.0.0.1:8421")`` asks what a ``Ledger`` asks."""

from dragoman.client.client import Client, Download
from dragoman.client.exchange import ClientError
from dragoman.client.stream import Stream

__all__ = ["Client", "ClientError", "Download", "Stream"]
