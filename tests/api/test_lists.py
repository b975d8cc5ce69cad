"""Lists: order, limit, cursor and filters."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.support.checked_client import CheckedClient
from tests.support.factories import Shop, made
from tests.support.openapi_requests import OPERATIONS


def next_of(answer: TestResponse) -> str | None:
    """The path and query of the next page, from the `Link` header."""
    link = re.fullmatch(r'<https?://[^/]+(/[^>]*)>; rel="next"', answer.headers.get("Link", ""))
    return link[1] if link else None


def pages(client: CheckedClient, headers: dict[str, str], path: str) -> Iterator[list[dict[str, Any]]]:
    here: str | None = path
    while here:
        answer = client.get(here, headers=headers)
        assert answer.status_code == 200, answer.text
        yield answer.get_json()
        here = next_of(answer)


def add_template(shop: Shop, name: str) -> str:
    body = {"template_name": name, "template_type": "conversation_summary"}
    return str(made(shop.post("/templates", body))["template_id"])


def add_order(shop: Shop, name: str) -> str:
    return str(made(shop.post("/orders", {"user_id": shop.user_id, "order_number": name}))["order_id"])


def start_conversation(shop: Shop, name: str) -> str:
    return str(shop.say("hello", session_id=name).get_json()["conversation_id"])


# Path of each list, how to add a row, and the name of the row's ID.
LISTS: dict[str, tuple[Callable[[Shop, str], str], str]] = {
    "/users": (lambda shop, name: shop.add_customer(name), "user_id"),
    "/agents": (lambda shop, name: made(shop.post("/agents", {"agent_name": name}))["agent_id"], "agent_id"),
    "/stages": (lambda shop, name: shop.add_stage(name), "stage_id"),
    "/templates?template_type=conversation_summary": (add_template, "template_id"),
    "/templates/by-type/conversation_summary": (add_template, "template_id"),
    "/products": (lambda shop, name: made(shop.post("/products", {"product_name": name}))["product_id"], "product_id"),
    "/orders": (add_order, "order_id"),
    "/conversations": (start_conversation, "conversation_id"),
}


@pytest.mark.parametrize("path", LISTS)
def test_pages_contain_every_row_once_in_order_of_creation(shop: Shop, path: str) -> None:
    add, id_field = LISTS[path]
    for number in range(5):
        add(shop, f"row {number}")
    every = [row[id_field] for row in shop.client.get(f"/api/v1{path}", headers=shop.headers).get_json()]
    assert len(every) >= 5
    paged = f"/api/v1{path}{'&' if '?' in path else '?'}limit=2"
    found = list(pages(shop.client, shop.headers, paged))
    assert [row[id_field] for page in found for row in page] == every
    assert [len(page) for page in found[:-1]] == [2] * (len(found) - 1)


def test_messages_and_turns_are_ordered_by_seq(shop: Shop) -> None:
    conversation_id = shop.say("one").get_json()["conversation_id"]
    for text in ("two", "three"):
        shop.say(text, conversation_id=conversation_id)
    for path, most in (
        (f"/conversations/{conversation_id}/messages", 6),
        (f"/conversations/{conversation_id}/turns", 3),
    ):
        found = [row["seq"] for page in pages(shop.client, shop.headers, f"/api/v1{path}?limit=2") for row in page]
        assert found == sorted(found)
        assert len(found) == most


def test_every_list_takes_limit_and_cursor() -> None:
    """Operations that return arrays take `limit` and `cursor`, except for lists that are always short."""
    whole = {"/variables", "/starters"}
    for operation in OPERATIONS:
        if operation.method == "get" and "Link" not in operation.document["responses"]["200"].get("headers", {}):
            assert not {"limit", "cursor"} & operation.parameters("query").keys(), str(operation)
        elif operation.method == "get" and operation.path.removeprefix("/api/v1") not in whole:
            assert {"limit", "cursor"} <= operation.parameters("query").keys(), str(operation)


def test_limit_defaults_to_50_and_is_at_most_200(shop: Shop) -> None:
    for number in range(51):
        made(shop.post("/products", {"product_name": f"product {number}"}))
    assert len(shop.get("/products").get_json()) == 50
    assert len(shop.get("/products", limit=51).get_json()) == 51
    assert next_of(shop.get("/products", limit=51)) is None
    for limit in ("0", "201", "-1", "1.5", "x", "9" * 30, "٥"):
        assert shop.get("/products", limit=limit).status_code == 400, limit
    assert len(shop.get("/products", limit="").get_json()) == 50


def test_invalid_cursor_is_400(shop: Shop) -> None:
    conversation_id = shop.say("one").get_json()["conversation_id"]
    made(shop.post("/products", {"product_name": "one"}))
    made(shop.post("/products", {"product_name": "two"}))
    good = next_of(shop.get("/products", limit=1))
    assert good
    cursor = good.partition("cursor=")[2]
    for path in ("/products", "/events", "/audit-log", "/conversations", f"/conversations/{conversation_id}/messages"):
        for wrong in (
            "x",
            "====",
            "bm9uZQ==",
            "MjAyNi0wMS0wMXwx",
            "OTk5OTk5OTk5OTk5fDE=",
            "%00",
            "é",
            "a" * 201,
            cursor[:-8],
        ):
            answer = shop.client.get(f"/api/v1{path}?cursor={wrong}", headers=shop.headers)
            assert answer.status_code == 400, f"{path} {wrong}"
            assert answer.get_json()["details"][0]["path"] == "$.cursor"


def test_filters(shop: Shop) -> None:
    other = shop.add_customer("other")
    mine = shop.say("hello", user_id=other).get_json()
    shop.say("hello")
    agent_id = made(shop.post("/agents", {"agent_name": "Ann"}))["agent_id"]
    given = shop.add_stage("Given", agent_id=agent_id)
    assert [row["stage_id"] for row in shop.get("/stages", agent_id=agent_id).get_json()] == [given]
    calls = shop.get("/llm-calls", turn_id=mine["turn_id"]).get_json()
    assert {call["turn_id"] for call in calls} == {mine["turn_id"]}
    steps = {call["step"] for call in shop.get("/llm-calls", step="response").get_json()}
    assert steps == {"response"}
