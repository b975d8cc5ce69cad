"""A business cannot read, change, link to or learn about the rows of another business.

The requests are derived from the OpenAPI document, so new routes are included. A new kind of ID needs a line in
`MAKERS`; a test fails until it has one.
"""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.conftest import MASTER_KEY, make_config, own_database, running_app
from tests.support.database import connect
from tests.support.factories import Shop, make_shop
from tests.support.fake_model import FakeModel
from tests.support.hooks import HOOK
from tests.support.openapi_requests import OPERATIONS, Operation, Site, finds_nothing
from tests.support.staff import make_owner
from tests.support.two_businesses import (
    MAKERS,
    PEOPLE,
    World,
    a_member,
    a_webhook,
)

ORIGIN = "http://localhost:3000"
CANONICAL = [each for each in OPERATIONS if each.path.startswith("/api/v1/")]


WIDGET = "/api/v1/widget/{channel_id}/"

# Fields named like IDs that contain free text of the business.
NOT_IDS = {"external_id", "session_id", "event_id", "recipient_id"}

# Values that a request needs to be accepted.
VALUES: dict[str, Any] = {
    "template_type": "response_generation",
    "report": "stages",
    "stages": f"{uuid.uuid4()},{uuid.uuid4()}",
    "apiKey": MASTER_KEY,
    "mapping": HOOK["mapping"],
    "signature_header": HOOK["signature_header"],
    "url": "http://127.0.0.1:9/",
    "config": {"method": "GET", "url": "http://127.0.0.1:9/"},  # refused, so that nothing leaves the machine
}

# Fields that must match the ID: a conversation continues with its own customer, a delivery is of a webhook.
BESIDE: dict[str, dict[str, Callable[[Shop], str]]] = {
    "conversation_id": {"user_id": lambda shop: shop.user_id},
    "delivery_id": {"webhook_id": a_webhook},
}

# Rows of which a business has only one, so that the requests of the test replace them.
REPLACED = {"export_id"}

# Paths on which a field has another meaning.
MAKERS_UNDER: dict[str, dict[str, Callable[[Shop], str]]] = {
    "/api/v1/businesses/{business_id}/members": {"user_id": a_member}
}

# Not sent with our own IDs: requests that contain a secret (see test_login.py, test_hooks.py and test_channels.py), the
# one that would end the token or the API key of the test (see test_sessions.py and test_api_keys.py), or the business,
# an endless stream, and what needs a file with text, a question without an article, or the demo business (see
# test_article_imports.py, test_import_previews.py, test_knowledge.py, test_exports.py and test_demo.py).
LEFT_OUT = {
    "POST /api/v1/articles/import",
    "PUT /api/v1/design",  # needs files, see test_design.py
    "POST /api/v1/imports/preview",
    "POST /api/v1/auth/demo",
    "POST /api/v1/auth/invitation/details",
    "POST /api/v1/businesses/{business_id}/deletion",
    "DELETE /api/v1/businesses/{business_id}/deletion",
    "DELETE /api/v1/unanswered-questions/{turn_id}",
    "POST /api/v1/auth/login",
    "POST /api/v1/auth/invitation",
    "POST /api/v1/auth/password",
    "POST /api/v1/auth/refresh",
    "POST /api/v1/auth/email-verification/confirm",
    "POST /api/v1/auth/reset-password",
    "POST /api/v1/auth/signup",
    "POST /api/v1/auth/totp",
    "POST /api/v1/auth/totp/confirm",
    "POST /api/v1/auth/totp/recovery-codes",
    "POST /api/v1/auth/totp/remove",
    "POST /api/v1/businesses/{business_id}/api-keys",
    "GET /api/v1/conversations/{conversation_id}/stream",
    "POST /api/v1/hooks/{hook_id}",
    "POST /api/v1/channels",  # needs the settings of a kind
    "GET /api/v1/attachments/{attachment_id}",  # needs an image that was fetched, see test_channels.py
    "GET /api/v1/channels/{channel_id}/webhook",
    "POST /api/v1/channels/{channel_id}/webhook",
    f"GET {WIDGET}messages",  # needs a channel of this kind, and a visitor (see test_widget.py), like the following
    f"POST {WIDGET}messages",
    f"POST {WIDGET}sessions",
    f"GET {WIDGET}stream",
    f"POST {WIDGET}messages/{{message_id}}/feedback",
    f"POST {WIDGET}conversations/{{conversation_id}}/rating",
    "POST /api/v1/feedback/{turn_id}/resolve",  # needs a bad answer, see test_feedback.py
}


