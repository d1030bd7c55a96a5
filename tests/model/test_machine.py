"""The service held against the naive model, step by step. How many steps is said here; `make soak` takes SOAK_STEPS, from other seeds."""

import os
from pathlib import Path

import pytest

from dispute_cli.core.words import Status
from dispute_cli.store import Store
from dispute_cli.store.json_log import create

from .both import head
from .figures import Figures
from .machine import Turns, run

CI_STEPS = 25_000
STEPS = int(os.environ.get("SOAK_STEPS", str(CI_STEPS)))
FIRST = int(os.environ.get("SOAK_SEED", "0"))
SHARDS = 8 if STEPS == CI_STEPS else 64
A_SHARD = -(-STEPS // SHARDS)
MET = {
    "dispute_edited", "dispute_cancelled", "claim_dropped", "claim_conceded", "demand_accepted", "offer_accepted", "evidence_closed", "return_overdue", "return_refused",
    "seller_silent", "ruled", "ruled_by_default", "refund_paid", "protection_ended", "receipt_confirmed", "extension_requested",
    "W1", "W2", "C1", "C6", "C8", "N1", "N7", "N8", "D1", "D3", "D5", "D7", "D9", "E1", "E3", "E5", "E6", "V1", "V3", "V6", "X1", "K1", "K4",
}  # fmt: skip
"""Facts and rules of which a shard may miss a few: a machine that never gets there proves nothing."""
ON_DISK = 250
"""Steps: there each is synced."""


@pytest.mark.parametrize("shard", range(SHARDS))
def test_the_service_does_what_the_model_does(shard: int) -> None:
    before = Turns.done
    met = run(1000 * FIRST + shard, A_SHARD)
    assert Turns.done - before >= A_SHARD
    assert met >= {*Status}
    assert len(MET - met) <= 4, MET - met


def test_a_store_on_disk_does_what_the_model_does(tmp_path: Path) -> None:
    made = 0

    def make_store(figures: Figures) -> Store:
        nonlocal made
        made += 1
        return create(str(tmp_path / f"{made}.json"), head(figures))

    before = Turns.done
    run(1000 * FIRST + 999, ON_DISK, make_store)
    assert Turns.done - before >= ON_DISK
