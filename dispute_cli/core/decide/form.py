"""The buyer's form, at opening and at an edit (D2–D9, N7): one tuple of checks; every fault is told, and a form without one is a demand."""

from collections.abc import Callable, Iterator

from msgspec import Struct

from .. import money
from ..evidence import Unfit, examine
from ..guards import say
from ..instants import iso_instant
from ..links import blank, check_link, links
from ..malformed import guess
from ..moment import Moment
from ..order import Demand, Order
from ..policy import Reason
from ..refusal import Fault, Refusal
from ..rules import in_order
from ..words import Actor


class Form(Struct, frozen=True):
    received: bool | None
    reason: str | None
    refund: str | None
    """`full`, an amount as written, or None: not said."""
    wish: bool | None
    """The return wish as stated; None: it follows from the amount."""
    message: str | None
    link: tuple[str, ...] = ()
    opens: bool = True
    """A new dispute: it brings its own message and evidence."""
    anew: bool = False
    """In answer to an offer, without --keep: reason, amount and return wish must be given again (N7)."""
    proven: bool = False
    """The buyer's evidence from any dispute of the order counts already."""


def check(form: Form, order: Order, moment: Moment) -> Demand:
    """Return the demand, or raise one refusal with every fault (D10)."""
    faults = [fault for check in CHECKS for fault in check(form, order, moment)]
    if faults:
        raise Refusal(*in_order(faults))
    return demand(form, order, moment)


def demand(form: Form, order: Order, moment: Moment) -> Demand:
    """What a sound form asks: not received means the whole and no return (D7); the whole of received goods means a return, unless the reason says never (D6)."""
    if not form.received:
        return Demand(order.total, False)
    refund = amount(form, order)
    assert refund is not None
    return Demand(refund, refund == order.total and not kept(form, moment))


def amount(form: Form, order: Order) -> int | None:
    """The amount in minor units; None when it was not said."""
    if form.refund is None:
        return None
    return order.total if form.refund == "full" else money.minor(form.refund, order.currency, "refund")


def kept(form: Form, moment: Moment) -> bool:
    """Whether the reason lets the buyer keep the goods in any case (D6)."""
    reason = known_reason(form, moment)
    return reason is not None and reason.returned == "never"


def known_reason(form: Form, moment: Moment) -> Reason | None:
    """The policy's reason, if it is one and belongs to what is said of receipt."""
    reason = moment.policy.reasons.get(form.reason or "")
    return reason if reason and reason.received is form.received else None


def check_received(form: Form, order: Order, moment: Moment) -> Iterator[Fault]:
    if form.received is None:
        yield Fault("D2", "received", "Say whether the goods were received.", "Give --received or --not-received.")


def check_reason(form: Form, order: Order, moment: Moment) -> Iterator[Fault]:
    reasons = moment.policy.reasons
    if form.reason is None:
        yield Fault("N7" if form.anew else "D3", "reason", "A reason is needed.", valid_reasons(form, moment))
    elif form.reason not in reasons:
        yield Fault("D3", "reason", f"'{form.reason}' is no reason.", guess(form.reason, reasons) + valid_reasons(form, moment))
    elif form.received is not None and not known_reason(form, moment):
        other = "not received" if form.received else "received"
        yield Fault("D3", "reason", f"'{form.reason}' is a reason for goods {other}.", valid_reasons(form, moment))


def valid_reasons(form: Form, moment: Moment) -> str:
    valid = moment.policy.reasons if form.received is None else moment.policy.family(form.received)
    return f"One of: {', '.join(valid)}."


def check_lateness(form: Form, order: Order, moment: Moment) -> Iterator[Fault]:
    reason = known_reason(form, moment)
    if reason and reason.after == "deliver_by" and moment.now < order.deliver_by:
        yield Fault("D4", "reason", f"Delivery is promised by {iso_instant(order.deliver_by)}: nothing is violated yet.", "Open it then, while protection runs.")


def check_amount(form: Form, order: Order, moment: Moment) -> Iterator[Fault]:
    if not form.received:
        return
    refund, reason, whole = amount(form, order), known_reason(form, moment), say(order, order.total)
    if refund is None:
        yield Fault("N7" if form.anew else "D5", "refund", "The amount of the refund is needed.", f"Give --refund AMOUNT below {whole}, or --refund full.")
    elif not 0 < refund <= order.total:
        yield Fault("D5", "refund", f"A refund of {say(order, refund)} cannot be demanded: it is above 0 and at most {whole}, product and delivery alike.")
    elif refund < order.total and reason and reason.refund == "full":
        yield Fault("D3", "refund", f"'{form.reason}' allows only the full refund of {whole}, with the goods sent back.", "Give --refund full.")


