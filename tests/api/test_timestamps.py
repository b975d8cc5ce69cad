"""Timestamps sent by clients. One that cannot be stored or shown is rejected, because it would break its whole list."""

from tests.support.factories import Shop, made

INVALID = (
    "0001-01-01T00:00:00+14:00",  # before year 1 in UTC
    "9999-12-31T23:59:59-14:00",  # after year 9999 in UTC
    "99999-01-01T00:00:00Z",
    "0000-06-01T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2016-12-31T23:59:60Z",
    "2026-02-30T00:00:00Z",
    "2026-01-01T00:00:00",
    "2026-01-01",
)


def test_invalid_timestamp_is_rejected(shop: Shop) -> None:
    order = {"user_id": shop.user_id, "order_number": "A-1"}
    order_id = made(shop.post("/orders", order))["order_id"]
    for timestamp in INVALID:
        for response in (
            shop.post("/orders", {**order, "order_number": "A-2", "order_date": timestamp}),
            shop.put(f"/orders/{order_id}", {"order_date": timestamp}),
        ):
            assert response.status_code == 400, timestamp
            assert [problem["path"] for problem in response.get_json()["details"]] == ["$.order_date"]
        for path, name in (("/events", "from"), ("/events", "to"), ("/audit-log", "from")):
            response = shop.get(path, **{name: timestamp})
            assert response.status_code == 400, timestamp
            assert [problem["path"] for problem in response.get_json()["details"]] == [f"$.{name}"]
    assert len(shop.get("/orders").get_json()) == 1


STORED = {
    "2026-03-01T10:00:00.123456789+02:00": "2026-03-01T08:00:00.123456+00:00",
    "0001-01-01T00:00:00Z": "0001-01-01T00:00:00+00:00",
    "9999-12-31T23:59:59Z": "9999-12-31T23:59:59+00:00",
}


def test_timestamp_is_stored_in_utc(shop: Shop) -> None:
    for number, (timestamp, shown) in enumerate(STORED.items()):
        order = {"user_id": shop.user_id, "order_number": f"A-{number}", "order_date": timestamp}
        order_id = made(shop.post("/orders", order))["order_id"]
        assert shop.get(f"/orders/{order_id}").get_json()["order_date"] == shown
    assert [row["order_date"] for row in shop.get("/orders").get_json()] == list(STORED.values())
