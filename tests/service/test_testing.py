"""The Python interface for tests: what it gives is what the command line gives, and what is not so raises."""

import inspect
import json
import textwrap
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dispute_cli import testing
from dispute_cli.core import commands as c
from dispute_cli.core.words import Actor
from dispute_cli.runs.lines import Request
from dispute_cli.testing import Commands, ConsentNeeded, InvalidFile, KeyConflict, Malformed, NoSuchThing, Refusal, Store
from tests.pictures import PNG
from tests.run import Place

NAMES = {"with_return": "return", "party": "from"}
"""Options that are no names in Python."""
LATE: dict[str, Any] = {"received": False, "reason": "delivery_overdue", "message": "Never came"}

SAID: dict[type[c.Command], tuple[tuple[str, ...], dict[str, Any]]] = {
    c.Ship: ((), {"tracking": "T1"}),
    c.Deliver: ((), {}),
    c.Confirm: ((), {}),
    c.OpenDispute: ((), {"received": True, "reason": "defective", "refund": "5.00", "with_return": False, "message": "Broken", "evidence": ("a.png",), "link": ("https://example.com/a",)}),
    c.EditDispute: ((), {"received": True, "reason": "defective", "refund": "5.00", "with_return": False, "message": "Broken", "keep": True}),
    c.Cancel: ((), {}),
    c.Respond: ((), {"refund": "5.00", "with_return": True, "message": "So", "accept": False, "reject": False, "promise": None}),
    c.Accept: ((), {}),
    c.ExtendProtection: ((), {"days": 5, "grant": True, "deny": False}),
    c.Escalate: ((), {"confirm": True, "no_thanks": False}),
    c.AddEvidence: (("a.png", "b.png"), {"link": ("https://example.com/a",), "note": "Here"}),
    c.SendMessage: (("Hello",), {}),
    c.SendReturn: ((), {"tracking": "T2", "postage": "3.00"}),
    c.AcknowledgeReturn: ((), {}),
    c.RefuseReturn: ((), {"reason": "Empty"}),
    c.RequestEvidence: ((), {"party": "seller", "days": 3}),
    c.Rule: ((), {"refund": "full", "reason": "So be it", "early": True}),
}
"""Each command with all that it may be given."""


class Heard:
    """A market that only listens."""

    def __init__(self) -> None:
        self.answer = Store().order("O-1", price="5.00")

    def do(self, request: Request) -> Any:
        self.request = request
        return self.answer


def method(kind: type[c.Command]) -> str:
    return c.name_of(kind).removeprefix("order ").replace(" ", "_").replace("-", "_")


@pytest.fixture
def store() -> Store:
    """A store with an order whose parcel is late."""
    store = Store(seed=7)
    store.order("O-1", price="50.00", delivery="5.00")
    store.tick("31d")
    return store


def test_the_example_of_the_first_page_works() -> None:
    example = textwrap.dedent(inspect.getdoc(testing).partition("\n\n")[2].partition("\n\nAmounts")[0])  # type: ignore[union-attr]  # the module has a docstring
    known: dict[str, Any] = {}
    exec(example, known)
    known["test_silence"]()


def test_every_command_has_its_method() -> None:
    assert {c.CreateOrder, *SAID} == set(c.Spoken.__args__)
    assert {method(kind) for kind in SAID} == {name for name in vars(Commands) if not name.startswith("_")}


@pytest.mark.parametrize("kind", SAID)
def test_a_method_takes_every_option_of_its_command_and_passes_it_on(kind: type[c.Command]) -> None:
    heard = Heard()
    words, options = SAID[kind]
    getattr(Commands(heard, Actor.SELLER), method(kind))("O-1", *words, yes=True, strict=True, key="k", **options)  # type: ignore[arg-type]  # options are named at run time
    given = msgspec.to_builtins(heard.request.asked)
    fields = {field.encode_name for field in msgspec.structs.fields(kind)} - {"id", "as"}
    assert (heard.request.consent, heard.request.strict, heard.request.key) == (True, True, "k")
    assert (given.pop("command"), given.pop("id"), given.pop("as")) == (c.name_of(kind), "O-1", "seller")
    parameters = set(inspect.signature(getattr(Commands, method(kind))).parameters) - {"self", "id", "beside"}
    assert {NAMES.get(name, name) for name in parameters} == fields
    said = {NAMES.get(name, name): value for name, value in options.items()}
    assert given == said | {name: {"file": words, "text": "Hello"}[name] for name in fields & {"file", "text"}}


