"""The rule book: each rule's id, chapter, kind, sentence and the policy's figures it reads. A rule's text lives here and nowhere else."""

from typing import Literal

from msgspec import Struct

from .refusal import ConsentNeeded, Fault, Refusal, refuse

__all__ = ["BOOK", "ConsentNeeded", "Fault", "Refusal", "RuleRow", "in_order", "refuse"]


class RuleRow(Struct, frozen=True):
    id: str
    kind: Literal["refuses", "causes", "advises"]
    sentence: str
    reads: tuple[str, ...] = ()
    """Dotted keys of the policy; every one but evidence.* , escalation.rule_from_days, escalation.review_days and payout.* is a default of ours."""

    choices: tuple[tuple[str, str], ...] = ()
    """What a policy may choose instead, and what the rule says then."""


CHAPTERS = {
    "E": "orders and escrow",
    "D": "opening a dispute",
    "V": "evidence and correspondence",
    "N": "answering, editing, agreeing",
    "X": "protection extension",
    "C": "escalation, review, ruling",
    "T": "returns",
    "P": "settlement and payout",
    "K": "time",
    "W": "who may",
    "A": "advice",
}

ROWS = (
    RuleRow("E1", "refuses", "The unit is the order line: a purchase of several products has several lines, each with its own escrow, counters and status. Delivery is shared between them in proportion to price, to the last minor unit. `order ship`, `order deliver`, `order confirm`, `message` and `status` given a purchase's bare id act on all its lines that are not closed, all or none; anything else given a bare id is refused and names the lines. An id is never used twice."),
    RuleRow("E2", "causes", "Once paid, an order holds exactly price + delivery in escrow. The seller has nothing until release."),
    RuleRow("E3", "refuses", "Release to the seller happens when the buyer confirms receipt, or when protection ends with no open dispute; once, never twice. Confirming needs consent, and is refused while a dispute is open or settled: accept or cancel it first."),
    RuleRow("E4", "causes", "Protection runs from payment. It goes on running while a dispute is open, but cannot release then.", ("protection.days", "protection.counted_from"), (
        ("protection.counted_from = deliver_by", "Protection runs from the promised delivery date."),
    )),
    RuleRow("E5", "refuses", "Messages never move money. Outside a dispute nobody can refund or cancel a paid order: the seller has not been paid."),
    RuleRow("E6", "refuses", "Facts of shipping are recorded with their time in any status but closed, and decide nothing. A parcel may be sent again: the newest tracking shows and delivery is open again. Delivery is recorded once for each parcel. A promised delivery date before payment, or not before the end of protection, is refused: lateness could never be disputed.", ("delivery.promised_days",)),
    RuleRow("E7", "refuses", "A price is above 0, delivery is 0 or more, an amount has at most 15 digits as written."),
    RuleRow("D1", "refuses", "Only the buyer opens, only while protection runs, only one open dispute an order line.", ("opening.not_before_days", "opening.not_before_from"), (
        ("opening.not_before_days, from 1 on", "A dispute is not opened before so many days from payment, from shipping or from the promised delivery date."),
    )),
    RuleRow("D2", "refuses", "The buyer says received or not received; the two are exclusive and one is required."),
    RuleRow("D3", "refuses", "The reason belongs to what was said of receipt; each reason says what it demands of evidence and of the refund. `dispute reasons` lists them.", ("reasons",)),
    RuleRow("D4", "refuses", "Late delivery before the promised delivery date is refused: nothing is violated yet."),
    RuleRow("D5", "refuses", "Received: the demand is a partial refund (above 0, below price + delivery; the amount must be given) or the full refund of product and delivery alike. An amount equal to the whole is the full refund."),
    RuleRow("D6", "refuses", "A full refund of received goods means returning them, and the buyer pays the return postage; a partial refund needs no return. A wish that contradicts the amount is refused.", (), (
        ("reasons.CODE.return = never", "A full refund for this reason keeps the goods."),
    )),
    RuleRow("D7", "refuses", "Not received: no partial refund can be asked. The full amount paid is set automatically, and no return."),
    RuleRow("D8", "refuses", "A message to the seller is required and not blank."),
    RuleRow("D9", "refuses", "Received: at least one piece of evidence, file or link, is required at opening unless the reason says otherwise; not received: optional. A link inside the message counts. A reopening needs a new record; an edit may lean on the buyer's evidence from any dispute of the order.", ("reasons",)),
    RuleRow("D10", "causes", "All faults of one form are reported together, in one answer, and nothing is written. `--dry-run` shows the form as it would be sent."),
    RuleRow("D11", "causes", "On opening the dispute is pending the approval of the seller, and the seller's counter starts.", ("answering.seller_days",)),
    RuleRow("D12", "causes", "Disputes of one order are numbered; a reopened one is the next number, linked to the one before."),
    RuleRow("V1", "refuses", "A file is a picture of the kinds the policy takes; what the bytes are decides, and the name must agree. An empty, truncated or mislabelled file is refused; bytes after the picture's end are not.", ("evidence.formats",)),
    RuleRow("V2", "refuses", "A file is at most as large as the policy says, that size included; a larger one is uploaded elsewhere and added as a link.", ("evidence.most_bytes", "evidence.most_files"), (
        ("evidence.most_files", "A party gives at most so many files in a dispute."),
    )),
    RuleRow("V3", "refuses", "A link (http or https only, never fetched) is evidence, and is put into the message for the other party. A link inside a text during a dispute is recorded as evidence of its author too, once for each author and dispute; the platform's is not. A link given as an option always makes a record."),
    RuleRow("V4", "causes", "The bytes of a file are kept with the store by their SHA-256; the same bytes twice are one file and two records, and are given back unchanged."),
    RuleRow("V5", "refuses", "Buyer and seller may add evidence while a dispute is open and not escalated."),
    RuleRow("V6", "refuses", "After escalation evidence is locked. It opens only for the party the platform asks, until the request's deadline, never past the review's end, then locks again; a second request that would not lengthen the window is refused. Text messages stay possible; a link in a party's message is refused while locked for it.", ("escalation.evidence_days", "escalation.evidence"), (
        ("escalation.evidence = open", "A claim does not lock evidence."),
    )),
    RuleRow("V7", "causes", "All correspondence about the order is on one page in one order, what came before the dispute and after; append-only, each with author and time."),
    RuleRow("N1", "refuses", "The seller accepts the demand, says nothing, or offers own terms: a refund from 0 to the whole, with or without return (with: only of received goods and an amount above 0), a rejection, or a promise outside the escrow. An offer at or above the demand is still an offer. Then the buyer's counter starts.", ("answering.buyer_days",)),
    RuleRow("N2", "causes", "An accepted demand is settled at the demand, by way of a return where goods go back."),
    RuleRow("N3", "causes", "A seller silent to the end of the counter: resolved for the buyer automatically, the demand paid by the system, no return asked.", ("answering.seller_silent",), (
        ("answering.seller_silent = escalate", "A seller silent to the end of the counter: the dispute turns into a claim at the demand."),
    )),
    RuleRow("N4", "causes", "The buyer answers an offer by accept, edit, escalate or cancel, or looks on without choosing: looking never changes anything."),
    RuleRow("N5", "causes", "Accepting a refund offer settles at the offer, by way of a return where it asks one. Accepting less than was demanded, 0, a promise, or a return that was not demanded needs consent."),
    RuleRow("N6", "causes", "Accepting a promise cancels the dispute; the promise is kept on record. If it is not kept the buyer reopens, while protection runs. Once protection is over, accepting releases the escrow to the seller."),
    RuleRow("N7", "refuses", "An edit may change receipt, reason, demand and message. Pending the seller, what is not given stays. In answer to an offer, reason, amount and return wish must be given anew, or `--keep` keeps them. The offer falls and the seller's counter starts afresh. An edit that changes nothing is refused, except with `--keep`.", ("answering.seller_days",)),
    RuleRow("N8", "refuses", "Until the buyer has answered, the seller may better the offer (more money, no return any more, or a promise in place of 0, and neither part worse); the buyer's counter starts afresh. Accepting the demand is possible unless the standing offer is better for the buyer.", ("answering.buyer_days",)),
    RuleRow("N9", "causes", "The buyer may cancel at any time before settlement. The order goes back to protection if that still runs, otherwise the escrow is released to the seller at that instant, which needs consent; so does giving up an agreed refund."),
    RuleRow("N10", "refuses", "After a cancel the buyer may open again while protection runs; never after.", ("opening.again",), (
        ("opening.again = false", "After a cancel there is no second dispute."),
    )),
    RuleRow("X1", "refuses", "The buyer asks for days; the seller grants the same or another number, denies, or grants unasked. Only granting changes the end of protection, and only lengthens it. One request at a time; it lapses when protection ends, and then there is nothing left to extend.", ("protection.extension_most_days", "protection.extension_most_times"), (
        ("protection.extension_most_times", "Protection is lengthened at most so often."),
    )),
    RuleRow("X2", "refuses", "Extending works with or without an open dispute, not after escalation or settlement, which end protection. Granting unasked names the days; denying needs a request."),
    RuleRow("X3", "causes", "Accepting a promise or cancelling with little protection left, or with a request pending, warns: have the extension granted first, then close.", ("protection.short_days",)),
    RuleRow("C1", "refuses", "The buyer escalates in answer to an offer; a policy may allow it from the opening.", ("escalation.opens", "escalation.who", "escalation.until_days"), (
        ("escalation.opens = opening", "A dispute is escalated from its opening on."),
        ("escalation.who = either", "The seller may escalate as the buyer may."),
        ("escalation.until_days", "A dispute is escalated within so many days of its opening."),
    )),
    RuleRow("C2", "causes", "Escalating takes two steps: the first lists the evidence on record and the amount and asks whether everything is there; the second confirms. No thanks leaves everything as it was. Escalation ends protection."),
    RuleRow("C3", "causes", "When the buyer's counter runs out the dispute turns into a claim by itself.", ("answering.buyer_silent",), (
        ("answering.buyer_silent = accept", "When the buyer's counter runs out the offer counts as accepted."),
        ("answering.buyer_silent = close", "When the buyer's counter runs out the escrow is released to the seller."),
    )),
    RuleRow("C4", "refuses", "The claim amount is frozen: escalated by the buyer at the demand, by silence at what stood last, even 0. Neither party can change it afterwards; a claim is about money alone.", ("escalation.claim_basis",), (
        ("escalation.claim_basis = standing", "Escalated by a party too, the claim is frozen at what stood last."),
    )),
    RuleRow("C5", "refuses", "While escalated the buyer can only drop the dispute. If the seller has conceded (once, and not a claim of 0) dropping settles at the claim; if not, it needs consent and releases the escrow to the seller: no refund, no second dispute."),
    RuleRow("C6", "refuses", "The platform may ask for evidence, and rules any amount from 0 to the whole, not below a conceded claim, with a reason, within the days of the review.", ("escalation.rule_from_days", "escalation.review_days")),
    RuleRow("C7", "causes", "No ruling to the end of the review: settled automatically at exactly that instant.", ("escalation.review_days", "escalation.no_ruling"), (
        ("escalation.no_ruling = buyer", "Without a ruling the buyer gets the whole."),
        ("escalation.no_ruling = seller", "Without a ruling the seller gets the whole, but for a conceded claim."),
    )),
    RuleRow("C8", "refuses", "A ruling is final: nothing after it but the payout."),
    RuleRow("T1", "causes", "A return agreed: the buyer sends in time with tracking, the postage booked from buyer to carrier; else the escrow is released to the seller.", ("returns.send_days", "returns.postage"), (
        ("returns.postage = seller", "The postage is booked from seller to carrier."),
    )),
    RuleRow("T2", "causes", "A return sent: the seller acknowledges, or refuses with a reason, which escalates at the agreed refund with evidence open to both; silence counts as received. Then the agreed refund is settled.", ("returns.acknowledge_days", "returns.refused_evidence_days")),
    RuleRow("P1", "causes", "Settlement fixes the split: refund + release = escrow, exactly. The seller's part is released at once, the buyer's refund paid some whole days later, drawn from the store's seed and the order. A refund of 0 closes at once.", ("payout.least_days", "payout.most_days")),
    RuleRow("P2", "causes", "Every movement is a balanced posting between buyer, escrow, seller and carrier; the sum is always zero, no escrow ever below zero, and after closed exactly zero."),
    RuleRow("P3", "causes", "Amounts are whole minor units of an ISO 4217 currency with its own number of decimals."),
    RuleRow("K1", "refuses", "The store has one clock; it starts where `init` says and moves only by `tick`, never back, unless the store was made with the wall clock."),
    RuleRow("K2", "causes", "A tick fires every deadline up to and including its target, each at its own instant, in order of instant, order, kind; at a deadline's own instant it has passed."),
    RuleRow("K3", "causes", "However a tick is split, the same events, times and balances come of it, byte for byte."),
    RuleRow("K4", "refuses", "`tick` goes by a duration, to an instant, to the next deadline or one second before it, or until nothing is left. On a wall clock it takes none of these."),
    RuleRow("K5", "causes", "A tick that fires nothing succeeds and says what is next."),
    RuleRow("K6", "causes", "A day is 24 hours UTC. Durations are days, hours, minutes, seconds; instants are whole seconds."),
    RuleRow("K7", "causes", "Protection that ends while a dispute is open fires too: a pending request lapses, nothing moves."),
    RuleRow("W1", "refuses", "A command given as an actor who may not give it is refused."),
    RuleRow("W2", "refuses", "A command that the status does not allow is refused."),
    RuleRow("A1", "advises", "Write English: sellers rarely read other languages, and machine translation often does not help."),
    RuleRow("A2", "advises", "A full refund of received goods means that you send them back and pay the return postage; a partial refund keeps the goods."),
    RuleRow("A3", "advises", "The seller offered 0 or less than you asked: if you leave it so until the counter ends, it becomes a claim at that amount."),
    RuleRow("A4", "advises", "A deadline is near: whose move it is, when, and what happens then.", ("warnings.deadline_hours",)),
    RuleRow("A5", "advises", "Little protection is left, or a request to extend it is pending: have the extension granted first, then close.", ("protection.short_days",)),
    RuleRow("A6", "advises", "The escrow has not been paid to the seller: asking the seller for money is useless, a dispute is the way."),
    RuleRow("A7", "advises", "Before escalating: is all the evidence there? It cannot be added afterwards."),
    RuleRow("A8", "advises", "What the dispute says of receipt does not agree with what is recorded of shipping."),
)

BOOK = {row.id: row for row in ROWS}
PLACE = {row.id: place for place, row in enumerate(ROWS)}


def in_order(faults: list[Fault]) -> tuple[Fault, ...]:
    """The faults as they are told: in the order of the rule book, files after the rest of their rule."""
    return tuple(sorted(faults, key=lambda fault: PLACE[fault.rule]))
