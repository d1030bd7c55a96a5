"""Opening a dispute: D1 to D12."""

from typing import Any

import pytest

from dispute_cli.core import commands as c
from dispute_cli.core.evidence import Attachment
from dispute_cli.core.malformed import Malformed
from dispute_cli.core.words import LABELS, Actor, Status
from tests.given import DEFECTIVE, NOT_RECEIVED, PHOTO, POLICY, Story, day, policy_with, rule
from tests.rules.states import OPEN, SETTLED, STATES

NOT_RECEIVED_REASONS = ("delivery_overdue", "wrong_tracking", "wrong_address", "held_at_customs", "returned_to_sender")
RECEIVED_REASONS = (
    "defective",
    "poor_quality",
    "not_as_described",
    "damaged",
    "wrong_item",
    "short_quantity",
    "counterfeit",
    "changed_mind",
)
EMPTY = Attachment(name="photo.png", size=0, data=b"", fault=None)
LARGE = Attachment(name="photo.png", size=2_097_153, data=PHOTO.data, fault=None)
LINK = "https://example.com/photo"


def refused(rules: str, story: Story | None = None, **form: Any) -> str:
    """A form of a received, broken product with a photo, but for what is told, is refused by exactly these rules."""
    return str((story or Story()).refused(rules, c.OpenDispute, **{"files": (PHOTO,)} | DEFECTIVE | form))


def absent(rules: str, story: Story | None = None, **form: Any) -> str:
    """The form of a product that never came, but for what is told, is refused by exactly these rules."""
    return str((story or Story().day(31)).refused(rules, c.OpenDispute, **NOT_RECEIVED | form))


# D1


@rule("D1")
@pytest.mark.parametrize("name", OPEN)
def test_only_one_dispute_is_open_at_a_time(name: str) -> None:
    refused("D1", STATES[name]())


@rule("D1")
@pytest.mark.parametrize("name", [name for name in SETTLED if not any(word in name for word in ("ruling", "cancelled", "dropped"))])
def test_on_a_settled_order_no_dispute_is_opened(name: str) -> None:
    refused("D1", STATES[name]())


@rule("D1")
def test_a_dispute_is_opened_up_to_one_second_before_the_end_of_protection() -> None:
    assert Story().day(60, -1).open().order.status is Status.AWAITING_SELLER
    refused("D1", Story().day(60))
    refused("D1", Story().day(60, 1))


@rule("D1", "W1")
@pytest.mark.parametrize("actor", [Actor.SELLER, Actor.PLATFORM, Actor.CLOCK])
def test_only_the_buyer_opens(actor: Actor) -> None:
    Story().refused("W1", c.OpenDispute, actor=actor, **DEFECTIVE)


# D2, D3


@rule("D2", "D10")
def test_whether_the_goods_were_received_must_be_said() -> None:
    refused("D2", received=None)


@rule("D3")
def test_the_reasons_are_those_of_the_book() -> None:
    assert POLICY.family(False) == NOT_RECEIVED_REASONS
    assert POLICY.family(True) == RECEIVED_REASONS


@rule("D3")
@pytest.mark.parametrize("reason", NOT_RECEIVED_REASONS)
def test_a_reason_for_goods_not_received_is_taken_only_for_these(reason: str) -> None:
    assert Story().day(31).open(received=False, reason=reason).dispute.reason == reason
    told = Story().refused("D3", c.OpenDispute, **DEFECTIVE | {"reason": reason}, files=(PHOTO,))
    assert told.hint == f"One of: {', '.join(RECEIVED_REASONS)}."


@rule("D3")
@pytest.mark.parametrize("reason", RECEIVED_REASONS)
def test_a_reason_for_goods_received_is_taken_only_for_these(reason: str) -> None:
    assert Story().open(reason=reason, refund="full").dispute.reason == reason
    told = Story().day(31).refused("D3", c.OpenDispute, **NOT_RECEIVED | {"reason": reason})
    assert told.hint == f"One of: {', '.join(NOT_RECEIVED_REASONS)}."


@rule("D3", "D10")
@pytest.mark.parametrize("reason", [None, "", "bored", "Defective"])
def test_a_reason_that_is_missing_or_no_family_knows_is_a_fault_of_the_form(reason: str | None) -> None:
    refused("D3", reason=reason)
    absent("D3", reason=reason)


@rule("D3", "D6", "D9")
def test_a_changed_mind_needs_no_evidence_and_takes_everything_back() -> None:
    story = Story().open(reason="changed_mind", refund="full", files=())
    assert (story.demand.refund, story.demand.with_return) == (5500, True)


@rule("D3", "D5")
@pytest.mark.parametrize(("refund", "rules"), [("0.01", "D3"), ("54.99", "D3"), ("0", "D5"), ("55.01", "D5"), (None, "D5")])
def test_a_changed_mind_takes_no_part(refund: str | None, rules: str) -> None:
    refused(rules, reason="changed_mind", refund=refund)


