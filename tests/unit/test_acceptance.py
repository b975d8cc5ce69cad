"""Messages that continue an open conversation and change nothing about the customer are accepted in one statement."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from repositories.acceptance import accept_in_open
from tests.support.database import connect
from tests.support.factories import Shop
from tests.support.os_users import wait_for

CUSTOMER = {
    "external_id": "c-9",
    "first_name": "Añá",
    "last_name": "Ok",
    "email": "ana@example.com",
    "phone": "+44 1632 960001",
    "language": "es",
    "timezone": "Europe/Madrid",
    "metadata": {"tier": "gold", "seen": {"page": 1, "by": "us"}},
}


@pytest.fixture
def conversation_id(shop: Shop) -> str:
    answer = shop.say("hello", user=CUSTOMER)
    assert answer.status_code == 200, answer.text
    return str(answer.get_json()["conversation_id"])


@pytest.fixture
def accept(app: Flask, shop: Shop, database_url: str, conversation_id: str) -> Any:
    """Returns a function that accepts a message in a transaction that is rolled back. It returns the row, or None."""
    release = app.extensions["icmp"].releases.last_live(UUID(shop.business_id))

    def accept(**body: Any) -> Any:
        values = {"message": "hi", "owner": uuid4(), "idempotency_key": None, "request_hash": None, "max_unfinished": 5}
        values |= {"language": None, "guessed_language": "en"}
        with connect(database_url, autocommit=False) as conn:
            row = accept_in_open(conn, UUID(shop.business_id), values, body, release.release_id, timedelta(minutes=30))
            conn.rollback()
        return row

    return accept


def test_known_customer_continues_the_open_conversation(accept: Any, shop: Shop, conversation_id: str) -> None:
    user_id = shop.get(f"/conversations/{conversation_id}").get_json()["user_id"]
    for body in (
        {"user": {"external_id": "c-9"}},
        {"user": CUSTOMER},
        {"user": {"external_id": "c-9", "first_name": None, "metadata": {"tier": "gold"}}},
        {"user": {"external_id": "c-9"}, "conversation_id": conversation_id},
        {"user_id": user_id},
        {"user_id": user_id, "conversation_id": conversation_id, "session_id": "of no account"},
    ):
        assert str(accept(**body)["conversation_id"]) == conversation_id, body


CHANGES = {
    "first_name": "Ana",
    "last_name": "O",
    "email": "other@example.com",
    "phone": "+44 1632 960002",
    "language": "en",
    "timezone": "Europe/London",
    "metadata": {"seen": {"page": 1}},
}


def test_every_field_of_a_customer_is_tested() -> None:
    schema = json.loads((Path(__file__).parents[2] / "schemas" / "messages_create.json").read_text())
    assert {"external_id", *CHANGES} == {*CUSTOMER} == {*schema["properties"]["user"]["properties"]}


@pytest.mark.parametrize("changed", [{name: value} for name, value in CHANGES.items()], ids=CHANGES)
def test_changed_field_of_the_customer_is_stored(
    accept: Any, shop: Shop, conversation_id: str, changed: dict[str, Any]
) -> None:
    assert accept(user={"external_id": "c-9", **changed}) is None
    answer = shop.say("hello again", user={"external_id": "c-9", **changed})
    assert answer.get_json()["conversation_id"] == conversation_id
    kept = shop.get(f"/users/{shop.get(f'/conversations/{conversation_id}').get_json()['user_id']}").get_json()
    merged = {**CUSTOMER["metadata"], **changed.get("metadata", {})}
    assert {name: kept[name] for name in CUSTOMER} == {**CUSTOMER, **changed, "metadata": merged}
    assert accept(user={"external_id": "c-9", **changed}) is not None


def test_concurrent_change_of_the_customer_is_awaited(accept: Any, sql: Any, database_url: str) -> None:
    with connect(database_url, autocommit=False) as other, ThreadPoolExecutor(1) as pool:
        other.execute("UPDATE users SET first_name = 'Ana' WHERE external_id = 'c-9'")
        accepted = pool.submit(accept, user=CUSTOMER)
        waits = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        wait_for(lambda: sql.execute(waits).rowcount == 1, "the statement to wait for the customer's row")
        other.commit()
        assert accepted.result() is None


def test_other_messages_are_not_accepted_in_one_statement(accept: Any, shop: Shop, conversation_id: str) -> None:
    another = shop.say("hello", user={"external_id": "c-10"}).get_json()["conversation_id"]
    for body in (
        {"user": {"external_id": "nobody"}},
        {"user": {"external_id": "c-9"}, "session_id": "another"},
        {"user": {"external_id": "c-9"}, "conversation_id": another},
        {"user_id": str(uuid4()), "conversation_id": conversation_id},
    ):
        assert accept(**body) is None, body
    assert shop.post(f"/conversations/{conversation_id}/complete").status_code == 200
    assert accept(user={"external_id": "c-9"}) is None
    assert accept(user={"external_id": "c-9"}, conversation_id=conversation_id) is None
