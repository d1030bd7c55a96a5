"""What a run of scenarios is told as, for other programs: one function from the answer to the bytes for each form."""

from collections.abc import Callable

import msgspec

from .... import answers as a


def as_json(tested: a.Tested) -> bytes:
    """The answer itself, as `dispute test --json` prints it."""
    return msgspec.json.encode(tested) + b"\n"


REPORTS: dict[str, Callable[[a.Tested], bytes]] = {"json": as_json}
"""Form → how it is written."""
