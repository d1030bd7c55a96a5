"""What people may say, one struct for each command: the input format of argv, batch lines and scenarios alike.

A struct that exists is well formed: ids, amounts, instants and texts have been checked for their form, nothing has been asked of
any order yet. `Lapse` is the clock's own command: a deadline has passed.
"""

from typing import Any, ClassVar, Literal

from msgspec import Struct, field

from . import instants, money
from .malformed import Malformed, quote
from .words import PARTIES, Actor, Kind

Refund = str
"""`full`, or an amount as written, in the order's currency."""

MOST_TEXT = 64 * 1024
MOST_DAYS = 1_000_000
MOST_ID = 64
ID_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


def check_id(id: str) -> None:
    """Raise `Malformed` unless this is the id of an order, a purchase or a line of one (E1)."""
    purchase, slash, number = id.partition("/")
    if not is_purchase_id(purchase) or (slash and not is_line_number(number)):
        raise Malformed("id", f"{quote(id)} is no order id: 1 to 64 of ASCII letters, digits, '-', '_' and '.'; a line of a purchase has '/' and its number after it")


def is_purchase_id(text: str) -> bool:
    return 1 <= len(text) <= MOST_ID and ID_CHARACTERS.issuperset(text)


def is_line_number(text: str) -> bool:
    """1 to 999999, in ASCII digits."""
    return text.isascii() and text.isdigit() and text[0] != "0" and len(text) <= 6


def check_text(text: str | None, name: str, required: bool = False) -> None:
    """Raise `Malformed` when a text is over 64 KiB of UTF-8, cannot be stored as UTF-8, or is blank where it must say something."""
    if text is None:
        return
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise Malformed(name, f"the {name} is not valid UTF-8 text") from None
    if "\0" in text:
        raise Malformed(name, f"the {name} contains a NUL character")
    if size > MOST_TEXT:
        raise Malformed(name, f"the {name} has {size:,} bytes; a text has at most {MOST_TEXT:,}")
    if required and is_blank(text):
        raise Malformed(name, f"the {name} is blank: say something")


def is_blank(text: str) -> bool:
    """Whether nothing in the text can be seen. What is invisible is loaded when it is asked, and most texts have a letter of ASCII."""
    if any("!" <= char <= "~" for char in text):
        return False
    from .links import blank

    return blank(text)


def check_days(days: int | None) -> None:
    """Raise `Malformed` unless the number of days is a whole number from 1 on."""
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise Malformed("days", f"{days} is no number of days: give a whole number from 1 on")


def check_refund(refund: Refund | None) -> None:
    """Raise `Malformed` unless this is `full` or written as an amount."""
    if refund is not None and refund != "full":
        money.check(refund, "refund")


class Command(Struct, frozen=True, kw_only=True, tag_field="command", forbid_unknown_fields=True):
    """What every command says: the order it is about and, where more than one actor may give it, who does."""

    ACTOR: ClassVar[Actor]
    """Whose command it is unless `as` names another."""

    id: str
    by: Actor | None = field(default=None, name="as")

    def __post_init__(self) -> None:
        check_id(self.id)
        self.check()

    def check(self) -> None:
        """Raise `Malformed` where a value is not of its form or two values contradict each other."""

    @property
    def actor(self) -> Actor:
        """Who gives the command."""
        return self.by or self.ACTOR


def name_of(command: type[Struct] | Struct) -> str:
    """Return the subcommand's words: `order create`."""
    tag: Any = command.__struct_config__.tag
    return str(tag)


