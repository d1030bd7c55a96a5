"""One test carried out on a store in memory, by the very service that the commands use; the first step that does not hold ends it."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.json import encode

from ... import answers as a
from ... import questions as q
from ...codes import code_of
from ...core.malformed import Malformed
from ...core.refusal import Refused
from ...keys import KeyConflict
from ...policies import InvalidFile
from ...reading import NoSuchThing
from ...store.memory import MemoryStore
from ..lines import Request
from ..market import Market
from .check import Failure, Found, check, sentence, shown
from .source import WrongFile
from .steps import Ready, ready
from .trial import Trial
from .variables import Variables

REFUSALS = (Refused, NoSuchThing, KeyConflict, Malformed, InvalidFile)
"""What a command may be answered with instead of being done; anything else is a fault of ours."""


class Result(Struct, frozen=True):
    """How a test went."""

    trial: Trial
    steps: int
    """That were carried out."""
    failures: tuple[Failure, ...]
    """Of the step that ended it; none when it passed."""
    store: MemoryStore


def play(trial: Trial, first: int = 1, last: int | None = None) -> Result:
    """Carry a test out. Steps before `first` are done without looking, those after `last` not at all."""
    player = Player(trial)
    done = 0
    for number, step in enumerate(trial.ready[:last], 1):
        failures = player.step(number, step, look=number >= first)
        done = number
        if failures:
            return Result(trial, done, failures, player.store)
    return Result(trial, done, (), player.store)


class Player:
    """A test under way: its store, its clock, its variables."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.market = Market(trial.head, trial.document.files, trial.document.folder)
        self.store = self.market.store
        self.variables = Variables(trial.variables.values, trial.variables.captured)
        self.mark = self.market.mark()
        """Where the store stood when the command was given: what is refused leaves it there."""
        self.moved = False
        """The step's move of the clock is done, if it has one."""
        for order, part in zip(trial.orders, trial.document.orders, strict=True):
            try:
                self.market.do(Request(order))
            except REFUSALS as refusal:
                raise part.wrong(sentence(refusal)) from None

    def step(self, number: int, step: Ready | None, look: bool) -> tuple[Failure, ...]:
        """Do one step, and return what does not hold."""
        self.variables.used.clear()
        try:
            step = step or ready(self.trial.steps[number - 1], number, self.variables, self.trial.head.start)
        except WrongFile as fault:
            return (Failure(number, None, fault.place, "the step can be read", self.filled_in(), fault.bare),)
        seq, self.mark = self.store.seq, self.market.mark()
        answer, refusal = self.act(step)
        found = Found(
            answer=answer,
            refusal=refusal,
            code=code_of(refusal) if refusal else None,
            moved=self.moved,
            unchanged=self.mark == self.market.mark(),
            events=tuple(self.store.events(seq)),
            start=self.trial.head.start,
            now=self.store.now,
            page=lambda order: order_in(answer, order) or self.market.page(order),
        )
        failures = check(step, found, self.about(step)) if look or refusal else ()
        return failures or tuple(self.capture(step))

    def act(self, step: Ready) -> tuple[a.Answer | None, Exception | None]:
        """Move the clock and give the command: its answer, or what it was refused with."""
        answer: a.Answer | None = None
        self.moved = False
        try:
            if isinstance(step.move, Malformed):
                raise step.move
            if step.move:
                answer = self.market.tick(step.move)
                self.mark = self.market.mark()
            self.moved = True
            if isinstance(step.request, Malformed):
                raise step.request
            if isinstance(step.request, Request):
                answer = self.market.do(step.request)
            elif step.step.warns is not None:
                answer = self.market.ask(q.Look(id=self.about(step)))
        except REFUSALS as refusal:
            return None, refusal
        return answer, None

    def about(self, step: Ready) -> str:
        """The order that a step's expectations are about; where nothing is expected of one, any."""
        return step.step.order or step.order or (self.trial.ids[0] if self.trial.ids else "")

    def capture(self, step: Ready) -> Iterator[Failure]:
        """Keep the values that a step captures; those that cannot be asked for are what does not hold of it."""
        data = encode(self.market.page(self.about(step))) if step.capture else b""
        for name, expression in step.capture.items():
            try:
                self.variables.values[name] = expression.find(data)
            except Malformed as fault:
                place = step.part.source.place((*step.part.way, "capture", name))
                yield Failure(step.number, step.step.name, place, step.step.capture[name], "it cannot be asked", fault.message)

    def filled_in(self) -> str:
        """What was captured on the way and is filled in where a step cannot be read."""
        names = sorted(self.variables.used & {*self.trial.variables.captured})
        return ", ".join(f"${name} = {shown(self.variables.values[name])}" for name in names)


def order_in(answer: a.Answer | None, order: str) -> a.Order | None:
    """ORDER where the answer to the command has it already."""
    page: a.Order | None = getattr(answer, "order", None)
    return page if page is not None and page.id == order else None
