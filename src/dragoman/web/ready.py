"""What is loaded before the first request, so that no page waits for it: about a second in all."""

from __future__ import annotations

import gc

from dragoman.ledger.asking import meant
from dragoman.places import gazetteer
from dragoman.web.drawing import earth, network
from dragoman.web.rendering import environment


def prepare() -> None:
    """Load the register of actors, the gazetteer, the outlines of states, the numbers' library and the templates."""
    meant("Vladimir Putin", "RUS")
    gazetteer.load()
    earth.shapes()
    network({"USA": 1}, ())
    made = environment()
    for name in made.list_templates():
        made.get_template(name)
    # Some 280,000 objects that stay: looking through them for garbage took 140 ms of some requests.
    gc.collect()
    gc.freeze()
