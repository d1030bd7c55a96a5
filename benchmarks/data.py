"""The same disputes for the peers: as JSON for jq, TinyDB and simpy, and a store's postings as a journal. Nothing is measured here."""

import json
import os
import subprocess
from typing import Any

import msgspec

from dispute_cli.core.decide.settlement import payout_days
from dispute_cli.core.events import DisputeOpened, OrderCreated
from dispute_cli.policies import DEFAULT, load

from .measure import dispute, run
from .stores import SEED, START, commits


def disputes(orders: int) -> list[dict[str, Any]]:
    """Return each order with its open dispute as a program would hold it; amounts in cents, instants in seconds from the start."""
    found: list[dict[str, Any]] = []
    payout = load(DEFAULT).payout
    for commit in commits(orders):
        for event in commit.events:
            if isinstance(event, OrderCreated):
                total = event.price + event.delivery
                found.append({"id": event.order, "buyer": event.buyer, "seller": event.seller, "title": event.title, "currency": event.currency})
                found[-1] |= {"price": event.price, "delivery": event.delivery, "total": total, "escrow": total, "paid_at": since(event.at)}
                found[-1] |= {"deliver_by": since(event.deliver_by), "protection_ends_at": since(event.protection_ends_at)}
            if isinstance(event, DisputeOpened):
                found[-1] |= {"status": "awaiting_seller", "received": event.received, "reason": event.reason, "refund": event.refund}
                found[-1] |= {"answer_by": since(event.answer_by), "payout_days": payout_days(SEED, event.order, payout)}
    return found


def with_history(orders: int) -> dict[str, dict[str, Any]]:
    """Return the same by id, each with the facts that made it, as our store keeps them: who rules a dispute must see what was said when."""
    found = {order["id"]: order | {"events": []} for order in disputes(orders)}
    for commit in commits(orders):
        for event in commit.events:
            found[event.order]["events"].append(msgspec.to_builtins(event))
    return found


def since(at: Any) -> int:
    return int((at - START).total_seconds())


def for_jq(folder: str, orders: int) -> str:
    """One object by id, as a script with jq keeps it."""
    return written(folder, f"jq-{orders}.json", {"now": 0, "orders": with_history(orders)})


def for_tinydb(folder: str, orders: int) -> str:
    """What stock TinyDB writes for a table of these documents."""
    return written(folder, f"tinydb-{orders}.json", {"orders": {str(number): order for number, order in enumerate(with_history(orders).values(), 1)}})


def for_simpy(folder: str, orders: int) -> str:
    return written(folder, f"simpy-{orders}.json", disputes(orders))


def journal(folder: str, store: str) -> str:
    """A store's postings as hledger reads them."""
    path = os.path.join(folder, "journal.hledger")
    with open(path, "w", encoding="utf-8") as file:
        subprocess.run(dispute(store, "ledger", "--format", "hledger"), stdout=file, check=True)
    return path


def written(folder: str, name: str, data: Any) -> str:
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(data, file)
    return path


def lines(folder: str, orders: int) -> str:
    """A batch file: every order made, then disputed."""
    path = os.path.join(folder, f"lines-{orders}.jsonl")
    form = {"received": False, "reason": "wrong_tracking", "message": "The number shows another parcel"}
    with open(path, "w", encoding="utf-8") as file:
        for number in range(orders):
            file.write(json.dumps({"command": "order create", "id": f"O-{number}", "price": "50.00", "delivery": "5.00"}) + "\n")
        for number in range(orders):
            file.write(json.dumps({"command": "open", "id": f"O-{number}"} | form) + "\n")
    return path


def fresh(path: str) -> str:
    """An empty store."""
    run(dispute(path, "init", "--force"))
    return path
