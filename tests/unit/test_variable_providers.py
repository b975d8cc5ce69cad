"""Variable providers: when they run, what they get, and how their failures are handled."""

import logging
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from core.errors import DatabaseUnavailable
from db import Connection, Database
from message_processing import variables
from message_processing.templates.template_service import (
    Prompt,
    VariableCache,
    apply_template,
    build_context,
    provider_arguments,
)
from message_processing.turn import Turn
from tests.support.pipeline import HOSTILE, make_release, make_stage, make_template, make_turn, no_connection

TURN = make_turn(make_release(make_stage("Greeting"), make_stage("Order help")), HOSTILE)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A pool with one connection."""
    database = Database(database_url, pool_size=1, timeout=0.2)
    yield database
    database.close()


def render(content: str, turn: Turn = TURN, system_prompt: str = "", **options: Any) -> Prompt:
    template = make_template(content, system_prompt)
    return apply_template(template, turn, VariableCache(options.pop("read_only", no_connection)), **options)


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
            return int(cursor.fetchone()["count"])

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


def test_prompt_without_a_database_connection_is_not_sent_without_its_data(register: Any, database: Database) -> None:
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
        with pytest.raises(DatabaseUnavailable):
            render("{user_name|you} {conversation_history|-} {business_name}", read_only=read_only)
    finally:
        done.set()
        holder.join()
    assert asked == [1]
