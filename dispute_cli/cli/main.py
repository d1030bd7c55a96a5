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
    leave(run(sys.argv[1:]))


class State:
    """How far a run has come, for whoever must tell its failure."""

    def __init__(self) -> None:
        self.said: Any = None
        self.settings: Any = None
        self.recorded = False
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

    state.said = tree.Said()
    words.check(argv)
    spoken, flags = words.understand(argv, state.said)
    from . import settings, telling
    from .errands import Completion

    state.settings = settings.read(flags)
    expression = compiled(state.settings.query)
    if isinstance(spoken, Completion):
        from .completion import script
        from .output import say

        say(script(spoken.shell))
        return 0
    if isinstance(spoken, telling.Schema) and spoken.name is not None:
        return telling.tell_schema(spoken, expression)
    from .call import carry_out

    answer = carry_out(telling.asked(spoken, state.settings), state.settings)
    state.recorded = getattr(answer, "changed", False) and not state.settings.dry_run
    return telling.tell(answer, state.settings, expression)


def compiled(query: str | None) -> Any:
    """Read the query before anything is done; None where there is none."""
    if query is None:
        return None
    from .query import compile

    return compile(query)


def fail(error: BaseException, argv: list[str], state: State) -> int:
    """Tell an error, whatever it is; leaving early for --help is none."""
    from typer import Exit

    from .settings import wants_json
    from .telling import tell_failure

    if isinstance(error, Exit):
        return error.exit_code
    if isinstance(error.__cause__, BrokenPipeError):
        return 0  # who read our output has read enough
    words = state.said.words if state.said else None
    json = state.settings.json if state.settings else wants_json(argv)
    return tell_failure(error, words, json, state.recorded)


def leave(code: int) -> NoReturn:
    """End the process at once: what was said is flushed, and nothing else waits for a tidy end."""
    import atexit

    atexit._run_exitfuncs()
    os._exit(code)


if __name__ == "__main__":
    main()
