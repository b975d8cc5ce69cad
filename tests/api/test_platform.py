"""What operators see: businesses with their usage, accounts, and the state of the platform."""

from typing import Any

import pytest

from tests.support.checked_client import CheckedClient
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.staff import make_member, make_operator, make_owner

pytestmark = pytest.mark.usefixtures("empty_database")

Master = dict[str, str]


def test_operator_sees_the_usage_of_each_business(
    shop: Shop, other_shop: Shop, client: CheckedClient, master: Master, fake_model: FakeModel
) -> None:
    fake_model.reply("Greeting", "{}", "Hello.")
    assert shop.say("Hello").status_code == 200
    rows = client.get("/api/v1/platform/businesses", headers=master).get_json()
    assert [row["business_id"] for row in rows] == [other_shop.business_id, shop.business_id]  # newest first
    used, unused = rows[1], rows[0]
    assert (used["conversations"], used["messages"], used["calls"], used["failed_calls"]) == (1, 1, 3, 0)
    assert (unused["conversations"], unused["messages"], unused["calls"], unused["cost_usd"]) == (0, 0, 0, 0)
    assert (used["owner_name"], used["members"], used["delete_at"]) == ("Olive Owner", 1, None)
    first = client.get("/api/v1/platform/businesses", query_string={"limit": 1}, headers=master)
    assert first.get_json() == rows[:1]
    following = client.get(first.headers["Link"][1:].partition(">")[0], headers=master)
    assert following.get_json() == rows[1:]
    found = client.get("/api/v1/platform/businesses", query_string={"q": "LANTERN"}, headers=master).get_json()
    assert found == [used]


def test_operator_finds_accounts_with_their_memberships(shop: Shop, client: CheckedClient, master: Master) -> None:
    owner = make_owner(shop, master)
    make_member(shop, owner.headers, "viewer", "vera@example.com")
    operator = make_operator(client, master)

    def search(q: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = operator.send("GET", f"/platform/users?q={q}").get_json()
        return found

    (vera,) = search("vera@")
    assert [(each["business_id"], each["role"]) for each in vera["businesses"]] == [(shop.business_id, "viewer")]
    assert (vera["has_password"], vera["has_second_factor"], vera["is_admin"]) == (True, False, False)
    assert vera["last_sign_in_at"] is not None
    (otto,) = search("otto+operator")
    assert (otto["is_admin"], otto["businesses"]) == (True, [])
    assert search("carla") == []  # a customer
    assert len(operator.send("GET", "/platform/users").get_json()) == 3


def test_operator_sees_processes_and_jobs(shop: Shop, client: CheckedClient, master: Master) -> None:
    health = client.get("/api/v1/platform/health", headers=master).get_json()
    assert health["database"]["bytes"] > 1_000_000
    assert health["turns"] == {"waiting": 0, "running": 0}
    assert health["jobs"] == []
    owner = make_owner(shop, master)
    name = owner.send("GET", f"/businesses/{shop.business_id}").get_json()["business_name"]
    made(owner.send("POST", f"/businesses/{shop.business_id}/deletion", {"business_name": name}))
    (job,) = client.get("/api/v1/platform/health", headers=master).get_json()["jobs"]
    assert (job["kind"], job["later"], job["due"], job["running"]) == ("business_deletion", 1, 0, 0)
    (row,) = client.get("/api/v1/platform/businesses", headers=master).get_json()
    assert row["delete_at"] is not None


def test_signed_in_operator_changes_a_default_template(
    shop: Shop, client: CheckedClient, master: Master, default_template: dict[str, Any]
) -> None:
    operator = make_operator(client, master)
    refreshed = operator.send("POST", "/auth/refresh", {"business_id": shop.business_id}).get_json()
    headers = {"Authorization": f"Bearer {refreshed['access_token']}"}  # acts for the business by default
    path = f"/api/v1/templates/{default_template['template_id']}"
    assert client.put(path, json={"content": "The operator's"}, headers=headers).status_code == 200
    owner = make_owner(shop, master)
    assert client.put(path, json={"content": "The owner's"}, headers=owner.headers).status_code == 403
    assert client.get(path, headers=master).get_json()["content"] == "The operator's"