def check_return(form: Form, order: Order, moment: Moment) -> Iterator[Fault]:
    if not form.received:
        return
    if form.wish is None and form.anew:
        yield Fault("N7", "return", "The return wish must be given anew.", "Give --return or --no-return, or --keep.")
    if form.wish is None or any(check_amount(form, order, moment)):
        return
    full = amount(form, order) == order.total and not kept(form, moment)
    if form.wish and kept(form, moment):
        yield Fault("D6", "return", f"Goods are never sent back for '{form.reason}'.", "Leave --return out.")
    elif full and not form.wish:
        yield Fault("D6", "return", "A full refund of received goods means returning them.", "Demand less to keep the goods, or leave --no-return out.")
    elif form.wish and not full:
        yield Fault("D6", "return", "A partial refund needs no return.", "Leave --return out, or demand the full refund.")


def check_not_received(form: Form, order: Order, moment: Moment) -> Iterator[Fault]:
    if form.received is not False:
        return
    refund = amount(form, order)
    if refund is not None and refund != order.total:
        yield Fault("D7", "refund", f"Goods not received: the full amount paid ({say(order, order.total)}) is demanded, no part of it.", "Leave --refund out: it is set automatically.")
    if form.wish:
        yield Fault("D7", "return", "Goods not received cannot be returned.", "Leave --return out.")


def check_message(form: Form, order: Order, moment: Moment) -> Iterator[Fault]:
    if (form.message is None and form.opens) or (form.message is not None and blank(form.message)):
        yield Fault("D8", "message", "A message to the seller is needed, and it must say something.", "Give --message TEXT.")


def check_evidence(form: Form, order: Order, moment: Moment) -> Iterator[Fault]:
    reason = known_reason(form, moment)
    if not form.received or (reason and reason.evidence == "optional"):
        return
    if not (moment.files or form.link or links(form.message or "") or form.proven):
        yield Fault("D9", "evidence", "Received goods: at least one piece of evidence is needed.", "Give --evidence FILE or --link URL.")


def check_files(form: Form, order: Order, moment: Moment) -> Iterator[Fault]:
    return unfit_files(moment)


def check_count(form: Form, order: Order, moment: Moment) -> Iterator[Fault]:
    dispute = order.dispute
    return too_many(order, moment, Actor.BUYER, order.disputes + 1 if form.opens or dispute is None else dispute.number)


def too_many(order: Order, moment: Moment, by: Actor, number: int) -> Iterator[Fault]:
    """More files of a party in a dispute than the policy takes (V2)."""
    most = moment.policy.evidence.most_files
    if most is None or not moment.files:
        return
    before = sum(record.kind == "file" and record.by is by and record.dispute == number for record in order.evidence)
    if before + len(moment.files) > most:
        yield Fault("V2", "evidence", f"A party gives at most {most} file{'s' if most > 1 else ''} in a dispute; with these it would be {before + len(moment.files)}.", "Add the rest as links: --link.")


def check_links(form: Form, order: Order, moment: Moment) -> Iterator[Fault]:
    return unfit_links(form.link)


def unfit_files(moment: Moment) -> Iterator[Fault]:
    """What is wrong with the enclosed files (V1, V2)."""
    limits = moment.policy.evidence
    for file in moment.files:
        found = examine(file, limits.formats, limits.most_bytes)
        if isinstance(found, Unfit):
            yield Fault(found.rule, "evidence", found.message, found.hint, of_file=True)


def unfit_links(given: tuple[str, ...]) -> Iterator[Fault]:
    """What is wrong with links given as options (V3)."""
    for url in given:
        wrong = check_link(url)
        if wrong:
            yield Fault("V3", "link", wrong, "A link begins with http:// or https://.")


CHECKS: tuple[Callable[[Form, Order, Moment], Iterator[Fault]], ...] = (
    check_received,
    check_reason,
    check_lateness,
    check_amount,
    check_return,
    check_not_received,
    check_message,
    check_evidence,
    check_files,
    check_count,
    check_links,
)
