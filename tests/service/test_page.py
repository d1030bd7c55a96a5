"""`page`: one file that shows an order, a purchase or the list, whatever their status and whatever people wrote; read through a session as the command does."""

import re
from base64 import b64decode

import pytest
from msgspec.structs import replace

from dispute_cli.cli.spelled import quoted, spelled
from dispute_cli.cli.text.shape import length
from dispute_cli.cli.text.sheet import urgency
from dispute_cli.cli.visible import visible
from dispute_cli.core import commands as c
from dispute_cli.core.events import MessageSent
from dispute_cli.core.words import Actor
from dispute_cli.reading import NoSuchThing
from dispute_cli.runs.page.document import page
from dispute_cli.runs.page.listing import MOST_ROWS
from dispute_cli.runs.page.order import Voice
from dispute_cli.session import Session, standing_of
from dispute_cli.store import Commit, Store
from dispute_cli.store.memory import MemoryStore
from tests.given import PHOTO, START, Story, day, rule
from tests.markup import Page
from tests.pictures import PNG
from tests.rules.states import OPEN, STATES, escalated, opened

from .shop import Shop, head

VOICE = Voice(visible, lambda choice: quoted(spelled(choice.command, choice.args)), length, urgency)
HOSTILE = "</p><script>alert(1)</script> \"'><img src=x onerror=y> & {{ 7*7 }} {% x %} \x1b[31m \x07 \u202eevil\u200b"
SHOWN = "</p><script>alert(1)</script> \"'><img src=x onerror=y> & {{ 7*7 }} {% x %} \\x1b[31m \\x07 \\u202eevil\\u200b"


def told_by(*stories: Story) -> MemoryStore:
    """A store that holds these stories."""
    store = MemoryStore(head())
    store.keep(PNG)
    events = [event for story in stories for event in story.events]
    events.sort(key=lambda event: event.at)
    numbered = tuple(replace(event, seq=seq) for seq, event in enumerate(events, 1))
    orders = {story.order.id: standing_of(story.order) for story in stories}
    store.append([Commit(now=max(story.now for story in stories), events=numbered, orders=orders)])
    return store


def data(store: Store, id: str | None = "O-1", at: str | None = None) -> bytes:
    with store.read() as view:
        return page(Session(view), id, at, VOICE)


def seen(store: Store, id: str | None = "O-1", at: str | None = None) -> Page:
    return Page(data(store, id, at))


# An order


@pytest.mark.parametrize("name", STATES)
def test_the_page_of_an_order_in_every_status_shows_all_that_its_answer_holds(name: str) -> None:
    story = STATES[name]()
    shown = seen(told_by(story))
    order = Shop(told_by(story)).look()
    for words in (order.status, order.label, order.total, order.balances.escrow, *(due.means for due in order.deadlines), *(m.text for m in order.messages)):
        assert words in shown.words, words
    for move in order.possible:
        assert f"{move.command} until {move.until:%Y-%m-%dT%H:%M:%SZ}" in shown.words if move.until else move.command in shown.words
    assert ("Nothing is due" in shown.words) == (not order.deadlines)
    if order.settlement:
        assert f"{order.settlement.refund} to the buyer, {order.settlement.release} to the seller" in shown.words


@pytest.mark.parametrize("name", OPEN)
def test_an_open_dispute_is_shown_with_its_demand_offer_and_claim(name: str) -> None:
    story = STATES[name]()
    dispute = Shop(told_by(story)).look().dispute
    assert dispute
    words = seen(told_by(story)).words
    assert f"The demand {dispute.demand.refund} USD" in words
    assert f"The offer {'none' if not dispute.offer else 'a promise' if dispute.offer.promise else dispute.offer.refund + ' USD'}" in words
    assert f"The claim {dispute.claim.amount + ' USD' if dispute.claim else 'none'}" in words


def test_the_counter_says_how_long_whose_move_it_is_and_what_happens_then() -> None:
    words = seen(told_by(opened().day(1.5))).words
    assert "3 days 12 hours left of 5 days, until 2026-01-06T00:00:00Z The seller’s move. Then: if the seller says nothing, the dispute is resolved" in words
    assert "And if everybody is silent from here on" in words


