"""Owners let a model play a customer, and make a test case of the conversation."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.pages.conftest import answer_like_a_shop
from tests.pages.test_layout import check_each_size
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Reply
from tests.support.simulations import is_of_customer, words
from tests.support.visit import Visit


def test_owner_simulates_a_customer(visit_as: Callable[..., Visit], shop: Shop, model: FakeModel) -> None:
    answers = iter((words("Where is <b>A-10433</b>?"), words(is_done=True, goal_reached=True), "no JSON"))

    def respond(body: dict[str, Any]) -> Reply:
        return next(answers) if is_of_customer(body) else answer_like_a_shop(body)

    model.respond = respond
    visit = visit_as("owner")
    page = visit.open("/health")
    visit.choose("Assistant", "Tests")
    page.get_by_role("link", name="Simulations").click()
    expect(page.get_by_text("No simulations yet")).to_be_visible()
    page.get_by_role("button", name="New simulation").click()
    dialog = page.get_by_role("dialog", name="New simulation")
    dialog.get_by_role("textbox", name="What the customer knows").fill("A-10433")
    dialog.get_by_role("button", name="Start").click()
    expect(dialog.get_by_text("Enter a text.")).to_have_count(2)
    expect(dialog.get_by_text("Write each line as a name, a colon and a value.")).to_be_visible()
    dialog.get_by_role("textbox", name="Who the customer is").fill("Ann, in a hurry")
    dialog.get_by_role("textbox", name="What the customer wants").fill("Find the order")
    dialog.get_by_role("textbox", name="What the customer knows").fill("order number: A-10433")
    visit.check_accessibility()
    dialog.get_by_role("button", name="Start").click()

    expect(page.get_by_role("heading", name="Find the order")).to_be_visible()
    expect(page.get_by_text("Goal reached")).to_be_visible()
    conversation = page.get_by_role("region", name="Conversation")
    expect(conversation).to_contain_text("Where is <b>A-10433</b>?")
    expect(conversation).to_contain_text("Your order A-10433 is on its way.")
    check_each_size(visit, "simulation")
    visit.check_accessibility()
    page.get_by_role("button", name="Create test case").click()
    expect(page.get_by_text("The test case is on the page Tests.")).to_be_visible()
    [case] = shop.get("/test-cases").get_json()
    assert (case["name"], case["turns"][0]["message"]) == ("Find the order", "Where is <b>A-10433</b>?")

    page.get_by_role("link", name="Simulations").click()
    page.get_by_role("button", name="New simulation").click()
    dialog.get_by_role("textbox", name="Who the customer is").fill("Bob")
    dialog.get_by_role("textbox", name="What the customer wants").fill("Complain")
    dialog.get_by_role("button", name="Start").click()
    expect(page.get_by_text("did not answer with the required JSON")).to_be_visible()
    expect(page.get_by_role("button", name="Create test case")).to_have_count(0)
    page.get_by_role("link", name="Simulations").click()
    rows = page.get_by_role("list", name="Simulations").get_by_role("listitem")
    expect(rows.filter(has_text="Complain")).to_contain_text("Failed")
    expect(rows.filter(has_text="Find the order")).to_contain_text("Goal reached")
    check_each_size(visit, "simulations")
    visit.check_accessibility()
