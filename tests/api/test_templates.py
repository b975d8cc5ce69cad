"""Templates: versions, the platform's defaults, and previews."""

from typing import Any

from tests.support.checked_client import CheckedClient
from tests.support.factories import Shop, made
from tests.support.turns import by_step

UNKNOWN = "00000000-0000-4000-8000-00000000abcd"
DEFAULTS = {
    "default_stage_selection",
    "default_data_extraction",
    "default_response_generation",
    "default_conversation_summary",
}


def add(shop: Shop, **values: Any) -> str:
    body = {"template_name": "Mine", "template_type": "response_generation", "content": "Hello {user_name}", **values}
    return str(made(shop.post("/templates", body))["template_id"])


def test_create_returns_known_and_unknown_variables(shop: Shop) -> None:
    body = {
        "template_name": "Mine",
        "template_type": "response_generation",
        "content": '{user_name} {{ stage list }} {nonsense} {"a": {order_number}} {user.first_name|you}',
        "system_prompt": "You are {agent_name}.",
    }
    answer = made(shop.post("/templates", body))
    assert answer.keys() == {"template_id", "variables", "unknown_variables"}
    assert set(answer["variables"]) >= {"user_name", "nonsense", "agent_name"}
    assert set(answer["unknown_variables"]) == {"nonsense", "order_number"}
    read = shop.get(f"/templates/{answer['template_id']}").get_json()
    assert (read["variables"], read["unknown_variables"]) == (answer["variables"], answer["unknown_variables"])
    assert (read["content"], read["system_prompt"]) == (body["content"], body["system_prompt"])


def test_variable_of_the_business_is_known(shop: Shop) -> None:
    made(shop.post("/variables", {"name": "Opening hours", "value": "9 to 18"}))
    body = {"template_name": "Hours", "template_type": "response_generation", "content": "{opening_hours} {else}"}
    assert made(shop.post("/templates", body))["unknown_variables"] == ["else"]


def test_listings(shop: Shop, other_shop: Shop) -> None:
    own = add(shop, template_type="conversation_summary")
    theirs = add(other_shop, template_type="conversation_summary")
    every = [row["template_id"] for row in shop.get("/templates").get_json()]
    assert own in every
    assert theirs not in every
    assert len(every) == 7  # three per stage, and this one
    assert [row["template_id"] for row in shop.get("/templates/by-type/conversation_summary").get_json()] == [own]
    assert [row["template_id"] for row in shop.get("/templates", template_type="conversation_summary").get_json()] == [
        own
    ]
    assert [row["template_id"] for row in shop.get(f"/templates/by-business/{shop.business_id}").get_json()] == every
    assert shop.get("/templates/by-type/no_such_type").get_json() == []
    assert {row["template_type"] for row in shop.get("/templates/default-templates").get_json()} == DEFAULTS
    for path in ("/templates/defaultTemplates", "/api/templates/defaultTemplates", "/defaultTemplates"):
        listed = shop.client.get(path, headers=shop.headers).get_json()
        assert {row["template_type"] for row in listed} == DEFAULTS
    by_type = shop.get("/templates/by-type/default_stage_selection").get_json()
    assert [row["business_id"] for row in by_type] == [None]
    assert len(shop.get("/templates", template_type="default_stage_selection").get_json()) == 1


def test_put_changes_only_the_given_fields_and_keeps_the_previous_version(shop: Shop) -> None:
    template_id = add(shop, system_prompt="first")
    assert shop.put(f"/templates/{template_id}", {"content": "second"}).get_json()["system_prompt"] == "first"
    shop.put(f"/templates/{template_id}", {"template_name": "Renamed", "model_settings": {"temperature": 0.5}})
    versions = shop.get(f"/templates/{template_id}/versions").get_json()
    assert [row["version"] for row in versions] == [1, 2, 3]
    assert [row["content"] for row in versions] == ["Hello {user_name}", "second", "second"]
    assert [row["template_name"] for row in versions] == ["Mine", "Mine", "Renamed"]
    assert [row["model_settings"] for row in versions] == [{}, {}, {"temperature": 0.5}]


def test_restore_creates_a_new_version_from_an_earlier_one(shop: Shop) -> None:
    template_id = add(shop)
    shop.put(f"/templates/{template_id}", {"content": "second"})
    restored = shop.post(f"/templates/{template_id}/restore", {"version": 1}).get_json()
    assert (restored["content"], restored["version"]) == ("Hello {user_name}", 3)
    assert [row["content"] for row in shop.get(f"/templates/{template_id}/versions").get_json()] == [
        "Hello {user_name}",
        "second",
        "Hello {user_name}",
    ]
    for wrong in ({"version": 9}, {"version": 2**31 - 1}):
        assert shop.post(f"/templates/{template_id}/restore", wrong).status_code == 404
    for wrong in ({}, {"version": 0}, {"version": "1"}, {"version": 2**31}):
        assert shop.post(f"/templates/{template_id}/restore", wrong).status_code == 400


