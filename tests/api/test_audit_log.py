"""The audit log: each change of settings, content or staff creates its entries in the same transaction."""

import csv
import io
import uuid
from typing import Any

import pytest
from flask import Flask

from routes import audit_log as audit_log_routes
from tests.support.audited_writes import SECRET, AuditedWriter, audited_writes
from tests.support.checked_client import CheckedClient
from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.imports import run_import
from tests.support.staff import make_operator, make_owner

Master = dict[str, str]

# Writes without an entry: messages, logins, validation and previews.
_NOT_AUDITED = (
    "POST /api-calls/try",
    "POST /auth/",
    "POST /canned-replies/{canned_reply_id}/render",
    "DELETE /scheduled-messages/{scheduled_message_id}",
    "POST /conversations/",
    "POST /events",
    "POST /imports/preview",
    "POST /messages",
    "POST /messages/{message_id}/feedback",
    "POST /model/test",
    "POST /save-config",
    "POST /templates/preview",
    "POST /turns/{turn_id}/retry",
    "POST /validate_config",
)
_WITH_ALL_BELOW = tuple(prefix for prefix in _NOT_AUDITED if prefix.endswith("/"))


# Their entries belong to no business: test_creation_and_deletion_of_a_business.
_OF_OTHER_TESTS = {
    "DELETE /unanswered-questions/{turn_id}",  # tests/api/test_knowledge.py
    "POST /feedback/{turn_id}/resolve",  # tests/api/test_feedback.py
    "POST /hooks/{hook_id}",  # tests/api/test_hooks.py
    "POST /channels/{channel_id}/webhook",  # writes no entries
    "POST /widget/{channel_id}/sessions",  # visitors write no entries
    "POST /widget/{channel_id}/messages",
    "POST /widget/{channel_id}/messages/{message_id}/feedback",
    "POST /widget/{channel_id}/conversations/{conversation_id}/rating",
    "POST /messages/{message_id}/resend",  # tests/api/test_channels.py
    "POST /test-cases/from-conversation",  # tests/api/test_test_cases.py
    "POST /test-runs/{test_run_id}/cancel",  # tests/api/test_test_runs.py
    "POST /simulations/{simulation_id}/cancel",  # tests/api/test_simulations.py
    "POST /simulations/{simulation_id}/test-case",
    "POST /turns/{turn_id}/replay",  # tests/api/test_replay_results.py
    "POST /replays",  # tests/api/test_replay_sets.py
    "POST /replays/{replay_id}/start",
    "POST /replays/{replay_id}/pause",
    "POST /replays/{replay_id}/cancel",
    "POST /imports/{import_id}/undo",  # test_undo_is_in_the_audit_log
    "PATCH /conversations/{conversation_id}",  # tests/api/test_inbox.py
    "DELETE /businesses/{business_id}/invitations/{invitation_id}",  # tests/api/test_invitations.py
    "PUT /design",  # tests/api/test_design.py
    "POST /exports",  # tests/api/test_exports.py
    "DELETE /exports/{export_id}",
    "POST /businesses/{business_id}/deletion",
    "DELETE /businesses/{business_id}/deletion",
    "DELETE /auth/sessions/{auth_session_id}",  # tests/api/test_sessions.py
    "DELETE /users/{user_id}/totp",  # tests/api/test_second_factor.py
    "POST /signup-invitations",  # tests/api/test_signup.py
    "DELETE /signup-invitations/{invitation_id}",  # tests/api/test_signup.py
}
_WITHOUT_BUSINESS = {"POST /businesses", "DELETE /businesses/{business_id}", "POST /users/{user_id}/invitation"}


def test_every_write_creates_its_entries(
    app: Flask, shop: Shop, client: CheckedClient, master: Master, sql: Connection
) -> None:
    writer = AuditedWriter(shop, client, master)
    sql.execute("DELETE FROM audit_log")
    for route, write, expected in audited_writes(writer):
        write()
        entries = shop.get("/audit-log").get_json()
        assert [(entry["action"], entry["resource"], entry["fields"]) for entry in entries] == expected, route
        by_master = "api-keys" in route or "members" in route
        assert {entry["actor_type"] for entry in entries} == {"master" if by_master else "business"}, route
        assert SECRET not in str(entries)
        sql.execute("DELETE FROM audit_log")


