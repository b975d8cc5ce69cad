"""Accounts without an operator: signing up, forgotten passwords, two-step sign-in and API keys."""

import time
import uuid
from collections.abc import Callable

import pyotp
from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import make_config
from tests.pages.conftest import running_server
from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.mail_server import MailServer, link_in
from tests.support.staff import PASSWORD
from tests.support.visit import Visit


def test_owner_signs_up_protects_the_account_and_creates_a_key(
    visits: Callable[..., Visit], shop: Shop, sql: Connection
) -> None:
    visit = visits(shop, signed_in=False)
    visit.expect_problem("401")
    visit.expect_problem("400")
    email = f"una-{uuid.uuid4().hex}@example.com"
    page = visit.open("/login")
    page.get_by_role("link", name="Forgot password?").click()
    expect(page.get_by_text("This server does not send mail.")).to_be_visible()
    page.get_by_role("link", name="Back to sign-in").click()
    page.get_by_role("link", name="Create a business").click()
    page.get_by_role("button", name="Create business").click()
    expect(page.get_by_text("This field is required.")).to_have_count(2)
    visit.check_accessibility()
    page.get_by_label("Name of the business").fill(f"Una's {uuid.uuid4().hex}")
    page.get_by_label("Your email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create business").click()
    expect(page.get_by_role("heading", name="Set up your assistant")).to_be_visible()  # the first page has been chosen

    visit.go("/settings/security")
    expect(page.get_by_text(f"{email} is not confirmed yet.")).to_be_visible()
    secret = _set_up_two_steps(visit, page)
    codes = page.get_by_role("region", name="Recovery codes").inner_text().split()
    assert len(codes) == 10
    visit.check_accessibility()
    page.get_by_role("button", name="I have stored them").click()
    expect(page.get_by_text("10 recovery codes left.")).to_be_visible()
    page.get_by_label("Current password").fill(PASSWORD)
    for label in ("New password", "Repeat password"):
        page.get_by_label(label, exact=True).fill("another long password")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("The password was changed.")).to_be_visible()

    page.get_by_role("button", name="Sign out").last.click()
    page.get_by_role("textbox", name="Email").fill(email)
    page.get_by_role("textbox", name="Password").fill("another long password")
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Code").fill("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("This code is incorrect or was used already.")
    visit.check_accessibility()
    sql.execute("UPDATE totp SET last_step = 0")  # as if time had passed since the first code
    page.get_by_role("textbox", name="Code").fill(pyotp.TOTP(secret).at(time.time()))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Set up your assistant")).to_be_visible()  # the first page has been chosen

    visit.go("/settings/security")
    page.get_by_role("button", name="Turn off").click()
    dialog = page.get_by_role("dialog", name="Turn off two-step sign-in?")
    dialog.get_by_label("Your password").fill("another long password")
    dialog.get_by_label("Code of the app").fill(codes[0])
    dialog.get_by_role("button", name="Turn off").click()
    expect(page.get_by_role("button", name="Set up")).to_be_visible()
    _manage_keys(visit, page)

    sql.execute("DELETE FROM business_members WHERE user_id = (SELECT user_id FROM users WHERE email = %s)", [email])
    page.context.clear_cookies()
    visit.open("/login")
    page.get_by_role("textbox", name="Email").fill(email)
    page.get_by_role("textbox", name="Password").fill("another long password")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You are not a member of any business.")).to_be_visible()
    visit.check_accessibility()
    page.get_by_label("Name of a new business").fill(f"Second {uuid.uuid4().hex}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Inbox")).to_be_visible()


