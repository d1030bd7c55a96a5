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
    heed()
    state = State()
    try:
        code = run(sys.argv[1:], state)
    except KeyboardInterrupt as error:  # it came while another end was told, or after that
        code = fail(error, sys.argv[1:], state) if state.code is None else state.code
    leave(code)


class State:
    """How far a run has come, for whoever must tell its failure."""

    said: Any = None
    flags: Any = None
    """The options everywhere that were given."""
    settings: Any = None
    recorded = False
    """Something was written."""
    ending = 0
    """The exit code that the answer has, whether or not somebody reads it."""
    code: int | None = None
    """The exit code, once everything is told."""


def run(argv: list[str], state: State | None = None) -> int:
    """Return the exit code of a command line, with everything told."""
    if argv[:1] == ["__complete"]:
        from .completion.offer import tell

        return tell(*argv[1:3])
    state = state or State()
    try:
        state.code = converse(argv, state)
    except BaseException as error:
        state.code = fail(error, argv, state)
    finally:
        if "dispute_cli.store.signals" in sys.modules:
            # The store holds INT, TERM and HUP back from the first write on, until what was written is told.
            from ..store import signals

            signals.drop()
    return state.code


def converse(argv: list[str], state: State) -> int:
    """Understand, carry out, tell."""
    from . import settings, tree, words
    from .options import VersionAsked
    from .output import refused, require_output

    state.said = tree.Said()
    require_output()
    words.check(argv)
    try:
        spoken, state.flags = words.understand(argv, state.said)
    except VersionAsked:
        from .telling import tell_version

        return tell_version(settings.wants_json(argv))
    except OSError as fault:
        raise refused(fault) from fault  # help is all that is printed there
    state.settings = settings_for(spoken, state.flags)
    return answer(spoken, state)


def settings_for(spoken: Any, flags: dict[str, Any]) -> Any:
    """The settings; what mends or explains them works also where a file cannot be read."""
    from ..core.malformed import Malformed
    from . import settings

    try:
        return settings.read(flags)
    except Malformed:
        from .errands import IN_SPITE_OF_FILES

        if not isinstance(spoken, IN_SPITE_OF_FILES):
            raise
        return settings.read(flags, with_files=False)


def answer(spoken: Any, state: State) -> int:
    """Carry out what was said, and tell the answer."""
    from ..core.commands import Command
    from ..questions import Question

    query = asked_by(state.settings)
    if state.settings.format or state.settings.fields:
        from . import rows

        state.settings = rows.for_lists(spoken, state.settings, state.flags)
    collect_seldom()
    if not isinstance(spoken, (Command, Question)):
        from .running import run as run_errand

        code = run_errand(spoken, state, query)
        if code is not None:
            return code
    return ask(spoken, state, query)


def collect_seldom() -> None:
    """Frozen values make no cycles: looking for some costs a long tick a seventh."""
    if not gc.isenabled():
        gc.freeze()
        gc.set_threshold(100_000, 50, 50)
        gc.enable()


def ask(spoken: Any, state: State, query: Any) -> int:
    """Give a command or a question to the service, and tell the answer."""
    from ..core.malformed import Malformed
    from . import telling
    from .call import carry_out
    from .output import Untold

    if telling.is_bare(spoken):
        return telling.tell_schema(spoken, query)
    done = carry_out(telling.asked(spoken, state.settings), state.settings)
    state.recorded = getattr(done, "changed", False) and not state.settings.dry_run
    state.ending = telling.exit_of(done)
    try:
        return telling.tell(done, state.settings, query, spoken)
    except Malformed as fault:
        if not state.recorded:
            raise
        # Usage would mean that nothing was changed.
        raise Untold(f"it is done and recorded, only the answer could not be told: {fault.message}", done.now) from fault


def asked_by(settings: Any) -> Any:
    """Read the query before anything is done; None where there is none."""
    if settings.query is None:
        return None
    from ..query import Expression
    from .telling import Query

    return Query(Expression(settings.query), settings.raw)


def fail(error: BaseException, argv: list[str], state: State) -> int:
    """Tell an error, whatever it is; leaving early for --help is none."""
    from typer import Exit

    if isinstance(error, Exit):
        return error.exit_code
    if isinstance(error.__cause__, BrokenPipeError):
        return state.ending  # who read our output has read enough
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


def heed() -> None:
    """Let TERM and HUP stop us as INT does. A second one is passed over, so that tidying up and telling are not cut short; a third ends us at once."""
    import signal

    came = 0

    def stop(number: int, frame: Any) -> None:
        nonlocal came
        came += 1
        if came == 1:
            raise KeyboardInterrupt
        for name in heeded:
            signal.signal(name, signal.SIG_DFL)

    names = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    heeded = [name for name in names if signal.getsignal(name) in (signal.SIG_DFL, signal.default_int_handler)]  # not what nohup ignores
    for name in heeded:
        signal.signal(name, stop)


def leave(code: int) -> NoReturn:
    """End the process at once: what was said is flushed, and nothing else waits for a tidy end."""
    import atexit

    atexit._run_exitfuncs()
    os._exit(code)


if __name__ == "__main__":
    main()
