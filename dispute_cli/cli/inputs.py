"""What comes beside the words: evidence files, standard input, the language of a text. Read here, judged by the rules."""

import os
import sys
from collections.abc import Callable

from msgspec.structs import replace

from ..core.commands import MOST_TEXT, AddEvidence, Command, EditDispute, OpenDispute, RefuseReturn, Respond, Rule, SendMessage, Spoken
from ..core.evidence import STDIN, Attachment
from ..core.malformed import Malformed
from ..core.policy import MOST_BYTES
from ..keys import Enclosed

TEXTS: dict[type[Command], tuple[str, ...]] = {
    OpenDispute: ("message",),
    EditDispute: ("message",),
    Respond: ("promise", "message"),
    AddEvidence: ("note",),
    SendMessage: ("text",),
    RefuseReturn: ("reason",),
    Rule: ("reason",),
}
"""The texts of a command that `-` reads from standard input."""

MESSAGES: dict[type[Command], str] = {
    OpenDispute: "message",
    EditDispute: "message",
    Respond: "message",
    AddEvidence: "note",
    SendMessage: "text",
}
"""The text of a command that the other party will read, and should be able to (A1)."""

FILES: dict[type[Command], str] = {OpenDispute: "evidence", AddEvidence: "file"}


def from_stdin(command: Spoken) -> Spoken:
    """The command with the text that `-` stands for."""
    dashes = [name for name in TEXTS.get(type(command), ()) if getattr(command, name) == STDIN]
    if len(dashes) + paths_of(command).count(STDIN) > 1:
        raise Malformed(None, "standard input is read once: give - in one place.")
    return replace(command, **{dashes[0]: read_text(dashes[0])}) if dashes else command


def paths_of(command: Command) -> tuple[str, ...]:
    name = FILES.get(type(command))
    paths: tuple[str, ...] = getattr(command, name) if name else ()
    return paths


def attach(path: str) -> Attachment:
    """Read an evidence file, or say why it cannot be read."""
    from ..regular import NotRegular, read_sized

    if path == STDIN:
        data = read_stdin(MOST_BYTES + 1)
        return Attachment(path, len(data), data)
    try:
        data, size = read_sized(path, MOST_BYTES + 1)
    except NotRegular as fault:
        return Attachment(path, 0, b"", str(fault))
    except OSError as fault:
        return Attachment(path, 0, b"", (fault.strerror or "it cannot be read").lower())
    return Attachment(path, size, data)


def enclose(command: Command, attach: Callable[[str], Attachment] = attach) -> Enclosed:
    """What comes beside a command: its files, and the language of its message."""
    return Enclosed(tuple(map(attach, paths_of(command))), language_of(command))


def read_text(name: str) -> str:
    """The text on standard input, without the newline that ends it; of a longer one than any text may be just the first part."""
    data = read_stdin(MOST_TEXT + 2)
    try:
        return data.decode(errors="replace" if len(data) > MOST_TEXT + 1 else "strict").removesuffix("\n")
    except UnicodeDecodeError:
        raise Malformed(name, f"the {name} on standard input is not valid UTF-8 text.") from None


def read_stdin(most: int) -> bytes:
    if sys.stdin is None:
        raise Malformed(None, "standard input is closed: there is nothing to read for -.")
    pieces: list[bytes] = []
    while most > 0 and (piece := os.read(sys.stdin.fileno(), min(most, 1 << 20))):
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)


def language_of(command: Command) -> str | None:
    """The language of a command's message, where it is reliably known not to be English."""
    name = MESSAGES.get(type(command))
    text: str | None = getattr(command, name) if name else None
    return language(text) if text and any(map(str.isalpha, text)) else None


def language(text: str) -> str | None:
    """The code of a text's language, unless it is English or unsure."""
    import pycld2

    try:
        reliable, _, guesses = pycld2.detect(text, isPlainText=True)
    except pycld2.error:
        # It takes no control characters: such a text is in no language.
        return None
    code = str(guesses[0][1])
    return code if reliable and code not in ("en", "un") else None
