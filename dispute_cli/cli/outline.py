"""The command tree as plain data: every command with its arguments, options, examples and exit codes, for tools and the man page. Nothing is run here."""

from typing import Any

from msgspec import Struct
from typer.core import TyperOption

from ..core.commands import Spoken, name_of
from ..enclosing import FILES
from ..questions import Asked, Tick
from ..runs.batch import FAILED_IN_PART
from . import tree
from .call import OF_THE_BOOK
from .examples import EXAMPLES
from .failures import CODES
from .layout import group_of


class Taken(Struct, frozen=True, kw_only=True):
    """What arguments and options have in common."""

    metavar: str | None
    """What stands for its value; None: a switch."""
    required: bool
    many: bool
    """It may be given more than once."""
    choices: tuple[str, ...]
    """Every value it takes; none: any of its form."""
    help: str


class Argument(Taken, frozen=True, kw_only=True):
    name: str


class Option(Taken, frozen=True, kw_only=True):
    names: tuple[str, ...]
    default: str | None
    group: str


class Told(Struct, frozen=True, kw_only=True):
    """A command."""

    words: str
    help: str
    usage: str
    arguments: tuple[Argument, ...]
    options: tuple[Option, ...]
    examples: tuple[str, ...]
    exits: tuple[int, ...]
    """The exit codes that it can end with."""


class Exit(Struct, frozen=True):
    exit: int
    code: str | None
    """As in `error.code`; None: no error."""
    means: str


class Outline(Struct, frozen=True, kw_only=True):
    groups: dict[str, str]
    """The words of a group → its sentence."""
    commands: tuple[Told, ...]
    everywhere: tuple[Option, ...]
    exits: tuple[Exit, ...]


MEANINGS = {
    None: "done",
    "fault": "an unexpected fault, of ours or of the disk's",
    "usage": "usage: an unknown option or a malformed value",
    "not_found": "no such order or thing",
    "consent_needed": "consent is needed: nothing was changed (see `help consent`)",
    "rule_refused": "refused by a rule: nothing was changed (see `rules`)",
    "conflict": "conflict: the lock was not had in time, the key or the file is taken",
    "store_unusable": "the store is missing, unreadable, damaged or newer",
    "invalid_file": "a given file is invalid: evidence, policy, batch, scenario",
    "batch_failed": "a batch failed in part",
    "expectation_failed": "an expectation of a scenario failed",
    "interrupted": "interrupted",
}
"""error.code → what it means."""

EXITS: dict[str | None, int] = {None: 0, **{code: exit for code, exit in CODES.values()}, "batch_failed": FAILED_IN_PART, "expectation_failed": 20}

CONSENT = {
    "order confirm": ("the escrow is released to the seller for good", "E3"),
    "accept": ("less than was demanded, a promise, or a return not demanded", "N5 N6"),
    "cancel": ("protection is over, or an agreed refund or a claim is given up", "N9 C5"),
    "escalate": ("evidence and claim are locked", "C2"),
}
"""The commands that may need a yes: what is given up, and the rules that ask."""

MISSING = ("ID", "HASH", "RULE", "NAME", "TOPIC", "KEY")
"""Arguments that name something which may not be there."""
GIVEN = ("NAME|FILE", "FILE|-", "PATH")
"""Values that name a file to be read."""
ALWAYS = (0, 1, 2, 130)


def outline() -> Outline:
    """The whole tree."""
    return Outline(
        groups=dict(tree.GROUPS),
        commands=tuple(map(told, tree.COMMANDS)),
        everywhere=tuple(option(param, "Options everywhere") for param in tree.root().params),
        exits=exits(),
    )


def exits() -> tuple[Exit, ...]:
    """The table of exit codes."""
    rows = (Exit(exit, code, MEANINGS[code]) for code, exit in EXITS.items())
    return tuple(sorted(rows, key=lambda row: row.exit))


def told(words: str) -> Told:
    command: Any = tree.build(words)
    return Told(
        words=words,
        help=command.help or "",
        usage=" ".join(["dispute", words, *command.collect_usage_pieces(None)]),
        arguments=tuple(argument(param) for param in command.params if not isinstance(param, TyperOption)),
        options=tuple(option(param, "Options") for param in command.params if isinstance(param, TyperOption)),
        examples=EXAMPLES.get(words, ()),
        exits=ends(words, command.params),
    )


def argument(param: Any) -> Argument:
    return Argument(name=param.name, **taken(param))


def option(param: Any, otherwise: str) -> Option:
    return Option(names=tuple(param.opts), default=default(param), group=group_of(param, otherwise), **taken(param))


def taken(param: Any) -> dict[str, Any]:
    return {
        "metavar": None if getattr(param, "is_flag", False) else param.metavar,
        "required": param.required,
        "many": param.nargs == -1 or getattr(param, "multiple", False),
        "choices": choices(param),
        "help": param.help or "",
    }


def choices(param: Any) -> tuple[str, ...]:
    if param.metavar == "CODE" and param.opts == ["--reason"]:
        from ..policies import DEFAULT, load

        return tuple(load(DEFAULT).reasons)
    known = tuple(str(getattr(choice, "value", choice)) for choice in getattr(param.type, "choices", ()))
    # The clock acts by itself: nobody gives a command as it.
    return tuple(choice for choice in known if choice != "clock" or param.opts != ["--as"])


def default(param: Any) -> str | None:
    """What counts where it is not given, as text; None: nothing does."""
    if isinstance(param.show_default, str):
        return param.show_default
    return str(getattr(param.default, "value", param.default)) if param.default and not param.is_flag else None


KINDS = {name_of(kind): kind for kind in (*Spoken.__args__, *Asked.__args__)}


def ends(words: str, params: list[Any]) -> tuple[int, ...]:
    """The exit codes that a command can end with."""
    if words == "batch":
        return tuple(row.exit for row in exits())  # each line ends as its command does
    if words == "copy":
        return (*ALWAYS[:3], 6, 7, 130)
    if words == "test":
        return (*ALWAYS[:3], 8, 20, 130)
    kind = KINDS.get(words)
    metavars = {word for param in params for word in (param.metavar or "").split()}
    found = {
        3: bool(metavars & set(MISSING)) and words != "order create",
        4: words in CONSENT,
        5: kind in Spoken.__args__ or kind is Tick,
        6: words in ("init", "record", "page") or (kind is not None and words not in OF_THE_BOOK),
        7: words in ("init", "record", "page") or (kind is not None and words not in OF_THE_BOOK),
        8: kind in FILES or bool(metavars & set(GIVEN)),
    }
    return tuple(sorted((*ALWAYS, *(exit for exit, can in found.items() if can))))
