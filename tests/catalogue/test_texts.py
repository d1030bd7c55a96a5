"""Texts that people write: stored as given, shown without obeying them, literal everywhere; and the few that cannot be stored."""

import csv
import io
import json
import os

import pytest

from tests.run import Place

from .conftest import BROKEN
from .judging import done, judge, refused, refused_here, short, snapshot, unseen

TEXTS = {
    "\x1b[31mred\x1b[0m": r"\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07": r"\x1b]0;title\x07",
    "\x1b]8;;https://evil.example\x1b\\link": r"\x1b]8;;https://evil.example\x1b\link",
    "\x9b31mred": r"\x9b31mred",
    "over\rwritten": r"over\rwritten",
    "\u202eevil\u202c": r"\u202eevil\u202c",
    "zero\u200bwidth": r"zero\u200bwidth",
    "[/bold]": "[/bold]",
    ":smile:": ":smile:",
    "${x}": "${x}",
    "{0}": "{0}",
    "%s": "%s",
    "=1+1": "=1+1",
    "<script>alert(1)</script>": "<script>alert(1)</script>",
}
KIN = {
    "\x08\x0b\x0c\x01\x7f back": r"\x08\x0b\x0c\x01\x7f back",
    "\x85next\x90dcs": r"\x85next\x90dcs",
    "\u2066isolate\u2069": r"\u2066isolate\u2069",
    "\u2028line\u2029paragraph": r"\u2028line\u2029paragraph",
    "\ufeffmark": r"\ufeffmark",
    "soft\u00adhyphen": r"soft\xadhyphen",
    "join\u200d\u2060er": r"join\u200d\u2060er",
    "\U000e0041tag": r"\U000e0041tag",
    "\u3164filler\u2800": r"\u3164filler\u2800",
    "\ue000private\uffff": r"\ue000private\uffff",
    "\U0010ffff": r"\U0010ffff",
    "two\nlines\tand a tab": r"two\nlines\tand a tab",
    "\r\n": None,
    r"\x1b is no escape": r"\x1b is no escape",
    "[bold red]x[/] [link=https://x]y[/link]": "[bold red]x[/] [link=https://x]y[/link]",
    "%(name)s %n %d%%": "%(name)s %n %d%%",
    "{order.id!r:>10} {{}} {}": "{order.id!r:>10} {{}} {}",
    "$(id) `id` ;id |id &": "$(id) `id` ;id |id &",
    "'; DROP TABLE orders; --": "'; DROP TABLE orders; --",
    "&lt;b&gt; &#x1b; <!-- ]]>": "&lt;b&gt; &#x1b; <!-- ]]>",
    "+1 @SUM(A1)": "+1 @SUM(A1)",
    "-1+1": "-1+1",
    "@cmd": "@cmd",
    "مرحبا بالعالم": "مرحبا بالعالم",
    "杯子坏了 😀 e\u0301": "杯子坏了 😀 e\u0301",
    "Z\u0351\u036bA\u0343\u034aL\u034c": "Z\u0351\u036bA\u0343\u034aL\u034c",
    "\u00a0x\u00a0": "\u00a0x\u00a0",
    "null": "null",
    '{"text":"x"}': '{"text":"x"}',
    "\\": "\\",
    '"': '"',
}
"""Each text, and what of it people see; None where it says nothing, and so is refused."""

SEEN = {text: shown for text, shown in (TEXTS | KIN).items() if shown is not None}


@pytest.mark.parametrize("text", TEXTS, ids=short)
def test_a_text_is_stored_as_given(dispute: Place, text: str) -> None:
    answer = done(dispute, "--json", "message", "O-1", "--", text).json
    assert [message["text"] for message in answer["order"]["messages"]] == [text]
    assert answer["events"][0]["text"] == text


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """An order about which everything was said."""
    place = Place(tmp_path_factory.mktemp("spoken"))
    place.ok("init")
    place.ok("order", "create", "O-1", "--price", "50.00")
    lines = "".join(json.dumps({"command": "message", "id": "O-1", "text": text}) + "\n" for text in SEEN)
    done(place, "batch", "-", stdin=lines.encode())
    return place


def test_all_that_was_said_is_stored_as_given(spoken: Place) -> None:
    messages = done(spoken, "status", "O-1", "--json").json["order"]["messages"]
    assert [message["text"] for message in messages] == list(SEEN)
    assert [event["text"] for event in done(spoken, "events", "--type", "message_sent", "--json").json["events"]] == list(SEEN)
    done(spoken, "verify")


