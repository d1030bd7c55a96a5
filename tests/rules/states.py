"""Orders in every status and by every way there, each a short story by its name; the name begins with the status. No test lives here."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from dispute_cli.core import commands as c
from tests.given import PHOTO, WHOLE, Story

REJECT: dict[str, Any] = {"reject": True}
PROMISE: dict[str, Any] = {"promise": "I send it again"}
OVERDUE: dict[str, Any] = {"received": False, "reason": "wrong_tracking"}
LATE = 57
"""Opened or answered from this day on, a dispute outlives protection."""


def opened(at: float = 0, **form: Any) -> Story:
    return Story().day(at).open(**form)


def answered(at: float = 0, form: dict[str, Any] | None = None, **answer: Any) -> Story:
    """Opened, and the seller offered own terms a day later."""
    return opened(at, **form or {}).day(at + 1).seller(c.Respond, **answer)


def agreed(at: float = 0) -> Story:
    """The whole of received goods, accepted by the seller: the parcel is to go back."""
    return opened(at, **WHOLE).day(at + 1).seller(c.Accept)


def sent(at: float = 0, **fields: Any) -> Story:
    return agreed(at).day(at + 2).buyer(c.SendReturn, tracking="R1", **fields)


def escalated(**answer: Any) -> Story:
    return answered(**answer or {"refund": "10.00"}).day(2).buyer(c.Escalate, confirm=True)


def silent(**answer: Any) -> Story:
    """A claim by the buyer's silence, at the seller's offer."""
    return answered(**answer).day(11)


def refused() -> Story:
    return sent().day(3).seller(c.RefuseReturn, reason="an empty box")


def asked(days: int | None = None, *parties: str) -> Story:
    story = escalated()
    for party in parties:
        story.platform(c.RequestEvidence, from_=party, days=days)
    return story


def ruled(refund: str) -> Story:
    return escalated().day(20).platform(c.Rule, refund=refund, reason="the photo shows it")


def over(story: Story) -> Story:
    """Let protection run out."""
    return story.until(story.order.protection.ends_at + timedelta(hours=12))


def asking(story: Story) -> Story:
    return story.buyer(c.ExtendProtection, days=20)


STATES: dict[str, Callable[[], Story]] = {
    "protected": Story,
    "protected, shipped": lambda: Story().seller(c.Ship, tracking="T1"),
    "protected, delivered": lambda: Story().platform(c.Deliver),
    "protected, an extension asked": lambda: asking(Story()),
    "protected, extended": lambda: asking(Story()).seller(c.ExtendProtection, grant=True),
    "protected, cancelled": lambda: opened().buyer(c.Cancel),
    "protected, a promise accepted": lambda: answered(**PROMISE).buyer(c.Accept),
    "awaiting_seller, a part": opened,
    "awaiting_seller, the whole": lambda: opened(**WHOLE),
    "awaiting_seller, a changed mind": lambda: opened(reason="changed_mind", refund="full", files=()),
    "awaiting_seller, not received": lambda: opened(**OVERDUE),
    "awaiting_seller, delivered": lambda: Story().platform(c.Deliver).open(),
    "awaiting_seller, reopened": lambda: opened().buyer(c.Cancel).open(),
    "awaiting_seller, edited": lambda: answered(**REJECT).buyer(c.EditDispute, keep=True),
    "awaiting_seller, an extension asked": lambda: asking(opened()),
    "awaiting_seller, protection over": lambda: over(opened(LATE)),
    "awaiting_seller, not received, protection over": lambda: over(opened(LATE, **OVERDUE)),
    "awaiting_buyer, rejected": lambda: answered(**REJECT),
    "awaiting_buyer, a promise": lambda: answered(**PROMISE),
    "awaiting_buyer, less": lambda: answered(refund="10.00"),
    "awaiting_buyer, less with return": lambda: answered(refund="10.00", with_return=True),
    "awaiting_buyer, as much": lambda: answered(refund="20.00"),
    "awaiting_buyer, as much with return": lambda: answered(refund="20.00", with_return=True),
    "awaiting_buyer, more": lambda: answered(refund="30.00"),
    "awaiting_buyer, more with return": lambda: answered(refund="30.00", with_return=True),
    "awaiting_buyer, everything": lambda: answered(refund="55.00"),
    "awaiting_buyer, the whole, less": lambda: answered(form=WHOLE, refund="10.00"),
    "awaiting_buyer, the whole, with return": lambda: answered(form=WHOLE, refund="55.00", with_return=True),
    "awaiting_buyer, the whole, without return": lambda: answered(form=WHOLE, refund="55.00"),
    "awaiting_buyer, not received, rejected": lambda: answered(form=OVERDUE, **REJECT),
    "awaiting_buyer, not received, a promise": lambda: answered(form=OVERDUE, **PROMISE),
    "awaiting_buyer, not received, less": lambda: answered(form=OVERDUE, refund="54.99"),
    "awaiting_buyer, not received, the whole": lambda: answered(form=OVERDUE, refund="55.00"),
    "awaiting_buyer, an extension asked": lambda: asking(answered(refund="10.00")),
    "awaiting_buyer, protection over": lambda: over(answered(LATE, refund="10.00")),
    "awaiting_buyer, a promise, protection over": lambda: over(answered(LATE, **PROMISE)),
    "awaiting_return, by the seller": agreed,
    "awaiting_return, by the buyer": lambda: answered(refund="10.00", with_return=True).buyer(c.Accept),
    "awaiting_return, an extension asked": lambda: asking(agreed()),
    "awaiting_return, protection over": lambda: over(agreed(LATE)),
    "return_shipped": sent,
    "return_shipped, postage": lambda: sent(postage="8.40"),
    "return_shipped, protection over": lambda: over(sent(LATE)),
    "escalated, by the buyer": escalated,
    "escalated, by silence": lambda: silent(refund="10.00"),
    "escalated, by silence, nothing": lambda: silent(**REJECT),
    "escalated, by silence, a promise": lambda: silent(**PROMISE),
    "escalated, not received": lambda: escalated(form=OVERDUE, refund="10.00"),
    "escalated, a return refused": refused,
    "escalated, conceded": lambda: escalated().seller(c.Accept),
    "escalated, the buyer asked": lambda: asked(None, "buyer"),
    "escalated, the seller asked for a day": lambda: asked(1, "seller"),
    "escalated, both asked": lambda: asked(None, "buyer", "seller"),
    "escalated, both asked to the end": lambda: asked(60, "buyer", "seller"),
    "escalated, in time for a ruling": lambda: escalated().day(17),
    "escalated, conceded, in time for a ruling": lambda: escalated().seller(c.Accept).day(17),
    "settling, seller_silent": lambda: opened().day(5),
    "settling, seller_silent, the whole": lambda: opened(**WHOLE).day(5),
    "settling, seller_accepted": lambda: opened().seller(c.Accept),
    "settling, seller_accepted, returned": lambda: sent(postage="8.40").seller(c.AcknowledgeReturn),
    "settling, buyer_accepted": lambda: answered(refund="10.00").buyer(c.Accept),
    "settling, buyer_accepted, returned": lambda: (
        answered(refund="10.00", with_return=True).buyer(c.Accept).buyer(c.SendReturn, tracking="R1").day(20)
    ),
    "settling, concession": lambda: escalated().seller(c.Accept).buyer(c.Cancel),
    "settling, ruling": lambda: ruled("15.00"),
    "settling, ruling, the whole": lambda: ruled("full"),
    "settling, ruling, early": lambda: escalated().platform(c.Rule, refund="10.00", reason="a test", early=True),
    "settling, default_ruling": lambda: escalated().day(62),
    "closed, confirmed": lambda: Story().buyer(c.Confirm),
    "closed, protection_ended": lambda: Story().day(60),
    "closed, cancelled": lambda: over(opened(LATE)).buyer(c.Cancel),
    "closed, cancelled by a promise": lambda: over(answered(LATE, **PROMISE)).buyer(c.Accept),
    "closed, cancelled, a return agreed": lambda: over(agreed(LATE)).buyer(c.Cancel),
    "closed, seller_silent": lambda: opened().to_the_end(),
    "closed, seller_accepted": lambda: opened().seller(c.Accept).to_the_end(),
    "closed, buyer_accepted": lambda: answered(**REJECT).buyer(c.Accept),
    "closed, concession": lambda: escalated().seller(c.Accept).buyer(c.Cancel).to_the_end(),
    "closed, dropped": lambda: escalated().buyer(c.Cancel),
    "closed, dropped, a return refused": lambda: refused().buyer(c.Cancel),
    "closed, return_overdue": lambda: agreed().to_the_end(),
    "closed, ruling": lambda: ruled("0"),
    "closed, ruling, paid": lambda: ruled("full").to_the_end(),
    "closed, default_ruling": lambda: silent(**REJECT).to_the_end(),
}


def reached(*words: str) -> list[str]:
    """The names of the states whose name begins with one of the words."""
    return [name for name in STATES if name.startswith(words)]


UNDISPUTED = reached("protected")
OPEN = reached("awaiting", "return_shipped", "escalated")
SETTLED = reached("settling", "closed")
RULED = reached(*(f"{status}, {cause}" for status in ("settling", "closed") for cause in ("ruling", "default_ruling")))

PHOTOS = (PHOTO,)
