"""Every failure has one shape, says all that is wrong at once, and leaves nothing behind. (SPEC 5)"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from core.validation import conforms_to
from tests.conftest import MASTER_KEY, make_config, own_database, running_app
from tests.support.checked_client import CheckedClient
from tests.support.database import Connection, connect
from tests.support.factories import Shop, made, make_shop
from tests.support.fake_model import FakeModel
from tests.support.openapi_requests import DOCUMENT, OPERATIONS, Operation

UNKNOWN = "00000000-0000-4000-8000-00000000abcd"
CANONICAL = [each for each in OPERATIONS if each.path.startswith("/api/v1/")]
JSON = {"Content-Type": "application/json"}


def failure(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    """The body of a failure of this kind, in the one shape."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/json"
    body: dict[str, Any] = answer.get_json()
    assert conforms_to(body, "error") == []
    assert body["error_code"] == code
    assert body["message"]
    assert body["remediation"]
    assert body["request_id"] == answer.headers["X-Request-Id"]
    return body


def paths(body: dict[str, Any]) -> set[str]:
    return {problem["path"] for problem in body["details"]}


def test_400_tells_every_problem_at_once(shop: Shop) -> None:
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
    for headers in ({}, {"Authorization": "Bearer nobody's"}, {"Authorization": "Basic eDp5"}, {"Authorization": ""}):
        failure(client.get("/api/v1/stages", headers=headers), 401, "UNAUTHORIZED")
    failure(client.get("/api/v1/stages", headers={"Authorization": "Bearer clé"}), 401, "UNAUTHORIZED")


def test_403(shop: Shop) -> None:
    failure(shop.get("/businesses"), 403, "FORBIDDEN")
    failure(shop.get(f"/businesses/{UNKNOWN}"), 403, "FORBIDDEN")


def test_404(client: CheckedClient, shop: Shop) -> None:
    failure(client.get("/no/such/page"), 404, "NOT_FOUND")
    failure(client.get("/api/v1/nothing"), 404, "NOT_FOUND")
    failure(shop.get(f"/stages/{UNKNOWN}"), 404, "NOT_FOUND")


def test_405_says_what_is_allowed(shop: Shop) -> None:
    answer = shop.put("/stages", {})
    failure(answer, 405, "METHOD_NOT_ALLOWED")
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_409(shop: Shop) -> None:
    failure(shop.post("/stages", {"stage_name": "Greeting"}), 409, "CONFLICT")


def test_412_carries_the_present_version(shop: Shop) -> None:
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


HOSTILE_BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "two values": b"{} {}",
    "no UTF-8": b'{"agent_name": "\xff"}',
    "UTF-16": '{"agent_name": "x"}'.encode("utf-16"),
    "a NUL": b'{"agent_name": "a\\u0000b", "message": "a\\u0000b"}',
    "a NUL as it is": b'{"agent_name": "a\x00b"}',
    "a NUL in a name": b'{"agent\\u0000_name": "x"}',
    "a lone surrogate": b'{"agent_name": "a\\ud800b"}',
    "a lone low surrogate": b'{"agent_name": "\\udc00"}',
    "surrogates the wrong way round": b'{"agent_name": "\\udc00\\ud800"}',
    "a surrogate in raw bytes": b'{"agent_name": "\xed\xa0\x80"}',
    "an array": b"[]",
    "a text": b'"x"',
    "null": b"null",
    "a number": b"5",
    "NaN": b'{"position": NaN}',
    "Infinity": b'{"position": -Infinity}',
    "an infinite number": b'{"position": 1e999}',
    "a huge number": b'{"position": 1' + b"0" * 3000 + b"}",
    "a number of too many digits": b'{"position": ' + b"9" * 6000 + b"}",
    "a field twice": b'{"agent_name": "a", "agent_name": "b"}',
    "an inner field twice": b'{"metadata": {"a": 1, "a": 1}}',
    "an unknown field": b'{"nobody_knows_this": 1}',
    "deep nesting": b'{"metadata": ' + b"[" * 500 + b"]" * 500 + b"}",
    "very deep nesting": b"[" * 100_000 + b"]" * 100_000,
    "very deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
}


