"""The document as a TinyDB that reads everything and adds only through the log. The one module that imports tinydb."""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

import msgspec
from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Document, Table

from . import Commit
from .json_log import JsonLogStore


class LogStorage(Storage):
    """Reads the whole document; a write of the whole is refused."""

    def __init__(self, store: JsonLogStore) -> None:
        self.store = store

    def read(self) -> dict[str, dict[str, Any]]:
        with self.store.read() as view:
            found: dict[str, dict[str, Any]] = json.loads(view.text())
            return found

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> NoReturn:
        raise PermissionError("the log only grows: append a commit")


class LogTable(Table):
    """The table `commits`, one document a commit; looking one up costs the same however many there are."""

    def insert(self, document: Mapping[str, Any]) -> int:
        """Append a commit, given as `now`, `events`, `orders` …, and return its number."""
        with self._log.write("tinydb") as desk:
            desk.append([msgspec.convert(dict(document), Commit)])
            return desk.number

    def get(self, cond: Any = None, doc_id: int | None = None, doc_ids: Any = None) -> Any:
        """As TinyDB's; by `doc_id` alone it reads one line."""
        if cond is not None or doc_id is None or self.name != "commits":
            return super().get(cond, doc_id, doc_ids)
        with self._log.read() as view:
            line = view.document(doc_id)
        return None if line is None else _document(line, doc_id)

    def of_order(self, order: str) -> list[Document]:
        """The commits that touch an order, in their order."""
        with self._log.read() as view:
            return [_document(line, number) for number in view.commits_of(order) if (line := view.document(number)) is not None]

    @property
    def _log(self) -> JsonLogStore:
        storage = self.storage
        assert isinstance(storage, LogStorage)
        return storage.store


class LogDB(TinyDB):
    """`LogDB(store).table("commits")` is the log."""

    table_class = LogTable
    default_table_name = "commits"

    def __init__(self, store: JsonLogStore) -> None:
        super().__init__(store, storage=LogStorage)

    def table(self, name: str, **options: Any) -> LogTable:
        found = super().table(name, **options)
        assert isinstance(found, LogTable)
        return found


def _document(line: bytes, number: int) -> Document:
    return Document(json.loads(line[line.index(b"{") :]), number)