def test_every_write_route_is_tested(app: Flask, shop: Shop, client: CheckedClient, master: Master) -> None:
    """Fails for a new route that is in none of the lists. `test_upserts.py` tests those with a name (`/by-`)."""
    tested = {route for route, _, _ in audited_writes(AuditedWriter(shop, client, master))}
    written = {
        f"{method} {rule.rule.removeprefix('/api/v1').replace('<', '{').replace('>', '}')}"
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and not rule.endpoint.startswith("swagger_ui") and "/by-" not in rule.rule
        for method in (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}
    }
    audited = {route for route in written if route not in _NOT_AUDITED and not route.startswith(_WITH_ALL_BELOW)}
    assert audited == tested | _WITHOUT_BUSINESS | _OF_OTHER_TESTS


def test_entry_contains_actor_change_and_time(shop: Shop, client: CheckedClient, master: Master) -> None:
    key_path = f"/api/v1/businesses/{shop.business_id}/api-keys"
    (key,) = client.get(key_path, headers=master).get_json()
    response = shop.post("/products", {"product_name": "Lamp"})
    product_id = made(response)["product_id"]
    (entry,) = shop.get("/audit-log", resource_id=product_id).get_json()
    assert entry == {
        "entry_id": entry["entry_id"],
        "business_id": shop.business_id,
        "actor_type": "business",
        "actor_id": key["key_id"],
        "actor_name": None,
        "action": "create",
        "resource": "product",
        "resource_id": product_id,
        "fields": ["product_name"],
        "request_id": response.headers["X-Request-Id"],
        "created_at": entry["created_at"],
    }
    client.delete(f"/api/v1/products/{product_id}?business_id={shop.business_id}", headers=master)
    deleted = shop.get("/audit-log", resource_id=product_id).get_json()[-1]
    assert (deleted["actor_type"], deleted["actor_id"], deleted["action"]) == ("master", None, "delete")


def test_write_and_entry_are_committed_together(shop: Shop, sql: Connection) -> None:
    before = len(shop.get("/audit-log", limit=200).get_json())
    made(shop.post("/products", {"product_name": "Lamp", "sku": "L-1"}))
    assert shop.post("/products", {"product_name": "Lamp", "sku": "L-1"}).status_code == 409
    assert shop.put(f"/products/{uuid.uuid4()}", {"sku": "L-2"}).status_code == 404
    assert shop.delete(f"/stages/{uuid.uuid4()}").status_code == 404
    assert len(shop.get("/audit-log", limit=200).get_json()) == before + 1
    sql.execute("ALTER TABLE audit_log ADD CONSTRAINT nothing_more CHECK (resource <> 'agent') NOT VALID")
    try:
        assert shop.post("/agents", {"agent_name": "Ada"}).status_code == 500
    finally:
        sql.execute("ALTER TABLE audit_log DROP CONSTRAINT nothing_more")
    assert shop.get("/agents").get_json() == []


def test_creation_and_deletion_of_a_business(
    shop: Shop, client: CheckedClient, master: Master, sql: Connection
) -> None:
    first = shop.get("/audit-log", limit=2).get_json()
    assert [(entry["action"], entry["resource"]) for entry in first] == [("create", "business"), ("create", "api_key")]
    assert client.delete(f"/api/v1/businesses/{shop.business_id}", headers=master).status_code == 204
    response = client.get("/api/v1/audit-log", query_string={"resource_id": shop.business_id}, headers=master)
    (entry,) = response.get_json()
    assert (entry["action"], entry["resource"], entry["business_id"]) == ("delete", "business", None)
    left = sql.execute("SELECT count(*) FROM audit_log WHERE business_id = %s", [shop.business_id]).fetchone()
    assert left == {"count": 0}


def test_signed_in_owner_is_the_actor(shop: Shop, client: CheckedClient, master: Master) -> None:
    owner = make_owner(shop, master)
    renewed = owner.send("POST", f"/businesses/{shop.business_id}/api-keys", {"grace_seconds": 60})
    (entry,) = shop.get("/audit-log", resource_id=made(renewed)["key_id"]).get_json()
    assert (entry["actor_type"], entry["actor_id"], entry["action"]) == ("login", shop.owner_id, "create")
    assert entry["actor_name"] == "Olive Owner"
    assert owner.send("GET", "/audit-log?limit=200").get_json() == shop.get("/audit-log", limit=200).get_json()


@pytest.mark.usefixtures("empty_database")
def test_invitation_of_an_operator_belongs_to_no_business(client: CheckedClient, master: Master) -> None:
    operator = make_operator(client, master)
    invited = client.get("/api/v1/audit-log", query_string={"resource": "invitation"}, headers=master).get_json()
    assert [(entry["resource_id"], entry["business_id"]) for entry in invited] == [(operator.user_id, None)]


