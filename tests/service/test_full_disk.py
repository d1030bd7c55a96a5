"""A disk that takes nothing more: what could not be written is never told as done, and what was stays."""

from collections.abc import Sequence

import pytest

from dispute_cli import questions as q
from dispute_cli.keys import Options
from dispute_cli.runs.batch import Mode
from dispute_cli.store import Commit
from dispute_cli.store.memory import MemoryStore

from .lines import batch
from .shop import Shop, head


class FullStore(MemoryStore):
    """Refuses its second append, and takes the others."""

    appends = 0

    def append(self, commits: Sequence[Commit]) -> None:
        self.appends += 1
        if self.appends == 2:
            raise OSError(28, "No space left on device")
        super().append(commits)


@pytest.mark.parametrize(("mode", "exits", "code"), [(Mode.KEEP_GOING, [0, 0, 1, 1, 0], 9), (Mode.STOP, [0, 0, 1, 1], 1)])
def test_lines_that_the_disk_refused_are_told_as_failed(mode: Mode, exits: list[int], code: int) -> None:
    shop = Shop(FullStore(head()))
    heard = batch(shop, *(f"order create O-{number} --price 5.00" for number in range(5)), mode=mode, chunk=2)
    assert ([exit for _, exit in heard.exits], heard.code) == (exits, code)
    with shop.store.read() as view:
        assert list(view.orders()) == [f"O-{number}" for number, exit in enumerate(exits) if not exit]


def test_a_dry_repair_removes_nothing_and_says_what_it_would() -> None:
    shop = Shop().order("O-1")
    with shop.store.write("test") as desk:
        desk.keep(b"nobody names this")
    dry = shop.service.ask(q.Repair(), Options(dry_run=True))
    assert shop.service.ask(q.Repair(), Options(dry_run=True)) == dry
    wet = shop.service.ask(q.Repair())
    assert len(getattr(dry, "removed", ())) == 1
    assert getattr(dry, "removed", None) == getattr(wet, "removed", None)
    assert shop.service.ask(q.Repair(), Options(dry_run=True)) != dry
