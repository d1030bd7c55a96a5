"""Orders on the command line: create, ship, deliver, confirm. Words into structs, nothing else."""

from typing import Annotated

from typer import Option

from ..core.commands import Confirm, CreateOrder, Deliver, Ship
from .options import Id


def create(
    id: Id,
    price: Annotated[str | None, Option("--price", metavar="AMOUNT", help="Price of the goods.")] = None,
    delivery: Annotated[str, Option("--delivery", metavar="AMOUNT", help="Price of the delivery.")] = "0",
    currency: Annotated[str, Option("--currency", metavar="CODE", help="ISO 4217 currency.")] = "USD",
    buyer: Annotated[str, Option("--buyer", metavar="NAME", help="Name of the buyer.")] = "buyer",
    seller: Annotated[str, Option("--seller", metavar="NAME", help="Name of the seller.")] = "seller",
    title: Annotated[str | None, Option("--title", metavar="TEXT", help="What was ordered.")] = None,
    deliver_by: Annotated[str | None, Option("--deliver-by", metavar="INSTANT", help="The promised delivery date.")] = None,
    policy: Annotated[str | None, Option("--policy", metavar="NAME|FILE", help="The marketplace (default: the store's).")] = None,
    item: Annotated[list[str] | None, Option("--item", metavar='"TITLE=PRICE"', help="A line of a purchase; repeat for each.")] = None,
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
