"""Only test customers can be written as. Real conversations are continued as copies."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.pages.conftest import make_test_customer
from tests.support.factories import Shop
from tests.support.visit import Visit, choose


def test_customer_and_conversation_can_be_created(visit: Visit) -> None:
    page = visit.open("/chat")
    page.get_by_role("button", name="New test customer").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_text("Enter a name or an external ID.")).to_be_visible()
    dialog.get_by_label("First name").fill("مريم")
    dialog.get_by_role("button", name="Create").click()
    expect(page.get_by_role("combobox", name="Test customer").locator("option:checked")).to_contain_text("مريم")
    for _ in range(2):
        page.get_by_label("Message", exact=True).fill("Hello!")
        page.keyboard.press("Enter")
        expect(page.get_by_role("log").get_by_text("Hello! How can I help you?")).to_have_count(1)
        choose(page.get_by_role("combobox", name="Conversation"), "New conversation")
        expect(page.get_by_text("No messages yet")).to_be_visible()
    assert len(visit.shop.get("/conversations").get_json()) == 2


def test_real_customer_cannot_be_written_as(visit: Visit) -> None:
    shop = visit.shop
    make_test_customer(shop)
    customer = shop.add_customer("c-2", first_name="Rita", last_name="Real")
    said = shop.say("Where is my order A-10433?", user_id=customer).get_json()
    page = visit.open("/chat")
    options = page.get_by_role("combobox", name="Test customer").locator("option")
    expect(options.filter(has_text="Carla Customer")).to_be_attached()
    expect(options.filter(has_text="Rita Real")).to_have_count(0)
    page = visit.open(f"/chat?customer={customer}&conversation={said['conversation_id']}")
    expect(page.get_by_text("Rita Real is a real customer.")).to_be_visible()
    expect(page.get_by_label("Message", exact=True)).to_have_count(0)
    visit.check_accessibility()


@pytest.mark.parametrize("start", ["inbox", "conversation"])
def test_real_conversation_is_continued_as_a_copy(visit: Visit, start: str) -> None:
    shop = visit.shop
    customer = shop.add_customer("c-2", first_name="Rita", last_name="Real")
    said = shop.say("Where is my order A-10433?", user_id=customer).get_json()
    if start == "inbox":
        page = visit.open(f"/inbox/{said['conversation_id']}")
        page.get_by_role("button", name="More actions").click()
        page.get_by_role("menuitem", name="Continue as a copy").click()
    else:
        page = visit.open(f"/conversations/{said['conversation_id']}")
        page.get_by_role("button", name="Continue as a copy").click()
    log = page.get_by_role("log")
    expect(page.get_by_role("heading", name="Playground")).to_be_visible()
    expect(log.get_by_text("Your order A-10433 is on its way.")).to_be_visible()
    page.get_by_label("Message", exact=True).fill("Hello!")
    page.keyboard.press("Enter")
    expect(log.get_by_text("Greeting · 92%")).to_be_visible()
    assert len(shop.get(f"/conversations/{said['conversation_id']}/messages").get_json()) == 2


def test_first_test_customer_is_created_with_one_click(visits: Callable[..., Visit], empty_business: Shop) -> None:
    empty_business.add_stage("Greeting")
    page = visits(empty_business).open("/chat")
    page.get_by_role("button", name="Write as “You (test)”").click()
    expect(page.get_by_role("combobox", name="Test customer").locator("option:checked")).to_contain_text("You (test)")
    expect(page.get_by_label("Message", exact=True)).to_be_enabled()


def test_playground_opens_with_the_last_customer_and_conversation(visit: Visit) -> None:
    shop = visit.shop
    for number, name in enumerate(("Nora", "Nora")):
        shop.add_customer(f"nora-{number}", first_name=name, is_test=True)
    page = visit.open("/chat")
    customer = page.get_by_role("combobox", name="Test customer")
    choose(customer, "nora-1 · created")
    page.get_by_label("Message", exact=True).fill("Hello! Where is my order A-10433?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log").get_by_text("Your order A-10433 is on its way.")).to_be_visible()
    expect(page).to_have_url(re.compile("conversation="))  # once the answer is complete
    visit.go("/stages")
    page.get_by_role("link", name="Playground").click()
    expect(customer.locator("option:checked")).to_contain_text("Nora")
    expect(page.get_by_role("log").get_by_text("Your order A-10433 is on its way.")).to_be_visible()
    expect(page.get_by_role("combobox", name="Conversation").locator("option:checked")).to_contain_text(
        "Your order A-10433 is on its way."
    )
    choose(customer, "Choose a test customer")
    expect(page.get_by_text("Choose a test customer to start")).to_be_visible()
    visit.open("/chat")
    expect(page.get_by_text("Choose a test customer to start")).to_be_visible()
