"""A run as JUnit XML: a suite for each file, a case for each test; a file that is wrong is a case that could not be run."""

from xml.etree import ElementTree as xml

from .... import answers as a
from . import story


def report(tested: a.Tested) -> bytes:
    listed = sum(test.outcome == "listed" for test in tested.tests)
    root = xml.Element("testsuites", counts(story.PROGRAM, len(tested.tests) + tested.wrong, tested.failed, tested.wrong, listed))
    for file, tests in story.files(tested.tests):
        add_suite(root, file, tests)
    for wrong in tested.files:
        add_wrong(root, wrong)
    xml.indent(root)
    data: bytes = xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def counts(name: str, tests: int, failures: int, errors: int, skipped: int) -> dict[str, str]:
    return {"name": name, "tests": str(tests), "failures": str(failures), "errors": str(errors), "skipped": str(skipped)}


def add_suite(root: xml.Element, file: str, tests: list[a.Test]) -> None:
    outcomes = [test.outcome for test in tests]
    suite = xml.SubElement(root, "testsuite", counts(file, len(tests), outcomes.count("failed"), 0, outcomes.count("listed")))
    for test in tests:
        case = add_case(suite, story.title(test), file, test.line)
        if test.failures:
            first = test.failures[0]
            add_text(case, "failure", f"{story.step(first)}: {story.plain(first.message)}", "expectation", story.told(test))
        if test.outcome == "listed":
            xml.SubElement(case, "skipped", message="listed, not run")


def add_wrong(root: xml.Element, wrong: a.WrongFile) -> None:
    file = story.plain(wrong.file)
    suite = xml.SubElement(root, "testsuite", counts(file, 1, 0, 1, 0))
    add_text(add_case(suite, "the file can be run", file, wrong.line), "error", story.plain(wrong.message), "file", story.wrong(wrong))


def add_case(suite: xml.Element, name: str, file: str, line: int | None) -> xml.Element:
    at = {"line": str(line)} if line is not None else {}
    return xml.SubElement(suite, "testcase", {"name": name, "classname": file, "file": file, **at})


def add_text(case: xml.Element, tag: str, message: str, kind: str, lines: list[str]) -> None:
    xml.SubElement(case, tag, message=message, type=kind).text = "\n" + "\n".join(lines) + "\n"
