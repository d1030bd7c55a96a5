"""A socket before the server's that loses the connection in the middle of a commit, or just after it. What is sent is not changed."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dispute_cli.store.postgres.address import read

from .server import Server

NAME = ".s.PGSQL.5432"


class Proxy:
    """Where a store is found through it: `url`. The next commit that writes an event is `lost` before the server sees it, or `told` to nobody."""

    def __init__(self, folder: Path, server: Server, url: str) -> None:
        self.url = f"postgresql://postgres@/postgres?host={folder}&schema={read(url).schema}"
        self.behind = server.folder / NAME
        self.lose: str | None = None
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(folder / NAME))
        self.listener.listen()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        while True:
            try:
                front, _ = self.listener.accept()
            except OSError:
                return
            back = socket.socket(socket.AF_UNIX)
            back.connect(str(self.behind))
            threading.Thread(target=self.forward, args=(front, back), daemon=True).start()
            threading.Thread(target=self.answer, args=(back, front), daemon=True).start()

    def forward(self, front: socket.socket, back: socket.socket) -> None:
        while data := received(front):
            if self.lose and b"COMMIT" in data:
                if self.lose == "told":
                    self.lose = "answer"
                    back.sendall(data)
                    continue
                break
            back.sendall(data)
        end(back, front)

    def answer(self, back: socket.socket, front: socket.socket) -> None:
        while data := received(back):
            if self.lose == "answer":
                self.lose = None
                break
            with suppress(OSError):
                front.sendall(data)
        end(back, front)


def end(*connections: socket.socket) -> None:
    for connection in connections:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)


def received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(1 << 20)
    except OSError:
        return b""


@contextmanager
def between(folder: Path, server: Server, url: str) -> Iterator[Proxy]:
    proxy = Proxy(folder, server, url)
    try:
        yield proxy
    finally:
        proxy.listener.close()
