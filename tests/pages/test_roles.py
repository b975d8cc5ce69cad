"""Pages offer each role only what the API permits, and explain what is missing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.pages.conftest import make_test_customer
from tests.support.factories import Shop
from tests.support.visit import Visit


@pytest.mark.slow
@pytest.mark.parametrize("role", ["viewer", "agent"])
def test_pages_offer_no_forbidden_action(visit_as: Callable[..., Visit], shop: Shop, role: str) -> None:
    said = shop.say("Where is my order A-10433?").get_json()
    stage = shop.stages["Order help"]
    template = shop.get(f"/stages/{stage}").get_json()["response_generation_template_id"]
    call = shop.get("/llm-calls", turn_id=said["turn_id"]).get_json()[-1]
    make_test_customer(shop)
    visit = visit_as(role)
    talks = int(role == "agent")

    page = visit.open(f"/chat?customer={shop.user_id}&conversation={said['conversation_id']}")
    expect(page.get_by_role("link", name="Open template")).to_have_count(0)  # the steps are collapsed
    page.get_by_role("button", name="Response").click()
    expect(page.get_by_role("link", name="Open template")).to_be_visible()
    expect(page.get_by_role("textbox", name="Message")).to_have_count(talks)
    expect(page.get_by_role("button", name="Ask again")).to_have_count(talks)
    expect(page.get_by_text("You have read-only access. Agents and owners can send messages.")).to_have_count(1 - talks)
    visit.check_accessibility()

    visit.go(f"/conversations/{said['conversation_id']}")
    expect(page.get_by_text("Collected information")).to_be_visible()
    expect(page.get_by_role("link", name="Continue in the playground")).to_have_count(talks)

    for kind in ("secret", "import", "hook", "webhook"):
        visit.go(f"/{kind}s")
        expect(page.get_by_role("heading", name=f"{kind.title()}s", level=1)).to_be_visible()
        expect(page.get_by_text("You have read-only access. Owners can make changes.")).to_be_visible()
        expect(page.get_by_role("button", name=f"New {kind}")).to_have_count(0)

    for address in (f"/stages/{stage}", f"/stage-editor/{stage}"):
        visit.go("/health")  # both pages have the same heading
        expect(page.get_by_role("heading", name="Health", level=1)).to_be_visible()
        visit.go(address)
        expect(page.get_by_role("heading", name="Order help", exact=True)).to_be_visible()
        expect(page.get_by_text("You have read-only access. Owners can make changes.")).to_be_visible()
        visit.check_accessibility()
    visit.go("/stage-editor/new")
    expect(page.get_by_text("You have read-only access. Owners can make changes.")).to_be_visible()
    visit.go(f"/templates/{template}")
    expect(page.get_by_text("You have read-only access. Owners can make changes.")).to_be_visible()
    visit.go(f"/llm-calls/{call['call_id']}")
    expect(page.get_by_role("link", name="Open template")).to_be_visible()
    visit.go("/welcome")
    expect(page.get_by_text("You have read-only access. Owners can make changes.")).to_be_visible()
    visit.go("/settings/api-keys")
    expect(page.get_by_text("API keys are managed by owners")).to_be_visible()
    expect(page.get_by_role("button", name="New key")).to_have_count(0)
    visit.go("/settings/business")
    expect(page.get_by_text("You have read-only access. Owners can make changes.")).to_be_visible()
    for field in page.get_by_role("main").get_by_role("textbox").all():
        expect(field).to_be_disabled()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    visit.go("/settings/model")
    expect(page.get_by_role("radio", name="All three together")).to_be_disabled()
    expect(page.get_by_role("radio", name="Your own model server")).to_be_disabled()
    expect(page.get_by_role("button", name="Test")).to_have_count(0)
    for name in ("Imports", "Integrations"):
        expect(page.get_by_role("link", name=name, exact=True)).to_have_count(0)
    for address, heading in (
        ("/settings/team", "Team"),
        ("/settings/audit-log", "Audit log"),
        ("/settings/export", "Export and delete"),
    ):
        visit.go(address)
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        expect(page.get_by_text("You have read-only access. Owners can make changes.")).to_be_visible()
        expect(page.get_by_role("main").get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("link", name="Operator area")).to_have_count(0)
    for name in ("businesses", "users", "templates", "health"):
        visit.go(f"/operator/{name}")
        expect(page.get_by_text("Only operators of the platform can see this page.")).to_be_visible()
    visit.go("/variables")
    expect(page.get_by_text("{user_name}").first).to_be_visible()

    for address, words in {
        "/chat": "Playground",  # an agent sees the last chat again
        "/stages": "Where an order is",
        f"/stages/{stage}": "Order number · required",
        "/templates": "Platform defaults",
        f"/templates/{template}": "Model settings",
        "/variables": "{user_name}",
        "/data/customers": "Carla Customer",
        f"/data/customers/{shop.user_id}": "Your order A-10433",
        "/data/orders": "No orders yet",
        "/data/products": "No products yet",
        "/data/events": "No events yet",
        "/data/event-schemas": "No schemas yet",
    }.items():
        visit.go(address)
        main = page.get_by_role("main")
        expect(main.get_by_text(words).first).to_be_attached()
        offered = main.locator("a, button, select").all_inner_texts()
        assert offered
        words_of_changes = ("New ", "Create", "Edit", "Save", "Delete", "Apply", "Restore", "Import", "Merge", "Erase")
        for word in words_of_changes:
            assert [each for each in offered if each.startswith(word)] == [], address


def test_viewer_starts_in_the_inbox_and_is_not_offered_the_setup(
    visit_as: Callable[..., Visit], empty_business: Shop
) -> None:
    visit = visit_as("viewer", empty_business)
    page = visit.open("/")
    expect(page.get_by_text("Conversations appear here when customers write.")).to_be_visible()
    visit.go("/chat")
    expect(page.get_by_text("An owner of this business can set up the first one.")).to_be_visible()
    for address in ("/stages", "/conversations"):
        visit.go(address)
        expect(page.get_by_text("yet", exact=False).first).to_be_visible()
        expect(page.get_by_role("main").locator("a, button").filter(has_text="Set up")).to_have_count(0)
        expect(page.get_by_role("main").locator("a, button").filter(has_text="Open the playground")).to_have_count(0)