def test_only_operators_read_entries_without_a_business(
    shop: Shop, client: CheckedClient, master: Master, default_template: dict[str, Any]
) -> None:
    default = default_template["template_id"]
    client.put(f"/api/v1/templates/{default}", json={"content": "Hi"}, headers=master)
    everything = client.get("/api/v1/audit-log", query_string={"limit": 200}, headers=master).get_json()
    assert ("update", "template", default, None) in [
        (entry["action"], entry["resource"], entry["resource_id"], entry["business_id"]) for entry in everything
    ]
    own = shop.get("/audit-log", limit=200).get_json()
    assert {entry["business_id"] for entry in own} == {shop.business_id}
    assert [entry["entry_id"] for entry in own] == [
        entry["entry_id"] for entry in everything if entry["business_id"] == shop.business_id
    ]


def test_business_reads_only_its_own_entries(shop: Shop, other_shop: Shop, client: CheckedClient) -> None:
    assert shop.get("/audit-log", business_id=other_shop.business_id).status_code == 403
    theirs = {entry["entry_id"] for entry in other_shop.get("/audit-log", limit=200).get_json()}
    assert not theirs & {entry["entry_id"] for entry in shop.get("/audit-log", limit=200).get_json()}
    assert client.get("/api/v1/audit-log").status_code == 401
    assert shop.post("/audit-log", {}).status_code == 405


def test_log_can_be_filtered_and_paged(shop: Shop, client: CheckedClient, master: Master) -> None:
    renamed = {"business_id": shop.business_id, "stage_name": "Hello"}
    client.put(f"/api/v1/stages/{shop.stages['Greeting']}", json=renamed, headers=master)
    everything = shop.get("/audit-log", limit=200).get_json()
    for query in (
        {"resource": "stage"},
        {"action": "create"},
        {"actor_id": everything[-2]["actor_id"]},
        {"resource": "template", "action": "create"},
        {"resource_id": shop.stages["Greeting"]},
    ):
        expected = [entry for entry in everything if all(entry[name] == value for name, value in query.items())]
        assert 0 < len(expected) < len(everything)
        assert shop.get("/audit-log", limit=200, **query).get_json() == expected
    moment = everything[4]["created_at"]
    assert shop.get("/audit-log", limit=200, to=moment).get_json() == everything[:4]
    assert shop.get("/audit-log", limit=200, **{"from": moment}).get_json() == everything[4:]
    walked, path = [], "/api/v1/audit-log?limit=3&action=create"
    while path:
        page = shop.client.get(path, headers=shop.headers)
        walked += page.get_json()
        path = page.headers.get("Link", "")[1:].partition(">")[0]
    assert walked == [entry for entry in everything if entry["action"] == "create"]


def test_newest_entries_come_first_on_request(shop: Shop) -> None:
    everything = shop.get("/audit-log", limit=200).get_json()
    walked, path = [], "/api/v1/audit-log?limit=3&order=newest"
    while path:
        page = shop.client.get(path, headers=shop.headers)
        walked += page.get_json()
        path = page.headers.get("Link", "")[1:].partition(">")[0]
    assert walked == everything[::-1]


def test_entries_are_downloaded_as_csv(
    shop: Shop, client: CheckedClient, master: Master, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_log_routes, "ROWS_AT_A_TIME", 3)
    owner = make_owner(shop, master)
    client.put(f"/api/v1/users/{owner.user_id}", json={"first_name": "=HYPERLINK()"}, headers=master)
    made(owner.send("POST", "/products", {"product_name": "Lamp"}))
    answer = shop.get("/audit-log/csv")
    assert answer.headers["Content-Disposition"] == "attachment; filename=audit-log.csv"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    entries = shop.get("/audit-log", limit=200, order="newest").get_json()
    assert [(row["action"], row["resource_id"]) for row in rows] == [
        (entry["action"], entry["resource_id"]) for entry in entries
    ]
    assert rows[0]["fields"] == "product_name"
    assert rows[0]["actor_name"] == "'=HYPERLINK() Owner"  # a spreadsheet shows it as text
    of_products = shop.get("/audit-log/csv", resource="product").text
    assert len(of_products.splitlines()) == 2


def test_malformed_query_is_rejected(shop: Shop) -> None:
    for bad in ({"actor_id": "x"}, {"from": "2026-01-01"}, {"resource": " "}, {"cursor": "x"}, {"limit": 201}):
        assert shop.get("/audit-log", **bad).status_code == 400, bad


def test_undo_is_in_the_audit_log(shop: Shop) -> None:
    import_id = run_import(shop, "products", "sku,product_name\nA,Lamp\n")["import_id"]
    assert shop.post(f"/imports/{import_id}/undo").status_code == 202
    entries = shop.get("/audit-log", resource_id=import_id).get_json()
    assert [entry["action"] for entry in entries] == ["create", "undo"]
