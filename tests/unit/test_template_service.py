"""Rendering of templates: where variables are looked up, when they are computed, and how failures are handled."""

from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import Connection
from message_processing.templates.names import list_variables
from message_processing.templates.template_service import (
    Prompt,
    VariableCache,
    apply_template,
    provider_arguments,
    render_prompt,
)
from message_processing.turn import Turn
from message_processing.variables import TemplateVariableProvider
from tests.support.pipeline import HOSTILE, make_release, make_stage, make_template, make_turn, no_connection

TURN = make_turn(make_release(make_stage("Greeting"), make_stage("Order help")), HOSTILE)


def render(content: str, turn: Turn = TURN, system_prompt: str = "", **options: Any) -> Prompt:
    template = make_template(content, system_prompt)
    return apply_template(template, turn, VariableCache(options.pop("read_only", no_connection)), **options)


def test_system_message_and_content() -> None:
    prompt = render("Answer: {message}", system_prompt="You work for {business_name}.", contract='Reply {"a": 1}.')
    assert prompt.messages == (
        {"role": "system", "content": 'You work for Lantern Books.\n\nReply {"a": 1}.'},
        {"role": "user", "content": f"Answer: {HOSTILE}"},
    )
    assert (prompt.content, prompt.system_prompt) == (f"Answer: {HOSTILE}", "You work for Lantern Books.")
    assert prompt.variables == (
        {"name": "message", "value": HOSTILE},
        {"name": "business_name", "value": "Lantern Books"},
    )


@pytest.mark.parametrize("alias", ["user_message", "message", "customer_message", "message_content", " User Message "])
@pytest.mark.parametrize("where", ["content", "system_prompt"])
def test_template_that_names_the_message_is_sent_unchanged(alias: str, where: str) -> None:
    texts = {"content": "Answer.", where: f"They say: {{{alias}}}"}
    prompt = render(**texts)
    assert [message["content"] for message in prompt.messages if message["role"] == "user"] == [
        texts["content"].replace(f"{{{alias}}}", HOSTILE)
    ]


@pytest.mark.parametrize(
    "content", ["Answer the customer.", r"\{user_message}", "{user_message.text}", "{user_messages|}", "{own}"]
)
def test_message_is_appended_if_the_template_does_not_name_it(content: str) -> None:
    turn = replace(TURN, release=replace(TURN.release, variables={"own": "{user_message}"}), conversation_id=None)
    *_, last = render(content, turn, read_only=no_rows).messages
    assert last == {"role": "user", "content": HOSTILE}


@pytest.mark.parametrize("content", ["", "  \n", "{nothing}"])
def test_empty_content_is_not_sent(content: str) -> None:
    assert render(content).messages == ({"role": "user", "content": HOSTILE},)
    assert render(content, system_prompt="{message}").messages[1:] == ({"role": "user", "content": HOSTILE},)


def no_rows() -> AbstractContextManager[Connection]:
    raise RuntimeError


def test_customer_text_is_never_interpreted() -> None:
    turn = replace(TURN, extracted_data={"note": HOSTILE}, conversation={"conversation_summary": {"overview": HOSTILE}})
    prompt = render("{message}|{note}|{extracted_data}|{summary}|{nickname|{message}}", turn)
    as_json = '{"note": ' + f'"{HOSTILE}"'.replace("\\", "\\\\") + "}"
    assert prompt.content == f"{HOSTILE}|{HOSTILE}|{as_json}|{HOSTILE}|{{nickname|{HOSTILE}}}"


def test_look_up_order_of_a_single_word(register: Any) -> None:
    @register("colour")
    def provide_colour(conn: Any, **kwargs: Any) -> str:
        return "provider"

    sources: dict[str, Any] = {
        "extracted_data": {"colour": "extracted"},
        "collected_data": {"colour": "collected"},
        "retrieved_data": {"colour": "retrieved"},
        "action_result": {"colour": "action"},
    }

    def look_up(own: dict[str, str] | None = None, name: str = "colour", **facts: Any) -> str:
        known = {**provider_arguments(TURN), **dict.fromkeys(sources), **facts}
        return render_prompt(f"{{{name}|fallback}}", "", known, own or {}, VariableCache(no_connection)).content

    assert look_up({"colour": "own"}, **sources) == "provider"
    TemplateVariableProvider._by_name.pop("colour")
    TemplateVariableProvider._providers.pop("colour")
    assert look_up({"colour": "own"}, **sources) == "own"
    assert look_up(**sources) == "extracted"
    assert look_up(**{**sources, "extracted_data": {"colour": None, "color": "x"}}) == "collected"
    assert look_up(retrieved_data=sources["retrieved_data"], action_result=sources["action_result"]) == "retrieved"
    assert look_up(action_result=sources["action_result"]) == "action"
    assert look_up() == "fallback"
    # Fields ignore case and spaces. A value that is not an object has no fields.
    assert look_up(name="address.city", extracted_data={"Address": {"City": "Leeds"}}) == "Leeds"
    assert look_up(name="order_number", collected_data={"Order Number": "A-1"}) == "A-1"
    assert look_up(name="colour", retrieved_data=[{"colour": "red"}]) == "fallback"
    assert look_up(name="colour.shade", extracted_data={"colour": "red"}) == "fallback"
    # Several words are literal text.
    assert look_up(name="order number", collected_data={"order_number": "A-1"}) == "{order number|fallback}"


