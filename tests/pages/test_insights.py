"""The pages with figures: periods, filters, saved views, charts with their tables, and what is behind a figure."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Page, expect

from analytics.rebuild import rebuild
from dev.bench.simulator.rows import write
from dev.bench.simulator.simulate import simulate
from tests.pages.test_layout import check_each_size
from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.visit import Server, Visit, choose

PAGES = ("", "/stages", "/funnel", "/cost", "/latency", "/handovers", "/unanswered", "/anomalies")


def count_figures(server: Server, business_id: str) -> None:
    """Count the figures now, as the background job does within minutes."""
    rebuild(server.app.extensions["icmp"].database, UUID(business_id))


def figure(page: Page, name: str) -> Locator:
    """The card of a figure."""
    cards = page.get_by_role("listitem").filter(has=page.get_by_role("button"))
    return cards.filter(has=page.get_by_text(name, exact=True))


@pytest.fixture
def counted_shop(shop: Shop, pages_server: Server, model: FakeModel) -> Shop:
    """A business with two conversations, one of which is about an order, and their figures."""
    shop.say("Hello! Are you open today?")
    shop.say("Where is my order A-10433?")
    shop.say("Hello", user_id=shop.add_customer("second-customer"))
    count_figures(pages_server, shop.business_id)
    return shop


def test_figures_lead_to_the_conversations_behind_them(visits: Callable[..., Visit], counted_shop: Shop) -> None:
    visit = visits(counted_shop)
    visit.open("/inbox")
    page = visit.choose("Insights")
    expect(page.get_by_role("heading", name="Overview", level=1)).to_be_visible()
    expect(figure(page, "Conversations")).to_contain_text("2")
    expect(figure(page, "Customers’ messages")).to_contain_text("3")
    expect(figure(page, "Still open")).to_contain_text("100%")
    definition = figure(page, "Handed over").get_by_role("button")
    definition.click()
    expect(page.get_by_role("tooltip")).to_have_text("Conversations that a person took over, or that needed one.")

    chart = page.get_by_role("region", name="How conversations ended")
    chart.get_by_role("group").focus()
    page.keyboard.press("ArrowRight")
    expect(chart.get_by_role("status")).to_contain_text("Still open")
    chart.get_by_role("button", name="Show as a table").click()
    row = chart.get_by_role("row").last
    expect(row.get_by_role("cell").nth(3)).to_have_text("2")
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Conversations behind the figure")).to_be_visible()
    expect(page.get_by_role("list", name="Conversations behind the figure").get_by_role("listitem")).to_have_count(2)
    page.go_back()
    figure(page, "Customers’ messages").get_by_role("link").click()
    listed = page.get_by_role("list", name="Conversations behind the figure").get_by_role("listitem")
    expect(listed).to_have_count(3)
    listed.filter(has_text="Where is my order").get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/conversations/.*\?turn="))
    visit.check_accessibility()


def test_corrected_information_leads_to_the_messages(
    visits: Callable[..., Visit], shop: Shop, pages_server: Server, model: FakeModel
) -> None:
    for number in ("A-1", "A-2"):
        model.reply('{"stage": "Order help", "confidence": 0.9}', f'{{"order_number": "{number}"}}', "Thank you.")
        shop.say(f"My order is {number}")
    count_figures(pages_server, shop.business_id)
    page = visits(shop).open("/insights/stages")
    fields = page.get_by_role("region", name="Information to collect")
    fields.get_by_role("button", name="Show as a table").click()
    fields.get_by_role("row").last.get_by_role("cell").nth(2).get_by_role("link", name="1", exact=True).click()
    expect(page.get_by_text("Order number: Corrected")).to_be_visible()
    listed = page.get_by_role("list", name="Conversations behind the figure").get_by_role("listitem")
    expect(listed).to_have_count(1)
    expect(listed).to_contain_text("My order is A-2")


def test_filters_are_kept_between_pages_and_saved_as_a_view(visits: Callable[..., Visit], counted_shop: Shop) -> None:
    visit = visits(counted_shop)
    page = visit.open("/insights")
    choose(page.get_by_label("Period", exact=True), "Last 7 days")
    page.get_by_role("button", name="Filters").click()
    choose(page.get_by_label("Stage", exact=True), "Order help")
    expect(figure(page, "Customers’ messages")).to_contain_text("1")
    page.get_by_label("Release", exact=True).select_option(index=1)
    cost = page.get_by_role("navigation", name="Analytics").get_by_role("link", name="Cost")
    expect(cost).to_have_attribute("href", re.compile("release_id="))
    expect(figure(page, "Customers’ messages")).to_contain_text("1")
    cost.click()
    expect(page.get_by_role("heading", name="Cost", level=1)).to_be_visible()
    expect(page).to_have_url(re.compile("period=7d.*stage_id=.*release_id="))
    choose(page.get_by_label("Grouped by"), "Model")
    page.get_by_role("button", name="Save view").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Cost of orders")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_text("The view was saved.")).to_be_visible()

    visit.open("/insights/stages")
    choose(page.get_by_label("Saved views"), "Cost of orders")
    expect(page.get_by_role("heading", name="Cost", level=1)).to_be_visible()
    expect(page.get_by_label("Grouped by")).to_have_value("model")
    expect(page.get_by_label("Period", exact=True)).to_have_value("7d")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    assert "model" in download.value.path().read_text().splitlines()[0]
    page.get_by_role("button", name="Delete view").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_label("Saved views")).to_have_count(0)
    visit.wait_for_responses()


def test_funnel_follows_the_chosen_stages(visits: Callable[..., Visit], counted_shop: Shop) -> None:
    page = visits(counted_shop).open("/insights/funnel")
    choose(page.get_by_label("Step 1"), "Greeting")
    choose(page.get_by_label("Step 2"), "Order help")
    steps = page.get_by_role("list", name="Funnel").get_by_role("listitem")
    expect(steps.first).to_contain_text("100% of 2")
    expect(steps.nth(1)).to_contain_text("50% of 2")
    expect(page.get_by_role("list", name="Stages").get_by_role("button", name="Order help")).to_contain_text(
        "1 message"
    )
    transitions = page.get_by_role("region", name="Transitions").get_by_role("listitem")
    transitions.filter(has_text="Start of the conversation → Greeting").get_by_role("link").click()
    expect(page.get_by_text("Start of the conversation · Greeting")).to_be_visible()
    listed = page.get_by_role("list", name="Conversations behind the figure").get_by_role("listitem")
    expect(listed).to_have_text([re.compile("Hello"), re.compile("Hello! Are you open today")])


def test_agents_see_no_figures(visit_as: Callable[..., Visit]) -> None:
    visit = visit_as("agent")
    page = visit.open("/insights")
    expect(page.get_by_text("Only owners can see the figures of the business.")).to_be_visible()
    expect(page.get_by_role("navigation", name="Analytics")).to_have_count(0)


@pytest.mark.soak
@pytest.mark.parametrize("days", [0, 1, 365])
def test_figures_fit(
    visits: Callable[..., Visit], empty_business: Shop, pages_server: Server, sql: Connection, days: int
) -> None:
    """Without figures, with those of one day, and with those of a year."""
    shop = empty_business
    if days:
        first = datetime.now(UTC).date() - timedelta(days=days)
        business = simulate(sql, days, first, days, 12 * days + 100, f" {shop.business_id[:8]}")[0]
        write(sql, business, with_late=True)
        sql.commit()
        count_figures(pages_server, str(business.business_id))
        shop = Shop(shop.client, str(business.business_id), business.key, str(business.members[0]))
    visit = visits(shop)
    for path in PAGES:
        page = visit.open(f"/insights{path}?period={'365d' if days > 1 else '7d'}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_load_state("networkidle")
        expect(page.get_by_role("status", name="Loading")).to_have_count(0)
        check_each_size(visit, f"insights{path.replace('/', '-')}-{days}")
