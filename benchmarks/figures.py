"""What is measured, a group after the other: each is a function from the ground it stands on to its figures. How is in measure.py."""

import os
import re
import shutil
from collections.abc import Callable, Iterator

from msgspec import Struct

from . import data, kernel, report, stores
from .measure import Figure, Growth, Ran, against, dispute, in_turns, processes, ratio, run, spoken

COHORT_DUE, LAST_DUE = "2026-01-06T00:00:00Z", "2026-01-10T03:00:00Z"
"""When the first of the hundred cohorts' sellers have to answer, and the last's."""
MESSAGE = "Is it on its way?"
PEERS = os.path.join(os.path.dirname(__file__), "peers")

Told = Iterator[Figure | Growth]


class Ground(Struct, frozen=True):
    """Where a group is measured."""

    stores: str
    """Folder of the stores that are kept from run to run."""
    scratch: str
    python: str
    quick: bool
    """Smaller stores and fewer rounds: to try the benchmark, not to record."""

    @property
    def sizes(self) -> tuple[int, ...]:
        return (1_000, 10_000) if self.quick else (1_000, 10_000, 100_000, 1_000_000)

    @property
    def many(self) -> int:
        """Open disputes of a tick."""
        return 10_000 if self.quick else 100_000

    @property
    def rounds(self) -> int:
        return 3 if self.quick else 25

    def store(self, orders: int) -> str:
        """A store to look at."""
        return stores.made(self.stores, orders)

    def fresh(self, orders: int, name: str = "fresh") -> str:
        """A copy to write on."""
        return stores.copied(self.store(orders), os.path.join(self.scratch, f"{name}.json"))


def status(ground: Ground) -> Told:
    """Whole processes, and how they grow."""
    commands = {"typer": [ground.python, "-c", "import typer"]}
    for orders in ground.sizes:
        path = ground.fresh(orders, f"grown-{orders}")
        commands[f"status {orders}"] = dispute(path, "status", "O-7", "--json")
        commands[f"command {orders}"] = dispute(path, "message", "O-8", MESSAGE, "--json")
    taken = processes(commands, ground.rounds)
    small, large = ground.sizes[0], ground.sizes[-1]
    one, other = f"status {small}", "typer"
    yield Figure("`status ID --json`, whole process, against `python -c \"import typer\"`", ratio(taken, one, other), "×", 1.25, note=against(taken, one, other))
    one, other = f"command {small}", f"status {small}"
    yield Figure("durable command against `status`, whole process", ratio(taken, one, other), "×", 1.1, note=against(taken, one, other))
    for name in ("status", "command"):
        one, other = f"{name} {large}", f"{name} {small}"
        yield Figure(f"`{name}` at {large:,} orders against {small:,}" if name == "status" else f"durable command at {large:,} orders against {small:,}", ratio(taken, one, other), "×", 1.1, note=against(taken, one, other))
    for name, what in (("status", "`status ID --json`"), ("command", "a durable command")):
        yield Growth(f"{what}, whole process, against the same at {small:,}", "×", {n: ratio(taken, f"{name} {n}", f"{name} {small}") for n in ground.sizes})


def peers(ground: Ground) -> Told:
    """The same durable command with jq and with a script on stock TinyDB; the postings summed up by hledger."""
    for orders, goal in ((10_000, 7.0), (100_000, 80.0)):
        if ground.quick and orders > 10_000:
            continue
        commands = {"ours": dispute(ground.fresh(orders), "message", "O-8", MESSAGE, "--json")}
        if shutil.which("jq"):
            commands["jq"] = ["sh", f"{PEERS}/message.sh", data.for_jq(ground.scratch, orders), "O-8", MESSAGE]
        commands["tinydb"] = [ground.python, f"{PEERS}/message_tinydb.py", data.for_tinydb(ground.scratch, orders), "O-8", MESSAGE]
        taken = processes(commands, 3 if orders > 10_000 else 9)
        for name, peer in (("jq", "jq with a durable replace"), ("tinydb", "a script on stock TinyDB")):
            if name in commands:
                yield Figure(f"durable command against {peer}, {orders:,} orders: faster by", ratio(taken, name, "ours"), "×", goal, True, against(taken, "ours", name))
    yield from shells(ground)