class CreateOrder(Command, frozen=True, tag="order create"):
    ACTOR = Actor.BUYER

    price: str | None = None
    delivery: str = "0"
    currency: str = "USD"
    buyer: str = "buyer"
    seller: str = "seller"
    title: str | None = None
    deliver_by: str | None = None
    policy: str | None = None
    item: tuple[str, ...] = ()
    """`TITLE=PRICE` for each line of a purchase, instead of a price."""

    def check(self) -> None:
        if not is_purchase_id(self.id):
            raise Malformed("id", f"{quote(self.id)} cannot be created: lines are numbered by --item, create the purchase by its bare id")
        if (self.price is None) == (not self.item):
            raise Malformed("price", "give either --price AMOUNT, or --item \"TITLE=PRICE\" once for each line of a purchase")
        if self.item and self.title is not None:
            raise Malformed("title", "--title goes with --price; each --item brings its own title")
        money.known(self.currency)
        for _, price in self.lines:
            money.minor(price, self.currency, "price")
        money.minor(self.delivery, self.currency, "delivery")
        check_text(self.buyer, "buyer", required=True)
        check_text(self.seller, "seller", required=True)
        check_text(self.title, "title")
        if self.deliver_by is not None:
            instants.instant(self.deliver_by, "deliver_by")

    @property
    def lines(self) -> tuple[tuple[str | None, str], ...]:
        """The lines of a purchase as (title, price); an order's own where it has none."""
        return tuple(map(split_item, self.item)) if self.price is None else ((self.title, self.price),)


def split_item(item: str) -> tuple[str, str]:
    """Split `TITLE=PRICE` at its last `=`."""
    title, sign, price = item.rpartition("=")
    if not sign or is_blank(title):
        raise Malformed("item", f"{quote(item)} is no item: write --item \"TITLE=PRICE\", say --item \"Blue cup=12.50\"")
    check_text(title, "item")
    return title, price


class Ship(Command, frozen=True, tag="order ship"):
    ACTOR = Actor.SELLER

    tracking: str

    def check(self) -> None:
        check_text(self.tracking, "tracking", required=True)


class Deliver(Command, frozen=True, tag="order deliver"):
    ACTOR = Actor.PLATFORM


class Confirm(Command, frozen=True, tag="order confirm"):
    ACTOR = Actor.BUYER


class OpenDispute(Command, frozen=True, tag="open"):
    ACTOR = Actor.BUYER

    received: bool | None = None
    reason: str | None = None
    refund: Refund | None = None
    with_return: bool | None = field(default=None, name="return")
    message: str | None = None
    evidence: tuple[str, ...] = ()
    """Paths as given; the bytes come beside, in the moment."""
    link: tuple[str, ...] = ()

    def check(self) -> None:
        check_refund(self.refund)
        check_text(self.reason, "reason")
        check_text(self.message, "message")


class EditDispute(Command, frozen=True, tag="edit"):
    ACTOR = Actor.BUYER

    received: bool | None = None
    reason: str | None = None
    refund: Refund | None = None
    with_return: bool | None = field(default=None, name="return")
    message: str | None = None
    keep: bool = False
    """In `awaiting_buyer`: what is not given stays (N7)."""

    def check(self) -> None:
        check_refund(self.refund)
        check_text(self.reason, "reason")
        check_text(self.message, "message")


class Cancel(Command, frozen=True, tag="cancel"):
    ACTOR = Actor.BUYER


class Respond(Command, frozen=True, tag="respond"):
    ACTOR = Actor.SELLER

    accept: bool = False
    refund: str | None = None
    with_return: bool | None = field(default=None, name="return")
    reject: bool = False
    promise: str | None = None
    message: str | None = None

    def check(self) -> None:
        answers = (self.accept, self.refund is not None, self.reject, self.promise is not None)
        if sum(answers) != 1:
            raise Malformed("respond", "give exactly one answer: --accept, --refund AMOUNT, --reject or --promise TEXT")
        if self.with_return is not None and self.refund is None:
            raise Malformed("return", "--return goes with --refund AMOUNT")
        check_refund(self.refund)
        check_text(self.promise, "promise", required=True)
        check_text(self.message, "message", required=True)


class Accept(Command, frozen=True, tag="accept"):
    """The buyer accepts the offer; the seller accepts the demand, or concedes the claim while escalated."""

    ACTOR = Actor.BUYER


