"""Each rule explained: the sentence of the article that it is drawn from, and command lines that show it. No rule is stated here (core/rules.py does).

The lines are played in a new store with one order, and a picture beside it; the last of them shows the rule.
"""

from typing import NamedTuple

BEFORE = ("dispute init", "dispute order create O-1 --price 50.00 --delivery 5.00")
"""What every example starts from, with a picture `cup.png` in the folder."""


class Explained(NamedTuple):
    article: str | None
    """Verbatim; None: the article is silent, the rule is ours."""
    example: tuple[str, ...]


NEVER_CAME = 'dispute open O-1 --not-received --reason wrong_tracking --message "It never came"'
BROKEN = "dispute open O-1 --received --reason defective --refund 20.00 --message Broken --evidence cup.png"
ALL_BACK = "dispute open O-1 --received --reason defective --refund full --message Broken --evidence cup.png"
LOW = "dispute respond O-1 --refund 10.00"
ACCEPT = "dispute accept O-1 --as seller"
RULE = 'dispute review rule O-1 --refund 20.00 --reason "The photo shows it"'
ESCALATED = (BROKEN, LOW, "dispute escalate O-1 --confirm")
SPLIT = '--query "order.settlement.{refund: refund, release: release, cause: cause}"'
FIRED = '--query "events[].[at, type]"'

PAID_LATER = "It should be noted that the opposing party receives payment only after receiving confirmation from the buyer or the expiration of the order protection period."
USELESS = "Therefore, it is useless to write to the seller, a person cannot return the money and cancel the order, since he has not yet been paid for."
VIOLATION = "Therefore, in case of violation of the agreement, the buyer gets the right to start a dispute with aliexpress in order to return the money."
A_RETURN = "Please note that a full refund means a return. In this case, payment for delivery is borne by the buyer."
TOO_LARGE = "If the file size exceeds 2MB, it is first uploaded to and the resulting links are inserted into the message intended for the seller."
REOPENED = "However, it should be noted that if the conditions are met, the respondent can reopen the dispute if the time on the counter has not yet expired."
EXTEND_FIRST = "Therefore, it is recommended, with a short remaining time, to first make a request to extend the protection period of the disputed order, and only after making sure that the seller has extended the time, close the dispute."
THE_CLAIM = "It is important to pay attention to the amount of the claim, since the seller has the right to change it to 0. If you leave the fact unchanged, the dispute will turn into a claim and it will be almost impossible to change the amount of financial compensation."
FINAL = "Claims review lasts 15-60 days, the decision is final."