@pytest.mark.parametrize("argv", [("status", "O-1"), ("events",), ("events", "--format", "tsv", "--fields", "seq,text")], ids=short)
def test_all_that_was_said_is_shown_and_does_nothing(spoken: Place, argv: tuple[str, ...]) -> None:
    lines = done(spoken, *argv).out.split("\n")
    assert [shown for shown in SEEN.values() if not any(line.endswith(shown) for line in lines)] == []


@pytest.mark.parametrize("argv", [("status", "O-1"), ("events",)], ids=short)
def test_all_that_was_said_does_nothing_on_a_terminal(spoken: Place, argv: tuple[str, ...]) -> None:
    ran = spoken.terminal(*argv, "--color", "never")
    assert ran.code == 0
    assert not unseen(ran.out)


def test_a_spreadsheet_takes_no_text_for_a_formula(spoken: Place) -> None:
    ran = done(spoken, "events", "--type", "message_sent", "--format", "csv", "--fields", "seq,text")
    cells = [row[1] for row in csv.reader(io.StringIO(ran.out))][1:]
    assert len(cells) == len(SEEN)
    for cell, text in zip(cells, SEEN, strict=True):
        assert cell.startswith("'" + text[0]) if text[0] in "=+-@" else cell[0] != "'" or text[0] == "'"


def test_a_spreadsheet_has_amounts_as_they_are(spoken: Place) -> None:
    rows = list(csv.DictReader(io.StringIO(done(spoken, "ledger", "--format", "csv").out)))
    assert [row["amount"] for row in rows] == ["-50.00", "50.00"]


EVIL = "\x1b[31m\x9b\r\u202e\u200b [/bold] :smile: ${x} {0} %s <script>"
SHOWN = r"\x1b[31m\x9b\r\u202e\u200b [/bold] :smile: ${x} {0} %s <script>"
NEW, VIEW = ("order", "create", "N-1", "--price", "5"), ("status", "O-1")
PLACES = {
    "title": ((*NEW, "--title", EVIL), ("status", "N-1")),
    "buyer": ((*NEW, "--buyer", EVIL), ("status", "N-1")),
    "seller": ((*NEW, "--seller", EVIL), ("status", "N-1")),
    "item": (("order", "create", "N-1", "--item", EVIL + "=5"), ("status", "N-1/1")),
    "tracking": (("order", "ship", "O-1", "--tracking", EVIL), VIEW),
    "message": (("edit", "O-1", "--keep", "--message", EVIL), VIEW),
    "answer": (("respond", "O-1", "--refund", "12.00", "--message", EVIL), VIEW),
    "note": (("add-evidence", "O-1", "cup.png", "--note", EVIL), ("evidence", "list", "O-1")),
}
"""Where a text can be given, and where it is seen."""


@pytest.mark.parametrize("place", PLACES)
def test_every_place_that_takes_a_text_stores_and_shows_it_like_that(offered: Place, place: str) -> None:
    argv, view = PLACES[place]
    answer = offered.ok("--json", *argv)
    assert EVIL in texts(answer.json)
    page = offered.ok(*view)
    assert SHOWN in page.out
    assert not unseen(answer.out + page.out + page.err)


def texts(data: object) -> str:
    """Every text in an answer."""
    if isinstance(data, dict):
        return "\n".join(map(texts, data.values()))
    return "\n".join(map(texts, data)) if isinstance(data, list) else str(data)


# What cannot be stored.


@pytest.mark.parametrize(
    "argv",
    [
        ("message", "O-1", "\udcff"),
        ("order", "create", "N-1", "--price", "5", "--title", "caf\udce9"),
        ("open", "O-1", "--not-received", "--reason", "wrong_address", "--message", "\udced\udca0\udc80"),
        ("messag\udcff",),
        ("status", "--\udcff"),
    ],
    ids=short,
)
def test_an_argument_of_bytes_that_are_no_text_is_usage(dispute: Place, argv: tuple[str, ...]) -> None:
    refused(dispute, 2, *argv, says="of the command line is not valid UTF-8")


