"""Where a store on PostgreSQL is: its URL read, and told without what is secret. Nothing is connected to here."""

import hashlib
import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from msgspec import Struct

SCHEME = "postgresql://"
SCHEMA = "dispute"
"""Where the tables are unless `?schema=NAME` says otherwise."""
_NAME = re.compile("[a-z_][a-z0-9_]{0,40}")
SAYABLE = ("host", "port", "dbname", "user")
"""What of the parameters may be told: any other one is left out, as it may be secret."""


class Address(Struct, frozen=True):
    """One store in one schema of a database."""

    conninfo: str
    """For libpq; it may hold a password, and is never told."""
    schema: str
    shown: str
    """For people: user, host, database and schema alone."""

    def gate(self, name: str) -> int:
        """The number of one of the store's own locks in the database: of 64 bits, signed."""
        return int.from_bytes(hashlib.sha256(f"dispute {self.schema} {name}".encode()).digest()[:8], signed=True)


def read(url: str) -> Address:
    """Read a URL; ValueError, which does not quote it, where it is none of ours."""
    try:
        parts = urlsplit(url)
        asked = parse_qsl(parts.query.replace("+", "%2B"), keep_blank_values=True)  # to libpq a plus is a plus
        shown = f"{parts.username}@" * bool(parts.username) + parts.netloc.rpartition("@")[2]
    except ValueError:
        raise ValueError("is a URL, and none of a store on PostgreSQL") from None
    if not url.startswith(SCHEME) or parts.fragment or "\0" in url:
        raise ValueError("is a URL, and none of a store on PostgreSQL")
    schemas = [value for name, value in asked if name == "schema"] or [SCHEMA]
    if len(schemas) > 1 or not _NAME.fullmatch(schemas[0]) or schemas[0].startswith("pg_"):
        raise ValueError("names a schema that cannot be: up to 41 lower-case letters, digits and _ are a name")
    rest = [pair for pair in asked if pair[0] != "schema"]
    said = [pair for pair in rest if pair[0] in SAYABLE] + [("schema", schemas[0])] * (schemas[0] != SCHEMA)
    query = urlencode(said, safe="/")
    return Address(
        conninfo=f"{SCHEME}{parts.netloc}{parts.path}?{urlencode(rest, quote_via=quote)}",
        schema=schemas[0],
        shown=f"{SCHEME}{shown}{parts.path}" + f"?{query}" * bool(query),
    )