def test_apply_default(shop: Shop, default_template: dict[str, Any]) -> None:
    template_id = add(shop, system_prompt="mine")
    applied = shop.post(f"/templates/{template_id}/apply-default").get_json()
    assert (applied["content"], applied["system_prompt"]) == (
        default_template["content"],
        default_template["system_prompt"],
    )
    assert (applied["version"], applied["template_name"]) == (2, "Mine")
    assert shop.get(f"/templates/{template_id}/versions").get_json()[0]["content"] == "Hello {user_name}"


def test_restore_and_apply_default_check_if_match(shop: Shop) -> None:
    path = f"/templates/{add(shop)}"
    seen = shop.get(path).headers["ETag"]
    assert shop.put(path, {"content": "x"}).status_code == 200
    assert shop.post(f"{path}/restore", {"version": 1}, {"If-Match": seen}).status_code == 412
    assert shop.post(f"{path}/apply-default", None, {"If-Match": seen}).status_code == 412
    assert shop.get(path).get_json()["content"] == "x"


def test_template_in_use_cannot_be_deleted(shop: Shop) -> None:
    template_id = add(shop)
    for name in ("Second", "First"):
        shop.add_stage(name, response_generation_template_id=template_id)
    refused = shop.delete(f"/templates/{template_id}")
    assert refused.status_code == 409
    assert "First, Second" in refused.get_json()["message"]
    assert shop.put(f"/templates/{template_id}", {"template_type": "data_extraction"}).status_code == 409
    for name in ("Second", "First"):
        shop.delete(f"/stages/{shop.stages[name]}")
    assert shop.delete(f"/templates/{template_id}").status_code == 204
    assert shop.get(f"/templates/{template_id}").status_code == 404
    assert shop.get(f"/templates/{template_id}/versions").status_code == 404


def test_only_operators_change_default_templates(
    shop: Shop, client: CheckedClient, master: dict[str, str], default_template: dict[str, Any]
) -> None:
    path = f"/templates/{default_template['template_id']}"
    assert shop.get(path).get_json()["content"] == default_template["content"]
    assert shop.get(f"{path}/versions").status_code == 200
    for write in (
        shop.put(path, {"content": "mine now"}),
        shop.delete(path),
        shop.post(f"{path}/restore", {"version": 1}),
        shop.post(f"{path}/apply-default"),
    ):
        assert (write.status_code, write.get_json()["error_code"]) == (403, "FORBIDDEN")
    body = {"template_name": "x", "template_type": "default_stage_selection", "content": "x"}
    assert shop.post("/templates", body).status_code in (400, 403)
    acting = {"business_id": shop.business_id}  # an operator acting for that business
    assert client.put(f"/api/v1{path}", json={"content": "x"}, query_string=acting, headers=master).status_code == 403
    assert client.get(f"/api/v1{path}", headers=master).get_json()["content"] == default_template["content"]
    changed = client.put(f"/api/v1{path}", json={"content": "The operator's"}, headers=master)
    assert (changed.status_code, changed.get_json()["content"]) == (200, "The operator's")
    assert client.delete(f"/api/v1{path}", headers=master).status_code == 409


def test_operator_without_a_business_works_on_the_defaults(
    client: CheckedClient, master: dict[str, str], shop: Shop
) -> None:
    listed = client.get("/api/v1/templates", headers=master).get_json()
    assert {row["business_id"] for row in listed} == {None}
    own = {"template_name": "x", "template_type": "stage_selection"}
    assert client.post("/api/v1/templates", json=own, headers=master).status_code == 400
    made(client.post("/api/v1/templates", json={**own, "business_id": shop.business_id}, headers=master))
    another = {"template_name": "Another", "template_type": "default_stage_selection", "content": "x"}
    template_id = made(client.post("/api/v1/templates", json=another, headers=master))["template_id"]
    assert client.delete(f"/api/v1/templates/{template_id}", headers=master).status_code == 204


def test_default_template_replaces_empty_content(
    shop: Shop, client: CheckedClient, master: dict[str, str], default_template: dict[str, Any], fake_model: Any
) -> None:
    template_id = add(shop, content="")
    for stage_id in shop.stages.values():
        shop.put(f"/stages/{stage_id}", {"response_generation_template_id": template_id})
    path = f"/api/v1/templates/{default_template['template_id']}"
    client.put(path, json={"content": "The default as it is now."}, headers=master)
    turn = shop.trace(shop.say("hello").get_json()["turn_id"])
    [call] = turn["by_step"]["response"]["calls"]
    request = shop.get(f"/llm-calls/{call['call_id']}").get_json()["request"]
    assert "The default as it is now." in str(request)


