"""Prints dispute_cli/proofs.py: which scenarios prove each rule, read off the tags of tests/scenarios. python -m scripts.proofs > dispute_cli/proofs.py"""

import json
import os
import sys

from dispute_cli.core.rules import BOOK
from dispute_cli.runs.scenario.collect import ENDING, collect
from dispute_cli.runs.scenario.trial import Trial, trials

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDER = "tests/scenarios"

HEAD = '''"""Which scenarios prove each rule, by file below tests/scenarios: a table made by scripts/proofs.py, and nothing else."""

PROOFS: dict[str, dict[str, str]] = {
'''


def module() -> str:
    """The module's text, in the order of the rule book."""
    found = proofs()
    return HEAD + "".join(entry(rule, found[rule]) for rule in BOOK) + "}\n"


def entry(rule: str, files: dict[str, str]) -> str:
    rows = "".join(f"        {json.dumps(file)}: {json.dumps(name, ensure_ascii=False)},\n" for file, name in files.items())
    return f'    "{rule}": {{\n{rows}    }},\n'


def proofs() -> dict[str, dict[str, str]]:
    """Rule → file → the scenario's name."""
    found: dict[str, dict[str, str]] = {rule: {} for rule in BOOK}
    for trial in library():
        file = os.path.relpath(trial.file, os.path.join(ROOT, FOLDER)).replace(os.sep, "/")
        for rule in found.keys() & set(trial.tags):
            found[rule][file.removesuffix(ENDING)] = trial.name
    return found


def library() -> list[Trial]:
    """Every scenario of the rule book, by file."""
    return [trial for file in collect([os.path.join(ROOT, FOLDER)]) if isinstance(file, str) for trial in trials(file)]


if __name__ == "__main__":
    sys.stdout.write(module())
