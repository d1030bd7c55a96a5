"""How the lines of a batch arrive: numbered from 1, blank and `#` lines passed over, whatever bytes they are."""

from collections.abc import Callable

import pytest

from dispute_cli.core.malformed import Malformed
from dispute_cli.runs.lines import MOST_BYTES, MOST_LINE, Request, Unparsable, chunks, understand


def source(data: bytes, size: int) -> Callable[[int], bytes]:
    """Gives so many bytes at a time."""
    pieces = iter([data[at : at + size] for at in range(0, len(data), size)])
    return lambda most: next(pieces, b"")


def read(data: bytes, size: int = 65536) -> list[tuple[int, str]]:
    return [line for chunk in chunks(source(data, size)) for line in chunk]


def no_words(given: list[str]) -> Request:
    raise Malformed(None, "words")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 65536])
@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"", []),
        (b"\n\n", []),
        (b"a", [(1, "a")]),
        (b"a\nb\n", [(1, "a"), (2, "b")]),
        (b"a\r\nb\r\n", [(1, "a"), (2, "b")]),
        (b"\n# note\n  a  \n\t#b\n\nb", [(3, "a"), (6, "b")]),
        (b"a#b\n", [(1, "a#b")]),
        ("é\u2028é\n".encode(), [(1, "é\u2028é")]),
        (b"\xff\xfe\n", [(1, "\udcff\udcfe")]),
    ],
)
def test_lines_are_numbered_and_those_that_say_nothing_are_passed_over(data: bytes, lines: list[tuple[int, str]], size: int) -> None:
    assert read(data, size) == lines


def test_lines_that_are_there_together_come_together() -> None:
    assert [len(chunk) for chunk in chunks(source(b"a\nb\nc\n", 4))] == [2, 1]


@pytest.mark.parametrize("filling", [b"x", b" ", "é".encode()])
@pytest.mark.parametrize("ended", [True, False])
def test_a_line_far_too_long_is_one_bad_line_and_the_next_is_read(filling: bytes, ended: bool) -> None:
    long = b'{"command":"message","id":"O-1","text":"' + filling * (5 * MOST_LINE) + b'"}'
    lines = read(b"first\n" + long + (b"\nlast\n" if ended else b""))
    assert [number for number, _ in lines] == ([1, 2, 3] if ended else [1, 2])
    assert len(lines[1][1]) <= MOST_BYTES + 65536
    with pytest.raises(Unparsable, match="at most"):
        understand(lines[1][1], no_words)


def test_a_line_of_blanks_far_too_long_does_not_hide_what_follows_it() -> None:
    lines = read(b" " * (5 * MOST_LINE) + b'{"command":"tick"}\n')
    with pytest.raises(Unparsable):
        understand(lines[0][1], no_words)


def test_a_line_at_its_limit_is_read() -> None:
    text = '{"command":"message","id":"O-1","text":"%s"}'
    room = MOST_LINE - len(text) + 2
    with pytest.raises(Malformed, match="65,536"):
        understand(text % ("x" * room), no_words)
    with pytest.raises(Unparsable):
        understand(text % ("x" * (room + 1)), no_words)


@pytest.mark.parametrize("text", ["tick 5d", "order create x", "--yes tick", "policy list", "'tick' 5d"])
def test_words_of_a_known_command_are_understood_elsewhere(text: str) -> None:
    with pytest.raises(Malformed, match="words"):
        understand(text, no_words)
