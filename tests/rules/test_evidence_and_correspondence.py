"""Evidence and correspondence as an order goes through them: V1 to V7; what bytes and links are good is proved in test_evidence."""

import hashlib
from typing import Any

import pytest

from dispute_cli.core import commands as c
from dispute_cli.core.evidence import Attachment
from dispute_cli.core.malformed import Malformed
from dispute_cli.core.words import Actor, Status
from tests.given import PHOTO, POLICY, WHOLE, Story, day, policy_with, rule
from tests.pictures import PNG
from tests.rules.states import OPEN, STATES, UNDISPUTED, reached

LINK, OTHER = "https://example.com/a", "https://example.com/b"
MOST = 2_097_152
PARTIES = (Actor.BUYER, Actor.SELLER)
NEGOTIATED = [name for name in OPEN if not name.startswith("escalated")]
CLAIMED = [
    *reached(
        "settling, concession",
        "closed, concession",
        "closed, dropped",
        "settling, ruling",
        "settling, default",
        "closed, ruling",
        "closed, default",
    )
]


def file(name: str = "photo.png", data: bytes = PNG) -> Attachment:
    return Attachment(name=name, size=len(data), data=data, fault=None)


def given(*files: Attachment) -> dict[str, Any]:
    """The fields of `add-evidence` with these files."""
    return {"file": tuple(file.name for file in files), "files": files}


def urls(story: Story) -> list[tuple[str | None, str]]:
    return [(record.url, record.by.value) for record in story.order.evidence if record.kind == "link"]


def texts(story: Story) -> list[str]:
    return [message.text for message in story.order.messages]


# V1, V2


@rule("V1")
@pytest.mark.parametrize("name", ["photo.png", "PHOTO.PNG", "folder/photo.Png"])
def test_a_picture_whose_name_agrees_is_evidence(name: str) -> None:
    story = Story().open().buyer(c.AddEvidence, **given(file(name)))
    assert story.order.evidence[-1].name == name.rpartition("/")[2]


@rule("V1")
@pytest.mark.parametrize(
    "unfit",
    [
        file(data=b""),
        file(data=PNG[:40]),
        file("photo.jpg"),
        file("photo"),
        file("bill.pdf", b"%PDF-1.7"),
        file("film.mp4", b"\0\0\0\x18ftypmp42"),
    ],
)
def test_an_empty_truncated_mislabelled_or_foreign_file_is_refused(unfit: Attachment) -> None:
    refusal = Story().open().refused("V1", c.AddEvidence, **given(unfit))
    assert refusal.invalid_file


@rule("V1")
@pytest.mark.parametrize("unfit", [file("bill.pdf", b"%PDF-1.7"), file("film.mp4", b"\0\0\0\x18ftypmp42")])
def test_a_document_or_a_video_is_pointed_to_the_link(unfit: Attachment) -> None:
    assert "--link" in str(Story().open().refused("V1", c.AddEvidence, **given(unfit)).hint)


@rule("V1")
def test_bytes_after_the_end_of_the_picture_are_no_fault() -> None:
    assert Story().open().buyer(c.AddEvidence, **given(file(data=PNG + b"more"))).order.evidence[-1].size == len(PNG) + 4


@rule("V1")
def test_a_policy_says_which_kinds_are_taken() -> None:
    assert POLICY.evidence.formats == ("bmp", "jpeg", "png", "gif")
    story = Story(policy=policy_with(evidence={"formats": ["jpeg"]})).open(files=(), link=(LINK,))
    story.refused("V1", c.AddEvidence, **given(PHOTO))


@rule("V2")
@pytest.mark.parametrize("over", [-1, 0])
def test_a_file_of_exactly_the_most_bytes_is_accepted(over: int) -> None:
    large = file(data=PNG.ljust(MOST + over, b"\0"))
    assert Story().open().buyer(c.AddEvidence, **given(large)).order.evidence[-1].size == MOST + over


@rule("V2")
def test_a_file_of_one_byte_more_is_refused_and_told_how_to_go_on() -> None:
    refusal = Story().open().refused("V2", c.AddEvidence, **given(file(data=PNG.ljust(MOST + 1, b"\0"))))
    assert "--link" in str(refusal.hint) and refusal.invalid_file


@rule("V1", "V2", "V3")
def test_everything_wrong_with_the_given_evidence_is_told_at_once_and_nothing_recorded() -> None:
    Story().open().refused(
        "V1 V2 V3", c.AddEvidence, **given(file(data=PNG.ljust(MOST + 1, b"\0")), PHOTO, file(data=b"")), link=("ftp://a",)
    )


# V3


@rule("V3")
@pytest.mark.parametrize("link", ["ftp://example.com/a", "example.com/a", "javascript:alert(1)", "https://", "", "file:///etc/passwd"])
def test_only_http_and_https_are_links(link: str) -> None:
    Story().open().refused("V3", c.AddEvidence, link=(link,))


