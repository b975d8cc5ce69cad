"""A page that was cut off from the server for five minutes shows everything that has happened meanwhile."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.support.broken_network import BrokenNetwork
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.inbox import hold_message, start
from tests.support.visit import Visit

OFFLINE_MINUTES = 5
RECONNECT_SECONDS = 100  # a silent connection counts as broken after 60 seconds; then up to 30 until the next attempt


@pytest.fixture
def network(anna: Visit) -> Iterator[BrokenNetwork]:
    with BrokenNetwork(anna.server.url) as network:
        yield network


@pytest.mark.soak
@pytest.mark.timeout(300)
def test_nothing_is_missed_after_five_minutes_offline(
    anna: Visit, colleague: Callable[..., Visit], shop: Shop, model: FakeModel, network: BrokenNetwork
) -> None:
    """The packets of all connections are dropped, and none is closed, as when a laptop sleeps or changes its network.
    Only the page's own clock is moved: it alone decides when to connect again."""
    bo = colleague("Bo", "Lindqvist")
    opened, deleted = start(shop), shop.add_customer("c-2", first_name="Dora")
    start(shop, user_id=deleted)
    taken = start(shop, user_id=shop.add_customer("c-3", first_name="Maryam"))
    assert shop.post(f"/conversations/{opened}/takeover").status_code == 200
    page = anna.page
    page.clock.install()
    page.goto(f"{network.url}/app/inbox/{opened}")
    notice = page.get_by_role("status").filter(has_text="Live updates are interrupted.")
    log, rows = page.get_by_role("log"), page.get_by_role("list", name="Conversations")
    expect(log.get_by_text("Hello!", exact=True)).to_be_visible()
    hold_message(shop, "I am here before you are offline")
    expect(log.get_by_text("I am here before you are offline")).to_be_visible()
    for part in ("net::ERR", "WebSocket"):
        anna.expect_problem(part)

    network.drop()
    hold_message(shop, "First message while offline")
    made(shop.post(f"/conversations/{opened}/messages", {"message": "Not for the customer", "is_note": True}))
    for number in range(150):  # more than a page
        made(shop.post(f"/conversations/{opened}/messages", {"message": f"Reply {number}"}))
    hold_message(shop, "Last message while offline")
    start(shop, user_id=shop.add_customer("c-4", first_name="Nora"))
    assert shop.delete(f"/users/{deleted}").status_code == 204
    for _ in range(OFFLINE_MINUTES * 2):
        page.clock.run_for(30_000)
    expect(notice).to_be_visible()
    expect(log.get_by_text("Last message while offline")).to_have_count(0)

    network.restore()
    for _ in range(RECONNECT_SECONDS):
        if notice.count() == 0:
            break
        page.clock.run_for(1000)
        page.wait_for_timeout(50)  # the network needs real time: otherwise the page gives up each attempt
    expect(notice).to_have_count(0)
    expect(log.get_by_text("Last message while offline")).to_be_visible()
    expect(rows.get_by_role("link", name="Nora")).to_be_visible()
    expect(rows.get_by_role("link", name="Maryam")).to_be_visible()
    expect(rows.get_by_role("link", name="Dora")).to_have_count(0)
    earlier = page.get_by_role("button", name="Show earlier messages")
    earlier.press("Enter")
    for text in ("First message while offline", "Not for the customer", *(f"Reply {number}" for number in range(150))):
        expect(log.get_by_text(text, exact=True)).to_have_count(1)
    # The connection works again.
    assert bo.page.context.request.post(
        f"{bo.server.url}/api/v1/conversations/{taken}/takeover", headers={"Origin": bo.server.url}, data={}
    ).ok
    expect(rows.get_by_role("link", name="Maryam")).to_contain_text("Bo Lindqvist")
