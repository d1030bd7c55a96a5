"""Evidence: pictures by their bytes, sizes, links, and texts with nothing to see (V1 to V4, D8, D9)."""

import base64
import random
import struct
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dispute_cli.pictures
from dispute_cli.core.evidence import Attachment, Picture, Unfit, base_name, examine, sniff
from dispute_cli.core.links import blank, check_link, links
from dispute_cli.core.walks import flaw

rule = pytest.mark.rule
fuzz = settings(derandomize=True, database=None, deadline=None, max_examples=300)

FORMATS = ("png", "jpeg", "gif", "bmp")
MOST = 2_097_152

# A mug of 16 by 12 pixels, written by Pillow: one scan, ten scans, one scan with three restart markers.
BASELINE = (
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71////m8H////6/+b9//j/2wBDASst"
    "LTw1PHZBQXb4pYyl+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj/wAARCAAMABADASIAAhEBAxEB/8QAFwAAAwEAAAAAAAAA"
    "AAAAAAAAAAEDBP/EABwQAAICAwEBAAAAAAAAAAAAAAERAgMABBIhYf/EABUBAQEAAAAAAAAAAAAAAAAAAAAB/8QAFhEBAQEAAAAAAAAAAAAAAAAAEQAB/9oADAMBAAIR"
    "AxEAPwDbs3Sp5IDBbxa10poTRbRHzJ2jtdE+YVR4Cj5hwoa3/9k="
)
PROGRESSIVE = (
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71////m8H////6/+b9//j/2wBDASst"
    "LTw1PHZBQXb4pYyl+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj/wgARCAAMABADASIAAhEBAxEB/8QAFgABAQEAAAAAAAAA"
    "AAAAAAAAAAID/8QAFQEBAQAAAAAAAAAAAAAAAAAAAAH/2gAMAwEAAhADEAAAAdkk/8QAFxABAQEBAAAAAAAAAAAAAAAAAAECEf/aAAgBAQABBQLV4zVR/8QAFBEBAAAA"
    "AAAAAAAAAAAAAAAAAP/aAAgBAwEBPwF//8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAgBAgEBPwF//8QAFBABAAAAAAAAAAAAAAAAAAAAIP/aAAgBAQAGPwIf/8QAGBAA"
    "AwEBAAAAAAAAAAAAAAAAAAExESH/2gAIAQEAAT8hbka6dUTIf//aAAwDAQACAAMAAAAQh//EABYRAQEBAAAAAAAAAAAAAAAAABEAAf/aAAgBAwEBPxA1v//EABYRAQEB"
    "AAAAAAAAAAAAAAAAABEAAf/aAAgBAgEBPxBwv//EABgQAQEBAQEAAAAAAAAAAAAAABEBACFh/9oACAEBAAE/EGEjKuJhqlnmnlXmKcb/2Q=="
)
RESTARTS = (
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71////m8H////6/+b9//j/2wBDASst"
    "LTw1PHZBQXb4pYyl+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj/wAARCAAMABADAREAAhEBAxEB/8QAFAABAAAAAAAAAAAA"
    "AAAAAAAABP/EABwQAAICAwEBAAAAAAAAAAAAAAERAgMABBIhYf/EABUBAQEAAAAAAAAAAAAAAAAAAAEC/8QAGBEBAQEBAQAAAAAAAAAAAAAAAQACETH/3QAEAAH/2gAM"
    "AwEAAhEDEQA/AG7N0qeSAwW8cnada5f/0Ga10poTRbRHzFOU512//9FFo7XRPmSaSXI+3//SRVHgKPmSqyAX/9k="
)


# Small pictures, each written here after its specification.


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def header(width: int = 2, height: int = 2, depth: int = 8, colour: int = 0, rest: bytes = b"\0\0\0") -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBB", width, height, depth, colour) + rest)


HEAD, END = b"\x89PNG\r\n\x1a\n", chunk(b"IEND", b"")
PIXELS = chunk(b"IDAT", zlib.compress(b"\0\x10\x20\0\x30\x40"))
PALETTE = chunk(b"PLTE", bytes(6))
PNG = HEAD + header() + chunk(b"tEXt", b"Comment\0dent") + PIXELS + END


def gif(flags: int = 0x80, local: bytes = b"", image: bytes | None = None) -> bytes:
    table = bytes(3 << ((flags & 7) + 1)) if flags & 0x80 else b""
    comment = b"\x21\xfe\x04dent\x00"
    sound = b"\x2c" + struct.pack("<HHHHB", 0, 0, 2, 2, 0x80 if local else 0) + local + b"\x02\x02\x4c\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", 2, 2, flags, 0, 0) + table + comment + (sound if image is None else image) + b";"


