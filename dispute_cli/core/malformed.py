"""The complaint about a value that is not of its form (usage, never a rule), and how such a value is quoted or guessed at; parsing lives elsewhere."""

from collections.abc import Iterable


class Malformed(ValueError):
    """A value that is not of its form: the answer is usage (exit 2), whatever the rules might say about it."""

    field: str | None
    """The option or key that carried the value; None where there is none to name."""
    message: str
    """A sentence for people: what is wrong, and what form is right."""

    def __init__(self, field: str | None, message: str) -> None:
        super().__init__(field, message)
        self.field = field
        self.message = message

    def __str__(self) -> str:
        return self.message


def quote(text: str, most: int = 60) -> str:
    """The text in quotes, cut to `most` characters, with control, bidi and zero-width characters made visible."""
    return repr(text if len(text) <= most else text[:most] + "…")


def guess(word: str, known: Iterable[str]) -> str:
    """`Did you mean 'defective'? ` where a known word is like the one that was given; nothing where none is."""
    from difflib import get_close_matches

    by_small = {one.lower(): one for one in known}
    close = get_close_matches(word.lower(), by_small, 1)
    return f"Did you mean '{by_small[close[0]]}'? " if close else ""
