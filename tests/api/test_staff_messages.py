"""`Idempotency-Key` of messages and notes of staff: what is sent again after a lost response is stored once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.staff import Staff, make_member
from tests.support.turns import by_step

pytestmark = pytest.mark.usefixtures("empty_database")


@pytest.fixture
def conversation_id(shop: Shop, fake_model: FakeModel) -> str:
    fake_model.respond = by_step()
    started: str = shop.say("hello").get_json()["conversation_id"]
    return started


def write(staff: Staff | Shop, conversation_id: str, key: str, message: str = "Anna here", **values: Any) -> Any:
    path = f"/api/v1/conversations/{conversation_id}/messages"
    headers = {**staff.headers, "Idempotency-Key": key}
    return staff.client.post(path, json={"message": message, **values}, headers=headers)


def stored(sql: Connection) -> list[tuple[str, str]]:
    rows = sql.execute(
        "SELECT sender_type, message_content FROM messages WHERE turn_id IS NULL ORDER BY seq"
    ).fetchall()
    return [(row["sender_type"], row["message_content"]) for row in rows]


def test_repeated_request_returns_the_first_message(
    shop: Shop, owner: Staff, conversation_id: str, sql: Connection
) -> None:
    assert owner.send("POST", f"/conversations/{conversation_id}/takeover").status_code == 200
    first, note = write(owner, conversation_id, "k-1"), write(owner, conversation_id, "k-2", is_note=True)
    assert (first.status_code, note.status_code) == (201, 201)
    for key, answer, values in (("k-1", first, {}), ("k-2", note, {"is_note": True})):
        again = write(owner, conversation_id, key, **values)
        assert (again.status_code, again.get_json()) == (201, answer.get_json())
    assert stored(sql) == [("agent", "Anna here"), ("note", "Anna here")]
    (takeover,) = shop.get(f"/conversations/{conversation_id}/takeovers").get_json()
    assert takeover["messages_written"] == 1
    # Also after the conversation was closed.
    assert shop.post(f"/conversations/{conversation_id}/complete").status_code == 200
    assert write(owner, conversation_id, "k-1").get_json() == first.get_json()
    assert write(owner, conversation_id, "k-3").status_code == 409


def test_simultaneous_requests_store_one_message(owner: Staff, conversation_id: str, sql: Connection) -> None:
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda _: write(owner, conversation_id, "k-1"), range(5)))
    assert [answer.status_code for answer in answers] == [201] * 5
    assert len({answer.data for answer in answers}) == 1
    assert stored(sql) == [("agent", "Anna here")]


def test_key_of_another_message_is_a_conflict(shop: Shop, owner: Staff, conversation_id: str, sql: Connection) -> None:
    assert write(owner, conversation_id, "k-1").status_code == 201
    elsewhere = shop.say("hello", session_id="other").get_json()["conversation_id"]
    colleague = make_member(shop, owner.headers, "agent")
    for other in (
        write(owner, conversation_id, "k-1", "Something else"),
        write(owner, conversation_id, "k-1", is_note=True),
        write(owner, elsewhere, "k-1"),
        write(colleague, conversation_id, "k-1"),
    ):
        assert (other.status_code, other.get_json()["error_code"]) == (409, "CONFLICT")
    assert stored(sql) == [("agent", "Anna here")]


def test_keys_are_separate_per_business(shop: Shop, other_shop: Shop, conversation_id: str, sql: Connection) -> None:
    theirs = other_shop.say("hello").get_json()["conversation_id"]
    assert write(shop, conversation_id, "k-1").status_code == write(other_shop, theirs, "k-1").status_code == 201
    assert len(stored(sql)) == 2


@pytest.mark.parametrize("key", ["", "two words", "é", "x" * 201])
def test_malformed_key_is_rejected(shop: Shop, conversation_id: str, key: str, sql: Connection) -> None:
    refused = write(shop, conversation_id, key)
    assert refused.status_code == 400
    assert refused.get_json()["details"][0]["path"] == "$.headers.Idempotency-Key"
    assert stored(sql) == []


def test_rejected_request_does_not_use_the_key(shop: Shop, owner: Staff, conversation_id: str) -> None:
    assert write(shop, conversation_id, "k-1", sender_user_id=shop.business_id).status_code == 404
    assert write(owner, conversation_id, "k-1", "").status_code == 400
    assert write(owner, conversation_id, "k-1").status_code == 201
