"""The first to know that the server is told to stop: what never ends by itself must end before it waits for it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


@contextmanager
def on_signals(call: Callable[[], Any]) -> Iterator[None]:
    """Have ``call`` called at SIGINT and SIGTERM, before whatever handles them by now.

    Only the main thread gets signals: elsewhere nothing is done.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def handle(number: int, frame: FrameType | None) -> None:
        call()
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    caught = [number for number, handler in before.items() if callable(handler)]
    for number in caught:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number in caught:
            if signal.getsignal(number) is handle:
                signal.signal(number, before[number])
