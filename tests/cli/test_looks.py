"""What people see on a terminal: screens that keep to their width and line up, commands that can be pasted as they stand, colours that can be read."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from dispute_cli import pictures
from dispute_cli.cli.drawing import FILLS, folded, spread
from dispute_cli.cli.printing import CODES, MOST_WIDE, lay_out
from dispute_cli.cli.spelled import quoted, spelled
from dispute_cli.cli.text.shape import Bar, Block, Paste, Section, Share, Table
from dispute_cli.cli.visible import visible
from dispute_cli.cli.words import parse
from dispute_cli.core import commands as c
from dispute_cli.core.links import blank
from dispute_cli.core.words import Actor
from dispute_cli.moves import arguments, moves
from scripts.generate import ROOT
from scripts.screens import ESCALATED, OFFERED, SCREENS, pages
from tests.rules.payloads import PAYLOADS
from tests.rules.states import STATES
from tests.run import START, Place, Ran

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
FILES = sorted(pages())


def drawn(path: str) -> list[str]:
    return COLOUR.sub("", Path(ROOT, path).read_text(encoding="utf-8")).splitlines()


# Screens


@pytest.mark.parametrize("path", FILES)
def test_no_line_of_a_screen_is_wider_than_its_terminal(path: str) -> None:
    width = int(path.split("-")[1].removesuffix(".txt"))
    wide = [line for line in drawn(path) if cell_len(line) > width]
    # An error is told in whole sentences on standard error, and wraps where the terminal wraps.
    assert not wide or "/error-" in path


@pytest.mark.parametrize("path", FILES)
def test_the_columns_of_a_screen_line_up_by_the_cells_of_their_characters(path: str) -> None:
    for column in (parties(drawn(path)), states(drawn(path))):
        assert len(set(column)) <= 1


def parties(lines: list[str]) -> Iterator[int]:
    """Where the text begins in each row of the correspondence."""
    part = lines[lines.index(next(line for line in lines if "correspondence" in line)) :] if any("correspondence" in line for line in lines) else []
    for line in part:
        if row := re.match(r"\d{4}-\S+Z  (buyer|seller|platform) +", line):
            yield cell_len(row[0])
        elif "what happened" in line:
            return


def states(lines: list[str]) -> Iterator[int]:
    """Where the move stands in each row of the list."""
    if not lines[0].startswith("id "):
        return
    for line in lines:
        if move := re.search(r"  (move|buyer|seller|platform|clock)  ", line):
            yield cell_len(line[: move.start()])


@pytest.mark.parametrize("path", [path for path in FILES if path.endswith("ascii.txt") and "/foreign-" not in path])
def test_a_terminal_that_shows_ascii_alone_is_shown_ascii_alone(path: str) -> None:
    assert "\n".join(drawn(path)).isascii()


def test_colour_says_nothing_that_words_do_not_say() -> None:
    for name in ("offered", "list"):
        assert drawn(f"tests/cli/screens/{name}-80-colour.txt") == drawn(f"tests/cli/screens/{name}-80.txt")


def test_a_real_terminal_shows_the_very_screen(empty: Place) -> None:
    shown = staged(empty, SCREENS["offered"].story)
    shown.env |= {"COLUMNS": "80", "NO_COLOR": "1", "TZ": "UTC"}
    assert shown.terminal("status", "O-1").out == Path(ROOT, "tests/cli/screens/offered-80.txt").read_text(encoding="utf-8")


def test_a_real_terminal_in_ascii_and_one_whose_encoding_has_no_boxes(empty: Place) -> None:
    shown = staged(empty, SCREENS["offered"].story)
    shown.env |= {"COLUMNS": "80", "NO_COLOR": "1", "TZ": "UTC", "PYTHONIOENCODING": "latin-1"}
    assert shown.terminal("status", "O-1").out == Path(ROOT, "tests/cli/screens/offered-80-ascii.txt").read_text(encoding="utf-8")


def staged(place: Place, story: tuple[str, ...]) -> Place:
    shutil.copyfile(Path(pictures.__file__).parent / "cup.png", place.folder / "cup.png")
    for line in story:
        place.ok(*shlex.split(line))
    return place


# Colours


def luminance(code: str) -> float:
    """Of a colour of the 6×6×6 cube, as WCAG measures it."""
    number = int(code.rpartition(";")[2]) - 16
    levels = [0 if step == 0 else (55 + 40 * step) / 255 for step in (number // 36, number // 6 % 6, number % 6)]
    red, green, blue = (level / 12.92 if level <= 0.03928 else ((level + 0.055) / 1.055) ** 2.4 for level in levels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("name", [name for name, code in CODES.items() if ";" in code])
def test_a_colour_can_be_read_on_black_and_on_white(name: str) -> None:
    light = luminance(CODES[name])
    assert (1.05) / (light + 0.05) > 3
    assert (light + 0.05) / 0.05 > 3


def test_nothing_is_dim_and_no_sign_stands_for_two_things() -> None:
    assert "2" not in CODES.values()
    money = [FILLS[name] for name in ("buyer", "escrow", "seller", "carrier")]
    assert len({fancy for fancy, _, _ in money}) == len({ascii for _, ascii, _ in money}) == 4


# The page


def test_a_counter_says_how_much_is_left_of_what(offered: Place) -> None:
    offered.env |= {"COLUMNS": "100", "TERM": "dumb"}
    offered.ok("tick", "9d6h")
    assert "counter     ##.......................  18 hours left of 10 days, until 2026-01-11T00:00:00Z\n" in offered.terminal("status", "O-1").out


def test_a_purchase_is_a_page_for_each_line(empty: Place) -> None:
    empty.ok("init")
    empty.ok("order", "create", "P-1", "--item", "Blue cup=12.50", "--item", "Red cup=13.00", "--delivery", "4.00")
    empty.env |= {"COLUMNS": "80", "NO_COLOR": "1"}
    one, two = empty.terminal("status", "P-1").out.split("\n\nP-1/2  protected  Red cup\n")
    assert one.startswith("P-1/1  protected  Blue cup\n")
    assert ("P-1/2" in one, "P-1/1" in two) == (False, False)


def test_a_carrier_is_shown_where_it_was_paid(offered: Place) -> None:
    offered.env |= {"COLUMNS": "80", "TERM": "dumb"}
    offered.ok("cancel", "O-1")
    offered.ok("open", "O-1", "--received", "--reason", "changed_mind", "--refund", "full", "--message", "Back")
    offered.ok("accept", "O-1", "--as", "seller")
    offered.ok("return", "send", "O-1", "--tracking", "R1", "--postage", "8.40")
    assert "= buyer -63.40   # escrow 55.00   - seller 0.00   . carrier 8.40\n" in offered.terminal("status", "O-1").out


# Bars, sections, tables


def test_a_bar_has_a_cell_for_whatever_is_not_nothing() -> None:
    assert spread((Share(1, "left"), Share(10_000, "gone")), 10) == [1, 9]
    assert spread((Share(0, "left"), Share(5, "gone")), 10) == [0, 10]
    assert spread((Share(1, "left"), Share(1, "gone"), Share(1, "urgent")), 10) == [4, 3, 3]


@pytest.mark.parametrize(("width", "cells"), [(20, 10), (80, 20), (400, 40)])
def test_a_bar_is_as_long_as_there_is_room(width: int, cells: int) -> None:
    shown = lay_out([Table((), [("x", Bar((Share(1, "left"), Share(1, "gone")), "half"))])], False, width, True)
    assert shown.splitlines()[0].startswith("x  " + "█" * (cells // 2) + "░" * (cells // 2))


def test_off_a_terminal_a_bar_is_its_words_and_a_section_its_title() -> None:
    blocks: list[Block] = [Section("money"), Table((), [("left", Bar((Share(1, "left"), Share(1, "gone")), "half of it"))])]
    assert lay_out(blocks, False, None) == "\nmoney\nleft\thalf of it\n"


def test_a_long_line_is_set_in_where_it_goes_on_and_a_text_cannot_begin_a_line_of_its_own() -> None:
    assert lay_out([("one two three four",)], False, 12) == "one two\n  three four\n"
    assert lay_out([("a\nerror: forged",)], False, 80) == "a\n  error: forged\n"


@settings(max_examples=50)
@given(st.text(st.characters(codec="utf-8"), max_size=80), st.integers(30, 100))
def test_no_text_makes_a_line_wider_than_the_terminal_or_loses_a_letter(text: str, width: int) -> None:
    for block in ((text,), Table((), [("of", text)]), Table(("by", "what"), [("him", text)])):
        shown = lay_out([block], False, width, True)
        assert all(cell_len(line) <= width for line in shown.splitlines())
        assert squeezed("".join(map(visible, text.split("\n")))) in squeezed(shown)


def squeezed(text: str) -> str:
    """What can be seen of a text, wherever it goes on in another line."""
    return "".join(text.split())


def test_a_page_on_a_wide_terminal_keeps_to_what_can_be_read(offered: Place) -> None:
    offered.env |= {"COLUMNS": "300", "NO_COLOR": "1"}
    lines = offered.terminal("status", "O-1").out.splitlines()
    assert max(cell_len(line) for line in lines if not line.startswith("warning")) == MOST_WIDE


# Commands as words


def spoken() -> Iterator[c.Command]:
    """Every command, with payloads good and bad."""
    for kind, payloads in PAYLOADS.items():
        for payload in payloads:
            yield kind(id="P-1/2", **{"party" if name == "from_" else name: value for name, value in payload.items() if name != "files"})
    yield c.CreateOrder(id="O-1", item=("Blue cup=1.00", "it's=2.00"), delivery="3", currency="EUR", buyer="王", deliver_by="2026-02-01", policy="a b")
    yield c.CreateOrder(id="O-1", price="5", title="--yes")
    yield c.OpenDispute(id="-1", received=False, with_return=False, link=("https://a.example", "https://b.example"), evidence=("-", "a b.png"))
    yield c.Accept(id="O-1", by=Actor.SELLER)


def heard(words: list[str]) -> c.Command:
    """The command that the words of a line say, with who gives it."""
    command, given = parse(words[1:])
    assert isinstance(command, c.Command)
    return replace(command, by=given["acting"]) if "acting" in given else command


@pytest.mark.parametrize("command", [*spoken()], ids=repr)
def test_a_spelled_command_is_understood_as_the_very_command(command: c.Command) -> None:
    assert heard(spelled(c.name_of(command), arguments(command))) == command


@pytest.mark.parametrize("name", STATES)
def test_every_move_can_be_spelled(name: str) -> None:
    story = STATES[name]()
    for move in moves(story.order, story.moment()):
        words = spelled(c.name_of(move), arguments(move))
        assert heard(shlex.split(quoted(words))) == move
        assert ("--as" in words) == (move.by is not None)


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30).filter(lambda text: not blank(text))


@given(TEXT, TEXT, st.sampled_from(["O-1", "-x", "--help", "P/1"]))
def test_any_text_survives_the_command_line(text: str, other: str, id: str) -> None:
    for command in (c.SendMessage(id=id, text=text), c.AddEvidence(id=id, file=(text, other), note=other), c.Respond(id=id, promise=text, message=other)):
        assert heard(shlex.split(quoted(spelled(c.name_of(command), arguments(command))))) == command


@given(TEXT, st.integers(20, 100))
def test_a_command_on_several_lines_is_for_a_shell_the_same_command(text: str, width: int) -> None:
    words = ["dispute", "message", "O-1", text, "--as", "seller", "--store", "x" * 90]
    lines = folded(words, width)
    assert shlex.split("\n".join(lines).replace("\\\n", "")) == words or "\\\n" in text


def test_a_store_of_another_name_is_named_in_every_command(offered: Place) -> None:
    (offered.folder / "disputes.json").rename(offered.folder / "my store.json")
    (offered.folder / "disputes.json.d").rename(offered.folder / "my store.json.d")
    shown = offered.ok("status", "O-1", "--store", "my store.json").out
    assert "buyer\tdispute accept O-1 --store 'my store.json'\n" in shown
    assert lay_out([Paste("accept", {"id": "O-1"})], False, 80, False, "my store.json") == "  dispute accept O-1 --store 'my store.json'\n"


# Pasted


WAYS: dict[str, tuple[str, ...]] = {
    "protected": OFFERED[:2],
    "protected, late": (*OFFERED[:2], "tick 31d", "extend-protection O-1 --days 5"),
    "awaiting_seller": OFFERED[:9],
    "awaiting_buyer": OFFERED,
    "awaiting_buyer, a promise": (*OFFERED[:9], 'respond O-1 --promise "A new cup leaves today"'),
    "awaiting_return": (*OFFERED[:8], "open O-1 --received --reason changed_mind --refund full --message Back", "accept O-1 --as seller"),
    "return_shipped": (*OFFERED[:8], "open O-1 --received --reason changed_mind --refund full --message Back", "accept O-1 --as seller", "return send O-1 --tracking R1"),
    "escalated, before day 15": ESCALATED,
    "escalated, after day 15": (*ESCALATED, "tick 15d"),
    "escalated, conceded": (*ESCALATED, "accept O-1 --as seller", "tick 15d"),
    "settling": SCREENS["settling"].story,
}


def offers(page: str) -> list[str]:
    """The commands of a page, each with all its lines."""
    part = page[page.index("what you can do next") :].partition("\n\n")[0] + "\n"
    return [found.rstrip("\n") for found in re.findall(r"^  (dispute (?:[^\n]*\\\n)*[^\n]*\n)", part, re.MULTILINE)]


def pasted(command: str) -> list[str]:
    """The words that a shell makes of a pasted command."""
    return shlex.split(command.replace("\\\n", ""))[1:]


def answered(place: Place, argv: list[str]) -> Ran:
    """Run the command, and say yes where it asks; escalating is confirmed on a terminal alone."""
    ran = place(*argv)
    if ran.code == 4:
        ran = place(*argv, "--yes")
    return place.terminal(*argv, typed="y\n") if ran.code == 4 else ran


@pytest.mark.parametrize("way", WAYS)
def test_every_command_that_a_page_offers_works_as_pasted(empty: Place, tmp_path_factory: pytest.TempPathFactory, way: str) -> None:
    shown = staged(empty, WAYS[way])
    shown.env |= {"COLUMNS": "60", "NO_COLOR": "1"}
    page = shown.terminal("status", "O-1").out
    assert page.startswith(f"O-1  {way.partition(',')[0]}")
    found = offers(page)
    assert len(found) == len(shown("status", "O-1", "--json", "--history").json["moves"])
    for command in found:
        copy = Place(shutil.copytree(shown.folder, tmp_path_factory.mktemp("copy") / "store"))
        before = copy.bytes()
        assert answered(copy, pasted(command)).code == 0, command
        assert copy.bytes() != before, command


def test_the_lines_of_a_page_off_a_terminal_can_be_run_with_consent(offered: Place, tmp_path_factory: pytest.TempPathFactory) -> None:
    lines = offered.ok("status", "O-1").out.split("\nnext\n")[1].splitlines()
    assert lines[0] == "buyer\tdispute accept O-1"
    for line in lines:
        copy = Place(shutil.copytree(offered.folder, tmp_path_factory.mktemp("copy") / "store"))
        copy.ok(*shlex.split(line.partition("\t")[2])[1:], "--yes")


def test_a_real_shell_reads_a_command_on_several_lines(offered: Place) -> None:
    offered.env |= {"COLUMNS": "40", "NO_COLOR": "1"}
    command = next(command for command in offers(offered.terminal("status", "O-1").out) if "add-evidence" in command)
    assert "\\\n" in command
    script = f"dispute() {{ {shlex.join(START)} \"$@\"; }}\n{command}\n"
    ran = subprocess.run(["sh", "-c", script], cwd=offered.folder, env=offered.environment(), capture_output=True, check=False)
    assert (ran.returncode, b"evidence: https://example.com/photo.jpg" in ran.stdout) == (0, True)


@pytest.mark.parametrize(("at", "title"), [("2026-03-01", "what could be done at 2026-03-01T00:00:00Z"), ("2026-01-01", "what you can do next")])
def test_what_belongs_to_another_instant_is_said_to_be_so(offered: Place, at: str, title: str) -> None:
    offered.env["NO_COLOR"] = "1"
    assert f"── {title} ─" in offered.terminal("status", "O-1", "--at", at).out


def test_an_instant_is_never_broken_for_a_long_id(empty: Place) -> None:
    empty.ok("init")
    empty.ok("order", "create", "A-VERY-LONG-ORDER-ID-FROM-SOME-SHOP-2026-0001", "--price", "5")
    empty.env["COLUMNS"] = "60"
    assert "2026-03-02T00:00:00Z" in empty.ok("deadlines", "--format", "table").out
