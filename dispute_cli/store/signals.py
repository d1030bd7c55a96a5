"""INT, TERM and HUP, held back from the write until its answer is told: otherwise events would be stored and not told.

`append` holds them; whoever tells the answer calls `drop` once it is flushed. Nothing else is done about signals here.
"""

import signal

_HELD = {name for name in (getattr(signal, "SIGINT", None), getattr(signal, "SIGTERM", None), getattr(signal, "SIGHUP", None)) if name is not None}
_before: set[int] | None = None


def hold() -> bool:
    """Hold the signals back; return whether they were not yet held."""
    global _before
    if _before is not None or not hasattr(signal, "pthread_sigmask"):
        return False
    before = set(signal.pthread_sigmask(signal.SIG_BLOCK, ()))
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, _HELD)
    except BaseException:  # the handler of one that came just before: nothing is written yet
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        raise
    _before = before
    return True


def pending() -> bool:
    """Tell whether one came while they were held: a long run asks this between its steps."""
    return _before is not None and bool(_HELD & signal.sigpending())


def drop() -> None:
    """Forget the signals that came while they were held, and hold no more. Call it once the answer is flushed."""
    if _before is None:
        return
    while waiting := (_HELD - _before) & signal.sigpending():
        signal.sigwait(waiting)
    restore()


def restore() -> None:
    """Put the mask back, so that a held signal strikes now. A child inherits the mask: give this to it as `preexec_fn`."""
    global _before
    if _before is not None:
        before, _before = _before, None
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
