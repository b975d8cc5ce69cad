"""Runs the application for a browser, opens its pages, and records errors in them."""

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, ViewportSize
from werkzeug.serving import BaseWSGIServer, make_server

from dev.front_end import FRONT_END
from tests.support.factories import Shop

DESKTOP: ViewportSize = {"width": 1440, "height": 900}
# Animations only cost time. The page's content security policy does not apply to constructed style sheets.
_DISABLE_ANIMATIONS = """
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('*, *::before, *::after { animation: none !important; transition: none !important }');
    document.adoptedStyleSheets = [sheet];
"""
TIMEOUT = 30_000  # milliseconds to wait for a change of a page, also on a busy machine


class Server:
    """Serves the application. After `stop()`, `start()` serves at the same address again."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._server: BaseWSGIServer | None = None
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._server = make_server("127.0.0.1", self.port, self.app, threaded=True)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        assert self._server
        self._server.shutdown()
        self._server.server_close()
        self._server = None

    @contextmanager
    def stopped(self) -> Iterator[None]:
        self.stop()
        try:
            yield
        finally:
            self.start()


@dataclass
class Visit:
    """A browser page of a shop's user. The test fails if `problems` contains an unexpected one."""

    page: Page
    server: Server
    shop: Shop
    problems: list[str]
    expected: list[str] = field(default_factory=list)
    open_requests: int = 0

    def __post_init__(self) -> None:
        self.page.on("request", lambda _: self._count_requests(1))
        self.page.on("requestfinished", lambda _: self._count_requests(-1))
        self.page.on("requestfailed", lambda _: self._count_requests(-1))

    def open(self, path: str) -> Page:
        """Load a page of the application."""
        self.page.goto(f"{self.server.url}/app{path}")
        return self.page

    def go(self, path: str) -> Page:
        """Change to another page as a link does, without reloading the application."""
        self.page.wait_for_function("() => history.state?.idx !== undefined")  # until the application has started
        self.page.evaluate(
            """address => {
                const idx = (history.state?.idx ?? 0) + 1;
                history.pushState({ idx, key: `go-${idx}`, usr: null }, '', address);
                dispatchEvent(new PopStateEvent('popstate', { state: history.state }));
            }""",
            f"/app{path}",
        )
        return self.page

    def choose(self, section: str, tab: str | None = None) -> Page:
        """Open a section with the navigation, and then one of its tabs."""
        self.wait_for_responses()  # what arrives later can move a link while it is clicked
        self.page.get_by_role("navigation", name="Pages", exact=True).get_by_role("link", name=section).click()
        if tab:
            tabs = self.page.get_by_role("navigation", name=section, exact=True)
            tabs.get_by_role("link", name=tab, exact=True).click()
        return self.page

    def wait_for_responses(self) -> None:
        """Wait until the page has received all responses. A server that stops earlier would reset its connections."""
        while self.open_requests:
            self.page.wait_for_timeout(10)

    def record_requests(self) -> list[Request]:
        """A list to which every further request is added."""
        requests: list[Request] = []
        self.page.on("request", lambda request: requests.append(request))
        return requests

    def expect_problem(self, part: str) -> None:
        """Accept problems whose text contains `part`."""
        self.expected.append(part)

    def unexpected(self) -> list[str]:
        """The problems that the test did not announce with `expect_problem`."""
        return [text for text in self.problems if not any(part in text for part in self.expected)]

    def _count_requests(self, number: int) -> None:
        self.open_requests += number

    def check_accessibility(self, *rules: str) -> None:
        """Check that axe-core finds no violation on the page, of all rules or of those named."""
        found = [each for each in self.accessibility_violations(*rules) if not each.startswith("region:")]  # open menus
        assert found == [], found  # pytest shows values of tests only

    def accessibility_violations(self, *rules: str) -> list[str]:
        """The violations that axe-core finds on the page, of all rules or of those named."""
        if self.page.evaluate("typeof axe === 'undefined'"):
            self.page.evaluate(_axe())
        options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
        found = self.page.evaluate("options => axe.run(document, options)", options)
        return [
            f"{rule['id']}: {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]


def choose(select: Locator, name: str) -> None:
    """Choose the first option of a select field whose text contains a name."""
    option = select.locator("option", has_text=name).first
    select.select_option(value=option.evaluate("option => option.value"))


def new_context(browser: Browser, locale: str = "en-GB") -> BrowserContext:
    """A browser context without cookies or stored data."""
    context = browser.new_context(viewport=DESKTOP, locale=locale)
    context.set_default_timeout(TIMEOUT)
    context.add_init_script(_DISABLE_ANIMATIONS)
    return context


def sign_in(context: BrowserContext, server: Server, shop: Shop) -> None:
    """Sign in with the business key, without the login page."""
    body = {"userId": shop.owner_id, "businessId": shop.business_id, "businessApiKey": shop.key}
    assert context.request.post(f"{server.url}/api/v1/save-config", data=body).ok


def record_problems(page: Page) -> list[str]:
    """A list to which the page's problems are added: errors and warnings in the console, which include responses with
    status 400 and above, and failed requests."""
    problems: list[str] = []

    def add_failed_request(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # cancelled by the page itself
            problems.append(f"failed {request.method} {request.url}: {request.failure}")

    def add_console_message(message: ConsoleMessage) -> None:
        is_cancelled = "WebSocket is closed before the connection is established" in message.text  # by the page itself
        if message.type in ("error", "warning") and not is_cancelled:
            problems.append(f"console: {message.text} {message.location['url']}")

    page.on("console", add_console_message)
    page.on("pageerror", lambda error: problems.append(f"page error: {error}"))
    page.on("requestfailed", add_failed_request)
    return problems


@functools.cache
def _axe() -> str:
    return (FRONT_END / "node_modules" / "axe-core" / "axe.min.js").read_text()
