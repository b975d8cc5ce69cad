"""The setup assistant of a new business."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.visit import Visit


def test_setup_ends_with_the_first_answer(visits: Callable[..., Visit], empty_business: Shop, model: FakeModel) -> None:
    visit = visits(empty_business)
    page = visit.open("/")
    expect(page.get_by_role("heading", name="Set up your assistant")).to_be_visible()
    visit.check_accessibility()
    page.get_by_label("Description").fill("A small bookshop by the harbour.")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("textbox", name="Name")).to_have_value("Greeting")
    expect(page.get_by_role("textbox", name="Fixed reply")).to_have_value(
        "Hello {user.first_name|there}! How can we help you?"
    )
    visit.check_accessibility()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Send and see the answer").click()
    expect(page.get_by_text("Hello! How can I help you?")).to_be_visible()
    visit.check_accessibility()
    page.get_by_role("link", name="See why and continue in the playground").click()
    expect(page.get_by_role("complementary").get_by_text("The model wrote the reply.")).to_be_visible()
    business = empty_business.get(f"/businesses/{empty_business.business_id}").get_json()
    assert business["business_description"] == "A small bookshop by the harbour."


def test_interrupted_setup_continues_at_the_same_step(
    visits: Callable[..., Visit], empty_business: Shop, model: FakeModel
) -> None:
    empty_business.add_stage("Greeting")
    page = visits(empty_business).open("/welcome")
    expect(page.get_by_role("button", name="Send and see the answer")).to_be_visible()