@rule("D3")
@pytest.mark.parametrize("with_return", [None, False])
def test_a_part_for_a_changed_mind_is_told_once(with_return: bool | None) -> None:
    refused("D3", reason="changed_mind", refund="20.00", with_return=with_return)


@rule("D3", "D9")
def test_a_policy_defines_its_own_reasons_and_what_they_demand() -> None:
    faded = {"received": True, "evidence": "optional", "refund": "any", "says": "it has faded"}
    story = Story(policy=policy_with(reasons={"faded": faded}))
    assert story.open(reason="faded", files=()).dispute.reason == "faded"


# D4


@rule("D4")
def test_lateness_is_disputed_from_the_promised_date_on() -> None:
    assert "2026-01-31T00:00:00Z" in absent("D4", Story().day(30, -1))
    assert Story().day(30).open(received=False).order.status is Status.AWAITING_SELLER
    assert Story().day(30, 1).open(received=False).order.status is Status.AWAITING_SELLER


@rule("D4")
def test_lateness_goes_by_the_date_that_was_promised() -> None:
    promised = "2026-01-11T12:00:00Z"
    absent("D4", Story(deliver_by=promised).day(10, 43_199))
    assert Story(deliver_by=promised).day(10, 43_200).open(received=False).order.dispute


@rule("D4")
@pytest.mark.parametrize("reason", NOT_RECEIVED_REASONS[1:])
def test_the_other_reasons_need_not_wait_for_the_promised_date(reason: str) -> None:
    assert Story().open(received=False, reason=reason).order.dispute


# D5, D6


@rule("D5", "D6")
@pytest.mark.parametrize(
    ("refund", "minor", "with_return"),
    [("0.01", 1, False), ("20", 2000, False), ("54.99", 5499, False), ("55.00", 5500, True), ("55", 5500, True), ("full", 5500, True)],
)
def test_a_demand_is_a_part_or_the_whole_and_the_whole_goes_back(refund: str, minor: int, with_return: bool) -> None:
    demand = Story().open(refund=refund).demand
    assert (demand.refund, demand.with_return) == (minor, with_return)


@rule("D5")
@pytest.mark.parametrize("refund", [None, "0", "0.00", "55.01", "1000"])
def test_no_amount_nothing_or_more_than_the_whole_is_refused(refund: str | None) -> None:
    refused("D5", refund=refund)


@rule("D5", "P3")
@pytest.mark.parametrize("refund", ["20.001", "-1", "1e3", "", "FULL", "twenty"])
def test_an_amount_that_is_none_is_malformed(refund: str) -> None:
    with pytest.raises(Malformed):
        Story().open(refund=refund)


@rule("D5")
def test_the_whole_is_product_and_delivery_alike() -> None:
    assert Story(price="50.00", delivery="0").open(refund="full").demand.refund == 5000
    assert not Story().open(refund="50.00").demand.with_return


@rule("D6")
@pytest.mark.parametrize(("refund", "with_return"), [("20.00", False), ("full", True), ("55.00", True)])
def test_a_wish_that_follows_from_the_amount_may_be_stated(refund: str, with_return: bool) -> None:
    assert Story().open(refund=refund, with_return=with_return).demand.with_return is with_return


@rule("D6")
@pytest.mark.parametrize(("refund", "with_return"), [("20.00", True), ("54.99", True), ("full", False), ("55.00", False)])
def test_a_wish_that_contradicts_the_amount_is_refused(refund: str, with_return: bool) -> None:
    refused("D6", refund=refund, with_return=with_return)


# D7


@rule("D7")
@pytest.mark.parametrize("refund", [None, "full", "55.00", "55"])
@pytest.mark.parametrize("with_return", [None, False])
def test_not_received_demands_the_whole_without_return(refund: str | None, with_return: bool | None) -> None:
    demand = Story().day(31).open(received=False, refund=refund, with_return=with_return).demand
    assert (demand.refund, demand.with_return) == (5500, False)


@rule("D7")
@pytest.mark.parametrize("refund", ["0", "0.01", "20.00", "54.99", "55.01"])
def test_not_received_any_amount_but_the_whole_is_refused(refund: str) -> None:
    absent("D7", refund=refund)


@rule("D7")
def test_not_received_goods_cannot_be_returned() -> None:
    absent("D7", with_return=True)
    absent("D7 D7", refund="20.00", with_return=True)


# D8


@rule("D8")
@pytest.mark.parametrize("message", [None, "", " ", "\t\n", "\u200b", "\u3164"])
def test_a_message_that_says_something_is_required(message: str | None) -> None:
    refused("D8", message=message)
    absent("D8", message=message)


# D9


@rule("D9")
def test_received_without_evidence_is_refused() -> None:
    refused("D9", files=())


@rule("D9", "V3")
@pytest.mark.parametrize("form", [{"files": (PHOTO,)}, {"link": (LINK,)}, {"message": f"See {LINK}"}])
def test_a_file_a_link_or_a_link_in_the_message_is_evidence(form: dict[str, Any]) -> None:
    story = Story().open(**{"files": ()} | form)
    assert [record.kind for record in story.order.evidence] == ["file" if "files" in form else "link"]


