"""Which files count as evidence. It looks at what it is handed: no file is opened, no picture decoded (walks.py reads their structure)."""

import re

from msgspec import Struct

from .malformed import quote

STDIN = "-"
EXTENSIONS = {"png": "png", "jpg": "jpeg", "jpeg": "jpeg", "gif": "gif", "bmp": "bmp"}
LINK_HINT = "Upload it elsewhere and add its address: --link https://…"
OTHER_HINT = f"A picture: save it as png or jpeg. A video or a document: {LINK_HINT[0].lower()}{LINK_HINT[1:]}"
DAMAGED_HINT = "Save or export the picture again and add the new file."


class Attachment(Struct, frozen=True):
    """A file given as evidence, as the terminal read it."""

    name: str
    """As given, maybe a path; only what follows its last slash counts. `-` is standard input."""
    size: int
    """In bytes, as the file system tells it."""
    data: bytes
    """The content; only its first part where that already exceeds the limit."""
    fault: str | None = None
    """Why it could not be read (`no such file`, `is a folder`); None where it was."""


class Picture(Struct, frozen=True):
    """A file fit to be evidence."""

    name: str
    format: str
    """`png`, `jpeg`, `gif` or `bmp`."""
    size: int
    """In bytes."""


class Unfit(Struct, frozen=True):
    """Why a file is no evidence, and how to go on."""

    rule: str
    """`V1`, or `V2` where the size alone is wrong."""
    message: str
    hint: str


def examine(attachment: Attachment, formats: tuple[str, ...], most: int) -> Picture | Unfit:
    """Judge a file: what its bytes are decides, and its name must agree (V1); it has at most that many bytes (V2)."""
    data, stdin = attachment.data, attachment.name == STDIN
    base = base_name(attachment.name)
    name = "Standard input" if stdin else quote(base)
    named, found = EXTENSIONS.get(_extension(base)), sniff(data)
    if attachment.fault is not None:
        return Unfit("V1", f"{quote(attachment.name)} cannot be read: {attachment.fault}.", "Name a picture file that can be read.")
    size = max(attachment.size, len(data))
    if not size:
        return Unfit("V1", f"{name} is empty.", DAMAGED_HINT)
    # Before the size: a video is told that it is none of these pictures, not that a smaller one would do.
    if other := _other(data, found, named, formats):
        return Unfit("V1", f"{name} is {other}: a file is a picture in {_listed(formats)}.", OTHER_HINT)
    if size > most:
        return Unfit("V2", f"{name} is too large: a file has at most {_weight(most)}.", LINK_HINT)
    if found is None:
        return Unfit("V1", f"{name} does not hold the {named} picture that its name promises.", DAMAGED_HINT)
    if found != named and not stdin:
        promise = f"its name promises a {named}" if named else "its name does not say so"
        return Unfit("V1", f"{name} holds a {found} picture, but {promise}.", f"Rename it so that it ends in {_endings(found)}.")
    from .walks import flaw

    if damage := flaw(data, found):
        return Unfit("V1", f"{name} is a damaged {found} picture: {damage}.", DAMAGED_HINT)
    return Picture(f"stdin.{found}" if stdin else base, found, len(data))


def base_name(name: str) -> str:
    """What follows the last slash or backslash: the only part of a name that is kept."""
    return re.split(r"[/\\]", name)[-1]


def sniff(data: bytes) -> str | None:
    """The format that the first bytes announce, None for anything else."""
    return next((kind for kind, signature in SIGNATURES if data.startswith(signature)), None)


def _extension(base: str) -> str:
    return base.rpartition(".")[2].lower() if "." in base else ""


def _endings(kind: str) -> str:
    return " or ".join(f".{ending}" for ending, meant in EXTENSIONS.items() if meant == kind)


def _listed(formats: tuple[str, ...]) -> str:
    return " or ".join(", ".join(formats).rsplit(", ", 1))


def _weight(size: int) -> str:
    mebibytes, rest = divmod(size, 1 << 20)
    return f"{size:,} bytes" + (f" ({mebibytes} MiB)" if not rest else "")


def _other(data: bytes, found: str | None, named: str | None, formats: tuple[str, ...]) -> str | None:
    """What a file is that no change of size or name would make fit; None where it may be one of the formats."""
    if found:
        return None if found in formats else f"a {found} picture"
    kind = next((kind for at, signature, kind in FOREIGN if data.startswith(signature, at)), None)
    return kind or (None if named else "no picture")


SIGNATURES = (("png", b"\x89PNG\r\n\x1a\n"), ("jpeg", b"\xff\xd8\xff"), ("gif", b"GIF87a"), ("gif", b"GIF89a"), ("bmp", b"BM"))

FOREIGN = (
    (0, b"%PDF", "a pdf document"),
    (4, b"ftypavif", "an avif picture"),
    (4, b"ftyphei", "a heic picture"),
    (4, b"ftypmif", "a heic picture"),
    (4, b"ftyp", "a video"),
    (4, b"moov", "a video"),
    (0, b"\x1aE\xdf\xa3", "a video"),
    (0, b"\x00\x00\x01\xba", "a video"),
    (0, b"FLV\x01", "a video"),
    (0, b"OggS", "a video or a sound"),
    (8, b"AVI ", "a video"),
    (8, b"WEBP", "a webp picture"),
    (0, b"II*\x00", "a tiff picture"),
    (0, b"MM\x00*", "a tiff picture"),
    (0, b"PK\x03\x04", "an archive or an office document"),
)
