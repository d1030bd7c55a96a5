"""The machine that Hypothesis drives: random commands and stretches of time, given to product and model alike. How many and how often stands with the tests."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, note, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from dispute_cli.store import Store
from dispute_cli.store.memory import MemoryStore

from . import play
from .both import Both, head
from .figures import DAY, DEFAULT, Command, Figures
from .play import Dice
from .scripts import PAY, SCRIPTS

THROWS = st.binary(min_size=24, max_size=24)
"""A byte for each throw of a step's die, drawn at once: a draw for each would take most of the time. What is left over is never looked at."""
STEPS_A_RUN = 50
RUNS_A_ROUND = 8
MakeStore = Callable[[Figures], Store]


class Turns(RuleBasedStateMachine):
    """Product and model, side by side."""

    done = 0
    """Steps of all runs, counted here and nowhere else."""
    met: set[str] = set()
    """Statuses, event types and quoted rules, in all runs."""
    make_store: MakeStore = staticmethod(lambda figures: MemoryStore(head(figures)))

    both: Both

    @initialize(throws=THROWS)
    def begin(self, throws: bytes) -> None:
        dice = dice_of(throws)
        figures = dice.pick((DEFAULT, DEFAULT, *play.SHELF.values()))
        self.both = Both(type(self).make_store(figures), figures, play.SHELF)
        self.keyed: list[tuple[Command, dict[str, Any]]] = []
        for id, policy in (("O-1", None), ("other", dice.pick((None, *play.SHELF)))):
            self.play(id, [PAY | {"policy": policy}, *dice.pick(SCRIPTS)])

    def play(self, id: str, script: list[Command]) -> None:
        for given in script:
            self.said(given, False)
            if given["command"] == "tick":
                self.both.tick({"duration": given["duration"]})
            else:
                self.both.give(given | {"id": id})

    @rule(throws=THROWS)
    def give(self, throws: bytes) -> None:
        dice = dice_of(throws)
        given, options = play.command_or_purchase(dice, self.both.market), play.options(dice)
        self.both.give(given, dry_run=self.said(given, options, dice.chance(1)), **options)
        if "key" in options:
            self.keyed.append((given, options))

    @rule(throws=THROWS)
    def give_another(self, throws: bytes) -> None:
        """Twice as likely: a market without commands is empty."""
        self.give(throws)

    @rule(throws=THROWS)
    @precondition(lambda self: self.keyed)
    def repeat(self, throws: bytes) -> None:
        """What was given with a key is given again; now and then it says something else."""
        dice = dice_of(throws)
        given, options = dice.pick(self.keyed)
        again = play.respelled(dice, given)
        self.both.give(again, dry_run=self.said(again, options, dice.chance(1)), **options)

    @rule(throws=THROWS)
    def let_time_pass(self, throws: bytes) -> None:
        dice = dice_of(throws)
        form, key = play.tick(dice, self.both.market), dice.pick(("a", "t")) if dice.chance(1) else None
        self.both.tick(form, dry_run=self.said(form, key, dice.chance(1)), key=key)

    @rule(throws=THROWS)
    @precondition(lambda self: self.both.market.orders)
    def look_elsewhen(self, throws: bytes) -> None:
        dice, market = dice_of(throws), self.both.market
        id, days = dice.pick(sorted(market.orders)), dice.pick((-20, -5, -1, 0, 1, 5, 10, 70))
        at = market.now + days * DAY + dice.pick((-1, 0, 1))
        self.said("look", id, at)
        self.both.look_at(id, at)

    def said(self, *what: Any) -> bool:
        """Tell the step where a failure is replayed, and count it."""
        note(f"step: {play.told(what)}")
        Turns.done += 1
        return bool(what[-1])

    def teardown(self) -> None:
        if hasattr(self, "both"):
            self.both.check_ledger()
            Turns.met |= self.both.met


def dice_of(throws: bytes) -> Dice:
    """A die that shows these throws, and then the first side for ever."""
    left = iter(throws)
    return Dice(lambda count: next(left, 0) % count)


def run(number: int, steps: int, make_store: MakeStore | None = None, shrink: bool = True) -> set[str]:
    """Drive at least so many steps, the same ones for the same number; return the statuses, events and rules that were met."""
    kind = type("Turns", (Turns,), {"make_store": staticmethod(make_store)} if make_store else {})
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)
    often = settings(
        max_examples=RUNS_A_ROUND, stateful_step_count=STEPS_A_RUN, deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=phases
    )
    began, turn = Turns.done, 0
    Turns.met = set()
    while Turns.done < began + steps:
        run_state_machine_as_test(seed(f"{number}.{turn}")(kind), settings=often)
        turn += 1
    return Turns.met