@pytest.fixture(scope="module")
def world(server_url: str, template_database: str) -> Iterator[World]:
    with (
        FakeModel() as fake,
        own_database(server_url, template_database) as url,
        connect(url) as sql,
        running_app(make_config(url, OPENAI_BASE_URL=fake.base_url)) as app,
    ):
        master = {"Authorization": f"Bearer {MASTER_KEY}"}
        client = app.test_client()
        us, them = make_shop(client, master, "Lantern Books"), make_shop(client, master, "Harbour Tea")
        world = World(app, us, them, sql)
        world.ours = {name: maker(us) for name, maker in MAKERS.items()}
        world.theirs = {name: [maker(them)] for name, maker in MAKERS.items()}
        for name in PEOPLE:
            world.theirs[name] = [*{them.user_id, them.owner_id, a_member(them), *world.theirs[name]}]
        world.owner = make_owner(us, master).headers
        config = {"userId": us.owner_id, "businessId": us.business_id, "businessApiKey": us.key}
        saved = client.post("/api/save-config", json=config)
        world.cookie = saved.headers["Set-Cookie"].partition(";")[0]
        yield world


def headers_of(world: World, caller: str) -> dict[str, str]:
    return {
        "key": world.us.headers,
        "cookie": {"Cookie": world.cookie, "Origin": ORIGIN},
        "owner": world.owner,
        "master": {"Authorization": f"Bearer {MASTER_KEY}"},
    }[caller]


def unknown_id(name: str) -> str:
    return f"icmp_{uuid.uuid4().hex}" if name == "businessApiKey" else str(uuid.uuid4())


def revealed(answer: TestResponse) -> tuple[int, Any, set[str]]:
    """Everything that a response reveals, without the request's ID."""
    body = answer.get_json(silent=True)
    if isinstance(body, dict):
        body = {name: value for name, value in body.items() if name != "request_id"}
    return answer.status_code, body, {name for name, _ in answer.headers} - {"Date"}


def test_every_id_field_has_a_maker() -> None:
    fields = {site.field for operation in OPERATIONS for site in operation.sites}
    assert fields - MAKERS.keys() - NOT_IDS == set(), "Give each a line in MAKERS."
    assert len(fields & MAKERS.keys()) > 10


def refusals(world: World, operation: Operation, site: Site, caller: str) -> Iterator[str]:
    """Send IDs of the other business and IDs that do not exist; yields the differences between the responses."""

    def fill(name: str) -> Any:
        return VALUES.get(name, world.ours.get(name))

    def send(value: str) -> TestResponse:
        request = operation.request(fill, site, value)
        if caller == "master":  # the caller belongs to us, so naming another business is a contradiction
            request.query.setdefault("business_id", world.us.business_id)
        return world.send(request, headers)

    for condition in ({}, {"If-Match": '"999"'}) if "If-Match" in operation.parameters("header") else ({},):
        headers = {**headers_of(world, caller), **condition}
        nothing = send(unknown_id(site.field))
        for their_id in world.theirs[site.field]:
            answer = send(their_id)
            if revealed(answer) != revealed(nothing):
                yield f"{revealed(answer)} instead of {revealed(nothing)}"
            if not operation.schemes:
                wanted = {404} if operation.path.startswith(WIDGET) else {401}
            elif site.field == "business_id" or not operation.admits(caller) or is_for_oneself(operation):
                wanted = {403}
            else:
                wanted = {404}
            is_empty = finds_nothing(answer) or (answer.mimetype == "text/csv" and answer.text.count("\n") == 1)
            is_unfound = site.where == "query" and operation.method == "get" and is_empty
            if condition and site.where != "path":  # for one of our rows, which may be checked first
                wanted |= {412}
            if answer.status_code not in wanted and not is_unfound:
                yield f"{answer.status_code}: {answer.text}"
            for secret in world.secrets():
                if secret in answer.text:
                    yield f"{secret} is shown: {answer.text}"


