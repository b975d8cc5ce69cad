"""The inbox: see who waits, take over, answer and hand back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.pages.test_layout import overflowing_elements
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.inbox import customer_stream, hold_message, messages, open_conversation, start, start_waiting, write
from tests.support.visit import Visit, choose

Colleague = Callable[..., Visit]


def test_customer_gets_a_person_and_then_the_assistant_again(anna: Visit, shop: Shop, model: FakeModel) -> None:
    page = anna.open("/inbox")
    expect(page.get_by_text("No conversations yet")).to_be_visible()
    conversation_id = start_waiting(shop)
    expect(page).to_have_title(re.compile(r"^\(1\) Inbox"))
    expect(page.get_by_role("navigation").get_by_role("img", name="1 conversation is waiting")).to_be_visible()
    row = page.get_by_role("link", name="Carla Customer")
    expect(row).to_contain_text("Needs a person")
    expect(row).to_contain_text("Waiting for")
    anna.check_accessibility()

    row.click()
    expect(page).to_have_url(re.compile(f"/inbox/{conversation_id}$"))
    expect(page.get_by_text("A person must answer. Nobody is assigned yet.")).to_be_visible()
    expect(page.get_by_role("log").get_by_text("Waiting", exact=True)).to_be_visible()
    with customer_stream(anna, conversation_id) as stream:
        write(page, "Hello Carla, this is Anna. I will look into it.")
        received = next(message for message in stream if message["sender_type"] == "agent")
        assert received["sender_name"] == "Anna Berg"
        assert received["message_content"] == "Hello Carla, this is Anna. I will look into it."
    expect(page.get_by_text("You are answering", exact=True)).to_be_visible()
    expect(page).to_have_title(re.compile("^Inbox"))
    expect(page.get_by_role("log").get_by_text("Waiting", exact=True)).to_have_count(0)
    assert messages(shop, conversation_id)[-1] == (
        "agent",
        "Anna Berg",
        "Hello Carla, this is Anna. I will look into it.",
    )
    anna.check_accessibility()

    hold_message(shop, "Thank you. And where is my order A-10433?")
    expect(page.get_by_role("log").get_by_text("Thank you. And where is my order A-10433?")).to_be_visible()
    page.get_by_role("button", name="Hand back").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 message is waiting.")
    anna.check_accessibility()
    dialog.get_by_role("button", name="Answer the last messages").click()
    expect(page.get_by_role("log").get_by_text("Your order A-10433 is on its way.")).to_be_visible()
    expect(page.get_by_text("The assistant is answering", exact=True)).to_be_visible()
    assert "Hello Carla, this is Anna. I will look into it." in str(model.requests[-1]["messages"])
    expect(page.get_by_role("complementary", name="Details").get_by_text("1 message · handed back")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_keyboard_alone_is_enough(anna: Visit, shop: Shop, model: FakeModel, width: int) -> None:
    conversation_id = start_waiting(shop)
    page, press = anna.page, anna.page.keyboard.press
    page.set_viewport_size({"width": width, "height": 800})
    anna.open("/inbox")
    expect(page.get_by_role("link", name="Carla Customer")).to_be_visible()
    press("j")
    expect(page.get_by_role("link", name="Carla Customer")).to_be_focused()
    press("Enter")
    expect(page.get_by_role("log")).to_be_visible()
    if width < 600:
        expect(page.get_by_role("region", name="Messages", exact=True)).to_be_focused()
    press("r")
    reply = page.get_by_role("textbox", name="Reply", exact=True)
    expect(reply).to_be_focused()
    page.keyboard.type("Good morning,")
    press("Shift+Enter")
    page.keyboard.type("this is Anna.")
    press("Enter")
    expect(page.get_by_text("You are answering", exact=True)).to_be_visible()
    expect(page.get_by_role("log").get_by_text("this is Anna.")).to_be_visible()
    assert messages(shop, conversation_id)[-1][2] == "Good morning,\nthis is Anna."
    press("Escape")
    press("n")
    page.keyboard.type("She sounds upset.")
    press("Enter")
    expect(page.get_by_text("Your note")).to_be_visible()
    assert overflowing_elements(page) == []

    hold_message(shop, "Where is A-10433?")
    expect(page.get_by_role("log").get_by_text("Where is A-10433?")).to_be_visible()
    press("Escape")
    press("Control+k")
    expect(page.get_by_role("combobox", name="Go to…")).to_be_focused()
    page.keyboard.type("hand back")
    expect(page.get_by_role("option", name="Hand back")).to_be_visible()
    press("Enter")
    expect(page.get_by_role("button", name="Answer the last messages")).to_be_focused()
    press("Enter")
    expect(page.get_by_role("log").get_by_text("Your order A-10433 is on its way.")).to_be_visible()
    assert "this is Anna." in str(model.requests[-1]["messages"])
    assert "upset" not in str([request["messages"] for request in model.requests])
    press("e")
    page.get_by_role("dialog").get_by_role("button", name="Close conversation").press("Enter")
    expect(page.get_by_text("This conversation is closed.").first).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    press("Escape")
    if width < 600:
        expect(page).to_have_url(re.compile("/inbox$"))
    expect(page.get_by_role("link", name="Carla Customer")).to_contain_text("Closed")
    press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    anna.check_accessibility()


def test_second_colleague_sees_who_answers_and_may_take_over(
    anna: Visit, colleague: Colleague, shop: Shop, model: FakeModel
) -> None:
    bo = colleague("Bo", "Lindqvist")
    conversation_id = start(shop)
    first, second = open_conversation(anna, conversation_id), open_conversation(bo, conversation_id)
    expect(second.get_by_text("Anna Berg is also here")).to_be_visible()
    second.get_by_role("textbox", name="Reply").press_sequentially("Let me ")
    expect(first.get_by_text("Bo Lindqvist is typing…")).to_be_visible()
    first.get_by_role("button", name="Take over", exact=True).click()
    expect(first.get_by_text("You are answering", exact=True)).to_be_visible()
    expect(second.get_by_text("Anna Berg is answering")).to_be_visible()

    second.get_by_role("textbox", name="Reply").fill("I know this one.")
    second.keyboard.press("Enter")
    dialog = second.get_by_role("dialog", name="Anna Berg is handling this conversation")
    bo.check_accessibility()
    dialog.get_by_role("button", name="Cancel").click()
    expect(second.get_by_role("textbox", name="Reply")).to_have_value("I know this one.")
    assert len(messages(shop, conversation_id)) == 2
    second.get_by_role("textbox", name="Reply").press("Enter")
    dialog.get_by_role("button", name="Take over anyway").click()
    expect(second.get_by_role("log").get_by_text("I know this one.")).to_be_visible()
    expect(first.get_by_text("Bo Lindqvist is answering")).to_be_visible()
    expect(first.get_by_role("log").get_by_text("Bo Lindqvist", exact=True)).to_be_visible()
    history = first.get_by_role("region", name="Who answered")
    expect(history.get_by_text("Bo Lindqvist took over from Anna Berg")).to_be_visible()
    choose(second.get_by_role("combobox", name="Assigned to"), "Anna Berg")
    expect(history.get_by_text("Bo Lindqvist assigned it to Anna Berg")).to_be_visible()
    expect(first.get_by_text("You are answering", exact=True)).to_be_visible()


def test_takeover_at_the_same_moment_shows_the_winner(anna: Visit, colleague: Colleague, shop: Shop) -> None:
    bo = colleague("Bo", "Lindqvist")
    conversation_id = start(shop)
    page = open_conversation(bo, conversation_id)
    expect(page.get_by_text("The assistant is answering", exact=True)).to_be_visible()
    # Bo's page does not hear of Anna's takeover before Bo sends the reply.
    bo.expect_problem("409")
    page.route("**/api/v1/conversations/*", lambda route: route.abort("aborted"))
    first = open_conversation(anna, conversation_id)
    first.get_by_role("button", name="Take over", exact=True).click()
    expect(first.get_by_text("You are answering", exact=True)).to_be_visible()
    page.get_by_role("textbox", name="Reply").fill("Hello!")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Anna Berg is handling this conversation")).to_be_visible()


def test_conversation_is_snoozed_tagged_assigned_and_found(
    anna: Visit, colleague: Colleague, shop: Shop, model: FakeModel
) -> None:
    colleague("Bo", "Lindqvist")
    conversation_id = start(shop)
    other = shop.add_customer("c-2", first_name="Maryam", last_name="Al-Khwarizmi")
    start(shop, user_id=other)
    page = open_conversation(anna, conversation_id)
    details = page.get_by_role("complementary", name="Details")
    details.get_by_role("textbox", name="Add a tag").fill("VIP")
    page.keyboard.press("Enter")
    expect(details.get_by_role("link", name="vip")).to_be_visible()
    choose(details.get_by_role("combobox", name="Assigned to"), "Bo Lindqvist")
    carla = page.get_by_role("link", name="Carla Customer")
    expect(carla).to_contain_text("Bo Lindqvist")
    expect(carla).to_contain_text("#vip")
    details.get_by_role("link", name="vip").click()
    expect(page).to_have_url(re.compile(r"/inbox\?tag=vip"))
    expect(page.get_by_role("link", name="Maryam")).to_have_count(0)
    carla.click()

    page.get_by_role("button", name="Snooze", exact=True).click()
    page.get_by_role("menuitem", name="Tomorrow morning").click()
    expect(carla).to_contain_text("Snoozed until")
    expect(page.get_by_role("button", name="Snoozed 1")).to_be_visible()
    page.get_by_role("button", name="Waiting").click()
    expect(page.get_by_text("No conversations match")).to_be_visible()
    page.get_by_role("main").get_by_role("button", name="Clear filters").click()
    page.get_by_role("button", name="Snoozed 1").click()
    expect(page).to_have_url(re.compile("view=snoozed"))
    expect(carla).to_be_visible()
    expect(page.get_by_role("link", name="Maryam")).to_have_count(0)
    page.get_by_role("button", name="Snooze", exact=True).click()
    page.get_by_role("menuitem", name="End snooze").click()
    expect(page.get_by_text("Nothing is snoozed")).to_be_visible()

    anna.wait_for_responses()
    page.get_by_role("button", name="All", exact=True).click()
    expect(page).not_to_have_url(re.compile("view=snoozed"))
    page.get_by_role("textbox", name="Search messages and names").fill("maryam")
    expect(carla).to_have_count(0)
    expect(page.get_by_role("link", name="Maryam Al-Khwarizmi")).to_be_visible()
    anna.check_accessibility()


def test_canned_reply_is_inserted_with_its_variables(anna: Visit, shop: Shop, model: FakeModel) -> None:
    for shortcut, title, content in (
        ("hello", "Greeting", "Hello {user.first_name|there}, thank you for writing."),
        ("hours", "Opening hours", "We are open from 9 to 18."),
    ):
        made(shop.post("/canned-replies", {"shortcut": shortcut, "title": title, "content": content}))
    page = open_conversation(anna, start(shop))
    reply = page.get_by_role("textbox", name="Reply", exact=True)
    reply.press_sequentially("/h")
    choices = page.get_by_role("listbox", name="Canned replies").get_by_role("option")
    expect(choices).to_have_count(2)
    anna.check_accessibility()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(reply).to_have_value("Hello Carla, thank you for writing.")
    page.keyboard.type(" /opening")
    expect(choices).to_have_count(1)
    page.keyboard.press("Tab")
    expect(reply).to_have_value("Hello Carla, thank you for writing. We are open from 9 to 18.")
    page.keyboard.type(" /x")
    expect(page.get_by_text("No canned reply matches")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("No canned reply matches")).to_have_count(0)
    expect(reply).to_be_focused()


def test_assistant_is_paused_and_resumed(anna: Visit, shop: Shop, model: FakeModel) -> None:
    page = open_conversation(anna, start(shop))
    page.get_by_role("button", name="Pause the assistant").click()
    expect(page.get_by_text("The assistant is paused in this conversation", exact=True)).to_be_visible()
    hold_message(shop, "Where is A-10433?")
    expect(page.get_by_role("log").get_by_text("Waiting", exact=True)).to_be_visible()
    page.get_by_role("button", name="Resume the assistant").click()
    page.get_by_role("button", name="Leave them unanswered").click()
    expect(page.get_by_role("log").get_by_text("Left unanswered")).to_be_visible()
    expect(page.get_by_text("The assistant is answering", exact=True)).to_be_visible()


def test_longest_waiting_customers_come_first_if_chosen(anna: Visit, shop: Shop, model: FakeModel) -> None:
    start_waiting(shop)
    start(shop, user_id=shop.add_customer("c-2", first_name="Maryam"))
    page = anna.open("/inbox")
    rows = page.get_by_role("list", name="Conversations").get_by_role("link")
    expect(rows.first).to_contain_text("Maryam")
    page.get_by_role("button", name="Inbox options").click()
    page.get_by_role("menuitemradio", name="Longest waiting first").click()
    expect(page).to_have_url(re.compile("sort=waiting"))
    expect(rows.first).to_contain_text("Carla Customer")


def test_answers_are_explained_beside_the_messages(anna: Visit, shop: Shop, model: FakeModel) -> None:
    start(shop)
    conversation_id = start(shop, "Where is my order A-10433?")
    page = open_conversation(anna, conversation_id)
    details = page.get_by_role("complementary", name="Details")
    expect(details.get_by_role("region", name="Last answer")).to_contain_text('Matched "Order help" (92%).')
    page.get_by_role("button", name="Why this answer: Hello! How can I help you?").click()
    explanation = details.get_by_role("region", name="Why this answer")
    expect(explanation).to_contain_text('Matched "Greeting" (92%).')
    expect(explanation).to_be_in_viewport()
    explanation.get_by_role("button", name="Hide the explanation").click()
    expect(explanation).to_have_count(0)
    page.set_viewport_size({"width": 390, "height": 800})
    page.get_by_role("button", name="Why this answer: Your order").click()
    expect(page.get_by_role("region", name="Why this answer")).to_be_in_viewport()
    anna.check_accessibility()
