"""API keys of a business: renewal with and without a grace period, listing and revocation."""

import uuid
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

from core.tokens import hash_key
from tests.support.checked_client import CheckedClient
from tests.support.database import Connection
from tests.support.factories import Shop, made

Master = dict[str, str]


def test_new_key_replaces_the_old_one_immediately(shop: Shop, client: CheckedClient, master: Master) -> None:
    new = _renew(shop, client, master)["api_key"]
    assert _status(shop, client, shop.key) == 401
    assert _status(shop, client, new) == 200


def test_old_key_works_until_the_end_of_the_grace_period(
    shop: Shop, client: CheckedClient, master: Master, sql: Connection
) -> None:
    new = _renew(shop, client, master, grace_seconds=3600)["api_key"]
    assert (_status(shop, client, shop.key), _status(shop, client, new)) == (200, 200)
    old, _ = _list(shop, client, master)
    left = datetime.fromisoformat(old["expires_at"]) - datetime.now(UTC)
    assert timedelta(minutes=59) < left <= timedelta(hours=1)
    sql.execute("UPDATE api_keys SET expires_at = expires_at - interval '1 hour'")
    assert (_status(shop, client, shop.key), _status(shop, client, new)) == (401, 200)


def test_second_renewal_does_not_extend_an_earlier_grace_period(
    shop: Shop, client: CheckedClient, master: Master
) -> None:
    second = _renew(shop, client, master, grace_seconds=60)["api_key"]
    before = [row["expires_at"] for row in _list(shop, client, master)]
    third = _renew(shop, client, master, grace_seconds=3600)["api_key"]
    after = [row["expires_at"] for row in _list(shop, client, master)]
    assert after[0] == before[0]
    assert after[1] > after[0]
    assert [_status(shop, client, key) for key in (shop.key, second, third)] == [200, 200, 200]
    fourth = _renew(shop, client, master)["api_key"]
    assert [_status(shop, client, key) for key in (shop.key, second, third, fourth)] == [401, 401, 401, 200]


def test_key_is_shown_once_and_stored_as_a_hash(
    shop: Shop, client: CheckedClient, master: Master, sql: Connection
) -> None:
    created = _renew(shop, client, master)
    key = created.pop("api_key")
    listed = client.get(f"/api/v1/businesses/{shop.business_id}/api-keys", headers=master)
    assert {**created, "last_used_at": None} in listed.get_json()
    assert key not in listed.text
    assert hash_key(key) not in listed.text
    assert key.startswith(created["key_prefix"])
    assert len(created["key_prefix"]) < len(key) / 2
    kept = sql.execute("SELECT * FROM api_keys WHERE key_id = %s", [created["key_id"]]).fetchone()
    assert kept is not None
    assert kept["key_hash"] == hash_key(key)
    assert key not in str(kept)


def test_list_shows_when_a_key_was_last_used(shop: Shop, client: CheckedClient, master: Master) -> None:
    _renew(shop, client, master, grace_seconds=60)
    used, unused = _list(shop, client, master)
    assert used["last_used_at"] is not None
    assert unused["last_used_at"] is None


def test_key_expires_at_the_requested_time(shop: Shop, client: CheckedClient, master: Master, sql: Connection) -> None:
    end = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    created = _renew(shop, client, master, expires_at=end)
    assert datetime.fromisoformat(created["expires_at"]) == datetime.fromisoformat(end)
    assert _status(shop, client, created["api_key"]) == 200
    sql.execute("UPDATE api_keys SET expires_at = expires_at - interval '1 day' WHERE key_id = %s", [created["key_id"]])
    assert _status(shop, client, created["api_key"]) == 401


def test_revoking_a_key_leaves_the_others_valid(shop: Shop, client: CheckedClient, master: Master) -> None:
    created = _renew(shop, client, master, grace_seconds=60)
    path = f"/api/v1/businesses/{shop.business_id}/api-keys/{created['key_id']}"
    assert client.delete(path, headers=master).status_code == 204
    assert _status(shop, client, created["api_key"]) == 401
    assert _status(shop, client, shop.key) == 200
    assert client.delete(path, headers=master).status_code == 404
    assert len(_list(shop, client, master)) == 1


