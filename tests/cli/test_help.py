"""Help is complete without a network: every level, every topic, and every example in it works."""

import re
import shlex
import textwrap
from pathlib import Path

import pytest

from dispute_cli.cli import topics, tree
from dispute_cli.cli.examples import EXAMPLES, folded
from dispute_cli.cli.failures import CODES
from dispute_cli.cli.forms import FORMS
from dispute_cli.cli.outline import CONSENT, EXITS, MEANINGS, outline
from dispute_cli.core.decide import consent
from tests.cli.shell import midsummer, play, ready
from tests.cli.test_imports import loaded
from tests.run import Place

EVERY = ["", *tree.GROUPS, *tree.COMMANDS]

ORDER = ("dispute init", "dispute order create O-1 --price 50.00 --delivery 5.00")
DISPUTED = (*ORDER, "dispute open O-1 --received --reason defective --refund 20.00 --message Broken --evidence cup.png")
OFFERED = (*DISPUTED, "dispute respond O-1 --refund 10.00")
ESCALATED = (*OFFERED, "dispute escalate O-1 --confirm")
RETURNING = (*ORDER, "dispute open O-1 --received --reason changed_mind --refund full --message Sorry", "dispute accept O-1 --as seller")
SENT_BACK = (*RETURNING, "dispute return send O-1 --tracking RX1")

@pytest.fixture
def wide(empty: Place) -> Place:
    """Where help is as wide as it is written, whoever runs the tests."""
    empty.env["COLUMNS"] = "80"
    return empty


BEFORE = {
    "": (),
    "init": (),
    "order": ORDER[:1],
    "order create": ORDER[:1],
    **dict.fromkeys(("order ship", "order deliver", "order confirm", "open", "extend-protection", "batch"), ORDER),
    **dict.fromkeys(("edit", "accept", "escalate"), OFFERED),
    **dict.fromkeys(("return", "return send"), RETURNING),
    **dict.fromkeys(("return acknowledge", "return refuse"), SENT_BACK),
    **dict.fromkeys(("review", "review request-evidence"), ESCALATED),
    "review rule": (*ESCALATED, "dispute tick 15d"),
    "record": (*DISPUTED, "dispute order create O-2 --price 9.00"),
}
"""What makes a store ready for a command's examples; for those not named a dispute is open."""

ASKED = ("dispute accept O-1", "dispute escalate O-1", "dispute order confirm O-1")
"""Examples that ask for a yes, and so end with 4 off a terminal."""

STORIES = ("", *tree.GROUPS)
"""Whose examples are played one after the other."""


def prepared(folder: Path, words: str) -> Place:
    place = ready(folder)
    for line in BEFORE.get(words, DISPUTED):
        assert play(place, line).code == 0, line
    return place


@pytest.mark.parametrize("words", EVERY)
def test_every_command_has_an_example_of_its_own(words: str) -> None:
    assert EXAMPLES[words]
    assert words in STORIES or all(f"dispute {words}" in line for line in EXAMPLES[words])


def test_no_example_stands_for_a_command_that_does_not_exist() -> None:
    assert set(EXAMPLES) == set(EVERY)


@pytest.mark.parametrize("words", STORIES)
def test_the_examples_of_a_group_work_one_after_the_other(tmp_path: Path, words: str) -> None:
    place = prepared(tmp_path, words)
    for line in EXAMPLES[words]:
        assert play(place, line).code == 0, line


@pytest.mark.parametrize(("words", "line"), [(words, line) for words in tree.COMMANDS for line in EXAMPLES[words]])
def test_an_example_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, line: str) -> None:
    monkeypatch.setattr("dispute_cli.cli.call.wall", midsummer)
    ran = play(prepared(tmp_path, words), line)
    assert ran.code == (4 if line in ASKED else 0), ran


@pytest.mark.parametrize("words", EVERY)
def test_examples_come_first_and_options_stand_in_groups(empty: Place, words: str) -> None:
    out = empty.ok(*words.split(), "-h").out
    titles = re.findall(r"^(\S.*):$", out, re.MULTILINE)
    assert titles[0] == "Examples"
    assert titles[-5:] == ["Store", "Output", "Safety", "Who and how", "Help"]
    assert out == empty.ok(*words.split(), "--help").out


