"""Where something stands in a file that somebody wrote, and the line with a caret below it. What stands there is not known here."""

from typing import NamedTuple

MOST_SHOWN = 160
"""Characters of a line that is shown."""


class Place(NamedTuple):
    """Where something stands in a file."""

    file: str
    line: int
    """From 1."""
    column: int
    """From 1."""
    excerpt: str = ""
    """The line itself."""
    width: int = 1
    """Characters that are meant."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def pointed(self) -> list[str]:
        """The line, and a caret below what is meant; of a long line the part around it."""
        start = max(0, self.column - 1 - MOST_SHOWN // 2) if len(self.excerpt) > MOST_SHOWN else 0
        shown = self.excerpt[start : start + MOST_SHOWN].replace("\t", " ")
        before = f"{self.line:>5} | "
        width = max(1, min(self.width, len(shown) - (self.column - 1 - start)))
        return [before + shown, " " * (len(before) - 2) + "| " + " " * (self.column - 1 - start) + "^" * width]


def place_in(file: str, text: str, start: int, end: int) -> Place:
    """The place of a span of characters; of one over several lines its beginning."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", start)
    excerpt = text[line_start : line_end if line_end >= 0 else len(text)].rstrip("\r")
    column = start - line_start
    return Place(file, text.count("\n", 0, start) + 1, column + 1, excerpt, max(1, min(end, line_start + len(excerpt)) - start))
