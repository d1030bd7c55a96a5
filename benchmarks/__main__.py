"""Measures everything, or some groups anew; writes docs/performance.md; fails where a ratio got worse. What is measured is in figures.py.

    python -m benchmarks                          # everything, half an hour and some gigabytes in the temporary folder
    python -m benchmarks --only status,batch --quick
    python -m benchmarks --record                 # and keep the ratios as those to hold to
"""

import argparse
import os
import shutil
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from . import report
from .figures import GROUPS, Ground, measured
from .measure import Figure, Growth

NEEDED = {"jq": "jq", "sqlite3": "sqlite3", "hledger": "hledger"}
"""Peers that are programs, by the Debian package they come in."""


def main() -> int:
    asked = arguments()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # every start would compile everything again
    before = os.getloadavg()
    for name, package in NEEDED.items():
        if not shutil.which(name):
            print(f"skipped: {name} is not here (apt install {package})", file=sys.stderr)
    kept = asked.folder or os.path.join(tempfile.gettempdir(), "dispute-bench")
    with tempfile.TemporaryDirectory(prefix="dispute-bench-") as scratch:
        ground = Ground(kept, scratch, sys.executable, asked.quick)
        told: dict[str, list[Figure | Growth]] = {}
        worse: list[str] = []
        for name in asked.only:
            told[name] = apart(name, ground)
            worse += twice_worse(name, ground, told)
            if not asked.quick:
                report.keep(kept, name, told[name])
    return conclude(asked, [line for lines in told.values() for line in lines if isinstance(line, Figure)], worse, kept, report.machine(before))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="A,B", type=groups, default=list(GROUPS), help=f"some of {', '.join(GROUPS)}")
    parser.add_argument("--quick", action="store_true", help="smaller stores, fewer rounds: to try it")
    parser.add_argument("--record", action="store_true", help="keep the ratios as those to hold to")
    parser.add_argument("--folder", help="where the stores are kept from run to run (default: in the temporary folder)")
    return parser.parse_args()


def groups(text: str) -> list[str]:
    names = text.split(",")
    unknown = [name for name in names if name not in GROUPS]
    if unknown:
        raise argparse.ArgumentTypeError(f"no group {', '.join(unknown)}")
    return names


def apart(name: str, ground: Ground) -> list[Figure | Growth]:
    """Measure a group in a process of its own: what another one left in memory is not its children's."""
    print(f"\n{name}", flush=True)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measured, name, ground).result()


def twice_worse(name: str, ground: Ground, told: dict[str, list[Figure | Growth]]) -> list[str]:
    """A ratio that got worse is measured again before it is believed; the second time counts."""
    if not report.worse(line for line in told[name] if isinstance(line, Figure)):
        return []
    print(f"\n{name} got worse: measured again", flush=True)
    told[name] = apart(name, ground)
    return report.worse(line for line in told[name] if isinstance(line, Figure))


def conclude(asked: argparse.Namespace, figures: list[Figure], worse: list[str], kept: str, where: report.Machine) -> int:
    """Write the page, keep the ratios where that is asked; else fail for those that got worse."""
    if not asked.quick:
        report.write(kept, list(GROUPS), where)
    if asked.record:
        report.record(figures)
        return 0
    for line in worse:
        print(f"worse by more than 15 %: {line}", file=sys.stderr)
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
