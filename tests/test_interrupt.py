"""A long tick that is interrupted is a shorter tick: whole commits stay, and the next one makes the rest."""

import pytest

from dispute_cli import questions as q
from dispute_cli import ticking
from dispute_cli.store.memory import MemoryStore
from tests.given import rule
from tests.service.shop import Shop


def stock(shop: Shop) -> Shop:
    """Seven orders, each to be released at the end of its protection."""
    for number in range(7):
        shop.order(f"O-{number}")
    return shop


@rule("K3")
def test_an_interrupted_tick_keeps_whole_commits_and_the_next_makes_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticking, "FIRINGS_A_COMMIT", 2)
    monkeypatch.setattr(ticking, "COMMITS_A_SYNC", 1)
    whole, cut = stock(Shop()), stock(Shop())
    whole.service.ask(q.Tick(to="2026-04-01"))
    with monkeypatch.context() as stopped:
        stopped.setattr(MemoryStore, "interrupted", lambda store: True)
        with pytest.raises(KeyboardInterrupt):
            cut.service.ask(q.Tick(to="2026-04-01"))
    with cut.store.read() as view:
        assert view.seq == 7 + 2 * 3
    cut.service.ask(q.Tick(to="2026-04-01"))
    assert cut.service.ask(q.Events()) == whole.service.ask(q.Events())
