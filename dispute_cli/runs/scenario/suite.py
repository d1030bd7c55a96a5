"""Many scenario files run, alone or side by side, and told in their order. How it is shown is not known here."""

import os
import shlex
import signal
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing import get_context
from typing import Literal

from msgspec import Struct, json

from ... import answers as a
from ... import views
from ...core.malformed import Malformed, guess, quote
from ...steps import Step, Watch
from .check import Failure
from .choice import Choice
from .collect import collect
from .document import STDIN, Document
from .play import Result, play
from .source import WrongFile
from .tags import meant
from .trial import Trial, from_text, of_document, trials
from .update import left, update
from .variables import names_in

MOST_JOBS = 64
"""However many are asked for."""
MOST_NAME = 120
"""Characters of a kept store's name."""
FILES_A_JOB = 16
"""Fewer are run in this process: starting another costs more."""
PLAIN = Choice(paths=())
"""Nothing is chosen, nothing given."""
STOPS = {getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)}
"""What ends a program from outside."""


class Outcome(Struct, frozen=True):
    """What came of one file."""

    tests: tuple[a.Test, ...] = ()
    names: frozenset[str] = frozenset()
    """The variables that it knows or uses."""
    wrong: a.WrongFile | None = None


def run(choice: Choice, stdin: Callable[[], bytes], watch: Watch | None = None) -> a.Tested:
    """Run what is meant."""
    check_choice(choice)
    files = collect(choice.paths)
    updated = update_all(choice, files) if choice.update and not choice.listing else 0
    tests: list[a.Test] = []
    wrong: list[a.WrongFile] = []
    names: set[str] = set()
    for done, outcome in enumerate(outcomes(choice, files, stdin), 1):
        tests += outcome.tests
        names |= outcome.names
        wrong += [outcome.wrong] if outcome.wrong else []
        if watch:
            watch(Step("test", len(tests), "tests", done / len(files)))
        if choice.fail_fast and (outcome.wrong or any(test.outcome == "failed" for test in outcome.tests)):
            break
    else:
        check_used(choice, names, bool(wrong))
    if not tests and not wrong:
        raise none_meant(choice)
    return a.Tested(
        command="test",
        now=None,
        ok=not wrong and all(test.outcome != "failed" for test in tests),
        passed=sum(test.outcome == "passed" for test in tests),
        failed=sum(test.outcome == "failed" for test in tests),
        wrong=len(wrong),
        updated=updated,
        tests=tuple(tests),
        files=tuple(wrong),
    )


def none_meant(choice: Choice) -> Malformed:
    """Nothing run is no success: a slip in a name would never be seen."""
    name, wanted = ("tags", choice.tags) if choice.tags is not None else ("case", choice.case)
    return Malformed(name, f"no test has the {name} {quote(wanted or '')}: `dispute test PATH --list` shows what there is.")


def check_used(choice: Choice, names: Collection[str], wrong: bool) -> None:
    """A variable that no file knows is a slip of the pen; a file that could not be read may have been the one."""
    for name in choice.variables:
        if name not in names and not wrong:
            raise Malformed("var", f"nothing uses the variable {quote(name)}. {guess(name, sorted(names))}".strip())


def check_choice(choice: Choice) -> None:
    if choice.tags is not None:
        meant(choice.tags)
    if choice.jobs is not None and choice.jobs < 1:
        raise Malformed("jobs", "0 processes run nothing: give --jobs 1 or more.")
    if choice.update and STDIN in choice.paths:
        raise Malformed("update", "standard input cannot be rewritten: name a file.")
    if choice.keep is not None and os.path.isdir(choice.keep) and os.listdir(choice.keep):
        raise Malformed("keep_store", f"{choice.keep} is not empty: name a new folder.")
    if choice.keep is not None:
        os.makedirs(choice.keep, exist_ok=True)


