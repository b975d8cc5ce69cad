"""A real browser, the built front-end and the application. Each test has its own business in a shared database.

These tests are skipped where no Chromium is installed, or fail there with REQUIRE_BROWSER=1. CHROMIUM names a browser
that is not on the PATH.
"""

import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from config import Config
from dev.front_end import build
from tests.conftest import make_config, own_database, running_app
from tests.support.actions import make_address_shop
from tests.support.database import Connection, connect
from tests.support.factories import Shop, make_shop
from tests.support.fake_model import FakeModel
from tests.support.staff_visit import sign_in_member
from tests.support.visit import TIMEOUT, Server, Visit, new_context, record_problems, sign_in

_BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")  # the first one needs the fewest resources
_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--process-per-site",
)
# Clears once per window what earlier tests have stored.
_CLEAR_STORAGE = """
    if (!sessionStorage.cleared) {
        sessionStorage.cleared = 1;
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
        launched = playwright.chromium.launch(executable_path=path, args=list(_OPTIONS))
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def shared_context(browser: Browser, pages_server: Server) -> Iterator[BrowserContext]:
    """A browser context whose compiled scripts all tests reuse. Cookies and storage are cleared after each test."""
    context = new_context(browser)
    context.new_page().goto(f"{pages_server.url}/app/login")  # keeps the process that all pages share
    yield context
    context.close()


@pytest.fixture(scope="session")
def further_contexts(browser: Browser) -> Iterator[list[BrowserContext]]:
    """Contexts of colleagues that no test uses at the moment. Like the shared one, they keep compiled scripts."""
    contexts: list[BrowserContext] = []
    yield contexts
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def pages_model() -> Iterator[FakeModel]:
    with FakeModel() as fake:
        yield fake


@pytest.fixture(scope="session")
def pages_database(server_url: str, template_database: str) -> Iterator[str]:
    with own_database(server_url, template_database) as url:
        yield url


@contextmanager
def running_server(config: Config) -> Iterator[Server]:
    """The application with this configuration, served for a browser."""
    with running_app(config) as app:
        server = Server(app)
        server.start()
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def pages_server(pages_database: str, pages_model: FakeModel) -> Iterator[Server]:
    """The server that all tests share."""
    settings = {"OPENAI_BASE_URL": pages_model.base_url, "API_CALL_ALLOWED_HOSTS": "127.0.0.1"}
    with running_server(make_config(pages_database, **settings)) as server:
        yield server


@pytest.fixture
def model(pages_model: FakeModel) -> FakeModel:
    """The fake model, which answers with `answer_like_a_shop`."""
    pages_model.respond = answer_like_a_shop
    return pages_model


@pytest.fixture
def empty_business(pages_server: Server, master: dict[str, str]) -> Shop:
    """A business without stages."""
    client = pages_server.app.test_client()
    return make_shop(client, master, f"Empty {uuid.uuid4().hex[:8]}", with_stages=False)


@pytest.fixture
def shop(pages_server: Server, master: dict[str, str], model: FakeModel) -> Shop:
    """A business with two stages and a customer."""
    return make_shop(pages_server.app.test_client(), master, f"Lantern Books {uuid.uuid4().hex[:8]}")


@pytest.fixture
def address_shop(shop: Shop) -> Shop:
    """The business of the address example, whose stage has no actions yet."""
    make_address_shop(shop)
    assert shop.put(f"/stages/{shop.stages['Address']}", {"actions": []}).status_code == 200
    return shop


@pytest.fixture
def sql(pages_database: str) -> Iterator[Connection]:
    with connect(pages_database) as conn:
        yield conn


@pytest.fixture
def visits(shared_context: BrowserContext, pages_server: Server) -> Iterator[Callable[..., Visit]]:
    """Opens a new window, by default signed in with the shop's business key.

    All windows of a test share their cookies, except those with another context.
    """
    opened: list[Visit] = []

    def visit(
        shop: Shop,
        *,
        signed_in: bool = True,
        server: Server = pages_server,
        context: BrowserContext = shared_context,
    ) -> Visit:
        if signed_in:
            sign_in(context, server, shop)
        page = context.new_page()
        page.add_init_script(_CLEAR_STORAGE % ("yes" if signed_in else ""))
        opened.append(Visit(page, server, shop, record_problems(page)))
        return opened[-1]

    yield visit
    unexpected = [text for each in opened for text in each.unexpected()]
    for each in opened:
        each.page.context.clear_cookies()
        each.page.close()
    assert unexpected == []


@pytest.fixture
def visit(visits: Callable[..., Visit], shop: Shop) -> Visit:
    """A window that is signed in to the shop."""
    return visits(shop)


@pytest.fixture
def visit_as(visits: Callable[..., Visit], shop: Shop, master: dict[str, str]) -> Callable[..., Visit]:
    """Signs in a new member of the shop with this role, Robin Role."""

    def visit(role: str, of: Shop = shop) -> Visit:
        made = visits(of, signed_in=False)
        sign_in_member(made, master, role, "Robin", "Role")
        return made

    return visit


def make_test_customer(shop: Shop) -> None:
    """Let staff write as the shop's customer in the playground."""
    assert shop.put(f"/users/{shop.user_id}", {"is_test": True}).status_code == 200


@pytest.fixture
def empty_context(browser: Browser) -> Iterator[BrowserContext]:
    """The context of a browser that has not loaded anything yet."""
    context = new_context(browser)
    yield context
    context.close()


@pytest.fixture
def colleague(
    browser: Browser,
    further_contexts: list[BrowserContext],
    visits: Callable[..., Visit],
    shop: Shop,
    master: dict[str, str],
    pages_server: Server,
) -> Iterator[Callable[..., Visit]]:
    """Signs in a new member of the shop, in a browser of their own, beside those of other members."""
    used: list[BrowserContext] = []

    def make(first_name: str, last_name: str, role: str = "agent") -> Visit:
        if further_contexts:
            context = further_contexts.pop()
        else:
            context = new_context(browser)
            context.new_page().goto(f"{pages_server.url}/app/login")  # as in the shared context
        used.append(context)
        visit = visits(shop, signed_in=False, context=context)
        sign_in_member(visit, master, role, first_name, last_name)
        return visit

    yield make
    further_contexts.extend(used)


@pytest.fixture
def anna(colleague: Callable[..., Visit]) -> Visit:
    return colleague("Anna", "Berg")


def template_of(shop: Shop, stage: str = "Order help") -> str:
    """The ID of a stage's response template."""
    template: str = shop.get(f"/stages/{shop.stages[stage]}").get_json()["response_generation_template_id"]
    return template


def answer_like_a_shop(body: dict[str, Any]) -> str:
    """Plausible answers of a model. The step is recognised by the output contract in the prompt."""
    prompt = json.dumps(body["messages"], ensure_ascii=False)
    if "one of the stage names" in prompt:
        stage = "Order help" if "order" in body["messages"][-1]["content"].lower().split('"""')[1] else "Greeting"
        return json.dumps({"stage": stage, "confidence": 0.92})
    if "JSON object" in prompt:
        return json.dumps({"order_number": "A-10433"} if "A-10433" in prompt else {})
    return "Your order A-10433 is on its way." if "A-10433" in prompt else "Hello! How can I help you?"
