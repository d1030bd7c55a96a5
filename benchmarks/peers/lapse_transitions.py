"""Open disputes fall silent, with `transitions` and a heap of deadlines: one machine, many models. In memory."""

from heapq import heapify, heappop, heappush
from typing import Any

from transitions import Machine

DAY = 86_400


class Order:
    """What a machine moves: an order with an open dispute."""

    state: str
    trigger: Any

    def __init__(self, data: dict[str, Any], log: list[dict[str, Any]]) -> None:
        self.data, self.log = data, log

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
    """Return a model for each order, all moved by one machine."""
    log: list[dict[str, Any]] = []
    models = [Order(data, log) for data in orders]
    machine = Machine(models, states=["awaiting_seller", "settling", "closed"], initial="awaiting_seller", auto_transitions=False)
    machine.add_transition("lapse", "awaiting_seller", "settling", conditions="disputed", after="refund")
    machine.add_transition("lapse", "settling", "closed", after="pay")
    return models


def run(models: list[Order]) -> int:
    """Fire every deadline; return how many did."""
    heap = [(model.data["answer_by"], place) for place, model in enumerate(models)]
    heapify(heap)
    fired = 0
    while heap:
        at, place = heappop(heap)
        model = models[place]
        model.trigger("lapse", at)
        fired += 1
        if model.state == "settling":
            heappush(heap, (at + model.data["payout_days"] * DAY, place))
    return fired