def bmp(
    width: int = 3, height: int = 2, bits: int = 24, compression: int = 0, size: int = 0, pixels: bytes | None = None, planes: int = 1
) -> bytes:
    array = bytes((width * bits + 31) // 32 * 4 * abs(height)) if pixels is None else pixels
    info = struct.pack("<IiiHHIIiiII", 40, width, height, planes, bits, compression, size, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + len(array), 0, 0, 54) + info + array


def old_bmp() -> bytes:
    """The OS/2 form: a header of 12 bytes."""
    return b"BM" + struct.pack("<IHHIIHHHH", 26 + 16, 0, 0, 26, 12, 3, 2, 1, 24) + bytes(24)


JPEG = base64.b64decode(BASELINE)
SMALL = {
    "dent.png": PNG,
    "palette.png": HEAD + header(colour=3, depth=1) + PALETTE + PIXELS + PIXELS + END,
    "scratch.jpg": JPEG,
    "progressive.jpeg": base64.b64decode(PROGRESSIVE),
    "restarts.jpg": base64.b64decode(RESTARTS),
    "crack.gif": gif(),
    "local.gif": gif(0, bytes(6)),
    "old.gif": gif().replace(b"89a", b"87a"),
    "hole.bmp": bmp(),
    "topdown.bmp": bmp(height=-2),
    "sixteen.bmp": bmp(bits=16, compression=3),
    "packed.bmp": bmp(bits=8, compression=1, size=4, pixels=b"\x03\x00\x00\x01"),
    "os2.bmp": old_bmp(),
}
DEMO = {path.name: path.read_bytes() for path in Path(dispute_cli.pictures.__path__[0]).iterdir() if path.suffix[1:] in FORMATS}
ALL = SMALL | DEMO


def look(name: str, data: bytes, most: int = MOST, formats: tuple[str, ...] = FORMATS) -> Picture | Unfit:
    return examine(Attachment(name, len(data), data[: most + 1]), formats, most)


def refused(name: str, data: bytes, part: str, hint: str = "", fault_of: str = "V1") -> None:
    answer = look(name, data)
    assert isinstance(answer, Unfit)
    assert answer.rule == fault_of
    assert part in answer.message
    assert hint in answer.hint
    assert answer.message.isprintable()


# What is accepted.


@rule("V1")
@pytest.mark.parametrize("name", ALL)
def test_a_sound_picture_is_accepted(name: str) -> None:
    kind = {"jpg": "jpeg"}.get(name.rpartition(".")[2], name.rpartition(".")[2])
    assert look(name, ALL[name]) == Picture(name, kind, len(ALL[name]))


@rule("V1")
@pytest.mark.parametrize("name", ALL)
def test_bytes_after_the_end_of_a_picture_are_fine(name: str) -> None:
    assert isinstance(look(name, ALL[name] + b"\xff\x00 left over"), Picture)


@rule("V1")
@pytest.mark.parametrize("name", ["a.jpg", "a.jpeg", "a.JPG", "a.JPeG", "a.b.jpg", ".jpg", "\u0444\u043e\u0442\u043e.jpg"], ids=ascii)
def test_the_ending_agrees_in_any_letter_case(name: str) -> None:
    assert look(name, JPEG) == Picture(name, "jpeg", len(JPEG))


@rule("V4")
@pytest.mark.parametrize("name", ["../../a\n.png", "/tmp/x/a\n.png", "C:\\photos\\a\n.png", "x/y\\a\n.png"], ids=ascii)
def test_only_the_base_name_is_recorded(name: str) -> None:
    assert look(name, PNG) == Picture("a\n.png", "png", len(PNG))
    assert base_name(name) == "a\n.png"


@rule("V1")
def test_standard_input_may_hold_any_format_and_is_named_after_it() -> None:
    assert look("-", PNG) == Picture("stdin.png", "png", len(PNG))
    assert look("-", JPEG) == Picture("stdin.jpeg", "jpeg", len(JPEG))
    refused("-", b"", "Standard input is empty.")
    refused("-", PNG[:-1], "Standard input is a damaged png picture: it is cut short.")
    refused("-", b"hello", "Standard input is no picture", "--link")
    refused("./-", PNG, "'-' holds a png picture, but its name does not say so")


# What is refused.


@rule("V1")
@pytest.mark.parametrize("name", ALL)
def test_every_truncation_of_a_picture_is_refused(name: str) -> None:
    data = ALL[name]
    accepted = [length for length in range(len(data)) if not isinstance(look(name, data[:length]), Unfit)]
    assert accepted == []


@rule("V1")
@pytest.mark.parametrize("name", ["dent.png", "palette.png", "cup.png"])
def test_every_damaged_byte_of_a_png_is_noticed(name: str) -> None:
    data = ALL[name]
    for at in range(len(data)):
        damaged = bytearray(data)
        damaged[at] ^= 0x01
        assert isinstance(look(name, bytes(damaged)), Unfit)


@rule("V1")
def test_an_empty_file_is_refused() -> None:
    refused("a.png", b"", "'a.png' is empty.", "add the new file")


@rule("V1")
@pytest.mark.parametrize("fault", ["no such file", "is a folder", "it is a pipe"])
def test_a_file_that_could_not_be_read_is_told_as_it_was_named(fault: str) -> None:
    answer = examine(Attachment("x/\x1ba.png", 0, b"", fault), FORMATS, MOST)
    assert answer == Unfit("V1", rf"'x/\x1ba.png' cannot be read: {fault}.", "Name a picture file that can be read.")


@rule("V1")
@pytest.mark.parametrize(
    ("name", "data", "part", "hint"),
    [
        ("a.png", JPEG, "'a.png' holds a jpeg picture, but its name promises a png.", "ends in .jpg or .jpeg."),
        ("a.jpg", PNG, "'a.jpg' holds a png picture, but its name promises a jpeg.", "ends in .png."),
        ("a", PNG, "'a' holds a png picture, but its name does not say so.", "ends in .png."),
        ("a.pdf", PNG, "holds a png picture, but its name does not say so.", "ends in .png."),
        ("a.png ", PNG, "holds a png picture, but its name does not say so.", "ends in .png."),
        ("png", PNG, "holds a png picture, but its name does not say so.", "ends in .png."),
        ("a.jpe", JPEG, "holds a jpeg picture, but its name does not say so.", "ends in .jpg or .jpeg."),
        ("a.png", b"hello", "'a.png' does not hold the png picture that its name promises.", "add the new file"),
        ("a.png", HEAD + gif(), "'a.png' is a damaged png picture", "add the new file"),
        ("a.gif", HEAD + gif(), "holds a png picture, but its name promises a gif.", "ends in .png."),
    ],
    ids=ascii,
)
def test_a_mislabelled_file_is_refused_and_says_how_to_name_it(name: str, data: bytes, part: str, hint: str) -> None:
    refused(name, data, part, hint)


@rule("V1")
@pytest.mark.parametrize(
    ("name", "data", "part"),
    [
        ("a.pdf", b"%PDF-1.7\n%", "'a.pdf' is a pdf document: a file is a picture in png, jpeg, gif or bmp."),
        ("a.png", b"%PDF-1.7\n%", "is a pdf document"),
        ("a.mp4", b"\0\0\0\x18ftypmp42", "is a video"),
        ("a.mov", b"\0\0\0\x18ftypqt  ", "is a video"),
        ("a.mkv", b"\x1aE\xdf\xa3", "is a video"),
        ("a.avi", b"RIFF\0\0\0\0AVI LIST", "is a video"),
        ("a.heic", b"\0\0\0\x18ftypheic", "is a heic picture"),
        ("a.heif", b"\0\0\0\x18ftypmif1", "is a heic picture"),
        ("a.avif", b"\0\0\0\x18ftypavif", "is an avif picture"),
        ("b.mov", b"\0\0\0\x18moov", "is a video"),
        ("a.mpg", b"\0\0\x01\xba", "is a video"),
        ("a.flv", b"FLV\x01", "is a video"),
        ("a.ogg", b"OggS", "is a video or a sound"),
        ("b.tif", b"MM\0*", "is a tiff picture"),
        ("a.webp", b"RIFF\0\0\0\0WEBPVP8 ", "is a webp picture"),
        ("a.tif", b"II*\0", "is a tiff picture"),
        ("a.docx", b"PK\x03\x04", "is an archive or an office document"),
        ("a.mp4", b"hello", "'a.mp4' is no picture"),
        ("a.txt", b"hello", "'a.txt' is no picture"),
    ],
    ids=ascii,
)
def test_a_pdf_a_video_or_anything_else_is_pointed_to_a_link(name: str, data: bytes, part: str) -> None:
    refused(name, data, part, "upload it elsewhere and add its address: --link https://")
    refused(name, data + bytes(MOST), part, "--link")


@rule("V1")
def test_a_format_that_the_policy_leaves_out_is_refused() -> None:
    answer = look("a.gif", gif(), formats=("png", "jpeg"))
    assert isinstance(answer, Unfit)
    assert (answer.rule, answer.message) == ("V1", "'a.gif' is a gif picture: a file is a picture in png or jpeg.")
    assert look("-", gif(), formats=("png",)) == Unfit("V1", "Standard input is a gif picture: a file is a picture in png.", answer.hint)


# Sizes.


@rule("V2")
@pytest.mark.parametrize("name", SMALL)
def test_the_limit_is_accepted_and_one_byte_more_refused(name: str) -> None:
    data = SMALL[name].ljust(MOST, b"\0")
    assert len(data) == 2_097_152
    answer = look(name, data)
    assert isinstance(answer, Picture)
    assert answer.size == MOST
    refused(
        name,
        data + b"\0",
        "is too large: a file has at most 2,097,152 bytes (2 MiB).",
        "Upload it elsewhere and add its address: --link https://",
        "V2",
    )


@rule("V2")
def test_the_size_is_told_before_damage_and_a_wrong_name() -> None:
    refused("a.png", bytes(MOST + 1), "is too large", "--link", "V2")
    refused("a.jpg", PNG + bytes(MOST), "is too large", "--link", "V2")


@rule("V2")
def test_the_size_is_the_larger_of_what_was_told_and_what_was_read() -> None:
    for told, read in ((MOST + 1, 100), (0, MOST + 1)):
        answer = examine(Attachment("a.png", told, PNG.ljust(read, b"\0")), FORMATS, MOST)
        assert isinstance(answer, Unfit)
        assert answer.rule == "V2"


@rule("V2")
def test_another_limit_is_named_in_bytes() -> None:
    answer = look("dent.png", PNG, most=50)
    assert isinstance(answer, Unfit)
    assert (answer.rule, answer.message) == ("V2", "'dent.png' is too large: a file has at most 50 bytes.")


# Structure.


@rule("V1")
@pytest.mark.parametrize(
    ("data", "part"),
    [
        (HEAD + PIXELS + header() + END, "does not begin with its one header"),
        (HEAD + header() + header() + PIXELS + END, "does not begin with its one header"),
        (HEAD + header() + END, "holds no picture"),
        (HEAD + header() + chunk(b"IDAT", b"") + END, "holds no picture"),
        (HEAD + END, "does not begin with its one header"),
        (HEAD + header(width=0) + PIXELS + END, "width or height"),
        (HEAD + header(height=0) + PIXELS + END, "width or height"),
        (HEAD + header(width=1 << 31) + PIXELS + END, "width or height"),
        (HEAD + header(height=1 << 31) + PIXELS + END, "width or height"),
        (HEAD + header(depth=3) + PIXELS + END, "bit depth or colour type"),
        (HEAD + header(colour=2, depth=4) + PIXELS + END, "bit depth or colour type"),
        (HEAD + header(colour=5) + PIXELS + END, "bit depth or colour type"),
        (HEAD + header(colour=3) + PIXELS + PALETTE + END, "palette is missing"),
        (HEAD + header(rest=b"\1\0\0") + PIXELS + END, "compression, filter or interlace"),
        (HEAD + header(rest=b"\0\1\0") + PIXELS + END, "compression, filter or interlace"),
        (HEAD + header(rest=b"\0\0\2") + PIXELS + END, "compression, filter or interlace"),
        (HEAD + header(rest=b"\0\0") + PIXELS + END, "header has a wrong length"),
        (HEAD + header(rest=b"\0\0\0\0") + PIXELS + END, "header has a wrong length"),
        (HEAD + header() + b"\0\0\0\0no 1\0\0\0\0" + PIXELS + END, "something that is no chunk"),
        (HEAD + header() + b"\xff\xff\xff\xffIDAT" + bytes(50), "cut short"),
        (PNG[:-12] + bytes(12), "something that is no chunk"),
        (PNG[:-1] + b"\0", "the checksum of its IEND chunk is wrong"),
    ],
)
def test_a_malformed_png_is_refused(data: bytes, part: str) -> None:
    refused("a.png", data, part)


@rule("V1")
def test_a_png_has_the_colour_types_and_depths_of_its_specification() -> None:
    legal = {(0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8), (4, 8), (4, 16), (6, 8), (6, 16)}
    for colour in range(9):
        for depth in range(34):
            data = HEAD + header(depth=depth, colour=colour) + PALETTE + PIXELS + END
            assert (flaw(data, "png") is None) == ((colour, depth) in legal)


@rule("V1")
@pytest.mark.parametrize("interlace", [0, 1])
@pytest.mark.parametrize(("width", "height"), [(1, 1), (1 << 24, 1), (1, 1 << 24), ((1 << 31) - 1, 1), (1, (1 << 31) - 1)])
def test_a_png_of_any_size_is_walked_without_decoding_it(width: int, height: int, interlace: int) -> None:
    assert flaw(HEAD + header(width, height, rest=bytes((0, 0, interlace))) + chunk(b"IDAT", b"x") + END, "png") is None


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


SOI, EOI = b"\xff\xd8", b"\xff\xd9"
FRAME = segment(0xC0, struct.pack(">BHHB", 8, 2, 2, 1) + b"\x01\x11\x00")
SCAN = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34"


@rule("V1")
@pytest.mark.parametrize(
    ("data", "part"),
    [
        (SOI + FRAME + EOI, "holds no picture"),
        (SOI + FRAME, "cut short"),
        (SOI + SCAN + EOI, "scans is malformed"),
        (SOI + FRAME + SCAN, "cut short"),
        (SOI + FRAME + SCAN + b"\xff", "cut short"),
        (SOI + FRAME + SCAN + b"\xff\xff", "cut short"),
        (SOI + FRAME + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + EOI, "scans is empty"),
        (SOI + FRAME + segment(0xDA, b"") + b"\x12" + EOI, "scans is malformed"),
        (SOI + FRAME + segment(0xDA, b"\x02\x01\x00\x00\x3f\x00") + b"\x12" + EOI, "scans is malformed"),
        (SOI + FRAME + segment(0xDA, bytes(4)) + b"\x12" + EOI, "scans is malformed"),
        (SOI + segment(0xC0, b"") + SCAN + EOI, "frame header is malformed"),
        (SOI + segment(0xC0, struct.pack(">BHHB", 8, 2, 2, 0)) + SCAN + EOI, "frame header is malformed"),
        (SOI + segment(0xC0, struct.pack(">BHHB", 8, 2, 2, 3) + b"\x01\x11\x00") + SCAN + EOI, "frame header is malformed"),
        (SOI + segment(0xC0, struct.pack(">BHHB", 8, 0, 257, 1) + b"\x01\x11\x00") + SCAN + EOI, "width or height"),
        (SOI + segment(0xC0, struct.pack(">BHHB", 8, 257, 0, 1) + b"\x01\x11\x00") + SCAN + EOI, "width or height"),
        (SOI + segment(0xC4, struct.pack(">BHHB", 8, 2, 2, 1) + b"\x01\x11\x00") + SCAN + EOI, "scans is malformed"),
        (SOI + b"\xff\xe0\x00\x01" + FRAME + SCAN + EOI, "segments has a wrong length"),
        (SOI + b"\xff\xe0\xff\xff" + FRAME + SCAN + EOI, "cut short"),
        (SOI + b"\xff\xd8" + FRAME + SCAN + EOI, "no segment"),
        (SOI + FRAME + b"\0" + SCAN + EOI, "no segment"),
        (SOI + FRAME + b"\xff\xd0" + SCAN + EOI, "no segment"),
        (SOI + b"\xff\x00" + FRAME + SCAN + EOI, "no segment"),
    ],
)
def test_a_malformed_jpeg_is_refused(data: bytes, part: str) -> None:
    refused("a.jpg", data, part)


@rule("V1")
@pytest.mark.parametrize(
    "data",
    [
        SOI + FRAME + SCAN + EOI,
        SOI + FRAME + SCAN + SCAN + EOI,
        SOI + segment(0xC0, struct.pack(">BHHB", 8, 256, 256, 1) + b"\x01\x11\x00") + SCAN + EOI,
        SOI + b"\xff\xff" + FRAME + b"\xff" + SCAN + b"\xff\xff" + EOI,
        SOI + FRAME + SCAN + b"\xff\xd0\x12\xff\xd7\x34" + EOI,
        SOI + segment(0xE1, b"Exif" + JPEG) + FRAME + SCAN + EOI,
        SOI + FRAME.replace(b"\xff\xc0", b"\xff\xcf") + SCAN + EOI,
    ],
)
def test_a_jpeg_may_have_scans_fill_bytes_restarts_and_a_thumbnail(data: bytes) -> None:
    assert flaw(data, "jpeg") is None


@rule("V1")
def test_a_jpeg_has_the_frames_and_the_bare_markers_of_its_specification() -> None:
    for marker in range(0xC0, 0xD0):
        data = SOI + segment(marker, struct.pack(">BHHB", 8, 1, 1, 1) + b"\x01\x11\x00") + SCAN + EOI
        assert (flaw(data, "jpeg") is None) == (marker not in (0xC4, 0xC8, 0xCC))
    for marker in {*range(0x100)} - {*range(0xC0, 0xD0), 0xD9, 0xDA, 0xFF}:
        data = SOI + segment(marker, b"") + FRAME + SCAN + EOI
        assert (flaw(data, "jpeg") is None) == (marker not in {0x00, 0x01, *range(0xD0, 0xD9)})


@rule("V1")
def test_the_end_of_a_thumbnail_is_not_the_end_of_its_jpeg() -> None:
    refused("a.jpg", SOI + segment(0xE1, b"Exif" + JPEG) + FRAME + SCAN, "cut short")


@rule("V1")
@pytest.mark.parametrize(
    ("data", "part"),
    [
        (gif(image=b""), "holds no picture"),
        (gif(image=b"\x2c" + bytes(9) + b"\x02\x01\x4c\x00"), "width or height"),
        (gif(image=b"\x2c\0\0\0\0\1\1\0\0\1\x02\x01\x4c\x00"), "width or height"),
        (gif(image=b"\x2c\0\0\0\1\0\0\1\1\0\x02\x01\x4c\x00"), "width or height"),
        (gif(image=b"\x2c\0\0\0\0\1\0\1\0\0\x00\x01\x4c\x00"), "code size"),
        (gif(image=b"\x2c\0\0\0\0\1\0\1\0\0\x0c\x01\x4c\x00"), "code size"),
        (gif(image=b"\x2c\0\0\0\0\1\0\1\0\0\x02\x00"), "holds no picture"),
        (gif(image=b"\x42"), "no block"),
        (gif(flags=0x87)[:40], "cut short"),
    ],
)
def test_a_malformed_gif_is_refused(data: bytes, part: str) -> None:
    refused("a.gif", data, part)


@rule("V1")
def test_a_gif_may_have_any_size_of_colour_table_and_several_images() -> None:
    image = b"\x2c\0\0\0\0\1\0\1\0\x80" + bytes(6) + b"\x02\x01\x4c\x02\x4c\x01\x00"
    for size in range(8):
        assert flaw(gif(flags=0x80 | size, image=image + b"\x21\xf9\x04\0\0\0\0\0" + image), "gif") is None


@rule("V1")
@pytest.mark.parametrize("code_size", [1, 2, 8, 11])
def test_a_gif_may_have_no_colour_table_and_any_code_size(code_size: int) -> None:
    image = b"\x2c\0\0\0\0\0\1\0\1\x07" + bytes((code_size,)) + b"\x01\x4c\x00"
    assert flaw(gif(flags=0x77, image=image), "gif") is None


@rule("V1")
@pytest.mark.parametrize(
    ("data", "part"),
    [
        (bmp(width=0), "width or height"),
        (bmp(width=-3, pixels=bytes(24)), "width or height"),
        (bmp(height=0), "width or height"),
        (bmp(bits=7), "bit depth or compression"),
        (bmp(bits=0), "bit depth or compression"),
        (bmp(bits=24, compression=1, size=4), "bit depth or compression"),
        (bmp(compression=4), "bit depth or compression"),
        (bmp(planes=2), "bit depth or compression"),
        (bmp(planes=257), "bit depth or compression"),
        (bmp(bits=256 + 24, pixels=bytes(24)), "bit depth or compression"),
        (bmp(compression=1 << 24), "bit depth or compression"),
        (bmp(bits=8, compression=1, size=0), "holds no picture"),
        (bmp(bits=4, compression=2, size=99, pixels=bytes(98)), "cut short"),
        (bmp(pixels=bytes(23)), "cut short"),
        (bmp(width=(1 << 31) - 1, height=-(1 << 31), pixels=b""), "cut short"),
        (bmp()[:2] + b"\xff\xff\xff\xff" + bmp()[6:], "cut short"),
        (bmp()[:10] + b"\x35\0\0\0" + bmp()[14:], "inside its header"),
        (bmp()[:14] + b"\x29\0\0\0" + bmp()[18:], "header has a wrong length"),
    ],
)
def test_a_malformed_bmp_is_refused(data: bytes, part: str) -> None:
    refused("a.bmp", data, part)


@rule("V1")
def test_a_bmp_has_the_depths_that_its_compression_allows() -> None:
    legal = {(0, 1), (0, 4), (0, 8), (0, 16), (0, 24), (0, 32), (1, 8), (2, 4), (3, 16), (3, 32), (6, 16), (6, 32)}
    for compression in range(10):
        for bits in range(40):
            data = bmp(1, 1, bits, compression, size=1 if compression in (1, 2) else 0, pixels=bytes(8))
            assert (flaw(data, "bmp") is None) == ((compression, bits) in legal)


@rule("V1")
@pytest.mark.parametrize(
    ("width", "bits", "row"), [(1, 1, 4), (32, 1, 4), (33, 1, 8), (4, 8, 4), (5, 8, 8), (3, 24, 12), (4, 24, 12), (1, 32, 4)]
)
def test_the_rows_of_a_bmp_are_padded_to_four_bytes(width: int, bits: int, row: int) -> None:
    compression = 3 if bits == 32 else 0
    assert flaw(bmp(width, -3, bits, compression, pixels=bytes(3 * row)), "bmp") is None
    assert flaw(bmp(width, -3, bits, compression, pixels=bytes(3 * row - 1)), "bmp") == "it is cut short"


@rule("V1")
def test_only_the_declared_fields_of_a_bmp_are_read() -> None:
    packed = bmp(bits=8, compression=1, size=4, pixels=bytes(4))
    assert flaw(packed[:6] + b"\xff\xff\xff\xff" + packed[10:38] + b"\xff\xff\xff\xff" + packed[42:], "bmp") is None
    assert flaw(packed[:2] + struct.pack("<I", len(packed) + 1) + packed[6:], "bmp") == "it is cut short"
    for at in (5, 13, 37):
        assert flaw(packed[:at] + b"\x01" + packed[at + 1 :], "bmp") == "it is cut short"
    assert flaw(packed[:17] + b"\x01" + packed[18:], "bmp") == "its header has a wrong length"


@rule("V1")
@pytest.mark.parametrize(("width", "height", "array"), [(256, 1, 768), (1, 256, 1024)])
def test_an_old_bmp_may_be_wider_or_higher_than_a_byte_says(width: int, height: int, array: int) -> None:
    data = b"BM" + struct.pack("<IHHIIHHHH", 0, 0, 0, 26, 12, width, height, 1, 24) + bytes(array)
    assert (flaw(data, "bmp"), flaw(data[:-1], "bmp")) == (None, "it is cut short")


@rule("V1")
def test_a_bmp_may_leave_its_declared_size_at_nothing() -> None:
    assert flaw(bmp()[:2] + bytes(4) + bmp()[6:], "bmp") is None


@rule("V1")
@pytest.mark.parametrize("size", [12, 16, 40, 52, 56, 64, 108, 124])
def test_every_header_that_bmp_ever_had_is_read(size: int) -> None:
    dib = struct.pack("<IHHHH", 12, 3, 2, 1, 24) if size == 12 else (struct.pack("<IiiHH", size, 3, 2, 1, 24) + bytes(108))[:size]
    data = b"BM" + struct.pack("<IHHI", 0, 0, 0, 14 + size) + dib + bytes(24)
    assert flaw(data, "bmp") is None
    assert flaw(data[:-1], "bmp") == "it is cut short"


# Whatever comes.


@rule("V1")
@fuzz
@given(st.binary(max_size=200), st.sampled_from(sorted(SMALL)), st.integers(0, 60))
def test_any_bytes_are_a_picture_or_unfit(noise: bytes, name: str, kept: int) -> None:
    for data in (noise, SMALL[name][:kept] + noise, SMALL[name] + noise):
        assert isinstance(look(name, data), Picture | Unfit)


@rule("V1")
@fuzz
@given(st.text(), st.binary(max_size=20))
def test_any_name_is_taken_and_every_message_can_be_printed(name: str, data: bytes) -> None:
    for answer in (look(name, data), look(name + ".png", PNG), look(name, PNG)):
        assert isinstance(answer, Picture) or answer.message.isprintable()


@rule("V1")
def test_twenty_thousand_damaged_pictures_are_pictures_or_unfit() -> None:
    draw, names = random.Random(20260101), sorted(SMALL)
    for _ in range(20_000):
        name = draw.choice(names)
        data = bytearray(SMALL[name])
        for _ in range(draw.randint(1, 4)):
            data[draw.randrange(len(data))] = draw.choice((0x00, 0xFF, 0xD9, 0x3B, draw.randrange(256)))
        assert isinstance(look(name, bytes(data[: draw.randint(1, 2 * len(data))])), Picture | Unfit)


# Long enough that a walk of quadratic cost would not end in time.
LONG = 500_000


@rule("V1")
@pytest.mark.parametrize(
    "data",
    [
        SOI + b"\xff" * LONG,
        SOI + FRAME + SCAN + b"\xff" * LONG,
        SOI + FRAME + SCAN + b"\xff\x00" * (LONG // 2),
        SOI + FRAME + SCAN * (LONG // 14),
        SOI + segment(0xE0, b"") * (LONG // 4),
        HEAD + header() + chunk(b"tEXt", b"") * (LONG // 12),
        gif()[:-1] + b"\x21\xfe" + b"\x01\x00" * (LONG // 2),
        gif()[:-1] + b"\x21\xfe\x00" * (LONG // 3),
    ],
    ids=range(8),
)
def test_a_picture_twice_as_long_takes_at_most_twice_the_steps(data: bytes) -> None:
    assert steps(data[: LONG // 32]) <= 2 * steps(data[: LONG // 64]) + 100


def steps(data: bytes) -> int:
    """How many lines of code it takes to see what is wrong with a picture."""
    count = 0

    def step(frame: Any, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        kind = sniff(data)
        assert kind is not None and flaw(data, kind) is not None
    finally:
        sys.settrace(before)
    return count


# Links.


@rule("V3")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("no link, only http and https:// and http://", ()),
        ("see https://example.com/a", ("https://example.com/a",)),
        ("HTTPS://Example.com/A", ("HTTPS://Example.com/A",)),
        ("https://b.example, http://a.example; https://b.example!", ("https://b.example", "http://a.example")),
        ("a video (https://example.com/v).", ("https://example.com/v",)),
        ("(https://example.com/x_(y))", ("https://example.com/x_(y)",)),
        ("https://example.com/x_(y)", ("https://example.com/x_(y)",)),
        ("((https://example.com/v)))", ("https://example.com/v",)),
        ("[film](https://example.com/v)", ("https://example.com/v",)),
        ("[see https://example.com/v]", ("https://example.com/v",)),
        ("<https://example.com/v>", ("https://example.com/v",)),
        ('"https://example.com/v"', ("https://example.com/v",)),
        ("'https://example.com/v'?!...", ("https://example.com/v",)),
        ("**https://example.com/v**", ("https://example.com/v",)),
        ("https://example.com/?a=1&b=2#c", ("https://example.com/?a=1&b=2#c",)),
        ("https://example.com/a/", ("https://example.com/a/",)),
        ("look...https://example.com", ("https://example.com",)),
        ("first\nhttps://example.com/a\r\nhttps://example.com/b", ("https://example.com/a", "https://example.com/b")),
        ("https://example.com/a\u200bb", ("https://example.com/a",)),
        ("https://example.com/a\u202eb", ("https://example.com/a",)),
        ("\u770bhttps://example.com/a\u3002\u8c22", ("https://example.com/a",)),
        ("xhttps://example.com", ()),
        ("javascript:alert(1) file:///etc/passwd ftp://example.com", ()),
        ("https://example.com/" + "a" * 2029, ()),
        ("https://. https://-/ https:///x https://?x", ()),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_the_links_inside_a_text_are_found_without_the_sentence_around_them(text: str, found: tuple[str, ...]) -> None:
    assert links(text) == found


@rule("V3")
@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "http://example.com/",
        "HTTPS://EXAMPLE.COM/A?b=c#d",
        "https://example.com:8443/x",
        "https://someone@example.com/x@y",
        "http://[::1]:80/",
        "http://localhost",
        "https://m\u00fcnchen.example/\u00e4",
        "https://example.com/" + "a" * 2028,
        "https://example.com/a.",
    ],
    ids=lambda url: ascii(url)[:40],
)
def test_a_http_link_with_a_host_is_acceptable(url: str) -> None:
    assert check_link(url) is None


@rule("V3")
@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("javascript:alert(1)", "'javascript:alert(1)' is not a link, it does not begin with http:// or https://: write it like https://"),
        ("file:///etc/passwd", "does not begin with http:// or https://"),
        ("ftp://example.com", "does not begin with http:// or https://"),
        ("//example.com", "does not begin with http:// or https://"),
        ("example.com", "does not begin with http:// or https://"),
        ("https:example.com", "does not begin with http:// or https://"),
        ("", "does not begin with http:// or https://"),
        ("https://", "names no host"),
        ("https:///x", "names no host"),
        ("https://?x", "names no host"),
        ("https://#x", "names no host"),
        ("https://.", "names no host"),
        ("https://user@:80/", "names no host"),
        ("https://[x]/", "names no host"),
        ("https://example.com:port/", "names no host"),
        ("https://example.com/\nx", "white space or invisible characters"),
        ("https://example.com/ x", "white space or invisible characters"),
        (" https://example.com", "white space or invisible characters"),
        ("https://example.com\n", "white space or invisible characters"),
        ("https://example.com/\x00", "white space or invisible characters"),
        ("https://example.com/\x1b[31m", "white space or invisible characters"),
        ("https://example.com/\u202egpj.exe", "white space or invisible characters"),
        ("https://example.com/\u200b", "white space or invisible characters"),
        ("https://example.com/\u3164", "white space or invisible characters"),
        ("https://example.com/\udcff", "white space or invisible characters"),
        ("https://example.com/" + "a" * 2029, "A link has at most 2,048 characters; 'https://example.com/"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_any_other_link_is_told_why_not(url: str, part: str) -> None:
    message = check_link(url)
    assert message is not None
    assert part in message
    assert message.isprintable()


@rule("V3")
@fuzz
@given(st.text() | st.text("htps:/.)(]['a\n 1", max_size=60))
def test_every_link_found_in_a_text_is_a_part_of_it_and_acceptable(text: str) -> None:
    found = links("https://" + text)
    assert len(set(found)) == len(found)
    assert all(url in "https://" + text and check_link(url) is None for url in found)


@rule("V3")
@pytest.mark.parametrize("text", ["https://a" + ")" * 65_000, "https://" * 8_000, "https://a" + ".]" * 32_000, "https://a@" + "@" * 65_000])
def test_a_text_of_the_largest_size_is_searched_to_its_end(text: str) -> None:
    """A search that took the square of its length would not come back."""
    assert all(link in text for link in links(text))


# Texts with nothing to see.


@rule("D8")
@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\t\r",
        "\u00a0",
        "\u200b",
        "\u00a0\u200b\ufeff",
        "\u202e",
        "\x1b",
        "\x00\x9b",
        "\u2028",
        "\u3000",
        "\u00ad",
        "\u2060",
        "\u3164\u115f",
        "\u2800",
        "\u180b\u180d\u180f",
        "\ufe00",
        "\U000e01ef",
        "\ufe0f",
        "\U000e0100",
        "\udcff",
    ],
    ids=ascii,
)
def test_a_text_with_nothing_to_see_is_blank(text: str) -> None:
    assert blank(text)


@rule("D8")
@pytest.mark.parametrize(
    "text",
    ["x", " . ", "\u200bx", "\u0435", "\u2764\ufe0f", "0", "\u0301", "\ue000", "\u180a", "\u1810", "\ufdff", "\ufe10", "\U000e00ff", "\U000e01f0", "\U0010fffd"],
    ids=ascii,
)
def test_a_text_with_anything_to_see_is_not_blank(text: str) -> None:
    assert not blank(text)
