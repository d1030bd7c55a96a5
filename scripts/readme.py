"""Runs the README's commands in an empty folder and writes down what they answer, and shows its screens. Only ```console and ```screen blocks are touched."""

import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
SCREEN = re.compile(r"```screen (\S+)\n.*?```", re.DOTALL)
BIN = os.path.dirname(sys.executable)


def refreshed(text: str) -> str:
    """The text with every console block's answers as they are now; the blocks are one story in one folder."""
    with tempfile.TemporaryDirectory() as folder:
        return BLOCK.sub(lambda block: f"```console\n{played(block[1], folder)}```", text)


def played(block: str, folder: str) -> str:
    """A block's commands, each followed by its answer, and by its exit code where that is not 0."""
    commands = [line for line in block.splitlines() if line.startswith("$ ")]
    return "".join(f"{command}\n{answer(command[2:], folder)}" for command in commands)


def answer(command: str, folder: str) -> str:
    """What a command prints, as a user sees it off a terminal."""
    environment = {"PATH": f"{BIN}:/usr/bin:/bin", "HOME": folder, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    code = f"exit code {done.returncode}\n" if done.returncode else ""
    return done.stdout + code


def shown(name: str) -> str:
    """A screen at 80 columns, under the command that shows it."""
    from scripts.screens import SCREENS, pages

    return f"```screen {name}\n$ dispute {SCREENS[name].command}\n{pages()[f'tests/cli/screens/{name}-80.txt']()}```"


def page() -> str:
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
        return SCREEN.sub(lambda block: shown(block[1]), refreshed(file.read()))
