"""A handful of payloads for every command, good and bad. No test lives here."""

from itertools import product
from typing import Any

from dispute_cli.core import commands as c
from dispute_cli.core.evidence import Attachment
from tests.given import PHOTO

LINK = "See https://example.com/photo"
PDF = Attachment(name="bill.pdf", size=8, data=b"%PDF-1.7", fault=None)
AMOUNTS = ("0", "0.01", "10.00", "15.00", "20.00", "20.01", "54.99", "55.00", "55.01", "full")
FORM: dict[str, Any] = {"reason": "damaged", "message": "It is broken", "received": True}

PAYLOADS: dict[type[c.Command], list[dict[str, Any]]] = {
    c.Ship: [{"tracking": "T2"}],
    c.Deliver: [{}],
    c.Confirm: [{}],
    c.OpenDispute: [
        *(FORM | {"refund": refund, "files": (PHOTO,)} for refund in AMOUNTS),
        FORM | {"refund": "20.00"},
        FORM | {"refund": "20.00", "message": LINK},
        FORM | {"refund": "20.00", "files": (PDF,)},
        FORM | {"reason": "changed_mind", "refund": "full", "with_return": True},
        {"received": False, "reason": "held_at_customs", "message": "Never came"},
        {"received": False, "reason": "delivery_overdue", "message": "Never came"},
        {},
    ],
    c.EditDispute: [
        {},
        {"keep": True},
        {"message": LINK},
        {"message": " "},
        {"reason": "damaged", "refund": "5.00", "with_return": False},
        {"reason": "damaged", "refund": "full", "with_return": True},
        {"received": True, "reason": "poor_quality", "refund": "5.00", "with_return": False, "message": LINK},
        {"received": False, "reason": "wrong_address"},
        {"received": False, "reason": "delivery_overdue", "keep": True},
    ],
    c.Cancel: [{}],
    c.Respond: [
        {"accept": True},
        {"accept": True, "message": LINK},
        {"reject": True},
        {"promise": "a new parcel"},
        {"refund": "1.001"},
        *({"refund": refund, "with_return": back} for refund, back in product(AMOUNTS, (None, True))),
    ],
    c.Accept: [{}],
    c.ExtendProtection: [
        {"days": 1},
        {"days": 121},
        {"grant": True},
        {"grant": True, "days": 120},
        {"grant": True, "days": 121},
        {"deny": True},
    ],
    c.Escalate: [{"confirm": True}, {"no_thanks": True}],
    c.AddEvidence: [
        {"file": ("photo.png",), "files": (PHOTO,)},
        {"link": ("https://example.com/a",), "note": LINK},
        {"file": ("bill.pdf",), "files": (PDF,)},
        {"link": ("ftp://a",)},
    ],
    c.SendMessage: [{"text": "hello"}, {"text": LINK}],
    c.SendReturn: [{"tracking": "R2"}, {"tracking": "R2", "postage": "8.40"}, {"tracking": "R2", "postage": "8.401"}],
    c.AcknowledgeReturn: [{}],
    c.RefuseReturn: [{"reason": "an empty box"}],
    c.RequestEvidence: [{"from_": party, "days": days} for party, days in product(("buyer", "seller"), (None, 1, 60, 90))],
    c.Rule: [{"refund": refund, "reason": "the photo shows it", "early": early} for refund, early in product(AMOUNTS, (False, True))],
}
