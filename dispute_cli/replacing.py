"""Writing a file that somebody named in one piece: over an older one, but never half. What is written is the caller's."""

import os
import stat
from contextlib import suppress


def replace_file(path: str, data: bytes) -> None:
    """Write a file, its mode kept and a symbolic link followed; what is no regular file, as a pipe, is written into. `OSError` where that fails."""
    target = os.path.realpath(path)
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        mode = None
    if mode is not None and not stat.S_ISREG(mode):
        with open(path, "wb") as stream:
            stream.write(data)
        return
    through = f"{target}.{os.getpid()}.tmp"
    try:
        with open(through, "xb") as file:
            if mode is not None:
                os.chmod(through, stat.S_IMODE(mode))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(through, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(through)
        raise