def test_a_command_with_many_options_has_them_in_groups_of_its_own(empty: Place) -> None:
    out = empty("open", "--help").out
    assert [title in out for title in ("\nWhat is wrong:\n", "\nWhat you demand:\n", "\nEvidence:\n")] == [True] * 3


@pytest.mark.parametrize("group", tree.GROUPS)
def test_a_group_lists_its_commands_with_their_sentences(empty: Place, group: str) -> None:
    out = " ".join(empty.ok(group, "-h").out.split())
    for word, sentence in tree.summaries(group).items():
        assert f"{word} {sentence}" in out


@pytest.mark.parametrize("columns", [1, 40, 60, 80, 120, 200])
def test_no_line_of_help_is_wider_than_the_terminal(empty: Place, columns: int) -> None:
    empty.env["COLUMNS"] = str(columns)
    for words in EVERY:
        lines = empty(*words.split(), "--help").out.splitlines()
        assert not any(line.endswith(" ") for line in lines)
        assert max(map(len, lines)) <= min(max(columns, 40), 120), (words, max(lines, key=len))


@pytest.mark.parametrize("line", dict.fromkeys(line for lines in EXAMPLES.values() for line in lines))
def test_a_folded_example_is_the_same_to_a_shell(line: str) -> None:
    shown = folded(line, 40, "  ")
    assert shlex.split(shown.replace("\\\n", "")) == shlex.split(line)
    assert all(row.endswith(" \\") for row in shown.splitlines()[:-1])


def test_help_alone_is_the_help_of_all_and_the_list_of_topics(wide: Place) -> None:
    out = wide.ok("help").out
    assert out.startswith(wide("--help").out.rstrip())
    for name in topics.TOPICS:
        assert f"\n  {name}  " in out


@pytest.mark.parametrize("words", [words for words in EVERY[1:] if words not in topics.TOPICS])
def test_help_of_a_command_is_what_the_command_says_itself(empty: Place, words: str) -> None:
    assert empty.ok("help", *words.split()).out == empty.ok(*words.split(), "--help").out


def test_help_on_a_word_that_is_both_tells_the_topic_and_then_the_command(wide: Place) -> None:
    out = wide.ok("help", "batch").out
    assert out == f"{topics.topic('batch')}\n{wide.ok('batch', '--help').out}"


def test_every_topic_is_listed_and_every_file_is_a_topic() -> None:
    folder = Path(topics.__file__).parent
    assert {path.stem for path in folder.glob("*.txt")} == set(topics.TOPICS)
    assert {name for topic in topics.TOPICS for name in topics.SLOT.findall(topics.read(topic))} == set(topics.SLOTS)


@pytest.mark.parametrize("topic", topics.TOPICS)
def test_a_topic_is_plain_text_that_fits_any_terminal(wide: Place, topic: str) -> None:
    text = topics.topic(topic)
    assert text.isascii()
    assert wide.ok("help", topic).out.startswith(text)
    assert not topics.SLOT.search(text)
    assert [line for line in text.splitlines() if len(line) > 80 or line != line.rstrip()] == []


@pytest.mark.parametrize("topic", topics.TOPICS)
def test_the_examples_of_a_topic_work(tmp_path: Path, topic: str) -> None:
    place = ready(tmp_path)
    for line in () if topic in ("getting-started", "configuration") else ORDER:
        assert play(place, line).code == 0
    for name, text in re.findall(r"^  # (\S+\.yaml)\n((?:  .*\n)+)", topics.topic(topic), re.MULTILINE):
        (tmp_path / name).write_text(textwrap.dedent(text))
    lines = re.findall(r"^  \$ ((?:.*\\\n)*.*)$", topics.topic(topic), re.MULTILINE)
    assert lines
    for line in lines:
        expected = re.search(r"# exit (\d+)$", line)
        ran = play(place, line)
        assert ran.code == (int(expected[1]) if expected else 0), (line, ran)


def test_help_on_nothing_known_is_not_found_and_guesses(empty: Place) -> None:
    ran = empty("help", "idempotncy", "--json")
    assert (ran.code, ran.json["command"], ran.error["code"]) == (3, "help", "not_found")
    assert "Did you mean 'idempotency'?" in ran.err
    assert "Did you mean 'order create'?" in empty("help", "order", "creat").err


