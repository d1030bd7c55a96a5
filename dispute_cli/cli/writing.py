"""A file that somebody named, written in one piece: what stands in it, and whether one may be there already, is the command's."""

import os

from ..core.malformed import Malformed, quote
from ..replacing import replace_file


def check_new(option: str, path: str) -> None:
    """Refuse what is there already."""
    if os.path.lexists(path):
        raise Malformed(option, f"{quote(path)} exists: name a new file.")


def write(option: str, path: str, data: bytes) -> None:
    try:
        replace_file(path, data)
    except OSError as fault:
        raise Malformed(option, f"{quote(path)} cannot be written: {(fault.strerror or str(fault)).lower()}.") from None
