"""Rendering of templates: where variables are looked up, when they are computed, and how failures are handled."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DatabaseUnavailable
from db import Connection, Database
from message_processing import variables
from message_processing.templates.template_service import (
    Prompt,
    VariableCache,
    apply_template,
    build_context,
    list_variables,
    provider_arguments,
    render_prompt,
)
from message_processing.turn import Turn
from message_processing.variables import TemplateVariableProvider
from tests.conftest import with_database
from tests.support.parts import make_release, make_stage, make_template, make_turn

HOSTILE = "{business_name} {{api_key}} %s {0.__class__} \\{ {user_message|x}"

TURN = make_turn(make_release(make_stage("Greeting"), make_stage("Order help")), HOSTILE)


def no_connection() -> AbstractContextManager[Connection]:
    raise AssertionError("a connection was opened")


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Callable[..., Any]]:
    """Returns `register_provider`. Providers are removed after the test."""
    variables.all_providers()
    for name in ("_providers", "_by_name"):
        monkeypatch.setattr(TemplateVariableProvider, name, dict(getattr(TemplateVariableProvider, name)))
    return TemplateVariableProvider.register_provider


@pytest.fixture
def database(server_url: str, template_database: str) -> Iterator[Database]:
    database = Database(with_database(server_url, template_database), pool_size=1, timeout=0.2)
    yield database
    database.close()


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
    raise DatabaseUnavailable


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


def test_only_named_variables_are_computed_and_turn_variables_once(register: Any) -> None:
    calls: list[str] = []

    @register("per_turn", aliases=("per_turn_too",), scope="turn")
    def provide_per_turn(conn: Any, **kwargs: Any) -> str:
        calls.append("turn")
        return "t"

    @register("per_step")
    def provide_per_step(conn: Any, **kwargs: Any) -> str:
        calls.append("step")
        return "s"

    @register("unnamed")
    def provide_unnamed(conn: Any, **kwargs: Any) -> str:
        calls.append("unnamed")
        return "u"

    cache = VariableCache(no_connection)
    template = make_template("{per_turn} {per turn} {per_step} {per_step} {message}", "{per_turn}")
    for _ in range(2):
        assert apply_template(template, TURN, cache).content == f"t t s s {HOSTILE}"
    assert calls == ["turn", "step", "step"]


def test_providers_get_the_documented_arguments(register: Any) -> None:
    given_arguments: dict[str, Any] = {}

    @register("spy")
    def provide_spy(conn: Any, **kwargs: Any) -> None:
        given_arguments.update(kwargs)

    render("{spy}")
    assert given_arguments.keys() == variables.ARGUMENTS.keys()
    assert given_arguments["message_content"] == HOSTILE
    assert given_arguments["business_id"] == TURN.business_id


@pytest.mark.parametrize(
    ("value", "rendered"),
    [
        ("text", "text"),
        (7, "7"),
        (True, "true"),
        ({"a": [1, None], 2: (3,)}, '{"a": [1, null], "2": [3]}'),
        (Decimal("12.50"), "12.50"),
        (date(2026, 5, 1), "2026-05-01"),
        (datetime(2026, 5, 1, tzinfo=UTC), "2026-05-01 00:00:00+00:00"),
        ([UUID(int=1)], '["00000000-0000-0000-0000-000000000001"]'),
        ("a\0b\ud800", "ab"),
        ({"a\0": "\0"}, '{"a": ""}'),
        (None, "-"),
        (float("nan"), "-"),
        ({(1, 2): 3}, "-"),
    ],
)
def test_value_of_a_provider_is_converted_to_storable_json(register: Any, value: Any, rendered: str) -> None:
    register("made")(lambda conn, **kwargs: value)
    prompt = render("{made|-}")
    assert prompt.content == rendered
    assert all(isinstance(each["value"], str | int | dict | list) for each in prompt.variables)


def test_value_that_contains_itself_renders_as_missing(register: Any) -> None:
    endless: list[Any] = []
    endless.append(endless)
    register("endless")(lambda conn, **kwargs: endless)
    assert render("{endless|-} {business_name}").content == "- Lantern Books"


@pytest.mark.parametrize("error", [RuntimeError("secret text"), KeyError("x"), RecursionError(), AssertionError()])
def test_failing_provider_renders_as_missing(register: Any, caplog: pytest.LogCaptureFixture, error: Exception) -> None:
    @register("broken")
    def provide_broken(conn: Any, **kwargs: Any) -> str:
        raise error

    register("wrong_arguments")(lambda conn: "never")
    with caplog.at_level(logging.WARNING):
        prompt = render("{broken}|{broken|fallback}|{wrong_arguments}|{business_name}")
    assert prompt.content == "|fallback||Lantern Books"
    assert prompt.missing == ("broken", "wrong_arguments")
    assert f"variable broken failed: {type(error).__name__}" in caplog.messages
    assert "secret text" not in caplog.text


def test_connection_is_opened_on_first_use_and_returned(register: Any, database: Database) -> None:
    opened: list[int] = []

    def read_only() -> AbstractContextManager[Connection]:
        opened.append(1)
        return database.read_only()

    register("idle")(lambda conn, **kwargs: "idle")
    for name in ("one", "two"):
        register(name)(lambda conn, **kwargs: conn.execute("SELECT 1 AS x").fetchone()["x"])
    assert build_context(["idle"], provider_arguments(TURN), VariableCache(read_only)) == {"idle": "idle"}
    assert opened == []
    context = build_context(["one", "idle", "two"], provider_arguments(TURN), VariableCache(read_only))
    assert context == {"one": 1, "idle": "idle", "two": 1}
    assert opened == [1]
    with database.transaction():  # the pool's one connection is free
        pass


def test_provider_gets_a_working_connection_whatever_the_previous_one_did(register: Any, database: Database) -> None:
    @register("a1")
    def provide_wrong_sql(conn: Any, **kwargs: Any) -> Any:
        return conn.execute("SELECT nonsense").fetchone()

    @register("a2")
    def provide_swallowed(conn: Any, **kwargs: Any) -> str:
        try:
            conn.execute("SELECT 1 / 0")
        except Exception:
            return "swallowed"
        return ""

    @register("a3")
    def provide_closing(conn: Any, **kwargs: Any) -> str:
        conn.close()
        return "closed"

    @register("a4")
    def provide_as_context(conn: Any, **kwargs: Any) -> str:
        with conn:
            return "entered"

    @register("a5")
    def provide_write(conn: Any, **kwargs: Any) -> Any:
        return conn.execute("DELETE FROM templates RETURNING 1").fetchone()

    @register("a6")
    def provide_rows(conn: Any, **kwargs: Any) -> int:
        with conn.cursor() as cursor:
            cursor.execute("SELECT count(*) AS count FROM templates")
            return int(cursor.fetchone()[0])

    content = "".join(f"{{a{number}|-}}{{a6}} " for number in range(1, 6))
    with database.transaction() as conn:
        row = conn.execute("SELECT count(*) AS count FROM templates").fetchone()
    assert row is not None
    count = row["count"]
    assert count > 0
    expected = " ".join(f"{value}{count}" for value in ("-", "swallowed", "closed", "-", "-")) + " "
    assert render(content, read_only=database.read_only).content == expected
    with database.transaction() as conn:  # and so does the pool's next user, who may write
        conn.execute("CREATE TEMPORARY TABLE t (x int) ON COMMIT DROP")


def test_exhausted_pool_is_tried_once(register: Any, database: Database) -> None:
    asked: list[int] = []

    def read_only() -> AbstractContextManager[Connection]:
        asked.append(1)
        return database.read_only()

    taken, done = threading.Event(), threading.Event()

    def hold() -> None:
        with database.transaction():
            taken.set()
            done.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert taken.wait(10)
        prompt = render("{user_name|you} {conversation_history|-} {business_name}", read_only=read_only)
    finally:
        done.set()
        holder.join()
    assert prompt.content == "you - Lantern Books"
    assert asked == [1]


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