@rule("V3")
def test_a_given_link_is_a_record_and_stands_on_its_own_line_after_the_text() -> None:
    story = Story().open(files=(), link=(LINK, OTHER))
    assert urls(story) == [(LINK, "buyer"), (OTHER, "buyer")]
    assert texts(story) == [f"It is broken\n{LINK}\n{OTHER}"]


@rule("V3")
def test_added_links_make_one_message_with_the_note_first() -> None:
    story = Story().open().seller(c.AddEvidence, link=(LINK, OTHER), note="My packing")
    assert texts(story)[1:] == [f"My packing\n{LINK}\n{OTHER}"]
    assert [(record.url, record.note) for record in story.order.evidence[1:]] == [(LINK, "My packing"), (OTHER, "My packing")]
    assert texts(Story().open().buyer(c.AddEvidence, link=(LINK,)))[1:] == [LINK]


@rule("V3")
def test_an_added_file_makes_no_message() -> None:
    assert len(texts(Story().open().buyer(c.AddEvidence, **given(PHOTO), note="The crack"))) == 1


@rule("V3")
def test_a_link_inside_the_text_of_an_opening_an_edit_or_a_message_is_evidence_of_its_author() -> None:
    third = "http://example.com/c"
    story = Story().open(message=f"See {LINK}.").buyer(c.EditDispute, message=f"Or ({OTHER})").seller(c.SendMessage, text=f"No: {third}")
    assert urls(story) == [(LINK, "buyer"), (OTHER, "buyer"), (third, "seller")]


@rule("V3")
def test_a_link_in_the_text_of_an_answer_is_evidence_of_the_seller() -> None:
    assert urls(Story().open().offer(message=f"See {LINK}")) == [(LINK, "seller")]
    assert urls(Story().open().seller(c.Respond, accept=True, message=f"See {LINK}")) == [(LINK, "seller")]


@rule("V3")
def test_a_link_inside_texts_is_recorded_once_for_each_author_and_dispute() -> None:
    story = Story().open(message=f"{LINK} {LINK}").buyer(c.SendMessage, text=LINK).seller(c.SendMessage, text=LINK)
    assert urls(story) == [(LINK, "buyer"), (LINK, "seller")]
    story.buyer(c.Cancel).open(message=LINK)
    assert urls(story) == [(LINK, "buyer"), (LINK, "seller"), (LINK, "buyer")]


@rule("V3")
def test_a_link_given_as_an_option_always_makes_a_record() -> None:
    story = Story().open(message=LINK, link=(LINK,)).buyer(c.AddEvidence, link=(LINK,), note=LINK).buyer(c.AddEvidence, link=(LINK,))
    assert urls(story) == [(LINK, "buyer")] * 3


@rule("V3")
@pytest.mark.parametrize("name", OPEN)
def test_the_platforms_link_is_no_evidence(name: str) -> None:
    story = STATES[name]()
    before = story.order.evidence
    assert story.platform(c.SendMessage, text=LINK).order.evidence == before


@rule("V3")
@pytest.mark.parametrize("name", [*UNDISPUTED, *reached("settling", "closed")])
@pytest.mark.parametrize("actor", PARTIES)
def test_before_a_dispute_and_after_settlement_a_link_is_only_text(name: str, actor: Actor) -> None:
    story = STATES[name]()
    before = story.order.evidence
    story.give(c.SendMessage, actor=actor, text=LINK)
    assert (story.order.evidence, story.order.messages[-1].dispute) == (before, None)


# V4


@rule("V4")
def test_a_record_tells_name_type_size_hash_party_and_time() -> None:
    record = Story().open().day(1).seller(c.AddEvidence, **given(PHOTO), note="Sent whole").order.evidence[-1]
    assert (record.kind, record.name, record.format, record.size) == ("file", "photo.png", "png", len(PNG))
    assert (record.hash, record.by, record.at, record.note) == (hashlib.sha256(PNG).hexdigest(), "seller", day(1), "Sent whole")


@rule("V4")
def test_the_same_bytes_again_make_a_second_record() -> None:
    story = Story().open().buyer(c.AddEvidence, **given(PHOTO, file("again.png")))
    assert len(story.order.evidence) == 3
    assert len({record.hash for record in story.order.evidence}) == 1


# V5


@rule("V5")
@pytest.mark.parametrize("name", NEGOTIATED)
@pytest.mark.parametrize("actor", PARTIES)
def test_both_parties_add_evidence_while_a_dispute_is_open_and_not_escalated(name: str, actor: Actor) -> None:
    story = STATES[name]().give(c.AddEvidence, actor=actor, **given(PHOTO))
    assert story.order.evidence[-1].by is actor


