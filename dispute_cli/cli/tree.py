"""The command tree: which words lead to which function, and how the one that is called is built. No command is written here."""

from copy import copy
from functools import cache
from importlib import import_module
from typing import Any, cast

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from .options import everywhere

COMMANDS = {
    "init": "keeping.init",
    "order create": "orders.create",
    "order ship": "orders.ship",
    "order deliver": "orders.deliver",
    "order confirm": "orders.confirm",
    "open": "opening.open_dispute",
    "edit": "opening.edit",
    "cancel": "opening.cancel",
    "respond": "answering.respond",
    "accept": "answering.accept",
    "extend-protection": "extension.extend",
    "escalate": "escalating.escalate",
    "add-evidence": "evidence.add",
    "message": "correspondence.message",
    "return send": "returns.send",
    "return acknowledge": "returns.acknowledge",
    "return refuse": "returns.refuse",
    "review request-evidence": "escalating.request_evidence",
    "review rule": "escalating.rule",
    "status": "looking.status",
    "forecast": "reading.forecast",
    "page": "paging.page",
    "tick": "time.tick",
    "events": "reading.events",
    "ledger": "reading.ledger",
    "deadlines": "reading.deadlines",
    "evidence list": "evidence.list_records",
    "evidence export": "evidence.export",
    "reasons": "reference.reasons",
    "rules": "reference.rules",
    "policy list": "reference.list_policies",
    "policy show": "reference.show_policy",
    "policy diff": "reference.diff_policies",
    "policy check": "reference.check_policy",
    "lifecycle": "reference.lifecycle",
    "schema": "reference.schema",
    "verify": "keeping.verify",
    "repair": "keeping.repair",
    "backup": "keeping.backup",
    "copy": "keeping.copy",
    "config list": "configuring.list_settings",
    "config get": "configuring.get",
    "config set": "configuring.write",
    "config unset": "configuring.unset",
    "config path": "configuring.path",
    "batch": "many.batch",
    "test": "scenarios.run_tests",
    "record": "scenarios.record",
    "demo": "many.demo",
    "completion": "completing.completion",
    "help": "reference.help_topic",
}
"""The subcommand's words → the function in this package that reads it."""

GROUPS = {
    "order": "Make an order, and record its shipping and receipt.",
    "return": "Send goods back, acknowledge them or refuse them.",
    "review": "The platform's part: ask for evidence, and rule.",
    "evidence": "Look at the evidence on record.",
    "policy": "Look at the numbers and choices of marketplaces.",
    "config": "Look at settings and where they come from, and write them.",
}

ALONE = {"config": "list"}
"""Groups that mean one of their commands when none is named."""

HELP_NAMES = ["-h", "--help"]


class Unfinished(typer.TyperException):
    """A command line that ends before it says what to do; its text is the help."""

    exit_code = 2

    def __init__(self, help: str) -> None:
        super().__init__("A command is missing.")
        self.help = help


class Said:
    """What the parser learned about a command line while reading it."""

    def __init__(self) -> None:
        self.words: str | None = None
        """The words of the command called, as `order create`; None where it was not understood."""


def note(ctx: Any, param: Any, value: Any) -> None:
    """Keep an option given after the subcommand where those before it are kept: in the root's params."""
    if value is not None:
        ctx.find_root().params[param.name] = value


def twin(option: Any) -> Any:
    """The copy of a root's option that a subcommand takes; it does nothing unless it is given."""
    copied = copy(option)
    copied.expose_value = False
    copied.callback = option.callback or note
    handle = copied.handle_parse_result
    copied.handle_parse_result = lambda ctx, opts, args: handle(ctx, opts, args) if option.name in opts else (None, args)
    return copied


