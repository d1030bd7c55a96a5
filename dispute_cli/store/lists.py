"""What there is: orders, disputes, deadlines, keys, policies. Each stands in two trees of the index that must agree, for no line of the document says it.

A bit that rots is in one of the two, so it hides nothing. No fact about an order is told here.
"""

from collections.abc import Iterator
from contextlib import closing
from itertools import zip_longest
from typing import Any

from .index import Index, IndexBroken

Twice = tuple[str, str]
"""A question and the same question, for one copy each."""


def of_both(query: str, one: str, other: str) -> Twice:
    """Put a question to two copies; `%s` is where the copy is named."""
    return query % one, query % other


_IDS = ("orders NOT INDEXED", "touches")
_DISPUTES = ("orders INDEXED BY disputes", "orders INDEXED BY disputes_again")
_DEADLINES = ("orders INDEXED BY soonest", "orders INDEXED BY soonest_again")
ORDERS = of_both("SELECT DISTINCT id FROM %s WHERE id > ? ORDER BY id LIMIT ?", *_IDS)
_KNOWN = """WITH asked (id) AS (VALUES %%s) SELECT id FROM asked WHERE EXISTS (SELECT 1 FROM %s WHERE id = asked.id)
OR EXISTS (SELECT 1 FROM %s WHERE id > asked.id || '/' AND id < asked.id || '0')"""
LINES = of_both("SELECT DISTINCT id FROM %s WHERE id > ? AND id < ? ORDER BY id", *_IDS)
DISPUTED = of_both("SELECT id FROM %s WHERE id > ? AND disputed ORDER BY id LIMIT ?", *_DISPUTES)
DUE = of_both("SELECT due, id FROM %s WHERE due IS NOT NULL AND due <= ? ORDER BY due, id LIMIT ?", *_DEADLINES)
DUE_AFTER = of_both("SELECT due, id FROM %s WHERE due IS NOT NULL AND (due, id) > (?, ?) ORDER BY due, id LIMIT ?", *_DEADLINES)
KEY = of_both("SELECT n FROM %s WHERE key = ?", "keys NOT INDEXED", "keys INDEXED BY keys_again")
POLICY = of_both("SELECT n FROM %s WHERE hash = ?", "policies NOT INDEXED", "policies INDEXED BY policies_again")


def known(count: int) -> Twice:
    """Which of so many ids are an order's, or a purchase's with lines."""
    asked = ", ".join(["(?)"] * count)
    one, other = (_KNOWN % (copy, copy) % asked for copy in _IDS)
    return one, other


def agreed(index: Index, question: Twice, *values: Any) -> Iterator[Any]:
    """Yield the rows that both copies tell, some at a time; `IndexBroken` where they differ."""
    with closing(index.some(question[0], *values)) as ones, closing(index.some(question[1], *values)) as others:
        for rows, others_rows in zip_longest(ones, others):
            if rows != others_rows:
                raise IndexBroken("the two copies of a list differ")
            yield from rows
