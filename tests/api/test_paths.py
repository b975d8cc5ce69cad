"""Canonical and older paths, trailing slashes, HEAD, OPTIONS and CORS preflights."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from routes import OLDER_PATHS
from tests.support.checked_client import CheckedClient
from tests.support.factories import Shop
from tests.support.openapi_requests import OPERATIONS, Operation

OURS, FOREIGN = "http://localhost:5173", "https://evil.example"


def test_older_paths_answer_like_the_canonical_ones(shop: Shop) -> None:
    own = {"business_id": shop.business_id, "user_id": shop.user_id, "stage_id": shop.stages["Greeting"]}
    own["template_id"] = shop.get("/templates").get_json()[0]["template_id"]
    own["template_type"] = "stage_selection"
    tried = 0
    for older, canonical in OLDER_PATHS.items():
        for name, value in own.items():
            older, canonical = older.replace(f"<{name}>", value), canonical.replace(f"<{name}>", value)
        wanted = shop.client.get(f"/api/v1{canonical}", headers=shop.headers)
        for path in (older, f"/api{older}", f"{older}/", f"/api{older}/", f"/api/v1{canonical}/"):
            answer = shop.client.get(path, headers=shop.headers)
            assert answer.status_code == wanted.status_code, path
            if wanted.status_code == 200:
                assert answer.get_json() == wanted.get_json(), path
                tried += 1
            else:  # POST only, or readable by operators only
                assert wanted.status_code in (403, 405), path
    assert tried > 40


def test_older_paths_accept_writes(shop: Shop, master: dict[str, str]) -> None:
    for prefix in ("", "/api", "/api/v1"):
        for slash in ("", "/"):
            name = f"Stage {prefix} {slash}"
            made = shop.client.post(f"{prefix}/stages{slash}", json={"stage_name": name}, headers=shop.headers)
            assert made.status_code == 201
            path = f"{prefix}/stages/{made.get_json()['stage_id']}{slash}"
            changed = shop.client.put(path, json={"position": 9}, headers=shop.headers)
            assert (changed.status_code, changed.get_json()["position"]) == (200, 9)
            assert shop.client.delete(path, headers=shop.headers).status_code == 204
    for path in ("/message", "/api/message", "/api/v1/messages", "/message/"):
        answer = shop.client.post(path, json={"user_id": shop.user_id, "message": "hello"}, headers=shop.headers)
        assert answer.status_code == 200
    for path in ("/validate_config", "/api/validate_config", "/api/v1/validate_config"):
        body = {"userId": "x", "businessId": "y", "apiKey": "z", "businessApiKey": "k"}
        assert shop.client.post(path, json=body, headers=master).get_json() == {"isValid": False}


def test_welcome_message(client: CheckedClient) -> None:
    greeting = client.get("/")
    assert (greeting.status_code, greeting.text, greeting.mimetype) == (200, "Welcome to ICMP!", "text/plain")
    assert client.get("/", headers={"Accept": "*/*"}).text == "Welcome to ICMP!"
    browser = client.get("/", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert browser.status_code == 302


def test_product_information(client: CheckedClient) -> None:
    for path in ("/api", "/api/", "/api/v1", "/api/v1/"):
        product = client.get(path).get_json()
        assert product["name"] == "ICMP"
        assert product["version"]
    for link in product["links"].values():
        assert client.get(link, follow_redirects=True).status_code == 200, link


def test_ping_and_health(client: CheckedClient) -> None:
    for prefix in ("", "/api", "/api/v1"):
        assert client.get(f"{prefix}/ping").get_json() == {"message": "pong"}
        assert client.get(f"{prefix}/health").get_json().items() >= {"status": "ok", "database": "ok"}.items()


def test_documentation_page_loads_nothing_from_other_hosts(client: CheckedClient) -> None:
    for path in ("/docs", "/docs/", "/api/docs", "/api/v1/docs", "/api/v1/docs/"):
        page = client.get(path, follow_redirects=True)
        assert (page.status_code, page.mimetype) == (200, "text/html"), path
    hosts = set(re.findall(r"https?://([^/\"]+)", page.text))
    assert hosts <= {"localhost"}  # added by the test
    assert "/api/v1/openapi.json" in page.text
    script = client.get("/api/v1/docs/swagger-ui-bundle.js")
    assert script.status_code == 200
    script.close()


def test_head_and_options_of_a_get(shop: Shop) -> None:
    answer = shop.client.head("/api/v1/stages", headers=shop.headers)
    assert (answer.status_code, answer.data) == (200, b"")


def preflight(client: FlaskClient, path: str, origin: str, method: str) -> Any:
    return client.options(
        path,
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization, content-type, if-match, idempotency-key",
        },
    )


# The widget has its own origins and headers: see test_widget.py.
@pytest.mark.parametrize("operation", [each for each in OPERATIONS if "/widget/" not in each.path], ids=str)
def test_preflight_succeeds_for_every_route(client: CheckedClient, operation: Operation) -> None:
    path = operation.request(lambda name: "x" if operation.path.count(f"{{{name}}}") else None).path
    method = operation.method.upper()
    response = preflight(client, path, OURS, method)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == OURS
    assert response.headers["Access-Control-Allow-Credentials"] == "true"
    assert method in response.headers["Access-Control-Allow-Methods"]
    allowed = response.headers["Access-Control-Allow-Headers"].lower()
    assert {"authorization", "content-type", "if-match", "idempotency-key"} <= set(allowed.split(", "))
    foreign = preflight(client, path, FOREIGN, method)
    assert "Access-Control-Allow-Origin" not in foreign.headers


def test_preflight_succeeds_for_an_unknown_path(client: CheckedClient) -> None:
    """Lets a page read the error for a wrong address."""
    answer = client.get("/api/v1/nothing", headers={"Origin": OURS})
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (404, OURS)


def test_cors_exposes_the_documented_headers(shop: Shop) -> None:
    answer = shop.client.get("/api/v1/stages", headers={**shop.headers, "Origin": OURS})
    exposed = set(answer.headers["Access-Control-Expose-Headers"].split(", "))
    assert {"Link", "ETag", "Retry-After", "X-Request-Id"} <= exposed
    answer = shop.client.get("/api/v1/stages", headers={**shop.headers, "Origin": FOREIGN})
    assert "Access-Control-Allow-Origin" not in answer.headers