@pytest.mark.parametrize("raw", [b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", "tasse".encode("utf-16")], ids=short)
def test_bytes_on_standard_input_that_are_no_text_are_usage(dispute: Place, raw: bytes) -> None:
    refused_here(dispute, 2, "message", "O-1", "-", stdin=raw, says="is not valid UTF-8")


def test_a_nul_is_usage(dispute: Place) -> None:
    refused(dispute, 2, "message", "O-1", "-", stdin=b"a\0b", says="contains a NUL character")
    refused_here(dispute, 2, "message", "O-1", "a\0b", says="contains a NUL character")


@pytest.mark.parametrize("text", ["\u00a0", "\u200b"], ids=short)
def test_a_message_in_which_nothing_can_be_seen_is_refused(dispute: Place, text: str) -> None:
    argv = ("--not-received", "--reason", "wrong_address", "--message", text)
    ran = refused(dispute, 5, "open", "O-1", *argv, says="it must say something", rule="D8")
    assert [fault["rule"] for fault in ran.error["faults"]] == ["D8"]


BLANK = [
    "",
    " ",
    "\n",
    "\r\n",
    "\t",
    "\u3000",
    "\u2028",
    "\u00a0\u200b\ufeff",
    "\u200e\u200f",
    "\u2800",
    "\u3164",
    "\x1b",
    "\u00ad",
    "\ufe0f",
    "\U000e0041",
]


@pytest.mark.parametrize("text", BLANK, ids=short)
def test_nothing_can_be_seen_in_these_either(dispute: Place, text: str) -> None:
    argv = ("--not-received", "--reason", "wrong_address", "--message", text)
    refused_here(dispute, 5, "open", "O-1", *argv, rule="D8")
    refused_here(dispute, 2, "message", "O-1", text, says="is blank")
    refused_here(dispute, 2, "order", "ship", "O-1", "--tracking", text, says="is blank")


def test_a_text_over_64_kib_is_usage_and_one_of_just_that_is_fine(dispute: Place) -> None:
    refused(dispute, 2, "message", "O-1", "x" * 65_537, says="has 65,537 bytes; a text has at most 65,536")
    assert done(dispute, "message", "O-1", "x" * 65_536, "--json").json["events"][0]["text"] == "x" * 65_536


@pytest.mark.parametrize("text", ["ü" * 32_769, "😀" * 16_385, "x" * 1_000_000], ids=("ü", "smile", "million"))
def test_a_text_is_measured_in_bytes(dispute: Place, text: str) -> None:
    refused_here(dispute, 2, "message", "O-1", "-", stdin=text.encode(), says="a text has at most 65,536")


@pytest.mark.parametrize(
    ("line", "exit"),
    [
        (r'{"command":"message","id":"O-1","text":"\ud800"}', 8),
        (r'{"command":"message","id":"O-1","text":"\u0000"}', 2),
        (r'{"command":"message","id":"O-1","text":"\u200b"}', 2),
        (r'{"command":"message","id":"\u001b[31m","text":"x"}', 2),
        (r'{"command":"\u001b[31m","id":"O-1","text":"x"}', 8),
        ("message O-1 'no end", 8),
    ],
    ids=short,
)
def test_a_line_of_a_batch_is_judged_like_that_too(dispute: Place, line: str, exit: int) -> None:
    before = snapshot(dispute.folder)
    ran = dispute("batch", "-", stdin=line.encode())
    judge(ran, exit)
    assert ran.json["line"] == 1
    assert snapshot(dispute.folder) == before


HOSTILE_WORDS = [
    ("status", "--\x1b[31m"),
    ("\x1b[31m",),
    ("policy", "show", "\x1b[31m"),
    ("status", "--store", "\x1b[31m"),
    ("status", "--as", "\u202e"),
    ("rules", "\x9b"),
]


@pytest.mark.parametrize("argv", HOSTILE_WORDS, ids=short)
def test_a_complaint_about_hostile_words_does_not_obey_them(dispute: Place, argv: tuple[str, ...]) -> None:
    ran = dispute("--json", *argv)
    judge(ran, ran.code)
    assert ran.code in (2, 3, 7, 8)


def test_a_reason_that_is_hostile_is_only_no_reason(dispute: Place) -> None:
    refused_here(dispute, 5, "open", "O-1", *BROKEN[:1], "--reason", EVIL, rule="D3")


@pytest.mark.parametrize("key", ["", "ü", "a\x1b", "x" * 256, "\u200b", "a\nb"], ids=short)
def test_an_idempotency_key_is_printable_ascii(dispute: Place, key: str) -> None:
    refused_here(dispute, 2, "message", "O-1", "x", "--idempotency-key", key, says="1 to 255 printable ASCII characters")


def test_a_name_of_the_file_system_that_is_no_text_is_usage(dispute: Place) -> None:
    name = os.fsdecode(b"cup\xff.png")
    (dispute.folder / name).write_bytes(b"")
    refused_here(dispute, 2, "open", "O-1", *BROKEN, "--evidence", name, says="is not valid UTF-8")
