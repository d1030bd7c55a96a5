"""Draws the demo's sample evidence into dispute_cli/pictures, with nothing but the standard library: python scripts/pictures.py"""

import itertools
import math
import struct
import sys
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

Colour = tuple[int, int, int]
Shape = Callable[[float, float], bool]
Rows = list[list[Colour]]

FOLDER = Path(__file__).parents[1] / "dispute_cli" / "pictures"


class Scene(NamedTuple):
    """Shapes on a ground, the later ones over the earlier."""

    width: int
    height: int
    ground: Colour
    layers: Sequence[tuple[Shape, Colour]]

    def colour(self, x: float, y: float) -> Colour:
        return next((colour for shape, colour in reversed(self.layers) if shape(x, y)), self.ground)


# Shapes: whether a point lies inside.


def polygon(*corners: tuple[float, float]) -> Shape:
    sides = list(zip(corners, corners[1:] + corners[:1], strict=True))

    def inside(x: float, y: float) -> bool:
        crossed = [a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]) > x for a, b in sides if (a[1] > y) != (b[1] > y)]
        return sum(crossed) % 2 == 1

    return inside


def ellipse(cx: float, cy: float, rx: float, ry: float) -> Shape:
    return lambda x, y: ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1


def rounded(left: float, top: float, right: float, bottom: float, radius: float) -> Shape:
    def inside(x: float, y: float) -> bool:
        dx = max(left + radius - x, x - right + radius, 0)
        dy = max(top + radius - y, y - bottom + radius, 0)
        return math.hypot(dx, dy) <= radius

    return inside


