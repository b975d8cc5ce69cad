"""The playground in rules mode."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.conftest import make_config
from tests.pages.conftest import make_test_customer, running_server, template_of
from tests.support.factories import Shop, make_shop
from tests.support.visit import Server, Visit


@pytest.fixture
def rules_server(pages_database: str) -> Iterator[Server]:
    with running_server(make_config(pages_database)) as server:
        yield server


def test_fixed_reply_is_changed_from_the_steps_of_a_turn(
    visits: Callable[..., Visit], rules_server: Server, master: dict[str, str]
) -> None:
    shop: Shop = make_shop(rules_server.app.test_client(), master, "Lantern Books by rules")
    for name, example in (("Greeting", "Good morning!"), ("Order help", "Where is my parcel?")):
        body = {"example_messages": [example], "fixed_reply": f"{name} of {{business_name}}"}
        assert shop.put(f"/stages/{shop.stages[name]}", body).status_code == 200
    make_test_customer(shop)
    visit = visits(shop, server=rules_server)
    page = visit.open(f"/chat?customer={shop.user_id}")
    expect(page.get_by_text("Rules mode: no language model is connected.")).to_be_visible()
    page.get_by_label("Message", exact=True).fill("where is my parcel?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log").get_by_text("Order help of Lantern Books by rules")).to_be_visible()

    flow = page.get_by_role("complementary", name="Why this answer")
    flow.get_by_role("button", name="Selection").click()
    similarities = flow.get_by_role("list", name="Similarity to each stage").get_by_role("listitem")
    expect(similarities.first).to_contain_text("Order help")
    visit.check_accessibility()
    flow.get_by_role("link", name="Edit stage").click()
    expect(page.get_by_role("region", name="Essentials").get_by_role("textbox").nth(1)).to_have_accessible_name(
        "Fixed reply"
    )
    expect(page.get_by_text("No model is connected, so this template is not used").first).to_be_visible()
    visit.check_accessibility()
    page.get_by_role("textbox", name="Fixed reply").fill("We look for it, {user.first_name}.")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Ask again").click()
    now = page.get_by_role("region", name="Answer now")
    expect(now.get_by_text("We look for it, Carla.")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    visit.go(f"/templates/{template_of(shop)}")
    page.get_by_role("textbox", name="Content").fill("Be brief.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("It will be used once a model is connected")).to_be_visible()
    visit.go("/chat")
    page.get_by_role("button", name="Dismiss this notice").click()
    expect(page.get_by_text("Rules mode: no language model is connected.")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("link", name="Rules mode")).to_be_visible()
    expect(page.get_by_text("Rules mode: no language model is connected.")).to_have_count(0)