def outcomes(choice: Choice, files: Sequence[str | WrongFile], stdin: Callable[[], bytes]) -> Iterator[Outcome]:
    """What came of each file, in their order."""
    named = [file for file in files if isinstance(file, str) and file != STDIN]
    jobs = min(choice.jobs or min(processors(), len(named) // FILES_A_JOB), len(named), MOST_JOBS)
    done = side_by_side(choice, named, jobs) if jobs > 1 and hasattr(os, "fork") else map(partial(of_file, choice), named)
    for file in files:
        if isinstance(file, WrongFile):
            yield Outcome(wrong=told_wrong(file))
        elif file == STDIN:
            yield of_tests(choice, file, lambda: from_text(stdin(), choice.given))
        else:
            yield next(done)


def side_by_side(choice: Choice, files: Sequence[str], jobs: int) -> Iterator[Outcome]:
    from concurrent.futures import ProcessPoolExecutor

    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        pool = ProcessPoolExecutor(jobs, get_context("fork"), heed_only_the_pool)
        found = pool.map(partial(of_file, choice), files, chunksize=4)
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    try:
        yield from found
    finally:
        pool.shutdown(cancel_futures=True)


def heed_only_the_pool() -> None:
    """In a process of the pool: an interrupt is its parent's to tell, and being ended by the parent is nothing to tell at all."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for stop in STOPS - {signal.SIGINT}:
        signal.signal(stop, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)


def processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def of_file(choice: Choice, file: str) -> Outcome:
    return of_tests(choice, file, lambda: trials(file, given=choice.given))


def of_tests(choice: Choice, file: str, load: Callable[[], list[Trial]]) -> Outcome:
    """Run a file's tests that are meant."""
    try:
        found = load()
        return Outcome(tuple(tests_of(choice, found)), names_of(found[0].document) if choice.variables else frozenset())
    except WrongFile as fault:
        return Outcome(wrong=told_wrong(fault))


def tests_of(choice: Choice, found: list[Trial]) -> Iterator[a.Test]:
    for trial in chosen(choice, found):
        test = of_trial(choice, trial)
        yield test
        if choice.fail_fast and test.outcome == "failed":
            break


def chosen(choice: Choice, found: list[Trial]) -> list[Trial]:
    """The tests that are meant."""
    wanted = meant(choice.tags) if choice.tags is not None else None
    named = [trial for trial in found if choice.case in (None, trial.case)]
    return [trial for trial in named if wanted is None or wanted(frozenset(trial.tags))]


def names_of(document: Document) -> frozenset[str]:
    """The variables that a scenario knows or names anywhere."""
    parts = (document.init, *document.vars.values(), *(part.data for part in (*document.orders, *document.steps)))
    rows = {key for row in document.file.cases for key in row}
    return frozenset({*document.vars, *rows, *names_in(json.encode(parts).decode())})


def played(choice: Choice, trial: Trial) -> Result:
    first, last = step_number(trial, "from", choice.first), step_number(trial, "to", choice.last)
    if first and last and last < first:
        raise Malformed("to", f"--to {choice.last} comes before --from {choice.first}: no step of {trial.file} is both.")
    return play(trial, first or 1, last)


def update_all(choice: Choice, files: Sequence[str | WrongFile]) -> int:
    """Rewrite the expectations that differ in what is meant; a file that is wrong is told when it is run."""
    documents = []
    for file in files:
        with suppress(WrongFile):
            documents += [trial.document for trial in trials(file, given=choice.given)[:1]] if isinstance(file, str) else []
    check_used(choice, frozenset().union(*map(names_of, documents)), len(documents) < len(files))
    return update(documents, lambda document: [played(choice, trial) for trial in chosen(choice, of_document(document, choice.given))])


def of_trial(choice: Choice, trial: Trial) -> a.Test:
    """Run one test and tell it."""
    if choice.listing:
        return told(trial, "listed")
    result = played(choice, trial)
    if choice.keep is not None:
        result.store.backup(os.path.join(choice.keep, store_name(trial)))
    return told(trial, "failed" if result.failures else "passed", result, choice)


def step_number(trial: Trial, option: str, text: str | None) -> int | None:
    """A step by its number or its name; `Malformed` where a test has none such."""
    if text is None:
        return None
    names = [part.data.get("name") for part in trial.steps]
    if text in names:
        return names.index(text) + 1
    if text.isascii() and text.isdigit() and 1 <= int(text) <= len(names):
        return int(text)
    close = guess(text, [name for name in names if name])
    raise Malformed(option, f"{trial.file} has no step {quote(text)}: it has {len(names)} steps. {close}".strip())


def store_name(trial: Trial) -> str:
    """`silent-seller-overdue-12.json`: told apart by its folder and its line."""
    folder, name = os.path.split(os.path.relpath(trial.file))
    parts = (safe(folder), name.split(".")[0] or "scenario", safe(trial.case or ""), str(trial.line))
    return "-".join(part for part in parts if part)[-MOST_NAME:] + ".json"


def safe(text: str) -> str:
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in text).strip("-")


def told(trial: Trial, outcome: Literal["passed", "failed", "listed"], result: Result | None = None, choice: Choice = PLAIN) -> a.Test:
    """A test as scripts see it."""
    failures = result.failures if result else ()
    return a.Test(
        file=trial.file,
        line=trial.line,
        scenario=trial.name,
        case=trial.case,
        tags=trial.tags,
        outcome=outcome,
        steps=result.steps if result else len(trial.steps),
        start=trial.head.start,
        failures=tuple(told_failure(failure, left(trial, failure) if choice.update else None) for failure in failures),
        events=views.all_told(result.store.events()) if result and failures else (),
        reproduce=reproduce(trial, failures[0].step, choice) if failures else None,
    )


def told_failure(failure: Failure, left: str | None) -> a.Unmet:
    place = failure.place
    return a.Unmet(
        step=failure.step,
        name=failure.name,
        file=place.file,
        line=place.line,
        column=place.column,
        excerpt=tuple(place.pointed()),
        message=failure.message,
        expected=failure.expected,
        found=failure.found,
        left=left,
    )


def reproduce(trial: Trial, step: int, choice: Choice) -> str:
    """The command that runs up to that step alone, with the variables that were given."""
    case = f" --case {shlex.quote(trial.case)}" if trial.case is not None else ""
    return f"dispute test {shlex.quote(trial.file)}{case}{choice.said} --from {step} --to {step}"


def told_wrong(fault: WrongFile) -> a.WrongFile:
    place = fault.place
    return a.WrongFile(
        file=place.file,
        line=place.line or None,
        column=place.column or None,
        excerpt=tuple(place.pointed()) if place.excerpt else (),
        message=fault.bare,
        hint=fault.hint,
    )