EXPLAINED: dict[str, Explained] = {
    "E1": Explained(
        "Having made a decision to start a dispute, you need to open an order and in the field opposite the product press the button with the inscription open a dispute ;",
        ('dispute order create O-2 --item "Blue cup=12.50" --item "Red cup=13.00"', 'dispute open O-2 --not-received --reason wrong_tracking --message "It never came"'),
    ),
    "E2": Explained(
        "Every customer on aliexpress is protected by the Escrow program, which regulates the eligibility of commercial transactions.",
        ("dispute status O-1 --query order.balances",),
    ),
    "E3": Explained(PAID_LATER, (BROKEN, "dispute order confirm O-1 --yes")),
    "E4": Explained(PAID_LATER, (f"dispute tick 60d {FIRED}",)),
    "E5": Explained(USELESS, ('dispute message O-1 "Please give my money back"', "dispute cancel O-1")),
    "E6": Explained(None, ("dispute order ship O-1 --tracking LP1", "dispute order deliver O-1", "dispute order deliver O-1")),
    "E7": Explained(None, ("dispute order create O-2 --price 0",)),
    "D1": Explained(VIOLATION, (NEVER_CAME, NEVER_CAME)),
    "D2": Explained(
        "On the page that appears, it is necessary to mark whether the ordered goods have been received or not.",
        ("dispute open O-1 --reason defective --refund 20.00 --message Broken --evidence cup.png",),
    ),
    "D3": Explained(
        "In this case, a list of reasons appears, among which the buyer should choose the most appropriate situation;",
        ("dispute open O-1 --received --reason wrong_address --refund 20.00 --message Broken --evidence cup.png",),
    ),
    "D4": Explained(VIOLATION, ('dispute open O-1 --not-received --reason delivery_overdue --message "It is late"',)),
    "D5": Explained(
        "When determining the amount of money, you can choose a partial or full refund for the product itself, as well as its delivery. If you choose a partial refund, you must fill in the required amount;",
        ("dispute open O-1 --received --reason defective --message Broken --evidence cup.png",),
    ),
    "D6": Explained(A_RETURN, (f"{ALL_BACK} --no-return",)),
    "D7": Explained(
        "Since there is a dispute on aliexpress due to a violation of the delivery time, the request will not indicate the possibility of obtaining a partial refund. The collection of the full amount of the initial payment is automatically set;",
        (f"{NEVER_CAME} --refund 20.00",),
    ),
    "D8": Explained(
        "You need to leave a message for the seller in the specially designated field.",
        ("dispute open O-1 --received --reason defective --refund 20.00 --evidence cup.png",),
    ),
    "D9": Explained(
        "Having chosen the reason, you need to indicate your requirements and provide evidence of correctness;",
        ("dispute open O-1 --received --reason defective --refund 20.00 --message Broken",),
    ),
    "D10": Explained(
        "After making sure that the fields are filled in correctly, click the submit button.",
        ("dispute open O-1 --received --reason wrong_address",),
    ),
    "D11": Explained(
        "After the start of the dispute, a page appears on which the initial status is indicated - pending the approval of the dispute by the seller. The opposing side is given a certain period of time to answer. The counter is also present on the page.",
        (NEVER_CAME, 'dispute status O-1 --query "order.{label: label, until: deadlines[0].at}"'),
    ),
    "D12": Explained(
        REOPENED,
        (NEVER_CAME, "dispute cancel O-1", f'{NEVER_CAME} --query "order.dispute.{{number: number, reopens: reopens}}"'),
    ),
    "V1": Explained("You can upload files up to 2MB in formats: bmp, jpeg, png, gif;", (BROKEN, "dispute add-evidence O-1 disputes.json")),
    "V2": Explained(TOO_LARGE, (BROKEN, "head -c 3000000 /dev/zero > film.png", "dispute add-evidence O-1 film.png")),
    "V3": Explained(TOO_LARGE, (BROKEN, "dispute add-evidence O-1 --link ftp://example.com/film")),
    "V4": Explained(
        "There is a special Add Attachments button to download them.",
        (BROKEN, 'dispute add-evidence O-1 cup.png --query "order.evidence[].[name, hash]"'),
    ),
    "V5": Explained("Therefore, there is space for additional evidence.", ("dispute add-evidence O-1 cup.png",)),
    "V6": Explained(
        "Subsequently, new evidence can be added only at the request of the administration of the resource.",
        (*ESCALATED, "dispute add-evidence O-1 cup.png"),
    ),
    "V7": Explained(
        "On the same tab, all correspondence with the seller about the nuances of the order, which was conducted before the start of the dispute, will be presented. Further correspondence is also recorded on the page after the dispute has been opened.",
        ('dispute message O-1 "Where is it?"', NEVER_CAME, 'dispute status O-1 --query "order.messages[].[by, text, dispute]"'),
    ),
    "N1": Explained("The seller will offer their own terms.", (NEVER_CAME, "dispute respond O-1 --refund 10.00 --return")),
    "N2": Explained("The seller does not object and is ready to compensate for the damage;", (BROKEN, f"dispute respond O-1 --accept {SPLIT}")),
    "N3": Explained(
        "If the seller does not respond at the end of the allotted time, the dispute in favor of the buyer is automatically resolved.",
        (BROKEN, "dispute tick 5d", f"dispute status O-1 {SPLIT}"),
    ),
    "N4": Explained(
        "You do not need to choose any of the proposed options, first it is advisable to see what conditions the seller sets;",
        (BROKEN, LOW, "dispute status O-1 --query \"order.possible[?actor=='buyer'].command\""),
    ),
    "N5": Explained("When it was possible to come to a mutual agreement, click the accept button.", (BROKEN, LOW, f"dispute accept O-1 --yes {SPLIT}")),
    "N6": Explained(
        "If the buyer agrees with the seller's terms, the dispute is canceled.",
        (NEVER_CAME, 'dispute respond O-1 --promise "A new cup leaves today"', 'dispute accept O-1 --yes --query "[order.status, events[].type]"'),
    ),
    "N7": Explained(
        "In this case, you will have to re-indicate the reason for the dispute, the amount of compensation and the desire to return the product.",
        (BROKEN, LOW, "dispute edit O-1 --refund 15.00"),
    ),
    "N8": Explained(None, (BROKEN, LOW, "dispute respond O-1 --refund 5.00")),
    "N9": Explained("To cancel the dispute, use the cancel dispute button.", (NEVER_CAME, "dispute cancel O-1 --query order.status")),
    "N10": Explained(REOPENED, ("dispute tick 58d", NEVER_CAME, "dispute tick 3d", "dispute cancel O-1 --yes", NEVER_CAME)),
    "X1": Explained(EXTEND_FIRST, ("dispute extend-protection O-1 --days 20", "dispute extend-protection O-1 --days 10")),
    "X2": Explained(None, (*ESCALATED, "dispute extend-protection O-1 --days 20")),
    "X3": Explained(
        EXTEND_FIRST,
        (NEVER_CAME, "dispute extend-protection O-1 --days 20", 'dispute cancel O-1 --query "warnings[].code"'),
    ),
    "C1": Explained("In the third option, you need to resort to escalating the dispute on aliexpress:", (BROKEN, "dispute escalate O-1 --confirm")),
    "C2": Explained(
        "By clicking aggravate the dispute, the buyer receives a notification asking him to confirm the presence of all the necessary evidence.",
        (BROKEN, LOW, "dispute escalate O-1 --no-input"),
    ),
    "C3": Explained(THE_CLAIM, (BROKEN, LOW, f"dispute tick 10d {FIRED}")),
    "C4": Explained(THE_CLAIM, (*ESCALATED, "dispute edit O-1 --refund 30.00")),
    "C5": Explained(
        "The only thing he can do is drop the dispute if the seller has decided to agree to the claims.",
        (*ESCALATED, "dispute accept O-1"),
    ),
    "C6": Explained(FINAL, (*ESCALATED, RULE)),
    "C7": Explained(
        "Otherwise, by the decision of the administration, the order will be closed automatically.",
        (*ESCALATED, f"dispute tick 60d {FIRED}"),
    ),
    "C8": Explained(FINAL, (*ESCALATED, "dispute tick 15d", RULE, RULE)),
    "T1": Explained(A_RETURN, (ALL_BACK, ACCEPT, "dispute return send O-1 --tracking RX1 --postage 8.40 --query order.balances")),
    "T2": Explained(None, (ALL_BACK, ACCEPT, "dispute return send O-1 --tracking RX1", f"dispute tick 15d {FIRED}")),
    "P1": Explained(
        "After the buyer wins the dispute on aliexpress, the money is returned within 7-10 days.",
        (BROKEN, f"{ACCEPT} --query order.settlement"),
    ),
    "P2": Explained(None, (BROKEN, ACCEPT, 'dispute ledger --query "balances[].[account, amount]"')),
    "P3": Explained(None, ("dispute order create O-2 --price 5000 --delivery 300 --currency JPY --query order.total",)),
    "K1": Explained(None, ("dispute tick 1d", "dispute tick --to 2026-01-01")),
    "K2": Explained(None, (BROKEN, f"dispute tick 30d {FIRED}")),
    "K3": Explained(None, (BROKEN, "dispute tick 2d", "dispute tick 3d", 'dispute events --since 4 --query "events[].[at, type]"')),
    "K4": Explained(None, ("dispute init --store wall.json --clock wall", "dispute tick 1d --store wall.json")),
    "K5": Explained(None, ('dispute tick 0s --query "{fired: fired, next: next.[kind, at]}"',)),
    "K6": Explained(None, ("dispute tick 1d12h --query to",)),
    "K7": Explained(None, ("dispute tick 58d", NEVER_CAME, "dispute extend-protection O-1 --days 20", f"dispute tick 2d {FIRED}")),
    "W1": Explained(None, ("dispute order ship O-1 --tracking LP1 --as buyer",)),
    "W2": Explained(None, ("dispute escalate O-1 --confirm",)),
    "A1": Explained(
        "Despite the Russian language of the pages, it is recommended that correspondence be conducted in English, since a rare representative of China speaks fluently in Russian. Even automatic translations often do not help;",
        ('dispute message O-1 "Die Tasse ist leider zerbrochen angekommen, bitte erstatten Sie den Kaufpreis"',),
    ),
    "A2": Explained(f"{A_RETURN} Therefore, the best solution is often a partial refund requirement, in which there is no need to return the defective product.", (ALL_BACK,)),
    "A3": Explained(THE_CLAIM, (BROKEN, LOW, "dispute status O-1")),
    "A4": Explained("The counter is also present on the page.", (BROKEN, "dispute tick 4d", "dispute status O-1")),
    "A5": Explained(EXTEND_FIRST, (NEVER_CAME, "dispute extend-protection O-1 --days 20", "dispute status O-1")),
    "A6": Explained(USELESS, ("dispute status O-1",)),
    "A7": Explained("After checking if all the evidence has been loaded, click again on aggravate the argument .", (BROKEN, LOW, "dispute status O-1")),
    "A8": Explained(None, (BROKEN,)),
}
"""A rule's id → where it comes from, and what shows it."""
