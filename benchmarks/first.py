"""Measures the first figures: starts as ratios in one interleaved run, a durable command, flatness, batch and tick rates, peak memory.

    python benchmarks/first.py            # prints a Markdown table
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

DISPUTE = os.path.join(os.path.dirname(sys.executable), "dispute")
ROUNDS = 21
SMALL, LARGE, MANY = 1_000, 100_000, 10_000


def main() -> None:
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    folder = tempfile.mkdtemp(prefix="dispute-bench-")
    try:
        print("| figure | goal | measured |\n|---|---|---|")
        for figure, goal, measured in [*starts(folder), *rates(folder)]:
            print(f"| {figure} | {goal} | {measured} |", flush=True)
    finally:
        shutil.rmtree(folder)


def starts(folder: str) -> list[tuple[str, str, str]]:
    """Whole processes, each round running every one of them in turn."""
    small, large = store(folder, SMALL), store(folder, LARGE)
    commands = {
        "typer": [sys.executable, "-c", "import typer"],
        "status small": [DISPUTE, "--store", small, "status", "O-7", "--json"],
        "status large": [DISPUTE, "--store", large, "status", "O-7", "--json"],
        "command small": [DISPUTE, "--store", small, "message", "O-7", "Is it on its way?", "--json"],
        "command large": [DISPUTE, "--store", large, "message", "O-8", "Is it on its way?", "--json"],
    }
    taken = interleaved(commands)
    bytes_written = payload(large)
    return [
        ("`status ID --json`, whole process, against `import typer`", "≤ 1.5 ×", against(taken, "status small", "typer")),
        ("durable command against `status`, whole process", "≤ 1.2 ×", against(taken, "command small", "status small")),
        (f"`status`, {LARGE:,} orders against {SMALL:,}", "≤ 1.2 ×", against(taken, "status large", "status small")),
        (f"durable command, {LARGE:,} orders against {SMALL:,}", "≤ 1.2 ×", against(taken, "command large", "command small")),
        (f"the document at {LARGE:,} orders", "", f"{bytes_written / 1e6:.0f} MB"),
    ]


def interleaved(commands: dict[str, list[str]]) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for round in range(ROUNDS + 1):
        for name, argv in commands.items():
            began = time.perf_counter()
            subprocess.run(argv, check=True, capture_output=True)
            if round:
                taken[name].append(time.perf_counter() - began)
    return taken


def against(taken: dict[str, list[float]], one: str, other: str) -> str:
    """The median of the ratios pair by pair, with the medians themselves."""
    ratio = statistics.median(a / b for a, b in zip(taken[one], taken[other], strict=True))
    return f"{ratio:.2f} × ({statistics.median(taken[one]) * 1000:.0f} ms against {statistics.median(taken[other]) * 1000:.0f} ms)"


def rates(folder: str) -> list[tuple[str, str, str]]:
    """Commands a second in a batch, deadlines a second in a tick, and the peak memory of each."""
    path = os.path.join(folder, "many.json")
    run(["--store", path, "init"])
    batch, batch_memory = run(["--store", path, "batch", lines(folder, MANY // 2, 0)])
    path = store(folder, MANY)
    fired, tick_memory, took = run_told(["--store", path, "tick", "--until-idle", "--json"])
    return [
        (f"`batch` of {MANY:,} commands", "≥ 2,000 a second", f"{MANY / batch:,.0f} a second, {batch_memory:.0f} MB"),
        (f"`tick --until-idle` over {MANY:,} open disputes ({fired:,} deadlines)", "≥ 20,000 a second", f"{fired / took:,.0f} a second, {tick_memory:.0f} MB"),
    ]


def store(folder: str, orders: int) -> str:
    """A store of so many orders, each with an open dispute."""
    path = os.path.join(folder, f"{orders}.json")
    run(["--store", path, "init"])
    run(["--store", path, "batch", lines(folder, orders, orders)])
    return path


def lines(folder: str, orders: int, seed: int) -> str:
    """A batch file: every order made, then disputed."""
    path = os.path.join(folder, f"{orders}-{seed}.jsonl")
    with open(path, "w", encoding="utf-8") as file:
        for number in range(orders):
            file.write(json.dumps({"command": "order create", "id": f"O-{number}", "price": "50.00", "delivery": "5.00"}) + "\n")
        for number in range(orders):
            form = {"received": False, "reason": "wrong_tracking", "message": "The number shows another parcel"}
            file.write(json.dumps({"command": "open", "id": f"O-{number}"} | form) + "\n")
    return path


def payload(path: str) -> int:
    return os.stat(path).st_size


def run(argv: Sequence[str]) -> tuple[float, float]:
    """Run to the end; return seconds and peak megabytes."""
    _, memory, took = run_told(argv)
    return took, memory


def run_told(argv: Sequence[str]) -> tuple[int, float, float]:
    """Run to the end; return the deadlines that its answer says fired (0 where it says nothing of them), peak megabytes and seconds."""
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        process = subprocess.Popen([DISPUTE, *argv], stdout=output, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        took = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"dispute {' '.join(argv)} ended with {process.returncode}")
        output.seek(0)
        fired = re.search(rb'"fired":([0-9]+)', output.read(1000))
        return int(fired[1]) if fired else 0, usage.ru_maxrss / 1024, took


if __name__ == "__main__":
    main()
