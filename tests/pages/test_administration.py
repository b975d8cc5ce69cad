"""What owners do in the settings: the team, the audit log, the export and the deletion of the business."""

import re
import zipfile
from collections.abc import Callable

from playwright.sync_api import expect

from tests.pages.test_layout import check_each_size
from tests.support.factories import Shop, made
from tests.support.staff import PASSWORD, make_operator
from tests.support.visit import Visit, choose


def test_owner_manages_the_team_and_the_data(
    visit_as: Callable[..., Visit], visits: Callable[..., Visit], shop: Shop
) -> None:
    visit = visit_as("owner")
    page = visit.open("/settings/team")
    members = page.get_by_role("list", name="Members").get_by_role("listitem")
    expect(members).to_have_count(2)
    robin = members.filter(has_text="Robin Role")
    expect(robin).to_contain_text("You")
    expect(robin.get_by_role("button", name="Remove Robin Role")).to_be_disabled()
    expect(members.filter(has_text="Olive Owner")).to_contain_text("Has not signed in yet")
    check_each_size(visit, "team")

    page.get_by_role("button", name="Invite").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Create invitation").click()
    expect(dialog.get_by_text("Enter an email address.")).to_be_visible()
    dialog.get_by_label("Email address").fill(f"ann-{shop.business_id}@example.com")
    dialog.get_by_label("First name").fill("Ann")
    dialog.get_by_label("Last name").fill("Agent")
    expect(dialog.get_by_text("Answers customers in the inbox")).to_be_visible()
    visit.check_accessibility()
    dialog.get_by_role("button", name="Create invitation").click()
    link = dialog.get_by_label("Link", exact=True).input_value()
    visit.check_accessibility()
    dialog.get_by_role("button", name="Close").click()
    invitations = page.get_by_role("list", name="Open invitations").get_by_role("listitem")
    expect(invitations).to_contain_text([f"ann-{shop.business_id}@example.com"])

    guest = visits(shop, signed_in=False)
    guest.open(f"/invitation{link.partition('/invitation')[2]}")
    expect(guest.page.get_by_role("heading", name=re.compile("^Join Lantern Books"))).to_be_visible()
    expect(guest.page.get_by_text("Robin Role has invited you to Lantern Books")).to_be_visible()
    guest.check_accessibility()

    invitations.get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(invitations).to_have_count(0)
    choose(members.filter(has_text="Olive Owner").get_by_role("combobox", name="Role of Olive Owner"), "Viewer")
    expect(page.get_by_text("Olive Owner is now a viewer.")).to_be_visible()
    members.filter(has_text="Olive Owner").get_by_role("button", name="Remove").click()
    page.get_by_role("dialog", name="Remove Olive Owner?").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Olive Owner was removed from the team.")).to_be_visible()
    expect(members).to_have_count(1)

    made(shop.post("/products", {"product_name": "Lamp"}))
    visit.choose("Settings", "Audit log")
    entries = page.get_by_role("list", name="Audit log").get_by_role("listitem")
    expect(entries.first).to_contain_text("Business key")
    expect(entries.first).to_contain_text("Created · Product")
    choose(page.get_by_role("combobox", name="Action"), "Deleted")
    expect(entries.first).to_contain_text("Robin Role · Deleted · Member")
    check_each_size(visit, "audit-log")
    page.get_by_role("combobox", name="What").select_option(label="Stage")
    expect(page.get_by_text("No entries match")).to_be_visible()
    page.get_by_role("button", name="Clear filters").click()
    expect(entries.first).to_be_visible()
    with page.expect_download() as audit_log:
        page.get_by_role("link", name="Download CSV").click()
    assert "Robin Role" in audit_log.value.path().read_text()

    visit.choose("Settings", "Export and delete")
    page.get_by_role("button", name="Create export").click()
    export = page.get_by_role("list", name="Exports").get_by_role("listitem")
    expect(export).to_contain_text("Ready")
    check_each_size(visit, "export")
    with page.expect_download() as file:
        export.get_by_role("link", name="Download").click()
    assert b"Carla" in zipfile.ZipFile(file.value.path()).read("customers.jsonl")

    name = shop.get(f"/businesses/{shop.business_id}").get_json()["business_name"]
    page.get_by_role("button", name="Delete business…").click()
    dialog.get_by_label("Name of the business").fill("Another shop")
    dialog.get_by_role("button", name="Delete in seven days").click()
    expect(dialog.get_by_text("This is not the name of the business.")).to_be_visible()
    dialog.get_by_label("Name of the business").fill(name)
    dialog.get_by_role("button", name="Delete in seven days").click()
    notice = page.get_by_role("status").filter(has_text="This business will be deleted on")
    expect(notice).to_be_visible()
    visit.check_accessibility()
    page.get_by_role("button", name="Cancel deletion").click()
    expect(notice).to_have_count(0)


def test_operator_sees_businesses_users_and_the_platform(
    visits: Callable[..., Visit], shop: Shop, master: dict[str, str]
) -> None:
    operator = make_operator(shop.client, master, f"operator-of-{shop.business_id}@example.com")
    visit = visits(shop, signed_in=False)
    login = {"email": operator.email, "password": PASSWORD, "business_id": shop.business_id}
    assert visit.page.context.request.post(f"{visit.server.url}/api/v1/auth/login", data=login).ok
    visit.page.add_init_script("localStorage.setItem('icmp.signedIn', 'yes')")
    page = visit.open("/health")
    expect(page.get_by_text("Round trip").first).to_be_visible()
    name = shop.get(f"/businesses/{shop.business_id}").get_json()["business_name"]
    visit.choose("Operator area")
    businesses = page.get_by_role("list", name="Businesses").get_by_role("listitem")
    page.get_by_role("searchbox", name="Search by name").fill(name.upper())
    expect(businesses).to_have_count(1)
    expect(businesses).to_contain_text("Olive Owner")
    expect(businesses).to_contain_text("0 conversations · 0 messages · 0 calls to the model · $0")
    check_each_size(visit, "operator-businesses")

    visit.choose("Operator area", "Users")
    page.get_by_role("searchbox", name="Search by name or email address").fill(operator.email)
    user = page.get_by_role("list", name="Users").get_by_role("listitem")
    expect(user).to_have_count(1)
    expect(user).to_contain_text("No business")
    user.get_by_role("button", name="Password link").click()
    expect(page.get_by_role("dialog").get_by_label("Link", exact=True)).to_have_value(re.compile("/invitation#token="))
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    check_each_size(visit, "operator-users")

    visit.choose("Operator area", "Default templates")
    templates = page.get_by_role("list", name="Default templates").get_by_role("link")
    expect(templates.first).to_be_visible()
    visit.check_accessibility()
    templates.first.click()
    expect(page.get_by_text("This is a platform default. New stages start with it.")).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_be_visible()
    expect(page.get_by_role("button", name="Delete")).to_have_count(0)

    visit.choose("Operator area", "Platform health")
    expect(page.get_by_role("region", name="Database")).to_contain_text("PostgreSQL")
    expect(page.get_by_role("table").get_by_role("rowheader", name="Create partitions")).to_be_visible()
    check_each_size(visit, "operator-health")
