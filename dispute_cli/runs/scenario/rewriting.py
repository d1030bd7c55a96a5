"""A part of a YAML text replaced so that it reads back as what is meant, and nothing else reads otherwise. What is to be written is told by others."""

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from .notation import quoted
from .source import Source, Way, WrongFile, parse, plain

LISTED = re.compile(r"\[(.*)\]", re.DOTALL)


def rewritten(source: Source, edits: dict[Way, str]) -> tuple[str, int]:
    """The file's text with each part at its way replaced, and how many could be; from the end on, so that what stands before keeps its place."""
    count = 0
    for way in sorted(edits, key=lambda way: source.node(way).start_mark.index, reverse=True):
        written = with_part(source, way, edits[way])
        if written:
            source, count = written, count + 1
    return source.text, count


def with_part(source: Source, way: Way, text: str) -> Source | None:
    """The file with one part replaced: in the style that it has, else in the first that reads back; None where none does."""
    before, node = plain(source), source.node(way)
    end = end_of(source, node)
    for start, written, value in styles(source, node, text):
        try:
            new = parse(source.path, (source.text[:start] + written + source.text[end:]).encode())
            if plain(new) == put(before, way, value):
                return new
        except WrongFile:
            continue
    return None


def end_of(source: Source, node: Any) -> int:
    """Where a part ends: what stands after it, blank lines and comments of its own line or below, is not its."""
    if isinstance(node, yaml.SequenceNode) and not node.flow_style:
        last = int(node.value[-1].end_mark.index)
        return last + len(source.text[last:].partition("\n")[0].rstrip())
    start = int(node.start_mark.index)
    return start + len(source.text[start : node.end_mark.index].rstrip())


def styles(source: Source, node: Any, text: str) -> Iterator[tuple[int, str, Any]]:
    """Ways to write a text where a part stands, the likest first: from where on, what, and what that is to be read back as."""
    start = node.start_mark.index
    if isinstance(node, yaml.SequenceNode):
        items = listed(text)
        if not node.flow_style and items:
            yield start, block_list(source, node, items), items
        if not node.flow_style:
            yield len(source.text[:start].rstrip()), f" {text}", items
        yield start, text, items
        return
    if node.style in ("|", ">"):
        head, _, body = source.text[start : node.end_mark.index].partition("\n")
        indent = body[: len(body) - len(body.lstrip(" "))]
        yield start, f"{head}\n{indent}{text}", text + "\n" * node.value.endswith("\n")
    single = "'" + text.replace("'", "''") + "'"
    double = json.dumps(text, ensure_ascii=False)
    first = {"'": [single], '"': [double]}.get(node.style or "", [])
    yield from ((start, written, text) for written in (*first, text, single, double, quoted(text)))


def block_list(source: Source, node: Any, items: list[str]) -> str:
    """The list with a line for each item; an item that stays keeps its own lines, and what is noted there."""
    starts = [source.text.rindex("-", 0, item.start_mark.index) for item in node.value]
    ends = [*starts[1:], end_of(source, node)]
    kept: dict[str, str] = {item.value: source.text[start:end].rstrip() for item, start, end in zip(node.value, starts, ends, strict=True)}
    between = "\n" + " " * int(node.start_mark.column)
    return between.join(kept.get(item, f"- {item}") for item in items)


def listed(text: str) -> list[str]:
    """The items of a list as check.py writes it: `[A3, A5]`."""
    found = LISTED.fullmatch(text)
    return [item.strip() for item in found[1].split(",") if item.strip()] if found else [text]


def put(data: Any, way: Way, value: Any) -> Any:
    """The data with another value at a way; a list that is written as one is one."""
    if not way:
        return listed(value) if isinstance(data, list) and isinstance(value, str) else value
    step, rest = way[0], way[1:]
    if isinstance(data, dict) and step in data:
        return {**data, step: put(data[step], rest, value)}
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return [*data[:step], put(data[step], rest, value), *data[step + 1 :]]
    return data


def at(data: Any, way: Way) -> Any:
    """What stands at a way."""
    for step in way:
        data = data[step]
    return data
