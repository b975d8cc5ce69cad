"""Stages and their three prompt templates."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.checked_client import CheckedClient
from tests.support.factories import Shop, made

PROMPTS = ("stage_selection", "data_extraction", "response_generation")
UNKNOWN = "00000000-0000-4000-8000-00000000abcd"


def read(shop: Shop, stage_id: str) -> dict[str, Any]:
    answer = shop.get(f"/stages/{stage_id}")
    assert answer.status_code == 200, answer.text
    stage: dict[str, Any] = answer.get_json()
    return stage


def add_template(shop: Shop, template_type: str, content: str = "Hello {user_name}") -> str:
    body = {"template_name": "Mine", "template_type": template_type, "content": content}
    return str(made(shop.post("/templates", body))["template_id"])


def test_new_stage_gets_copies_of_the_default_templates(shop: Shop) -> None:
    defaults = {row["template_type"]: row for row in shop.get("/templates/default-templates").get_json()}
    stage = read(shop, shop.add_stage("Copied"))
    for prompt in PROMPTS:
        config = stage[f"{prompt}_config"]
        assert config.keys() == {"template_id", "template_name", "content", "system_prompt", "variables"}
        assert config["content"] == defaults[f"default_{prompt}"]["content"]
        assert config["template_id"] == stage[f"{prompt}_template_id"] != defaults[f"default_{prompt}"]["template_id"]
        own = shop.get(f"/templates/{config['template_id']}").get_json()
        assert (own["business_id"], own["template_type"]) == (shop.business_id, prompt)
    assert (
        "user_message" in stage["stage_selection_config"]["variables"] or stage["stage_selection_config"]["variables"]
    )


def test_stages_do_not_share_copies(shop: Shop) -> None:
    one, two = read(shop, shop.stages["Greeting"]), read(shop, shop.stages["Order help"])
    for prompt in PROMPTS:
        assert one[f"{prompt}_template_id"] != two[f"{prompt}_template_id"]


def test_inline_prompts_become_templates_of_the_stage(shop: Shop) -> None:
    texts = {
        f"{prompt}_prompt": f"An older {prompt} text with {{user_name}} and {{nothing_known}}" for prompt in PROMPTS
    }
    stage = read(shop, shop.add_stage("Older", **texts))
    for prompt in PROMPTS:
        config = stage[f"{prompt}_config"]
        assert config["content"] == texts[f"{prompt}_prompt"]
        assert config["variables"] == ["user_name", "nothing_known"]
    half = read(shop, shop.add_stage("Half", data_extraction_prompt="Only this"))
    assert half["data_extraction_config"]["content"] == "Only this"
    assert half["response_generation_config"]["content"] not in ("", "Only this")


def test_stage_with_existing_templates(shop: Shop) -> None:
    ids = {f"{prompt}_template_id": add_template(shop, prompt) for prompt in PROMPTS}
    stage = read(shop, shop.add_stage("Given", **ids))
    assert {name: stage[name] for name in ids} == ids
    wrong = {"stage_selection_template_id": ids["data_extraction_template_id"]}
    answer = shop.post("/stages", {"stage_name": "Wrong", **wrong})
    assert answer.status_code == 400
    assert answer.get_json()["details"][0]["path"] == "$.stage_selection_template_id"
    both = {"stage_selection_template_id": ids["stage_selection_template_id"], "stage_selection_prompt": "text"}
    assert shop.post("/stages", {"stage_name": "Both", **both}).status_code == 400
    assert shop.post("/stages", {"stage_name": "None", "stage_selection_template_id": UNKNOWN}).status_code == 404
    assert {row["stage_name"] for row in shop.get("/stages").get_json()} == {"Greeting", "Order help", "Given"}


def test_default_template_named_by_a_stage_is_copied(shop: Shop) -> None:
    [default] = [
        row
        for row in shop.get("/templates/default-templates").get_json()
        if row["template_type"] == "default_stage_selection"
    ]
    stage = read(shop, shop.add_stage("Named", stage_selection_template_id=default["template_id"]))
    assert stage["stage_selection_template_id"] != default["template_id"]
    changed = shop.put(
        f"/stages/{shop.stages['Greeting']}", {"stage_selection_template_id": default["template_id"]}
    ).get_json()
    assert changed["stage_selection_template_id"] != default["template_id"]
    assert (
        shop.get(f"/templates/{changed['stage_selection_template_id']}").get_json()["business_id"] == shop.business_id
    )


def test_put_changes_only_the_given_fields(shop: Shop) -> None:
    before = read(shop, shop.stages["Order help"])
    answer = shop.put(f"/stages/{shop.stages['Order help']}", {"fixed_reply": "One moment."})
    after = read(shop, shop.stages["Order help"])
    assert answer.get_json()["fixed_reply"] == "One moment."
    assert answer.headers["ETag"] == f'"{after["version"]}"'
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"fixed_reply", "version", "updated_at"}
    assert shop.put(f"/stages/{shop.stages['Order help']}", {"fixed_reply": None}).get_json()["fixed_reply"] is None
    assert shop.put(f"/stages/{shop.stages['Order help']}", {}).status_code == 400


def test_all_fields_are_stored(shop: Shop) -> None:
    agent_id = made(shop.post("/agents", {"agent_name": "Ann"}))["agent_id"]
    values = {
        "agent_id": agent_id,
        "stage_description": "d",
        "stage_type": "support",
        "extraction_schema": {"type": "object", "properties": {"b": {"type": "string"}, "a": {"type": "integer"}}},
        "data_retrieval": {"method": "none"},
        "example_messages": ["Where is it?"],
        "fixed_reply": "r",
        "confidence_threshold": 0.25,
        "position": 7,
        "is_active": False,
    }
    stage = read(shop, shop.add_stage("Whole", **values))
    assert {name: stage[name] for name in values} == values
    changed = {**values, "agent_id": None, "position": 8, "is_active": True, "confidence_threshold": None}
    shop.put(f"/stages/{stage['stage_id']}", changed)
    assert {name: read(shop, stage["stage_id"])[name] for name in changed} == changed


def test_concurrent_creation_with_one_name_creates_one_stage(shop: Shop, sql: Any) -> None:
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _: shop.post("/stages", {"stage_name": "Same"}).status_code, range(6)))
    assert sorted(answers) == [201] + [409] * 5
    names = [row["stage_name"] for row in shop.get("/stages").get_json()]
    assert names.count("Same") == 1
    copies = [row for row in shop.get("/templates", limit=200).get_json() if row["template_name"].startswith("Same:")]
    assert len(copies) == 3


def test_message_to_a_business_without_stages_is_404(client: CheckedClient, master: dict[str, str], shop: Shop) -> None:
    for stage_id in shop.stages.values():
        shop.delete(f"/stages/{stage_id}")
    answer = shop.say("hello")
    assert (answer.status_code, answer.get_json()["message"]) == (404, "No stages found for this business")


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "nothing"},
        {"type": "object", "properties": {"a": {"pattern": "("}}},
        {"$ref": "https://example.com/schema.json"},
        {"type": "object", "properties": {"a": {"$ref": "file:///etc/passwd"}}},
        {"type": "array"},
        5,
        [],
    ],
)
def test_unusable_extraction_schema_is_rejected(shop: Shop, schema: Any) -> None:
    answer = shop.post("/stages", {"stage_name": "Schema", "extraction_schema": schema})
    assert answer.status_code == 400
    assert answer.get_json()["details"][0]["path"].startswith("$.extraction_schema")
    assert shop.put(f"/stages/{shop.stages['Greeting']}", {"extraction_schema": schema}).status_code == 400


def test_duplicate_has_templates_of_its_own_and_is_inactive(shop: Shop) -> None:
    agent = made(shop.post("/agents", {"agent_name": "Ada"}))["agent_id"]
    stage_id = shop.add_stage("Returns", fixed_reply="Send it back.", agents=[{"agent_id": agent}])
    copies = [read(shop, str(made(shop.post(f"/stages/{stage_id}/duplicate"))["stage_id"])) for _ in range(2)]
    assert [(copy["stage_name"], copy["is_active"]) for copy in copies] == [
        ("Returns (copy)", False),
        ("Returns (copy 2)", False),
    ]
    original = read(shop, stage_id)
    for name in ("fixed_reply", "agents", "extraction_schema", "data_retrieval", "position"):
        assert copies[0][name] == original[name]
    for prompt in PROMPTS:
        mine, theirs = copies[0][f"{prompt}_config"], original[f"{prompt}_config"]
        assert (mine["content"], mine["system_prompt"]) == (theirs["content"], theirs["system_prompt"])
        assert mine["template_id"] != theirs["template_id"]
    assert shop.post(f"/stages/{UNKNOWN}/duplicate").status_code == 404


def test_stages_are_reordered(shop: Shop, other_shop: Shop) -> None:
    for name in ("Returns", "Repairs"):
        shop.add_stage(name)
    greeting, repairs = shop.stages["Greeting"], shop.stages["Repairs"]
    assert shop.put("/stages/order", {"stage_ids": [repairs, greeting]}).status_code == 204
    positions = {row["stage_name"]: row["position"] for row in shop.get("/stages").get_json()}
    assert positions == {"Repairs": 0, "Greeting": 1, "Order help": 2, "Returns": 3}
    version = read(shop, shop.stages["Order help"])["version"]
    assert shop.put("/stages/order", {"stage_ids": [greeting, repairs]}).status_code == 204
    assert read(shop, shop.stages["Order help"])["version"] == version  # its position has not changed
    for wrong in ([], [greeting, greeting], [UNKNOWN], [greeting, other_shop.stages["Greeting"]]):
        assert shop.put("/stages/order", {"stage_ids": wrong}).status_code in (400, 404)


def test_transitions_of_conversations_are_counted(shop: Shop, sql: Any) -> None:
    greeting, help_id = shop.stages["Greeting"], shop.stages["Order help"]
    assert shop.get("/stages/transitions").get_json() == {"turns": 0, "since": None, "transitions": []}
    turns = [shop.say("Hello").get_json()["turn_id"] for _ in range(4)]
    moves = [(None, greeting), (greeting, help_id), (help_id, help_id), (help_id, help_id)]
    for turn, (before, after) in zip(turns, moves, strict=True):
        sql.execute("UPDATE turns SET stage_before = %s, stage_id = %s WHERE turn_id = %s", [before, after, turn])
    answer = shop.get("/stages/transitions").get_json()
    assert answer["turns"] == 4
    assert {(each["from_stage_id"], each["to_stage_id"], each["turns"]) for each in answer["transitions"]} == {
        (None, greeting, 1),
        (greeting, help_id, 1),
        (help_id, help_id, 2),
    }
    assert answer["transitions"][0]["turns"] == 2
    sql.execute("UPDATE users SET is_test = true WHERE user_id = %s", [shop.user_id])
    assert shop.get("/stages/transitions").get_json()["turns"] == 0
    assert shop.get("/stages/transitions", include_tests="true").get_json()["turns"] == 4
    sql.execute("DELETE FROM conversations WHERE business_id = %s", [shop.business_id])
    assert shop.get("/stages/transitions", include_tests="true").get_json()["since"] is None
