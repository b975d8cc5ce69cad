"""Malformed bodies, field values, queries and paths: every route answers 4xx and stores nothing."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.conftest import MASTER_KEY, make_config, own_database, running_app
from tests.support.database import Connection, connect
from tests.support.errors import failure, paths
from tests.support.factories import Shop, make_shop
from tests.support.fake_model import FakeModel
from tests.support.openapi_requests import DOCUMENT, OPERATIONS, Operation

pytestmark = pytest.mark.slow

UNKNOWN = "00000000-0000-4000-8000-00000000abcd"
JSON = {"Content-Type": "application/json"}
CANONICAL = [each for each in OPERATIONS if each.path.startswith("/api/v1/")]


MALFORMED_BODIES = {
    "empty": b"",
    "not JSON": b"{",
    "two values": b"{} {}",
    "not UTF-8": b'{"agent_name": "\xff"}',
    "UTF-16": '{"agent_name": "x"}'.encode("utf-16"),
    "a NUL": b'{"agent_name": "a\\u0000b", "message": "a\\u0000b"}',
    "a raw NUL": b'{"agent_name": "a\x00b"}',
    "a NUL in a name": b'{"agent\\u0000_name": "x"}',
    "a lone surrogate": b'{"agent_name": "a\\ud800b"}',
    "a lone low surrogate": b'{"agent_name": "\\udc00"}',
    "surrogates in the wrong order": b'{"agent_name": "\\udc00\\ud800"}',
    "a surrogate in raw bytes": b'{"agent_name": "\xed\xa0\x80"}',
    "an array": b"[]",
    "a string": b'"x"',
    "null": b"null",
    "a number": b"5",
    "NaN": b'{"position": NaN}',
    "Infinity": b'{"position": -Infinity}',
    "an infinite number": b'{"position": 1e999}',
    "a huge number": b'{"position": 1' + b"0" * 3000 + b"}",
    "a number with too many digits": b'{"position": ' + b"9" * 6000 + b"}",
    "a duplicate field": b'{"agent_name": "a", "agent_name": "b"}',
    "a duplicate inner field": b'{"metadata": {"a": 1, "a": 1}}',
    "an unknown field": b'{"no_such_field": 1}',
    "deep nesting": b'{"metadata": ' + b"[" * 500 + b"]" * 500 + b"}",
    "very deep nesting": b"[" * 100_000 + b"]" * 100_000,
    "very deep objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
}


PARSE_ERRORS = {
    "empty": "The request body is empty.",
    "not JSON": "The request body is not valid JSON (line 1, column 2).",
    "two values": "The request body is not valid JSON (line 1, column 4).",
    "not UTF-8": "The request body is not valid UTF-8.",
    "UTF-16": "The request body is not valid UTF-8.",
    "a number with too many digits": "A number in the request body is too long.",
    "NaN": "NaN is not valid JSON.",
    "Infinity": "-Infinity is not valid JSON.",
    "a duplicate field": "Duplicate field.",
    "very deep nesting": "The request body is nested too deeply.",
    "very deep objects": "The request body is nested too deeply.",
}


@pytest.mark.parametrize("kind", PARSE_ERRORS)
def test_error_says_why_the_body_could_not_be_parsed(read_only_shop: Shop, kind: str) -> None:
    answer = read_only_shop.client.post(
        "/api/v1/agents", data=MALFORMED_BODIES[kind], headers={**read_only_shop.headers, **JSON}
    )
    assert failure(answer, 400, "INVALID_REQUEST")["details"] == [{"path": "$", "message": PARSE_ERRORS[kind]}]


@pytest.mark.parametrize("empty", ["", " ", ",", " , "])
def test_empty_if_match_is_rejected(read_only_shop: Shop, empty: str) -> None:
    path = f"/stages/{read_only_shop.stages['Greeting']}"
    before = read_only_shop.get(path).get_json()
    body = failure(read_only_shop.put(path, {"position": 9}, {"If-Match": empty}), 400, "INVALID_REQUEST")
    assert paths(body) == {"$.headers.If-Match"}
    assert read_only_shop.get(path).get_json() == before


# One function reads all bodies. These are sent to every route, to check that it uses the function; others to a few.
SENT_TO_ALL_ROUTES = {"a NUL", "an array", "NaN", "a duplicate field", "an unknown field"}


SOME_ROUTES = {"/api/v1/agents", "/api/v1/messages", "/api/v1/stages/{stage_id}"}


@pytest.fixture(scope="module")
def database_url(server_url: str, template_database: str) -> Iterator[str]:
    """A separate database, because some requests change data that all businesses share."""
    with own_database(server_url, template_database) as url:
        yield url


@pytest.fixture(scope="module")
def app(database_url: str, model_server: FakeModel) -> Iterator[Flask]:
    with running_app(make_config(database_url, OPENAI_BASE_URL=model_server.base_url)) as app:
        yield app


@pytest.fixture(scope="module")
def read_only_shop(app: Flask) -> Shop:
    """A business for tests that store nothing."""
    return make_shop(app.test_client(), {"Authorization": f"Bearer {MASTER_KEY}"}, "Read-only Shop")


@pytest.fixture(scope="module")
def writable_shop(app: Flask) -> Shop:
    """A business for tests that may store anything."""
    return make_shop(app.test_client(), {"Authorization": f"Bearer {MASTER_KEY}"}, "Writable Shop")


@pytest.fixture(scope="module")
def observer(database_url: str) -> Iterator[Connection]:
    with connect(database_url) as conn:
        yield conn


def checksums(observer: Connection) -> dict[str, int]:
    """A checksum of the rows of each table."""
    tables = observer.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        " AND table_name <> 'processes'"  # heartbeats
    ).fetchall()
    return {
        row["table_name"]: observer.execute(
            f"SELECT coalesce(sum(hashtextextended((to_jsonb(t) - 'last_used_at')::text, 0)), 0)"
            f" AS sum FROM {row['table_name']} t"
        ).fetchone()["sum"]  # type: ignore[index]
        for row in tables
    }


def path_of(operation: Operation, shop: Shop) -> str:
    own = {"business_id": shop.business_id, "user_id": shop.user_id, "stage_id": shop.stages["Greeting"]}
    return operation.request(own.get).path


def caller_of(operation: Operation, shop: Shop, master: dict[str, str]) -> dict[str, str] | None:
    """Headers of a caller that the operation admits; None if only signed-in users may call it."""
    if operation.admits("key"):
        return shop.headers
    return master if operation.admits("master") else None


@pytest.mark.parametrize("kind", MALFORMED_BODIES)
def test_every_route_rejects_malformed_bodies(
    read_only_shop: Shop, master: dict[str, str], observer: Any, kind: str
) -> None:
    shop, before, tried = read_only_shop, checksums(observer), 0
    for operation in CANONICAL:
        caller = caller_of(operation, shop, master)
        if operation.body_schema and caller and (kind in SENT_TO_ALL_ROUTES or operation.path in SOME_ROUTES):
            tried += 1
            answer = shop.client.open(
                path_of(operation, shop),
                method=operation.method.upper(),
                data=MALFORMED_BODIES[kind],
                headers={**caller, **JSON},
            )
            # 404 if the ID in the path is checked before the body, 401 if the body's signature is.
            assert answer.status_code in (400, 401, 404), f"{operation}: {answer.text}"
            if answer.status_code == 400:
                body = failure(answer, 400, "INVALID_REQUEST")
                assert body["details"] or operation.path.endswith("/save-config"), str(operation)
    assert tried >= (20 if kind in SENT_TO_ALL_ROUTES else len(SOME_ROUTES))
    assert checksums(observer) == before


def values_to_try(schema: dict[str, Any]) -> Iterator[Any]:
    """Values of other types, and boundary values of the right type."""
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


# Without the renewal of the API key, which would revoke the key that these tests use.
WITH_BODIES = [each for each in CANONICAL if each.body_schema and not each.path.endswith("/api-keys")]


@pytest.mark.parametrize("operation", WITH_BODIES, ids=str)
def test_no_field_value_causes_a_server_error(
    writable_shop: Shop, master: dict[str, str], operation: Operation
) -> None:
    """Valid values are stored; others get a 4xx response that names the field."""
    headers = caller_of(operation, writable_shop, master) or writable_shop.headers
    properties = DOCUMENT["components"]["schemas"][operation.body_schema].get("properties", {})  # hooks receive any
    own = {
        "business_id": writable_shop.business_id,
        "user_id": writable_shop.user_id,
        "stage_id": writable_shop.stages["Greeting"],
    }
    for name, schema in properties.items():
        for value in values_to_try(schema):
            request = operation.request(own.get)
            body = {**request.body, name: value}
            answer = writable_shop.client.open(
                request.path, method=request.method, data=json.dumps(body), headers={**headers, **JSON}
            )
            assert answer.status_code < 500, f"{name}: {value!r:.80}: {answer.text}"
            if answer.status_code == 400 and not operation.path.endswith("/save-config"):
                assert answer.get_json()["details"], f"{name}: {value!r:.80}: {answer.text}"


@pytest.mark.parametrize("operation", [each for each in CANONICAL if each.method == "get"], ids=str)
def test_no_query_or_path_causes_a_server_error(read_only_shop: Shop, operation: Operation) -> None:
    shop = read_only_shop
    values = ["%00", "%ff", "%ed%a0%80", "%F0%9F%92%A5", "'", "%25", "..%2f", "9" * 400, "-1", "1e5", " ", "%0a"]
    for name in operation.parameters("query"):
        for value in values:
            answer = shop.client.get(f"{path_of(operation, shop)}?{name}={value}", headers=shop.headers)
            assert answer.status_code < 500, f"{name}={value}: {answer.text}"
    for name in operation.parameters("path"):
        for value in values:
            path = operation.path.replace(f"{{{name}}}", value)
            answer = shop.client.get(path, headers=shop.headers)
            assert answer.status_code < 500, f"{path}: {answer.text}"