def test_a_counter_that_nearly_ran_out_is_marked() -> None:
    assert 'class="big urgent"' in seen(told_by(opened().day(4))).html
    assert 'class="big urgent"' not in seen(told_by(opened())).html


def test_a_lengthened_protection_is_one_counter() -> None:
    assert "80 days left of 80 days" in seen(told_by(STATES["protected, extended"]())).words


@rule("V7")
def test_all_correspondence_stands_in_one_order_and_what_came_before_the_dispute_is_marked() -> None:
    story = Story().buyer(c.SendMessage, text="Where is it?").day(1).open().day(2).seller(c.SendMessage, text="A photo?\nPlease").buyer(c.Cancel)
    shown = seen(told_by(story.buyer(c.SendMessage, text="Never mind")))
    assert re.findall(r"(before the dispute|dispute 1|after the dispute)(Where is it\?|It is broken|A photo\?\nPlease|Never mind)", shown.text) == [
        ("before the dispute", "Where is it?"),
        ("dispute 1", "It is broken"),
        ("dispute 1", "A photo?\nPlease"),
        ("after the dispute", "Never mind"),
    ]


def test_pictures_stand_on_the_page_once_and_are_told_in_words() -> None:
    story = opened().day(1).seller(c.AddEvidence, file=("photo.png",), files=(PHOTO,), note="the same")
    shown = seen(told_by(story))
    [source] = shown.values("src")
    assert source.startswith("data:image/png;base64,") and b64decode(source.partition(",")[2]) == PNG
    assert shown.values("alt") == ["photo.png, given by the buyer on 2026-01-01T00:00:00Z"]
    assert "The same bytes as number 1 ." in shown.words and "the same" in shown.words


def test_links_are_the_only_references_and_say_nothing_of_where_they_come_from() -> None:
    shown = seen(told_by(opened(link=("https://example.com/film?a=1&b='2'",), message="See http://example.org/x.")))
    outside = [link for link in shown.values("href") if not link.startswith("#")]
    assert sorted(outside) == ["http://example.org/x", "https://example.com/film?a=1&b='2'"]
    assert shown.values("rel") == ["noopener nofollow noreferrer"] * 2


def test_what_can_be_done_are_whole_commands_by_whose_move_it_is() -> None:
    shown = seen(told_by(opened()))
    assert shown.words.index("The seller , whose move it is accept") < shown.words.index("The buyer edit")
    assert "respond until 2026-01-06T00:00:00Z dispute respond O-1 --accept dispute respond O-1 --refund 10.00" in shown.words


@pytest.mark.parametrize(("at", "words"), [("2026-01-03", "As it was at"), ("2026-06-01", "As silence would make it at")])
def test_another_instant_is_shown_as_it_was_or_as_silence_would_make_it(at: str, words: str) -> None:
    shown = seen(told_by(opened().day(10)), at=at)
    assert f"{words} {at}T00:00:00Z ; the store’s clock stands at 2026-01-11T00:00:00Z ." in shown.words
    assert ("closed (in silence)" in shown.words) == (at == "2026-06-01")
    assert "What could be done then" in shown.words


def test_a_purchase_shows_all_its_lines() -> None:
    shop = Shop().purchase("P").opened("P/2", refund="5.00")
    shown = seen(shop.store, "P")
    assert shown.tags.count("article") == 3 and all(f"P/{number}" in shown.words for number in (1, 2, 3))
    assert seen(shop.store, "P/2").tags.count("article") == 1


def test_an_order_that_does_not_exist_is_told() -> None:
    with pytest.raises(NoSuchThing):
        data(told_by(Story()), "O-2")
    with pytest.raises(NoSuchThing):
        data(told_by(Story()), at="2025-01-01")


# Pictures of time and money


@pytest.mark.parametrize("name", STATES)
def test_the_pictures_of_every_status_are_told_in_words_and_nothing_stands_outside_of_them(name: str) -> None:
    plots = [plot for plot in seen(told_by(STATES[name]())).plots if plot.get("class") == "plot"]
    for plot in plots:
        assert plot.get("role") == "img" and plot.findtext("title") and plot.findtext("desc")
        _, _, width, height = map(int, str(plot.get("viewBox")).split())
        for shape in plot.iter():
            assert 0 <= int(shape.get("x") or shape.get("cx") or 0) + int(shape.get("width") or 0) <= width
            assert 0 <= int(shape.get("y") or shape.get("cy") or 0) + int(shape.get("height") or 0) <= height
    assert len(plots) == 2


