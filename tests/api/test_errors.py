"""Error responses: their format, status and details."""

import pytest

from tests.support.checked_client import CheckedClient
from tests.support.errors import failure, paths
from tests.support.factories import Shop, made
from tests.support.openapi_requests import OPERATIONS

UNKNOWN = "00000000-0000-4000-8000-00000000abcd"
CANONICAL = [each for each in OPERATIONS if each.path.startswith("/api/v1/")]
JSON = {"Content-Type": "application/json"}


def test_400_lists_all_problems(shop: Shop) -> None:
    wrong = {
        "stage_name": 5,
        "confidence_threshold": 7,
        "agent_id": "no-uuid",
        "example_messages": ["ok", ""],
        "model": "x",
        "is_active": "yes",
    }
    body = failure(shop.post("/stages", wrong), 400, "INVALID_REQUEST")
    assert paths(body) == {
        "$.stage_name",
        "$.confidence_threshold",
        "$.agent_id",
        "$.example_messages[1]",
        "$.model",
        "$.is_active",
    }
    body = failure(shop.post("/orders", {"items": [{"quantity": 0}]}), 400, "INVALID_REQUEST")
    assert paths(body) == {"$.user_id", "$.order_number", "$.items[0].product_name", "$.items[0].quantity"}
    body = failure(shop.get("/conversations", limit="0", status="odd", stage_id="5"), 400, "INVALID_REQUEST")
    assert paths(body) == {"$.limit", "$.status", "$.stage_id"}


def test_401(client: CheckedClient) -> None:
    for headers in ({}, {"Authorization": "Bearer unknown"}, {"Authorization": "Basic eDp5"}, {"Authorization": ""}):
        failure(client.get("/api/v1/stages", headers=headers), 401, "UNAUTHORIZED")
    failure(client.get("/api/v1/stages", headers={"Authorization": "Bearer clé"}), 401, "UNAUTHORIZED")


def test_403(shop: Shop) -> None:
    failure(shop.get("/businesses"), 403, "FORBIDDEN")
    failure(shop.get(f"/businesses/{UNKNOWN}"), 403, "FORBIDDEN")


def test_404(client: CheckedClient, shop: Shop) -> None:
    failure(client.get("/no/such/page"), 404, "NOT_FOUND")
    failure(client.get("/api/v1/nothing"), 404, "NOT_FOUND")
    failure(shop.get(f"/stages/{UNKNOWN}"), 404, "NOT_FOUND")


def test_405_names_the_allowed_methods(shop: Shop) -> None:
    answer = shop.put("/stages", {})
    failure(answer, 405, "METHOD_NOT_ALLOWED")
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_409(shop: Shop) -> None:
    failure(shop.post("/stages", {"stage_name": "Greeting"}), 409, "CONFLICT")


def test_412_contains_the_current_version(shop: Shop) -> None:
    answer = shop.put(f"/stages/{shop.stages['Greeting']}", {"position": 4}, headers={"If-Match": '"7"'})
    failure(answer, 412, "PRECONDITION_FAILED")
    assert answer.headers["ETag"] == '"1"'


@pytest.mark.parametrize("megabytes", [3, 10])
def test_413(shop: Shop, megabytes: int) -> None:
    for path in ("/stages", "/messages", "/users"):
        body = {"user_id": shop.user_id, "message": "x" * megabytes * 1024 * 1024}
        failure(shop.post(path, body), 413, "PAYLOAD_TOO_LARGE")


def test_415(shop: Shop) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        headers = {**shop.headers, "Content-Type": kind}
        answer = shop.client.post("/api/v1/agents", data=b'{"agent_name": "x"}', headers=headers)
        failure(answer, 415, "UNSUPPORTED_MEDIA_TYPE")


def test_error_shows_how_a_value_is_written(shop: Shop) -> None:
    order = {
        "user_id": shop.user_id,
        "order_number": "A-1",
        "currency": "euro",
        "order_date": "31.01.2026",
        "status": 5,
    }
    body = failure(shop.post("/orders", order), 400, "INVALID_REQUEST")
    assert {each["path"]: each["message"] for each in body["details"]} == {
        "$.currency": "Must be written like EUR or USD.",
        "$.order_date": "Must be a date and time such as 2026-01-31T09:30:00+01:00.",
        "$.status": "Must be of type string.",
    }