@pytest.mark.parametrize(
    "caller",
    ["key", pytest.param("cookie", marks=pytest.mark.slow), "owner", pytest.param("master", marks=pytest.mark.slow)],
)
def test_rows_of_another_business_look_like_missing_rows(world: World, caller: str) -> None:
    before, written, tried, wrong = world.dump(), world.writes(), 0, []
    # The older paths have the same views, so one caller is enough.
    operations = OPERATIONS if caller == "key" else CANONICAL
    for operation in operations:
        if caller == "master" and not operation.admits("key"):
            continue
        if caller == "owner" and operation.admits("key"):  # same permissions and decorators as the key
            continue
        for site in operation.sites:
            if site.field in NOT_IDS or (caller == "master" and site.field == "business_id"):
                continue
            tried += 1
            wrong += [f"{operation}, {site}: {problem}" for problem in refusals(world, operation, site, caller)]
        if (now := world.writes()) != written:
            wrong.append(f"{operation} wrote to {[table for table in now if now[table] != written[table]]}")
            written = now
    assert not wrong, "\n".join(wrong)
    assert world.dump() == before
    # Nearly every request contains an ID, at least that of a business.
    assert tried > (10 if caller == "owner" else len(operations) // 2)


def test_own_rows_are_found_and_reveal_nothing_of_the_other_business(world: World) -> None:
    """The same requests succeed with our own IDs, so the test above fails only for the IDs of the other business."""
    tried, wrong = 0, []
    theirs = {table: [row for row in rows if of_them(world, row)] for table, rows in world.dump().items()}
    for operation in CANONICAL:
        caller = next((each for each in ("key", "owner") if operation.admits(each)), None)
        if caller is None or str(operation) in LEFT_OUT:
            continue
        makers = {**MAKERS, **next((more for at, more in MAKERS_UNDER.items() if operation.path.startswith(at)), {})}
        for site in operation.sites or [None]:
            if site and site.field in NOT_IDS:
                continue
            beside = BESIDE.get(site.field, {}) if site else {}
            reads = operation.method == "get"
            reusable = {name: row_id for name, row_id in world.ours.items() if name not in REPLACED}
            made_now = reusable if reads else {name: maker(world.us) for name, maker in beside.items()}

            def fill(name: str, made_now: dict[str, str] = made_now, makers: Any = makers) -> Any:
                """New rows for writes, which may delete them."""
                if name in makers and name not in made_now:
                    made_now[name] = makers[name](world.us)
                return VALUES.get(name, made_now.get(name))

            request = operation.request(fill, site, fill(site.field) if site else None)
            answer = world.send(request, headers_of(world, caller))
            tried += 1
            # A conflict also shows that the row was found.
            if not (answer.status_code < 300 or answer.status_code == 409):
                wrong.append(f"{operation}, {site}: {answer.status_code} {answer.text}")
            text = answer.data.decode(errors="replace")  # also of a ZIP file
            wrong += [f"{operation} shows {secret}" for secret in world.secrets() if secret in text]
    assert not wrong, "\n".join(wrong)
    assert tried >= len(CANONICAL)
    after = {table: [row for row in rows if of_them(world, row)] for table, rows in world.dump().items()}
    assert after == theirs
    assert sum(map(len, theirs.values())) > 50


def is_for_oneself(operation: Operation) -> bool:
    """With a login, businesses can only be created for the user."""
    return str(operation) == "POST /api/v1/businesses"


def of_them(world: World, row: str) -> bool:
    return any(secret in row for secret in world.secrets())


def test_names_are_unique_per_business(world: World) -> None:
    """Unique values are unique within a business, so a conflict reveals nothing about another business."""
    same = [
        ("/users", {"external_id": "same", "email": "same@example.com"}),
        ("/agents", {"agent_name": "same"}),
        ("/stages", {"stage_name": "same"}),
        ("/templates", {"template_name": "same", "template_type": "stage_selection"}),
        ("/variables", {"name": "same", "value": "1"}),
        ("/products", {"product_name": "same", "sku": "same"}),
        ("/secrets", {"name": "same", "value": "same value"}),
        ("/hooks", {**HOOK, "name": "same"}),
        ("/channels", {"kind": "generic", "name": "same", "settings": {"url": "http://127.0.0.1:9/"}}),
    ]
    for path, body in same:
        assert world.them.post(path, body).status_code == 201
        assert world.us.post(path, body).status_code == 201
    for shop in (world.them, world.us):
        body = {"user_id": MAKERS["user_id"](shop), "order_number": "same"}
        assert shop.post("/orders", body).status_code == 201
        assert shop.say("hello", user={"external_id": "same"}).status_code == 200


def test_idempotency_keys_are_separate_per_business(world: World) -> None:
    key = {"Idempotency-Key": "same"}
    theirs = world.them.post("/messages", {"user_id": world.them.user_id, "message": "hello"}, key)
    ours = world.us.post("/messages", {"user_id": world.us.user_id, "message": "another text"}, key)
    assert (theirs.status_code, ours.status_code) == (200, 200)
    assert ours.get_json()["turn_id"] != theirs.get_json()["turn_id"]
