"""Standard input, where `-` stands for a text or a file. What else comes beside a command is read in enclosing.py."""

import os
import sys
from collections.abc import Callable

from msgspec.structs import replace

from .. import enclosing
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


def from_stdin(command: Spoken) -> Spoken:
    """The command with the text that `-` stands for."""
    dashes = [name for name in TEXTS.get(type(command), ()) if getattr(command, name) == STDIN]
    if len(dashes) + enclosing.paths_of(command).count(STDIN) > 1:
        raise Malformed(None, "standard input is read once: give - in one place.")
    return replace(command, **{dashes[0]: read_text(dashes[0])}) if dashes else command


def attach(path: str) -> Attachment:
    """Read an evidence file, or say why it cannot be read."""
    if path == STDIN:
        data = read_stdin(MOST_BYTES + 1)
        return Attachment(path, len(data), data)
    return enclosing.attach(path)


def enclose(command: Command, attach: Callable[[str], Attachment] = attach) -> Enclosed:
    """What comes beside a command, `-` being standard input."""
    return enclosing.enclose(command, attach)


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
