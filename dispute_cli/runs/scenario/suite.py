"""Many scenario files run, alone or side by side, and told in their order. How it is shown is not known here."""

import os
import shlex
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from multiprocessing import get_context
from typing import Literal

from msgspec import Struct

from ... import answers as a
from ... import views
from ...core.malformed import Malformed, guess, quote
from ...steps import Step, Watch
from .check import Failure
from .choice import Choice
from .collect import collect
from .document import STDIN
from .play import Result, play
from .source import WrongFile
from .tags import meant
from .trial import Trial, from_text, trials

FILES_A_JOB = 16
"""Fewer are run in this process: starting another costs more."""


class Outcome(Struct, frozen=True):
    """What came of one file."""

    tests: tuple[a.Test, ...] = ()
    wrong: a.WrongFile | None = None


def run(choice: Choice, stdin: Callable[[], bytes], watch: Watch | None = None) -> a.Tested:
    """Run what is meant."""
    check_choice(choice)
    files = collect(choice.paths)
    tests: list[a.Test] = []
    wrong: list[a.WrongFile] = []
    for done, outcome in enumerate(outcomes(choice, files, stdin), 1):
        tests += outcome.tests
        wrong += [outcome.wrong] if outcome.wrong else []
        if watch:
            watch(Step("test", len(tests), "tests", done / len(files)))
        if choice.fail_fast and (outcome.wrong or any(test.outcome == "failed" for test in outcome.tests)):
            break
    if not tests and not wrong:
        raise none_meant(choice)
    return a.Tested(
        command="test",
        now=None,
        ok=not wrong and all(test.outcome != "failed" for test in tests),
        passed=sum(test.outcome == "passed" for test in tests),
        failed=sum(test.outcome == "failed" for test in tests),
        wrong=len(wrong),
        tests=tuple(tests),
        files=tuple(wrong),
    )


def none_meant(choice: Choice) -> Malformed:
    """Nothing run is no success: a slip in a name would never be seen."""
    name, wanted = ("tags", choice.tags) if choice.tags is not None else ("case", choice.case)
    return Malformed(name, f"no test has the {name} {quote(wanted or '')}: `dispute test PATH --list` shows what there is.")


def check_choice(choice: Choice) -> None:
    if choice.tags is not None:
        meant(choice.tags)
    if choice.keep is not None and os.path.isdir(choice.keep) and os.listdir(choice.keep):
        raise Malformed("keep_store", f"{choice.keep} is not empty: name a new folder.")
    if choice.keep is not None:
        os.makedirs(choice.keep, exist_ok=True)


def outcomes(choice: Choice, files: Sequence[str | WrongFile], stdin: Callable[[], bytes]) -> Iterator[Outcome]:
    """What came of each file, in their order."""
    named = [file for file in files if isinstance(file, str) and file != STDIN]
    jobs = choice.jobs or min(processors(), len(named) // FILES_A_JOB)
    done = side_by_side(choice, named, jobs) if jobs > 1 and hasattr(os, "fork") else map(partial(of_file, choice), named)
    for file in files:
        if isinstance(file, WrongFile):
            yield Outcome(wrong=told_wrong(file))
        elif file == STDIN:
            yield of_tests(choice, file, lambda: from_text(stdin(), choice.variables))
        else:
            yield next(done)


def side_by_side(choice: Choice, files: Sequence[str], jobs: int) -> Iterator[Outcome]:
    with get_context("fork").Pool(jobs) as pool:
        yield from pool.imap(partial(of_file, choice), files, chunksize=4)


def processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def of_file(choice: Choice, file: str) -> Outcome:
    return of_tests(choice, file, lambda: trials(file, given=choice.variables))


def of_tests(choice: Choice, file: str, load: Callable[[], list[Trial]]) -> Outcome:
    """Run a file's tests that are meant."""
    try:
        found = load()
    except WrongFile as fault:
        return Outcome(wrong=told_wrong(fault))
    if choice.case is not None:
        found = [trial for trial in found if trial.case == choice.case]
    if choice.tags is not None:
        wanted = meant(choice.tags)
        found = [trial for trial in found if wanted(frozenset(trial.tags))]
    tests: list[a.Test] = []
    for trial in found:
        tests.append(of_trial(choice, trial))
        if choice.fail_fast and tests[-1].outcome == "failed":
            break
    return Outcome(tuple(tests))


def of_trial(choice: Choice, trial: Trial) -> a.Test:
    """Run one test and tell it."""
    if choice.listing:
        return told(trial, "listed", None)
    first, last = step_number(trial, "from", choice.first), step_number(trial, "to", choice.last)
    result = play(trial, first or 1, last)
    if choice.keep is not None:
        result.store.backup(os.path.join(choice.keep, store_name(trial)))
    return told(trial, "failed" if result.failures else "passed", result)


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
    """`silent-seller-overdue.json`, told apart by its line."""
    stem = os.path.basename(trial.file).split(".")[0] or "scenario"
    safe = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in (trial.case or "")).strip("-")
    return f"{stem}{f'-{safe}' if safe else ''}-{trial.line}.json"


def told(trial: Trial, outcome: Literal["passed", "failed", "listed"], result: Result | None) -> a.Test:
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
        failures=tuple(map(told_failure, failures)),
        events=views.all_told(result.store.events()) if result and failures else (),
        reproduce=reproduce(trial, failures[0].step) if failures else None,
    )


def told_failure(failure: Failure) -> a.Unmet:
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
    )


def reproduce(trial: Trial, step: int) -> str:
    """The command that runs up to that step alone."""
    case = f" --case {shlex.quote(trial.case)}" if trial.case is not None else ""
    return f"dispute test {shlex.quote(trial.file)}{case} --from {step} --to {step}"


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
