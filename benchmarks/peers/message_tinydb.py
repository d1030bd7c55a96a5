"""A message on an order of a stock TinyDB database, as a script: message_tinydb.py FILE ORDER TEXT."""

import sys

from tinydb import Query, TinyDB


def main(path: str, id: str, text: str) -> None:
    db = TinyDB(path)
    orders, order = db.table("orders"), Query()
    found = orders.get(order.id == id)
    if not isinstance(found, dict):
        raise SystemExit(f"no order {id}")
    events = [*found["events"], {"type": "message_sent", "at": "2026-01-05T03:00:00Z", "by": "buyer", "text": text}]
    orders.update({"events": events}, order.id == id)
    db.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
