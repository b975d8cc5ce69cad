"""What pages show when there is nothing, when the server is gone, and when what they show is hostile."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.support.factories import Shop
from tests.support.visit import Visit

EMPTY = {
    "/conversations": "No conversations yet",
    "/stages": "No stages yet",
    "/templates": "No templates yet",
    "/llm-calls": "No calls yet",
    "/variables": "No custom variables yet",
    "/chat": "Choose a customer to start",
}


def test_pages_without_anything_say_what_comes_next(visits: Callable[..., Visit], empty_business: Shop) -> None:
    visit = visits(empty_business)
    visit.open("/health")
    for address, words in EMPTY.items():
        page = visit.go(address)
        expect(page.get_by_text(words)).to_be_visible()
        visit.check_accessibility()


def test_pages_say_that_the_server_is_gone_and_recover(visit: Visit) -> None:
    visit.expect_problem("ERR_CONNECTION_REFUSED")
    visit.expect_problem("failed")
    page = visit.open("/health")
    for name in ("Conversations", "Stages", "Templates", "Variables", "LLM calls"):  # their code is loaded once
        page.get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    page.get_by_role("link", name="Stages").click()
    page.get_by_role("link", name="Greeting").click()
    expect(page.get_by_role("heading", name="Greeting", level=1)).to_be_visible()
    page.get_by_role("link", name="Health").click()
    expect(page.get_by_text("Available", exact=True)).to_have_count(2)
    with visit.server.stopped():
        page.get_by_role("button", name="Check now").click()
        expect(page.get_by_text("Not responding").first).to_be_visible()
        page.get_by_role("link", name="Stages").click()
        page.get_by_role("link", name="Order help").click()
        expect(page.get_by_role("alert")).to_contain_text("Could not load this")
        visit.check_accessibility()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Order help", level=1)).to_be_visible()


def test_what_does_not_exist_is_said(visit: Visit) -> None:
    visit.expect_problem("404")
    for path, words in {
        "/stages": "Stage not found",
        "/templates": "Template not found",
        "/conversations": "Conversation not found",
        "/llm-calls": "LLM call not found",
        "/stage-editor": "Stage not found",
    }.items():
        go = visit.open if path == "/stages" else visit.go
        page = go(f"{path}/00000000-0000-4000-8000-000000000000")
        expect(page.get_by_role("alert").first).to_contain_text(words)


def test_text_is_text_whatever_it_holds(visit: Visit) -> None:
    """Nothing that a customer, a model or a colleague writes becomes markup, a link or a script."""
    shop = visit.shop
    hostile = (
        '<script>window.broken = 1</script><img src=x onerror="window.broken = 1"> javascript:alert(1) \u202eabc'
        + "🏮" * 10_000
    )
    conversation = shop.say(hostile[:20_000]).get_json()["conversation_id"]
    template = shop.get(f"/stages/{shop.stages['Greeting']}").get_json()["response_generation_template_id"]
    shop.put(f"/templates/{template}", {"content": hostile, "template_name": hostile[:200]})
    shop.put(
        f"/stages/{shop.stages['Greeting']}", {"stage_description": hostile[:5000], "fixed_reply": hostile[:10_000]}
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


def test_ten_thousand_calls_scroll_without_a_stall(visit: Visit, sql) -> None:  # type: ignore[no-untyped-def]
    """Only the rows in sight are in the page, and the next ones are there before they are reached."""
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
    # Scrolls to the end, page after page, and measures the longest pause between two frames meanwhile.
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


def test_the_first_load_is_light(visits: Callable[..., Visit], shop: Shop) -> None:
    """At most 250 kB of compressed script until the chat stands there, and no other page's code among it."""
    visit = visits(shop, never_here=True)
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


def test_an_address_that_is_no_id_is_no_page(visit: Visit) -> None:
    visit.open("/health")
    for path in ("/stages", "/templates", "/conversations", "/llm-calls", "/stage-editor", "/chat/template"):
        page = visit.open(f"{path}/abc")
        expect(page.get_by_text("Page not found")).to_be_visible()
    page = visit.open("/chat?customer=abc&conversation=abc")
    expect(page.get_by_text("Choose a customer to start")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
