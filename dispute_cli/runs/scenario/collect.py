"""Which files are meant: files, folders and patterns, each file once, those that others include left out. No scenario is read here but for what it includes."""

import glob
import os
import re
from collections.abc import Iterator, Sequence

from ...place import Place
from ...regular import NotRegular, read_regular
from .document import STDIN
from .source import WrongFile, parse, plain

ENDING = ".dispute.yaml"
INCLUDES = re.compile(rb"^include:", re.MULTILINE)
MOST_LOOKED_AT = 1 << 20


def collect(paths: Sequence[str]) -> list[str | WrongFile]:
    """The files meant by what was named, in that order; what names nothing is told in its place."""
    found: dict[str, str | WrongFile] = {}
    for path in paths:
        for one in named(path):
            found.setdefault(os.path.realpath(one) if isinstance(one, str) and one != STDIN else str(one), one)
    return list(found.values())


def named(path: str) -> Iterator[str | WrongFile]:
    """The files that one path means."""
    if path == STDIN or os.path.isfile(path):
        yield path
    elif os.path.isdir(path):
        yield from in_folder(path)
    elif glob.has_magic(path) and (matches := sorted(glob.glob(path, recursive=True))):
        for match in matches:
            yield from in_folder(match) if os.path.isdir(match) else (match,)
    else:
        yield WrongFile(Place(path, 0, 0), "no such file." if not glob.has_magic(path) else "no file is named so.")


def in_folder(folder: str) -> Iterator[str | WrongFile]:
    """A folder's scenarios, by name, without those that one of them includes."""
    files = sorted(plainly(os.path.join(at, name)) for at, _, names in os.walk(folder) for name in names if name.endswith(ENDING))
    if not files:
        yield WrongFile(Place(folder, 0, 0), f"there is no *{ENDING} in this folder.")
    included = reached(files)
    roots = [file for file in files if os.path.realpath(file) not in included]
    # Those that include each other are nobody's part: they are run, and told so.
    covered = reached(roots)
    yield from (file for file in files if os.path.realpath(file) not in covered)


def plainly(path: str) -> str:
    """`x.yaml` for `./x.yaml`, unless it would look like an option."""
    bare = path.removeprefix(os.path.join(os.curdir, ""))
    return path if bare.startswith("-") else bare


def reached(files: Sequence[str]) -> set[str]:
    """The files that these include, and those that they include in turn."""
    found: set[str] = set()
    waiting = list(files)
    while waiting:
        new = set(included_by(waiting.pop())) - found
        found |= new
        waiting += new
    return found


def included_by(file: str) -> Iterator[str]:
    """The files that a file includes; of one that cannot be read, none: it is told when it is run."""
    try:
        data = read_regular(file, MOST_LOOKED_AT)
        if not INCLUDES.search(data):
            return
        given = plain(parse(file, data))
    except (NotRegular, WrongFile):
        return
    names = given.get("include", ()) if isinstance(given, dict) else ()
    for name in (names,) if isinstance(names, str) else names:
        if isinstance(name, str):
            yield os.path.realpath(os.path.join(os.path.dirname(file), name))
