"""Each type of event in one sentence, from its JSON. No instant and no order id: those stand beside it."""

from collections.abc import Callable
from typing import Any

Event = dict[str, Any]


def money(event: Event, name: str = "refund") -> str:
    return f"{event[name]} {event['currency']}"


def goods(event: Event) -> str:
    return f"{money(event)}{', goods returned' if event['return'] else ''}"


def case(event: Event) -> str:
    return f"{'received' if event['received'] else 'not received'}, {event['reason']}, demand {goods(event)}"


def proof(event: Event) -> str:
    return str(event["url"] or event["name"]) + (f": {event['note']}" if event["note"] else "")


def offer(event: Event) -> str:
    return f"promise: {event['promise']}" if event["promise"] else goods(event)


SENTENCES: dict[str, Callable[[Event], str]] = {
    "order_created": lambda e: f"order paid: {e['price']} + {e['delivery']} {e['currency']} in escrow",
    "shipped": lambda e: f"shipped, tracking {e['tracking']}",
    "delivered": lambda e: "delivered",
    "receipt_confirmed": lambda e: "receipt confirmed",
    "protection_ended": lambda e: "protection ended",
    "dispute_opened": lambda e: f"dispute {e['number']} opened: {case(e)}",
    "dispute_edited": lambda e: f"dispute edited: {case(e)}",
    "dispute_cancelled": lambda e: "dispute cancelled" + (": protection is over, the escrow is released" if e["releases"] else ""),
    "claim_dropped": lambda e: "claim dropped",
    "message_sent": lambda e: f"message: {e['text']}",
    "evidence_added": lambda e: f"evidence: {proof(e)}",
    "offer_made": lambda e: f"offer: {offer(e)}",
    "demand_accepted": lambda e: "demand accepted",
    "offer_accepted": lambda e: "offer accepted",
    "promise_accepted": lambda e: f"promise accepted: {e['promise']}",
    "seller_silent": lambda e: "the seller stayed silent",
    "buyer_silent": lambda e: "the buyer stayed silent",
    "escalated": lambda e: f"escalated: claim of {money(e, 'amount')}",
    "claim_conceded": lambda e: "claim conceded by the seller",
    "evidence_requested": lambda e: f"evidence asked from the {e['party']} until {e['until']}",
    "evidence_closed": lambda e: f"evidence closed for the {e['party']}",
    "extension_requested": lambda e: f"{e['days']} days of protection asked for",
    "extension_granted": lambda e: f"{e['days']} days of protection granted: it ends {e['ends_at']}",
    "extension_denied": lambda e: "extension denied",
    "extension_lapsed": lambda e: "extension request lapsed",
    "return_agreed": lambda e: f"return agreed: {money(e)} once the goods are back, to be sent by {e['send_by']}",
    "return_sent": lambda e: f"return sent, tracking {e['tracking']}" + (f", postage {money(e, 'postage')}" if e["postage"] else ""),
    "return_acknowledged": lambda e: "return acknowledged",
    "return_refused": lambda e: f"return refused: {e['reason']}",
    "return_overdue": lambda e: "return overdue",
    "ruled": lambda e: f"ruling: {money(e)} to the buyer{' (early)' if e['early'] else ''}: {e['reason']}",
    "ruled_by_default": lambda e: f"no ruling in time: {money(e)} to the buyer",
    "settled": lambda e: (
        f"settled ({e['cause']}): {money(e)} to the buyer, {money(e, 'release')} to the seller"
        + (f"; the refund is paid {e['payout_at']}" if e["payout_at"] else "")
    ),
    "refund_paid": lambda e: f"refund of {money(e)} paid",
    "closed": lambda e: "closed",
}


def sentence(event: Event) -> str:
    """What happened."""
    return SENTENCES[event["type"]](event)
