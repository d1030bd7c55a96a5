"""Errands: what is carried out on the command line alone. Commands and questions of a store go to the service (call.py)."""

from typing import Any

from . import errands, telling


def run(spoken: errands.Errand, state: Any, query: telling.Query | None) -> int | None:
    """Carry an errand out and return the exit code; None where the service does it, as it makes a store."""
    match spoken:
        case errands.Completion():
            return telling.tell_script(spoken.shell)
        case errands.TellTree():
            from .helping import tell_tree

            return tell_tree(query)
        case errands.Help():
            from .helping import answer as look_up_help

            return telling.tell(look_up_help(spoken), state.settings, query, spoken)
        case errands.ConfigList() | errands.ConfigGet() | errands.ConfigSet() | errands.ConfigUnset() | errands.ConfigPath():
            from .origins import answer as look_up

            return telling.tell(look_up(spoken, state.flags), state.settings, query, spoken)
        case errands.RunBatch():
            from .batching import run as run_batch

            return run_batch(spoken, state.settings, query)
        case errands.RunTests():
            from .testing import run as run_tests

            return run_tests(spoken, state.settings, query)
        case errands.Record():
            from .recording import run as run_record

            return run_record(spoken, state.settings, query)
        case errands.WritePage():
            from .paging import run as write_page

            return write_page(spoken, state.settings, query)
        case errands.CheckPolicies():
            from .proving import run as check_policies

            return check_policies(spoken, state.settings, query)
        case errands.Follow():
            from .following import run as follow

            return follow(spoken, state.settings, query)
        case errands.Demo():
            from .main import run as run_line
            from .playing import run as run_demo

            return run_demo(run_line)
    return None
