"""Error → its code and exit code: the one table, by type, for the command line, batches and scenarios alike. Nothing is raised or told here."""

from .core.malformed import Malformed
from .core.refusal import ConsentNeeded, Refusal
from .keys import KeyConflict
from .policies import InvalidFile
from .reading import NoSuchThing
from .runs.lines import Unparsable
from .store import Locked, StoreExists, StoreMissing, StoreUnusable

USAGE = ("usage", 2)

CODES: dict[type[BaseException], tuple[str, int]] = {
    BaseException: ("fault", 1),
    Malformed: USAGE,
    NoSuchThing: ("not_found", 3),
    ConsentNeeded: ("consent_needed", 4),
    Refusal: ("rule_refused", 5),
    StoreExists: ("conflict", 6),
    Locked: ("conflict", 6),
    KeyConflict: ("conflict", 6),
    StoreMissing: ("store_unusable", 7),
    StoreUnusable: ("store_unusable", 7),
    InvalidFile: ("invalid_file", 8),
    Unparsable: ("invalid_file", 8),
    KeyboardInterrupt: ("interrupted", 130),
}
"""Error → exit code. The nearest type of the error's family counts."""

OF_FILES = ("invalid_file", 8)
"""A refusal in which nothing but given files is wrong (D10)."""


def code_of(error: BaseException) -> tuple[str, int]:
    """The code and the exit code of an error."""
    if isinstance(error, Refusal) and error.invalid_file:
        return OF_FILES
    return next(CODES[family] for family in type(error).__mro__ if family in CODES)