def test_preview_with_values(shop: Shop) -> None:
    body = {
        "content": 'Dear {user_name}, {order_number|no number} {{motto}} {nothing_here} {"a": 1}',
        "system_prompt": "In {language}.",
        "values": {"user_name": "Ana {motto}", "language": "Portuguese", "motto": ["a", 1]},
    }
    preview = shop.post("/templates/preview", body).get_json()
    assert preview["rendered"] == 'Dear Ana {motto}, no number ["a", 1]  {"a": 1}'
    assert preview["rendered_system_prompt"] == "In Portuguese."
    assert {row["name"]: row["value"] for row in preview["variables"]}["user_name"] == "Ana {motto}"
    assert "nothing_here" in preview["missing"]


def test_preview_with_an_existing_conversation(shop: Shop) -> None:
    answer = shop.say("Where is it?").get_json()
    body = {
        "content": "{user_name}|{business_name}|{user_message}|{N}|{stage_list}",
        "conversation_id": answer["conversation_id"],
    }
    rendered = shop.post("/templates/preview", body).get_json()["rendered"].split("|")
    assert rendered[0] == "Carla Customer"
    assert rendered[1].startswith("Lantern Books")
    assert rendered[2] == "Where is it?"
    assert rendered[4] == "Greeting, Order help"


def test_preview_with_the_data_of_a_turn(shop: Shop, fake_model: Any) -> None:
    found = ['{"order_number": "A-10433"}', '{"order_number": "A-20544"}']
    fake_model.respond = by_step(extraction=found)
    first = shop.say("Where is A-10433?").get_json()
    shop.say("And A-20544?")
    body = {"content": "{order_number}|{user_message}|{last_10_messages}", "turn_id": first["turn_id"]}

    def preview(template_type: str) -> dict[str, Any]:
        rendered: dict[str, Any] = shop.post("/templates/preview", {**body, "template_type": template_type}).get_json()
        return rendered

    response = preview("response_generation")
    assert response["rendered"] == "A-10433|Where is A-10433?|"
    assert response["messages"] == [{"role": "user", "content": response["rendered"]}]
    assert response["unavailable"] == []
    extraction = preview("data_extraction")
    assert extraction["rendered"] == "|Where is A-10433?|"  # nothing is extracted before this step
    assert "satisfies this JSON Schema" in extraction["messages"][0]["content"]
    assert "one of the stage names" in preview("stage_selection")["messages"][0]["content"]
    assert shop.post("/templates/preview", {"content": "x", "turn_id": UNKNOWN}).status_code == 404


def test_preview_says_which_values_are_not_available(shop: Shop) -> None:
    conversation = shop.say("Where is it?").get_json()["conversation_id"]
    content = "{retrieved_data|nothing}|{orders|no orders}|{user.email}|{current_date}"
    with_conversation = shop.post(
        "/templates/preview", {"content": content, "conversation_id": conversation}
    ).get_json()
    assert with_conversation["unavailable"] == ["retrieved_data"]
    assert with_conversation["rendered"].startswith("[retrieved_data: not available in this preview]|no orders|")
    without = shop.post("/templates/preview", {"content": content, "values": {"orders": "A-1"}}).get_json()
    assert without["unavailable"] == ["retrieved_data", "user.email"]
    assert "|A-1|[user.email: not available in this preview]|2" in without["rendered"]


def test_preview_limits_the_history(shop: Shop) -> None:
    shop.say("Where is it? " * 100)
    answer = shop.say("Still there?").get_json()
    body = {"content": "{conversation_history}", "conversation_id": answer["conversation_id"], "history_tokens": 50}
    preview = shop.post("/templates/preview", body).get_json()
    assert "Where is it?" not in preview["rendered"]
    assert preview["variables"][0]["history"] | {"tokens": 0} == {"tokens": 0, "max_tokens": 50, "left_out": 1}


def test_preview_changes_nothing(shop: Shop, sql: Any) -> None:
    def count() -> Any:
        return sql.execute(
            "SELECT (SELECT count(*) FROM templates) AS t, (SELECT count(*) FROM releases) AS r,"
            " (SELECT count(*) FROM llm_calls) AS c, (SELECT count(*) FROM turns) AS n"
        ).fetchone()

    before = count()
    assert shop.post("/templates/preview", {"content": "{user_name}"}).status_code == 200
    assert count() == before


def test_preview_of_no_or_an_unknown_conversation(shop: Shop) -> None:
    assert shop.post("/templates/preview", {"content": "{conversation_history}{user_name}"}).status_code == 200
    assert shop.post("/templates/preview", {"content": "x", "conversation_id": UNKNOWN}).status_code == 404
    assert shop.post("/templates/preview", {}).status_code == 400


def test_preview_with_a_turn_of_a_business_without_an_active_stage(shop: Shop) -> None:
    turn_id = shop.say("Hello!").get_json()["turn_id"]
    for stage_id in shop.stages.values():
        assert shop.put(f"/stages/{stage_id}", {"is_active": False}).status_code == 200
    for template_type in ("stage_selection", "data_extraction", "response_generation"):
        body = {"content": "{history}", "template_type": template_type, "turn_id": turn_id}
        response = shop.post("/templates/preview", body)
        assert (response.status_code, response.get_json()["message"]) == (404, "The business has no active stage.")