@rule("D9")
@pytest.mark.parametrize("reason", NOT_RECEIVED_REASONS)
def test_not_received_needs_no_evidence_but_may_bring_it(reason: str) -> None:
    assert Story().day(31).open(received=False, reason=reason).order.evidence == ()
    assert len(Story().day(31).open(received=False, reason=reason, files=(PHOTO,)).order.evidence) == 1


@rule("D9")
def test_a_reopened_dispute_needs_a_new_record_and_the_same_bytes_will_do() -> None:
    story = Story().open().buyer(c.Cancel)
    refused("D9", story, files=())
    story.open(files=(PHOTO,))
    assert [(record.dispute, record.hash) for record in story.order.evidence] == [
        (1, story.order.evidence[0].hash),
        (2, story.order.evidence[0].hash),
    ]


@rule("D9")
def test_a_link_said_before_the_dispute_is_no_evidence() -> None:
    refused("D9", Story().buyer(c.SendMessage, text=f"See {LINK}"), files=())


@rule("D9")
def test_evidence_of_an_earlier_dispute_counts_at_an_edit() -> None:
    story = Story().open().buyer(c.Cancel).open(received=False, reason="wrong_tracking")
    assert story.buyer(c.EditDispute, received=True, reason="defective", refund="20.00").dispute.received


@rule("D9")
@pytest.mark.parametrize("message", [None, "It came and is broken"])
def test_turning_to_received_without_any_evidence_is_refused(message: str | None) -> None:
    Story().open(received=False, reason="wrong_tracking").refused(
        "D9", c.EditDispute, received=True, reason="defective", refund="20.00", message=message
    )


@rule("D9")
def test_the_sellers_evidence_does_not_prove_the_buyers_form() -> None:
    story = Story().open(received=False, reason="wrong_tracking").seller(c.AddEvidence, file=("photo.png",), files=(PHOTO,))
    story.refused("D9", c.EditDispute, received=True, reason="defective", refund="20.00")


@rule("D9", "V1", "V2", "V3", "D10")
@pytest.mark.parametrize(
    ("form", "told"), [({"files": (EMPTY,)}, "V1"), ({"files": (LARGE,)}, "V2"), ({"files": (), "link": ("ftp://a",)}, "V3")]
)
def test_evidence_that_is_given_but_invalid_is_not_missing(form: dict[str, Any], told: str) -> None:
    refused(told, **form)


# D10


@rule("D10")
def test_all_faults_of_a_form_are_told_together_in_the_books_order() -> None:
    refused("D2 D3 D8", received=None, reason=None, refund=None, message=None, files=())
    refused("D3 D5 D8 D9", reason="delivery_overdue", refund="0", message=" ", files=())
    refused("D6 D8 V1 V2 V3", with_return=True, message=None, files=(LARGE, EMPTY), link=("ftp://a",))
    absent("D4 D7 D7 D8", Story(), refund="20.00", with_return=True, message="")


@rule("D10")
@pytest.mark.parametrize(
    ("form", "of_files"),
    [({"files": (EMPTY, LARGE)}, True), ({"files": (EMPTY,), "message": ""}, False), ({"files": (), "link": ("ftp://a",)}, False)],
)
def test_only_faults_of_files_alone_make_the_file_the_trouble(form: dict[str, Any], of_files: bool) -> None:
    rules = {(EMPTY, LARGE): "V1 V2", (EMPTY,): "D8 V1", (): "V3"}[form["files"]]
    refusal = Story().refused(rules, c.OpenDispute, **DEFECTIVE | form)
    assert refusal.invalid_file is of_files


@rule("D10")
def test_each_fault_names_its_option() -> None:
    refusal = Story().refused("D3 D5 D8 D9", c.OpenDispute, received=True)
    assert [fault.field for fault in refusal.faults] == ["reason", "refund", "message", "evidence"]


# D11, D12


@rule("D11")
@pytest.mark.parametrize("days", [5, 3])
def test_an_opened_dispute_is_pending_the_seller_and_the_counter_starts(days: int) -> None:
    story = Story(policy=policy_with(answering={"seller_days": days})).day(2).open()
    assert story.types == ["dispute_opened", "evidence_added", "message_sent"]
    assert story.order.status is Status.AWAITING_SELLER
    assert LABELS[story.order.status] == "pending the approval of the dispute by the seller"
    assert story.deadlines["seller_response"] == day(2 + days)


@rule("D12")
def test_disputes_are_numbered_and_a_reopened_one_is_linked_to_the_one_before() -> None:
    story = Story().open()
    assert (story.dispute.number, story.dispute.reopens) == (1, None)
    story.buyer(c.Cancel).open()
    assert (story.dispute.number, story.dispute.reopens) == (2, 1)
    story.buyer(c.Cancel).day(1).open()
    assert (story.dispute.number, story.dispute.reopens, story.dispute.opened_at) == (3, 2, day(1))
