"""A replay of 200 turns goes on after its server is killed, sends the recorded prompts, and costs what was
estimated."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.processes.conftest import Business, StartDeployment
from tests.support.database import connect
from tests.support.os_users import wait_for
from tests.support.turns import by_step

TURNS, PARALLEL = 200, 4


def prompts(requests: list[dict[str, Any]]) -> list[str]:
    return [json.dumps(request["messages"], ensure_ascii=False) for request in requests]


def replay_of(business: Business, replay_id: str) -> dict[str, Any]:
    replay: dict[str, Any] = business.request("GET", f"/replays/{replay_id}")
    return replay


def test_replay_goes_on_after_a_kill(start_deployment: StartDeployment) -> None:
    with start_deployment(processes=1) as deployment, connect(deployment.database_url) as sql:
        business = deployment.add_business()
        settings = {"settings": {"model": "gpt-4.1-mini"}}
        business.request("PUT", f"/businesses/{business.business_id}", json=settings)
        business.model.respond = by_step()
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda n: business.say(f"c-{n}", f"Where is my order {n}?"), range(TURNS)))
        assert [each.status_code for each in answers] == [200] * TURNS
        recorded = prompts(business.model.requests)
        sql.execute("UPDATE users SET first_name = 'Another', language = 'de', timezone = 'Asia/Tokyo'")

        replay = business.request("POST", "/replays", json={"turns": {"last": TURNS}})
        assert replay["turn_count"] == TURNS
        business.request("POST", f"/replays/{replay['replay_id']}/start", json={})
        wait_for(lambda: replay_of(business, replay["replay_id"])["done"] >= TURNS / 4, "a part of the replay")
        business.server.kill()
        with connect(deployment.database_url) as rows:
            [done] = rows.execute("SELECT count(*) FROM replay_results WHERE difference IS NOT NULL").fetchall()
        business.server.start()
        wait_for(lambda: replay_of(business, replay["replay_id"])["status"] == "finished", "the rest of the replay")
        ended = replay_of(business, replay["replay_id"])

        assert done["count"] < TURNS
        assert (ended["done"], ended["counts"]["unchanged"]) == (TURNS, TURNS)
        assert ended["cost_usd"] == pytest.approx(replay["estimated_usd"], rel=0.1)
        sent = prompts(business.model.requests)[len(recorded) :]
        assert set(sent) <= set(recorded)
        assert 3 * TURNS <= len(sent) <= 3 * (TURNS + PARALLEL)
