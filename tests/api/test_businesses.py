"""Businesses: created by operators with a key that is shown once, read and edited by themselves."""

from typing import Any

from tests.support.checked_client import CheckedClient
from tests.support.factories import Shop, made

UNKNOWN = "00000000-0000-4000-8000-00000000abcd"
OWNER = {"first_name": "Olive", "last_name": "Owner"}


def test_create_with_a_new_owner(client: CheckedClient, master: dict[str, str]) -> None:
    body = {
        "business_name": "Corner Shop",
        "owner": {**OWNER, "email": "corner@example.com"},
        "website": "corner.example",
    }
    answer = client.post("/api/v1/businesses", json=body, headers=master)
    business = made(answer)
    assert business.keys() == {"message", "business_id", "api_key"}
    assert business["message"] == "Business created"
    key = {"Authorization": f"Bearer {business['api_key']}"}
    read = client.get(f"/api/v1/businesses/{business['business_id']}", headers=key).get_json()
    assert (read["business_name"], read["website"], read["address"]) == ("Corner Shop", "corner.example", None)
    assert client.get(f"/api/v1/users/{read['owner_id']}", headers=master).get_json()["email"] == "corner@example.com"


def test_error_for_unknown_owner_says_how_to_create_one(
    client: CheckedClient, master: dict[str, str], shop: Shop, sql: Any
) -> None:
    for owner_id in (UNKNOWN, shop.user_id):  # a customer can never sign in
        body = {"business_name": "Nobody's", "owner_id": owner_id}
        answer = client.post("/api/v1/businesses", json=body, headers=master)
        assert answer.status_code == 400
        assert "POST /users" in answer.get_json()["remediation"]
        assert answer.get_json()["details"][0]["path"] == "$.owner_id"
    assert sql.execute("SELECT 1 FROM businesses WHERE business_name = 'Nobody''s'").fetchall() == []


def test_either_owner_or_owner_id_is_required(client: CheckedClient, master: dict[str, str], shop: Shop) -> None:
    for owner in ({}, {"owner_id": shop.owner_id, "owner": {**OWNER, "email": "both@example.com"}}):
        body = {"business_name": "Twice", **owner}
        assert client.post("/api/v1/businesses", json=body, headers=master).status_code == 400


def test_name_is_unique(client: CheckedClient, master: dict[str, str], shop: Shop, sql: Any) -> None:
    body = {"business_name": "The One", "owner_id": shop.owner_id}
    made(client.post("/api/v1/businesses", json=body, headers=master))
    again = {"business_name": "The One", "owner": {**OWNER, "email": "again@example.com"}}
    assert client.post("/api/v1/businesses", json=again, headers=master).status_code == 409
    assert sql.execute("SELECT 1 FROM users WHERE email = 'again@example.com'").fetchall() == []
    assert shop.put(f"/businesses/{shop.business_id}", {"business_name": "The One"}).status_code == 409


def test_only_operators_create_list_and_delete(shop: Shop, client: CheckedClient) -> None:
    body = {"business_name": "Another", "owner_id": shop.owner_id}
    assert shop.post("/businesses", body).status_code == 403
    assert shop.get("/businesses").status_code == 403
    assert shop.delete(f"/businesses/{shop.business_id}").status_code == 403
    assert client.post("/api/v1/businesses", json=body).status_code == 401
    assert shop.get(f"/businesses/{shop.business_id}").status_code == 200


def test_put_changes_only_the_given_fields(shop: Shop) -> None:
    path = f"/businesses/{shop.business_id}"
    shop.put(path, {"address": "1 Harbour Street", "settings": {"idle_minutes": 5}})
    changed = shop.put(path, {"phone_number": "+1 555"}).get_json()
    assert (changed["address"], changed["phone_number"]) == ("1 Harbour Street", "+1 555")
    assert changed["settings"] == {"idle_minutes": 5}
    assert shop.put(path, {"address": None}).get_json()["address"] is None
    assert shop.put(path, {}).status_code == 400
    assert shop.put(path, {"owner_id": shop.user_id}).status_code == 400
    assert shop.put(path, {"settings": {"unknown": 1}}).status_code == 400


def test_default_stage_must_belong_to_the_business(shop: Shop, other_shop: Shop) -> None:
    path = f"/businesses/{shop.business_id}"
    assert shop.put(path, {"default_stage_id": other_shop.stages["Greeting"]}).status_code == 404
    chosen = shop.put(path, {"default_stage_id": shop.stages["Order help"]})
    assert chosen.get_json()["default_stage_id"] == shop.stages["Order help"]
    assert shop.put(path, {"default_stage_id": None}).get_json()["default_stage_id"] is None


def test_every_edit_publishes_a_release(shop: Shop, sql: Any) -> None:
    def releases() -> int:
        row = sql.execute(
            "SELECT count(*) AS n, max(number) AS last FROM releases WHERE business_id = %(id)s",
            {"id": shop.business_id},
        ).fetchone()
        live = sql.execute(
            "SELECT number FROM releases JOIN businesses ON release_id = live_release_id"
            " WHERE businesses.business_id = %(id)s",
            {"id": shop.business_id},
        ).fetchone()
        assert row["n"] == row["last"] == live["number"]
        return int(row["n"])

    template_id = made(shop.post("/templates", {"template_name": "t", "template_type": "stage_selection"}))[
        "template_id"
    ]
    variable_id = made(shop.post("/variables", {"name": "motto", "value": "x"}))["variable_id"]
    for edit in (
        lambda: shop.put(f"/businesses/{shop.business_id}", {"settings": {"idle_minutes": 5}}),
        lambda: shop.put(f"/stages/{shop.stages['Greeting']}", {"position": 5}),
        lambda: shop.put(f"/templates/{template_id}", {"content": "x"}),
        lambda: shop.put(f"/variables/{variable_id}", {"value": "y"}),
        lambda: shop.delete(f"/variables/{variable_id}"),
        lambda: shop.delete(f"/templates/{template_id}"),
        lambda: shop.delete(f"/stages/{shop.stages['Greeting']}"),
    ):
        before = releases()
        assert edit().status_code in (200, 204)
        assert releases() == before + 1
    before = releases()
    assert shop.put(f"/stages/{UNKNOWN}", {"position": 5}).status_code == 404
    assert shop.put(f"/stages/{shop.stages['Order help']}", {"position": 5}, {"If-Match": '"9"'}).status_code == 412
    assert releases() == before
