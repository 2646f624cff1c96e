"""English stems, the same in whichever thread they are made."""

from __future__ import annotations

import threading

import snowballstemmer


class _Stemmer(threading.local):
    """A stemmer for each thread: one keeps the word that it is at work on, and two threads would mix up theirs."""

    def __init__(self) -> None:
        self.english = snowballstemmer.stemmer("english")


_STEMMER = _Stemmer()


def stem_word(word: str) -> str:
    """The stem of a word in small letters (Snowball's English stemmer, Porter 2001)."""
    return str(_STEMMER.english.stemWord(word))
