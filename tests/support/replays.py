"""Replays of turns, and of sets of turns."""

import json
from typing import Any

from tests.support.actions import MOVED, OTHER
from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.os_users import wait_for
from tests.support.turns import step_of

QUESTION = "How long does an order need after I have moved to a new address?"


def answered(shop: Shop, *messages: str) -> str:
    """The turn of the last message."""
    turn_ids = []
    for message in messages:
        answer = shop.say(message)
        assert answer.status_code == 200, answer.text
        turn_ids.append(answer.get_json()["turn_id"])
    return str(turn_ids[-1])


def replay(shop: Shop, turn_id: str, **body: Any) -> dict[str, Any]:
    """Both answers to the message of a turn."""
    response = shop.post(f"/turns/{turn_id}/replay", body)
    assert response.status_code == 200, response.text
    replayed: dict[str, Any] = response.get_json()
    return replayed


def sent_by_step(fake_model: FakeModel, since: int) -> dict[str, str]:
    """The prompts that the model has received since a request, by step."""
    requests = fake_model.requests[since:]
    return {step_of(body): json.dumps(body["messages"], ensure_ascii=False) for body in requests}


def change_everything(shop: Shop, sql: Connection) -> None:
    """Change the data, history and articles from which the prompts were rendered."""
    fields = {"first_name": "Dora", "phone": "+44 1", "timezone": "UTC", "language": "de", "metadata": {}}
    assert shop.put(f"/users/{shop.user_id}", fields).status_code == 200
    made(shop.post("/products", {"product_name": "Lamp", "sku": "L-1", "price": 3.5}))
    made(shop.post("/orders", {"user_id": shop.user_id, "order_number": "A-7"}))
    assert shop.put(f"/orders/{shop.order_id}", {"shipping_address": OTHER}).status_code == 200
    [article] = shop.get("/articles").get_json()
    assert shop.put(f"/articles/{article['article_id']}", {"content": "We never send parcels."}).status_code == 200
    profile = {"business_name": "Other Books", "settings": {"timezone": "Asia/Tokyo", "languages": ["de"]}}
    assert shop.put(f"/businesses/{shop.business_id}", profile).status_code == 200
    sql.execute(
        "UPDATE messages SET message_content = 'Changed' WHERE business_id = %s AND message_content NOT IN (%s, %s)",
        [shop.business_id, MOVED, QUESTION],
    )
    sql.execute("UPDATE conversations SET summarised_through = 99 WHERE business_id = %s", [shop.business_id])


def estimated(shop: Shop, **body: Any) -> dict[str, Any]:
    """Create a replay, by default of the last 100 turns."""
    return made(shop.post("/replays", {"turns": {"last": 100}, **body}))


def start(shop: Shop, replay_id: str, **body: Any) -> dict[str, Any]:
    """Start a replay and wait until it ends or pauses."""
    response = shop.post(f"/replays/{replay_id}/start", body)
    assert response.status_code == 200, response.text
    assert response.get_json()["status"] == "running"
    return wait_for_replay(shop, replay_id)


def wait_for_replay(shop: Shop, replay_id: str) -> dict[str, Any]:
    """The replay, once it has ended or paused."""

    def current() -> dict[str, Any]:
        found: dict[str, Any] = shop.get(f"/replays/{replay_id}").get_json()
        return found

    wait_for(lambda: current()["status"] not in ("estimated", "running"), "the replay", pause=0.05)
    return current()


def results_of(shop: Shop, replay_id: str, **query: Any) -> list[dict[str, Any]]:
    """The first page of the results."""
    response = shop.get(f"/replays/{replay_id}/results", **query)
    assert response.status_code == 200, response.text
    rows: list[dict[str, Any]] = response.get_json()
    return rows
