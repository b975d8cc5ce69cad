"""Agents with instructions, languages and working hours, and stages that list several of them."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.support.agents import NIGHT, NOON, OFFICE, add_agent, chosen, list_agents, say, use_settings
from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.takeovers import last_prompt
from tests.support.turns import by_step


def test_agent_has_instructions_languages_and_working_hours(shop: Shop) -> None:
    plain = shop.get(f"/agents/{add_agent(shop, 'Plain')}").get_json()
    assert (plain["instructions"], plain["languages"], plain["working_hours"]) == (None, [], None)
    values = {"instructions": "Be brief.", "languages": ["de", "pt-BR"], "working_hours": OFFICE}
    agent_id = add_agent(shop, "Berlin", **values)
    assert shop.get(f"/agents/{agent_id}").get_json().items() >= values.items()
    changed = shop.put(f"/agents/{agent_id}", {"languages": [], "working_hours": None}).get_json()
    assert (changed["instructions"], changed["languages"], changed["working_hours"]) == ("Be brief.", [], None)
    entry = shop.get("/audit-log", resource="agent").get_json()[-1]
    assert sorted(entry["changes"] if "changes" in entry else entry["fields"]) == ["languages", "working_hours"]


@pytest.mark.parametrize(
    "values",
    [
        {"languages": ["German"] * 2},
        {"languages": ["d"]},
        {"languages": ["de; DROP"]},
        {"languages": None},
        {"languages": ["de"] * 21},
        {"working_hours": []},
        {"working_hours": [{"day": "monday", "start": "09:00"}]},
        {"working_hours": [{"day": "Monday", "start": "09:00", "end": "17:00"}]},
        {"working_hours": [{"day": "monday", "start": "9:00", "end": "17:00"}]},
        {"working_hours": [{"day": "monday", "start": "24:00", "end": "17:00"}]},
        {"working_hours": [{"day": "monday", "start": "09:00", "end": "24:01"}]},
        {"working_hours": [{"day": "monday", "start": "09:00", "end": "09:00"}]},
        {"working_hours": [{"day": "monday", "start": "0٩:00", "end": "17:00"}]},
        {"working_hours": [{"day": "monday", "start": "09:00", "end": "17:00"}] * 51},
        {"instructions": "x" * 10_001},
    ],
)
def test_invalid_agent_is_rejected(shop: Shop, values: dict[str, Any]) -> None:
    agent_id = add_agent(shop, "Berlin")
    assert shop.post("/agents", {"agent_name": "Other", **values}).status_code == 400
    assert shop.put(f"/agents/{agent_id}", values).status_code == 400
    assert len(shop.get("/agents").get_json()) == 1


def test_stage_lists_agents_in_order(shop: Shop) -> None:
    one, two, three = (add_agent(shop, name) for name in ("One", "Two", "Three"))
    listed = [{"agent_id": two, "conditions": ["language", "hours"]}, {"agent_id": one, "conditions": []}]
    stage = f"/stages/{shop.add_stage('Returns', agents=listed)}"
    row = shop.get(stage).get_json()
    assert (row["agents"], row["agent_id"]) == (listed, two)
    other = shop.add_stage("Single", agent_id=one)
    single = shop.get(f"/stages/{other}").get_json()
    assert (single["agents"], single["agent_id"]) == ([{"agent_id": one, "conditions": []}], one)

    assert [row["stage_id"] for row in shop.get("/stages", agent_id=one).get_json()] == [shop.stages["Returns"], other]
    assert [row["stage_id"] for row in shop.get("/stages", agent_id=two).get_json()] == [shop.stages["Returns"]]
    assert shop.get("/stages", agent_id=three).get_json() == []

    changed = shop.put(stage, {"agents": [{"agent_id": three}]}).get_json()
    assert (changed["agents"], changed["agent_id"]) == ([{"agent_id": three, "conditions": []}], three)
    cleared = shop.put(stage, {"agents": []}).get_json()
    assert (cleared["agents"], cleared["agent_id"]) == ([], None)


def test_clients_that_know_one_agent_per_stage_keep_the_others(shop: Shop) -> None:
    one, two = add_agent(shop, "One"), add_agent(shop, "Two")
    listed = [{"agent_id": one, "conditions": ["hours"]}, {"agent_id": two, "conditions": []}]
    stage = f"/stages/{shop.add_stage('Returns', agents=listed)}"
    assert shop.put(stage, {"agent_id": one.upper(), "stage_description": "Send back"}).get_json()["agents"] == listed
    assert shop.put(stage, {"agent_id": one, "agents": listed}).get_json()["agents"] == listed
    assert shop.put(stage, {"agent_id": two, "agents": listed}).status_code == 400
    assert shop.put(stage, {"agent_id": two}).get_json()["agents"] == [{"agent_id": two, "conditions": []}]
    assert shop.put(stage, {"agent_id": None}).get_json()["agents"] == []


def test_agents_of_a_stage_are_checked(shop: Shop, other_shop: Shop) -> None:
    one, foreign = add_agent(shop, "One"), add_agent(other_shop, "Foreign")
    stage = f"/stages/{shop.stages['Greeting']}"
    for missing in (foreign, str(uuid.uuid4())):
        body = {"agents": [{"agent_id": one}, {"agent_id": missing}]}
        assert shop.put(stage, body).status_code == 404
        assert shop.post("/stages", {"stage_name": "New", **body}).status_code == 404
    twice = shop.put(stage, {"agents": [{"agent_id": one}, {"agent_id": one.upper()}]})
    assert twice.get_json()["details"][0]["path"] == "$.agents[1].agent_id"
    for bad in (None, [one], [{"agent_id": one, "conditions": ["weather"]}], [{"conditions": []}]):
        assert shop.put(stage, {"agents": bad}).status_code == 400
    assert shop.get(stage).get_json()["agents"] == []


def test_deleted_agent_leaves_the_others(shop: Shop, sql: Connection) -> None:
    one, two = add_agent(shop, "One"), add_agent(shop, "Two")
    listed = [{"agent_id": one, "conditions": ["hours"]}, {"agent_id": two, "conditions": ["language"]}]
    stage = f"/stages/{shop.add_stage('Returns', agents=listed)}"
    assert shop.delete(f"/agents/{one}").status_code == 204
    row = shop.get(stage).get_json()
    assert (row["agents"], row["agent_id"]) == (listed[1:], two)
    assert shop.delete(f"/agents/{two}").status_code == 204
    assert shop.get(stage).get_json()["agents"] == []
    assert sql.execute("SELECT FROM stage_agents WHERE agent_id = %(one)s", {"one": one}).fetchall() == []


def test_agent_that_an_older_server_has_set_replaces_the_list(shop: Shop, sql: Connection) -> None:
    one, two = add_agent(shop, "One"), add_agent(shop, "Two")
    list_agents(shop, "Greeting", (one, ["hours"]), (two, []))
    ids = {"stage_id": shop.stages["Greeting"], "two": two}
    sql.execute("UPDATE stages SET agent_id = %(two)s WHERE stage_id = %(stage_id)s", ids)
    stage = shop.get(f"/stages/{shop.stages['Greeting']}").get_json()
    assert stage["agents"] == [{"agent_id": two, "conditions": []}]


def test_agent_is_chosen_by_language_and_working_hours(
    shop: Shop, fake_model: FakeModel, set_clock: Callable[[datetime], None]
) -> None:
    use_settings(shop)
    berlin = add_agent(shop, "Berlin", languages=["de"], working_hours=OFFICE, instructions="Siezen Sie.")
    bot = add_agent(shop, "Bot", "ai", instructions="Offer to call back.")
    list_agents(shop, "Order help", (berlin, ["language", "hours"]), (bot, []))
    fake_model.respond = by_step()

    set_clock(NOON)
    answer = say(shop, language="de-AT")
    assert chosen(shop, answer) == ("Berlin", "speaks de-AT and is within working hours")
    assert "Siezen Sie." in last_prompt(fake_model)
    conversation = shop.get(f"/conversations/{answer['conversation_id']}").get_json()
    assert (conversation["agent_id"], conversation["handled_by"]) == (berlin, "human")

    answer = say(shop, language="fr")
    assert chosen(shop, answer) == ("Bot", 'has no conditions ("Berlin" does not speak fr)')
    assert "Offer to call back." in last_prompt(fake_model)
    conversation = shop.get(f"/conversations/{answer['conversation_id']}").get_json()
    assert (conversation["agent_id"], conversation["handled_by"]) == (bot, "ai")

    set_clock(NIGHT)
    assert chosen(shop, say(shop, language="de")) == ("Bot", 'has no conditions ("Berlin" is outside working hours)')
    # Without an entry, the language is that of the latest message that is recognised.
    set_clock(NOON)
    first = say(shop, "Wo ist meine Bestellung?")
    assert chosen(shop, first)[0] == "Berlin"


def test_recognised_language_is_kept_in_the_conversation(
    shop: Shop, fake_model: FakeModel, set_clock: Callable[[datetime], None]
) -> None:
    use_settings(shop)
    german, french = (add_agent(shop, name, "ai", languages=[name]) for name in ("de", "fr"))
    list_agents(shop, "Order help", (german, ["language"]), (french, ["language"]))
    fake_model.respond = by_step()
    user = {"external_id": "without-language"}
    first = shop.say("Wo ist meine Bestellung?", user=user).get_json()
    second = shop.say("A-10433", user=user).get_json()
    assert [chosen(shop, answer)[0] for answer in (first, second)] == ["de", "de"]
    third = shop.say("Bonjour, où est mon colis ?", user=user).get_json()
    assert chosen(shop, third) == ("fr", 'speaks fr ("de" does not speak fr)')


def test_turn_uses_the_agents_of_its_release(shop: Shop, fake_model: FakeModel) -> None:
    one, two = add_agent(shop, "One", "ai"), add_agent(shop, "Two", "ai")
    list_agents(shop, "Order help", (one, ["language"]), (two, []))
    fake_model.respond = by_step()
    assert chosen(shop, say(shop))[0] == "One"  # speaks any language
    assert shop.put(f"/agents/{one}", {"languages": ["de"]}).status_code == 200
    assert chosen(shop, say(shop, language="fr"))[0] == "Two"
