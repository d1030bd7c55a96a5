"""Every marketplace that comes along: whatever can be said to an order is said under each, to the end, and the books balance."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dispute_cli.core.policy import Policy
from dispute_cli.policies import FOLDER, load, names
from tests.pictures import PNG
from tests.run import Place

OPENS = 31
"""By this day a dispute can be opened anywhere: promised for day 30, shipped on day 0."""


@pytest.fixture(params=names())
def policy(request: pytest.FixtureRequest) -> Policy:
    return load(request.param)


@pytest.fixture
def market(tmp_path: Path, policy: Policy) -> Place:
    """A store of the marketplace, in it an order O-1 that was shipped, and a picture beside it."""
    place = Place(tmp_path)
    (tmp_path / "cup.png").write_bytes(PNG)
    say(place, f"init --policy {policy.name}", "order create O-1 --price 50.00 --delivery 5.00", "order ship O-1 --tracking T1", f"tick {OPENS}d", "order deliver O-1")
    return place


def say(place: Place, *lines: str) -> None:
    for line in lines:
        ran = place(*line.split())
        assert ran.code == 0, (line, ran)


def received(policy: Policy) -> str:
    """The beginning of a form for goods received: what its last reason takes."""
    code = policy.family(True)[-1]
    refund = "full" if policy.reasons[code].refund == "full" else "20.00"
    return f"open O-1 --received --reason {code} --refund {refund} --message Broken --evidence cup.png"


def balanced(place: Place) -> Any:
    """O-1 played to its end: closed, with nothing left in escrow."""
    say(place, "tick --until-idle", "verify")
    order = place.ok("status", "O-1", "--json").json["order"]
    assert (order["status"], order["balances"]["escrow"]) == ("closed", "0.00")
    assert sum(Decimal(amount) for amount in order["balances"].values()) == 0
    return order["settlement"]


def test_parties_come_to_terms(market: Place, policy: Policy) -> None:
    say(
        market,
        "extend-protection O-1 --days 20",
        "extend-protection O-1 --grant",
        received(policy),
        "message O-1 Hello --as seller",
        "add-evidence O-1 cup.png",
        "add-evidence O-1 --link https://example.com/a --as seller",
        "respond O-1 --refund 5.00",
        "edit O-1 --keep",
        "respond O-1 --promise Another",
        "respond O-1 --refund 10.00",
        "accept O-1 --yes",
    )
    assert balanced(market)["refund"] == "10.00"


def test_the_marketplace_rules(market: Place, policy: Policy) -> None:
    say(
        market,
        received(policy),
        "respond O-1 --reject",
        "escalate O-1 --confirm",
        "review request-evidence O-1 --from buyer",
        "add-evidence O-1 cup.png",
        f"tick {policy.escalation.rule_from_days}d",
        "review rule O-1 --refund 7.00 --reason So",
    )
    assert balanced(market)["refund"] == "7.00"


@pytest.mark.parametrize("came", ["return acknowledge O-1", "return refuse O-1 --reason Empty", "tick 1d"])
def test_goods_go_back(market: Place, policy: Policy, came: str) -> None:
    say(market, received(policy), "respond O-1 --refund 30.00 --return", "accept O-1 --yes", "return send O-1 --tracking R1 --postage 4.00", came)
    refund = balanced(market)["refund"]
    assert refund == ("55.00" if "refuse" in came and policy.escalation.no_ruling == "buyer" else "30.00")


def test_a_demand_is_accepted_and_a_claim_conceded(market: Place, policy: Policy) -> None:
    say(market, received(policy), "respond O-1 --refund 1.00", "escalate O-1 --confirm", "accept O-1 --as seller", "cancel O-1")
    settlement = balanced(market)
    assert (settlement["cause"], settlement["refund"]) == ("concession", "55.00" if policy.reasons[policy.family(True)[-1]].refund == "full" else "20.00")


def test_nobody_says_a_word_any_more(market: Place, policy: Policy) -> None:
    say(market, f"open O-1 --not-received --reason {policy.family(False)[-1]} --message Lost", "forecast O-1", "deadlines", "status O-1", "cancel O-1 --yes --dry-run")
    settlement = balanced(market)
    # Silence costs the seller the whole, everywhere: the demand is paid, or becomes a claim that nobody answers.
    assert (settlement["refund"], settlement["cause"]) == ("55.00", "seller_silent" if policy.answering.seller_silent == "refund" else "default_ruling")


def test_receipt_is_confirmed(market: Place) -> None:
    say(market, "order confirm O-1 --yes")
    assert balanced(market)["cause"] == "confirmed"


@pytest.mark.parametrize("name", names())
def test_its_history_is_recorded_as_a_scenario_that_passes(tmp_path: Path, name: str) -> None:
    place = Place(tmp_path)
    (tmp_path / "cup.png").write_bytes(PNG)
    own = (Path(FOLDER) / f"{name}.toml").read_text().replace("short_days = 7", "short_days = 6")
    (tmp_path / "mine.toml").write_text(own)
    say(place, "init --policy mine.toml", "order create O-1 --price 50.00", "order ship O-1 --tracking T1", f"tick {OPENS}d", received(load(name)), "tick --until-idle")
    say(place, "record O-1 --output story.dispute.yaml", "test story.dispute.yaml")
