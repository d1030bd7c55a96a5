"""Events told as they come: those that are there, then those recorded while somebody waits."""

from itertools import islice

from dispute_cli import questions as q
from dispute_cli.core import commands as c

from .shop import Shop


def test_what_is_recorded_while_somebody_waits_is_told_once_and_in_its_order() -> None:
    shop = Shop().order()
    waits: list[int] = []

    def wait() -> None:
        waits.append(len(waits))
        if len(waits) > 1:
            shop.give(c.SendMessage, text=f"number {len(waits)}")

    told = list(islice(shop.service.follow(q.Events(), wait), 3))
    assert [(event["seq"], event["type"]) for event in told] == [(1, "order_created"), (2, "message_sent"), (3, "message_sent")]
    assert waits == [0, 1, 2]


def test_only_what_was_asked_for_is_followed() -> None:
    shop = Shop().order()

    def wait() -> None:
        shop.give(c.SendMessage, text="hello")
        shop.opened()

    assert next(shop.service.follow(q.Events(since=1, type=("dispute_opened",)), wait))["type"] == "dispute_opened"
