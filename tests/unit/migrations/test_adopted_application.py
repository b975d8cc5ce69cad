"""The application on an adopted database: keys, customers and replies continue to work."""

import pytest
from flask import Flask

from app import close_app, create_app
from tests.conftest import make_config
from tests.support.checked_client import CheckedClient
from tests.support.fake_model import FakeModel
from tests.unit.migrations.older_database import (
    ASSIST,
    ASSIST_OF_SECOND,
    CARL,
    CONVERSATIONS,
    DORA,
    FIRST,
    FIRST_KEY,
    MISSING_OWNER,
    OLGA,
    SECOND,
    SECOND_KEY,
    Adopted,
    bearer,
)
from tests.unit.migrations.support import Connection

pytestmark = pytest.mark.slow


def checked_app(url: str, model: FakeModel) -> Flask:
    app = create_app(make_config(url, OPENAI_BASE_URL=model.base_url))
    app.test_client_class = CheckedClient
    return app


def test_old_keys_open_their_own_business_only(adopted: Adopted) -> None:
    client = adopted.app.test_client()
    for key, own, other, owner in (
        (FIRST_KEY, FIRST, SECOND, OLGA),
        (SECOND_KEY, SECOND, FIRST, MISSING_OWNER),
    ):
        assert client.get(f"/api/v1/businesses/{own}", headers=bearer(key)).status_code == 200
        assert client.get(f"/api/v1/businesses/{other}", headers=bearer(key)).status_code == 403
        login = {"userId": owner, "businessId": own, "businessApiKey": key}
        assert client.post("/api/save-config", json=login).get_json()["success"]


def test_customer_of_two_businesses_has_the_conversations_of_each(adopted: Adopted) -> None:
    client = adopted.app.test_client()
    for key, session in ((FIRST_KEY, "s2"), (SECOND_KEY, "s3")):
        people = client.get("/api/v1/users", headers=bearer(key)).get_json()
        [dora] = [person for person in people if person["email"] == "dora@example.com"]
        found = client.get(f"/api/v1/users/{dora['user_id']}/conversations", headers=bearer(key)).get_json()
        assert [conversation["session_id"] for conversation in found] == [session]


def test_old_conversation_continues(older: Connection, empty_database_url: str, fake_model: FakeModel) -> None:
    app = checked_app(empty_database_url, fake_model)
    client, key = app.test_client(), bearer(FIRST_KEY)
    fake_model.respond = lambda body: "Assist"
    body = {"user_id": CARL, "message": "And now?", "conversation_id": CONVERSATIONS[0]}
    answer = client.post("/message", json=body, headers=key)
    assert answer.status_code == 200
    assert answer.get_json()["stage"]["stage_id"] == ASSIST
    # Old names of variables still work: {stage list}, {summary of last conversations}, {current stage}.
    prompts = [message["content"] for request in fake_model.requests for message in request["messages"]]
    assert "Of Greet, Assist and , which is it? Reply with Greet" in prompts
    messages = client.get(f"/api/v1/conversations/{CONVERSATIONS[0]}/messages", headers=key).get_json()
    assert [(message["seq"], message["message_content"]) for message in messages] == [
        (1, "Hello"),
        (2, "Hi Carl"),
        (3, "And now?"),
        (4, "Assist"),
    ]
    close_app(app)


def test_customer_of_two_businesses_is_found_by_the_old_id(
    older: Connection, empty_database_url: str, fake_model: FakeModel
) -> None:
    app = checked_app(empty_database_url, fake_model)
    client, key = app.test_client(), bearer(SECOND_KEY)
    fake_model.respond = lambda body: "Assist"
    for writer in ({"user": {"external_id": DORA}}, {"user_id": DORA}):
        answer = client.post("/message", json={**writer, "message": "Still there?"}, headers=key)
        assert answer.get_json()["stage"]["stage_id"] == ASSIST_OF_SECOND
        listed = client.get(f"/conversations/{DORA}", headers=key).get_json()
        assert answer.get_json()["conversation_id"] in [conversation["conversation_id"] for conversation in listed]
    close_app(app)
