"""Serving the front-end: caching, content security policy, and the error without a build."""

import gzip
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from routes import pages

NONCE = pages._NONCE


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A built front-end."""
    assets = tmp_path / "assets"
    assets.mkdir()
    (tmp_path / "index.html").write_text(
        f'<meta property="csp-nonce" nonce="{NONCE}"><script nonce="{NONCE}"></script>'
    )
    (tmp_path / "icon.svg").write_text("<svg/>")
    (assets / "index-abc.js").write_text("let it = 'be';")
    (assets / "index-abc.js.gz").write_bytes(gzip.compress(b"let it = 'be';"))
    (tmp_path.parent / "secret.txt").write_text("secret")
    monkeypatch.setattr(pages, "BUILT", tmp_path)
    return tmp_path


@pytest.fixture
def browser(app: object) -> FlaskClient:
    return app.test_client()  # type: ignore[attr-defined, no-any-return]


def test_every_page_address_returns_the_page_with_a_new_nonce(browser: FlaskClient, built: Path) -> None:
    nonces = set()
    for path in ("/app/", "/app/stages", "/app/stage-editor/new", "/app/no/such/page"):
        answer = browser.get(path)
        assert (answer.status_code, answer.mimetype) == (200, "text/html")
        assert answer.headers["Cache-Control"] == "no-store"
        policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == "'self'"
        assert policy["frame-ancestors"] == "'none'"
        nonce = policy["style-src"].split("'nonce-")[1].rstrip("'")
        assert answer.text.count(f'nonce="{nonce}"') == 2
        assert NONCE not in answer.text
        nonces.add(nonce)
    assert len(nonces) == 4


def test_assets_are_immutable_and_compressed(browser: FlaskClient, built: Path) -> None:
    read: dict[str, bytes] = {}
    for encodings in ("identity", "gzip, br"):
        with browser.get("/app/assets/index-abc.js", headers={"Accept-Encoding": encodings}) as answer:
            read[answer.headers.get("Content-Encoding", "identity")] = answer.data
            assert answer.mimetype == "text/javascript"
            assert "immutable" in answer.headers["Cache-Control"]
            assert answer.headers["Vary"] == "Accept-Encoding"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert read["identity"] == b"let it = 'be';" == gzip.decompress(read["gzip"])
    with browser.get("/app/icon.svg") as icon:
        assert icon.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", ["gone-abc.js", "../index.html", "..%2f..%2fsecret.txt", "%2e%2e/%2e%2e/secret.txt"])
def test_missing_asset_is_404(browser: FlaskClient, built: Path, name: str) -> None:
    answer = browser.get(f"/app/assets/{name}")
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_browser_is_redirected_to_the_pages(browser: FlaskClient, built: Path) -> None:
    accept = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    assert browser.get("/", headers=accept).headers["Location"] == "/app/"
    assert browser.get("/").text == "Welcome to ICMP!"
    assert browser.get("/app", follow_redirects=True).mimetype == "text/html"


def test_missing_build_is_explained(browser: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "BUILT", tmp_path / "missing")
    answer = browser.get("/app/")
    assert answer.status_code == 503
    assert "make install" in answer.text
    assert browser.get("/app/assets/index-abc.js").status_code == 404
