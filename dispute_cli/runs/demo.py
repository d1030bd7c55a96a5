"""Two disputes played for a newcomer in a store of their own. The commands are what a user would type; how they are run is the caller's."""

import os
import shutil
from collections.abc import Callable

from msgspec import Struct

from .. import pictures


class Scene(Struct, frozen=True):
    title: str
    commands: tuple[str, ...]


SCENES = (
    Scene(
        "A partial refund: the seller offers less, the buyer edits, the seller accepts.",
        (
            "dispute init --seed 7",
            'dispute order create O-1 --price 50.00 --delivery 5.00 --title "Tea set"',
            "dispute order ship O-1 --tracking LP00117",
            "dispute order deliver O-1",
            'dispute open O-1 --received --reason defective --refund 20.00 --message "The cup is cracked, see the photos." --evidence cup.png --evidence parcel.png',
            "dispute tick 2d",
            'dispute respond O-1 --refund 10.00 --message "I can offer ten."',
            "dispute tick 1d",
            'dispute edit O-1 --reason defective --refund 15.00 --no-return --message "Fifteen, and I keep the rest."',
            "dispute tick 1d",
            "dispute accept O-1 --as seller",
            "dispute tick --until-idle",
            "dispute status O-1",
        ),
    ),
    Scene(
        "A silent seller: nothing arrives, nobody answers, the system pays.",
        (
            'dispute order create O-2 --price 50.00 --delivery 5.00 --title "Wool socks"',
            "dispute tick 31d",
            'dispute open O-2 --not-received --reason delivery_overdue --message "It never came."',
            "dispute tick 30d",
            "dispute status O-2",
            "dispute ledger O-2",
            "dispute verify",
        ),
    ),
)


def lay_out(folder: str) -> None:
    """Copy the pictures of the demo into a folder, where the commands expect them."""
    source = os.path.dirname(pictures.__file__)
    for name in ("cup.png", "parcel.png"):
        shutil.copyfile(os.path.join(source, name), os.path.join(folder, name))


def play(run: Callable[[str], int], say: Callable[[str], None]) -> int:
    """Show and run each command; stop at the first that fails, with its exit code."""
    for scene in SCENES:
        say(f"\n# {scene.title}\n")
        for command in scene.commands:
            say(f"$ {command}")
            code = run(command)
            if code:
                return code
            say("")
    return 0
