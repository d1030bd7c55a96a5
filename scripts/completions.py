"""Write the completion scripts into completions/: `python scripts/completions.py`."""

from pathlib import Path

from dispute_cli.cli.completion import SHELLS, script

FOLDER = Path(__file__).resolve().parent.parent / "completions"

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for shell, name in SHELLS.items():
        (FOLDER / name).write_text(script(shell), encoding="utf-8")
