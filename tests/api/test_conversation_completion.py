"""Completing a conversation, also while a turn is running."""

import threading
import uuid
from typing import Any

from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Gated
from tests.support.os_users import wait_for


def test_message_after_completion_starts_a_new_conversation(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.respond = lambda body: "{}"
    conversation_id = shop.say("Hello").get_json()["conversation_id"]
    done = shop.post(f"/conversations/{conversation_id}/complete")
    assert (done.status_code, done.get_json()["status"]) == (200, "completed")
    assert done.get_json() == shop.get(f"/conversations/{conversation_id}").get_json()
    assert shop.say("Hello?", conversation_id=conversation_id).status_code == 409
    from_a_person = shop.post(f"/conversations/{conversation_id}/messages", {"message": "Anything else?"})
    assert from_a_person.status_code == 409
    assert len(shop.get(f"/conversations/{conversation_id}/messages").get_json()) == 2
    assert shop.say("Hello again").get_json()["conversation_id"] != conversation_id


def test_completing_twice_changes_nothing(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.respond = lambda body: "{}"
    conversation_id = shop.say("Hello").get_json()["conversation_id"]
    first = shop.post(f"/conversations/{conversation_id}/complete")
    again = shop.post(f"/conversations/{conversation_id}/complete", {"business_id": shop.business_id})
    assert (first.status_code, first.get_json()) == (again.status_code, again.get_json())
    noted = shop.get("/audit-log", resource_id=conversation_id).get_json()
    assert [(entry["action"], entry["fields"]) for entry in noted] == [("complete", ["status"])]


def test_other_businesses_conversation_cannot_be_completed(shop: Shop, other_shop: Shop, fake_model: FakeModel) -> None:
    fake_model.respond = lambda body: "{}"
    conversation_id = shop.say("Hello").get_json()["conversation_id"]
    foreign = other_shop.post(f"/conversations/{conversation_id}/complete")
    unknown = other_shop.post(f"/conversations/{uuid.uuid4()}/complete")
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.get_json() | {"request_id": ""} == unknown.get_json() | {"request_id": ""}
    assert shop.get(f"/conversations/{conversation_id}").get_json()["status"] == "active"


def test_reply_in_progress_is_dropped_on_completion(shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    gate = threading.Event()
    fake_model.reply('{"stage": "Greeting", "confidence": 1}', "{}", Gated("Too late", gate))
    answers: list[Any] = []
    asking = threading.Thread(target=lambda: answers.append(shop.say("Hello")))
    asking.start()
    fake_model.wait_for_requests(3)
    (conversation,) = shop.get("/conversations").get_json()
    path = f"/conversations/{conversation['conversation_id']}"
    assert shop.post(f"{path}/complete").status_code == 200
    gate.set()
    asking.join()
    assert (answers[0].status_code, answers[0].get_json()["error_code"]) == (409, "CONFLICT")
    assert [row["message_content"] for row in shop.get(f"{path}/messages").get_json()] == ["Hello"]
    assert shop.get(path).get_json()["status"] == "completed"


def test_turn_taken_over_after_completion_makes_no_calls(shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    """The process that ran it has died."""
    fake_model.respond = lambda body: "{}"
    turn = shop.say("Hello").get_json()
    shop.post(f"/conversations/{turn['conversation_id']}/complete")
    fake_model.forget()
    sql.execute(
        """
        UPDATE turns SET status = 'running', lease_owner = gen_random_uuid(), answer = NULL, completed_at = NULL,
            created_at = created_at - interval '1 minute'  -- the process may not be about to start
        WHERE turn_id = %(turn_id)s
        """,
        {"turn_id": turn["turn_id"]},
    )
    ended = wait_for(
        lambda: (trace := shop.trace(turn["turn_id"]))["status"] not in ("accepted", "running") and trace, "the end"
    )
    assert (ended["status"], ended["error"]["error_code"]) == ("failed", "CONFLICT")
    assert fake_model.requests == []
