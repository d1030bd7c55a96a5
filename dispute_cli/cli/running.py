"""Errands: what is carried out on the command line alone. Commands and questions of a store go to the service (call.py)."""

from importlib import import_module
from typing import Any

from . import errands, telling

ROOMS: dict[type[errands.Errand], str] = {
    errands.RunBatch: "batching",
    errands.RunTests: "testing",
    errands.Record: "recording",
    errands.WritePage: "paging",
    errands.CheckPolicies: "proving",
    errands.Follow: "following",
}
"""An errand → the module here whose `run` carries it out with the settings and the query."""


def run(spoken: errands.Errand, state: Any, query: telling.Query | None) -> int | None:
    """Carry an errand out and return the exit code; None where the service does it, as it makes a store."""
    if type(spoken) in ROOMS:
        room = import_module(f".{ROOMS[type(spoken)]}", __package__)
        code: int = room.run(spoken, state.settings, query)
        return code
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
        case errands.Demo():
            from .main import run as run_line
            from .playing import run as run_demo

            return run_demo(run_line)
    return None
