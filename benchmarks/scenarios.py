"""Scenario files: how many steps a second a core, what a start costs beside `status`, whether memory grows with the number of files.

    python benchmarks/scenarios.py
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FILES, STEPS = 1000, 10
SCENARIO = """\
scenario: Half of it, number {number}
init: {{start: 2026-01-01, seed: {number}, policy: aliexpress}}
orders:
  - {{id: O-1, price: 50.00, delivery: 5.00, currency: USD}}
steps:
  - name: too early
    at: 29d
    buyer: {{open: O-1, received: false, reason: delivery_overdue, message: Never came}}
    refused: D4
  - {{at: 30d, buyer: {{open: O-1, received: false, reason: delivery_overdue, message: Never came}}, expect: [status == 'awaiting_seller']}}
  - {{at: 31d, seller: {{message: O-1, text: On its way}}}}
  - {{at: 32d, buyer: {{message: O-1, text: Where is it}}}}
  - {{at: 33d, buyer: {{add-evidence: O-1, link: https://example.org/a}}, expect: length(evidence) == `1`}}
  - {{at: 34d, seller: {{respond: O-1, refund: 10.00, message: Take ten}}, expect: [status == 'awaiting_buyer'], money: {{buyer: -55.00}}}}
  - {{at: 35d, buyer: {{edit: O-1, keep: true}}, expect: [status == 'awaiting_seller'], deadlines: {{seller_response: +5d}}}}
  - {{seller: {{accept: O-1}}, expect: [status == 'settling', cause == 'seller_accepted']}}
  - {{buyer: {{accept: O-1}}, refused: W2}}
  - tick: 30d
    events: [refund_paid@42d..45d, closed]
    expect: [status == 'closed', settlement.refund == '55.00']
    money: {{buyer: 0.00, escrow: 0.00, seller: 0.00}}
"""


def main() -> None:
    dispute = Path(sys.executable).parent / "dispute"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def timed(*argv: str) -> float:
        began = time.perf_counter()
        subprocess.run([dispute, *argv], check=True, capture_output=True, env=environment)
        return time.perf_counter() - began

    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for number in range(FILES):
            Path(f"{number:04}.dispute.yaml").write_text(SCENARIO.format(number=number))
        Path("few").mkdir()
        for number in range(10):
            Path(f"few/{number}.dispute.yaml").write_text(SCENARIO.format(number=number))
        timed("init")
        timed("order", "create", "O-1", "--price", "5")
        timed("test", "few")
        both = sorted(timed("test", ".") for _ in range(3))[1]
        one = sorted(timed("test", ".", "--jobs", "1") for _ in range(3))[1]
        print(f"{FILES:,} scenarios of {STEPS} steps: {both:.2f} s; on one core {one:.2f} s, {FILES * STEPS / one:,.0f} steps a second")
        pairs = [(timed("test", "few/1.dispute.yaml"), timed("status", "O-1", "--json")) for _ in range(15)]
        print(f"one scenario against status: {sorted(a / b for a, b in pairs)[7]:.2f} x")
        for paths in ("few", "."):
            before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
            timed("test", paths, "--jobs", "1")
            print(f"memory of {paths}: at most {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MB (before: {before // 1024} MB)")


if __name__ == "__main__":
    main()
