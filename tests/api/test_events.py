"""Events: who can report them, which are verified, and what is stored."""

import uuid
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

from tests.support.checked_client import CheckedClient
from tests.support.database import Connection
from tests.support.factories import Shop, made


def test_event_with_the_business_key_is_verified_and_stored_unchanged(shop: Shop) -> None:
    event = {
        "event_id": str(uuid.uuid4()),
        "event_type": "page_view",
        "event_timestamp": "2026-03-01T10:00:00+02:00",
        "user_id": shop.user_id,
        "session_id": "s-1",
        "stage_id": shop.stages["Greeting"],
        "message_text": "مرحبا 👋",
        "custom_event_properties": {"page": "/books", "seconds": 12.5, "tags": ["a", None]},
    }
    assert made(shop.post("/events", event)) == {"event_id": event["event_id"], "verified": True}
    (kept,) = shop.get("/events").get_json()
    assert kept | {"event_timestamp": event["event_timestamp"]} == {
        **event,
        "business_id": shop.business_id,
        "agent_id": None,
        "product_id": None,
        "order_id": None,
        "verified": True,
        "created_at": kept["created_at"],
    }
    assert datetime.fromisoformat(kept["event_timestamp"]) == datetime(2026, 3, 1, 8, tzinfo=UTC)


def test_missing_id_and_time_are_set(shop: Shop) -> None:
    event_id = made(shop.post("/events", {"event_type": "click"}))["event_id"]
    (kept,) = shop.get("/events").get_json()
    assert kept["event_id"] == event_id
    age = datetime.now(UTC) - datetime.fromisoformat(kept["event_timestamp"])
    assert timedelta(0) <= age < timedelta(minutes=1)


def test_repeated_event_is_stored_once(shop: Shop) -> None:
    event = {"event_id": str(uuid.uuid4()), "event_type": "click", "session_id": "first"}
    first = shop.post("/events", event)
    again = shop.post("/events", {**event, "session_id": "second"})
    assert (first.status_code, first.get_json()) == (again.status_code, again.get_json())
    assert [row["session_id"] for row in shop.get("/events").get_json()] == ["first"]


