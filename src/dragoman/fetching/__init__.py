"""Fetching: feeds, sitemaps, archives and addresses to documents, politely and within limits."""

from dragoman.fetching.clock import Clock
from dragoman.fetching.fetcher import Fetched, Fetcher, Limits, NotFetched
from dragoman.fetching.item import Forgetful, Item, Known, Memory, State
from dragoman.fetching.sources import read_all
from dragoman.fetching.watch import Watch

__all__ = [
    "Clock",
    "Fetched",
    "Fetcher",
    "Forgetful",
    "Item",
    "Known",
    "Limits",
    "Memory",
    "NotFetched",
    "State",
    "Watch",
    "read_all",
]
