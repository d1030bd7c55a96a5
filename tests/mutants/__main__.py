"""`make mutants`: small wrongs planted in the code one at a time, and whether a test notices; a table, then those that got away."""

import argparse
import ast
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path

from .changes import Mutant, mutants
from .judging import BROKEN, HUNG, NOTICED, SURVIVED, Bounds, judge
from .record import take

PARTS = {
    "core": (["dispute_cli/core/**/*.py"], ["tests/rules", "tests/service", "tests/test_ledger.py", "tests/test_lifecycle.py", "tests/test_time.py"]),
    "store": (["dispute_cli/store/*.py"], ["tests/store"]),
    "service": (["dispute_cli/*.py", "dispute_cli/questions/*.py", "dispute_cli/answers/*.py", "dispute_cli/policies/*.py"], ["tests/service", "tests/rules"]),
}
LEFT_OUT = ("*/core/currencies.py", "*/core/words.py")
"""A table made from a standard, and names."""
AGAIN = 12
"""What gets away from the first tests meets so many times as many."""


def read(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("part", nargs="?", default="core", choices=[*PARTS], help="what is changed; core unless told")
    parser.add_argument("--of", nargs="+", metavar="FILE", help="other files to change, or patterns")
    parser.add_argument("--with", nargs="+", dest="tests", metavar="TESTS", help="other tests to notice")
    parser.add_argument("--sample", type=int, metavar="K", help="so many mutants, drawn by the seed; all unless told")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--budget", type=float, default=5.0, metavar="SECONDS", help=f"of tests for each mutant at first, and {AGAIN} times that for those that get away; 5 unless told")
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="processes at once; 2 unless told")
    parser.add_argument("--record", type=Path, metavar="FILE", help="keep here what the tests run, or read it from here")
    parser.add_argument("--floor", type=float, default=0.0, metavar="PERCENT", help="fail when fewer are killed")
    return parser.parse_args(argv)


def main(argv: Sequence[str]) -> int:
    asked, began = read(argv), time.monotonic()
    patterns, tests = PARTS[asked.part]
    patterns, tests = asked.of or patterns, asked.tests or tests
    files = sorted({str(path) for pattern in patterns for path in Path().glob(pattern) if not any(fnmatch(str(path), out) for out in LEFT_OUT)})
    record = take(tests, files, asked.workers, asked.record)
    trees = {file: ast.parse(Path(file).read_text(encoding="utf-8")) for file in files}
    every = [mutant for file in files for mutant in mutants(file, trees[file])]
    numbers = random.Random(asked.seed).sample(range(len(every)), min(len(every) if asked.sample is None else asked.sample, len(every)))
    chosen = [every[number] for number in sorted(numbers)]
    verdicts = dict.fromkeys(chosen, SURVIVED)
    for seconds in (asked.budget, AGAIN * asked.budget):
        alive = [mutant for mutant in chosen if verdicts[mutant] not in NOTICED]
        verdicts |= judge(trees, alive, record, tests, Bounds(asked.workers, seconds))
    tell(chosen, [mutant for mutant in chosen if verdicts[mutant] not in NOTICED], len(every), asked.seed)
    came = Counter(verdicts.values())
    print(f"{time.monotonic() - began:.0f} seconds; of the killed {came[HUNG]} made a test hang; of the survivors {came[BROKEN]} could not be judged", file=sys.stderr)
    return 1 if 100 * sum(verdicts[mutant] in NOTICED for mutant in chosen) < asked.floor * len(chosen) else 0


def tell(chosen: Sequence[Mutant], survivors: Sequence[Mutant], of: int, seed: int) -> None:
    tried, got_away = Counter(mutant.file for mutant in chosen), Counter(mutant.file for mutant in survivors)
    width = max([*map(len, tried), 5])
    print(f"{'':{width}}  mutants  killed  survived  score")
    for file in tried:
        print(line(file, width, tried[file], got_away[file]))
    print(line(f"{len(chosen)} of {of}, seed {seed}" if len(chosen) < of else "all", width, len(chosen), len(survivors)))
    print("\nSurvivors:" if survivors else "\nNo survivors.")
    for mutant in survivors:
        print(f"  {mutant}")


def line(name: str, width: int, tried: int, survived: int) -> str:
    return f"{name:{width}}  {tried:7}  {tried - survived:6}  {survived:8}  {100 * (tried - survived) / max(tried, 1):4.1f}%"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
