"""The steps from a new business to the first answer."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.visit import Visit, choose


def test_steps_lead_to_the_first_answer_and_can_be_opened_again(
    visits: Callable[..., Visit], empty_business: Shop, model: FakeModel
) -> None:
    visit = visits(empty_business)
    page = visit.open("/")
    expect(page.get_by_role("heading", name="Set up your assistant")).to_be_visible()
    visit.check_accessibility()
    page.get_by_role("textbox", name="Description").fill("A small repair shop by the harbour.")
    language = page.get_by_role("combobox", name="Language of replies")
    expect(language.locator("option:checked")).to_have_text("The language of each message")
    choose(language, "German (de)")
    for day in ("Mon", "Sat"):
        page.get_by_role("button", name=day).click()
    page.get_by_label("Closes at").fill("09:00")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("Must differ from the opening time.")).to_be_visible()
    page.get_by_label("Closes at").fill("18:30")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("heading", name="Reparaturwerkstatt")).to_be_visible()
    visit.check_accessibility()
    page.get_by_role("button", name="Skip this step").click()
    expect(page.get_by_text("Your assistant has no stages yet")).to_be_visible()
    page.get_by_role("button", name="Choose a starter").click()
    page.get_by_role("button", name="Use this starter: Reparaturwerkstatt").click()
    expect(page.get_by_role("textbox", name="Message")).to_have_value("Ist meine Reparatur R-1042 fertig?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("log").get_by_text("Hello! How can I help you?")).to_be_visible()
    business = empty_business.get(f"/businesses/{empty_business.business_id}").get_json()
    assert business["business_description"] == "A small repair shop by the harbour."
    assert business["settings"]["languages"] == ["de"]
    assert business["settings"]["business_hours"] == [
        {"day": day, "start": "09:00", "end": "18:30"} for day in ("monday", "saturday")
    ]

    visit.go("/welcome?step=business")
    choose(language, "The language of each message")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("combobox", name="Language of the starter")).to_be_visible()
    business = empty_business.get(f"/businesses/{empty_business.business_id}").get_json()
    assert "languages" not in business["settings"]
    choose(page.get_by_role("combobox", name="Language of the starter"), "German (de)")
    page.get_by_role("button", name="Use this starter: Onlineshop").click()
    page.get_by_role("button", name="Replace stages").click()
    expect(page.get_by_role("textbox", name="Message")).to_have_value("Wo ist meine Bestellung 1042?")
    visit.go("/welcome?step=try")
    page.get_by_role("link", name="Open the playground").click()
    expect(page.get_by_role("textbox", name="Message")).to_have_value("Wo ist meine Bestellung 1042?")


def test_only_steps_with_content_are_shown_as_done(visits: Callable[..., Visit], empty_business: Shop) -> None:
    empty_business.add_stage("Greeting")
    page = visits(empty_business).open("/welcome")
    expect(page.get_by_role("heading", name="What does your business do?")).to_be_visible()
    done = page.locator(".MuiStepIcon-root.Mui-completed")
    expect(done).to_have_count(1)
