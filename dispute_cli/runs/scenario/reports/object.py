"""A run as one JSON object: the answer itself, as `dispute test --json` prints it."""

from ....answers import Tested, encode


def report(tested: Tested) -> bytes:
    return encode(tested) + b"\n"
