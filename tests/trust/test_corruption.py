"""Every single-bit flip and every truncation of a document and of its index: refused, or the very same facts, and found by `verify`.

`make corruption` tries all of them, `make test` the same sample each time.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from dispute_cli.store import audit, chain, recover, view, walk
from dispute_cli.store.lines import CLOSE

from .specimen import ALL, LISTS, SHARDS, Answers, Specimen, answers, dealt, flip, found, lies, refuses, specimen

pytestmark = pytest.mark.usefixtures("quick")
shards = pytest.mark.parametrize("shard", range(SHARDS if ALL else 2))


@pytest.fixture
def kept(tmp_path: Path) -> Specimen:
    return specimen(tmp_path)


def is_prefix(kept: Specimen, told: Answers) -> bool:
    """Every answer is of one and the same earlier commit."""
    return any(not lies(told, prefix) for prefix in kept.prefixes)


def line_of(document: bytes, at: int) -> int:
    return document.count(b"\n", 0, at) + 1


# The document


def of_flipped(kept: Specimen, bit: int) -> Iterator[str]:
    spoiled = flip(kept.bytes, bit)
    line = line_of(kept.bytes, bit // 8)
    yield from lies(kept.rot(spoiled), kept.whole)
    problems = found(kept.store)
    if not problems or problems[0].line not in (line, line + 1):
        yield f"verify told {problems}, not line {line}"
    kept.told.clear()
    yield from lies(kept.rewrite(spoiled), kept.whole)
    if bit // 8 >= len(kept.bytes) - len(CLOSE) and Path(kept.document).read_bytes() == kept.bytes:
        # An end that was torn off after the last whole commit: it is put back, and told.
        if not kept.told:
            yield "it mended without a word"
        return
    if not found(kept.store):
        yield "verify found nothing in a document that was rewritten"
    if Path(kept.document).read_bytes() != spoiled:
        yield "it was changed"


def of_flipped_alone(kept: Specimen, bit: int) -> Iterator[str]:
    spoiled = flip(kept.bytes, bit)
    kept.put(spoiled, index=False)
    if not found(kept.store):
        yield "verify found nothing"
    told = kept.bare(spoiled)
    if not is_prefix(kept, told):
        yield "it told what never was"
    if not (kept.told or refuses(told)):
        yield "it mended without a word"
    if bool(found(kept.store)) != refuses(told):
        yield "what was mended is not sound, or what was refused is"


def of_cut(kept: Specimen, size: int) -> Iterator[str]:
    cut = kept.bytes[:size]
    kept.put(cut)
    if not found(kept.store):
        yield "verify found nothing"
    told = kept.rewrite(cut)
    yield from lies(told, kept.whole)
    acknowledged = size >= len(kept.bytes) - len(CLOSE)
    if refuses(told) == acknowledged:
        yield "it was refused, and nothing acknowledged is missing" if acknowledged else "it was not refused"
    if Path(kept.document).read_bytes() != (kept.bytes if acknowledged else cut):
        yield "it was changed"


def of_cut_alone(kept: Specimen, size: int) -> Iterator[str]:
    ends = [at for at in range(len(kept.bytes)) if kept.bytes[at : at + 1] == b"\n"]
    told = kept.bare(kept.bytes[:size])
    if size < ends[0]:
        if set(told.values()) != {None}:
            yield "half a head was believed"
        return
    whole = sum(end - (kept.bytes[end - 1 : end] == b",") <= size for end in ends[1:])
    if told != kept.prefixes[-1 - whole]:
        yield f"it does not stand at commit {whole}"
    if not kept.told:
        yield "it mended without a word"
    if found(kept.store):
        yield "what was mended is not sound"


def gathered(kept: Specimen, judge: Callable[[Specimen, int], Iterator[str]], points: range) -> list[tuple[int, str]]:
    return [(point, fault) for point in points for fault in judge(kept, point)]


@shards
def test_a_flipped_bit_of_a_document_beside_its_index_is_refused_or_changes_nothing_and_is_found(kept: Specimen, shard: int) -> None:
    assert gathered(kept, of_flipped, dealt(len(kept.bytes) * 8, shard, 40)) == []


@shards
def test_a_flipped_bit_of_a_document_without_its_index_is_refused_or_leaves_whole_commits_and_is_told(kept: Specimen, shard: int) -> None:
    assert gathered(kept, of_flipped_alone, dealt(len(kept.bytes) * 8, shard, 40)) == []


@shards
def test_a_document_cut_short_beside_its_index_is_refused_or_whole_again(kept: Specimen, shard: int) -> None:
    assert gathered(kept, of_cut, dealt(len(kept.bytes), shard, 20)) == []


@shards
def test_a_document_cut_short_without_its_index_stands_at_its_last_whole_commit_and_says_so(kept: Specimen, shard: int) -> None:
    assert gathered(kept, of_cut_alone, dealt(len(kept.bytes), shard, 20)) == []


# The index


def of_index(kept: Specimen, spoiled: bytes) -> Iterator[str]:
    """No question is answered otherwise; what is refused to who may not mend is found by `verify`, and mended by who may."""
    kept.put_spoiled(spoiled)
    glanced = kept.glanced()
    yield from lies(glanced, kept.whole)
    if not refuses(glanced):
        return
    if len(spoiled) > 1 and not found(kept.store):  # up to one byte SQLite calls empty: that is no index
        yield "verify found nothing"
    if answers(kept.store) != kept.whole:
        yield "it was not mended"


@shards
def test_a_flipped_bit_of_an_index_changes_no_answer_and_is_mended(kept: Specimen, shard: int) -> None:
    points = dealt(len(kept.index_bytes) * 8, shard, 150)
    assert gathered(kept, lambda kept, bit: of_index(kept, flip(kept.index_bytes, bit)), points) == []


@shards
def test_an_index_cut_short_changes_no_answer_and_is_mended(kept: Specimen, shard: int) -> None:
    points = dealt(len(kept.index_bytes), shard, 50)
    assert gathered(kept, lambda kept, size: of_index(kept, kept.index_bytes[:size]), points) == []


def test_every_bit_of_where_a_commit_stands_is_doubted(kept: Specimen) -> None:
    hashes = [line.split(b'"hash":"')[1][:64] for line in kept.bytes.split(b"\n")[1:-1]]
    rows = list(places(kept.index_bytes, hashes[0]))
    bits = [bit for row in rows for bit in range((row - 24) * 8, row * 8)]
    assert len(rows) == 1
    assert gathered(kept, lambda kept, bit: of_index(kept, flip(kept.index_bytes, bit)), range(bits[0], bits[-1])) == []


@pytest.mark.parametrize("bit", [98379, 98380, 130840, 130880, 130944, 131008, 163641])
def test_a_touch_that_rotted_is_doubted(kept: Specimen, bit: int) -> None:
    assert list(of_index(kept, flip(kept.index_bytes, bit))) == []


def test_orders_that_lost_their_order_are_not_walked_for_ever(kept: Specimen) -> None:
    for at in places(kept.index_bytes, b"P/2"):
        kept.put_spoiled(flip(kept.index_bytes, at * 8 + 6))
        with kept.store.read() as view:
            assert len(list(islice(view.orders(), 9))) <= 3
            assert len(list(islice(view.orders(disputed=True), 9))) <= 3


def places(data: bytes, wanted: bytes) -> Iterator[int]:
    at = -1
    while (at := data.find(wanted, at + 1)) >= 0:
        yield at


def test_a_rotten_copy_of_an_id_or_key_is_doubted_by_every_list_that_it_stands_in(kept: Specimen) -> None:
    doubting = set()
    for spoiled in rotten_ids(kept):
        assert list(of_index(kept, spoiled)) == []
        kept.put_spoiled(spoiled)
        doubting |= {name for name, answer in kept.glanced().items() if answer is None}
    assert doubting >= set(LISTS)


def rotten_ids(kept: Specimen) -> Iterator[bytes]:
    """The index with one bit flipped in a copy of an id or key, for each of its copies."""
    for id in (b"O-1", b"P/2", b"k-1"):
        yield from (flip(kept.index_bytes, at * 8) for at in places(kept.index_bytes, id))


# The harness sees what it is for


@pytest.fixture
def trusting(kept: Specimen, monkeypatch: pytest.MonkeyPatch) -> None:
    """A product that takes every line for what was written."""
    hashes = [tuple(line.split(b'"')[number].decode() for number in (5, 9)) for line in kept.bytes.split(b"\n")[1:-1]]
    for module in (audit, chain, view, walk):
        monkeypatch.setattr(module, "unseal", lambda line, number: hashes[number - 1])


@pytest.mark.usefixtures("trusting")
def test_a_store_that_trusts_its_lines_is_caught(kept: Specimen) -> None:
    spoiled = flip(kept.bytes, (kept.bytes.index(b"It is broken")) * 8)
    assert "order" in lies(kept.rot(spoiled), kept.whole)
    assert "events" in lies(kept.rewrite(spoiled), kept.whole)
    assert not found(kept.store)
    assert not is_prefix(kept, kept.bare(spoiled))


def test_an_index_that_is_believed_alone_is_caught(kept: Specimen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view.JsonView, "_events_at", lambda self, places, order: [])
    assert "order" in lies(answers(kept.store), kept.whole)


def test_lists_that_are_asked_of_one_copy_are_caught(kept: Specimen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "agreed", lambda index, question, *values: index.all(question[1], *values))
    faults = {fault for spoiled in rotten_ids(kept) for fault in of_index(kept, spoiled)}
    assert faults >= set(LISTS)


def test_a_cut_tail_that_nobody_witnesses_is_caught(kept: Specimen, monkeypatch: pytest.MonkeyPatch) -> None:
    def unwitnessed(of: Any, index: Any, mark: Any) -> Any:
        return recover._build(of, index, None, "it was not asked")

    monkeypatch.setattr(recover, "check_witness", lambda *_: None)
    monkeypatch.setattr(recover, "_catch_up", unwitnessed)
    assert lies(kept.rewrite(kept.bytes[: kept.bytes.rindex(b",\n") + 9]), kept.whole)


def test_a_store_that_mends_without_a_word_is_caught(kept: Specimen) -> None:
    kept.store.tell = lambda _: None
    assert not refuses(kept.bare(kept.bytes[:-9])) and not kept.told
