"""A mutant put into this process: the code of its live functions swapped, or its module imported anew with the change in it. Call it in a fork only."""

import ast
import gc
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

Key = tuple[str, int]
"""A function's qualified name and its first line."""


class Unfit(Exception):
    """The change cannot be put into what runs already: the module must be imported anew."""


class Grounds:
    """Every function that was made so far, by the file it stands in: found once, before the forks."""

    def __init__(self) -> None:
        self.live: defaultdict[str, list[FunctionType]] = defaultdict(list)
        for function in gc.get_objects():
            if isinstance(function, FunctionType):
                self.live[function.__code__.co_filename].append(function)

    def plant(self, file: str, tree: ast.Module, line: int) -> None:
        """Give the functions of a file the code that its changed tree says; `Unfit` when the changed line is in none of them."""
        path = str(Path(file).resolve())
        new = unambiguous(compile(tree, path, "exec"))
        changed = 0
        for function in self.live[path]:
            code = new.get(key(function.__code__))
            if code is None or code == function.__code__:
                continue
            if code.co_freevars != function.__code__.co_freevars:
                raise Unfit
            function.__code__ = code
            changed += 1
        if not changed:
            raise Unfit


def key(code: CodeType) -> Key:
    return code.co_qualname, code.co_firstlineno


def unambiguous(module: CodeType) -> dict[Key, CodeType]:
    """The codes of a module by their keys, without those that share one."""
    found: defaultdict[Key, list[CodeType]] = defaultdict(list)
    for code in inside(module):
        found[key(code)].append(code)
    return {key: codes[0] for key, codes in found.items() if len(codes) == 1}


def inside(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from inside(constant)


class Sown(MetaPathFinder, Loader):
    """Imports one module from a changed tree."""

    def __init__(self, file: str, tree: ast.Module) -> None:
        self.name = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        self.path, self.tree = str(Path(file).resolve()), tree
        self.package = file.endswith("/__init__.py")

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        spec = spec_from_loader(fullname, self, origin=self.path, is_package=self.package)
        if spec and self.package:
            spec.submodule_search_locations = [str(Path(self.path).parent)]
        return spec

    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = self.path
        exec(compile(self.tree, self.path, "exec"), module.__dict__)


def sow(file: str, tree: ast.Module) -> None:
    """Let the first import of a file find the changed tree; nothing of its package may have been imported yet."""
    sown = Sown(file, tree)
    assert sown.name not in sys.modules, f"{sown.name} runs already"
    sys.meta_path.insert(0, sown)
