"""Many commands under one lock: three ways to go on, the same bytes as one by one, each line told once it is durable."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from dispute_cli import answers as a
from dispute_cli.core import commands as c
from dispute_cli.core.decide import decide
from dispute_cli.runs.batch import Mode
from tests.given import PHOTO, rule

from .lines import Heard, batch
from .shop import Cut, FailingStore, Shop, after, facts, head, on_disk, settled, unchanged

OPEN: dict[str, Any] = {"command": "open", "received": False, "reason": "wrong_tracking", "message": "Never came"}
STORY: tuple[str | dict[str, Any], ...] = (
    "order create O-1 --price 50.00",
    {"command": "order create", "id": "P", "item": ["Cup=10.00", "Pot=20"], "delivery": "1.00", "policy": "aliexpress"},
    {"command": "order ship", "id": "P", "tracking": "T1", "key": "ship"},
    {"command": "open", "id": "O-1", "received": True, "reason": "defective", "refund": "20", "message": "Broken", "evidence": ["photo.png"]},
    "tick 2d",
    {"command": "respond", "id": "O-1", "refund": "10.00", "as": "seller"},
    OPEN | {"id": "P/1"},
    {"command": "accept", "id": "O-1", "key": "accept"},
    {"command": "tick", "duration": "5d", "key": "five"},
    {"command": "order confirm", "id": "P/2"},
    {"command": "order ship", "id": "P", "tracking": "T1", "key": "ship"},
    {"command": "tick", "until_idle": True},
    {"command": "message", "id": "P", "text": "Bye"},
)


def one_by_one(shop: Shop) -> Shop:
    for line in STORY:
        assert batch(shop, line).code == 0
    return shop


# The same bytes


@rule("K3")
@pytest.mark.parametrize("chunk", [1, 2, 3, 5, 100])
@pytest.mark.parametrize("mode", list(Mode))
def test_the_same_lines_give_the_same_bytes_one_by_one_or_together(mode: Mode, chunk: int) -> None:
    shop = Shop()
    assert batch(shop, *STORY, mode=mode, chunk=chunk).code == 0
    assert facts(shop.store) == facts(one_by_one(Shop()).store)


@rule("K3")
@pytest.mark.parametrize("cut", range(1, len(STORY)))
def test_the_same_lines_in_several_batches_give_the_same_bytes(cut: int) -> None:
    shop = Shop()
    for lines in (STORY[:cut], STORY[cut:]):
        assert batch(shop, *lines, mode=Mode.ATOMIC).code == 0
    assert facts(shop.store) == facts(one_by_one(Shop()).store)


@rule("K3")
@pytest.mark.parametrize("mode", list(Mode))
def test_on_disk_the_same_lines_give_the_same_bytes(tmp_path: Path, mode: Mode) -> None:
    shop = Shop(on_disk(tmp_path))
    assert batch(shop, *STORY, mode=mode, chunk=4).code == 0
    assert facts(shop.store) == facts(one_by_one(Shop()).store)
    assert batch(shop, {"command": "verify"})[1].problems == ()


@rule("K3")
@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("chunk", [1, 100])
def test_a_dry_run_tells_what_the_batch_then_tells_and_writes_nothing(mode: Mode, chunk: int) -> None:
    shop = Shop()
    with unchanged(shop.store):
        dry = batch(shop, *STORY, mode=mode, chunk=chunk, dry_run=True)
    done = batch(shop, *STORY, mode=mode, chunk=chunk)
    assert [(number, replace(answer, dry_run=False)) for number, answer in dry.answers] == done.answers


@rule("K3")
def test_an_atomic_batch_is_one_commit_with_all_its_keys() -> None:
    shop = Shop()
    batch(shop, *STORY, mode=Mode.ATOMIC)
    with shop.store.read() as view:
        assert len(list(shop.store.audit())) == 1
        for key, types in (("ship", ["shipped", "shipped"]), ("accept", ["offer_accepted", "settled"])):
            found = view.key(key)
            assert found is not None and [event.__struct_config__.tag for event in found[1]] == types


# Modes and codes


BAD = {"command": "cancel", "id": "O-1"}
LINES = ("order create O-1 --price 5.00", BAD, "message O-1 hello")


def test_by_default_it_stops_at_the_first_failure_and_what_came_before_stays() -> None:
    shop = Shop()
    heard = batch(shop, *LINES)
    assert (heard.code, heard.exits) == (5, [(1, 0), (2, 5)])
    assert shop.types() == ["order_created"]
    assert (heard[2].error.rule, heard[2].command, heard[2].now) == ("E5", "cancel", after(0))
    assert heard[2].error.possible == shop.look().possible


@pytest.mark.parametrize("chunk", [1, 100])
@pytest.mark.parametrize("dry_run", [False, True])
def test_atomic_is_all_or_nothing_and_tells_the_failure_alone(chunk: int, dry_run: bool) -> None:
    shop = Shop()
    with unchanged(shop.store):
        heard = batch(shop, *LINES, mode=Mode.ATOMIC, chunk=chunk, dry_run=dry_run)
    assert (heard.code, heard.exits) == (5, [(2, 5)])


@pytest.mark.parametrize("chunk", [1, 100])
def test_keep_going_tries_every_line_and_ends_with_9(chunk: int) -> None:
    shop = Shop()
    heard = batch(shop, *LINES, "no such thing", {"command": "cancel", "id": "O-9"}, mode=Mode.KEEP_GOING, chunk=chunk)
    assert (heard.code, heard.exits) == (9, [(1, 0), (2, 5), (3, 0), (4, 8), (5, 3)])
    assert shop.types() == ["order_created", "message_sent"]


@pytest.mark.parametrize("mode", list(Mode))
def test_a_batch_without_lines_or_without_failure_ends_well(mode: Mode) -> None:
    assert batch(Shop(), mode=mode).code == 0
    assert batch(Shop(), LINES[0], mode=mode).code == 0


@pytest.mark.parametrize(
    ("line", "exit"),
    [
        ("nonsense O-1", 8),
        ("init", 8),
        ("batch x", 8),
        ("'message O-1", 8),
        ('message O-1 "unended', 8),
        ("''", 8),
        ("message", 2),
        ("--yes message", 2),
        ('{"command":"cancel","id":"O-1"', 8),
        ('{"command":"cancel","id":"O-1"} x', 8),
        ('{"command":"init"}', 8),
        ('{"command":"batch"}', 8),
        ('{"command":["open"]}', 8),
        ('{"command":{"a":1}}', 8),
        ('{"command":null}', 8),
        ('{"id":"O-1"}', 8),
        ("{}", 8),
        ('{"command":"message","id":"O-1","text":"a","text":"b"}', 8),
        ('{"command":"extend-protection","id":"O-1","days":NaN}', 8),
        ('{"command":"extend-protection","id":"O-1","days":Infinity}', 8),
        ('{"command":"extend-protection","id":"O-1","days":1e400}', 2),
        ('{"command":"extend-protection","id":"O-1","days":1.5}', 2),
        ('{"command":"extend-protection","id":"O-1","days":%s}' % ("9" * 5000), 8),
        ('{"command":"message","id":"O-1","text":%s}' % ("[" * 100_000 + "]" * 100_000), 8),
        ('{"command":"message","id":"O-1","text":"a","colour":1}', 2),
        ('{"command":"message","id":"O-1","text":"a","\udcff":1}', 8),
        ('{"command":"message","id":"O-1","text":"\udcff"}', 8),
        ('{"command":"message","id":"\udcff","text":"a"}', 8),
        (r'{"command":"message","id":"O-1","text":"\ud83d"}', 8),
        (r'{"command":"message","id":"O-1","text":"a","\uDC00":1}', 8),
        (r'{"command":"open","id":"O-1","link":["https://a.example/\ud800"]}', 8),
        ("message O-1 '\udcff'", 8),
        ('{"command":"message","id":"O-1"}', 2),
        ('{"command":"message","id":7,"text":"a"}', 2),
        ('{"command":"order create","id":"O-2","price":5}', 2),
        ('{"command":"message","id":"O-1","text":"a","key":""}', 2),
        ('{"command":"message","id":"O-1","text":"a","key":7}', 2),
        ('{"command":"message","id":"O-1","text":"a","idempotency_key":""}', 2),
        ('{"command":"message","id":"O-1","text":"a","idempotency_key":false}', 2),
        ('{"command":"message","id":"O-1","text":"a","key":"a","idempotency_key":"a"}', 2),
        ('{"command":"message","id":"O-1","text":"a","key":"caf\u00e9"}', 2),
        ('{"command":"message","id":"O-1","text":"a","key":"%s"}' % ("k" * 256), 2),
        ('{"command":"message","id":"O-1","text":"a","yes":"yes"}', 2),
        ('{"command":"message","id":"O-1","text":"a","as":"nobody"}', 2),
        ('{"command":"message","id":"O-1","text":"a","as":"clock"}', 5),
        ('{"command":"status","status":"gone"}', 2),
        ('{"command":"tick"}', 2),
        ('{"command":"status","id":"O-9"}', 3),
        ('{"command":"order confirm","id":"O-1","yes":false}', 4),
        ('{"command":"lapse","id":"O-1","kind":"protection"}', 8),
    ],
)
@pytest.mark.parametrize("mode", [Mode.STOP, Mode.KEEP_GOING])
def test_a_bad_line_has_its_code_and_nothing_happens(line: str, exit: int, mode: Mode) -> None:
    shop = Shop().order()
    with unchanged(shop.store):
        heard = batch(shop, line, mode=mode, consent=False)
    assert heard.exits == [(1, exit)]
    assert heard.code == (9 if mode is Mode.KEEP_GOING else exit)
    heard[1].error.message.encode()


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ('{"command":"open","id":"!"}', "open"),
        ('{"command":"order create","id":"a","price":5}', "order create"),
        ('{"command":"open","refund":', None),
        ('{"command":"no"}', None),
        ('{"command":["open"]}', None),
        ("{}", None),
        ("message", "message"),
        ("order create", "order create"),
        ("order", None),
        ('message "', None),
        ("''", None),
    ],
)
def test_a_line_that_is_not_understood_is_told_under_the_command_that_it_names(line: str, command: str | None) -> None:
    assert batch(Shop(), line)[1].command == command


# Lines


def test_json_lines_and_word_lines_stand_side_by_side() -> None:
    shop = Shop()
    heard = batch(shop, "order create O-1 --price 5.00", '{"command": "message", "id": "O-1", "text": "a"}', "message O-1 'two words'", "tick 1d")
    assert heard.code == 0
    assert [message.text for message in shop.look().messages] == ["a", "two words"]
    assert [answer.command for _, answer in heard.answers] == ["order create", "message", "message", "tick"]


def test_a_character_escaped_in_two_halves_is_one() -> None:
    shop = Shop().order()
    assert batch(shop, r'{"command":"message","id":"O-1","text":"\ud83d\ude00 \\ud800"}').code == 0
    assert shop.look().messages[0].text == "\U0001f600 \\ud800"


def test_opposite_flags_are_one_boolean_and_options_are_named_with_underscores() -> None:
    shop = Shop()
    batch(shop, {"command": "order create", "id": "O-1", "price": "5", "deliver_by": "2026-01-20"})
    batch(shop, {"command": "open", "id": "O-1", "received": True, "reason": "changed_mind", "refund": "full", "return": True, "message": "Sorry"})
    dispute = shop.look().dispute
    assert dispute is not None and dispute.received and dispute.demand.with_return
    assert shop.look().deliver_by == after(19)


def test_consent_and_strictness_are_a_lines_own_or_the_whole_batchs() -> None:
    shop = Shop().order("O-1").order("O-2").opened_whole("O-2")
    assert batch(shop, {"command": "order confirm", "id": "O-1"}, consent=False).code == 4
    assert batch(shop, {"command": "order confirm", "id": "O-1", "yes": True}, consent=False).code == 0
    advised = {"command": "edit", "id": "O-2", "message": "Look again"}
    for strict in ({"strict": True}, {}):
        heard = batch(shop, advised | strict, strict=not strict)
        assert (heard.code, heard[1].error.rule) == (5, "A2")
    assert batch(shop, advised).code == 0


def test_each_line_has_its_own_key() -> None:
    shop = Shop().order()
    say = {"command": "message", "id": "O-1", "text": "a", "key": "k"}
    heard = batch(shop, say, say, say | {"text": "b"}, say | {"key": "l"}, "message O-1 c --idempotency-key k", mode=Mode.KEEP_GOING)
    assert heard.exits == [(1, 0), (2, 0), (3, 6), (4, 0), (5, 6)]
    assert [heard[n].replayed for n in (1, 2, 4)] == [False, True, False]
    assert heard[2].events == heard[1].events


@rule("K3")
@pytest.mark.parametrize("options", [{}, {"mode": Mode.ATOMIC}, {"dry_run": True}, {"mode": Mode.ATOMIC, "dry_run": True}])
def test_a_tick_is_replayed_inside_one_batch_with_its_events(options: dict[str, Any]) -> None:
    shop = Shop().order().missing()
    six = {"command": "tick", "duration": "6d", "key": "t"}
    heard = batch(shop, six, "message O-1 a", six, **options)
    assert (heard[1].replayed, heard[3].replayed) == (False, True)
    assert heard[3].events == heard[1].events != ()
    assert (heard[3].from_, heard[3].to, heard[3].fired) == (after(0), after(6), 1)


# What a line sees


@rule("K1", "N4")
@pytest.mark.parametrize("options", [{}, {"mode": Mode.ATOMIC}, {"dry_run": True}])
def test_a_question_sees_what_came_before_it_and_the_past_too(options: dict[str, Any]) -> None:
    heard = batch(
        Shop(),
        "order create O-1 --price 5.00",
        OPEN | {"id": "O-1"},
        "status O-1",
        {"command": "tick", "duration": "40d"},
        {"command": "status", "id": "O-1", "at": "2026-01-02"},
        {"command": "status", "all": True, "at": "2026-01-07"},
        {"command": "events", "id": "O-1"},
        {"command": "ledger"},
        {"command": "deadlines"},
        {"command": "status", "id": "O-1"},
        **options,
    )
    assert heard.code == 0
    assert (heard[3].order.status, heard[5].order.status, heard[10].order.status) == ("awaiting_seller", "awaiting_seller", "closed")
    assert [row.status for row in heard[6].orders] == ["settling"]
    assert len(heard[7].events) == 7 and len(heard[8].postings) == 4 and heard[9].deadlines == ()


def test_an_order_touched_in_a_batch_stands_in_the_list_once() -> None:
    shop = Shop().order("a").order("c").missing("c")
    lines = ("order create b --price 1.00", "message c hello", {"command": "status", "all": True}, {"command": "status"})
    heard = batch(shop, *lines, mode=Mode.ATOMIC)
    assert [row.id for row in heard[3].orders] == ["a", "b", "c"]
    assert [row.id for row in heard[4].orders] == ["c"]


@rule("V4")
def test_evidence_is_listed_and_exported_between_commands() -> None:
    shop = Shop()
    heard = batch(shop, *STORY[:4], {"command": "evidence list", "id": "O-1"})
    hash = heard[5].evidence[0].hash
    again = batch(shop, {"command": "evidence export", "id": "O-1", "hash": hash, "file": "out"})
    assert (again.code, again.exported) == (0, [PHOTO.data])


def test_questions_of_the_book_need_no_store() -> None:
    class Nowhere:
        def write(self, command: str) -> None:
            raise AssertionError("a store was opened")

    shop = Shop(Nowhere())  # type: ignore[arg-type]  # it is no whole store
    lines = [{"command": name} for name in ("reasons", "rules", "policy list", "policy show", "lifecycle", "schema")]
    assert batch(shop, *lines).code == 0


def test_verify_repair_and_backup_see_what_came_before_them(tmp_path: Path) -> None:
    shop = Shop(on_disk(tmp_path))
    copy = tmp_path / "copy.json"
    heard = batch(shop, *STORY[:4], {"command": "verify"}, {"command": "backup", "file": str(copy)}, {"command": "repair"}, "message O-1 after")
    assert heard.code == 0
    assert (heard[5].checked, heard[5].problems, heard[7].changed) == (8, (), False)
    assert copy.exists() and shop.types("O-1")[-1] == "message_sent"


@pytest.mark.parametrize("command", ["verify", "repair", "backup"])
@pytest.mark.parametrize("options", [{"mode": Mode.ATOMIC}, {"dry_run": True}])
def test_the_store_is_not_looked_after_where_nothing_is_written_before_the_end(command: str, options: dict[str, Any]) -> None:
    line = {"command": command} | ({"file": "x"} if command == "backup" else {})
    assert batch(Shop(), LINES[0], line, **options).code == 2


# The wall clock


@rule("K1")
@pytest.mark.parametrize("mode", list(Mode))
def test_on_a_wall_store_each_line_is_at_its_own_now(mode: Mode) -> None:
    shop = Shop(clock="wall").order().missing()
    shop.clock = after(6)
    heard = batch(shop, {"command": "status", "id": "O-1"}, "message O-1 hello", {"command": "tick"}, mode=mode)
    assert [answer.now for _, answer in heard.answers] == [after(6)] * 3
    assert heard[1].order.status == heard[2].order.status == "settling"
    assert shop.types() == ["order_created", "dispute_opened", "message_sent", "seller_silent", "settled", "message_sent"]


@rule("K1")
def test_a_question_in_a_batch_on_a_wall_store_writes_nothing_but_misses_nothing() -> None:
    shop = Shop(clock="wall").order().missing()
    shop.clock = after(6)
    with unchanged(shop.store):
        assert batch(shop, "status O-1", {"command": "deadlines"})[1].order.status == "settling"
    shop.clock = after(40)
    heard = batch(shop, "status O-1", "message O-1 hello", chunk=1)
    assert heard[2].order == shop.look() and heard[2].order.status == "closed"


@rule("K1", "K2")
@pytest.mark.parametrize("question", [[], [{"command": "status", "id": "O-1"}], [{"command": "evidence list", "id": "O-1"}]])
def test_the_wall_goes_on_during_a_batch_and_no_command_meets_a_deadline_that_passed(question: list[dict[str, Any]]) -> None:
    shop = Shop(clock="wall").order().missing()
    walls = iter([after(1), *[after(6)] * 9])
    shop.service.wall = lambda: next(walls)
    heard = batch(shop, "message O-1 early", *question, BAD, mode=Mode.KEEP_GOING)
    assert [answer.now for _, answer in heard.answers] == [after(1), *[after(6)] * (len(question) + 1)]
    assert heard.answers[-1][1].error.rule == "W2"
    assert shop.types()[-2:] == ["seller_silent", "settled"]


# When something goes wrong


def test_a_batch_asked_to_stop_ends_between_two_syncs_and_has_told_what_is_written() -> None:
    shop = Shop()
    heard = Heard(shop)
    with pytest.raises(KeyboardInterrupt):
        batch(shop, *(f"order create O-{n} --price 5.00" for n in range(6)), chunk=2, heard=heard, stopped=lambda: len(heard.answers) >= 4)
    assert len(heard.answers) == 4 and len(shop.types()) == 4
    assert shop.give(c.SendMessage, "O-0", text="the lock is free").changed


def test_an_atomic_batch_asked_to_stop_wrote_nothing() -> None:
    shop = Shop()
    heard = Heard(shop)
    with pytest.raises(KeyboardInterrupt), unchanged(shop.store):
        batch(shop, *LINES[:1], mode=Mode.ATOMIC, heard=heard, stopped=lambda: True)
    assert heard.answers == []


def test_what_could_not_be_written_is_not_told() -> None:
    shop = Shop(FailingStore(head()))
    assert isinstance(shop.store, FailingStore)
    shop.store.left = 0
    heard = Heard(shop)
    with pytest.raises(Cut):
        batch(shop, "order create O-1 --price 5.00", "message O-1 hello", heard=heard)
    assert heard.answers == []


@pytest.mark.parametrize("mode", [Mode.STOP, Mode.KEEP_GOING])
def test_a_tick_that_could_not_be_written_is_told_as_a_fault_and_not_tried_again(mode: Mode) -> None:
    shop = Shop(FailingStore(head())).order().missing()
    assert isinstance(shop.store, FailingStore)
    shop.store.left = 1
    heard = Heard(shop)
    lines = ("message O-1 before", {"command": "tick", "duration": "9d"})
    assert batch(shop, *lines, heard=heard, mode=mode).code == (1 if mode is Mode.STOP else 9)
    assert heard.exits == [(1, 0), (2, 1)]
    assert shop.types()[-1] == "message_sent" and shop.now == after(0)
    shop.store.left = 99
    assert batch(shop, *lines[1:]).code == 0 and shop.look().status == "settling"


def test_after_a_fault_that_spoilt_the_session_the_next_line_is_done_on_a_fresh_one(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop().order()
    monkeypatch.setattr("dispute_cli.service.decide", spoilt)
    heard = batch(shop, "message O-1 a", "message O-1 bad", "message O-1 b", mode=Mode.KEEP_GOING)
    assert (heard.code, heard.exits) == (9, [(1, 0), (2, 1), (3, 0)])
    assert [event["seq"] for event in shop.told()] == [1, 2, 3] and shop.look().status == "protected"


def spoilt(order: Any, command: Any, moment: Any) -> tuple[Any, ...]:
    """What is decided, but for one message that releases more than there is."""
    return (settled(release=9999),) if command.text == "bad" else decide(order, command, moment)


def test_after_a_fault_the_next_line_opens_the_store_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop().order()
    broken = iter([True, False])
    real = shop.service.policies
    monkeypatch.setattr(shop.service, "policies", lambda name: 1 / 0 if next(broken) else real(name))
    create = {"command": "order create", "price": "1", "policy": "aliexpress"}
    heard = batch(shop, "message O-1 a", create | {"id": "x"}, create | {"id": "y"}, mode=Mode.KEEP_GOING)
    assert (heard.code, heard.exits) == (9, [(1, 0), (2, 1), (3, 0)])
    assert shop.listed(all=True) == ["O-1", "y"] and isinstance(heard[3], a.Done)
