"""Signing in and out, and sessions that end. The browser never stores a key."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.pages.conftest import template_of
from tests.support.factories import Shop, make_shop
from tests.support.staff import PASSWORD, make_member, make_owner, secret_of
from tests.support.visit import Visit


def test_business_key_is_not_stored_after_sign_in(
    empty_context: BrowserContext, visits: Callable[..., Visit], shop: Shop
) -> None:
    visit = visits(shop, signed_in=False, context=empty_context)
    requests = visit.record_requests()
    page = visit.open(f"/stages/{shop.stages['Greeting']}")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_role("region", name="Answer your customers with an assistant")).to_be_visible()
    expect(page.get_by_role("link", name="Create a business")).to_be_visible()  # it moves the form
    page.get_by_role("tab", name="Business key").click()
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("This field is required.")).to_have_count(3)
    expect(page.get_by_label("User ID")).to_be_focused()
    expect(page.get_by_label("User ID")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("User ID").fill(shop.owner_id)
    page.get_by_label("Business ID").fill("not an id")
    page.get_by_role("textbox", name="Business key").fill("icmp_wrong")
    expect(page.get_by_text("Enter an ID such as")).to_be_visible()
    page.get_by_label("Business ID").fill(shop.business_id)
    assert visit.problems == []  # without a previous sign-in, the page does not ask the API for the user
    visit.expect_problem("401")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("The IDs and the key do not match")
    visit.check_accessibility()
    page.get_by_role("textbox", name="Business key").fill(shop.key)
    loaded = visit.record_requests()  # from here on, because the sign-in loads another page
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Greeting", level=1)).to_be_visible()  # the page that was opened first

    stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])")
    assert "icmp_" not in stored
    assert shop.key not in page.content()
    scripts = [request for request in loaded if request.resource_type in ("script", "document")]
    assert scripts
    assert all(shop.key not in request.response().text() for request in scripts)
    sent = [request for request in requests if shop.key in (request.post_data or "") + request.url]
    assert [request.url.rpartition("/")[2] for request in sent] == ["save-config"]


def test_unsaved_text_survives_the_end_of_the_session(visit: Visit) -> None:
    shop = visit.shop
    page = visit.open(f"/templates/{template_of(shop)}")
    page.get_by_role("textbox", name="Content").fill("A long text that nobody wants to type again")
    # The preview is the page's last request of its own. The next one, which is refused, is the save.
    expect(page.get_by_role("region", name="Rendered prompt")).to_contain_text("A long text")
    page.context.clear_cookies()
    visit.expect_problem("401")
    page.get_by_role("button", name="Save").click()
    ended = page.get_by_role("dialog", name="Your session has ended")
    visit.check_accessibility()
    ended.get_by_label("User ID").fill(shop.owner_id)
    ended.get_by_role("textbox", name="Business key").fill(shop.key)
    ended.get_by_role("button", name="Sign in").click()
    expect(ended).to_have_count(0)
    expect(page.get_by_role("textbox", name="Content")).to_have_value("A long text that nobody wants to type again")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Save")).to_be_disabled()


def test_sign_out_ends_the_session(visit: Visit) -> None:
    page = visit.open("/health")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    visit.expect_problem("401")
    visit.open("/stages")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_invited_member_sets_a_password_and_signs_in(
    visits: Callable[..., Visit], shop: Shop, master: dict[str, str]
) -> None:
    email = f"vera-{shop.business_id}@example.com"
    body = {"email": email, "first_name": "Vera", "last_name": "Viewer", "role": "viewer"}
    added = shop.client.post(f"/api/v1/businesses/{shop.business_id}/members", json=body, headers=master).get_json()
    visit = visits(shop, signed_in=False)
    visit.expect_problem("401")
    _, _, secret = added["invitation"]["url"].partition("#")
    page = visit.open(f"/invitation#{secret}")
    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_text("The passwords do not match.")).to_be_visible()
    visit.check_accessibility()
    assert secret not in page.url
    for label in ("Password", "Repeat password"):
        page.get_by_label(label, exact=True).fill("a long password")
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_role("heading", name="Inbox", level=1)).to_be_visible()

    visit.choose("Assistant")
    expect(page.get_by_role("link", name="Greeting")).to_be_visible()
    expect(page.get_by_role("link", name="New stage")).to_have_count(0)  # a viewer can only read
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("textbox", name="Email").fill(email)
    page.get_by_role("textbox", name="Password").fill("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Email or password is incorrect")
    visit.check_accessibility()
    page.get_by_role("textbox", name="Password").fill("a long password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Inbox", level=1)).to_be_visible()


@pytest.mark.slow
def test_signed_in_user_joins_another_business(
    visits: Callable[..., Visit], shop: Shop, master: dict[str, str]
) -> None:
    first = make_shop(shop.client, master, f"First of {shop.business_id}")
    colleague = make_owner(first, master)
    path = f"/businesses/{shop.business_id}/members"
    owner = make_member(shop, master, "owner")
    body = {"email": colleague.email, "first_name": "Col", "last_name": "League", "role": "viewer"}
    invited = owner.send("POST", path, body).get_json()["invitation"]
    visit = visits(shop, signed_in=False)
    visit.expect_problem("401")
    page = visit.open("/stages")
    page.get_by_role("textbox", name="Email").fill(colleague.email)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="New stage")).to_be_visible()
    page = visit.open(f"/invitation#join={secret_of(invited)}")
    expect(page.get_by_text("Owner Member has invited you to Lantern Books")).to_be_visible()
    visit.check_accessibility()
    page.get_by_role("button", name=f"Join as {colleague.email}").click()
    expect(page.get_by_role("heading", name="Inbox", level=1)).to_be_visible()
    visit.choose("Assistant")
    expect(page.get_by_role("link", name="Greeting")).to_be_visible()
    expect(page.get_by_role("link", name="New stage")).to_have_count(0)  # the user is a viewer there


@pytest.mark.slow
def test_sign_in_does_not_redirect_to_other_sites(visits: Callable[..., Visit], shop: Shop) -> None:
    visit = visits(shop, signed_in=False)
    page = visit.open("/login?next=//example.com/")
    expect(page.get_by_role("link", name="Create a business")).to_be_visible()  # it moves the form
    page.get_by_role("tab", name="Business key").click()
    page.get_by_label("User ID").fill(shop.owner_id)
    page.get_by_label("Business ID").fill(shop.business_id)
    page.get_by_role("textbox", name="Business key").fill(shop.key)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Playground", level=1)).to_be_visible()


def test_user_signs_out_another_browser(visits: Callable[..., Visit], shop: Shop, master: dict[str, str]) -> None:
    owner = make_owner(shop, master)  # signed in elsewhere
    visit = visits(shop, signed_in=False)
    visit.expect_problem("401")
    page = visit.open("/sessions")
    page.get_by_role("textbox", name="Email").fill(owner.email)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    sessions = page.get_by_role("list", name="Sessions").get_by_role("listitem")
    expect(sessions).to_have_count(2)
    expect(sessions.first).to_contain_text("This browser")
    visit.check_accessibility()
    sessions.last.get_by_role("button", name="Sign out").click()
    page.get_by_role("dialog", name="Sign out this session?").get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("The session was signed out.")).to_be_visible()
    expect(sessions).to_have_count(1)
    assert owner.send("GET", "/auth/me").status_code == 401
    assert page.get_by_role("heading", name="Security", level=1).is_visible()


@pytest.mark.slow
def test_unverified_member_chooses_a_new_password_to_join_another_business(
    visits: Callable[..., Visit], shop: Shop, master: dict[str, str]
) -> None:
    first = make_shop(shop.client, master, f"First of {shop.business_id}")
    colleague = make_member(first, make_owner(first, master).headers, "viewer")
    body = {"email": colleague.email, "first_name": "Col", "last_name": "League", "role": "viewer"}
    path = f"/businesses/{shop.business_id}/members"
    invited = make_owner(shop, master).send("POST", path, body).get_json()["invitation"]
    visit = visits(shop, signed_in=False)
    page = visit.open(f"/invitation#join={secret_of(invited)}")
    for label in ("Password", "Repeat password"):
        page.get_by_label(label, exact=True).fill(PASSWORD)
    visit.expect_problem("400")
    page.get_by_role("button", name="Join").click()
    page.get_by_label("New password").fill("a password of her own")
    visit.check_accessibility()
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", name="Inbox", level=1)).to_be_visible()
    assert colleague.send("GET", "/auth/me").status_code == 401