@rule("V5")
@pytest.mark.parametrize("name", [*UNDISPUTED, *(name for name in reached("settling", "closed") if name not in CLAIMED)])
@pytest.mark.parametrize("actor", PARTIES)
def test_without_an_open_dispute_no_evidence_is_added(name: str, actor: Actor) -> None:
    STATES[name]().refused("V5", c.AddEvidence, actor=actor, **given(PHOTO))


@rule("V5", "W1")
def test_the_platform_adds_no_evidence() -> None:
    Story().open().refused("W1", c.AddEvidence, actor=Actor.PLATFORM, **given(PHOTO))


@rule("V5")
@pytest.mark.parametrize("fields", [{}, {"note": "Look"}, {"link": (LINK,), "note": " "}])
def test_adding_nothing_or_a_blank_note_is_malformed(fields: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        c.AddEvidence(id="O-1", **fields)


# V6


def locked(story: Story, *actors: Actor) -> None:
    """Evidence is locked for these parties, links in messages too, and plain messages stay possible."""
    for actor in actors:
        story.refused("V6", c.AddEvidence, actor=actor, **given(PHOTO))
        story.refused("V6", c.AddEvidence, actor=actor, link=(LINK,))
        story.refused("V6", c.SendMessage, actor=actor, text=f"See {LINK}")
        story.give(c.SendMessage, actor=actor, text="See the photo")


def unlocked(story: Story, actor: Actor) -> None:
    """Evidence is open to this party, links in messages too."""
    before = len(story.order.evidence)
    story.give(c.AddEvidence, actor=actor, **given(PHOTO)).give(c.SendMessage, actor=actor, text=f"See {LINK}/{before}")
    assert len(story.order.evidence) == before + 2


@rule("V6")
@pytest.mark.parametrize(
    "name", ["escalated, by the buyer", "escalated, by silence", "escalated, conceded", "escalated, in time for a ruling"]
)
def test_after_escalation_evidence_is_locked_and_messages_stay_possible(name: str) -> None:
    locked(STATES[name](), *PARTIES)


@rule("V6")
@pytest.mark.parametrize(("asked", "other"), [PARTIES, PARTIES[::-1]])
def test_evidence_opens_only_for_the_party_asked_until_the_deadline(asked: Actor, other: Actor) -> None:
    story = STATES["escalated, by the buyer"]().day(4).platform(c.RequestEvidence, from_=asked)
    assert story.deadlines["evidence"] == day(11)
    unlocked(story, asked)
    locked(story, other)
    unlocked(story.day(11, -1), asked)
    story.day(11)
    assert story.types == ["evidence_closed"]
    locked(story, *PARTIES)


@rule("V6")
@pytest.mark.parametrize(("days", "until"), [(None, 11), (1, 5), (58, 62), (60, 62), (1000, 62)])
def test_the_platform_says_how_long_but_never_past_the_end_of_the_review(days: int | None, until: int) -> None:
    story = STATES["escalated, by the buyer"]().day(4).platform(c.RequestEvidence, from_="buyer", days=days)
    assert story.claim.windows[0].until == day(until)


@rule("V6")
@pytest.mark.parametrize("days", [0, -1, 1_000_001])
def test_no_days_at_all_is_malformed(days: int) -> None:
    with pytest.raises(Malformed):
        c.RequestEvidence(id="O-1", party="buyer", days=days)


@rule("V6")
@pytest.mark.parametrize("asked", [("buyer", "seller"), ("seller", "buyer")])
def test_the_buyers_window_is_told_before_the_sellers_whoever_was_asked_first(asked: tuple[str, str]) -> None:
    story = STATES["escalated, by the buyer"]()
    for party in asked:
        story.platform(c.RequestEvidence, from_=party)
    assert [window.actor for window in story.claim.windows] == ["buyer", "seller"]


@rule("V6")
def test_how_long_a_request_runs_is_the_policys() -> None:
    story = Story(policy=policy_with(escalation={"evidence_days": 3})).open().offer().buyer(c.Escalate, confirm=True)
    assert story.platform(c.RequestEvidence, from_="seller").claim.windows[0].until == day(3)


@rule("V6")
def test_each_party_has_its_own_window() -> None:
    story = (
        STATES["escalated, by the buyer"]()
        .platform(c.RequestEvidence, from_="seller", days=2)
        .platform(c.RequestEvidence, from_="buyer", days=4)
    )
    unlocked(story, Actor.BUYER)
    unlocked(story, Actor.SELLER)
    locked(story.day(4), Actor.SELLER)
    unlocked(story, Actor.BUYER)
    locked(story.day(6), *PARTIES)


@rule("V6")
@pytest.mark.parametrize("days", [1, 6, 7, None])
def test_a_second_request_that_would_not_lengthen_the_window_is_refused(days: int | None) -> None:
    STATES["escalated, the buyer asked"]().refused("V6", c.RequestEvidence, from_="buyer", days=days)


@rule("V6")
def test_a_second_request_that_lengthens_the_window_is_taken() -> None:
    story = STATES["escalated, the buyer asked"]().platform(c.RequestEvidence, from_="buyer", days=8)
    assert [window.until for window in story.claim.windows] == [day(10)]
    assert story.day(3).platform(c.RequestEvidence, from_="buyer", days=8).claim.windows[0].until == day(11)


@rule("V6")
@pytest.mark.parametrize("party", PARTIES)
def test_a_window_to_the_end_of_the_review_cannot_be_lengthened(party: Actor) -> None:
    STATES["escalated, both asked to the end"]().refused("V6", c.RequestEvidence, from_=party, days=100)


@rule("V6", "K2")
def test_a_window_to_the_end_of_the_review_closes_before_the_default_ruling() -> None:
    story = STATES["escalated, both asked to the end"]().day(62)
    assert story.types == ["evidence_closed", "evidence_closed", "ruled_by_default", "settled"]
    assert [str(getattr(event, "party", "")) for event in story.last[:2]] == ["buyer", "seller"]


@rule("V6")
@pytest.mark.parametrize(
    "settle", [lambda story: story.day(20).platform(c.Rule, refund="1.00", reason="so"), lambda story: story.buyer(c.Cancel)]
)
def test_any_settlement_ends_all_windows(settle: Any) -> None:
    story = settle(STATES["escalated, both asked to the end"]())
    assert (story.claim.windows, "evidence" in story.deadlines) == ((), False)
    story.refused("V6", c.AddEvidence, **given(PHOTO))


@rule("V6", "X2")
@pytest.mark.parametrize(
    "settle", [lambda story: story.day(5), lambda story: story.seller(c.Accept), lambda story: story.buyer(c.Cancel).buyer(c.Confirm)]
)
def test_any_settlement_ends_a_pending_extension_request(settle: Any) -> None:
    story = settle(STATES["awaiting_seller, an extension asked"]())
    assert story.order.settlement and story.order.protection.request is None


@rule("V6")
@pytest.mark.parametrize("name", CLAIMED)
@pytest.mark.parametrize("actor", PARTIES)
def test_evidence_stays_locked_after_a_claim(name: str, actor: Actor) -> None:
    STATES[name]().refused("V6", c.AddEvidence, actor=actor, **given(PHOTO))


@rule("V6")
def test_the_platform_may_name_a_link_while_evidence_is_locked() -> None:
    assert STATES["escalated, by the buyer"]().platform(c.SendMessage, text=f"Read {LINK}").types == ["message_sent"]


# V7


@rule("V7")
def test_all_correspondence_stands_in_one_order_with_author_and_time() -> None:
    story = (
        Story()
        .day(1)
        .buyer(c.SendMessage, text="Where is it?")
        .day(2)
        .open()
        .day(3)
        .offer(message="I give half")
        .day(4)
        .platform(c.SendMessage, text="Agree")
    )
    story.day(5).buyer(c.Accept).buyer(c.SendMessage, text="Thanks")
    assert [(message.by.value, message.at, message.dispute) for message in story.order.messages] == [
        ("buyer", day(1), None),
        ("buyer", day(2), 1),
        ("seller", day(3), 1),
        ("platform", day(4), 1),
        ("buyer", day(5), None),
    ]


@rule("V7")
@pytest.mark.parametrize("name", STATES)
def test_messages_are_possible_in_every_status_and_only_ever_added(name: str) -> None:
    story = STATES[name]()
    before = story.order.messages
    for actor in (*PARTIES, Actor.PLATFORM):
        story.give(c.SendMessage, actor=actor, text="hello")
    assert story.order.messages[: len(before)] == before
    assert len(story.order.messages) == len(before) + 3


@rule("V7")
@pytest.mark.parametrize("text", ["", " \n", "\u2060", "x" * 65_537, "é" * 32_769, "nul\0"])
def test_a_text_that_says_nothing_or_too_much_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        c.SendMessage(id="O-1", text=text)


@rule("V7")
def test_a_text_of_exactly_the_most_bytes_is_taken() -> None:
    assert len(Story().buyer(c.SendMessage, text="é" * 32_768).order.messages[0].text) == 32_768


@rule("V7")
def test_messages_of_earlier_disputes_stay_on_the_page() -> None:
    story = Story().open(**WHOLE).buyer(c.Cancel).buyer(c.SendMessage, text="Sorry").open()
    assert [message.dispute for message in story.order.messages] == [1, None, 2]
    assert story.order.status is Status.AWAITING_SELLER