def test_the_same_story_on_the_command_line_gives_the_same_page(tmp_path: Path) -> None:
    empty = Place(tmp_path)
    store = Store(start="2026-02-01", seed=7, policy="aliexpress", files={"cup.png": PNG})
    store.order("O-1", price="50.00", delivery="5.00", title="Cup", deliver_by="+20d")
    store.buyer.open("O-1", received=True, reason="defective", refund="20.00", message="Broken", evidence=["cup.png"])
    store.tick("2d")
    store.seller.respond("O-1", refund="10.00")
    store.buyer.accept("O-1", yes=True)
    store.tick(until_idle=True)

    (empty.folder / "cup.png").write_bytes(PNG)
    empty.ok("init", "--start", "2026-02-01", "--seed", "7")
    empty.ok("order", "create", "O-1", "--price", "50.00", "--delivery", "5.00", "--title", "Cup", "--deliver-by", "2026-02-21")
    empty.ok("open", "O-1", "--received", "--reason", "defective", "--refund", "20.00", "--message", "Broken", "--evidence", "cup.png")
    empty.ok("tick", "2d")
    empty.ok("respond", "O-1", "--refund", "10.00")
    empty.ok("accept", "O-1", "--yes")
    empty.ok("tick", "--until-idle")
    assert json.loads(msgspec.json.encode(store.status("O-1"))) == empty.ok("status", "O-1", "--json").json["order"]
    assert list(store.events()) == empty.ok("events", "--json").json["events"]


def test_a_store_can_be_kept_and_looked_at(store: Store, tmp_path: Path) -> None:
    empty = Place(tmp_path)
    store.keep(str(empty.folder / "disputes.json"))
    assert empty.ok("verify", "--json").json["checked"] == len(store.events()) == 1
    assert empty.ok("status", "O-1", "--json").json["order"]["balances"] == msgspec.to_builtins(store.money("O-1"))


def test_a_purchase_has_lines_which_a_question_must_name() -> None:
    store = Store()
    bought = store.purchase("P-1", [("Cup", "5.00"), ("Pot = large", "6.00")], delivery="1.00")
    assert [(line.id, line.title, line.total) for line in bought.orders] == [("P-1/1", "Cup", "5.45"), ("P-1/2", "Pot = large", "6.55")]
    assert [line.tracking for line in store.seller.ship("P-1", tracking="T1").orders] == ["T1", "T1"]  # type: ignore[union-attr]  # a command on a purchase answers with its orders
    with store.refused("E1") as no:
        store.status("P-1")
    assert "P-1/1, P-1/2" in str(getattr(no.refusal, "hint", None))


def test_time_is_told_as_in_scenario_files(store: Store) -> None:
    store.buyer.open("O-1", **LATE)
    assert store.status("O-1", at="30d").status == "protected"
    assert store.status("O-1", at="+5d").cause == "seller_silent"
    assert (store.tick(to="36d").fired, str(store.now.date())) == (1, "2026-02-06")
    assert store.tick(next=True).fired == 1
    assert store.tick(until=("O-1", "status=='closed'")).fired == 0
    with store.refused("K1"):
        store.tick(to="2026-01-01")
    with pytest.raises(Malformed, match="exactly one of"):
        store.tick()