def test_concurrent_copies_of_an_event_are_stored_once(shop: Shop) -> None:
    event, start, answers = {"event_id": str(uuid.uuid4()), "event_type": "click"}, Barrier(6), []

    def send() -> None:
        client = shop.client.application.test_client()
        start.wait()
        answers.append(client.post("/api/v1/events", json=event, headers=shop.headers))

    threads = [Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [made(answer) for answer in answers] == [{"event_id": event["event_id"], "verified": True}] * 6
    assert len(shop.get("/events").get_json()) == 1


def test_repeated_event_is_answered_the_same_after_its_rows_are_deleted(shop: Shop) -> None:
    product_id = made(shop.post("/products", {"product_name": "Lamp"}))["product_id"]
    event = {"event_id": str(uuid.uuid4()), "event_type": "click", "product_id": product_id}
    first = made(shop.post("/events", event))
    shop.delete(f"/products/{product_id}")
    assert made(shop.post("/events", event)) == first
    assert [row["product_id"] for row in shop.get("/events").get_json()] == [None]


def test_event_ids_are_unique_per_business(shop: Shop, other_shop: Shop) -> None:
    event = {"event_id": str(uuid.uuid4()), "event_type": "click"}
    for each in (shop, other_shop):
        made(each.post("/events", event))
        assert [row["business_id"] for row in each.get("/events").get_json()] == [each.business_id]


def test_event_without_a_key_is_unverified(shop: Shop, client: CheckedClient) -> None:
    answer = made(client.post("/api/v1/events", json={"business_id": shop.business_id, "event_type": "click"}))
    (kept,) = shop.get("/events").get_json()
    assert answer == {"event_id": kept["event_id"], "verified": False}
    assert kept["verified"] is False


def test_unverified_event_does_not_reveal_whether_a_business_exists(client: CheckedClient, sql: Connection) -> None:
    event = {"business_id": str(uuid.uuid4()), "event_id": str(uuid.uuid4()), "event_type": "click"}
    assert made(client.post("/api/v1/events", json=event)) == {"event_id": event["event_id"], "verified": False}
    assert sql.execute("SELECT 1 FROM events WHERE event_id = %s", [event["event_id"]]).fetchone() is None


def test_rows_of_another_business_are_404_with_a_key_and_dropped_without(
    shop: Shop, other_shop: Shop, client: CheckedClient
) -> None:
    ours, theirs = _rows_of(shop), _rows_of(other_shop)
    for named in ("user_id", "agent_id", "stage_id", "product_id", "order_id"):
        answers = []
        for row_id in (theirs[named], str(uuid.uuid4())):
            response = shop.post("/events", {"event_type": "click", named: row_id})
            assert response.status_code == 404, named
            answers.append({**response.get_json(), "request_id": None})
            event = {"business_id": shop.business_id, "event_type": "click", named: row_id}
            assert made(client.post("/api/v1/events", json=event))["verified"] is False
        assert answers[0] == answers[1]
        event = {"business_id": shop.business_id, "event_type": "click", named: ours[named]}
        made(client.post("/api/v1/events", json=event))
    kept = shop.get("/events").get_json()
    assert [{name: row[name] for name in ours if row[name]} for row in kept] == [
        {name: row_id} for name, row_id in ours.items()
    ]


def test_unverified_event_does_not_block_a_verified_one(shop: Shop, client: CheckedClient) -> None:
    event_id = str(uuid.uuid4())
    made_up = {"business_id": shop.business_id, "event_id": event_id, "event_type": "purchase", "session_id": "made up"}
    made(client.post("/api/v1/events", json=made_up))
    made(shop.post("/events", {"event_id": event_id, "event_type": "purchase", "session_id": "real"}))
    made(client.post("/api/v1/events", json=made_up))
    assert [(row["session_id"], row["verified"]) for row in shop.get("/events").get_json()] == [("real", True)]


def test_reporter_of_an_event(shop: Shop, other_shop: Shop, client: CheckedClient, master: dict[str, str]) -> None:
    event = {"event_type": "click", "business_id": shop.business_id}
    assert made(client.post("/api/v1/events", json=event, headers=master))["verified"] is True
    assert client.post("/api/v1/events", json={"event_type": "click"}, headers=master).status_code == 400
    assert other_shop.post("/events", event).status_code == 403
    wrong = {"Authorization": "Bearer icmp_nobodys"}
    assert client.post("/api/v1/events", json=event, headers=wrong).status_code == 401
    response = client.post("/api/v1/events", json={"event_type": "click"})
    assert (response.status_code, response.get_json()["details"][0]["path"]) == (400, "$.business_id")
    assert client.get("/api/v1/events", query_string={"business_id": shop.business_id}).status_code == 401
    assert len(shop.get("/events").get_json()) == 1


MALFORMED: tuple[tuple[dict[str, Any], str], ...] = (
    ({}, "$.event_type"),
    ({"event_type": " "}, "$.event_type"),
    ({"event_type": "a", "colour": "red"}, "$.colour"),
    ({"event_type": "a", "event_id": "17"}, "$.event_id"),
    ({"event_type": "a", "event_timestamp": "yesterday"}, "$.event_timestamp"),
    ({"event_type": "a", "event_timestamp": "2026-03-01T10:00:00"}, "$.event_timestamp"),
    ({"event_type": "a", "event_timestamp": "2016-12-31T23:59:60Z"}, "$.event_timestamp"),
    ({"event_type": "a", "event_timestamp": "0001-01-01T00:00:00+14:00"}, "$.event_timestamp"),
    ({"event_type": "a", "event_timestamp": "9999-01-01T00:00:00Z"}, "$.event_timestamp"),
    ({"event_type": "a", "message_text": "a\x00b"}, "$.message_text"),
    ({"event_type": "a", "custom_event_properties": []}, "$.custom_event_properties"),
)


def test_malformed_event_is_rejected(shop: Shop, client: CheckedClient) -> None:
    for event, path in MALFORMED:
        for response in (
            shop.post("/events", event),
            client.post("/api/v1/events", json={**event, "business_id": str(uuid.uuid4())}),
        ):
            assert response.status_code == 400, event
            assert [problem["path"] for problem in response.get_json()["details"]] == [path]
    assert shop.get("/events").get_json() == []


def test_size_of_an_event_is_limited(shop: Shop) -> None:
    assert shop.post("/events", {"event_type": "a", "message_text": "é" * 20000}).status_code == 201
    large = {"event_type": "a", "custom_event_properties": {"text": "x" * 70000}}
    assert shop.post("/events", large).status_code == 413
    huge = {"event_type": "a", "custom_event_properties": {"text": "x" * 10_000_000}}
    assert shop.post("/events", huge).status_code == 413


def test_events_can_be_filtered_and_paged(shop: Shop) -> None:
    for number in range(1, 10):
        made(
            shop.post(
                "/events",
                {
                    "event_type": "odd" if number % 2 else "even",
                    "event_timestamp": f"2026-03-{10 - number:02}T12:00:00Z",  # received in the opposite order
                    "session_id": str(number),
                    **({"user_id": shop.user_id} if number > 6 else {}),
                },
            )
        )

    def listed(**query: Any) -> str:
        response = shop.get("/events", **query)
        assert response.status_code == 200, response.text
        return "".join(row["session_id"] for row in response.get_json())

    assert listed() == "123456789"
    assert listed(event_type="even") == "2468"
    assert listed(user_id=shop.user_id) == "789"
    assert listed(user_id=str(uuid.uuid4())) == ""
    assert listed(**{"from": "2026-03-07T12:00:00Z"}) == "123"
    assert listed(to="2026-03-03T12:00:00+00:00") == "89"
    assert listed(**{"from": "2026-03-03T12:00:00Z", "to": "2026-03-06T12:00:00Z", "event_type": "odd"}) == "57"
    assert listed(limit=2, offset=3) == "45"
    assert listed(offset=100) == ""
    link = shop.get("/events", limit=2, offset=3).headers["Link"]
    assert "offset" not in link
    following = shop.client.get(link[1:].partition(">")[0], headers=shop.headers)
    assert [row["session_id"] for row in following.get_json()] == ["6", "7"]
    for bad in ({"from": "2026-03-07"}, {"to": "x"}, {"offset": -1}, {"limit": 0}, {"user_id": "x"}, {"cursor": "x"}):
        assert shop.get("/events", **bad).status_code == 400, bad


def _rows_of(shop: Shop) -> dict[str, str]:
    order = {"user_id": shop.user_id, "order_number": "A-1"}
    return {
        "user_id": shop.user_id,
        "agent_id": made(shop.post("/agents", {"agent_name": "Ada"}))["agent_id"],
        "stage_id": shop.stages["Greeting"],
        "product_id": made(shop.post("/products", {"product_name": "Lamp"}))["product_id"],
        "order_id": made(shop.post("/orders", order))["order_id"],
    }
