"""The guard around one input: an error without an exit code of its own is a fault; so is a hang, by processor time, and more memory than a reader may take."""

import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from dispute_cli.cli.failures import code_of

SECONDS = 20
"""Of the processor for one input; far more than any takes on a busy machine, far less than for ever."""
MEMORY = 1 << 30
"""Bytes that one reader may take beyond what the process has."""


class Hung(Exception):
    """An input took too long."""


class Fault(AssertionError):
    """A reader answered an input with what would be exit 1."""


def judge(read: Callable[[], object], given: object) -> int:
    """Let a reader read; return the exit code of its answer."""
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        read()
    except Exception as error:
        code = code_of(error)[1]
        if code == 1:
            raise Fault(f"{type(error).__name__}: {str(error)[:200]} for {str(given)[:1500]}") from error
        return code
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return 0


@contextmanager
def bounded(memory: int = MEMORY) -> Iterator[None]:
    """Bound this process's memory and heed the watch on its time; both are as before afterwards."""
    with open("/proc/self/statm") as file:
        size = int(file.read().split()[0]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    before = signal.signal(signal.SIGPROF, ring)
    resource.setrlimit(resource.RLIMIT_AS, (size + memory, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        signal.signal(signal.SIGPROF, before)


def ring(number: int, frame: FrameType | None) -> None:
    raise Hung(f"for more than {SECONDS} seconds of the processor")
