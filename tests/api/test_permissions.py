"""Calls every route without a credential, with invalid ones, and as every kind of caller, and compares the outcome with
docs/permissions.md."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from core.view_spec import ViewSpec, spec_of
from routes import PREFIX
from security.tokens import LOGIN_COOKIE
from tests.support.checked_client import CheckedClient
from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.permissions import allowed_callers, needs_credential
from tests.support.staff import OUR_ORIGIN, make_member, make_operator, make_owner, sign_in

pytestmark = pytest.mark.usefixtures("empty_database")

Headers = dict[str, str]
Route = tuple[str, str, ViewSpec]

REFUSED = (401, 403)
# No view accepts this body, so a permitted request fails validation and changes nothing.
INVALID_BODY = {"unknown_field": 1}


def routes_of(app: Flask, under: str = "/") -> Iterator[Route]:
    """(method, path with <ids>, declaration) of every route of the API."""
    for rule in app.url_map.iter_rules():
        spec = spec_of(app.view_functions[rule.endpoint])
        if spec.responses and rule.rule.startswith(under):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield method, rule.rule, spec


def send(client: CheckedClient, route: Route, business_id: str | None, **request: Any) -> TestResponse:
    """Send an invalid request, for the business if one is given. Other ids do not exist."""
    method, rule, _ = route
    path = rule.replace("<business_id>", business_id or str(uuid4()))
    path = re.sub(r"<(\w+)>", lambda name: str(uuid4()) if name[1].endswith("_id") else "greeting", path)
    query = {"business_id": business_id} if business_id and "<business_id>" not in rule else {}
    body = INVALID_BODY if method in ("POST", "PUT", "PATCH") else None
    return client.open(path, method=method, query_string=query, json=body, **request)


def describe(route: Route, answer: TestResponse) -> str:
    return f"{route[0]} {route[1]}: {answer.status_code}"


def test_routes_reject_missing_and_invalid_credentials(
    app: Flask, client: CheckedClient, shop: Shop, master: Headers, sql: Connection
) -> None:
    owner = make_owner(shop, master)
    ended, expired = (sign_in(client, owner.email, bearer=True).get_json()["access_token"] for _ in range(2))
    client.post("/api/v1/auth/logout", headers={"Authorization": f"Bearer {ended}"})
    sql.execute("UPDATE sessions SET expires_at = now() WHERE session_id = (%s)", [_session_of(client, sql, expired)])
    bad = [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": f"Basic {shop.key}"},
        {"Authorization": "Bearer unknown key"},
        {"Authorization": f"Bearer {shop.key}x"},
        {"Authorization": "Bearer clé"},
        {"Authorization": f"Bearer {ended}"},
        {"Authorization": f"Bearer {expired}"},
        {"Cookie": f"{LOGIN_COOKIE}={expired}", **OUR_ORIGIN},
        {"Cookie": f"{LOGIN_COOKIE}=nonsense", **OUR_ORIGIN},
        {"Cookie": "businessApiKey=nonsense", **OUR_ORIGIN},
        {"Cookie": f"{LOGIN_COOKIE}={expired}", "Authorization": "Bearer nonsense"},
    ]
    wrong = []
    client = app.test_client(use_cookies=False)  # the client's cookies would replace those in the headers
    for route in routes_of(app):
        # The older paths lead to the same views, so one invalid credential is enough.
        for headers in bad if route[1].startswith(PREFIX) else bad[:1]:
            if needs_credential(route[2]) or (headers and route[2].auth == "optional"):
                answer = send(client, route, shop.business_id, headers=headers)
                if answer.status_code != 401 or answer.get_json()["error_code"] != "UNAUTHORIZED":
                    wrong.append(f"{describe(route, answer)} with {headers}")
    assert wrong == []


def test_every_route_allows_exactly_the_declared_callers(
    app: Flask, client: CheckedClient, shop: Shop, master: Headers
) -> None:
    owner = make_owner(shop, master)
    callers = {
        "viewer": [make_member(shop, owner.headers, "viewer").headers],
        "agent": [make_member(shop, owner.headers, "agent").headers],
        "owner": [owner.headers],
        "business key": [shop.headers],
        "messages key": [_key(shop, master, "messages")],
        "read key": [_key(shop, master, "read")],
        "operator": [master, make_operator(client, master).headers],
    }
    wrong = []
    for route in routes_of(app, f"{PREFIX}/"):
        for name, credentials in callers.items():
            for headers in credentials:
                if (route[1], headers) == (f"{PREFIX}/auth/refresh", master) or route[1].endswith("/auth/logout"):
                    continue  # a key has no login to refresh, and logging out would end the test's logins
                if route[2].auth == "login" and headers is master:
                    continue
                if route[1] in (f"{PREFIX}/hooks/<hook_id>", f"{PREFIX}/channels/<channel_id>/webhook"):
                    continue  # needs a signature, not a credential
                # Otherwise the operator's request would delete the business.
                business_id = str(uuid4()) if name == "operator" and route[2].auth == "operator" else shop.business_id
                answer = send(client, route, business_id, headers=headers)
                if (answer.status_code in REFUSED) is (name in allowed_callers(route[2], route[0])):
                    wrong.append(f"{describe(route, answer)} as {name}")
    assert wrong == []


def test_routes_reject_the_credentials_of_another_business(
    app: Flask, client: CheckedClient, shop: Shop, other_shop: Shop, master: Headers
) -> None:
    other_owner = make_owner(other_shop, master)
    wrong = []
    for route in routes_of(app, f"{PREFIX}/"):
        if route[2].auth in ("business", "business_or_platform", "owner", "optional"):
            for business_id in (shop.business_id, str(uuid4())):
                for headers in (other_shop.headers, other_owner.headers):
                    answer = send(client, route, business_id, headers=headers)
                    if answer.status_code != 403:
                        wrong.append(describe(route, answer))
    assert wrong == []


@pytest.mark.parametrize("kind", ["login", "business key"])
def test_routes_reject_writes_with_a_cookie_from_another_origin(
    app: Flask, client: CheckedClient, shop: Shop, master: Headers, kind: str
) -> None:
    owner = make_owner(shop, master)
    if kind == "login":
        assert sign_in(client, owner.email).status_code == 200
    else:
        config = {"userId": shop.owner_id, "businessId": shop.business_id, "businessApiKey": shop.key}
        assert client.post("/api/save-config", json=config).status_code == 200
    foreign: list[Headers] = [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "https://localhost"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ]
    ours: list[Headers] = [OUR_ORIGIN, {"Origin": "http://127.0.0.1:3000"}, {"Sec-Fetch-Site": "same-origin"}, {}]
    allowed = kind if kind == "business key" else "owner"
    wrong = []
    for route in routes_of(app, f"{PREFIX}/"):
        if not (needs_credential(route[2]) or route[2].auth == "optional") or allowed not in allowed_callers(
            route[2], route[0]
        ):
            continue
        is_write = route[0] != "GET"
        for headers in foreign if is_write else foreign[:1]:
            answer = send(client, route, shop.business_id, headers=headers)
            if (answer.status_code == 403) is not is_write:
                wrong.append(f"{describe(route, answer)} from {headers}")
        for headers in ours if is_write else ():
            answer = send(client, route, shop.business_id, headers=headers)
            if answer.status_code in REFUSED:
                wrong.append(f"{describe(route, answer)} from {headers}")
    assert wrong == []
    for headers in foreign:
        assert client.post("/api/v1/auth/logout", headers=headers).status_code == 403


def _key(shop: Shop, master: Headers, scope: str) -> Headers:
    """The headers of a new key of the shop."""
    path = f"/api/v1/businesses/{shop.business_id}/api-keys"
    created = made(shop.client.post(path, json={"name": f"For {scope}", "scope": scope}, headers=master))
    return {"Authorization": f"Bearer {created['api_key']}"}


def _session_of(client: CheckedClient, sql: Connection, token: str) -> Any:
    """The id of the latest session, to which the token belongs."""
    row = sql.execute("SELECT session_id FROM sessions ORDER BY created_at DESC LIMIT 1").fetchone()
    assert (
        row is not None
        and client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    )
    return row["session_id"]