def test_events_are_chosen_by_order_and_type(store: Store) -> None:
    store.order("O-2", price="1.00")
    store.buyer.open("O-1", **LATE)
    assert [event["type"] for event in store.events("O-1", type=["dispute_opened", "order_created"])] == ["order_created", "dispute_opened"]
    assert store.timeline().splitlines()[0] == "0d   buyer  O-1  order paid: 50.00 + 5.00 USD in escrow"
    assert Store().timeline() == ""


def test_refused_passes_only_for_that_rule_and_only_when_nothing_changed(store: Store) -> None:
    store.buyer.open("O-1", **LATE)
    with store.refused("D1") as no:
        store.buyer.open("O-1", **LATE)
    assert str(no.refusal) == "A dispute is open already: only one at a time."
    with pytest.raises(AssertionError, match="by D1, but it was done"), store.refused("D1"):
        store.buyer.message("O-1", "Where?")
    with pytest.raises(AssertionError, match=r"by D4, but it was refused otherwise: \[D1\]"), store.refused("D4"):
        store.buyer.open("O-1", **LATE)
    with pytest.raises(AssertionError, match="by D1, and yet something changed"), store.refused("D1"):
        store.buyer.message("O-1", "Where?"), store.buyer.open("O-1", **LATE)
    with pytest.raises(NoSuchThing), store.refused("D1"):
        store.buyer.open("O-9", **LATE)
    with pytest.raises(Malformed, match="no rule 'D77'"):
        store.refused("D77")


def test_a_consent_is_asked_for_by_its_rule(store: Store) -> None:
    with store.refused("E3") as asked:
        store.buyer.confirm("O-1")
    assert isinstance(asked.refusal, ConsentNeeded)
    assert store.buyer.confirm("O-1", yes=True).order.status == "closed"  # type: ignore[union-attr]  # a command on one order answers with it


def test_the_rules_say_whose_a_command_is(store: Store) -> None:
    with store.refused("W1"):
        store.seller.open("O-1", **LATE)


def test_keys_and_strictness_stand_beside_a_command(store: Store) -> None:
    first, second = (store.buyer.open("O-1", key="k1", **LATE) for _ in range(2))
    assert (first.replayed, second.replayed, len(store.events())) == (False, True, 3)
    with pytest.raises(KeyConflict):
        store.buyer.message("O-1", "Hello", key="k1")
    with pytest.raises(Malformed, match="255 printable"):
        store.buyer.message("O-1", "Hello", key="")
    with store.refused("A1"):
        store.buyer.message("O-1", "Где моя посылка? Я жду уже месяц.", strict=True)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda store: store.order("O-2", price=5.0), Malformed, "price is a number, where a text"),
        (lambda store: store.buyer.open("O-1", refnd="5.00"), TypeError, "`open` has no option 'refnd'. Did you mean 'refund'?"),
        (lambda store: store.status("O-9"), NoSuchThing, "no order 'O-9'"),
        (lambda store: store.tick(to="soon"), Malformed, "'soon' is no time"),
        (lambda store: store.order("O-2", price="5.00", policy="nowhere"), InvalidFile, "no such policy"),
        (lambda _: Store(start="yesterday"), Malformed, "not an instant"),
        (lambda _: Store(policy="missing.toml"), InvalidFile, "missing.toml"),
        (lambda store: store.order("O-2", price="0"), Refusal, "above 0"),
    ],
)  # fmt: skip
def test_what_is_not_done_raises_and_changes_nothing(store: Store, call: Any, error: type[Exception], says: str) -> None:
    before = store.events(), store.now
    with pytest.raises(error, match=says):
        call(store)
    assert (store.events(), store.now) == before


def test_what_is_not_done_is_raised_without_the_way_into_the_rules(store: Store) -> None:
    with pytest.raises(Refusal) as caught:
        store.buyer.accept("O-1")
    inside = [entry for entry in caught.traceback if not entry.ishidden(caught)]
    assert [Path(entry.path).name for entry in inside] == ["test_testing.py"]


def test_types_are_told_to_those_who_check_them() -> None:
    assert (Path(testing.__file__).parent / "py.typed").is_file()
