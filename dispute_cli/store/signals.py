"""INT, TERM and HUP, held back from the write until its answer is told: otherwise events would be stored and not told.

`append` holds them; whoever tells the answer calls `drop` once it is flushed. A thread begun
before still takes them: begin none, not even one that draws progress, before a write. Nothing else is done about signals here.
"""

import signal

_HELD = {name for name in (getattr(signal, "SIGINT", None), getattr(signal, "SIGTERM", None), getattr(signal, "SIGHUP", None)) if name is not None}
_before: list[set[int]] = []
"""The mask to put back; empty while nothing is held."""


def hold() -> bool:
    """Hold the signals back; return whether they were not yet held."""
    if _before or not hasattr(signal, "pthread_sigmask"):
        return False
    before = set(signal.pthread_sigmask(signal.SIG_BLOCK, ()))
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, _HELD)
    except BaseException:  # the handler of one that came just before: nothing is written yet
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        raise
    _before.append(before)
    return True


def pending() -> bool:
    """Tell whether one came while they were held: a long run asks this between its steps."""
    return bool(_before) and bool(_HELD & signal.sigpending())


def drop() -> None:
    """Forget the signals that came while they were held, and hold no more. Call it once the answer is flushed."""
    if not _before:
        return
    while waiting := (_HELD - _before[0]) & signal.sigpending():
        signal.sigwait(waiting)
    restore()


def restore() -> None:
    """Put the mask back, so that a held signal strikes now. A child inherits the mask: give this to it as `preexec_fn`."""
    if _before:
        signal.pthread_sigmask(signal.SIG_SETMASK, _before.pop())
