"""Each error has the code and the exit code of the contract, its nearest type counting."""

import pytest

from dispute_cli.codes import code_of
from dispute_cli.core.malformed import Malformed
from dispute_cli.core.refusal import ConsentNeeded, Fault, Refusal
from dispute_cli.keys import KeyConflict
from dispute_cli.policies import InvalidFile
from dispute_cli.query import Unanswerable
from dispute_cli.reading import NoSuchThing
from dispute_cli.runs.lines import Unparsable
from dispute_cli.store import Locked, StoreExists, StoreMissing, StoreUnusable

REFUSED, OF_FILE = Fault("D7", "refund", "too much"), Fault("D10", "evidence", "no picture", of_file=True)

CODES: list[tuple[BaseException, str, int]] = [
    (RuntimeError(), "fault", 1),
    (Malformed("id", "no id"), "usage", 2),
    (Unanswerable("query", "no answer"), "usage", 2),
    (NoSuchThing("no order"), "not_found", 3),
    (ConsentNeeded("C2", "really?", None), "consent_needed", 4),
    (Refusal(REFUSED), "rule_refused", 5),
    (StoreExists(), "conflict", 6),
    (Locked(), "conflict", 6),
    (KeyConflict("k", "open"), "conflict", 6),
    (StoreMissing(), "store_unusable", 7),
    (StoreUnusable(), "store_unusable", 7),
    (InvalidFile("p.toml", "no TOML"), "invalid_file", 8),
    (Unparsable("no line"), "invalid_file", 8),
    (Refusal(OF_FILE), "invalid_file", 8),
    (Refusal(OF_FILE, REFUSED), "rule_refused", 5),
    (KeyboardInterrupt(), "interrupted", 130),
]


@pytest.mark.parametrize(("error", "code", "exit"), CODES, ids=lambda told: type(told).__name__ if isinstance(told, BaseException) else str(told))
def test_each_error_has_the_code_and_the_exit_code_of_the_contract(error: BaseException, code: str, exit: int) -> None:
    assert code_of(error) == (code, exit)
