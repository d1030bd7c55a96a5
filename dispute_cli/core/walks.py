"""The structure of pictures, walked from the first byte to the end marker. No pixel is decoded, and each walk is linear in the bytes."""

import re
import zlib
from collections.abc import Callable


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


def flaw(data: bytes, kind: str) -> str | None:
    """What is wrong with the structure of a png, jpeg, gif or bmp, up to its end marker; None for a sound one."""
    try:
        WALKS[kind](data)
    except _Flaw as flaw:
        return str(flaw)
    return None