def test_business_key_cannot_manage_keys(shop: Shop, client: CheckedClient, master: Master) -> None:
    path = f"/businesses/{shop.business_id}/api-keys"
    key_id = _list(shop, client, master)[0]["key_id"]
    assert shop.post(path, {}).status_code == 403
    assert shop.get(path).status_code == 403
    assert shop.delete(f"{path}/{key_id}").status_code == 403
    assert client.post(f"/api/v1{path}").status_code == 401
    assert len(_list(shop, client, master)) == 1


def test_keys_of_another_business_cannot_be_managed(
    shop: Shop, other_shop: Shop, client: CheckedClient, master: Master
) -> None:
    theirs = _list(other_shop, client, master)[0]["key_id"]
    path = f"/api/v1/businesses/{shop.business_id}/api-keys/{theirs}"
    assert client.delete(path, headers=master).status_code == 404
    _renew(shop, client, master)
    assert _status(other_shop, client, other_shop.key) == 200
    unknown = f"/api/v1/businesses/{uuid.uuid4()}/api-keys"
    assert client.post(unknown, json={}, headers=master).status_code == 404
    assert client.get(unknown, headers=master).status_code == 404


MALFORMED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"grace_seconds": -1}, "$.grace_seconds"),
    ({"grace_seconds": 2592001}, "$.grace_seconds"),
    ({"grace_seconds": "60"}, "$.grace_seconds"),
    ({"expires_at": "2020-01-01T00:00:00Z"}, "$.expires_at"),
    ({"expires_at": "soon"}, "$.expires_at"),
    ({"colour": "red"}, "$.colour"),
    ({"business_id": str(uuid.UUID(int=7))}, "$.business_id"),
    ({"scope": "read"}, "$.name"),
    ({"name": "Shop", "grace_seconds": 60}, "$.grace_seconds"),
    ({"name": " ", "scope": "read"}, "$.name"),
    ({"name": "Shop", "scope": "everything"}, "$.scope"),
)


def test_malformed_request_revokes_no_key(shop: Shop, client: CheckedClient, master: Master) -> None:
    for body, path in MALFORMED:
        response = client.post(f"/api/v1/businesses/{shop.business_id}/api-keys", json=body, headers=master)
        assert response.status_code == 400, body
        assert [problem["path"] for problem in response.get_json()["details"]] == [path]
    assert _status(shop, client, shop.key) == 200


def test_named_key_leaves_the_other_keys_valid(shop: Shop, client: CheckedClient, master: Master) -> None:
    named = _renew(shop, client, master, name=" Web shop ")
    assert (named["name"], named["scope"]) == ("Web shop", "full")
    assert [_status(shop, client, key) for key in (shop.key, named["api_key"])] == [200, 200]
    renewed = _renew(shop, client, master)["api_key"]
    assert [_status(shop, client, key) for key in (shop.key, named["api_key"], renewed)] == [401, 200, 200]


