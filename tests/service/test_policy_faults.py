"""A policy's file that somebody wrote with a fault in it: told at its line and column, with what was probably meant."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dispute_cli.place import Place
from dispute_cli.policies import FOLDER, InvalidFile, names, parse
from dispute_cli.policies.spots import Way, spots

OWN = (Path(FOLDER) / "aliexpress.toml").read_text()
TIMES = "seller_days = 5"
EVERY_KIND = '''
"a b".'c' = 1            # a key in quotes, with "[a] = 1" in a comment
dates = 1979-05-27 07:32:00
numbers = [ 1, 2.5,      # over
  [ "]", '}' ], { x = 1, y.z = [3] } ]
empty = []
none = {}
text = """
[no.table]
key = "\\""" and two quotes at the end"""""
raw = \'\'\'
[no.table]\'\'\'
path = 'C:\\'
[ a . "b" ]
c.d = true
c.e = { f = "=", g = { h = 0x_ff } }
[[list]]
x = 1
[list.inner]
y = 2
[[list]]
x = 3
[[list.deep]]
z = 4
[[list.deep]]
z = 5
'''.replace("0x_ff", "0xff")


def ways(data: Any, way: Way = ()) -> Iterator[Way]:
    """Every key and every element that tomllib reads."""
    within = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in within:
        yield (*way, step)
        yield from ways(value, (*way, step))


@pytest.mark.parametrize("text", [EVERY_KIND, EVERY_KIND.replace("\n", "\r\n"), *((Path(FOLDER) / f"{name}.toml").read_text() for name in names())], ids=lambda text: text[:9])
def test_every_key_of_a_toml_text_is_found(text: str) -> None:
    found = spots(text)
    assert set(found) == set(ways(tomllib.loads(text)))
    for spot in found.values():
        assert 0 <= spot.key[0] < spot.key[1] <= len(text)


def test_a_key_is_found_with_its_value() -> None:
    found = spots(EVERY_KIND)

    def told(*way: str | int) -> tuple[str, str | None]:
        key, value = found[way]
        return EVERY_KIND[slice(*key)], EVERY_KIND[slice(*value)] if value else None

    assert told("a b", "c") == ("\"a b\".'c'", "1")
    assert told("dates") == ("dates", "1979-05-27 07:32:00")
    assert told("numbers", 2, 1) == ("'}'", None)
    assert told("numbers", 3, "y", "z") == ("y.z", "[3]")
    assert told("a", "b", "c", "e", "g", "h") == ("h", "0xff")
    assert told("list", 1) == ("[[list]]", None)
    assert told("list", 0, "inner", "y") == ("y", "2")
    assert told("list", 1, "deep", 1, "z") == ("z", "5")


WRONG: dict[str, tuple[str, str, str, str, str | None]] = {
    "an unknown key": (TIMES, "seller_dayz = 5", "seller_dayz", "unknown field 'seller_dayz' in answering.", "Did you mean 'seller_days'? One of: seller_days, buyer_days, seller_silent, buyer_silent."),
    "a key that is like none": (TIMES, f"{TIMES}\nzzz = 5", "zzz", "unknown field 'zzz' in answering.", "One of: seller_days, buyer_days, seller_silent, buyer_silent."),
    "an unknown table": ("[returns]", "[retruns]", "[retruns]", "unknown field 'retruns'.", "Did you mean 'returns'? One of: name, title, protection, delivery, answering, escalation, returns, payout, evidence, warnings, reasons, sources, opening, not_modelled."),
    "an unknown choice": ('"refund"\nbuyer_silent', '"refnd"\nbuyer_silent', '"refnd"', "answering.seller_silent: 'refnd' is none of its values.", "Did you mean 'refund'? One of: refund, escalate."),
    "a choice that is like none": ('counted_from = "payment"', 'counted_from = "x"', '"x"', "protection.counted_from: 'x' is none of its values.", "One of: payment, deliver_by."),
    "a choice that is no text": ('counted_from = "payment"', "counted_from = 7", "7", "protection.counted_from: one of payment, deliver_by is expected, not 7.", None),
    "a choice in a list": ('"bmp", "jpeg"', '"bmp", "jpg"', '"jpg"', "evidence.formats[1]: 'jpg' is none of its values.", "Did you mean 'jpeg'? One of: png, jpeg, gif, bmp."),
    "no list": ('["bmp", "jpeg", "png", "gif"]', '"bmp"', '"bmp"', "evidence.formats: a list is expected, not a text.", None),
    "a text for days": (TIMES, 'seller_days = "5"', '"5"', "answering.seller_days: a whole number from 1 to 3650 is expected, not a text.", None),
    "a number out of range": (TIMES, "seller_days = -5", "-5", "answering.seller_days: a whole number from 1 to 3650 is expected, not -5.", None),
    "a number that is left out": ("most_bytes = 2_097_152", 'most_bytes = 1\nmost_files = "a"', '"a"', "evidence.most_files: a whole number from 1 to 1000 is expected, not a text.", None),
    "half a day": (TIMES, "seller_days = 5.5", "5.5", "answering.seller_days: a whole number from 1 to 3650 is expected, not a number with a point.", None),
    "a date": (TIMES, "seller_days = 2026-01-01", "2026-01-01", "answering.seller_days: a whole number from 1 to 3650 is expected, not a date or a time.", None),
    "no truth": ("again = true", 'again = "yes"', '"yes"', "opening.again: true or false is expected, not a text.", None),
    "no table": ("\n[sources]", "\n[not_modelled]\n[sources]", "[not_modelled]", "not_modelled: a list is expected, not a table.", None),
    "a reason of its own with a wrong choice": ('refund = "any"\nsays = "it arrived damaged"', 'refund = "half"\nsays = "it arrived damaged"', '"half"', "reasons.damaged.refund: 'half' is none of its values.", "One of: any, full."),
    "a reason with an unknown key": ('says = "it arrived damaged"', 'says = "it arrived damaged"\nretrun = "never"', "retrun", "unknown field 'retrun' in reasons.damaged.", "Did you mean 'return'? One of: received, evidence, refund, says, after, return."),
    "a reason in one line": ("[reasons.defective]", '[reasons]\nlate = {received = true, evidence = "no", refund = "any", says = "late"}\n[reasons.defective]', '"no"', "reasons.late.evidence: 'no' is none of its values.", "One of: required, optional."),
    "dots in a key": ("[returns]", '[reasons]\nlate.received = "yes"\nlate.evidence = "optional"\n[returns]', '"yes"', "reasons.late.received: true or false is expected, not a text.", None),
    "a missing key": (f"{TIMES}\n", "", "[answering]", "missing required field 'answering.seller_days'.", "`dispute policy show aliexpress` shows every key."),
    "a missing key at the top": ('name = "aliexpress"\n', "", "#", "missing required field 'name'.", "`dispute policy show aliexpress` shows every key."),
    "what is not modelled without a source": ("\n[sources]", '\n[[not_modelled]]\nwhat = "fees"\n[sources]', "[[not_modelled]]", "missing required field 'not_modelled[0].source'.", "`dispute policy show aliexpress` shows every key."),
    "a source that is no text": ('"payout.least_days" = "article: the money is returned within 7-10 days"', '"payout.least_days" = 7', "7", "sources.payout.least_days: a text is expected, not 7.", None),
    "a figure without its source": ('"answering.seller_days" = "default"\n', "", "seller_days", "[sources] does not say where 'answering.seller_days' comes from.", 'Write "default" where it is your own choice.'),
    "days that contradict each other": ("least_days = 7", "least_days = 70", "least_days", "payout.least_days is above payout.most_days.", None),
    "a ruling after the review": ("rule_from_days = 15", "rule_from_days = 60", "rule_from_days", "escalation.rule_from_days is not before escalation.review_days.", None),
    "a promise that is never late": ("promised_days = 30", "promised_days = 60", "promised_days", "delivery.promised_days is not before the end of protection: lateness could never be disputed.", None),
    "no format": ('["bmp", "jpeg", "png", "gif"]', "[]", "formats", "evidence.formats is empty.", None),
    "an array that is not closed": ('"png", "gif"]', '"png", "gif"', "m", "it is not TOML: Unclosed array.", None),
    "a key that stands twice": (TIMES, f"{TIMES}\n{TIMES}", "\n", "it is not TOML: Cannot overwrite a value.", None),
    "a number too long": (TIMES, "seller_days = " + "9" * 5_000, "9" * 5_000, "a number in it is too long.", None),
}  # fmt: skip
"""What is written in place of what, where the caret then stands, and what is told."""


@pytest.mark.parametrize("case", WRONG)
def test_a_fault_is_told_at_its_place(case: str) -> None:
    old, new, meant, says, hint = WRONG[case]
    assert old in OWN
    text = OWN.replace(old, new, 1)
    with pytest.raises(InvalidFile) as caught:
        parse("mine.toml", text.encode())
    place = caught.value.place
    assert place and caught.value.path == "mine.toml"
    assert (caught.value.message, caught.value.hint) == (f"{place}: {says}", hint)
    line = text.split("\n")[place.line - 1]
    assert place.excerpt == line
    assert (line + "\n")[place.column - 1 :][: place.width] == meant


def test_no_reason_at_all_is_told_where_they_would_stand() -> None:
    text = re.sub(r"\[reasons\.\w+\]\n(?:.+\n)+", "", OWN).replace("\n[sources]", "\n[reasons]\n\n[sources]")
    with pytest.raises(InvalidFile, match="there is no reason to open a dispute for") as caught:
        parse("mine.toml", text.encode())
    assert caught.value.place and caught.value.place.excerpt == "[reasons]"


def test_of_several_faults_the_first_in_the_file_is_told() -> None:
    text = OWN.replace('"refund"\nbuyer', '"x"\nbuyer').replace("[delivery]", "[deliverys]")
    with pytest.raises(InvalidFile, match="unknown field 'deliverys'"):
        parse("mine.toml", text.encode())


def test_bytes_that_are_no_text_are_told_at_their_place() -> None:
    with pytest.raises(InvalidFile, match="it is not UTF-8 text") as caught:
        parse("mine.toml", "name = 'é".encode() + b"\xff")
    assert str(caught.value.place) == "mine.toml:1:10"


def test_a_text_that_ends_too_early_is_told_at_its_end() -> None:
    with pytest.raises(InvalidFile, match="it is not TOML") as caught:
        parse("mine.toml", b'name = "x"\nreasons = [\n\n\n')
    assert str(caught.value.place) == "mine.toml:2:11"
    with pytest.raises(InvalidFile, match="missing required field 'name'") as caught:
        parse("mine.toml", b"")
    assert str(caught.value.place) == "mine.toml:1:1"


def test_what_is_nested_too_deep_to_be_looked_through_is_told_as_that() -> None:
    deep = 0
    for depth in range(50, 500, 50):
        with pytest.raises(InvalidFile) as caught:
            parse("mine.toml", (OWN.replace(TIMES, f"seller_days = {'[' * depth}{']' * depth}")).encode())
        deep += caught.value.message == "mine.toml: it is nested too deep."
        assert "nested too deep" in caught.value.message or "a whole number from 1 to 3650 is expected, not a list" in caught.value.message
    assert deep < 9


def test_the_tables_that_a_head_implies_stand_at_it() -> None:
    assert spots("[a.b]\nc.d = 1") == {("a",): ((0, 5), None), ("a", "b"): ((0, 5), None), ("a", "b", "c"): ((6, 9), None), ("a", "b", "c", "d"): ((6, 9), (12, 13))}


@pytest.mark.parametrize(("column", "shown", "caret"), [(1, "x" * 160, 0), (40, "x" * 160, 39), (100, "x" * 160, 80), (195, "x" * 86, 80)])
def test_of_a_long_line_the_part_around_its_place_is_shown(column: int, shown: str, caret: int) -> None:
    assert Place("p.toml", 7, column, "x" * 200).pointed() == [f"    7 | {shown}", f"      | {' ' * caret}^"]


def test_a_line_of_160_characters_is_shown_whole() -> None:
    assert Place("p.toml", 7, 160, "x" * 160).pointed()[0] == f"    7 | {'x' * 160}"


def test_of_a_wide_place_in_a_long_line_as_much_is_marked_as_is_shown() -> None:
    shown, marks = Place("p.toml", 7, 100, "x" * 200, 150).pointed()
    assert (len(shown), marks) == (8 + 160, "      | " + " " * 80 + "^" * 80)


def test_what_a_chapter_takes_is_told_in_words() -> None:
    from dispute_cli.core.policy import Protection
    from dispute_cli.policies.faults import form

    assert form(Protection) == form(dict[str, str])