def shells(ground: Ground) -> Told:
    """What has no goal: SQLite's own shell with one insert, and hledger with the balances of the same postings."""
    store = ground.fresh(10_000)
    if shutil.which("sqlite3"):
        path = os.path.join(ground.scratch, "shell.sqlite")
        insert = "INSERT INTO messages VALUES ('O-8', 'buyer', 'Is it on its way?');"
        run(["sqlite3", path, "PRAGMA journal_mode=WAL; CREATE TABLE IF NOT EXISTS messages (id TEXT, by TEXT, text TEXT);"])
        commands = {"ours": dispute(store, "message", "O-8", MESSAGE, "--json"), "sqlite3": ["sqlite3", path, f"PRAGMA synchronous=full; {insert}"]}
        taken = processes(commands, ground.rounds)
        yield Figure("durable command against one insert with the `sqlite3` shell, synchronous=full", ratio(taken, "ours", "sqlite3"), "×", note=against(taken, "ours", "sqlite3"))
    if shutil.which("hledger"):
        commands = {"ours": dispute(store, "ledger", "--json"), "hledger": ["hledger", "-f", data.journal(ground.scratch, store), "balance"]}
        taken = processes(commands, 3)
        yield Figure("`ledger` of 10,000 orders against `hledger balance` of the same postings", ratio(taken, "ours", "hledger"), "×", note=against(taken, "ours", "hledger"))


def step(ground: Ground) -> Told:
    """An order read and an event appended durably, in process."""
    works = kernel.steps(ground.fresh(10_000), ground.scratch)
    taken = in_turns(works, 20 if ground.quick else 200)
    yield Figure("store step in process against SQLite in WAL, synchronous=full", ratio(taken, "ours", "sqlite"), "×", 1.0, note=against(taken, "ours", "sqlite"))


def tick(ground: Ground) -> Told:
    """The clock moved over open disputes, durably, as whole processes."""
    many = ground.many
    simpy = [ground.python, f"{PEERS}/simulate_simpy.py", data.for_simpy(ground.scratch, many)]

    def ours(*words: str) -> float:
        return run(dispute(ground.fresh(many), "tick", *words, "--json")).seconds

    works = {
        "simpy": lambda: run(simpy).seconds,
        "one": lambda: ours("--to", COHORT_DUE),
        "all": lambda: ours("--to", LAST_DUE),
        "idle": lambda: ours("--until-idle"),
    }
    taken = in_turns(works, 1 if ground.quick else 2, warm=0)
    yield Figure(f"`tick` that fires 1 % against one that fires 100 %, {many:,} open disputes", 100 * ratio(taken, "one", "all"), "%", 5.0, note=against(taken, "one", "all"))
    what = f"durable `tick --until-idle`, {many:,} open disputes, against simpy in memory: as fast by"
    yield Figure(what, ratio(taken, "simpy", "idle"), "×", 1.0, True, against(taken, "idle", "simpy"))
    idle = run(dispute(ground.fresh(many), "tick", "--until-idle", "--json"))
    yield Figure("deadlines fired durably", 2 * many / idle.cpu, "a second", note=spoken(idle.seconds))
    yield from tick_grown(ground)


def tick_grown(ground: Ground) -> Told:
    """Each deadline of a tick over one cohort, a hundredth of the orders; without the start of the process."""
    sizes = [orders for orders in ground.sizes if orders >= 10_000]
    costs = {}
    for orders in sizes:
        path = ground.fresh(orders)
        start = run(dispute(path, "tick", "0s", "--json")).cpu
        costs[orders] = (run(dispute(path, "tick", "--to", COHORT_DUE, "--json")).cpu - start) / (orders / 100) * 1e6
    yield Growth("each deadline of a `tick` over a hundredth of the orders", "µs", costs)


