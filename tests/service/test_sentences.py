"""Events in one sentence each."""

import pytest

from dispute_cli.questions import EVENT_TYPES
from dispute_cli.sentences import SENTENCES

PROOFS = [
    ({"url": "https://example.com/a", "name": None, "note": None}, "evidence: https://example.com/a"),
    ({"url": None, "name": "photo.png", "note": "the crack"}, "evidence: photo.png: the crack"),
]


@pytest.mark.parametrize(("event", "said"), PROOFS)
def test_evidence_is_told_by_its_link_or_its_name_and_its_note(event: dict[str, str | None], said: str) -> None:
    assert SENTENCES["evidence_added"](event) == said


def test_every_type_of_event_has_its_sentence() -> None:
    assert {*SENTENCES} == {*EVENT_TYPES}