def line(thick: float, *points: tuple[float, float]) -> Shape:
    def near(x: float, y: float, a: tuple[float, float], b: tuple[float, float]) -> bool:
        dx, dy = b[0] - a[0], b[1] - a[1]
        t = max(0.0, min(1.0, ((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy)))
        return math.hypot(x - a[0] - t * dx, y - a[1] - t * dy) <= thick / 2

    pairs = list(itertools.pairwise(points))
    return lambda x, y: any(near(x, y, a, b) for a, b in pairs)


def without(shape: Shape, hole: Shape) -> Shape:
    return lambda x, y: shape(x, y) and not hole(x, y)


def within(shape: Shape, bounds: Shape) -> Shape:
    return lambda x, y: bounds(x, y) and shape(x, y)


# The scenes.

INK = (60, 52, 48)


def parcel() -> Scene:
    """A carton seen from a corner, its front edge crushed."""
    top = polygon((20, 42), (78, 20), (142, 38), (84, 62))
    left = polygon((20, 42), (84, 62), (84, 112), (20, 88))
    right = polygon((84, 62), (142, 38), (142, 84), (84, 112))
    dent = polygon(
        (84, 53), (98, 56), (112, 50), (104, 66), (110, 80), (94, 88), (84, 100), (74, 86), (60, 78), (68, 66), (58, 54), (72, 57)
    )
    layers = [
        (polygon((0, 76), (160, 76), (160, 120), (0, 120)), (150, 116, 86)),
        (ellipse(92, 104, 66, 13), (116, 86, 62)),
        (top, (226, 186, 132)),
        (left, (204, 160, 106)),
        (right, (176, 132, 82)),
        (within(polygon((46, 32.5), (54, 29.5), (118, 48), (109, 51.5)), top), (240, 222, 176)),
        (polygon((28, 54), (54, 62), (54, 84), (28, 75)), (250, 248, 240)),
        (line(1.6, (31, 59), (50, 65)), INK),
        (line(1.6, (31, 64), (46, 69)), INK),
        (line(1.6, (31, 69), (50, 75)), INK),
        (dent, (132, 92, 54)),
        (polygon((84, 60), (98, 56), (104, 66), (90, 72)), (98, 64, 36)),
        (polygon((84, 60), (72, 57), (68, 66), (80, 74)), (158, 114, 70)),
        (polygon((80, 74), (90, 72), (94, 88), (84, 100), (74, 86)), (78, 50, 28)),
        (line(1.2, (58, 54), (72, 57), (84, 60), (98, 56), (112, 50)), (70, 44, 24)),
        (line(1.2, (60, 78), (80, 74), (90, 72), (110, 80)), (70, 44, 24)),
    ]
    return Scene(160, 120, (222, 226, 228), layers)


def cup() -> Scene:
    """A mug with a chipped rim, a crack and scratches."""
    body = polygon((38, 26), (106, 26), (100, 102), (94, 107), (50, 107), (44, 102))
    chip = polygon((56, 14), (80, 14), (76, 34), (71, 30), (67, 41), (62, 31), (58, 33))
    layers = [
        (polygon((0, 88), (160, 88), (160, 120), (0, 120)), (196, 176, 150)),
        (ellipse(78, 107, 50, 7), (160, 140, 114)),
        (without(ellipse(108, 62, 26, 26), ellipse(107, 62, 15, 16)), (36, 106, 140)),
        (without(body, chip), (52, 138, 176)),
        (within(polygon((88, 26), (106, 26), (100, 102), (94, 107), (86, 107)), body), (36, 112, 148)),
        (without(ellipse(72, 26, 34, 8), chip), (226, 238, 242)),
        (without(ellipse(72, 27, 29, 5.5), chip), (96, 66, 44)),
        (line(2.6, (56, 33), (62, 31), (67, 41), (71, 30), (77, 33)), (246, 244, 236)),
        (line(2.2, (67, 41), (62, 52), (70, 62), (63, 76), (68, 88)), (22, 40, 52)),
        (line(1.6, (70, 62), (78, 70), (76, 78)), (22, 40, 52)),
        (line(1.3, (82, 50), (98, 42)), (214, 234, 242)),
        (line(1.3, (80, 58), (97, 49)), (214, 234, 242)),
        (line(1.3, (84, 62), (95, 57)), (214, 234, 242)),
        (line(1.3, (48, 60), (56, 84)), (214, 234, 242)),
        (line(1.3, (52, 58), (59, 78)), (214, 234, 242)),
    ]
    return Scene(160, 120, (236, 230, 220), layers)


def screen() -> Scene:
    """A telephone whose glass is shattered from one point."""
    glass = rounded(50, 14, 110, 106, 3)
    white, at = (244, 248, 250), (88, 44)
    ends = [(50, 20), (70, 14), (104, 14), (110, 34), (110, 62), (100, 106), (78, 106), (50, 84), (50, 54)]
    spokes = [line(1.3, at, ((at[0] + x) / 2 + 3, (at[1] + y) / 2 - 2), (x, y)) for x, y in ends]
    ring = [line(1.1, *_web(at, ends, reach)) for reach in (0.22, 0.5)]
    layers = [
        (rounded(46, 4, 118, 118, 9), (150, 140, 126)),
        (rounded(44, 2, 116, 116, 9), (28, 30, 34)),
        (glass, (40, 84, 150)),
        (within(polygon((50, 106), (50, 70), (110, 40), (110, 106)), glass), (56, 116, 180)),
        (line(2, (72, 8), (88, 8)), (90, 94, 100)),
        (ellipse(80, 111, 3.4, 3.4), (90, 94, 100)),
        *((within(spoke, glass), white) for spoke in spokes + ring),
        (ellipse(*at, 3.2, 3.2), (20, 24, 32)),
    ]
    return Scene(160, 120, (198, 188, 172), layers)


def _web(at: tuple[float, float], ends: Sequence[tuple[float, float]], reach: float) -> list[tuple[float, float]]:
    points = [(at[0] + (x - at[0]) * reach, at[1] + (y - at[1]) * reach) for x, y in ends]
    return [*points, points[0]]


def socks() -> Scene:
    """A pair that is none: a red striped sock and a plain blue one."""
    layers: list[tuple[Shape, Colour]] = []
    for left, main, trim in ((8, (200, 52, 46), (248, 226, 190)), (52, (44, 84, 168), (128, 168, 220))):
        leg = polygon((left, 8), (left + 18, 8), (left + 18, 44), (left + 34, 52), (left + 34, 64), (left + 24, 66), (left, 54))
        layers += [
            (leg, main),
            (ellipse(left + 31, 58, 7, 7), trim),
            (within(ellipse(left + 2, 54, 9, 9), leg), trim),
            (rounded(left - 1, 5, left + 19, 13, 2), trim),
        ]
    layers += [(line(3, (8, y), (26, y)), (248, 226, 190)) for y in (20, 28, 36)]
    return Scene(96, 72, (226, 230, 222), layers)


def render(scene: Scene, samples: int) -> Rows:
    """The pixels, each the mean of that many points across and down."""
    steps = [(step + 0.5) / samples for step in range(samples)]
    points = [(dx, dy) for dy in steps for dx in steps]

    def pixel(x: int, y: int) -> Colour:
        return _mean([scene.colour(x + dx, y + dy) for dx, dy in points])

    return [[pixel(x, y) for x in range(scene.width)] for y in range(scene.height)]


def _mean(colours: Sequence[Colour]) -> Colour:
    red, green, blue = (sum(channel) // len(colours) for channel in zip(*colours, strict=True))
    return red, green, blue


# The formats.


def png(rows: Rows) -> bytes:
    """True colour, each row told as its difference to the one above."""
    flat = [bytes(value for colour in row for value in colour) for row in rows]
    above = [bytes(len(flat[0])), *flat]
    steps = (bytes((now - then) & 255 for now, then in zip(row, last, strict=True)) for last, row in itertools.pairwise(above))
    lines = b"".join(b"\x02" + step for step in steps)
    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(lines, 9)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def gif(rows: Rows) -> bytes:
    """One image with up to 16 colours, packed by LZW."""
    palette, pixels = _indexed(rows)
    packed = _lzw(pixels, 4)
    blocks = b"".join(bytes([len(packed[at : at + 255])]) + packed[at : at + 255] for at in range(0, len(packed), 255))
    size = struct.pack("<HH", len(rows[0]), len(rows))
    table = b"".join(bytes(colour) for colour in palette)
    return b"GIF89a" + size + b"\xb3\x00\x00" + table + b"\x2c\x00\x00\x00\x00" + size + b"\x00\x04" + blocks + b"\x00;"


def _lzw(pixels: bytes, bits: int) -> bytes:
    """Codes of a growing width, lowest bit first, a clear code first and wherever the 4,096 codes are used up."""
    clear, stream, used = 1 << bits, 0, 0
    codes, width = {bytes([value]): value for value in range(clear)}, bits + 1

    def emit(code: int) -> None:
        nonlocal stream, used
        stream |= code << used
        used += width

    emit(clear)
    run = b""
    for value in pixels:
        longer = run + bytes([value])
        if longer in codes:
            run = longer
            continue
        emit(codes[run])
        codes[longer] = len(codes) + 2
        if codes[longer] >= 1 << width:
            width += 1
        if codes[longer] == 4095:
            emit(clear)
            codes, width = {bytes([each]): each for each in range(clear)}, bits + 1
        run = bytes([value])
    emit(codes[run])
    emit(clear + 1)
    return stream.to_bytes((used + 7) // 8, "little")


def bmp(rows: Rows) -> bytes:
    """Four bits a pixel, the last row first, rows padded to four bytes."""
    palette, pixels = _indexed(rows)
    width, height = len(rows[0]), len(rows)
    lines = [pixels[at : at + width] for at in range(0, width * height, width)]
    halves = (bytes(a << 4 | b for a, b in zip(row[::2], row[1::2], strict=True)) for row in reversed(lines))
    packed = b"".join(row.ljust(-(-width // 8) * 4, b"\0") for row in halves)
    table = b"".join(bytes((blue, green, red, 0)) for red, green, blue in palette)
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 4, 0, len(packed), 2835, 2835, 16, 0)
    return b"BM" + struct.pack("<IHHI", 54 + len(table) + len(packed), 0, 0, 54 + len(table)) + info + table + packed


def _indexed(rows: Rows) -> tuple[list[Colour], bytes]:
    """Sixteen colours, and the pixels as their numbers."""
    palette = sorted({colour for row in rows for colour in row})
    pixels = bytes(palette.index(colour) for row in rows for colour in row)
    return palette + [(0, 0, 0)] * (16 - len(palette)), pixels


def main() -> None:
    pictures = {
        "parcel.png": png(render(parcel(), 3)),
        "cup.png": png(render(cup(), 3)),
        "screen.gif": gif(render(screen(), 1)),
        "socks.bmp": bmp(render(socks(), 1)),
    }
    for name, data in pictures.items():
        (FOLDER / name).write_bytes(data)
        sys.stdout.write(f"{name}: {len(data)} bytes\n")


if __name__ == "__main__":
    main()
