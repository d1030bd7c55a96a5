"""The manual page tells every command and option, and roff prints it as it is meant."""

import re
import shutil
import subprocess

import pytest

from dispute_cli.cli import topics, tree
from dispute_cli.cli.outline import outline
from scripts.manpage import escaped, page

PAGE = page()


@pytest.mark.parametrize(
    ("text", "roff"),
    [
        ("plain words", "plain words"),
        (".hidden", "\\&.hidden"),
        ("'quoted'", "\\(aqquoted\\(aq"),
        ('say "yes"', "say \\(dqyes\\(dq"),
        ("--no-return", "\\-\\-no\\-return"),
        ("a\\n and \\fB", "a\\en and \\efB"),
        ("`rules` ^ ~", "\\(garules\\(ga \\(ha \\(ti"),
        ("50 €", "50 \\[u20AC]"),
    ],
)
def test_what_roff_would_read_as_its_own_is_escaped(text: str, roff: str) -> None:
    assert escaped(text) == roff


def test_every_line_that_begins_with_a_point_is_a_request_of_the_page() -> None:
    requests = {line.split()[0] for line in PAGE.splitlines() if line.startswith((".", "'"))}
    assert requests == {'.\\"', ".TH", ".SH", ".SS", ".TP", ".PP", ".RS", ".RE", ".nf", ".fi", ".B", ".BR"}
    assert PAGE.isascii()


def test_the_sections_stand_in_the_order_of_a_manual() -> None:
    sections = re.findall(r"^\.SH (.+)$", PAGE, re.MULTILINE)
    assert sections[:9] == ["NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "OPTIONS EVERYWHERE", "EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES"]
    assert sections[-1] == "SEE ALSO"
    assert len(sections) == len(topics.TOPICS) + 6


def test_every_command_and_every_option_is_told() -> None:
    for command in outline().commands:
        assert f'.SS "{escaped(command.usage)}"' in PAGE
        for option in command.options:
            assert all(f"\\fB{escaped(name)}\\fR" in PAGE for name in option.names)
    assert all(f"\\fB{escaped(name)}\\fR" in PAGE for option in tree.root().params for name in option.opts)


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_roff_has_nothing_to_say_against_the_page_and_shows_it_as_written() -> None:
    checked = subprocess.run(["groff", "-man", "-ww", "-z"], input=PAGE.encode(), capture_output=True, check=True)
    assert (checked.stdout, checked.stderr) == (b"", b"")
    shown = subprocess.run(["groff", "-man", "-Tascii", "-P-cbou"], input=PAGE.encode(), capture_output=True, check=True).stdout.decode()
    assert 'dispute order create O-1 --price 50.00 --delivery 5.00 --title "Blue cup"' in shown
    assert "dispute reasons --query 'reasons[?received].reason'" in shown
    assert "`_`" in shown
