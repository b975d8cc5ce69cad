"""A turn with a real llama.cpp server. The model's answers are nonsense, but they follow the JSON schemas: selection
names a stage, and extraction returns only fields of the schema."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask

from tests.conftest import make_config, running_app
from tests.support.checked_client import CheckedClient
from tests.support.factories import Shop, make_shop


@pytest.fixture
def app(database_url: str, llamacpp: str) -> Iterator[Flask]:
    config = make_config(database_url, OPENAI_BASE_URL=llamacpp, OPENAI_MODEL="smollm2", TURN_TIME_LIMIT="100")
    with running_app(config) as app:
        yield app


@pytest.fixture
def shop(client: CheckedClient, master: dict[str, str]) -> Shop:
    """A business with short prompts and answers, because a busy machine processes only a few tokens per second."""
    shop = make_shop(client, master, f"Llama Books {uuid4().hex}")
    for stage_id in shop.stages.values():
        stage = shop.get(f"/stages/{stage_id}").get_json()
        for name, tokens in (("stage_selection", 24), ("data_extraction", 24), ("response_generation", 8)):
            changes = {
                "content": "{last_2_messages}\n{user_message}",
                "system_prompt": "Be brief.",
                "model_settings": {"max_tokens": tokens, "temperature": 0, "timeout": 90},
            }
            assert shop.put(f"/templates/{stage[f'{name}_template_id']}", changes).status_code == 200
    return shop


@pytest.mark.timeout(300)
def test_turn_makes_three_calls_recorded_in_the_trace(shop: Shop) -> None:
    said = shop.say("Hello, where is my order A-10433?")
    assert said.status_code == 200, said.text
    answer = said.get_json()
    assert answer["response"]
    assert answer["engine"] == "model"
    assert answer["stage"]["stage_name"] in shop.stages
    assert answer["stage"]["stage_id"] == shop.stages[answer["stage"]["stage_name"]]

    steps = shop.trace(answer["turn_id"])["by_step"]
    for name in ("selection", "extraction", "response"):
        step = steps[name]
        assert step["decision"]
        assert {"name": "user_message", "value": "Hello, where is my order A-10433?"} in step["variables"]
        assert step["calls"]
        for call in step["calls"]:
            assert (call["model"], call["status"]) == ("smollm2", "completed")
            assert "where is my order A-10433?" in call["request"]["messages"][-1]["content"] or len(step["calls"]) > 1
            assert call["response"]
            assert call["prompt_tokens"] > 0
            assert call["completion_tokens"] > 0
            assert call["latency_ms"] > 0
            assert call["cost_usd"] is None  # the price of this model is unknown
    [selection] = steps["selection"]["calls"]
    named = re.match(r'\s*\{\s*"stage"\s*:\s*"(Greeting|Order help)"', selection["response"])
    assert named, selection["response"]
    assert steps["selection"]["output"]["named_stages"] == [named[1]]
    assert answer["extracted_data"].keys() <= {"order_number", "city"}
    assert steps["response"]["calls"][-1]["response"].strip() == answer["response"]
