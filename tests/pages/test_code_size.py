"""How much code the pages load, and how soon the first one shows something."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from dev.front_end import BUILT
from tests.support.visit import Server, new_context

ASSETS = BUILT / "assets"
MAX_SIGN_IN = 120 * 1024  # bytes, compressed
MAX_PAGE = 200_000
MAX_SECONDS_TO_FIRST_PAINT = 1.5


@pytest.fixture(scope="module", autouse=True)
def built(browser: Browser) -> None:
    """The pages are built before the browser starts."""


@cache
def imports_of(script: str) -> frozenset[str]:
    """The scripts that the browser loads together with a script, because it imports them statically."""
    code = (ASSETS / script).read_text()
    return frozenset(re.findall(r"(?:from|import)\s*[`\"']\./([\w.-]+\.js)[`\"']", code))


def compressed_size(scripts: set[str]) -> int:
    """The bytes that a browser receives for the scripts and everything that they import."""
    loaded: set[str] = set()
    while scripts:
        script = scripts.pop()
        loaded.add(script)
        scripts |= imports_of(script) - loaded
    files = [ASSETS / f"{script}.br" for script in loaded]
    return sum((file if file.exists() else file.with_suffix("")).stat().st_size for file in files)


def start_script() -> str:
    found = re.search(r'<script[^>]* src="/app/assets/([^"]+)"', (BUILT / "index.html").read_text())
    assert found
    return found[1]


def scripts_named(pattern: str) -> Iterator[Path]:
    return (path for path in ASSETS.glob(pattern) if path.suffix == ".js")


def app_script() -> str:
    """The script that all pages except the sign-in page share."""
    code = (ASSETS / start_script()).read_text()
    (name,) = set(re.findall(r"import\([`\"']\./(App-[\w-]+\.js)[`\"']\)", code))
    return name


def test_sign_in_page_loads_little_code() -> None:
    (page,) = scripts_named("LoginPage-*.js")
    assert compressed_size({start_script(), page.name}) <= MAX_SIGN_IN


def test_pages_load_limited_code() -> None:
    shared = {start_script(), app_script()}
    pages = [page.name for page in scripts_named("*-*.js") if "Page-" in page.name or "TemplateDrawer-" in page.name]
    sizes = {page.partition("-")[0]: compressed_size({*shared, page}) for page in pages if "LoginPage" not in page}
    assert len(sizes) > 20
    assert {page: size for page, size in sizes.items() if size > MAX_PAGE} == {}


@pytest.mark.soak
@pytest.mark.parametrize("path", ["/app/login", "/app/"])
def test_first_paint_on_a_slow_phone(browser: Browser, pages_server: Server, path: str) -> None:
    """On a slow 4G connection (1.6 Mbit/s, 150 ms) and a processor that is four times slower."""
    context = new_context(browser)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    speed = 1.6 * 1024 * 1024 / 8  # bytes per second
    conditions = {"offline": False, "latency": 150, "downloadThroughput": speed, "uploadThroughput": speed / 2}
    session.send("Network.emulateNetworkConditions", conditions)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(f"{pages_server.url}{path}")
    page.get_by_role("heading", name="Sign in").wait_for()
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    context.close()
    assert painted / 1000 < MAX_SECONDS_TO_FIRST_PAINT
