"""A folder as it stands: every name under it, what it is, its mode and its bytes; and commands that its modes bind. No test lives here."""

import hashlib
import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tests.run import START, Place, Ran


def tree(folder: Path) -> dict[str, str]:
    """Each path under a folder, with all that a program could change of it but times."""
    return {str(path.relative_to(folder)): picture(path) for path in sorted(folder.rglob("*"))}


def picture(path: Path) -> str:
    if path.is_symlink():
        return f"link to {os.readlink(path)}"
    mode = path.stat().st_mode
    content = hashlib.sha256(path.read_bytes()).hexdigest() if stat.S_ISREG(mode) else ""
    return f"{stat.filemode(mode)} {content}"


def modes(folder: Path) -> dict[str, int]:
    """Each path under a folder, with its mode."""
    return {str(path.relative_to(folder)): stat.S_IMODE(path.lstat().st_mode) for path in sorted(folder.rglob("*"))}


def bound(place: Place, *argv: str, mask: int = 0o077) -> Ran:
    """Run without root's leave to pass over modes; skipped aloud where that cannot be arranged."""
    drop = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all") if os.geteuid() == 0 else ()
    tried = subprocess.run([*drop, "true"], capture_output=True, check=False) if not drop or shutil.which(drop[0]) else None
    if tried is None or tried.returncode:
        pytest.skip(f"setpriv cannot do this here: {tried.stderr.decode().strip() if tried else 'it is not installed'}")
    command = ["sh", "-c", f'umask {mask:o}; exec "$@"', "sh", *drop, *START, "--json", *argv]
    ran = subprocess.run(command, cwd=place.folder, env=place.environment(), capture_output=True, stdin=subprocess.DEVNULL, text=True, check=False, timeout=60)
    return Ran(ran.returncode, ran.stdout, ran.stderr)