def test_the_timeline_tells_turns_and_counters() -> None:
    timeline = seen(told_by(escalated())).plots[1]
    words = [found.text or "" for found in timeline.iter("title")]
    assert "protection: 2026-01-01T00:00:00Z to 2026-01-03T00:00:00Z, before its end at 2026-03-02T00:00:00Z" in words
    assert "review: runs since 2026-01-03T00:00:00Z until 2026-03-04T00:00:00Z" in words
    assert any("escalated: claim of 20.00 USD" in text for text in words)
    assert "2 by the seller" not in (timeline.findtext("desc") or "") and "1 by the seller" in (timeline.findtext("desc") or "")


def test_the_money_is_told_over_time_and_what_silence_brings_is_set_apart() -> None:
    shown = seen(told_by(opened()))
    assert "2026-01-01T00:00:00Z 55.00 0.00 0.00 2026-01-06T00:00:00Z 20.00 35.00 0.00 in silence" in shown.words
    held = {str(area.get("class")).removeprefix("area ") for area in shown.plots[2].iter("rect")}
    assert held == {"escrow expected", "seller expected", "buyer expected"}
    over = {str(area.get("class")).removeprefix("area ") for area in seen(told_by(opened().to_the_end())).plots[1].iter("rect")}
    assert over == {"escrow", "seller", "buyer"}


def test_return_postage_is_no_part_of_what_was_paid() -> None:
    words = seen(told_by(STATES["return_shipped, postage"]().to_the_end())).words
    assert "8.40 of return postage" in words
    assert re.search(r"0\.00 0\.00 55\.00 Correspondence", words.replace("Evidence", "Correspondence"))


# The list


def test_the_list_counts_by_status_and_sums_refunds_by_reason_and_currency() -> None:
    shop = Shop().order("A").order("B").order("C").order("J", price="5000", delivery="0", currency="JPY").order("N")
    shop.opened("A").opened("B", refund="10.00").opened("C").opened("J", refund="1500")
    shop.tick("1d").give(c.Accept, "A", actor="seller")
    shop.give(c.Accept, "J", actor="seller")
    shop.tick("1d12h").give(c.Accept, "B", actor="seller")
    shown = seen(shop.store, None)
    assert "4 orders have or had a dispute." in shown.words
    assert "awaiting_seller 1 pending" in shown.words and "settling 3 settled" in shown.words and "protected 0 protected" in shown.words
    assert "of 3 that are settled; the middle one took 1 day ." in shown.words
    assert "less than a day 0 1 to 4 days 3 5 to 9 days 0" in shown.words
    assert "defective 2 30.00 110.00 USD 27.2 % defective 1 1500 5000 JPY 30.0 %" in shown.words
    assert shown.words.index("C awaiting_seller") < shown.words.index("A settling")


def test_the_list_says_so_where_there_is_nothing() -> None:
    words = seen(Shop().store, None).words
    assert "0 orders have or had a dispute." in words and words.count("No dispute is settled yet.") == 2 and "There is none." in words


def test_the_list_shows_another_instant() -> None:
    shop = Shop().order().opened()
    assert "awaiting_seller 0" in seen(shop.store, None, "2026-02-01").words and "closed 1" in seen(shop.store, None, "2026-02-01").words
    assert "As silence would make it" in seen(shop.store, None, "2026-02-01").words
    assert "0 orders" in seen(shop.store, None, "2025-02-01").words


# Whatever people wrote, and however much


@pytest.fixture
def hostile() -> Story:
    story = Story(title=HOSTILE, buyer="Eve <b>", seller=HOSTILE).seller(c.Ship, tracking=HOSTILE).buyer(c.SendMessage, text=HOSTILE)
    story.open(message=HOSTILE, link=("https://example.com/\"><script>alert('1')</script>",)).buyer(c.AddEvidence, file=("photo.png",), files=(replace(PHOTO, name=f"{HOSTILE.replace('/', '')}.png"),), note=HOSTILE)
    return story.day(1).seller(c.Respond, promise=HOSTILE, message=HOSTILE)


