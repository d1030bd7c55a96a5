"""What comes beside a command: the bytes of its evidence files, the language of its message. Read here, judged by the rules."""

from collections.abc import Callable

from .core.commands import AddEvidence, Command, EditDispute, OpenDispute, Respond, SendMessage
from .core.evidence import Attachment
from .core.policy import MOST_BYTES
from .keys import Enclosed

MESSAGES: dict[type[Command], str] = {
    OpenDispute: "message",
    EditDispute: "message",
    Respond: "message",
    AddEvidence: "note",
    SendMessage: "text",
}
"""The text of a command that the other party will read, and should be able to (A1)."""

FILES: dict[type[Command], str] = {OpenDispute: "evidence", AddEvidence: "file"}


def paths_of(command: Command) -> tuple[str, ...]:
    name = FILES.get(type(command))
    paths: tuple[str, ...] = getattr(command, name) if name else ()
    return paths


def attach(path: str, shown: str | None = None) -> Attachment:
    """Read an evidence file, or say why it cannot be read."""
    from .regular import NotRegular, read_sized

    name = shown or path
    try:
        data, size = read_sized(path, MOST_BYTES + 1)
    except NotRegular as fault:
        return Attachment(name, 0, b"", str(fault))
    except OSError as fault:
        return Attachment(name, 0, b"", (fault.strerror or "it cannot be read").lower())
    return Attachment(name, size, data)


def enclose(command: Command, attach: Callable[[str], Attachment] = attach) -> Enclosed:
    """What comes beside a command: its files, and the language of its message."""
    return Enclosed(tuple(map(attach, paths_of(command))), language_of(command))


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
