"""Links in texts and as options, and texts with nothing to see. No link is ever fetched."""

import re
from unicodedata import category

from .malformed import quote

MOST_LINK = 2048
# As text, compiled when first asked. A link in a text ends at white space, at what is invisible, at quotes and angles, and at punctuation of scripts that need no space.
FULL_STOPS = r"\u3001\u3002\u300b\u300d\u300f\u3011\uff01\uff09\uff0c\uff1b\uff1f"
LINK_END = r"\s\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff<>\"«»“”" + FULL_STOPS
LINK = rf"(?i)(?<![A-Za-z0-9])https?://[^{LINK_END}]+"
HOST = r"(?i)https?://(?:[^/?#\\]*@)?(\[[0-9a-f:.]+\]|[^/?#\\\[\]:@]+)(?::[0-9]{0,5})?(?:[/?#].*)?"
LINK_FORM = "write it like https://example.com/photo"
TRAILING = frozenset(".,;:!?'\u2019*…")
BRACKETS = {")": "(", "]": "[", "}": "{"}

HIDDEN = frozenset(("Cc", "Cf", "Cs", "Zs", "Zl", "Zp"))
# Letters and marks by their category, yet nothing to see: joiner, fillers, the empty braille cell, variation selectors.
SELECTORS = (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(map(chr, SELECTORS))


def links(text: str) -> tuple[str, ...]:
    """The links inside a text, in order, each once, without the punctuation of the sentence around them."""
    if "://" not in text:  # as in most: the pattern takes longer to compile than a message to send
        return ()
    found = (_trim(match[0]) for match in re.finditer(LINK, text))
    return tuple(dict.fromkeys(url for url in found if check_link(url) is None))


def check_link(url: str) -> str | None:
    """Why this is no acceptable link, as a sentence; None for a good one. Whether anything answers there is never asked."""
    if len(url) > MOST_LINK:
        return f"A link has at most {MOST_LINK:,} characters; {quote(url)} has {len(url):,}."
    if not all(map(_visible, url)):
        return f"{quote(url)} is not a link, it holds white space or invisible characters: {LINK_FORM}."
    if not url.lower().startswith(("http://", "https://")):
        return f"{quote(url)} is not a link, it does not begin with http:// or https://: {LINK_FORM}."
    host = re.fullmatch(HOST, url)
    if not host or not any(map(str.isalnum, host[1])):
        return f"{quote(url)} is not a link, it names no host: {LINK_FORM}."
    return None


def blank(text: str) -> bool:
    """Whether nothing in the text can be seen: white space, control, format and zero-width characters only."""
    return not any(map(_visible, text))


def _visible(char: str) -> bool:
    return category(char) not in HIDDEN and char not in UNSEEN


def _trim(url: str) -> str:
    """Drop what belongs to the sentence: punctuation at the end, and closing brackets that nothing in the link opens."""
    # Counted once and kept up to date: a text of brackets alone must not cost the square of its length.
    surplus = {close: url.count(close) - url.count(start) for close, start in BRACKETS.items()}
    end = len(url)
    while (last := url[end - 1]) in TRAILING or surplus.get(last, 0) > 0:
        if last in surplus:
            surplus[last] -= 1
        end -= 1
    return url[:end]