class ExtendProtection(Command, frozen=True, tag="extend-protection"):
    """The buyer asks for days; the seller grants or denies."""

    ACTOR = Actor.BUYER

    days: int | None = None
    grant: bool = False
    deny: bool = False

    def check(self) -> None:
        check_days(self.days)
        if (self.grant and self.deny) or (self.deny and self.days is not None):
            raise Malformed("deny", "--deny stands alone: grant with --grant [--days N], ask with --days N")
        if not (self.grant or self.deny or self.days is not None):
            raise Malformed("days", "give --days N to ask, or --grant or --deny to answer")

    @property
    def owner(self) -> Actor:
        """Asking is the buyer's, answering the seller's (X1)."""
        return Actor.SELLER if self.grant or self.deny else Actor.BUYER

    @property
    def actor(self) -> Actor:
        return self.by or self.owner


class Escalate(Command, frozen=True, tag="escalate"):
    ACTOR = Actor.BUYER

    confirm: bool = False
    no_thanks: bool = False

    def check(self) -> None:
        if self.confirm and self.no_thanks:
            raise Malformed("confirm", "--confirm and --no-thanks contradict each other")


class AddEvidence(Command, frozen=True, tag="add-evidence"):
    ACTOR = Actor.BUYER

    file: tuple[str, ...] = ()
    """Paths as given; the bytes come beside, in the moment."""
    link: tuple[str, ...] = ()
    note: str | None = None

    def check(self) -> None:
        if not self.file and not self.link:
            raise Malformed("file", "give at least one FILE or --link URL")
        check_text(self.note, "note", required=True)


class SendMessage(Command, frozen=True, tag="message"):
    ACTOR = Actor.BUYER

    text: str

    def check(self) -> None:
        check_text(self.text, "text", required=True)


class SendReturn(Command, frozen=True, tag="return send"):
    ACTOR = Actor.BUYER

    tracking: str
    postage: str | None = None

    def check(self) -> None:
        check_text(self.tracking, "tracking", required=True)
        if self.postage is not None:
            money.check(self.postage, "postage")


class AcknowledgeReturn(Command, frozen=True, tag="return acknowledge"):
    ACTOR = Actor.SELLER


class RefuseReturn(Command, frozen=True, tag="return refuse"):
    ACTOR = Actor.SELLER

    reason: str

    def check(self) -> None:
        check_text(self.reason, "reason", required=True)


class RequestEvidence(Command, frozen=True, tag="review request-evidence"):
    ACTOR = Actor.PLATFORM

    party: Literal["buyer", "seller"] = field(name="from")
    days: int | None = None

    def check(self) -> None:
        check_days(self.days)
        if self.party not in PARTIES:
            raise Malformed("from", "evidence is asked from buyer or seller")


class Rule(Command, frozen=True, tag="review rule"):
    ACTOR = Actor.PLATFORM

    refund: Refund
    reason: str
    early: bool = False

    def check(self) -> None:
        check_refund(self.refund)
        check_text(self.reason, "reason", required=True)


class Lapse(Command, frozen=True, tag="lapse"):
    """A deadline has passed; only the clock says so (K2)."""

    ACTOR = Actor.CLOCK

    kind: Kind
    party: Actor | None = None
    """Whose evidence window ends; None for every other kind."""

    def __post_init__(self) -> None:
        """Nothing to check: the clock speaks of deadlines that an order has."""


Spoken = (
    CreateOrder
    | Ship
    | Deliver
    | Confirm
    | OpenDispute
    | EditDispute
    | Cancel
    | Respond
    | Accept
    | ExtendProtection
    | Escalate
    | AddEvidence
    | SendMessage
    | SendReturn
    | AcknowledgeReturn
    | RefuseReturn
    | RequestEvidence
    | Rule
)
"""Every command that people may give."""

ON_ALL_LINES = (Ship, Deliver, Confirm, SendMessage)
"""Given a purchase's bare id, these act on its lines (E1)."""