def test_given_values_take_precedence() -> None:
    cache = VariableCache(no_connection)
    prompt = render_prompt("{business_name} {user.first_name}", "", provider_arguments(TURN), {}, cache, given={
        "business_name": "Other", "user": {"first_name": "Ada"}})  # fmt: skip
    assert prompt.content == "Other Ada"


@pytest.mark.parametrize(
    ("content", "rendered", "missing"),
    [
        ("Hello {nickname}!", "Hello !", ("nickname",)),
        ("Hello {Nick_Name}!", "Hello !", ("Nick_Name",)),
        ("Hello {nickname|there}!", "Hello there!", ()),
        ("Hello {nickname|}!", "Hello !", ()),
        ("{agent_name}", "", ("agent_name",)),  # a variable without a value
        ("{agent_name|us}", "us", ()),
        ("{business.phone_number}", "", ("business.phone_number",)),
        ("{business.nothing}", "", ("business.nothing",)),
        ("{missing_fields}", "", ()),  # an empty value is a value
        ("{missing_fields|nothing}", "nothing", ()),
        ("{extracted_data|none}", "none", ()),
        ("{extracted_data}", "{}", ()),
        ("{several words} stay", "{several words} stay", ()),
        ("{zero}", "0", ()),
        ("{no}", "false", ()),
        ("{tags}", '["ä", 1.5]', ()),
    ],
)
def test_missing_value_renders_as_fallback_or_empty_and_is_reported(
    content: str, rendered: str, missing: tuple[str, ...]
) -> None:
    prompt = render(content, replace(TURN, collected_before={"zero": 0, "no": False, "tags": ["ä", 1.5]}))
    assert prompt.content == rendered
    assert prompt.missing == missing
    assert all(variable["value"] is None for variable in prompt.variables if variable["name"] in missing)


def test_list_variables() -> None:
    content = '{User Name} {user_name|you} {{stage list}} {order_number} {some words} {own} {user.city} {"a": 1}'
    names, unknown = list_variables(content, "{last_7_messages} {last_x_messages} {agent name.x}", ["own"])
    assert names == [
        "User Name", "user_name", "stage list", "order_number", "own", "user.city", "last_7_messages",
        "last_x_messages", "agent name.x",
    ]  # fmt: skip
    assert unknown == ["order_number", "last_x_messages"]


def test_length_of_a_prompt_is_limited() -> None:
    turn = replace(TURN, message="x" * 20_000)
    prompt = render("{message}" * 10_000, turn, "{message}")
    assert prompt.content == "x" * 1_000_000
    assert prompt.system_prompt == ""
    assert prompt.variables == ({"name": "message", "value": turn.message},)


names_and_noise = st.lists(
    st.sampled_from(
        [
            "{",
            "}",
            "{{",
            "}}",
            "\\{",
            "|",
            " ",
            "user_message",
            "business_name",
            "stage list",
            "order_number",
            "nothing",
        ]
    )
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
    max_size=20,
).map("".join)
DATA = replace(
    TURN,
    extracted_data={"order_number": HOSTILE},
    release=replace(TURN.release, variables={"nothing": "{business_name}"}),
)


@given(names_and_noise, names_and_noise)
def test_rendering_never_raises(content: str, system_prompt: str) -> None:
    prompt = render(content, DATA, system_prompt)
    assert prompt.messages[-1]["role"] == "user"
    assert all(message["content"] for message in prompt.messages)


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1))
def test_message_is_inserted_unchanged(message: str) -> None:
    prompt = render("<{message}>{nothing_of_it}<{{ Customer_Message | nothing }}>", replace(TURN, message=message))
    assert prompt.content == f"<{message}><{message}>"