def test_help_is_an_object_for_scripts(wide: Place) -> None:
    shown = wide.ok("help", "time", "--json").json
    assert shown == {
        "schema": "dispute/1",
        "ok": True,
        "command": "help",
        "now": None,
        "warnings": [],
        "topic": "time",
        "text": topics.topic("time"),
    }
    assert wide.ok("help", "--json").json["topic"] is None
    assert wide.ok("help", "time", "--query", "topic").json == "time"


def test_every_exit_code_and_every_variable_is_told(wide: Place) -> None:
    codes = wide.ok("help", "exit-codes").out
    assert set(EXITS) <= set(MEANINGS)
    assert {exit for _, exit in CODES.values()} <= {int(number) for number in re.findall(r"^  (\d+)  ", codes, re.MULTILINE)}
    told = wide.ok("help", "environment").out
    assert all(f"  DISPUTE_{name.upper()} " in told for name in FORMS)
    assert "DISPUTE_YES" not in told


def test_every_rule_that_asks_for_consent_is_told() -> None:
    asking = re.findall(r'ConsentNeeded\("(\w+)"', Path(consent.__file__).read_text())
    assert set(asking) == {rule for _, rules in CONSENT.values() for rule in rules.split()}


def test_help_loads_no_rich(empty: Place) -> None:
    for argv in (("help",), ("help", "exit-codes"), ("help", "open"), ("schema", "commands")):
        assert {name for name in loaded(empty, *argv) if name.partition(".")[0] == "rich"} == set()


def test_the_schema_of_commands_tells_the_whole_tree(empty: Place) -> None:
    assert "commands" in empty.ok("schema", "--json").json["names"]
    told = empty.ok("schema", "commands").json
    assert [command["words"] for command in told["commands"]] == list(tree.COMMANDS)
    assert told["groups"] == tree.GROUPS
    assert {"--store", "--json", "--as", "--yes"} <= {name for option in told["everywhere"] for name in option["names"]}
    assert {row["exit"]: row["code"] for row in told["exits"]} == {exit: code for code, exit in EXITS.items()}
    ship = next(command for command in told["commands"] if command["words"] == "order ship")
    assert ship == {
        "words": "order ship",
        "help": "Record that the seller sent the parcel.",
        "usage": "dispute order ship ID --tracking NUMBER [OPTIONS]",
        "arguments": [
            {
                "metavar": "ID",
                "required": True,
                "many": False,
                "choices": [],
                "help": "The order; a line of a purchase is ID/1, ID/2 and so on.",
                "name": "id",
            }
        ],
        "options": [
            {
                "metavar": "NUMBER",
                "required": True,
                "many": False,
                "choices": [],
                "help": "The parcel's tracking number.",
                "names": ["--tracking"],
                "default": None,
                "group": "Options",
            }
        ],
        "examples": ["dispute order ship O-1 --tracking LP00117"],
        "exits": [0, 1, 2, 3, 5, 6, 7, 130],
    }


def test_the_schema_of_commands_knows_values_defaults_and_exit_codes() -> None:
    commands = {command.words: command for command in outline().commands}
    options = {words: {option.names[-1]: option for option in command.options} for words, command in commands.items()}
    assert "defective" in options["open"]["--reason"].choices
    assert (options["open"]["--received"].metavar, options["open"]["--received"].group) == (None, "What is wrong")
    assert options["open"]["--evidence"].many
    assert options["order create"]["--currency"].default == "USD"
    assert "clock" not in next(option for option in outline().everywhere if option.names == ("--as",)).choices
    ends = {words: set(command.exits) for words, command in commands.items()}
    assert [words for words in ends if 4 in ends[words]] == ["order confirm", "cancel", "accept", "escalate", "batch"]
    assert {8} <= ends["open"] & ends["init"] & ends["policy show"]
    assert not {6, 7} & (ends["rules"] | ends["help"] | ends["demo"])
    assert 3 not in ends["order create"]


def test_the_schema_of_commands_can_be_queried(empty: Place) -> None:
    assert empty.ok("schema", "commands", "--query", "commands[?words=='tick'].exits[]").json == [0, 1, 2, 3, 5, 6, 7, 130]
