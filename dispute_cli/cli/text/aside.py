"""Lines beside an answer, on standard error: warnings and hints."""

from .shape import Ink, Line


def warned(code: str, message: str) -> Line:
    return Ink("warning", "yellow"), f" [{code}]: {message}"


def hinted(hint: str) -> Line:
    return Ink("hint", "cyan"), f": {hint}"
