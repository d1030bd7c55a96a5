"""Random histories of a few orders: the dice of tests/model throw, the service plays, the model only says what is worth trying. No test lives here."""

import random
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from dispute_cli import questions as q
from dispute_cli.core.decide.settlement import payout_days
from dispute_cli.core.events import Event
from dispute_cli.core.malformed import Malformed
from dispute_cli.core.policy import from_data
from dispute_cli.core.refusal import ConsentNeeded, Refusal
from dispute_cli.keys import Enclosed, Options
from dispute_cli.reading import NoSuchThing
from dispute_cli.service import Service
from dispute_cli.store import Store
from dispute_cli.store.memory import MemoryStore
from tests.given import START
from tests.model import both, play
from tests.model.figures import DAY, DEFAULT, Command, Order
from tests.model.market import Market
from tests.model.scripts import PAY, SCRIPTS

POLICIES = {name: from_data(figures) for name, figures in play.SHELF.items()}
REFUSED = (Malformed, NoSuchThing, ConsentNeeded, Refusal)


class Game:
    """A market under way."""

    def __init__(self, seed: int) -> None:
        thrown = random.Random(seed)
        self.dice = play.Dice(thrown.randrange)
        figures = self.dice.pick((DEFAULT, DEFAULT, *play.SHELF.values()))
        self.store = MemoryStore(both.head(figures))
        self.service = Service(self.store, self.wall, POLICIES.__getitem__)
        self.market = Market(both.START, figures, play.SHELF, self.draw)

    def wall(self) -> datetime:
        return START

    def draw(self, order: Order, at: int) -> int:
        figures = self.market.figures_of(order)
        return at + DAY * payout_days(0, order["id"], from_data(figures).payout)

    def played(self, steps: int) -> "Game":
        """Two orders, each some way into its life, then so many moves and stretches of time."""
        for id, policy in (("O-1", None), ("other", self.dice.pick((None, *play.SHELF)))):
            for given in (PAY | {"policy": policy}, *self.dice.pick(SCRIPTS)):
                self.tick({"duration": given["duration"]}) if given["command"] == "tick" else self.give(given | {"id": id})
        for _ in range(steps):
            if self.dice.chance(3):
                self.tick(play.tick(self.dice, self.market))
            else:
                self.give(play.command_or_purchase(self.dice, self.market))
        return self

    def give(self, given: Command) -> None:
        said = {name: value for name, value in given.items() if name != "language"}
        try:
            self.service.execute(both.spoken(said), Options(consent=True), Enclosed(both.enclosed(said).files))
        except REFUSED:
            return
        self.market.give(said)

    def tick(self, form: dict[str, Any]) -> None:
        try:
            self.service.ask(q.Tick(**{**form, "until": form.get("until")}))
        except REFUSED:
            return
        self.market.tick(form)

    def some(self) -> list[str]:
        """All orders, or a few of them."""
        ids = list(self.store.orders())
        return ids if self.dice.chance(5) else [id for id in ids if self.dice.chance(5)] or ids[:1]


def facts_of(store: Store, id: str) -> list[Event]:
    """An order's events, wherever in the store they stand."""
    with store.read() as view:
        return [replace(event, seq=0) for event in view.history(id)]
