"""Pages without data, without a server, with unknown IDs, with malicious text and with many rows."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from dev.front_end import BUILT
from tests.pages.test_layout import create_content
from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.staff import PASSWORD, make_operator
from tests.support.visit import Visit, choose

ASSETS = BUILT / "assets"

EMPTY = {
    "/conversations": "No conversations yet",
    "/stages": "No stages yet",
    "/templates": "No templates yet",
    "/llm-calls": "No calls yet",
    "/variables": "No custom variables yet",
    "/knowledge": "No articles yet",
    "/feedback": "No answers to review",
    "/knowledge/unanswered": "No unanswered questions",
    "/canned-replies": "No canned replies yet",
    "/settings/agents": "No agents yet.",
    "/changes": "Release 1",
    "/tests": "No test cases yet",
    "/data/orders": "No orders yet",
    "/data/products": "No products yet",
    "/data/events": "No events yet",
    "/data/event-schemas": "No schemas yet",
    "/data/customers": "No customers yet",
    "/imports": "No imports yet",
    "/hooks": "No hooks yet",
    "/secrets": "No secrets yet",
    "/webhooks": "No webhooks yet",
    "/channels": "No channels yet",
    "/chat": "Choose a test customer to start",
    "/settings/team": "You are connected with the business key.",
    "/settings/export": "You are connected with the business key.",
}


ADMINISTRATION = (
    "/settings/team",
    "/settings/audit-log",
    "/settings/export",
    "/operator/businesses",
    "/operator/users",
    "/operator/templates",
    "/operator/health",
)
# These pages show what the browser already has, or a form.
WITHOUT_DATA = {"/stages/new", "/knowledge/new", "/no-such-page", "/health", "/settings/security"}


def test_empty_pages_say_what_to_do_next(visits: Callable[..., Visit], empty_business: Shop) -> None:
    visit = visits(empty_business)
    visit.open("/health")
    for address, words in EMPTY.items():
        page = visit.go(address)
        expect(page.get_by_text(words)).to_be_visible()
        visit.check_accessibility()


@pytest.mark.slow
def test_pages_recover_when_the_server_returns(visit: Visit) -> None:
    visit.expect_problem("ERR_CONNECTION_REFUSED")
    visit.expect_problem("failed")
    page = visit.open("/health")
    for section, name in (
        ("Insights", "Conversations"),
        ("Assistant", "Stages"),
        ("Assistant", "Templates"),
        ("Assistant", "Variables"),
        ("Insights", "LLM calls"),
    ):  # loads their code
        visit.choose(section, name)
        expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    visit.choose("Assistant", "Stages")
    page.get_by_role("link", name="Greeting").click()
    expect(page.get_by_role("heading", name="Greeting", level=1)).to_be_visible()
    visit.choose("Insights", "System health")
    expect(page.get_by_text("Available", exact=True)).to_have_count(2)
    visit.wait_for_responses()
    with visit.server.stopped():
        page.get_by_role("button", name="Check now").click()
        expect(page.get_by_text("Not responding").first).to_be_visible()
        visit.choose("Assistant", "Stages")
        page.get_by_role("link", name="Order help").click()
        expect(page.get_by_role("alert")).to_contain_text("Could not load this")
        visit.check_accessibility()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Order help", level=1)).to_be_visible()


def test_offline_pages_say_so_and_recover(
    empty_context: BrowserContext, visits: Callable[..., Visit], shop: Shop
) -> None:
    visit = visits(shop, context=empty_context)
    for part in ("ERR_INTERNET_DISCONNECTED", "Failed to fetch", "WebSocket"):
        visit.expect_problem(part)
    page = visit.open("/stages")
    expect(page.get_by_role("link", name="Greeting")).to_be_visible()
    visit.wait_for_responses()
    empty_context.set_offline(True)
    expect(page.get_by_text("You are offline. This page may be out of date")).to_be_visible()
    page.get_by_role("link", name="Playground").click()
    expect(page.get_by_role("heading", name="You are offline")).to_be_visible()
    visit.check_accessibility()
    empty_context.set_offline(False)
    expect(page.get_by_role("heading", name="Playground", level=1)).to_be_visible()


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_every_page_says_that_the_browser_is_offline_and_recovers(
    empty_context: BrowserContext, visits: Callable[..., Visit], shop: Shop, master: dict[str, str]
) -> None:
    """The code of the pages is answered from the disk, as if the browser had loaded it before."""
    addresses = [address for address, _ in create_content(shop).values()]
    operator = make_operator(shop.client, master, f"operator-of-{shop.business_id}@example.com")
    visit = visits(shop, signed_in=False, context=empty_context)
    login = {"email": operator.email, "password": PASSWORD, "business_id": shop.business_id}
    assert empty_context.request.post(f"{visit.server.url}/api/v1/auth/login", data=login).ok
    visit.page.add_init_script("localStorage.setItem('icmp.signedIn', 'yes')")
    for part in ("ERR_INTERNET_DISCONNECTED", "Failed to fetch", "WebSocket"):
        visit.expect_problem(part)
    page = visit.open("/health")
    expect(page.get_by_text("Available", exact=True).first).to_be_visible()
    visit.wait_for_responses()
    empty_context.route("**/app/assets/*", lambda route: route.fulfill(path=ASSETS / route.request.url.split("/")[-1]))
    empty_context.set_offline(True)
    for address in (*addresses, *ADMINISTRATION):
        visit.go(address)
        expect(page.get_by_role("status").filter(has_text="This page may be out of date")).to_be_visible()
        expect(page.get_by_role("main").get_by_role("status", name="Loading")).to_have_count(0)
        if address.partition("?")[0] not in WITHOUT_DATA:
            expect(page.get_by_role("main").get_by_role("alert").first).to_contain_text("You are offline")
        visit.check_accessibility()
    visit.go("/stages")
    expect(page.get_by_role("alert")).to_contain_text("You are offline")
    empty_context.set_offline(False)
    expect(page.get_by_role("link", name="Greeting")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_unknown_ids_are_reported(visit: Visit) -> None:
    visit.expect_problem("404")
    for path, words in {
        "/stages": "Stage not found",
        "/templates": "Template not found",
        "/conversations": "Conversation not found",
        "/llm-calls": "LLM call not found",
    }.items():
        go = visit.open if path == "/stages" else visit.go
        page = go(f"{path}/00000000-0000-4000-8000-000000000000")
        expect(page.get_by_role("alert").first).to_contain_text(words)


def test_malicious_text_is_shown_as_text(visit: Visit) -> None:
    """No text of a customer, a model or a colleague becomes markup, a link or a script."""
    shop = visit.shop
    malicious = (
        '<script>window.broken = 1</script><img src=x onerror="window.broken = 1"> javascript:alert(1) \u202eabc'
        + "🏮" * 10_000
    )
    conversation = shop.say(malicious[:20_000]).get_json()["conversation_id"]
    template = shop.get(f"/stages/{shop.stages['Greeting']}").get_json()["response_generation_template_id"]
    shop.put(f"/templates/{template}", {"content": malicious, "template_name": malicious[:200]})
    shop.put(
        f"/stages/{shop.stages['Greeting']}", {"stage_description": malicious[:5000], "fixed_reply": malicious[:10_000]}
    )
    visit.open("/health")
    for address in (
        f"/conversations/{conversation}",
        f"/templates/{template}",
        "/stages",
        f"/stages/{shop.stages['Greeting']}",
        "/templates",
    ):
        page = visit.go(address)
        expect(page.get_by_role("main").get_by_text("<script>window.broken").first).to_be_attached()
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.broken") is None
        assert page.locator("main img, main script, main a[href^='javascript']").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_audit_log_of_10_000_entries_is_read_page_by_page(
    visit_as: Callable[..., Visit], shop: Shop, sql: Connection
) -> None:
    sql.execute(
        """
        INSERT INTO audit_log (business_id, actor_type, action, resource, resource_id, created_at)
        SELECT %(business_id)s, 'business', 'update', 'product', uuidv7(), now() - n * interval '1 second'
        FROM generate_series(1, 10000) n
        """,
        {"business_id": shop.business_id},
    )
    page = visit_as("owner").open("/settings/audit-log?action=update&resource=product")
    entries = page.get_by_role("list", name="Audit log").get_by_role("listitem")
    expect(entries.first).to_contain_text("Business key · Changed · Product")
    first = entries.count()
    page.get_by_role("button", name="Load more").click()
    expect(entries).to_have_count(2 * first)
    with page.expect_download() as audit_log:
        page.get_by_role("link", name="Download CSV").click()
    assert len(audit_log.value.path().read_text().splitlines()) == 10_001
    choose(page.get_by_role("combobox", name="What"), "Stage")
    expect(page.get_by_text("No entries match")).to_be_visible()


@pytest.mark.soak
def test_long_table_renders_only_visible_rows(visit: Visit, sql: Connection) -> None:
    shop = visit.shop
    shop.say("Hello!")
    sql.execute(
        """
        INSERT INTO llm_calls (business_id, step, model, request, response, latency_ms, attempt, status, created_at)
        SELECT %(business_id)s, 'response', 'model-' || n, '{"messages": []}', '', n, 1, 'completed',
               now() + n * interval '1 second'
        FROM generate_series(1, 10000) n
        """,
        {"business_id": shop.business_id},
    )
    page = visit.open("/llm-calls")
    table = page.get_by_role("region", name="LLM calls")
    expect(table.get_by_role("row").nth(5)).to_be_visible()
    # Scrolls to the end while further rows are loaded, and returns how many are rendered.
    rows = page.evaluate(
        """async () => {
            const frame = document.querySelector('[role=region][aria-label="LLM calls"]');
            const settled = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
            for (let step = 0; step < 4000; step += 1) {
                frame.scrollTop = frame.scrollHeight;
                await settled();
                const count = Number(frame.querySelector('[role=table]').getAttribute('aria-rowcount'));
                if (count > 10000) return frame.querySelectorAll('[role=row]').length;
            }
            return -1;
        }"""
    )
    assert 0 < rows < 80


def test_first_page_loads_little_code(empty_context: BrowserContext, visits: Callable[..., Visit], shop: Shop) -> None:
    """The chat loads at most 250 kB of compressed scripts, and none of another page."""
    visit = visits(shop, context=empty_context)
    requests = visit.record_requests()
    visit.open("/chat")
    visit.page.wait_for_load_state("networkidle")
    scripts = [each for each in requests if each.resource_type == "script"]
    assert scripts
    sizes = {each.url: each.sizes()["responseBodySize"] for each in scripts}
    assert sum(sizes.values()) < 250_000
    assert "content-encoding" in max(scripts, key=lambda each: sizes[each.url]).response().headers
    names = " ".join(each.url for each in scripts)
    assert "ChatPage" in names
    assert "StageEditorPage" not in names


@pytest.mark.slow
def test_malformed_ids_are_unknown_pages(visit: Visit) -> None:
    visit.open("/health")
    for path in ("/stages", "/templates", "/conversations", "/llm-calls", "/stage-editor", "/chat/template"):
        page = visit.open(f"{path}/abc")
        expect(page.get_by_text("Page not found")).to_be_visible()
    page = visit.open("/chat?customer=abc&conversation=abc")
    expect(page.get_by_text("Choose a test customer to start")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
