"""Every page fits the widths of a phone, a tablet and a desktop, and is accessible in light and dark colours.

SCREENSHOTS=folder saves a screenshot of each.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.actions import make_address_shop
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.hooks import make_hook
from tests.support.imports import run_import
from tests.support.visit import Visit

TABLET = 820
PARTS = 4  # of the pages, so that no test comes near the time limit of tests
WIDTHS = {390: 844, TABLET: 1180, 1440: 900}


def overflowing_elements(page: Page) -> list[str]:
    """The elements that extend beyond the window's right edge, if the page is wider than the window."""
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
            [...document.querySelectorAll('body *')]
            .filter(each => each.getBoundingClientRect().right > window.innerWidth)
            .map(each => each.outerHTML.slice(0, 150))"""
    )
    return found


def create_content(shop: Shop) -> dict[str, tuple[str, str]]:
    """The address of each page and a text that it shows, after creating content for all of them."""
    shop.put(
        f"/businesses/{shop.business_id}", {"business_description": "A small bookshop by the harbour, open 9 to 18."}
    )
    made(
        shop.post(
            "/variables",
            {"name": "opening_hours", "value": "Monday to Saturday, 9 to 18", "description": "When we are open"},
        )
    )
    returns = {"title": "Returns", "content": "Returns are free for 30 days.", "language": "en", "tags": ["orders"]}
    article = made(shop.post("/articles", returns))["article_id"]
    canned = {"shortcut": "hours", "title": "Opening hours", "content": "We are open {opening_hours}, {user_name}."}
    made(shop.post("/canned-replies", canned))
    hours = [{"day": "monday", "start": "09:00", "end": "17:00"}]
    desk = {"agent_name": "Front desk", "agent_type": "human", "languages": ["de", "pt-BR"], "working_hours": hours}
    agents = [made(shop.post("/agents", each)) for each in ({"agent_name": "Night"}, desk)]
    listed = [{"agent_id": each["agent_id"], "conditions": ["hours"]} for each in agents]
    assert shop.put(f"/stages/{shop.stages['Greeting']}", {"agents": listed}).status_code == 200
    shop.put(
        f"/stages/{shop.stages['Order help']}",
        {
            "example_messages": ["Where is my parcel?", "Has order A-10433 been sent?"],
            "fixed_reply": "Hello {user.first_name|there}, we look after {order_number|your order}.",
            "data_retrieval": {
                "method": "database_query",
                "config": {"source": "orders", "match": {"order_number": "{order_number}"}},
            },
        },
    )
    run_import(shop, "products", "sku,product_name\nL-1,Lamp\nL-2,\n")
    make_hook(shop, name="Shopify orders")
    made(shop.post("/secrets", {"name": "crm_key", "value": "the key of another system"}))
    hook = {"url": "http://127.0.0.1:9/events/of/this/business", "events": ["message.created", "order.updated"]}
    webhook = made(shop.post("/webhooks", hook))["webhook_id"]
    assert shop.post(f"/webhooks/{webhook}/test").status_code == 200
    chat = {"kind": "generic", "name": "Our app", "settings": {"url": "http://127.0.0.1:9/replies/of/this/business"}}
    channel = made(shop.post("/channels", chat))["channel_id"]
    body = {"recipient_id": "customer-1", "text": "Hello"}
    assert shop.post(f"/channels/{channel}/test", body).get_json()["status"] == "failed"
    call_config = {
        "method": "POST",
        "url": "https://api.example.com/v2/customers/{user.external_id}/appointments",
        "headers": {"Authorization": "Bearer {secret.crm_key}"},
        "body": {"day": "{day|today}"},
        "result": "/appointments",
        "fields": {"start": "/start_time", "place": "/location/name"},
    }
    calling = shop.add_stage("Appointments", data_retrieval={"method": "api_call", "config": call_config})
    make_address_shop(shop)
    ordered = {"items": [{"product_name": "Lamp", "quantity": 2}], "order_total": 1234.5, "currency": "EUR"}
    order = made(shop.post("/orders", {"user_id": shop.user_id, "order_number": "A-77", **ordered}))["order_id"]
    lamp = {
        "product_name": "A lamp with a very long name, for desks and shelves",
        "sku": "LAMP-GREEN-0042",
        "price": 30,
    }
    made(shop.post("/products", {**lamp, "description": "Green, made of glass, with a bulb that lasts for years."}))
    schema = {"event_type": "page_view", "property_schema": {}, "description": "What was looked at"}
    made(shop.post("/event-property-schemas", schema))
    made(shop.post("/events", {"event_type": "page_view", "user_id": shop.user_id}))
    first = shop.say("Hello! Are you open today?").get_json()
    second = shop.say(
        "Where is my order A-10433? I have been waiting for two weeks and nobody tells me anything."
    ).get_json()
    assert first["conversation_id"] == second["conversation_id"]
    rating = {"rating": "bad", "comment": "I have asked for a date, and this says nothing about it at all."}
    assert shop.post(f"/messages/{second['response_message_id']}/feedback", rating).status_code == 200
    call = shop.get("/llm-calls", turn_id=second["turn_id"]).get_json()[-1]
    stage = shop.stages["Order help"]
    template = shop.get(f"/stages/{stage}").get_json()["response_generation_template_id"]
    shop.put(
        f"/templates/{template}", {"content": "Answer {user_name} about {order_number} in {colour}.\n\n{user_message}"}
    )
    conversation = second["conversation_id"]
    review_changes(shop)
    return {
        "chat": (f"/chat?customer={shop.user_id}&conversation={conversation}", "Your order A-10433 is on its way."),
        "inbox": ("/inbox", "Your order A-10433 is on its way."),
        "inbox-conversation": (f"/inbox/{conversation}", "Where is my order A-10433?"),
        "security": ("/settings/security", "This browser"),
        "api-keys": ("/settings/api-keys", "API keys are managed by owners"),
        "conversations": ("/conversations", "Carla Customer"),
        "conversation": (f"/conversations/{conversation}?turn={second['turn_id']}", "Conversation with Carla Customer"),
        "stages": ("/stages", "Where an order is"),
        "stage": (f"/stages/{stage}", "Information to collect"),
        "stage-map": ("/stages/map", "Start of the conversation"),
        "stage-call": (f"/stages/{calling}", "Information to collect"),
        "stage-actions": (f"/stages/{shop.stages['Address']}", "Information to collect"),
        "stage-new": ("/stages/new", "New stage"),
        "templates": ("/templates", "Platform defaults"),
        "template": (f"/templates/{template}", "No value for {colour}."),
        "variables": ("/variables", "When we are open"),
        "changes": ("/changes", "Template of the response"),
        "knowledge": ("/knowledge", "1 passage"),
        "article": (f"/knowledge/{article}", "How it is searched"),
        "article-new": ("/knowledge/new", "Start each topic with a heading"),
        "unanswered": ("/knowledge/unanswered", "No unanswered questions"),
        "feedback": ("/feedback", "I have asked for a date"),
        "canned-replies": ("/canned-replies", "Opening hours"),
        "customers": ("/data/customers", "Carla Customer"),
        "customer": (f"/data/customers/{shop.user_id}", "Your order A-10433"),
        "orders": ("/data/orders", "1 item"),
        "order": (f"/data/orders?order={order}", "A-77"),
        "products": ("/data/products", "A lamp with a very long name"),
        "events": ("/data/events", "page_view"),
        "event-schemas": ("/data/event-schemas", "What was looked at"),
        "imports": ("/imports", "1 invalid line"),
        "hooks": ("/hooks", "Shopify orders"),
        "secrets": ("/secrets", "{secret.crm_key}"),
        "webhooks": ("/webhooks", "2 types of events"),
        "webhook": (f"/webhooks/{webhook}", "Failed"),
        "channels": ("/channels", "Generic webhook"),
        "channel": (f"/channels/{channel}", "Last error"),
        "insights": ("/insights", "How conversations end, how fast and at what cost."),
        "llm-calls": ("/llm-calls", "Extraction"),
        "llm-call": (f"/llm-calls/{call['call_id']}", "Request settings"),
        "settings-business": ("/settings/business", "Minimum confidence"),
        "settings-model": ("/settings/model", "All three together"),
        "settings-budget": ("/settings/budget", "A cheaper model answers"),
        "settings-privacy": ("/settings/privacy", "Add a pattern"),
        "settings-agents": ("/settings/agents", "New agent"),
        "health": ("/health", "Round trip"),
        "welcome": ("/welcome", "Set up your assistant"),
        "welcome-starter": ("/welcome?step=starter", "Repair shop"),
        "welcome-try": ("/welcome?step=try", "Write to your assistant as a customer"),
        "not-found": ("/no-such-page", "Page not found"),
    }


def review_changes(shop: Shop) -> None:
    """Make edits a draft, and have one that changes each kind of field."""
    business = shop.get(f"/businesses/{shop.business_id}").get_json()
    settings = {**business["settings"], "publishing": "reviewed"}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200
    greeting = shop.get(f"/stages/{shop.stages['Greeting']}").get_json()
    template = made(
        shop.post(
            "/templates",
            {"template_name": "Warm", "template_type": "response_generation", "content": "Answer {user_name} warmly."},
        )
    )["template_id"]
    changed = {"response_generation_template_id": template, "fixed_reply": "Hello!", "example_messages": ["Hi", "Hey"]}
    assert shop.put(f"/stages/{greeting['stage_id']}", changed).status_code == 200
    shop.add_stage("A stage with a very long name for things that nobody asks about")


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_fits(visits: Callable[..., Visit], shop: Shop, model: FakeModel, part: int) -> None:
    visit = visits(shop)
    page = visit.page
    addresses = create_content(shop)
    visit.open("/health")
    for name, (address, words) in list(addresses.items())[part::PARTS]:
        visit.go(address)
        expect(page.locator("main, [role=dialog]").get_by_text(words).filter(visible=True).first).to_be_visible()
        expect(page.get_by_role("status", name="Loading")).to_have_count(0)
        if name in ("stage-call", "stage-actions"):
            page.get_by_role("tab", name="Response").click()
        if name == "stage-call":
            expect(page.get_by_text("Fields to keep")).to_be_visible()
        if name == "stage-actions":
            page.get_by_role("button", name="Edit: Change an order").click()
            expect(page.get_by_role("textbox", name="Question", exact=True)).to_be_visible()
        if name == "conversation":
            page.get_by_role("button", name="Response").click()
            expect(page.get_by_role("region", name="System")).to_be_visible()
        check_each_size(visit, name)


def test_login_page_fits(visits: Callable[..., Visit], shop: Shop) -> None:
    visit = visits(shop, signed_in=False)
    expect(visit.open("/").get_by_role("heading", name="Sign in")).to_be_visible()
    check_each_size(visit, "login")


def test_phone_navigation_fits(visits: Callable[..., Visit], shop: Shop) -> None:
    visit = visits(shop)
    page = visit.page
    page.set_viewport_size({"width": 390, "height": WIDTHS[390]})
    visit.open("/stages")
    page.get_by_role("button", name="Open navigation").click()
    expect(page.get_by_role("link", name="Insights")).to_be_visible()
    assert overflowing_elements(page) == []
    visit.check_accessibility()
    page.get_by_role("link", name="Insights").click()
    expect(page.get_by_role("heading", name="Overview", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Insights")).to_have_count(0)
    page.get_by_role("link", name="System health").click()
    expect(page.get_by_role("heading", name="System health", level=1)).to_be_visible()
    assert overflowing_elements(page) == []
    visit.check_accessibility()


def check_each_size(visit: Visit, name: str) -> None:
    """Check the page's width at each window size, and its accessibility on a phone and a desktop, in light and dark
    colours."""
    page, folder = visit.page, os.environ.get("SCREENSHOTS")
    page.mouse.move(0, 0)  # a change of the size must not bring a button under the mouse, which would open its tooltip
    if folder:
        page.wait_for_load_state("networkidle")
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        for colours, rules in {"light": (), "dark": ("color-contrast",)}.items():
            page.emulate_media(color_scheme=colours)
            expect(page.locator("html")).to_have_attribute("data-colors", colours)
            expect(page.get_by_role("tooltip")).to_have_count(0)
            page.evaluate("() => new Promise(requestAnimationFrame)")
            assert overflowing_elements(page) == [], (name, width)
            if width != TABLET:
                assert visit.accessibility_violations(*rules) == [], (name, width, colours)
            if folder:
                page.screenshot(path=Path(str(folder)) / f"{name}-{width}-{colours}.png", full_page=True)
    page.emulate_media(color_scheme="light")
