"""Many writers on one PostgreSQL store, each command under a key and sent until it is answered, while connections are killed and the server is restarted."""

import os
from collections import Counter
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import Any

import pytest

from dispute_cli import questions as q
from dispute_cli.core import commands as c
from dispute_cli.core.events import MessageSent
from dispute_cli.core.policy import as_data
from dispute_cli.keys import Options
from dispute_cli.policies import DEFAULT, load
from dispute_cli.service import Service
from dispute_cli.store import Head, Locked, OutcomeUnknown, StoreUnusable, postgres
from dispute_cli.store.postgres import PostgresStore
from dispute_cli.store.postgres.link import Link
from tests.store.server import Server, Unavailable, running

WRITERS, COMMANDS = (16, 200) if os.environ.get("TRUST") == "all" else (8, 40)
ORDERS = 8
START = datetime(2026, 1, 1, tzinfo=UTC)


def service(url: str) -> Service:
    return Service(PostgresStore(url, 60), lambda: START, load)


def write(url: str, writer: int, up: Any, told: Any) -> None:
    """Send messages, each until it is answered; the server may be away, and the answer may be lost."""
    ours = service(url)
    for number in range(COMMANDS):
        text = f"{writer}/{number}"
        outcome = None
        while outcome is None:
            try:
                done = ours.execute(c.SendMessage(id=f"O-{(writer + number) % ORDERS}", text=text), Options(key=text))
                outcome = "replayed" if done.replayed else "done"
            except OutcomeUnknown:
                told.put(("unknown", text))
            except (StoreUnusable, Locked):
                up.wait(60)
        told.put((outcome, text))


@pytest.fixture
def mortal() -> Any:
    """A server of its own, which syncs, and is restarted."""
    pytest.importorskip("psycopg")
    try:
        with running(fsync=True) as server:
            yield server
    except Unavailable as error:
        pytest.skip(f"no PostgreSQL here: {error}")


def test_nothing_is_lost_and_nothing_doubled_by_a_restart_and_killed_connections(mortal: Server) -> None:
    url = mortal.url()
    postgres.create(url, Head(seed=0, start=START, clock="simulated", policy=as_data(load(DEFAULT)))).close()
    ours = service(url)
    for number in range(ORDERS):
        ours.execute(c.CreateOrder(id=f"O-{number}", price="50.00"))
    ours.store.close()  # type: ignore[attr-defined]  # before the fork: a connection belongs to one process
    context = get_context("fork")
    up, told = context.Event(), context.Queue()
    up.set()
    writers = [context.Process(target=write, args=(url, number, up, told)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    outcomes = disturbed(mortal, url, up, told)
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    texts = Counter(event.text for event in everything(url) if isinstance(event, MessageSent))
    assert texts == Counter(f"{writer}/{number}" for writer in range(WRITERS) for number in range(COMMANDS))
    assert service(url).ask(q.Verify()).problems == ()  # type: ignore[attr-defined]  # what `verify` answers
    print(f"{WRITERS} writers of {COMMANDS} commands: {dict(outcomes)}")


def disturbed(server: Server, url: str, up: Any, told: Any) -> Counter[str]:
    """Kill the connections at a quarter and at three quarters of the way, restart the server at the half; count what the writers were told."""
    outcomes: Counter[str] = Counter()
    whole = WRITERS * COMMANDS
    strikes = {whole // 4: lambda: kill_connections(url), whole // 2: lambda: restart(server, up), whole * 3 // 4: lambda: kill_connections(url)}
    while (answered := outcomes["done"] + outcomes["replayed"]) < whole:
        outcome, _ = told.get(timeout=120)
        outcomes[outcome] += 1
        if outcome != "unknown" and answered + 1 in strikes:
            strikes[answered + 1]()
    return outcomes


def kill_connections(url: str) -> None:
    link = Link(PostgresStore(url).address)
    link.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'dispute message%%' AND pid <> pg_backend_pid()")
    link.close()


def restart(server: Server, up: Any) -> None:
    """As a crash would: what was acknowledged is in the log alone."""
    up.clear()
    server.stop()
    server.start()
    up.set()


def everything(url: str) -> list[Any]:
    with PostgresStore(url).read() as view:
        return list(view.events())