def assert_harmless(shown: Page) -> None:
    assert not {"script", "link", "iframe", "object", "form", "input", "base"} & set(shown.tags)
    assert not [name for _, name, _ in shown.attributes if name.startswith("on") or name in ("style", "action", "formaction", "xlink:href")]
    assert all(source.startswith("data:image/") for source in shown.values("src"))
    assert all(link.startswith(("#", "http://", "https://")) for link in shown.values("href"))
    assert not re.search(r"url\(|@import|expression\(", shown.html.partition("</style>")[0])
    assert not {"\x1b", "\x07", "\u202e", "\u200b"} & set(shown.html)
    assert "49" not in re.findall(r"\{\{ 7\*7 \}\}|\b49\b", shown.text)


def test_hostile_text_stays_text(hostile: Story) -> None:
    shown = seen(told_by(hostile))
    assert_harmless(shown)
    assert shown.text.count(SHOWN) >= 7
    assert "https://example.com/\"><script>alert('1')</script>" in shown.text
    listed = seen(told_by(hostile), None)
    assert_harmless(listed)
    assert SHOWN in listed.text


@pytest.mark.parametrize("id", ["O-1", None])
def test_the_page_needs_nothing_but_itself_and_is_the_same_twice(id: str | None) -> None:
    shown = seen(told_by(escalated()), id)
    assert_harmless(shown)
    assert shown.html.startswith("<!doctype html>") and 'lang="en"' in shown.html
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'" in shown.values("content", "meta")
    assert all(look in shown.html for look in ("prefers-color-scheme: dark", "@media print", ":focus-visible"))
    assert data(told_by(escalated()), id) == data(told_by(escalated()), id)


def test_every_one_of_thousands_of_messages_is_shown_and_the_pictures_stay_small() -> None:
    story = opened().day(4)
    said = [MessageSent(0, day(1, 60 * place), "O-1", Actor.BUYER if place % 2 else Actor.SELLER, f"word {place}.", 1) for place in range(2000)]
    store = told_by(story)
    numbered = tuple(replace(event, seq=store.seq + place, at=store.now) for place, event in enumerate(said, 1))
    store.append([Commit(now=store.now, events=numbered, orders={"O-1": standing_of(story.order)})])
    shown = seen(store)
    assert all(f"word {place}." in shown.text for place in (0, 999, 1999)) and shown.tags.count("li") > 2000
    assert len(shown.html) < 1_000_000
    assert sum(len(list(plot.iter())) for plot in shown.plots) < 300


def test_hundreds_of_edits_make_no_more_counters_than_can_be_told_apart() -> None:
    story = opened()
    for place in range(1, 301):
        story.day(place / 100).buyer(c.EditDispute, refund=f"{1 + place % 2}.00")
    shown = seen(told_by(story))
    assert shown.html.count('<td class="what">dispute edited') == 300
    assert len(list(shown.plots[1].iter())) < 250


def test_a_link_that_no_command_can_have_recorded_is_text_alone() -> None:
    story = opened(link=("https://example.com/a",))
    story.events = [replace(event, url="javascript:alert(1)") if getattr(event, "url", None) else event for event in story.events]
    shown = seen(told_by(story))
    assert "javascript:alert(1)" in shown.text
    assert_harmless(shown)


def test_of_thousands_of_orders_the_most_urgent_are_shown_and_all_are_counted() -> None:
    story, store = opened(), MemoryStore(head())
    events = [replace(event, order=f"O-{number:04}") for number in range(5000) for event in story.events]
    orders = {f"O-{number:04}": standing_of(story.order) for number in range(5000)}
    store.append([Commit(now=START, events=tuple(replace(event, seq=seq) for seq, event in enumerate(events, 1)), orders=orders)])
    shown = seen(store, None)
    assert "awaiting_seller 5,000" in shown.words
    assert f"The {MOST_ROWS:,} most urgent of 5,000; the figures above are of all" in shown.words
    assert len(shown.html) < 1_500_000 and "O-0999" in shown.text and "O-1000" not in shown.text