def core(ground: Ground) -> Told:
    """The rules alone: deadlines decided and evolved, against machines that know two transitions."""
    orders = 1_000 if ground.quick else 4_000
    taken = in_turns(kernel.silences(orders), 3)
    for peer, goal in (("transitions", 3.0), ("python-statemachine", 50.0)):
        yield Figure(f"decide and evolve with all rules, in memory, against {peer} with a heap: faster by", ratio(taken, peer, "ours"), "×", goal, True, against(taken, "ours", peer))


def batch(ground: Ground) -> Told:
    """Commands in a batch, and one by one."""
    commands, sample = (2_000, 20) if ground.quick else (10_000, 200)
    lines, path = data.lines(ground.scratch, commands // 2), os.path.join(ground.scratch, "batch.json")
    alone = ground.fresh(1_000)
    batches: list[Ran] = []

    def together() -> float:
        batches.append(run(dispute(data.fresh(path), "batch", lines)))
        return batches[-1].seconds / commands

    def singly() -> float:
        return sum(run(dispute(alone, "message", f"O-{number}", MESSAGE, "--json")).seconds for number in range(sample // 4)) / (sample // 4)

    taken = in_turns({"batch": together, "single": singly}, 3)
    yield Figure("`batch` against single commands, commands a second: faster by", ratio(taken, "single", "batch"), "×", 200.0, True, against(taken, "batch", "single"))
    cpu = min(ran.cpu for ran in batches)
    yield Figure(f"`batch` of {commands:,} commands, start and sync included", commands / cpu, "a second", 10_000.0, True)


def verify(ground: Ground) -> Told:
    """The whole store proved, and its index made anew; without the start of the process."""
    proved, built = {}, {}
    for orders in ground.sizes:
        path = ground.store(orders)
        events = 3 * orders
        start = run(dispute(path, "status", "O-7", "--json")).cpu
        proved[orders] = events / (run(dispute(path, "verify", "--json")).cpu - start)
        shutil.rmtree(path + ".d")
        built[orders] = events / (run(dispute(path, "status", "O-7", "--json")).cpu - start)
    large = ground.sizes[-1]
    yield Figure(f"`verify` at {large:,} orders", proved[large], "events a second", 200_000.0, True)
    yield Figure(f"the index built anew at {large:,} orders", built[large], "events a second", 200_000.0, True)
    yield Growth("`verify`, each event", "µs", {n: 1e6 / rate for n, rate in proved.items()})
    yield Growth("the index built anew, each event", "µs", {n: 1e6 / rate for n, rate in built.items()})


QUESTIONS: dict[str, list[str]] = {
    "status ID": ["status", "O-7", "--json"],
    "message": ["message", "O-8", MESSAGE, "--json"],
    "verify": ["verify", "--json"],
    "events": ["events", "--json"],
    "status": ["status", "--json"],
    "ledger": ["ledger", "--json"],
    "deadlines": ["deadlines", "--json"],
    "deadlines --within 1d": ["deadlines", "--within", "1d", "--json"],
    "tick, 1 %": ["tick", "--to", COHORT_DUE, "--json"],
    "tick --until-idle": ["tick", "--until-idle", "--json"],
}


def memory(ground: Ground) -> Told:
    """Peak memory of whole processes at the largest size."""
    large = ground.sizes[-1]
    for name, words in QUESTIONS.items():
        path = ground.fresh(large) if words[0] in ("tick", "message") else ground.store(large)
        ran: Ran = run(dispute(path, *words))
        fired = re.search(rb'"fired":([0-9]+)', ran.head)
        note = spoken(ran.seconds) + (f", {int(fired[1]):,} deadlines" if fired else "")
        yield Figure(f"peak memory of `{name}` at {large:,} orders", ran.megabytes, "MB", 150.0, note=note)


GROUPS: dict[str, Callable[[Ground], Told]] = {
    "status": status, "peers": peers, "step": step, "tick": tick, "core": core, "batch": batch, "verify": verify, "memory": memory,
}


def measured(name: str, ground: Ground) -> list[Figure | Growth]:
    """Measure a group, showing each line as it comes."""
    os.makedirs(ground.stores, exist_ok=True)
    lines = []
    for line in GROUPS[name](ground):
        print(report.row(line) if isinstance(line, Figure) else "\n".join(report.grown([line])), flush=True)
        lines.append(line)
    return lines