PARSE_ERRORS = {
    "nothing": "The request body is empty.",
    "no JSON": "The request body is not valid JSON (line 1, column 2).",
    "two values": "The request body is not valid JSON (line 1, column 4).",
    "no UTF-8": "The request body is not valid UTF-8.",
    "UTF-16": "The request body is not valid UTF-8.",
    "a number of too many digits": "A number in the request body is too long.",
    "NaN": "NaN is not valid JSON.",
    "Infinity": "-Infinity is not valid JSON.",
    "a field twice": "Duplicate field.",
    "very deep nesting": "The request body is nested too deeply.",
    "very deep objects": "The request body is nested too deeply.",
}


@pytest.mark.parametrize("hostile", PARSE_ERRORS)
def test_error_says_why_the_body_could_not_be_parsed(standing: Shop, hostile: str) -> None:
    answer = standing.client.post("/api/v1/agents", data=HOSTILE_BODIES[hostile], headers={**standing.headers, **JSON})
    assert failure(answer, 400, "INVALID_REQUEST")["details"] == [{"path": "$", "message": PARSE_ERRORS[hostile]}]


def test_error_names_the_alternative_fields(standing: Shop, master: dict[str, str]) -> None:
    both = {"user_id": standing.user_id, "user": {"external_id": "c-1"}}
    for who, message in (
        ({}, "One of these is required: `user_id` or `user`."),
        (both, "Only one of these is allowed: `user_id` or `user`."),
    ):
        body = failure(standing.post("/messages", {"message": "Hi", **who}), 400, "INVALID_REQUEST")
        assert body["details"] == [{"path": "$", "message": message}]
    body = failure(standing.post("/messages", ["Hi"]), 400, "INVALID_REQUEST")
    assert body["details"][0] == {"path": "$", "message": "['Hi'] is not of type 'object'"}
    answer = standing.client.post("/api/v1/businesses", json={"business_name": "Owned by nobody"}, headers=master)
    named = failure(answer, 400, "INVALID_REQUEST")["details"]
    assert named == [{"path": "$", "message": "One of these is required: `owner_id` or `owner`."}]


@pytest.mark.parametrize("empty", ["", " ", ",", " , "])
def test_an_if_match_without_a_version_is_not_ignored(standing: Shop, empty: str) -> None:
    path = f"/stages/{standing.stages['Greeting']}"
    before = standing.get(path).get_json()
    body = failure(standing.put(path, {"position": 9}, {"If-Match": empty}), 400, "INVALID_REQUEST")
    assert paths(body) == {"$.headers.If-Match"}
    assert standing.get(path).get_json() == before


# All bodies are read in one place: these show that every route reads there, the others are sent to a few.
TELLING = {"a NUL", "an array", "NaN", "a field twice", "an unknown field"}
A_FEW = {"/api/v1/agents", "/api/v1/messages", "/api/v1/stages/{stage_id}"}


@pytest.fixture(scope="module")
def database_url(server_url: str, template_database: str) -> Iterator[str]:
    """A database of this module's own, because some of its requests change what all businesses share."""
    with own_database(server_url, template_database) as url:
        yield url


@pytest.fixture(scope="module")
def app(database_url: str, model_server: FakeModel) -> Iterator[Flask]:
    with running_app(make_config(database_url, OPENAI_BASE_URL=model_server.base_url)) as app:
        yield app


@pytest.fixture(scope="module")
def standing(app: Flask) -> Shop:
    """A shop that only tests which leave nothing behind may use."""
    return make_shop(app.test_client(), {"Authorization": f"Bearer {MASTER_KEY}"}, "Standing Shop")


