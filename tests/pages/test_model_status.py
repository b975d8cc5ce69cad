"""Problems with the model appear on all pages, in the conversation, its steps and the health page."""

import pytest
from playwright.sync_api import expect

from tests.pages.conftest import answer_like_a_shop
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Status
from tests.support.visit import Visit

pytestmark = pytest.mark.slow

MAX_MILLISECONDS = 10_000  # until a failure or a recovery is shown


def test_failures_and_the_recovery_of_the_model_are_shown(visit: Visit, shop: Shop, model: FakeModel) -> None:
    for stage in shop.stages.values():
        assert shop.put(f"/stages/{stage}", {"fixed_reply": "We will be right back."}).status_code == 200
    page = visit.open("/stages")
    expect(page.get_by_role("link", name="Model not used recently")).to_be_visible()
    notice = page.get_by_role("status").filter(has_text="The language model is not answering")
    model.respond = lambda body: Status(400)
    failed = shop.say("Hello?").get_json()
    expect(notice).to_contain_text("400", timeout=MAX_MILLISECONDS)
    expect(page.get_by_role("link", name="Model not answering")).to_be_visible()
    visit.check_accessibility()

    page.get_by_role("link", name="Model not answering").click()
    expect(page.get_by_role("main").get_by_text("Not answering", exact=True)).to_be_visible()
    visit.check_accessibility()

    visit.go(f"/conversations/{failed['conversation_id']}")
    log = page.get_by_role("log", name="Conversation")
    expect(log.get_by_role("link", name="Model failed (400), fixed reply sent")).to_be_visible()
    flow = page.get_by_role("complementary", name="Why this answer")
    visit.check_accessibility()
    flow.get_by_role("link", name="Model failed (400), fixed reply sent").click()
    expect(page.get_by_text("The call failed: 400")).to_be_visible()
    page.get_by_role("link", name="Open the turn").click()
    expect(log).to_be_visible()

    model.respond = answer_like_a_shop
    shop.say("Hello!")
    expect(notice).to_have_count(0, timeout=MAX_MILLISECONDS)
    expect(page.get_by_role("link", name="Model available")).to_be_visible(timeout=MAX_MILLISECONDS)
