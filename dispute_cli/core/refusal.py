"""How a rule says no: faults, the refusal that carries them, and the question for consent. No rule's text lives here."""

from datetime import datetime
from typing import Any

from msgspec import Struct


class Fault(Struct, frozen=True):
    """One thing that is wrong."""

    rule: str
    field: str | None
    """The option it is about, or None when it is about the order as it stands."""
    message: str
    hint: str | None = None
    """How to go on."""
    of_file: bool = False
    """A given file is invalid: exit code 8 when all faults are of files (D10)."""


class Refused(Exception):
    """What rules say no with; the rest is filled in by who knows the order and the moment."""

    possible: tuple[Any, ...] | None = None
    now: datetime | None = None
    warnings: tuple[Any, ...] = ()
    """What is worth knowing before the question for consent is answered."""


class Refusal(Refused):
    """A rule refuses the command; nothing changes. The faults are in the order of the rule book."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults)
        self.faults = faults

    @property
    def message(self) -> str:
        """All the faults, in sentences."""
        return " ".join(fault.message for fault in self.faults)

    @property
    def hint(self) -> str | None:
        """How to go on, from every fault that knows."""
        return " ".join(dict.fromkeys(fault.hint for fault in self.faults if fault.hint)) or None

    @property
    def invalid_file(self) -> bool:
        """Nothing but the given files is wrong (D10)."""
        return all(fault.of_file for fault in self.faults)

    def __str__(self) -> str:
        return self.message


class ConsentNeeded(Refused):
    """The command needs a yes; nothing changes without it."""

    def __init__(self, rule: str, message: str, hint: str | None) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        """What is given up, or what is asked."""
        self.hint = hint
        """How a script says yes."""

    def __str__(self) -> str:
        return self.message


def refuse(rule: str, message: str, hint: str | None = None, field: str | None = None) -> Refusal:
    """Return the refusal of a single fault."""
    return Refusal(Fault(rule, field, message, hint))
