"""The inbox in other states: drafts, errors, alerts, roles, and texts that need much space."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.pages.conftest import answer_like_a_shop
from tests.pages.test_layout import check_each_size
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.inbox import hold_message, messages, open_conversation, start, start_waiting, write
from tests.support.model_replies import Status
from tests.support.visit import Visit

Colleague = Callable[..., Visit]


def test_drafts_are_kept_per_conversation(anna: Visit, shop: Shop, model: FakeModel) -> None:
    conversation_id = start(shop)
    other = start(shop, user_id=shop.add_customer("c-2", first_name="Maryam"))
    page = open_conversation(anna, conversation_id)
    page.get_by_role("textbox", name="Reply").fill("I am still thinking")
    page.get_by_role("link", name="Maryam").click()
    expect(page).to_have_url(re.compile(other))
    expect(page.get_by_role("textbox", name="Reply")).to_have_value("")
    expect(page.get_by_role("link", name="Carla Customer")).to_contain_text("Draft: I am still thinking")
    page.reload()
    page.get_by_role("link", name="Carla Customer").click()
    expect(page.get_by_role("textbox", name="Reply")).to_have_value("I am still thinking")


def test_message_that_cannot_be_sent_stays_in_the_field(anna: Visit, shop: Shop, model: FakeModel) -> None:
    anna.expect_problem("ERR_FAILED")
    page = open_conversation(anna, start(shop))
    page.route("**/messages", lambda route: route.abort("failed"))
    page.get_by_role("textbox", name="Reply").fill("Hello!")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("The message was not sent")
    expect(page.get_by_role("textbox", name="Reply")).to_have_value("Hello!")
    anna.check_accessibility()
    page.unroute("**/messages")
    page.get_by_role("textbox", name="Reply").press("Enter")
    expect(page.get_by_role("textbox", name="Reply")).to_have_value("")
    expect(page.get_by_role("log").get_by_text("Hello!", exact=True)).to_have_count(2)


@pytest.mark.parametrize("kind", ["Reply", "Note"])
def test_message_is_stored_once_although_the_response_was_lost(
    anna: Visit, shop: Shop, model: FakeModel, kind: str
) -> None:
    anna.expect_problem("ERR_FAILED")
    conversation_id, text = start(shop), "I will look into it."
    page = open_conversation(anna, conversation_id)
    field = page.get_by_role("textbox", name=kind, exact=True)
    keys: list[str] = []

    def lose_first_response(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        response = route.fetch()
        assert response.status == 201
        if len(keys) == 1:
            route.abort("failed")
        else:
            route.fulfill(response=response)

    page.route("**/messages", lose_first_response)
    page.get_by_role("button", name=kind, exact=True).click()
    field.fill(text)
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("The message was not sent")
    page.reload()  # the draft is saved with its key
    page.get_by_role("button", name=kind, exact=True).click()
    expect(field).to_have_value(text)
    field.press("Enter")
    expect(field).to_have_value("")
    assert keys == [keys[0]] * 2
    assert [each[2] for each in messages(shop, conversation_id, notes="true")].count(text) == 1
    field.fill(text)  # on purpose
    field.press("Enter")
    expect(field).to_have_value("")
    assert [each[2] for each in messages(shop, conversation_id, notes="true")].count(text) == 2


def test_failure_of_the_model_is_shown_with_its_call(anna: Visit, shop: Shop, model: FakeModel) -> None:
    shop.put(f"/stages/{shop.stages['Greeting']}", {"fixed_reply": "One moment, please."})
    conversation_id = start(shop)
    model.respond = lambda body: Status(400)
    start(shop, "Hello again")
    page = open_conversation(anna, conversation_id)
    expect(page.get_by_role("link", name="Carla Customer")).to_contain_text("Model failed (400), fixed reply sent")
    page.get_by_role("log").get_by_role("link", name="Model failed (400), fixed reply sent").click()
    expect(page).to_have_url(re.compile("/llm-calls/"))
    model.respond = answer_like_a_shop


def test_business_key_takes_over_without_being_assigned(visit: Visit, shop: Shop, model: FakeModel) -> None:
    page = open_conversation(visit, start(shop))
    page.get_by_role("button", name="Take over", exact=True).click()
    expect(page.get_by_text("The assistant writes nothing until someone hands back.")).to_be_visible()
    expect(page.get_by_text("A person must answer. Nobody is assigned yet.")).to_be_visible()
    expect(page.get_by_role("button", name="Take over", exact=True)).to_have_count(0)
    write(page, "Hello Carla")
    page.get_by_role("button", name="Hand back").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_viewer_reads_without_controls(colleague: Colleague, shop: Shop, model: FakeModel) -> None:
    conversation_id = start_waiting(shop)
    vera = colleague("Vera", "Viewer", "viewer")
    page = open_conversation(vera, conversation_id)
    expect(page.get_by_text("You can read this conversation.")).to_be_visible()
    expect(page.get_by_text("A person must answer. Nobody is assigned yet.")).to_be_visible()
    main = page.get_by_role("main")
    for name in ("Take over", "Hand back", "Snooze", "Close conversation"):
        expect(main.get_by_role("button", name=name, exact=True)).to_have_count(0)
    for name in ("Reply", "Add a tag"):
        expect(main.get_by_role("textbox", name=name, exact=True)).to_have_count(0)
    for key in ("r", "n", "e"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_have_count(0)
    vera.check_accessibility()


def test_business_key_answers_without_a_name(visit: Visit, shop: Shop, model: FakeModel) -> None:
    conversation_id = start(shop)
    page = open_conversation(visit, conversation_id)
    write(page, "A reply from the console")
    write(page, "And another one")
    assert messages(shop, conversation_id)[-1] == ("agent", None, "And another one")


def test_alerts_are_opt_in(anna: Visit, shop: Shop, model: FakeModel) -> None:
    page = anna.page
    page.context.grant_permissions(["notifications"])
    page.add_init_script(
        """window.shown = [];
        window.Notification = class extends EventTarget {
            static permission = 'granted';
            static requestPermission = async () => 'granted';
            constructor(title, options) { super(); window.shown.push(`${title}: ${options.body}`); }
        };"""
    )
    conversation_id = start(shop)
    anna.open("/inbox")
    page.get_by_role("button", name="Inbox options").click()
    option = page.get_by_role("menuitemcheckbox", name="Show browser notifications")
    expect(option).to_have_attribute("aria-checked", "false")
    option.click()
    expect(option).to_have_attribute("aria-checked", "true")
    anna.check_accessibility()
    page.keyboard.press("Escape")
    shop.post(f"/conversations/{conversation_id}/pause")
    hold_message(shop, "Anybody?")
    page.wait_for_function("() => shown.length === 1")
    assert page.evaluate("shown") == ["Carla Customer: Anybody?"]


@pytest.mark.slow
def test_inbox_fits_with_unusual_texts(anna: Visit, shop: Shop, model: FakeModel) -> None:
    maryam = shop.add_customer("c-2", first_name="مريم", last_name="عبد الرحمن الخوارزمي", email="maryam@example.com")
    long = shop.add_customer("c-3", first_name="Wolfeschlegelsteinhausenbergerdorff" * 2, last_name="Zoë 🦊")
    start_waiting(shop)
    start(shop, "السلام عليكم، أين طلبي؟ A-10433", user_id=maryam)
    conversation_id = start(shop, f"https://example.com/{'very-long-address' * 20} 👨‍👩‍👧‍👦", user_id=long)
    page = open_conversation(anna, conversation_id)
    write(page, "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft 👋🏽")
    write(page, "A note for the team", "Reply")
    page.get_by_role("button", name="Note", exact=True).click()
    write(page, "Third question about this address.", "Note")
    check_each_size(anna, "inbox-conversation")
    anna.go("/inbox")
    expect(page.get_by_text("Choose a conversation")).to_be_visible()
    check_each_size(anna, "inbox")


def test_error_of_the_list_is_shown_and_can_be_retried(anna: Visit, shop: Shop, model: FakeModel) -> None:
    start(shop)
    anna.expect_problem("503")
    page = anna.page
    page.route("**/api/v1/conversations?*", lambda route: route.fulfill(status=503, json={}))
    anna.open("/inbox")
    expect(page.get_by_role("alert").filter(has_text="Could not load this")).to_be_visible()
    page.unroute("**/api/v1/conversations?*")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("link", name="Carla Customer")).to_be_visible()
    anna.expect_problem("404")
    anna.go("/inbox/01a22b77-0000-7000-8000-000000000000")
    expect(page.get_by_role("alert").filter(has_text="Could not load this")).to_be_visible()
    expect(page.get_by_role("link", name="Carla Customer")).to_be_visible()


def test_inbox_is_the_start_page_when_customers_have_written(anna: Visit, shop: Shop, model: FakeModel) -> None:
    page = anna.open("/")
    expect(page).to_have_url(re.compile("/chat$"))
    start(shop)
    anna.open("/")
    expect(page).to_have_url(re.compile("/inbox$"))


def test_command_palette_opens_pages_conversations_and_stages(anna: Visit, shop: Shop, model: FakeModel) -> None:
    conversation_id = start(shop, "Do you have old maps?")
    page = anna.open("/health")
    expect(page.get_by_role("heading", name="Health")).to_be_visible()
    field = page.get_by_role("combobox", name="Go to…")
    for words, option, address in (
        ("variab", "Variables", "/variables$"),
        ("order he", "Order help", f"/stages/{shop.stages['Order help']}"),
        ("carl", "Carla Customer", f"/inbox/{conversation_id}"),
        ("maps", "Carla Customer", f"/inbox/{conversation_id}"),
        ("note", "Write a note", f"/inbox/{conversation_id}"),
    ):
        page.keyboard.press("Control+k")
        expect(field).to_be_focused()
        page.keyboard.type(words)
        expect(page.get_by_role("option", name=option)).to_be_visible()
        anna.check_accessibility()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(address))
        expect(page.get_by_role("log")).to_have_count(int("inbox" in address))
    expect(page.get_by_role("textbox", name="Note")).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("nothing like this")
    expect(page.get_by_text("Nothing found")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("textbox", name="Note")).to_be_focused()
