"""A real browser before the real server: the built front-end, the API, PostgreSQL, and the fake model behind them.

Without a Chromium these tests are skipped; REQUIRE_BROWSER=1 makes that a failure. CHROMIUM names another one. That
without a window of its own, where it is installed, does the same with less.
"""

import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from app import close_app, create_app
from dev.front_end import build
from tests.conftest import make_config, own_database
from tests.support.checked_client import CheckedClient
from tests.support.database import Connection, connect
from tests.support.factories import Shop, make_shop
from tests.support.fake_model import FakeModel
from tests.support.visit import TIMEOUT, Server, Visit, new_context, record_problems, sign_in

_BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
_SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--process-per-site",
)
# What an earlier test has left in the storage goes, once in each window.
_BEGIN = """
    if (!sessionStorage.begun) {
        sessionStorage.begun = 1;
        localStorage.clear();
        if ('%s') localStorage.setItem('icmp.signedIn', 'yes');
    }
"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _BROWSERS)), None)
    if path is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("REQUIRE_BROWSER is set and there is no chromium on the PATH.")
        pytest.skip("there is no chromium on the PATH")
    build()
    expect.set_options(timeout=TIMEOUT)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(_SWITCHES))
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def shared_context(browser: Browser, pages_server: Server) -> Iterator[BrowserContext]:
    """What one test has loaded and compiled the next need not: only cookies and storage are each test's own."""
    context = new_context(browser)
    context.new_page().goto(f"{pages_server.url}/app/login")  # stays, and with it the process that all pages share
    yield context
    context.close()


@pytest.fixture(scope="session")
def pages_model() -> Iterator[FakeModel]:
    with FakeModel() as fake:
        yield fake


@pytest.fixture(scope="session")
def pages_database(server_url: str, template_database: str) -> Iterator[str]:
    with own_database(server_url, template_database) as url:
        yield url


@pytest.fixture(scope="session")
def pages_app(pages_database: str, pages_model: FakeModel) -> Iterator[Flask]:
    app = create_app(make_config(pages_database, OPENAI_BASE_URL=pages_model.base_url))
    app.test_client_class = CheckedClient
    yield app
    close_app(app)


@pytest.fixture(scope="session")
def pages_server(pages_app: Flask) -> Iterator[Server]:
    """One server for all pages: each test has a business of its own in it."""
    server = Server(pages_app)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def model(pages_model: FakeModel) -> FakeModel:
    """The fake model, answering as the demo shop's would: by what each prompt asks for."""
    pages_model.respond = answer_like_a_shop
    return pages_model


@pytest.fixture
def empty_business(pages_app: Flask, master: dict[str, str]) -> Shop:
    """A business that has designed nothing."""
    return make_shop(pages_app.test_client(), master, f"Empty {uuid.uuid4().hex[:8]}", with_stages=False)


@pytest.fixture
def shop(pages_app: Flask, master: dict[str, str], model: FakeModel) -> Shop:
    """A business with two stages and a customer, in the server that the browser sees."""
    return make_shop(pages_app.test_client(), master, f"Lantern Books {uuid.uuid4().hex[:8]}")


@pytest.fixture
def sql(pages_database: str) -> Iterator[Connection]:
    with connect(pages_database) as conn:
        yield conn


@pytest.fixture
def visits(browser: Browser, shared_context: BrowserContext, pages_server: Server) -> Iterator[Callable[..., Visit]]:
    """Makes a visit of a shop: a window of its own, signed in by the business's key unless told not to.

    All windows of a test share their cookies. `never_here` is a browser that has loaded nothing yet.
    """
    opened: list[Visit] = []

    def visit(shop: Shop, *, signed_in: bool = True, server: Server = pages_server, never_here: bool = False) -> Visit:
        context = new_context(browser) if never_here else shared_context
        if signed_in:
            sign_in(context, server, shop)
        page = context.new_page()
        page.add_init_script(_BEGIN % ("yes" if signed_in else ""))
        made = Visit(page, server, shop, record_problems(page))
        opened.append(made)
        return made

    yield visit
    unexpected = [text for made in opened for text in made.unexpected()]
    for made in opened:
        made.page.close()
        if made.page.context is not shared_context:
            made.page.context.close()
    shared_context.clear_cookies()
    assert unexpected == []


@pytest.fixture
def visit(visits: Callable[..., Visit], shop: Shop) -> Visit:
    return visits(shop)


def answer_like_a_shop(body: dict[str, Any]) -> str:
    """What a good model would say, found by the contract of each step."""
    said = json.dumps(body["messages"], ensure_ascii=False)
    if "one of the stage names" in said:
        stage = "Order help" if "order" in body["messages"][-1]["content"].lower().split('"""')[1] else "Greeting"
        return json.dumps({"stage": stage, "confidence": 0.92})
    if "JSON object" in said:
        return json.dumps({"order_number": "A-10433"} if "A-10433" in said else {})
    return "Your order A-10433 is on its way." if "A-10433" in said else "Hello! How can I help you?"
