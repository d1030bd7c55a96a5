"""More processes for a tick on a store that many write: each opens the store itself, takes part, and says nothing. Nothing is fired here."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from .. import sharing
from ..store import is_shared
from .places import open_store


@contextmanager
def crew(place: str, lock_timeout: float, more: int) -> Iterator[None]:
    """Set so many more processes to the tick under way. They end with it, or where it failed here, after what they are about."""
    from multiprocessing import Process

    processes = [Process(target=take_part, args=(place, lock_timeout), daemon=True) for _ in range(more)]
    for process in processes:
        process.start()
    try:
        yield
    except BaseException:
        for process in processes:
            process.terminate()
        raise
    finally:
        for process in processes:
            process.join()


def take_part(place: str, lock_timeout: float) -> None:
    """Help until nothing is left. Whoever fails or is stopped leaves its share to the others, and it is they who tell of it."""
    with suppress(Exception, KeyboardInterrupt):
        store = open_store(place, lock_timeout, lambda message: None)
        if is_shared(store):
            sharing.help_out(store)
