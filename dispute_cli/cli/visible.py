"""Foreign text made safe to show: what cannot be seen, or steers a terminal, is written as an escape. Nothing is cut or reworded."""

import re
from unicodedata import category

from ..core.links import UNSEEN

PLAIN = re.compile(r"[\x20-\x7e]*")
STRANGE = re.compile(r"[^\x20-\x7e]")


def visible(text: str) -> str:
    """The text with control, bidi, zero-width and other unseen characters as escapes: \\x1b, \\u202e."""
    return text if PLAIN.fullmatch(text) else STRANGE.sub(_shown, text)


def _shown(found: re.Match[str]) -> str:
    return found[0] if _harmless(found[0]) else found[0].encode("unicode_escape").decode("ascii")


def _harmless(char: str) -> bool:
    return (char.isprintable() and char not in UNSEEN) or category(char) == "Zs"


def safe_json(text: str, ascii: bool) -> str:
    """JSON with the same characters as \\u escapes, or with everything beyond ASCII."""
    return STRANGE.sub(_escaped if ascii else _escaped_unless_harmless, text)


def _escaped_unless_harmless(found: re.Match[str]) -> str:
    return found[0] if _harmless(found[0]) else _escaped(found)


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x10000:
        return f"\\u{code:04x}" if found[0] != "\n" else "\n"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
