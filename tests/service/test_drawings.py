"""The lifecycle as a drawing: the arrows in the order of the statuses, how long each counter runs, the three forms to the letter."""

from dispute_cli import answers as a
from dispute_cli import book
from dispute_cli import questions as q
from dispute_cli.core.words import Actor, Status
from dispute_cli.diagrams import dot, edges, mermaid, text
from dispute_cli.policies import load
from tests.given import POLICY

E = a.Edge
TWO = (
    E(Status.PROTECTED, Actor.BUYER, "open", Status.AWAITING_SELLER, None),
    E(Status.AWAITING_SELLER, Actor.CLOCK, "seller_response", Status.SETTLING, "5 days"),
)


def test_arrows_are_told_by_status_then_by_actor_and_the_clocks_alone_say_how_long() -> None:
    told = edges(POLICY)
    places = [([*Status].index(edge.status), [*Actor].index(edge.actor), edge.command) for edge in told]
    assert places == sorted(places)
    assert all((edge.after is None) is (edge.actor is not Actor.CLOCK) for edge in told)
    assert E(Status.AWAITING_SELLER, Actor.CLOCK, "seller_response", Status.SETTLING, "5 days") in told


def test_as_text_each_status_stands_with_what_leads_out_of_it_and_where_an_order_is_is_marked() -> None:
    told = [*text(POLICY, TWO, Status.AWAITING_SELLER)]
    assert told[:4] == [
        "  protected",
        "      buyer open                     -> awaiting_seller",
        "> awaiting_seller",
        "      clock seller_response, 5 days  -> settling",
    ]
    assert told[4:] == [f"  {status}" for status in Status if status not in (Status.PROTECTED, Status.AWAITING_SELLER)]


def test_as_mermaid_it_begins_with_payment_and_ends_where_it_is_closed() -> None:
    assert [*mermaid(POLICY, TWO, Status.PROTECTED)] == [
        "stateDiagram-v2",
        "    [*] --> protected: buyer order create",
        "    protected --> awaiting_seller: buyer open",
        "    awaiting_seller --> settling: clock seller_response, 5 days",
        "    closed --> [*]",
        "    classDef here font-weight:bold,stroke-width:3px",
        "    class protected here",
    ]


def test_as_dot_the_clocks_arrows_are_dashed_and_every_status_is_a_node() -> None:
    first, look, *lines = dot(POLICY, TWO, Status.CLOSED)
    assert (first, look) == ('digraph "aliexpress" {', "    rankdir=TB; node [shape=box, style=rounded]; edge [fontsize=10]")
    plain, marked = lines[: len(Status) - 1], lines[len(Status) - 1]
    assert plain == [f"    {status} []" for status in Status if status is not Status.CLOSED]
    assert marked == '    closed [style="rounded,bold", penwidth=3]'
    assert lines[len(Status) :] == [
        '    protected -> awaiting_seller [label="buyer open\\l"]',
        '    awaiting_seller -> settling [label="clock seller_response, 5 days\\l" style=dashed]',
        "}",
    ]


def test_what_several_do_stands_on_one_arrow() -> None:
    both = (TWO[0], E(Status.PROTECTED, Actor.SELLER, "wave", Status.AWAITING_SELLER, None))
    assert "    protected --> awaiting_seller: buyer open<br>seller wave" in mermaid(POLICY, both, None)


def test_asked_for_it_is_drawn_under_the_policy_named() -> None:
    told = book.answer(q.Lifecycle(draw="text", file=("ebay",)))
    assert isinstance(told, a.LifecycleTold) and told.policy == "ebay"
    ways = edges(load("ebay"))
    assert (told.edges, told.drawing) == (ways, "\n".join(text(load("ebay"), ways, None)))