@pytest.fixture(scope="module")
def fuzzed(app: Flask) -> Shop:
    """A shop in which anything may be written."""
    return make_shop(app.test_client(), {"Authorization": f"Bearer {MASTER_KEY}"}, "Fuzzed Shop")


@pytest.fixture(scope="module")
def watched(database_url: str) -> Iterator[Connection]:
    with connect(database_url) as conn:
        yield conn


def everything(watched: Connection) -> dict[str, int]:
    """A sum over all rows of each table."""
    tables = watched.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        " AND table_name <> 'processes'"  # their heartbeats
    ).fetchall()
    return {
        row["table_name"]: watched.execute(
            f"SELECT coalesce(sum(hashtextextended((to_jsonb(t) - 'last_used_at')::text, 0)), 0)"
            f" AS sum FROM {row['table_name']} t".encode()
        ).fetchone()["sum"]  # type: ignore[index]
        for row in tables
    }


def path_of(operation: Operation, shop: Shop) -> str:
    own = {"business_id": shop.business_id, "user_id": shop.user_id, "stage_id": shop.stages["Greeting"]}
    return operation.request(own.get).path


def caller_of(operation: Operation, shop: Shop, master: dict[str, str]) -> dict[str, str] | None:
    """Headers of somebody who may call it; None where that is only somebody who signed in."""
    if operation.admits("key"):
        return shop.headers
    return master if operation.admits("master") else None


@pytest.mark.parametrize("hostile", HOSTILE_BODIES)
def test_a_hostile_body_is_refused_by_every_route(
    standing: Shop, master: dict[str, str], watched: Any, hostile: str
) -> None:
    shop, before, tried = standing, everything(watched), 0
    for operation in CANONICAL:
        caller = caller_of(operation, shop, master)
        if operation.body_schema and caller and (hostile in TELLING or operation.path in A_FEW):
            tried += 1
            answer = shop.client.open(
                path_of(operation, shop),
                method=operation.method.upper(),
                data=HOSTILE_BODIES[hostile],
                headers={**caller, **JSON},
            )
            # An id that names nothing may be told before the body is read.
            assert answer.status_code in (400, 404), f"{operation}: {answer.text}"
            if answer.status_code == 400:
                body = failure(answer, 400, "INVALID_REQUEST")
                assert body["details"] or operation.path.endswith("/save-config"), str(operation)
    assert tried >= (20 if hostile in TELLING else len(A_FEW))
    assert everything(watched) == before


def values_to_try(schema: dict[str, Any]) -> Iterator[Any]:
    """Values of every other kind, and the edges of the right one."""
    kinds = schema.get("type", ["object"])
    yield from ({"a": None}, [None], [[]], True, 5, "x", None)
    if "integer" in kinds or "number" in kinds:
        yield from (0, -1, 1.5, 1e30, 10**30, -(10**30), 2**31, 2**63)
    if "string" in kinds and "enum" not in schema:
        yield from ("", " \t", "%(business_id)s %s '\" \\ $1 {user_name", "\u202e\u2028💥" * 40, "x" * 200_000)
    if schema.get("format") == "date-time":
        yield from (
            "99999-01-01T00:00:00Z",
            "0000-01-01T00:00:00Z",
            "9999-12-31T23:59:59-23:59",
            "2026-02-30T00:00:00Z",
        )
        yield from ("2026-12-31T23:59:60Z", "2026-01-01t00:00:00z", "2026-01-01T00:00:00+15:59", "2026-01-01")
    if schema.get("format") == "uuid":
        yield from (
            "1_345678-1234-4234-8234-123456789012",
            "\u06612345678-1234-4234-8234-123456789012",
            UNKNOWN.upper(),
        )


# A new key ends the one that these tests use.
WITH_BODIES = [each for each in CANONICAL if each.body_schema and not each.path.endswith("/api-keys")]