def test_forgotten_password_is_replaced_with_a_mailed_link(
    empty_context: BrowserContext, visits: Callable[..., Visit], shop: Shop, new_database_url: str
) -> None:
    with MailServer() as mail:
        settings = {
            "SMTP_URL": f"smtp://localhost:{mail.port}",
            "MAIL_FROM": "icmp@example.com",
            "PUBLIC_URL": "http://icmp.example.com",
        }
        with running_server(make_config(new_database_url, OPENAI_BASE_URL="http://127.0.0.1:9", **settings)) as server:
            visit = visits(shop, signed_in=False, server=server, context=empty_context)
            email = "una@example.com"
            body = {"email": email, "password": PASSWORD, "business_name": "Una's"}
            signed_up = server.app.test_client().post("/api/v1/auth/signup", json=body)
            assert signed_up.status_code == 201
            confirmation = link_in(mail.wait_for(email)).removeprefix("http://icmp.example.com/app")
            page = visit.open("/forgot-password")
            page.get_by_role("textbox", name="Email").fill(email)
            visit.check_accessibility()
            page.get_by_role("button", name="Send link").click()
            expect(page.get_by_text("If there is an account with the address una@example.com")).to_be_visible()
            link = link_in(mail.wait_for(email, 2)).removeprefix("http://icmp.example.com/app")
            visit.expect_problem("400")
            page = visit.open("/login")
            page = visit.open(link)
            for label in ("Password", "Repeat password"):
                page.get_by_label(label, exact=True).fill("another long password")
            visit.check_accessibility()
            assert "token" not in page.url
            page.get_by_role("button", name="Set new password").click()
            page.get_by_role("link", name="Sign in").click()
            page.get_by_role("textbox", name="Email").fill(email)
            page.get_by_role("textbox", name="Password").fill("another long password")
            page.keyboard.press("Enter")
            expect(page.get_by_role("link", name="Inbox")).to_be_visible()
            page = visit.open("/login")
            page = visit.open(confirmation)  # it has ended, because the account is verified now
            page.get_by_role("button", name="Confirm address").click()
            expect(page.get_by_role("alert")).to_contain_text("This link was used, has expired, or does not exist.")
            visit.check_accessibility()
            visit.open("/settings/security")
            expect(page.get_by_text("una@example.com is confirmed.")).to_be_visible()
            visit.wait_for_responses()


def _set_up_two_steps(visit: Visit, page: Page) -> str:
    """Returns the secret of the authenticator app."""
    page.get_by_role("button", name="Set up").click()
    dialog = page.get_by_role("dialog", name="Set up two-step sign-in")
    dialog.get_by_label("Your password").fill("not the password")
    dialog.get_by_role("button", name="Continue").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Incorrect password.")
    dialog.get_by_label("Your password").fill(PASSWORD)
    dialog.get_by_role("button", name="Continue").click()
    expect(dialog.get_by_role("img", name="QR code")).to_be_visible()
    visit.check_accessibility()
    secret = dialog.get_by_role("region", name="Key for the authenticator app").inner_text().replace(" ", "")
    dialog.get_by_label("Code that the app shows").fill(pyotp.TOTP(secret).at(time.time()))
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Your recovery codes")).to_be_visible()
    return secret


def _manage_keys(visit: Visit, page: Page) -> None:
    """Create a key, rotate it, and revoke it."""
    visit.choose("Settings", "API keys")
    expect(page.get_by_text("No API keys yet")).to_be_visible()
    visit.check_accessibility()
    page.get_by_role("button", name="New key").click()
    page.get_by_label("Name", exact=True).fill("Chat window")
    expect(page.get_by_text("It cannot read templates, prompts or customers.")).to_be_visible()
    visit.check_accessibility()
    page.get_by_role("button", name="Create key").click()
    first = page.get_by_role("region", name="API key").inner_text()
    page.get_by_role("button", name="I have copied it").click()
    rows = page.get_by_role("list", name="API keys").get_by_role("listitem")
    expect(rows).to_have_count(1)
    page.get_by_role("button", name="Rotate Chat window").click()
    page.get_by_role("button", name="Rotate", exact=True).last.click()
    second = page.get_by_role("region", name="API key").inner_text()
    assert first.startswith("icmp_") and second.startswith("icmp_") and first != second
    page.get_by_role("button", name="I have copied it").click()
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Revoke Chat window").last.click()
    page.get_by_role("dialog", name="Revoke Chat window?").get_by_role("button", name="Revoke").click()
    expect(rows).to_have_count(1)
    visit.check_accessibility()
