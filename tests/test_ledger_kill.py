"""Writers that are killed lose nothing and double nothing; see ``benchmarks/ledger_kill.py`` for the long run."""

from __future__ import annotations

import multiprocessing

import pytest
from benchmarks import ledger_kill


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="writers are started by forking")
def test_two_writers_killed_again_and_again(ledger_address: str) -> None:
    found = ledger_kill.run(ledger_address, kills=10, documents=100, seed=3, seconds=0.2)
    assert found["at_work"] == 10
    assert (found["lost"], found["doubled"], found["faults"], found["same"]) == (0, 0, 0, True)