@pytest.mark.parametrize("operation", WITH_BODIES, ids=str)
def test_no_value_of_any_field_breaks_a_route(fuzzed: Shop, master: dict[str, str], operation: Operation) -> None:
    """What is valid may be stored; everything else is a 4xx that names the field."""
    headers = caller_of(operation, fuzzed, master) or fuzzed.headers
    properties = DOCUMENT["components"]["schemas"][operation.body_schema]["properties"]
    own = {"business_id": fuzzed.business_id, "user_id": fuzzed.user_id, "stage_id": fuzzed.stages["Greeting"]}
    for name, schema in properties.items():
        for value in values_to_try(schema):
            request = operation.request(own.get)
            body = {**request.body, name: value}
            answer = fuzzed.client.open(
                request.path, method=request.method, data=json.dumps(body), headers={**headers, **JSON}
            )
            assert answer.status_code < 500, f"{name}: {value!r:.80}: {answer.text}"
            if answer.status_code == 400 and not operation.path.endswith("/save-config"):
                assert answer.get_json()["details"], f"{name}: {value!r:.80}: {answer.text}"


@pytest.mark.parametrize("operation", [each for each in CANONICAL if each.method == "get"], ids=str)
def test_no_query_or_path_breaks_a_route(standing: Shop, operation: Operation) -> None:
    shop = standing
    hostile = ["%00", "%ff", "%ed%a0%80", "%F0%9F%92%A5", "'", "%25", "..%2f", "9" * 400, "-1", "1e5", " ", "%0a"]
    for name in operation.parameters("query"):
        for value in hostile:
            answer = shop.client.get(f"{path_of(operation, shop)}?{name}={value}", headers=shop.headers)
            assert answer.status_code < 500, f"{name}={value}: {answer.text}"
    for name in operation.parameters("path"):
        for value in hostile:
            path = operation.path.replace(f"{{{name}}}", value)
            answer = shop.client.get(path, headers=shop.headers)
            assert answer.status_code < 500, f"{path}: {answer.text}"


def test_a_malformed_id_is_a_400(shop: Shop) -> None:
    for malformed in ("5", "no-uuid", f"{UNKNOWN}0", UNKNOWN.replace("-", ""), "{" + UNKNOWN + "}"):
        assert paths(failure(shop.get(f"/stages/{malformed}"), 400, "INVALID_REQUEST")) == {"$.stage_id"}
        answer = shop.post("/messages", {"user_id": malformed, "message": "hello"})
        assert paths(failure(answer, 400, "INVALID_REQUEST")) == {"$.user_id"}
        assert paths(failure(shop.get("/agents", business_id=malformed), 400, "INVALID_REQUEST")) == {"$.business_id"}


def test_a_year_that_no_column_holds(shop: Shop) -> None:
    for moment in (
        "99999-01-01T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "0000-06-01T00:00:00Z",
        "2026-13-01T00:00:00Z",
    ):
        body = {"user_id": shop.user_id, "order_number": "A-1", "order_date": moment}
        assert paths(failure(shop.post("/orders", body), 400, "INVALID_REQUEST")) == {"$.order_date"}
    assert shop.get("/orders").get_json() == []


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
def test_names_are_kept_as_written(shop: Shop, name: str) -> None:
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


def test_a_type_without_a_body_is_no_body(shop: Shop) -> None:
    product_id = made(shop.post("/products", {"product_name": "Lamp"}))["product_id"]
    headers = {**shop.headers, "Content-Type": "application/json"}
    assert shop.client.delete(f"/api/v1/products/{product_id}", headers=headers).status_code == 204


def test_a_password_is_not_said_again(client: CheckedClient) -> None:
    for password in ("short-pw", ["short-pw"]):
        answer = client.post("/api/v1/auth/invitation", json={"token": "x", "password": password})
        assert answer.status_code == 400
        assert "short-pw" not in answer.text
