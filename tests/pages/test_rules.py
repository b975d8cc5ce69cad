"""The playground in rules mode."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.conftest import make_config
from tests.pages.conftest import make_test_customer, running_server, template_of
from tests.support.factories import Shop, make_shop
from tests.support.visit import Server, Visit


@pytest.fixture(scope="module")
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


def test_own_question_is_the_reply_to_an_unclear_message(
    visits: Callable[..., Visit], rules_server: Server, master: dict[str, str]
) -> None:
    shop: Shop = make_shop(rules_server.app.test_client(), master, "Lantern Books with questions")
    make_test_customer(shop)
    visit = visits(shop, server=rules_server)
    page = visit.open("/settings/business")
    handover = page.get_by_role("region", name="When a person takes over")
    handover.get_by_label("Question about an unclear message").fill("Which book do you mean, {user.first_name}?")
    handover.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    visit.go(f"/chat?customer={shop.user_id}")
    page.get_by_label("Message", exact=True).fill("xyzzy plugh")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log").get_by_text("Which book do you mean, Carla?")).to_be_visible()


def test_article_for_an_unanswered_question_is_the_next_reply(
    visits: Callable[..., Visit], rules_server: Server, master: dict[str, str]
) -> None:
    shop: Shop = make_shop(rules_server.app.test_client(), master, "Lantern Books with articles", with_stages=False)
    look_up = {"method": "database_query", "config": {"source": "knowledge", "query": "{user_message}", "limit": 3}}
    shop.add_stage("Questions", data_retrieval=look_up)
    shop.user_id = shop.add_customer("c-1")
    make_test_customer(shop)
    visit = visits(shop, server=rules_server)
    question = "Do you sell aquarium fish?"
    page = visit.open(f"/chat?customer={shop.user_id}")
    page.get_by_label("Message", exact=True).fill(question)
    page.keyboard.press("Enter")
    flow = page.get_by_role("complementary", name="Why this answer")
    expect(flow.get_by_text("Searched the articles: none found.")).to_be_visible()

    visit.go("/knowledge/unanswered")
    page.get_by_role("link", name=f"Write the article: {question}").click()
    page.get_by_role("textbox", name="Title").fill("Aquarium fish")
    page.get_by_role("textbox", name="Text").fill("We sell no fish.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("region", name="How it is searched").get_by_role("listitem")).to_have_count(1)
    visit.go("/knowledge/unanswered")
    expect(page.get_by_text("No unanswered questions")).to_be_visible()

    visit.choose("Playground")
    page.get_by_label("Message", exact=True).fill(question)
    page.keyboard.press("Enter")
    thread = page.get_by_role("log")
    expect(thread.get_by_text("We sell no fish.")).to_be_visible()
    expect(thread.get_by_text("Based on: Aquarium fish")).to_be_visible()
    flow.get_by_role("button", name="Retrieval").click()
    passages = flow.get_by_role("list", name="Passages of your articles, and how close they are")
    expect(passages.get_by_role("listitem")).to_contain_text("We sell no fish.")
    visit.check_accessibility()
    passages.get_by_role("link", name="Aquarium fish").click()
    expect(page.get_by_role("textbox", name="Title")).to_have_value("Aquarium fish")