class Shared:
    """What commands and groups have in common: the options everywhere, and the page of help.

    It stands before typer's own classes, which type checkers cannot see from here: hence the `type: ignore` at each `super()`.
    """

    twins: list[Any] | None = None
    parser: Any = None

    def make_parser(self, ctx: Any) -> Any:
        """The parser, made once: a batch reads many lines with it."""
        if self.parser is None:
            self.parser = super().make_parser(ctx)  # type: ignore[misc]
        self.parser.ctx = ctx
        return self.parser

    def get_params(self, ctx: Any) -> list[Any]:
        own: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        root = ctx.find_root().command
        if root is self:
            return own
        if self.twins is None:
            self.twins = [twin(option) for option in root.params]
        return [*own, *self.twins]

    def own(self, ctx: Any) -> list[Any]:
        """The parameters without the options everywhere."""
        return super().get_params(ctx)  # type: ignore[misc, no-any-return]

    def get_help(self, ctx: Any) -> str:
        from .layout import columns

        ctx.terminal_width = columns()
        text: str = super().get_help(ctx)  # type: ignore[misc]
        return "\n".join(map(str.rstrip, text.splitlines()))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        from .layout import lay_out

        words = words_of(ctx)
        lay_out(self, ctx, formatter, words, summaries(words))


class Command(Shared, TyperCommand):
    """One command: reading it returns its struct."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        ctx.obj.words = words_of(ctx)
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """`ID --tracking NUMBER [OPTIONS]`: what must be said, in the order in which it is said."""
        own: list[Any] = self.params
        options = [f"{param.opts[-1]} {param.metavar}" for param in own if isinstance(param, TyperOption) and param.required]
        return [*(argument(param) for param in own if not isinstance(param, TyperOption)), *options, "[OPTIONS]"]


def argument(param: Any) -> str:
    name = f"{param.metavar}..." if param.nargs == -1 else str(param.metavar)
    return name if param.required else f"[{name}]"


class Group(Shared, TyperGroup):
    """A node of the tree; its commands are built when they are called."""

    branch = ""
    """The words up to here."""

    def grow(self, branch: str) -> "Group":
        """Know the names below, without building what they name."""
        self.branch = branch
        self.commands = cast(Any, dict.fromkeys(below(branch)))
        return self

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        alone = ALONE.get(self.branch.strip())
        if alone and not any(arg in self.commands or arg in HELP_NAMES for arg in args) and (not args or args[0].startswith("-")):
            args = [alone, *args]
        if not args:
            raise Unfinished(ctx.get_help())
        return super().parse_args(ctx, args)

    def get_command(self, ctx: Any, cmd_name: str) -> TyperCommand | TyperGroup | None:
        return build(self.branch + cmd_name) if cmd_name in self.commands else None


def below(branch: str) -> list[str]:
    """The words that may follow a branch, as `order `, each once; none for a command."""
    return list(dict.fromkeys(line.removeprefix(branch).split()[0] for line in COMMANDS if line.startswith(branch)))


def summaries(words: str) -> dict[str, str]:
    """The words that may follow `order`, or nothing, each with its sentence; none for a command."""
    branch = f"{words} " if words else ""
    return {word: build(branch + word).help or "" for word in below(branch)}


def words_of(ctx: Any) -> str:
    """The subcommand's words of a context: `order create`, nothing for the root."""
    names: list[str] = []
    while ctx.parent is not None:
        names.insert(0, ctx.info_name)
        ctx = ctx.parent
    return " ".join(names)


@cache
def root() -> Group:
    """The whole tree, as far as it is needed."""
    app = typer.Typer(cls=Group, add_completion=False, rich_markup_mode=None)
    app.callback(context_settings={"help_option_names": HELP_NAMES})(everywhere)
    return cast(Group, typer.main.get_command(app)).grow("")


@cache
def build(words: str) -> TyperCommand | TyperGroup:
    """Build one command from its function, or one group."""
    if words in GROUPS:
        return Group(name=words, help=GROUPS[words], rich_markup_mode=None).grow(words + " ")
    module, _, name = COMMANDS[words].partition(".")
    function = getattr(import_module(f".{module}", __package__), name)
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(words.rsplit(maxsplit=1)[-1], cls=Command)(function)
    return cast(TyperCommand, typer.main.get_command(app))
