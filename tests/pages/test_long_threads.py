"""Long conversations: pages load the newest messages, and earlier ones when they are needed. An idle page loads
nothing."""

import re

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.inbox import hold_message, open_conversation, start
from tests.support.visit import Visit

pytestmark = pytest.mark.slow

TURNS = 130  # with two messages each, so three pages of messages and two pages of turns
LIVE_SECONDS = 50  # the connection counts as broken after 60 seconds without a frame
PAUSE_SECONDS = 6  # more than between two reloads of the same data


@pytest.fixture
def long_conversation(shop: Shop, model: FakeModel, sql: Connection) -> str:
    """The ID of a conversation in which the customer has written "Question 1" to "Question 130", all answered."""
    conversation_id = start(shop)
    sql.execute("DELETE FROM messages WHERE conversation_id = %(id)s", {"id": conversation_id})
    sql.execute("DELETE FROM turns WHERE conversation_id = %(id)s", {"id": conversation_id})
    sql.execute(
        """
        WITH turn AS (
            INSERT INTO turns (business_id, conversation_id, seq, status, completed_at, engine)
            SELECT c.business_id, c.conversation_id, 2 * n - 1, 'completed', now(), 'rules'
            FROM conversations c, generate_series(1, %(turns)s) AS n WHERE c.conversation_id = %(id)s
            RETURNING *)
        INSERT INTO messages (business_id, conversation_id, seq, turn_id, message_content, sender_type)
        SELECT business_id, conversation_id, seq, turn_id, 'Question ' || (seq + 1) / 2, 'user' FROM turn
        UNION ALL
        SELECT business_id, conversation_id, seq + 1, turn_id, 'Answer ' || (seq + 1) / 2, 'assistant' FROM turn
        """,
        {"id": conversation_id, "turns": TURNS},
    )
    sql.execute(
        "UPDATE conversations SET last_seq = 2 * %(turns)s WHERE conversation_id = %(id)s",
        {"id": conversation_id, "turns": TURNS},
    )
    return conversation_id


def names_of(requests: list[Request]) -> list[str]:
    """The last part of the path of each, such as `messages`."""
    return [request.url.partition("?")[0].rpartition("/")[2] for request in requests]


def pages_of(requests: list[Request]) -> dict[str, int]:
    names = names_of(requests)
    return {name: names.count(name) for name in ("messages", "turns")}


def message(page: Page, text: str) -> Locator:
    return page.get_by_role("log").get_by_text(text, exact=True)


def test_earlier_messages_are_loaded_when_they_are_asked_for(anna: Visit, shop: Shop, long_conversation: str) -> None:
    requests = anna.record_requests()
    page = open_conversation(anna, long_conversation)
    earlier = page.get_by_role("button", name="Show earlier messages")
    expect(message(page, "Answer 130")).to_be_in_viewport()
    expect(message(page, "Question 81")).to_be_attached()
    expect(message(page, "Answer 80")).to_have_count(0)
    anna.wait_for_responses()
    assert pages_of(requests) == {"messages": 1, "turns": 1}

    # With the keyboard. The messages stay where they are on the screen.
    earlier.focus()
    before = message(page, "Question 81").bounding_box()
    page.keyboard.press("Enter")
    expect(message(page, "Question 31")).to_be_attached()
    after = message(page, "Question 81").bounding_box()
    assert before and after and abs(before["y"] - after["y"]) <= 2
    expect(page.get_by_role("log").get_by_role("button", name="Why this answer: Answer 31")).to_be_attached()
    anna.wait_for_responses()
    assert pages_of(requests) == {"messages": 2, "turns": 1}
    anna.check_accessibility()

    # By scrolling up.
    message(page, "Question 60").hover()
    page.mouse.wheel(0, -100_000)
    expect(message(page, "Question 1")).to_be_attached()
    expect(earlier).to_have_count(0)
    assert page.get_by_role("log").get_by_role("article").count() == 2 * TURNS
    anna.wait_for_responses()
    assert pages_of(requests) == {"messages": 3, "turns": 2}


@pytest.mark.parametrize("path", ["/conversations/{id}", "/chat?customer={user}&conversation={id}"])
def test_other_pages_show_earlier_messages_too(anna: Visit, shop: Shop, long_conversation: str, path: str) -> None:
    page = anna.open(path.format(id=long_conversation, user=shop.user_id))
    earlier = page.get_by_role("button", name="Show earlier messages")
    expect(message(page, "Answer 130")).to_be_attached()
    expect(message(page, "Answer 80")).to_have_count(0)
    for first in (31, 1):
        earlier.press("Enter")
        expect(message(page, f"Question {first}")).to_be_attached()
    expect(earlier).to_have_count(0)
    expect(page.get_by_role("log")).to_be_focused()


def test_new_message_appears_below_the_loaded_ones(anna: Visit, shop: Shop, long_conversation: str) -> None:
    shop.post(f"/conversations/{long_conversation}/takeover")
    page = open_conversation(anna, long_conversation)
    page.get_by_role("button", name="Show earlier messages").press("Enter")
    expect(message(page, "Question 31")).to_be_attached()
    hold_message(shop, "And another question")
    expect(message(page, "And another question")).to_be_attached()
    # The window of the pages has moved by one message; none is missing between them.
    numbers = [
        int(text.split()[1]) for text in page.get_by_role("log").get_by_text(re.compile("^Question ")).all_inner_texts()
    ]
    assert numbers == list(range(numbers[0], TURNS + 1))
    assert numbers[0] <= 32


def test_idle_inbox_loads_nothing_while_it_is_connected(anna: Visit, shop: Shop, long_conversation: str) -> None:
    frames = []
    anna.page.on("websocket", lambda live: live.on("framereceived", lambda frame: frames.append(frame)))
    anna.page.clock.install()
    page = open_conversation(anna, long_conversation)
    expect(message(page, "Answer 130")).to_be_in_viewport()
    while not frames:  # the page loads some data again when it is connected
        page.wait_for_timeout(10)
    page.clock.run_for(PAUSE_SECONDS * 1000)
    anna.wait_for_responses()
    requests = anna.record_requests()
    page.clock.run_for(LIVE_SECONDS * 1000)
    anna.wait_for_responses()
    # The status of the model also changes as time passes.
    assert set(names_of(requests)) <= {"model-status"}
