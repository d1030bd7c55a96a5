"""What other programs are told beside the answer: annotations in a workflow, the version as JSON, and what was perhaps meant."""

import pytest

from tests.run import Place


@pytest.fixture
def workflow(dispute: Place) -> Place:
    dispute.env["GITHUB_ACTIONS"] = "true"
    return dispute


def test_a_failure_in_a_workflow_is_annotated_once_beside_the_words_for_people(workflow: Place) -> None:
    ran = workflow("cancel", "O-1", "--json")
    assert ran.code == 5
    marks = [line for line in ran.err.splitlines() if line.startswith("::")]
    assert marks == ["::error title=dispute cancel [E5]::There is no dispute: outside one nobody can refund or cancel a paid order."]
    assert ran.err.startswith("error [E5]: ")
    assert "::error" not in ran.out


def test_elsewhere_nothing_is_annotated(dispute: Place) -> None:
    assert "::" not in dispute("cancel", "O-1").err
    dispute.env["GITHUB_ACTIONS"] = "false"
    assert "::" not in dispute("cancel", "O-1").err


def test_all_faults_of_a_form_are_one_annotation(workflow: Place) -> None:
    err = workflow("open", "O-1", "--received", "--reason", "nonsense").err
    (mark,) = (line for line in err.splitlines() if line.startswith("::"))
    assert mark.startswith("::error title=dispute open [D3]::'nonsense' is no reason.")
    assert "A message to the seller is needed" in mark or "message" in mark


def test_a_failed_line_of_a_batch_is_annotated_at_its_place(workflow: Place) -> None:
    (workflow.folder / "a,b.txt").write_text("message O-1 Hello\ncancel O-1\n")
    marks = [line for line in workflow("batch", "a,b.txt").err.splitlines() if line.startswith("::")]
    assert marks[0] == "::error file=a%2Cb.txt,line=2,title=dispute cancel [E5]::There is no dispute: outside one nobody can refund or cancel a paid order."
    marks = [line for line in workflow("batch", stdin=b"cancel O-1\n").err.splitlines() if line.startswith("::")]
    assert marks[0].startswith("::error line=1,title=dispute cancel [E5]::")


def test_no_text_from_outside_ends_an_annotation(workflow: Place) -> None:
    marks = [line for line in workflow("status", "100%\r\n::error::x").err.splitlines() if line.startswith("::")]
    assert len(marks) == 1
    assert "100%25" in marks[0]


def test_problems_that_verify_found_are_annotated(workflow: Place) -> None:
    file = workflow.folder / "disputes.json"
    file.write_bytes(file.read_bytes().replace(b"Blue cup", b"Blue mug"))
    ran = workflow("verify")
    assert ran.code == 7
    assert "::error title=dispute verify::" in ran.err


def test_the_version_is_told_to_people_and_to_programs(empty: Place) -> None:
    from dispute_cli import __version__

    assert empty.ok("--version").out == f"dispute {__version__}\n"
    assert empty.ok("status", "--version").out == f"dispute {__version__}\n"
    answer = empty.ok("--version", "--json").json
    assert (answer["ok"], answer["version"], answer["contract"]) == (True, __version__, "dispute/1")
    with open("/dev/full", "w") as full:
        assert empty.process("--version", stdout=full).code == 1


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (("statsu",), "Did you mean 'status'?"),
        (("order", "crate"), "Did you mean 'create'?"),
        (("open", "O-1", "--recieved"), "Did you mean '--received'?"),
        (("status", "--jsno"), "Did you mean '--json'?"),
        (("status", "O-11"), "Did you mean 'O-1'?"),
        (("status", "o-1"), "Did you mean 'O-1'?"),
        (("message", "P-1/3", "x"), "Did you mean 'P-1/2'?"),
        (("open", "O-1", "--received", "--reason", "defectve"), "Did you mean 'defective'?"),
        (("order", "create", "O-9", "--price", "1", "--policy", "aliexpres"), "Did you mean 'aliexpress'?"),
        (("policy", "show", "aliexpres"), "Did you mean 'aliexpress'?"),
        (("status", "--fields", "id,demnd"), "Did you mean 'demand'?"),
        (("events", "--type", "dispute_open"), "Did you mean 'dispute_opened'?"),
        (("rules", "d7"), "Did you mean 'D7'?"),
        (("schema", "ordr"), "Did you mean 'order'?"),
        (("config", "get", "stor"), "Did you mean 'store'?"),
        (("help", "exitcodes"), "Did you mean 'exit-codes'?"),
    ],
)
def test_a_slip_is_answered_with_what_was_meant(dispute: Place, argv: tuple[str, ...], says: str) -> None:
    dispute.ok("order", "create", "P-1", "--item", "Cup=2", "--item", "Pot=3")
    ran = dispute(*argv)
    assert ran.code in (2, 3, 5, 8)
    assert says in ran.err


def test_what_is_like_nothing_is_not_guessed_at(dispute: Place) -> None:
    assert "Did you mean" not in dispute("status", "zzzzzz").err
    assert "Did you mean" not in dispute("status", "--fields", "qqqqqq").err


def test_among_very_many_orders_one_is_guessed_at_by_its_beginning(dispute: Place) -> None:
    lines = "".join(f"order create A-{number:04} --price 1\n" for number in range(1200))
    dispute.ok("batch", "--quiet", stdin=lines.encode())
    assert "Did you mean 'A-11" in dispute("status", "A-115O").err
