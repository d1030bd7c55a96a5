"""Orders on the command line: create, ship, deliver, confirm. Words into structs, nothing else."""

from typing import Annotated

from typer import Option

from ..core.commands import Confirm, CreateOrder, Deliver, Ship
from .options import Id

MONEY, TERMS = "Money", "Who, what and when"


def create(
    id: Id,
    price: Annotated[str | None, Option("--price", metavar="AMOUNT", help="Price of the goods.", rich_help_panel=MONEY)] = None,
    delivery: Annotated[str, Option("--delivery", metavar="AMOUNT", help="Price of the delivery.", rich_help_panel=MONEY)] = "0",
    currency: Annotated[str, Option("--currency", metavar="CODE", help="ISO 4217 currency.", rich_help_panel=MONEY)] = "USD",
    buyer: Annotated[str, Option("--buyer", metavar="NAME", help="Name of the buyer.", rich_help_panel=TERMS)] = "buyer",
    seller: Annotated[str, Option("--seller", metavar="NAME", help="Name of the seller.", rich_help_panel=TERMS)] = "seller",
    title: Annotated[str | None, Option("--title", metavar="TEXT", help="What was ordered.", rich_help_panel=TERMS)] = None,
    deliver_by: Annotated[str | None, Option("--deliver-by", metavar="INSTANT", help="The promised delivery date.", rich_help_panel=TERMS)] = None,
    policy: Annotated[str | None, Option("--policy", metavar="NAME|FILE", help="The marketplace (default: the store's).", rich_help_panel=TERMS)] = None,
    item: Annotated[list[str] | None, Option("--item", metavar='"TITLE=PRICE"', help="A line of a purchase; repeat for each.", rich_help_panel=MONEY)] = None,
) -> CreateOrder:
    """Make a paid order: its money goes into escrow."""
    return CreateOrder(
        id=id,
        price=price,
        delivery=delivery,
        currency=currency,
        buyer=buyer,
        seller=seller,
        title=title,
        deliver_by=deliver_by,
        policy=policy,
        item=tuple(item or ()),
    )


def ship(id: Id, tracking: Annotated[str, Option("--tracking", metavar="NUMBER", help="The parcel's tracking number.")]) -> Ship:
    """Record that the seller sent the parcel."""
    return Ship(id=id, tracking=tracking)


def deliver(id: Id) -> Deliver:
    """Record that the parcel was delivered."""
    return Deliver(id=id)


def confirm(id: Id) -> Confirm:
    """Confirm receipt: the escrow is released to the seller."""
    return Confirm(id=id)
