"""Open disputes fall silent, with python-statemachine and a heap of deadlines: one machine for each order. In memory."""

from heapq import heapify, heappop, heappush
from typing import Any

from statemachine import State, StateMachine

DAY = 86_400


class Order(StateMachine):
    """An order with an open dispute."""

    awaiting_seller = State(initial=True)
    settling = State()
    closed = State(final=True)
    lapse = awaiting_seller.to(settling, cond="disputed", on="refund") | settling.to(closed, on="pay")

    def __init__(self, data: dict[str, Any], log: list[dict[str, Any]]) -> None:
        self.data, self.log = data, log
        super().__init__()

    def record(self, type: str, at: int, **data: Any) -> None:
        self.log.append({"seq": len(self.log) + 1, "at": at, "order": self.data["id"], "type": type, **data})

    def disputed(self, at: int) -> bool:
        return bool(self.data["answer_by"] <= at)

    def refund(self, at: int) -> None:
        self.record("seller_silent", at)
        self.record("settled", at, refund=self.data["total"], release=0, outcome="refunded")

    def pay(self, at: int) -> None:
        self.data["escrow"] -= self.data["total"]
        self.record("refund_paid", at, refund=self.data["total"])
        self.record("closed", at)


def made(orders: list[dict[str, Any]]) -> list[Order]:
    """Return a machine for each order."""
    log: list[dict[str, Any]] = []
    return [Order(data, log) for data in orders]


def run(machines: list[Order]) -> int:
    """Fire every deadline; return how many did."""
    heap = [(machine.data["answer_by"], place) for place, machine in enumerate(machines)]
    heapify(heap)
    fired = 0
    while heap:
        at, place = heappop(heap)
        machine = machines[place]
        machine.send("lapse", at=at)
        fired += 1
        if machine.settling.is_active:
            heappush(heap, (at + machine.data["payout_days"] * DAY, place))
    return fired
