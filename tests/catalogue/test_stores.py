"""Stores that are damaged, cut short, foreign or of a newer version: answered with 7, and left as they are."""

import shutil
from collections.abc import Callable
from hashlib import sha256

import pytest

from tests.run import Place

from .judging import done, judge, refused, refused_here, short

HEAD_END = b'},"commits":{'
CLOSE = b"\n}}"


def changed(document: bytes, old: bytes, new: bytes) -> bytes:
    """A store's document with something else in its last line, under a hash that is right: what no flipped bit explains."""
    before, line = document.removesuffix(CLOSE).rsplit(b"\n", 1)
    start, rest = line[: line.index(b'"hash"')], line[line.index(b'"hash"') :].split(b",", 1)[1]
    assert old in rest
    rest = rest.replace(old, new, 1)
    previous = start.split(b'"prev":"')[1][:64]
    return before + b"\n" + start + b'"hash":"%s",' % sha256(previous + start + rest).hexdigest().encode() + rest + CLOSE


def head(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """A head that says something else, under a hash that is right."""

    def change(document: bytes) -> bytes:
        end = document.index(HEAD_END)
        text = b"{" + document[:end].split(b",", 1)[1]
        assert old in text
        text = text.replace(old, new, 1)
        return b'{"store":{"1":{"hash":"%s",' % sha256(text).hexdigest().encode() + text[1:] + document[end:]

    return change


def line(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda document: changed(document, old, new)


TITLE, LAST = b'"title":"Blue cup"', b'"orders":{'
DEEP = b"[" * 100_000 + b"]" * 100_000
LINE, NO_STORE = "commit 1 (line 2)", "not a store"
BAD: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "duplicate key in a document": (line(TITLE, TITLE + b"," + TITLE), LINE),
    "duplicate key of a line": (line(b'"events":', b'"events":[],"events":'), LINE),
    "duplicate key of the document": (lambda d: b'{"store":{},' + d[1:], "another program"),
    "byte order mark": (lambda d: b"\xef\xbb\xbf" + d, "byte order mark"),
    "0 bytes": (lambda d: b"", "is empty"),
    "a trailing newline": (lambda d: d + b"\n", "1 bytes stand after its end"),
    "a trailing document": (lambda d: d + b"{}", "2 bytes stand after its end"),
    "a trailing letter": (lambda d: d + b"x", "1 bytes stand after its end"),
    "itself twice": (lambda d: d + d, "after its end"),
    "NaN": (line(TITLE, b'"title":NaN'), LINE),
    "NaN in what nobody reads": (line(LAST, b'"later":NaN,' + LAST), LINE),
    "1e400": (line(TITLE, b'"title":1e400'), LINE),
    "1e400 in what nobody reads": (line(LAST, b'"later":1e400,' + LAST), LINE),
    "a 5,000-digit integer": (line(TITLE, b'"title":' + b"9" * 5000), LINE),
    "a 5,000-digit integer in what nobody reads": (line(LAST, b'"later":' + b"9" * 5000 + b"," + LAST), LINE),
    "100,000-deep nesting": (line(TITLE, b'"title":' + DEEP), LINE),
    "100,000-deep nesting in what nobody reads": (line(LAST, b'"later":' + DEEP + b"," + LAST), LINE),
    "100,000-deep nesting alone": (lambda d: b"[" * 100_000, NO_STORE),
    "bad UTF-8": (line(b"Blue", b"Bl\xffe"), LINE),
    "bad UTF-8 alone": (lambda d: b"\xff\xfe{}", NO_STORE),
    "half a character": (line(b"Blue", b"Bl\\ud800e"), LINE),
    "[]": (lambda d: b"[]", NO_STORE),
    "{}": (lambda d: b"{}", NO_STORE),
    "null": (lambda d: b"null", NO_STORE),
    "foreign JSON": (lambda d: b'{"name":"x","version":1}', NO_STORE),
    "no JSON": (lambda d: b"hello\n", NO_STORE),
    "SQLite": (lambda d: b"SQLite format 3\0" + bytes(4080), NO_STORE),
    "a gigabyte of nothing": (lambda d: bytes(1 << 20), NO_STORE),
    "a hostile document": (lambda d: b'{"\x1b[31m\xe2\x80\xae', NO_STORE),
    "a newer version": (head(b'"schema":1', b'"schema":2'), "newer `dispute` is needed"),
    "version 0": (head(b'"schema":1', b'"schema":0'), ""),
    "an event later than the clock": (line(b'"at":"2026-01-01T00:00:00Z"', b'"at":"2026-01-01T00:00:01Z"'), LINE),
    "a seq gap": (line(b'"seq":1', b'"seq":2'), LINE),
    "an event of an unknown type": (line(b"order_created", b"order_creates"), LINE),
    "a flipped bit": (lambda d: d.replace(b"Blue", b"Bluf"), LINE),
    "written by another program": (lambda d: d.replace(b'":', b'": '), "another program"),
    "line ends of another system": (lambda d: d.replace(b"\n", b"\r\n"), ""),
}


@pytest.mark.parametrize(("change", "says"), BAD.values(), ids=BAD)
def test_a_damaged_store_is_refused_to_readers_and_writers(dispute: Place, change: Callable[[bytes], bytes], says: str) -> None:
    shutil.rmtree(dispute.folder / "disputes.json.d")
    (dispute.folder / "disputes.json").write_bytes(change(dispute.bytes()))
    (dispute.folder / "disputes.json.d").mkdir(0o700)
    refused(dispute, 7, "status", "O-1", says=says)
    refused_here(dispute, 7, "message", "O-1", "x", says=says)
    refused_here(dispute, 7, "verify", says="" if says == LINE or "after its end" in says else says)


@pytest.mark.parametrize("document", [b'{"store":{"1":{"schema":3}},"x":[]}', b'{"store":{"1":{"schema":3}},"commits":{\n}}'], ids=short)
def test_a_newer_version_of_another_shape_names_what_is_needed(dispute: Place, document: bytes) -> None:
    (dispute.folder / "disputes.json").write_bytes(document)
    refused_here(dispute, 7, "status", says="newer `dispute` is needed")


def test_a_gap_between_two_commits_is_damage(dispute: Place) -> None:
    dispute.ok("message", "O-1", "x")
    (dispute.folder / "disputes.json").write_bytes(changed(dispute.bytes(), b'"seq":2', b'"seq":3'))
    refused(dispute, 7, "status", "O-1", says="commit 2 (line 3)")


CUTS = [1, 2, 9, 100, 0.5, -400, -100, -4]


def cut(document: bytes, at: float) -> bytes:
    return document[: int(len(document) * at) if isinstance(at, float) else at]


@pytest.mark.parametrize("at", CUTS)
def test_a_store_cut_short_is_refused_while_its_index_knows_better(dispute: Place, at: float) -> None:
    dispute.ok("status")
    (dispute.folder / "disputes.json").write_bytes(cut(dispute.bytes(), at))
    refused(dispute, 7, "status", "O-1", says="disputes.json")
    refused_here(dispute, 7, "message", "O-1", "x", says="disputes.json")


@pytest.mark.parametrize("at", CUTS)
def test_a_store_cut_short_without_its_index_is_refused_or_stands_at_its_last_whole_commit_and_says_so(dispute: Place, at: float) -> None:
    dispute.ok("message", "O-1", "x")
    whole = dispute.bytes()
    shutil.rmtree(dispute.folder / "disputes.json.d")
    (dispute.folder / "disputes.json").write_bytes(cut(whole, at))
    ran = dispute.process("events", "--json")
    if whole.index(HEAD_END) > len(cut(whole, at)):
        judge(ran, 7, "disputes.json")
        return
    assert ran.code == 0, ran
    assert "note: " in ran.err
    assert len(ran.json["events"]) == (1 if whole.index(b'\n"2":') < len(cut(whole, at)) else 0)
    assert dispute.ok("verify").code == 0


def test_zeros_after_the_end_are_a_torn_write_that_is_mended_and_said(dispute: Place) -> None:
    whole = dispute.bytes()
    (dispute.folder / "disputes.json").write_bytes(whole + bytes(4096))
    ran = done(dispute, "events", "--json")
    assert (len(ran.json["events"]), ran.err.startswith("note: ")) == (1, True)
    assert dispute.bytes() == whole


@pytest.mark.parametrize("index", [True, False])
@pytest.mark.parametrize("at", [-3, -2, -1])
def test_a_store_that_lost_only_its_end_is_mended_and_says_so(dispute: Place, at: int, index: bool) -> None:
    whole = dispute.bytes()
    dispute.ok("status")
    if not index:
        shutil.rmtree(dispute.folder / "disputes.json.d")
    (dispute.folder / "disputes.json").write_bytes(whole[:at])
    ran = dispute("events", "--json")
    assert (ran.code, len(ran.json["events"]), ran.err.startswith("note: ")) == (0, 1, True)
    assert dispute.bytes() == whole
