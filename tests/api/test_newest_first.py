"""Messages and turns of a conversation in reverse order."""

from typing import Any

import pytest

from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.turns import by_step

pytestmark = pytest.mark.usefixtures("empty_database")


def pages(shop: Shop, path: str, **query: Any) -> list[list[int]]:
    """The seqs of each page."""
    found: list[list[int]] = []
    response = shop.get(path, **query)
    while True:
        assert response.status_code == 200, response.text
        found.append([row["seq"] for row in response.get_json()])
        link = response.headers.get("Link")
        if link is None:
            return found
        response = shop.client.get(link[1:].partition(">")[0], headers=shop.headers)


def test_lists_of_a_conversation_can_be_reversed(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.respond = by_step()
    for _ in range(3):
        conversation_id = shop.say("hello").get_json()["conversation_id"]
    path = f"/conversations/{conversation_id}"
    assert shop.post(f"{path}/messages", {"message": "For us", "is_note": True}).status_code == 201
    assert pages(shop, f"{path}/messages", order="newest", limit=4) == [[6, 5, 4, 3], [2, 1]]
    assert pages(shop, f"{path}/messages", order="newest", limit=4, notes="true") == [[7, 6, 5, 4], [3, 2, 1]]
    assert pages(shop, f"{path}/messages", order="oldest", limit=4) == [[1, 2, 3, 4], [5, 6]]
    assert pages(shop, f"{path}/turns", order="newest", limit=2) == [[5, 3], [1]]
    assert pages(shop, f"{path}/turns", limit=2) == [[1, 3], [5]]
    for name in ("messages", "turns"):
        assert shop.get(f"{path}/{name}", order="latest").status_code == 400


def test_page_is_not_shifted_by_a_new_message(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.respond = by_step()
    conversation_id = shop.say("hello").get_json()["conversation_id"]
    path = f"/conversations/{conversation_id}/messages"
    first = shop.get(path, order="newest", limit=1)
    shop.say("hello")
    following = shop.client.get(first.headers["Link"][1:].partition(">")[0], headers=shop.headers)
    assert [row["seq"] for row in first.get_json() + following.get_json()] == [2, 1]
