"""`page` on the command line: an order's page or the list in a new file or on standard output, with commands to paste that work."""

import re
import shlex

import pytest

from tests.markup import Page
from tests.run import Place


def test_the_page_of_an_order_is_written_to_a_new_file(offered: Place) -> None:
    before = offered.bytes()
    ran = offered("page", "O-1", "--output", "order.html")
    data = (offered.folder / "order.html").read_bytes()
    assert (ran.code, ran.out, ran.err) == (0, f"the page is written to order.html, {len(data):,} bytes\n", "")
    assert "Blue cup" in Page(data).words and "The offer 10.00 USD" in Page(data).words
    assert offered.bytes() == before
    assert offered.ok("page", "O-1", "-o", "again.html", "--quiet").out == ""
    assert (offered.folder / "again.html").read_bytes() == data


def test_without_an_id_it_is_the_list(offered: Place) -> None:
    assert "1 order has or had a dispute." in Page(offered.ok("page", "-o", "-").out.encode()).words


def test_on_standard_output_there_is_nothing_but_the_page(offered: Place) -> None:
    ran = offered("page", "O-1", "--output", "-")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("<!doctype html>") and ran.out.endswith("</html>\n")
    refused = offered("page", "O-1", "--output", "-", "--json")
    assert refused.code == 2 and refused.error["message"] == "the page and a JSON answer cannot both go to standard output: name a file."


def test_as_json_file_and_size_are_told(offered: Place) -> None:
    told = offered.ok("page", "O-1", "--output", "order.html", "--json").json
    size = (offered.folder / "order.html").stat().st_size
    assert told == {
        "schema": "dispute/1", "ok": True, "command": "page", "now": "2026-01-01T00:00:00Z", "warnings": [], "file": "order.html", "size": size, "dry_run": False,
    }  # fmt: skip


def test_the_commands_on_it_can_be_pasted(offered: Place) -> None:
    page = Page(offered.ok("page", "O-1", "-o", "-").out.encode())
    lines = [line for line in re.findall(r"<pre tabindex=\"0\">(.*?)</pre>", page.html) if "&" not in line]
    assert len(lines) > 5
    for line in lines:
        ran = offered(*shlex.split(line)[1:], "--dry-run")
        assert ran.code in (0, 4), (line, ran)


def test_the_commands_name_a_store_that_is_not_the_default_one(offered: Place) -> None:
    (offered.folder / "disputes.json").rename(offered.folder / "shop.json")
    (offered.folder / "disputes.json.d").rename(offered.folder / "shop.json.d")
    assert "dispute cancel O-1 --store shop.json" in offered.ok("page", "O-1", "-o", "-", "--store", "shop.json").out


def test_another_instant_can_be_asked_for(offered: Place) -> None:
    out = offered.ok("page", "O-1", "--at", "2026-03-20", "-o", "-").out
    assert "As silence would make it" in out and "escalated" in out
    ran = offered("page", "O-1", "--at", "2025-01-01", "-o", "x.html", "--json")
    assert (ran.code, ran.json["at"], ran.json["now"]) == (3, "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z")
    assert offered("page", "O-1", "--at", "soon", "-o", "x.html").code == 2


def test_a_dry_run_writes_no_file(offered: Place) -> None:
    assert "the page is written to order.html" in offered.ok("page", "O-1", "--output", "order.html", "--dry-run").out
    assert not (offered.folder / "order.html").exists()


def test_a_file_that_is_there_is_refused_and_kept(offered: Place) -> None:
    (offered.folder / "order.html").write_text("mine")
    ran = offered("page", "O-1", "--output", "order.html")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: 'order.html' exists: name a new file.\n")
    assert (offered.folder / "order.html").read_text() == "mine"
    assert offered("page", "O-1", "--output", "no/such/page.html").code == 2


def test_where_it_goes_must_be_said(offered: Place) -> None:
    ran = offered("page", "O-1")
    assert (ran.code, ran.out) == (2, "") and "--output" in ran.err


@pytest.mark.parametrize(("id", "code"), [("O-2", 3), ("no id", 2)])
def test_an_unknown_id_is_3_and_a_malformed_one_2(offered: Place, id: str, code: int) -> None:
    ran = offered("page", id, "--output", "order.html", "--json")
    assert (ran.code, ran.error["exit"]) == (code, code)
    assert not (offered.folder / "order.html").exists()


def test_without_a_store_it_is_7_after_a_file_that_is_there(empty: Place) -> None:
    assert empty("page", "O-1", "--output", "order.html").code == 7
    assert empty("page", "--output", "list.html").code == 7
    (empty.folder / "order.html").write_text("mine")
    assert empty("page", "O-1", "--output", "order.html").code == 2


def test_damaged_evidence_is_7(offered: Place) -> None:
    [kept] = (offered.folder / "disputes.json.d" / "blobs").iterdir()
    kept.unlink()
    assert offered("page", "O-1", "--output", "order.html").code == 7
