"""What bytes and links count as evidence. It looks at what it is handed: no file is opened, no link fetched, no picture decoded."""

import re
import zlib
from collections.abc import Callable
from unicodedata import category

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
    if damage := flaw(data, found):
        return Unfit("V1", f"{name} is a damaged {found} picture: {damage}.", DAMAGED_HINT)
    return Picture(f"stdin.{found}" if stdin else base, found, len(data))


def base_name(name: str) -> str:
    """What follows the last slash or backslash: the only part of a name that is kept."""
    return re.split(r"[/\\]", name)[-1]


def sniff(data: bytes) -> str | None:
    """The format that the first bytes announce, None for anything else."""
    return next((kind for kind, signature in SIGNATURES if data.startswith(signature)), None)


def flaw(data: bytes, kind: str) -> str | None:
    """What is wrong with the structure of a png, jpeg, gif or bmp, up to its end marker; None for a sound one."""
    try:
        WALKS[kind](data)
    except _Flaw as flaw:
        return str(flaw)
    return None


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


class _Flaw(Exception):
    """What a walk stumbled over."""


CUT = "it is cut short"


def _take(data: bytes, at: int, count: int) -> bytes:
    part = data[at : at + count]
    if len(part) < count:
        raise _Flaw(CUT)
    return part


def _require(sound: bool, flaw: str) -> None:
    if not sound:
        raise _Flaw(flaw)


def _big(part: bytes) -> int:
    return int.from_bytes(part, "big")


def _little(part: bytes, signed: bool = False) -> int:
    return int.from_bytes(part, "little", signed=signed)


# PNG: chunks, each with its length, type and CRC, from IHDR to IEND.

PNG_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
CHUNK_TYPE = re.compile(rb"[A-Za-z]{4}")


def walk_png(data: bytes) -> None:
    """Every chunk to IEND, each CRC; the header first, the palette before the pixels where the pixels point into it."""
    at, pixels, seen, colour = 8, 0, set[bytes](), 0
    while b"IEND" not in seen:
        length, kind = _big(_take(data, at, 4)), _take(data, at + 4, 4)
        _require(CHUNK_TYPE.fullmatch(kind) is not None, "it holds something that is no chunk")
        body, crc = _take(data, at + 8, length), _take(data, at + 8 + length, 4)
        _require(zlib.crc32(body, zlib.crc32(kind)) == _big(crc), f"the checksum of its {kind.decode()} chunk is wrong")
        _require((kind == b"IHDR") == (not seen), "it does not begin with its one header")
        if kind == b"IHDR":
            colour = _png_header(body)
        elif kind == b"IDAT":
            _require(colour != 3 or b"PLTE" in seen, "its palette is missing")
            pixels += length
        seen.add(kind)
        at += 12 + length
    _require(pixels > 0, "it holds no picture")


def _png_header(body: bytes) -> int:
    """The colour type of a header whose fields are sane."""
    _require(len(body) == 13, "its header has a wrong length")
    depth, colour, compression, filters, interlace = body[8:]
    _require(0 < _big(body[:4]) < 1 << 31 and 0 < _big(body[4:8]) < 1 << 31, "its width or height is impossible")
    _require(depth in PNG_DEPTHS.get(colour, ()), "its bit depth or colour type is impossible")
    _require(compression == filters == 0 and interlace < 2, "its compression, filter or interlace method is unknown")
    return colour


# JPEG: marker segments; after each SOS entropy-coded data up to the next marker; EOI ends it.

JPEG_EOI, JPEG_SOS = 0xD9, 0xDA
# Markers without a segment; outside a scan none of them stands where a segment begins.
JPEG_BARE = {0x00, 0x01, *range(0xD0, 0xD9)}
JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
# In coded data FF is followed by 00 (stuffing), D0 to D7 (restart) or FF (fill); anything else is the next marker.
# One byte after FF and no repetition: a search stays linear on a file of nothing but FF.
NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
FILL = re.compile(rb"\xff+")


def walk_jpeg(data: bytes) -> None:
    """Every segment and every scan to EOI; a frame header with a size comes before the first scan."""
    at, framed, scanned = 2, False, False
    while True:
        at, marker = _marker(data, at)
        if marker == JPEG_EOI:
            _require(scanned, "it holds no picture")
            return
        _require(marker not in JPEG_BARE, "it holds something that is no segment")
        length = _big(_take(data, at, 2))
        _require(length >= 2, "one of its segments has a wrong length")
        body = _take(data, at + 2, length - 2)
        at += length
        if marker in JPEG_FRAMES:
            _jpeg_frame(body)
            framed = True
        elif marker == JPEG_SOS:
            components = _big(body[:1])
            _require(framed and components > 0 and len(body) == 4 + 2 * components, "one of its scans is malformed")
            at, scanned = _skip_scan(data, at), True


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """The marker there, past any fill bytes, and where it ends."""
    fill = FILL.match(data, at)
    if fill is None:
        raise _Flaw(CUT if at >= len(data) else "it holds something that is no segment")
    return fill.end() + 1, _take(data, fill.end(), 1)[0]


def _jpeg_frame(body: bytes) -> None:
    """Precision, height, width, and three bytes for each component."""
    components = _big(body[5:6])
    _require(components > 0 and len(body) == 6 + 3 * components, "its frame header is malformed")
    _require(_big(body[1:3]) > 0 and _big(body[3:5]) > 0, "its width or height is impossible")


def _skip_scan(data: bytes, at: int) -> int:
    marker = NEXT_MARKER.search(data, at)
    if marker is None:
        raise _Flaw(CUT)
    _require(marker.start() > at, "one of its scans is empty")
    return marker.start()


# GIF: header, logical screen, then extensions and images in sub-blocks, to the trailer.

