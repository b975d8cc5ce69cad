"""Replays of sets of turns."""

from typing import Any

from tests.support.factories import Shop, made
from tests.support.os_users import wait_for


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

    def replay() -> dict[str, Any]:
        found: dict[str, Any] = shop.get(f"/replays/{replay_id}").get_json()
        return found

    wait_for(lambda: replay()["status"] not in ("estimated", "running"), "the replay", pause=0.05)
    return replay()


def results_of(shop: Shop, replay_id: str, **query: Any) -> list[dict[str, Any]]:
    """The first page of the results."""
    response = shop.get(f"/replays/{replay_id}/results", **query)
    assert response.status_code == 200, response.text
    rows: list[dict[str, Any]] = response.get_json()
    return rows
