"""A store looked at in passing: no lock is taken, nothing is mended or written, and what would need that is not shown."""

from . import StoreUnusable, view
from .json_log import JsonLogStore
from .view import Opened


class Peek(JsonLogStore):
    """The same document, as far as a glance shows it."""

    def _open_to_read(self, anew: bool = False) -> Opened:
        opened = None if anew else view.glance(self.paths, self.boot_id() or "")
        if opened is None:
            raise StoreUnusable(f"{self.paths.document}: the index is not up to date")
        return opened
