"""Measures the store on PostgreSQL: commands a second beside pgbench's simple update on the same server with as many clients, and ticks with workers.

    python benchmarks/postgres.py            # prints Markdown tables
    python benchmarks/postgres.py 100000     # so many orders in the tick
"""

import os
import re
import sys
import time
from contextlib import nullcontext
from datetime import UTC, datetime
from multiprocessing import get_context
from statistics import median
from typing import Any

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from dispute_cli.cli.crew import crew
from dispute_cli.core import commands as c
from dispute_cli.core.policy import as_data
from dispute_cli.keys import Enclosed, Options
from dispute_cli.policies import DEFAULT, load
from dispute_cli.questions import Tick
from dispute_cli.service import Service, execute
from dispute_cli.store import Head
from dispute_cli.store.postgres import PostgresStore, create
from tests.store.server import Server, running

START = datetime(2026, 1, 1, tzinfo=UTC)
SECONDS = 3
ROUNDS = 3
"""Of each, in turn; medians count, of ratios that of neighbours'."""
CLIENTS = (1, 2, 4, 8, 16)
ORDERS = 20_000
WORKERS = (1, 2, 4)


def main() -> None:
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else ORDERS
    with running(fsync=True) as server:
        print("| clients | pgbench simple update, a second | commands a second | ratio | client's processor a command |\n|---|---|---|---|---|")
        for clients in CLIENTS:
            rounds = [(pgbench(server, clients), *commands(server, clients)) for _ in range(ROUNDS)]
            theirs, ours, spent = (median(column) for column in zip(*rounds, strict=True))
            ratio = median(mine / peer for peer, mine, _ in rounds)
            print(f"| {clients} | {theirs:,.0f} | {ours:,.0f} | {ratio:.2f} | {spent * 1000:.2f} ms |", flush=True)
        print(f"\n| workers | deadlines a second, {orders:,} orders |\n|---|---|")
        for workers in WORKERS:
            print(f"| {workers} | {tick(server, orders, workers):,.0f} |", flush=True)


def pgbench(server: Server, clients: int) -> float:
    where = ("-h", str(server.folder), "-U", "postgres", "postgres")
    server.run("pgbench", "-i", "-q", "-s", "10", *where)
    said = server.run("pgbench", "-N", "-c", str(clients), "-j", str(min(clients, 2)), "-T", str(SECONDS), *where)
    [rate] = re.findall(r"tps = ([0-9.]+) \(without", said)[-1:]
    return float(rate)


def made(url: str) -> Service:
    return service(create(url, Head(seed=0, start=START, clock="simulated", policy=as_data(load(DEFAULT)))))


def service(store: PostgresStore, more: Any = lambda more: nullcontext()) -> Service:
    return Service(store, lambda: datetime.now(UTC).replace(microsecond=0), load, crew=more)


def commands(server: Server, clients: int) -> tuple[float, float]:
    """Each client a process that writes messages on orders of its own, one after the other: how many a second, and a client's processor time of one."""
    url = server.url()
    filled(made(url), 200 * clients)
    context = get_context("fork")
    begin, counts = context.Barrier(clients), context.Queue()
    processes = [context.Process(target=client, args=(url, number, begin, counts)) for number in range(clients)]
    for process in processes:
        process.start()
    done, spent = (sum(column) for column in zip(*(counts.get() for _ in processes), strict=True))
    for process in processes:
        process.join()
    return done / SECONDS, spent / done


def client(url: str, number: int, begin: Any, counts: Any) -> None:
    ours, done = service(PostgresStore(url)), 0
    ours.execute(c.SendMessage(id=f"O-{number * 200}", text="Is it on its way?"))
    begin.wait()
    until, before = time.perf_counter() + SECONDS, time.process_time()
    while time.perf_counter() < until:
        ours.execute(c.SendMessage(id=f"O-{number * 200 + done % 200}", text="Is it on its way?"))
        done += 1
    counts.put((done, time.process_time() - before))


def filled(ours: Service, orders: int) -> None:
    """Make orders under one lock, many a commit."""
    with ours.writing("fill") as (desk, session):
        for number in range(orders):
            execute(session, c.CreateOrder(id=f"O-{number}", price="50.00"), Options(), Enclosed(), load, desk.keep)
            if len(session.pending) == 256:
                session.flush(desk)
        session.flush(desk)


def tick(server: Server, orders: int, workers: int) -> float:
    url = server.url()
    filled(made(url), orders)
    ours = service(PostgresStore(url), lambda more: crew(url, 10, more) if more else nullcontext())
    began = time.perf_counter()
    fired = ours.tick(Tick(duration="90d"), Options(workers=workers)).fired
    return fired / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
