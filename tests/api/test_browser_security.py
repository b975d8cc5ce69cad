"""Headers and cookies for browsers, and which requests of browsers are accepted."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.conftest import make_config, running_app
from tests.support.checked_client import CheckedClient
from tests.support.factories import Shop, made
from tests.support.staff import Staff, make_owner, sign_in

Headers = dict[str, str]
PROXY = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "icmp.example"}
PATHS = ("/", "/app/", "/api", "/api/v1", "/api/v1/docs/", "/docs", "/api/v1/openapi.json", "/health", "/no-such-page")


@pytest.fixture(scope="module")
def cross_site(database_url: str) -> Iterator[Flask]:
    """A server for a front-end on another site, behind a proxy."""
    config = make_config(
        database_url,
        ICMP_ENV="production",
        COOKIE_SAMESITE="None",
        TRUSTED_PROXIES="1",
        CORS_ORIGINS="https://pages.example,http://[::1]:3000",
    )
    with running_app(config) as app:
        yield app


@pytest.fixture(scope="module")
def without_trust(database_url: str) -> Iterator[Flask]:
    """A server in production that knows neither its address nor its proxy."""
    with running_app(make_config(database_url, ICMP_ENV="production")) as app:
        yield app


def config_of(shop: Shop) -> dict[str, str]:
    return {"userId": shop.owner_id, "businessId": shop.business_id, "businessApiKey": shop.key}


def connect(app: Flask, shop: Shop) -> CheckedClient:
    page: CheckedClient = app.test_client()
    assert page.post("/api/save-config", json=config_of(shop), base_url="https://localhost").status_code == 200
    return page


def test_cross_site_cookies_are_partitioned(cross_site: Flask, shop: Shop, master: Headers) -> None:
    """Otherwise browsers that block third-party cookies reject them, or keep a cookie that should be deleted."""
    owner = make_owner(shop, master)
    client = cross_site.test_client()
    responses = [
        client.post("/api/save-config", json=config_of(shop), headers=PROXY),
        sign_in(client, owner.email),  # type: ignore[arg-type]
        client.post("/api/v1/auth/logout", headers=PROXY),
    ]
    cookies = [cookie for response in responses for cookie in response.headers.getlist("Set-Cookie")]
    assert {cookie.partition("=")[0] for cookie in cookies} == {"businessApiKey", "icmpLogin"}
    for cookie in cookies:
        assert {"HttpOnly", "Secure", "SameSite=None", "Partitioned"} <= set(cookie.split("; ")), cookie


def test_same_site_cookies_are_not_partitioned(shop: Shop) -> None:
    response = shop.client.post("/api/save-config", json=config_of(shop))
    assert "Partitioned" not in response.headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("origin", "is_allowed"),
    [
        ("http://[::1]:3000", True),
        ("http://[::1]:3001", False),
        ("http://::3000", False),  # what the origin would match as a pattern
        ("http://1:3000", False),
        ("http://[::1]:3000.evil.example", False),
        ("https://pages.example", True),
        ("https://pagesXexample", False),
        ("https://icmp.example", True),
    ],
)
def test_origins_are_compared_literally(cross_site: Flask, shop: Shop, origin: str, is_allowed: bool) -> None:
    page = connect(cross_site, shop)
    headers = {**PROXY, "Origin": origin}
    preflight = page.options("/api/v1/agents", headers={**headers, "Access-Control-Request-Method": "POST"})
    expected = origin if is_allowed and origin != "https://icmp.example" else None
    assert preflight.headers.get("Access-Control-Allow-Origin") == expected
    response = page.post("/api/v1/agents", json={"agent_name": origin}, headers=headers, base_url="https://localhost")
    assert response.status_code == (201 if is_allowed else 403)


def test_own_ipv6_origin_is_accepted(app: Flask, shop: Shop) -> None:
    client = app.test_client(use_cookies=False)
    base_url = "http://[::1]:5000"
    connected = client.post("/api/save-config", json=config_of(shop), base_url=base_url)
    headers = {"Cookie": connected.headers["Set-Cookie"].partition(";")[0], "Origin": base_url}
    made(client.post("/api/v1/agents", json={"agent_name": "Ann"}, base_url=base_url, headers=headers))


@pytest.mark.parametrize("path", ["/stages", "/api/stages", "/api/v1/stages"])
def test_scripts_with_the_key_cookie_need_no_origin(app: Flask, shop: Shop, path: str) -> None:
    page = app.test_client()
    page.post("/api/save-config", json=config_of(shop))
    made(page.post(path, json={"stage_name": "By curl"}))
    for foreign in (
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        assert page.post(path, json={"stage_name": "Theirs"}, headers=foreign).status_code == 403
    body = {"user_id": shop.user_id, "message": "Hello"}
    assert page.post("/message", json=body, headers={"Origin": "https://evil.example"}).status_code == 403
    assert page.post("/message", json=body).status_code != 403


def test_rejection_behind_an_unknown_proxy_names_the_setting(without_trust: Flask, shop: Shop) -> None:
    page = connect(without_trust, shop)
    cookie = page.get_cookie("businessApiKey")
    assert cookie is not None
    client = without_trust.test_client(use_cookies=False)

    def post(**headers: str) -> tuple[int, str]:
        all_headers = {"Host": "icmp.example", "Cookie": f"businessApiKey={cookie.value}", **headers}
        response = client.post("/api/v1/agents", json={"agent_name": "Ann"}, headers=all_headers)
        return response.status_code, response.get_json().get("remediation", "")

    status, remediation = post(Origin="https://icmp.example")
    assert (status, "TRUSTED_PROXIES" in remediation) == (403, True)
    status, remediation = post(Origin="https://evil.example")
    assert (status, "TRUSTED_PROXIES" in remediation) == (403, False)
    assert post(Origin="https://icmp.example", **{"Sec-Fetch-Site": "same-origin"})[0] == 201
    # The proxy has replaced the host.
    status, remediation = post(Host="upstream", Origin="https://icmp.example", **{"X-Forwarded-Proto": "https"})
    assert (status, "TRUSTED_PROXIES" in remediation) == (403, True)
    for origin in ("HTTP://icmp.example", "http://icmp.example/path", "http://icmp.example:81"):
        status, remediation = post(Origin=origin)
        assert (status, "TRUSTED_PROXIES" in remediation) == (403, False)


def test_own_international_origin_is_accepted(app: Flask, shop: Shop) -> None:
    client = connect(app, shop)
    cookie = client.get_cookie("businessApiKey")
    assert cookie
    headers = {
        "Host": "xn--bcher-kva.example:81",
        "Origin": "http://xn--bcher-kva.example:81",
        "Cookie": f"businessApiKey={cookie.value}",
    }
    other = app.test_client(use_cookies=False)
    assert other.post("/api/v1/agents", json={"agent_name": "Ann"}, headers=headers).status_code == 201


@pytest.mark.parametrize("path", PATHS)
def test_every_response_has_security_headers(cross_site: Flask, path: str) -> None:
    headers = cross_site.test_client().get(path, headers=PROXY).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["Strict-Transport-Security"].startswith("max-age=")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_hsts_is_sent_over_tls_only(cross_site: Flask, client: CheckedClient) -> None:
    assert "Strict-Transport-Security" not in cross_site.test_client().get("/ping").headers
    assert "Strict-Transport-Security" not in client.get("/ping", headers=PROXY).headers  # not a trusted proxy


def test_api_responses_are_not_stored(shop: Shop) -> None:
    responses = [
        shop.get("/stages"),
        shop.get(f"/stages/{shop.stages['Greeting']}"),
        shop.get("/stages/x"),
        shop.get("/x"),
    ]
    assert {response.headers["Cache-Control"] for response in responses} == {"no-store"}


class TestLinks:
    """Links to set a password start with an address that the server knows."""

    def link(self, app: Flask, shop: Shop, master: Headers, **headers: str) -> tuple[int, str]:
        path = f"/api/v1/users/{shop.owner_id}/invitation"
        response = app.test_client(use_cookies=False).post(path, headers={**master, **headers})
        body = response.get_json()
        return response.status_code, body["url"] if response.status_code == 201 else body["remediation"]

    def test_public_url_wins(self, database_url: str, shop: Shop, master: Headers) -> None:
        with running_app(make_config(database_url, PUBLIC_URL="https://icmp.example/", TRUSTED_PROXIES="1")) as app:
            for headers in ({}, {"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}):
                status, url = self.link(app, shop, master, **headers)
                assert (status, url.startswith("https://icmp.example/app/invitation#token=")) == (201, True)

    def test_host_of_a_trusted_proxy_is_used(self, cross_site: Flask, shop: Shop, master: Headers) -> None:
        assert self.link(cross_site, shop, master, **PROXY)[1].startswith("https://icmp.example/app/")

    @pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1"])
    def test_unknown_host_is_rejected(
        self, without_trust: Flask, app: Flask, shop: Shop, master: Headers, host: str
    ) -> None:
        for server in (without_trust, app):
            status, remediation = self.link(server, shop, master, Host=host, **{"X-Forwarded-Host": "evil.example"})
            assert (status, "PUBLIC_URL" in remediation) == (409, True)

    @pytest.mark.parametrize("host", ["localhost", "localhost:8080", "127.0.0.1:5000", "[::1]:5000"])
    def test_own_computer_is_used_in_development(self, app: Flask, shop: Shop, master: Headers, host: str) -> None:
        assert self.link(app, shop, master, Host=host)[1].startswith(f"http://{host}/app/")

    def test_owner_gets_the_same_error(self, without_trust: Flask, shop: Shop, master: Headers) -> None:
        owner: Staff = make_owner(shop, master)
        body = {"email": "ann@example.com", "first_name": "A", "last_name": "B", "role": "viewer"}
        path = f"/api/v1/businesses/{shop.business_id}/members"
        response = without_trust.test_client().post(path, json=body, headers={**owner.headers, "Host": "evil.example"})
        assert response.status_code == 409
        assert owner.send("GET", f"/businesses/{shop.business_id}/invitations").get_json() == []
