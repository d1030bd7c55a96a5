"""What a power cut leaves: sectors of a document that are old, new or zeros, and an index of which any page is. Nothing acknowledged is lost, no answer is stale."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from dispute_cli.core import commands as c
from dispute_cli.store.json_log import JsonLogStore
from dispute_cli.store.lines import CLOSE, SECTOR
from tests.service.shop import Shop
from tests.store.facts import Kept, commit, facts, fill, problems, read, said, write
from tests.store.test_torn import aligned, images

from .specimen import ALL, Answers, Specimen, answers, lies, refuses, specimen

pytestmark = pytest.mark.usefixtures("quick")
PAGE = 4096
FRAME = 24 + PAGE
"""One page in SQLite's log, which begins with 32 bytes of its own."""

# The document

NEAR = range(-4, 5) if ALL else (-2, 0, 3)
"""Where a record begins and ends, in bytes from a sector's boundary."""


@pytest.mark.parametrize("index", ["kept", "of another boot", "lost"])
@pytest.mark.parametrize("begins", NEAR)
@pytest.mark.parametrize("first", [True, False], ids=["first commit", "later commit"])
def test_a_record_of_any_size_at_any_place_is_whole_or_gone_whatever_its_sectors_hold(tmp_path: Path, first: bool, begins: int, index: str) -> None:
    store = aligned(tmp_path, first, begins)
    old, before = Kept(store), facts(store)
    for ends in NEAR:
        old.put(old.bytes)
        size = padding(store, len(before) + 1, begins, ends)
        fill(store, commit(said(len(before) + 1, text="x" * size)))
        new, whole = read(old.document), facts(store)
        assert (len(new) - len(CLOSE) - ends) % SECTOR == 0
        for image in images(old.bytes, new):
            old.put(image, index=index != "lost")
            boot = (lambda: "another") if index == "of another boot" else store.boot_id
            later = JsonLogStore(old.document, boot_id=boot, tell=lambda _: None)
            assert facts(later) in ([before, whole] if image != new else [whole]), (ends, len(image))
        assert problems(later) == []


def padding(store: JsonLogStore, seq: int, begins: int, ends: int) -> int:
    """How long a text makes a record end so many bytes from a boundary, after at least one whole sector."""
    line = len(b",\n") if seq > 1 else len(b"\n")
    bare = Kept(store)
    fill(store, commit(said(seq, text="")))
    length = len(read(bare.document)) - len(bare.bytes)
    bare.put(bare.bytes)
    assert length > line
    return (ends - begins - length) % SECTOR


# The index


class PowerCut:
    """A store before and after two commands, and its index as it lay on disk then: nothing makes its pages durable."""

    def __init__(self, folder: Path) -> None:
        self.kept: Specimen = specimen(folder)
        shop = Shop(self.kept.store)
        self.old = self.kept.index_bytes
        shop.give(c.Respond, "O-1", refund="7.00")
        shop.order("N-1")
        self.document = read(self.kept.document)
        self.time = os.stat(self.kept.document).st_mtime_ns
        self.new = read(self.kept.index)
        self.truth = answers(self.kept.store)
        self.log = self._log(shop)

    def _log(self, shop: Shop) -> bytes:
        """SQLite's log while a reader keeps it from being folded into the index."""
        with self.kept.store.read():
            shop.give(c.SendMessage, "O-1", text="last")
            log = read(self.kept.index + "-wal")
        self.logged = read(self.kept.document)
        self.logged_truth = answers(self.kept.store)
        return log

    def after(self, index: bytes, document: bytes, boot: str, log: bytes = b"") -> Answers:
        """What is told when these bytes are found after the start of the system."""
        self.kept.put(document, index=False)
        write(self.kept.index, index)
        if log:
            write(self.kept.index + "-wal", log)
        return answers(JsonLogStore(self.kept.document, boot_id=lambda: boot, tell=lambda _: None))

    def pages(self) -> Iterator[bytes]:
        """Indexes of which each page is old, new or zeros: all of them, or those that differ in one page from an old or a new one."""
        count = -(-max(len(self.old), len(self.new)) // PAGE)
        kinds = [data.ljust(count * PAGE, b"\0") for data in (self.old, self.new, b"")]
        for choice in itertools.product(range(3), repeat=count) if ALL else self.nearly(count):
            yield b"".join(kinds[kind][page * PAGE : (page + 1) * PAGE] for page, kind in enumerate(choice))

    @staticmethod
    def nearly(count: int) -> Iterator[tuple[int, ...]]:
        for base, page, kind in itertools.product((0, 1), range(count), range(3)):
            yield tuple(kind if number == page else base for number in range(count))


@pytest.fixture
def power_cut(tmp_path: Path) -> PowerCut:
    return PowerCut(tmp_path)


def test_an_index_half_written_before_a_power_cut_is_never_believed(power_cut: PowerCut) -> None:
    for index in power_cut.pages():
        told = power_cut.after(index, power_cut.document, boot="another")
        assert told == power_cut.truth


def test_an_index_cut_short_by_a_power_cut_is_never_believed(power_cut: PowerCut) -> None:
    for size in range(0, len(power_cut.new), 512):
        assert power_cut.after(power_cut.new[:size], power_cut.document, boot="another") == power_cut.truth


def test_a_log_of_the_index_half_written_before_a_power_cut_is_never_believed(power_cut: PowerCut) -> None:
    log = power_cut.log
    cuts = [log[:size] for size in range(32, len(log) + 1, FRAME if not ALL else SECTOR)]
    zeros = [log[:at] + bytes(FRAME) + log[at + FRAME :] for at in range(32, len(log), FRAME)]
    assert len(zeros) > 2
    for torn in [*cuts, *zeros, log]:
        for index in (power_cut.old, power_cut.new, b""):
            assert power_cut.after(index, power_cut.logged, boot="another", log=torn) == power_cut.logged_truth


def test_what_was_acknowledged_before_a_power_cut_and_is_not_there_is_refused(power_cut: PowerCut) -> None:
    assert refuses(power_cut.after(power_cut.new, power_cut.kept.bytes, boot="another"))


# The harness sees what it is for


def test_a_store_that_does_not_ask_for_the_boot_is_caught(power_cut: PowerCut) -> None:
    boot = power_cut.kept.store.boot_id() or ""
    assert any(lies(told_in_time(power_cut, index, boot), power_cut.truth) for index in power_cut.pages())


def told_in_time(power_cut: PowerCut, index: bytes, boot: str) -> Answers:
    """What is told when the document's time is the one that the index knows, and nothing but the boot tells of a power cut."""
    kept = power_cut.kept
    kept.put(power_cut.document, index=False)
    write(kept.index, index)
    known = power_cut.time
    os.utime(kept.document, ns=(known, known))
    return answers(JsonLogStore(kept.document, boot_id=lambda: boot, tell=lambda _: None))