def test_error_names_the_alternative_fields(shop: Shop, master: dict[str, str]) -> None:
    both = {"user_id": shop.user_id, "user": {"external_id": "c-1"}}
    for who, message in (
        ({}, "One of these is required: `user_id` or `user`."),
        (both, "Only one of these is allowed: `user_id` or `user`."),
    ):
        body = failure(shop.post("/messages", {"message": "Hi", **who}), 400, "INVALID_REQUEST")
        assert body["details"] == [{"path": "$", "message": message}]
    body = failure(shop.post("/messages", ["Hi"]), 400, "INVALID_REQUEST")
    assert body["details"][0] == {"path": "$", "message": "Must be of type object."}
    answer = shop.client.post("/api/v1/businesses", json={"business_name": "Owned by nobody"}, headers=master)
    named = failure(answer, 400, "INVALID_REQUEST")["details"]
    assert named == [{"path": "$", "message": "One of these is required: `owner_id` or `owner`."}]


def test_errors_of_an_alternative_are_at_its_fields(shop: Shop) -> None:
    for retrieval, places in (
        ({"method": "api_call", "config": {"method": "GET", "url": "", "header": {}}}, {"url", "header"}),
        ({"method": "database_query", "config": {"source": "orders", "match": {"colour": "red"}}}, {"match.colour"}),
    ):
        answer = shop.put(f"/stages/{shop.stages['Greeting']}", {"data_retrieval": retrieval})
        assert paths(failure(answer, 400, "INVALID_REQUEST")) == {f"$.data_retrieval.config.{each}" for each in places}


def test_malformed_id_is_400(shop: Shop) -> None:
    for malformed in ("5", "no-uuid", f"{UNKNOWN}0", UNKNOWN.replace("-", ""), "{" + UNKNOWN + "}"):
        assert paths(failure(shop.get(f"/stages/{malformed}"), 400, "INVALID_REQUEST")) == {"$.stage_id"}
        answer = shop.post("/messages", {"user_id": malformed, "message": "hello"})
        assert paths(failure(answer, 400, "INVALID_REQUEST")) == {"$.user_id"}
        assert paths(failure(shop.get("/agents", business_id=malformed), 400, "INVALID_REQUEST")) == {"$.business_id"}


def test_query_parameter_given_twice_is_400(shop: Shop) -> None:
    answer = shop.client.get("/api/v1/templates?limit=1&limit=2", headers=shop.headers)
    assert paths(failure(answer, 400, "INVALID_REQUEST")) == {"$.limit"}
    query = f"business_id={shop.business_id}&business_id={UNKNOWN}"
    failure(shop.client.get(f"/api/v1/agents?{query}", headers=shop.headers), 403, "FORBIDDEN")
    assert shop.client.get("/api/v1/templates?limit=&limit=1", headers=shop.headers).status_code == 200


NAMES = [
    "🦊🏳️‍🌈",
    "שלום עולם",
    "مرحبا بالعالم",
    "‮gnirts‬",
    "Zoë Ångström",
    "中村 さくら",
    "a'; DROP TABLE users; --",
    "<b>&amp;</b>",
]


@pytest.mark.parametrize("name", NAMES)
def test_text_is_stored_unchanged(shop: Shop, name: str) -> None:
    user_id = shop.add_customer(name, first_name=name, last_name=name, metadata={name: [name]})
    user = shop.get(f"/users/{user_id}").get_json()
    assert (user["external_id"], user["first_name"], user["metadata"]) == (name, name, {name: [name]})
    stage_id = shop.add_stage(name, stage_description=name, example_messages=[name])
    assert shop.get(f"/stages/{stage_id}").get_json()["stage_name"] == name
    answer = shop.say(name, user_id=user_id).get_json()
    said = shop.get(f"/conversations/{answer['conversation_id']}/messages").get_json()
    assert said[0]["message_content"] == name
    template = made(
        shop.post("/templates", {"template_name": name, "template_type": "stage_selection", "content": name})
    )
    assert shop.get(f"/templates/{template['template_id']}").get_json()["content"] == name


def test_content_type_without_a_body_is_accepted(shop: Shop) -> None:
    product_id = made(shop.post("/products", {"product_name": "Lamp"}))["product_id"]
    headers = {**shop.headers, "Content-Type": "application/json"}
    assert shop.client.delete(f"/api/v1/products/{product_id}", headers=headers).status_code == 204


def test_error_does_not_repeat_a_password(client: CheckedClient) -> None:
    for password in ("short-pw", ["short-pw"]):
        answer = client.post("/api/v1/auth/invitation", json={"token": "x", "password": password})
        assert answer.status_code == 400
        assert "short-pw" not in answer.text
