"""The server that a browser sees, a visit of its pages, and what goes wrong meanwhile."""

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, ViewportSize
from werkzeug.serving import BaseWSGIServer, make_server

from dev.front_end import FRONT_END
from tests.support.factories import Shop

_IMPACTS = ("serious", "critical")
DESK: ViewportSize = {"width": 1440, "height": 900}
# Motion only costs a processor that these tests have little of. A sheet of a script's own needs no leave of the page's
# content security policy.
_STILL = """
    const still = new CSSStyleSheet();
    still.replaceSync('*, *::before, *::after { animation: none !important; transition: none !important }');
    document.adoptedStyleSheets = [still];
"""
PATIENCE = 15_000  # milliseconds that a page may take to show something, on a busy machine


class Server:
    """The application behind a socket that can be closed and opened again, as when the server is stopped."""

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
    """A page of a signed-in shop. At the end nothing unexpected may stand in its console or have failed."""

    page: Page
    server: Server
    shop: Shop
    problems: list[str]
    expected: list[Callable[[str], bool]] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.server.url}/app{path}")
        return self.page

    def go(self, path: str) -> Page:
        """To another page as by a link: nothing is loaded anew but what that page needs."""
        self.page.evaluate(
            """address => {
                const idx = history.state.idx + 1;
                history.pushState({ idx, key: `go-${idx}`, usr: null }, '', address);
                dispatchEvent(new PopStateEvent('popstate', { state: history.state }));
            }""",
            f"/app{path}",
        )
        return self.page

    def record_requests(self) -> list[Request]:
        """Every request from now on, as they come."""
        requests: list[Request] = []
        self.page.on("request", lambda request: requests.append(request))
        return requests

    def expect_problem(self, part: str) -> None:
        """A problem whose text holds `part` is what the test is about."""
        self.expected.append(lambda text: part in text)

    def unexpected(self) -> list[str]:
        return [text for text in self.problems if not any(is_expected(text) for is_expected in self.expected)]

    def check_accessibility(self, *rules: str) -> None:
        """axe-core finds nothing serious on the page as it stands, by all rules or by those named."""
        if self.page.evaluate("typeof axe === 'undefined'"):
            self.page.evaluate(_axe())
        options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
        found = self.page.evaluate("options => axe.run(document, options)", options)
        serious = [
            f"{rule['id']}: {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
            for rule in found["violations"]
            if rule["impact"] in _IMPACTS
            for node in rule["nodes"]
        ]
        assert serious == [], serious


def new_context(browser: Browser) -> BrowserContext:
    """A browser that was never here."""
    context = browser.new_context(viewport=DESK, locale="en-GB")
    context.set_default_timeout(PATIENCE)
    context.add_init_script(_STILL)
    return context


def sign_in(context: BrowserContext, server: Server, shop: Shop) -> None:
    """What the login page does, without its page."""
    body = {"userId": shop.owner_id, "businessId": shop.business_id, "businessApiKey": shop.key}
    assert context.request.post(f"{server.url}/api/v1/save-config", data=body).ok


def watch(page: Page) -> list[str]:
    """What goes wrong on a page, as it goes on: errors and warnings in its console, where answers of 400 and more stand
    too, and requests without an answer."""
    problems: list[str] = []

    def failed(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a question that the page itself gave up
            problems.append(f"failed {request.method} {request.url}: {request.failure}")

    def told(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            problems.append(f"console: {message.text} {message.location['url']}")

    page.on("console", told)
    page.on("pageerror", lambda error: problems.append(f"page error: {error}"))
    page.on("requestfailed", failed)
    return problems


@functools.cache
def _axe() -> str:
    return (FRONT_END / "node_modules" / "axe-core" / "axe.min.js").read_text()
