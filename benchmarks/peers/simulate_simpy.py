"""Open disputes fall silent, with simpy: each a process that waits for its deadlines and records what they make true. In memory.

    python benchmarks/peers/simulate_simpy.py DISPUTES.json       # prints how many deadlines fired
"""

import json
import sys
from collections.abc import Generator
from typing import Any

import simpy


def dispute(env: simpy.Environment, order: dict[str, Any], log: list[dict[str, Any]]) -> Generator[simpy.Event, None, None]:
    """The seller stays silent, so the buyer is refunded: the split is fixed at the end of the counter, and paid some days later."""

    def record(type: str, **data: Any) -> None:
        log.append({"seq": len(log) + 1, "at": env.now, "order": order["id"], "type": type, **data})

    yield env.timeout(order["answer_by"] - env.now)
    order["status"] = "settling"
    record("seller_silent")
    record("settled", refund=order["total"], release=0, outcome="refunded")
    yield env.timeout(order["payout_days"] * 86_400)
    order["status"] = "closed"
    order["escrow"] -= order["total"]
    record("refund_paid", refund=order["total"])
    record("closed")


def main(path: str) -> None:
    with open(path, encoding="utf-8") as file:
        orders = json.load(file)
    env = simpy.Environment()
    log: list[dict[str, Any]] = []
    for order in orders:
        env.process(dispute(env, order, log))
    env.run()
    print(len(log) // 2)


if __name__ == "__main__":
    main(sys.argv[1])