GIF_EXTENSION, GIF_IMAGE, GIF_TRAILER = 0x21, 0x2C, 0x3B


def walk_gif(data: bytes) -> None:
    """Every block to the trailer; at least one image."""
    screen = _take(data, 6, 7)
    at, images = 13 + _colour_table(screen[4]), 0
    while (block := _take(data, at, 1)[0]) != GIF_TRAILER:
        if block == GIF_EXTENSION:
            at, _ = _sub_blocks(data, at + 2)
        else:
            _require(block == GIF_IMAGE, "it holds something that is no block")
            at = _gif_image(data, at + 1)
            images += 1
    _require(images > 0, "it holds no picture")


def _gif_image(data: bytes, at: int) -> int:
    """Where the image ends whose descriptor begins there."""
    descriptor = _take(data, at, 9)
    _require(_little(descriptor[4:6]) > 0 and _little(descriptor[6:8]) > 0, "its width or height is impossible")
    at += 9 + _colour_table(descriptor[8])
    _require(1 <= _take(data, at, 1)[0] <= 11, "its code size is impossible")
    at, coded = _sub_blocks(data, at + 1)
    _require(coded > 0, "it holds no picture")
    return at


def _colour_table(flags: int) -> int:
    """How many bytes of colours follow a descriptor with these flags."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _sub_blocks(data: bytes, at: int) -> tuple[int, int]:
    """Where the sub-blocks that begin there end, and how many bytes they hold."""
    coded = 0
    while length := _take(data, at, 1)[0]:
        coded += length
        at += 1 + length
    return at + 1, coded


# BMP: a file header, a DIB header, and a pixel array as large as the header says.

BMP_HEADERS = (12, 16, 40, 52, 56, 64, 108, 124)
BMP_RUN_LENGTHS = (1, 2)
# Compression → the bits a pixel may have: plain, RLE8, RLE4, bit fields without and with alpha.
BMP_BITS = {0: (1, 4, 8, 16, 24, 32), 1: (8,), 2: (4,), 3: (16, 32), 6: (16, 32)}


def walk_bmp(data: bytes) -> None:
    """Both headers, and the pixel array up to its last row."""
    declared, offset, header = _little(_take(data, 2, 4)), _little(_take(data, 10, 4)), _little(_take(data, 14, 4))
    _require(header in BMP_HEADERS, "its header has a wrong length")
    _require(offset >= 14 + header, "its pixels begin inside its header")
    pixels = _bmp_pixels(_take(data, 14, header))
    # Many old writers leave the declared size at 0.
    _require(max(declared, offset + pixels) <= len(data), CUT)


def _bmp_pixels(dib: bytes) -> int:
    """How many bytes the pixel array of a sane DIB header has."""
    if len(dib) == 12:
        width, height, planes, bits = (_little(dib[at : at + 2]) for at in (4, 6, 8, 10))
    else:
        width, height = (_little(dib[at : at + 4], signed=True) for at in (4, 8))
        planes, bits = _little(dib[12:14]), _little(dib[14:16])
    compression, packed = _little(dib[16:20]), _little(dib[20:24])
    _require(width > 0 and height != 0, "its width or height is impossible")
    _require(planes == 1 and bits in BMP_BITS.get(compression, ()), "its bit depth or compression is impossible")
    if compression in BMP_RUN_LENGTHS:
        _require(packed > 0, "it holds no picture")
        return packed
    return (width * bits + 31) // 32 * 4 * abs(height)


WALKS: dict[str, Callable[[bytes], None]] = {"png": walk_png, "jpeg": walk_jpeg, "gif": walk_gif, "bmp": walk_bmp}


# Links, and texts with nothing to see.

MOST_LINK = 2048
# A link in a text ends at white space, at what is invisible, at quotes and angles, and at punctuation of scripts that need no space.
FULL_STOPS = r"\u3001\u3002\u300b\u300d\u300f\u3011\uff01\uff09\uff0c\uff1b\uff1f"
LINK_END = r"\s\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff<>\"«»“”" + FULL_STOPS
LINK = re.compile(rf"(?<![A-Za-z0-9])https?://[^{LINK_END}]+", re.IGNORECASE)
HOST = re.compile(r"https?://(?:[^/?#\\]*@)?(\[[0-9a-f:.]+\]|[^/?#\\\[\]:@]+)(?::[0-9]{0,5})?(?:[/?#].*)?", re.IGNORECASE)
LINK_FORM = "write it like https://example.com/photo"
TRAILING = frozenset(".,;:!?'\u2019*…")
BRACKETS = {")": "(", "]": "[", "}": "{"}

HIDDEN = frozenset(("Cc", "Cf", "Cs", "Zs", "Zl", "Zp"))
# Letters and marks by their category, yet nothing to see: joiner, fillers, the empty braille cell, variation selectors.
SELECTORS = (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(map(chr, SELECTORS))


def links(text: str) -> tuple[str, ...]:
    """The links inside a text, in order, each once, without the punctuation of the sentence around them."""
    found = (_trim(match[0]) for match in LINK.finditer(text))
    return tuple(dict.fromkeys(url for url in found if check_link(url) is None))


def check_link(url: str) -> str | None:
    """Why this is no acceptable link, as a sentence; None for a good one. Whether anything answers there is never asked."""
    if len(url) > MOST_LINK:
        return f"A link has at most {MOST_LINK:,} characters; {quote(url)} has {len(url):,}."
    if not all(map(_visible, url)):
        return f"{quote(url)} is not a link, it holds white space or invisible characters: {LINK_FORM}."
    if not url.lower().startswith(("http://", "https://")):
        return f"{quote(url)} is not a link, it does not begin with http:// or https://: {LINK_FORM}."
    host = HOST.fullmatch(url)
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
