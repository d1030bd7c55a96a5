"""The way in and the only way out: argv is understood, carried out and told, and whatever went wrong becomes an exit code."""

import gc
import os
import sys
from typing import Any, NoReturn


def main(argv: list[str] | None = None) -> int:
    """Run a command line. Without `argv` it is the process's own, and the process ends here; with it the exit code is returned."""
    if argv is not None:
        return run(argv)
    # What is imported stays: collecting it again and again costs a twentieth of a short command, tearing it down a sixth.
    gc.disable()
    fill_gaps()
    leave(run(sys.argv[1:]))


class State:
    """How far a run has come, for whoever must tell its failure."""

    said: Any = None
    settings: Any = None
    recorded = False
    """Something was written."""


def run(argv: list[str]) -> int:
    """Return the exit code of a command line, with everything told."""
    state = State()
    try:
        return converse(argv, state)
    except BaseException as error:
        return fail(error, argv, state)
    finally:
        if "dispute_cli.store.signals" in sys.modules:
            # The store holds INT, TERM and HUP back from the first write on, until what was written is told.
            from ..store import signals

            signals.drop()


def converse(argv: list[str], state: State) -> int:
    """Understand, carry out, tell."""
    from . import tree, words
    from .output import refused, require_output

    state.said = tree.Said()
    require_output()
    words.check(argv)
    try:
        spoken, flags = words.understand(argv, state.said)
    except OSError as fault:
        raise refused(fault) from fault  # help is all that is printed there
    from . import settings

    state.settings = settings.read(flags)
    return answer(spoken, state)


def answer(spoken: Any, state: State) -> int:
    """Carry out what was said, and tell the answer."""
    from ..questions import Schema
    from . import errands, telling

    expression = compiled(state.settings.query)
    if not gc.isenabled():
        gc.freeze()
        gc.set_threshold(100_000, 50, 50)  # frozen values make no cycles: looking for some costs a long tick a seventh
        gc.enable()
    match spoken:
        case errands.Completion():
            return telling.tell_script(spoken.shell)
        case Schema(name=str()):
            return telling.tell_schema(spoken, expression)
        case errands.RunBatch():
            from .batching import run as run_batch

            return run_batch(spoken, state.settings, expression)
        case errands.Demo():
            from .playing import run as run_demo

            return run_demo(run)
    from ..core.malformed import Malformed
    from .call import carry_out
    from .output import Untold

    done = carry_out(telling.asked(spoken, state.settings), state.settings)
    state.recorded = getattr(done, "changed", False) and not state.settings.dry_run
    try:
        return telling.tell(done, state.settings, expression)
    except Malformed as fault:
        if not state.recorded:
            raise
        raise Untold(fault.message) from fault  # usage would mean that nothing was changed


def compiled(query: str | None) -> Any:
    """Read the query before anything is done; None where there is none."""
    if query is None:
        return None
    from .query import compile

    return compile(query)


def fail(error: BaseException, argv: list[str], state: State) -> int:
    """Tell an error, whatever it is; leaving early for --help is none."""
    from typer import Exit

    if isinstance(error, Exit):
        return error.exit_code
    if isinstance(error.__cause__, BrokenPipeError):
        return 0  # who read our output has read enough
    from . import settings, telling

    words = state.said.words if state.said else None
    known = state.settings or settings.Settings(json=settings.wants_json(argv))
    return telling.tell_failure(error, words, known.json, known.color, state.recorded or writing())


def writing() -> bool:
    """Whether a write had begun: then the store holds the signals back."""
    if "dispute_cli.store.signals" not in sys.modules or os.name == "nt":
        return False
    from ..store import signals

    if not signals.hold():
        return True
    signals.restore()
    return False


def fill_gaps() -> None:
    """Where a standard stream is closed, put nothing there: else the store's own file would get its number."""
    if None in (sys.stdin, sys.stdout, sys.stderr):
        while os.open(os.devnull, os.O_RDWR) < 2:
            pass


def leave(code: int) -> NoReturn:
    """End the process at once: what was said is flushed, and nothing else waits for a tidy end."""
    import atexit

    atexit._run_exitfuncs()
    os._exit(code)


if __name__ == "__main__":
    main()