def test_rotated_key_keeps_its_name_and_scope(
    shop: Shop, other_shop: Shop, client: CheckedClient, master: Master, sql: Connection
) -> None:
    old = _renew(shop, client, master, name="Reports", scope="read")
    path = f"/api/v1/businesses/{shop.business_id}/api-keys/{old['key_id']}/rotate"
    new = made(client.post(path, json={"grace_seconds": 600}, headers=master))
    assert (new["name"], new["scope"], new["key_id"] == old["key_id"]) == ("Reports", "read", False)
    assert [_status(shop, client, each["api_key"]) for each in (old, new)] == [200, 200]
    twice = client.post(path, json={"grace_seconds": 600}, headers=master)
    assert (twice.status_code, twice.get_json()["message"]) == (409, "This key was already rotated.")
    sql.execute("UPDATE api_keys SET expires_at = expires_at - interval '10 minutes'")
    assert [_status(shop, client, each["api_key"]) for each in (old, new)] == [401, 200]
    assert _status(shop, client, shop.key) == 200
    made(client.post(path.replace(old["key_id"], new["key_id"]), headers=master))
    assert _status(shop, client, new["api_key"]) == 401
    again = client.post(path.replace(old["key_id"], new["key_id"]), headers=master)
    assert (again.status_code, again.get_json()["message"]) == (409, "This key has expired.")
    theirs = path.replace(shop.business_id, other_shop.business_id)
    assert client.post(theirs, headers=master).status_code == 404
    assert shop.post(path.removeprefix("/api/v1"), {}).status_code == 403


def test_number_of_keys_is_limited(shop: Shop, client: CheckedClient, master: Master, sql: Connection) -> None:
    sql.execute(
        """
        INSERT INTO api_keys (business_id, key_hash, key_prefix, name)
        SELECT %s, gen_random_uuid()::text, 'icmp', 'Key ' || n FROM generate_series(1, 99) n
        """,
        [shop.business_id],
    )
    path = f"/api/v1/businesses/{shop.business_id}/api-keys"
    answer = client.post(path, json={"name": "One more"}, headers=master)
    assert (answer.status_code, answer.get_json()["error_code"]) == (409, "CONFLICT")


def test_messages_key_only_sends_messages_and_reads_conversations(
    shop: Shop, client: CheckedClient, master: Master
) -> None:
    """tests/api/test_permissions.py tries every route."""
    key = _renew(shop, client, master, name="Chat widget", scope="messages")["api_key"]
    headers = {"Authorization": f"Bearer {key}"}
    answer = client.post("/api/v1/messages", json={"user_id": shop.user_id, "message": "Hello"}, headers=headers)
    assert answer.status_code == 200
    path = f"/api/v1/conversations/{answer.get_json()['conversation_id']}"
    assert len(client.get(f"{path}/messages", headers=headers).get_json()) == 2
    assert client.get(f"{path}/messages?notes=true", headers=headers).status_code == 403
    for hidden in (
        "/templates",
        f"/turns/{answer.get_json()['turn_id']}",
        "/llm-calls",
        "/users",
        "/secrets",
        "/stages",
    ):
        refused = client.get(f"/api/v1{hidden}", headers=headers)
        assert (refused.status_code, "`messages`" in refused.text) == (403, True), hidden


def test_key_with_a_limited_scope_does_not_connect_a_page(shop: Shop, client: CheckedClient, master: Master) -> None:
    for scope in ("messages", "read"):
        key = _renew(shop, client, master, name=scope, scope=scope)["api_key"]
        config = {"userId": shop.owner_id, "businessId": shop.business_id, "businessApiKey": key}
        assert client.post("/api/save-config", json=config).status_code == 401


def test_concurrent_renewals_leave_one_valid_key(shop: Shop, client: CheckedClient, master: Master) -> None:
    keys: list[str] = []
    threads = [
        Thread(target=lambda: keys.append(_renew(shop, shop.client.application.test_client(), master)["api_key"]))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(_status(shop, client, key) for key in keys) == [200, 401, 401, 401]


def _renew(shop: Shop, client: Any, master: Master, **body: Any) -> dict[str, Any]:
    return made(client.post(f"/api/v1/businesses/{shop.business_id}/api-keys", json=body, headers=master))


def _list(shop: Shop, client: CheckedClient, master: Master) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.get(
        f"/api/v1/businesses/{shop.business_id}/api-keys", headers=master
    ).get_json()
    return rows


def _status(shop: Shop, client: CheckedClient, key: str) -> int:
    headers = {"Authorization": f"Bearer {key}"}
    return client.get(f"/api/v1/businesses/{shop.business_id}", headers=headers).status_code
