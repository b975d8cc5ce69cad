"""Requests as documented for the older system still work at its paths."""

import pytest

from tests.support.checked_client import CheckedClient
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel

pytestmark = pytest.mark.usefixtures("empty_database")

Master = dict[str, str]


@pytest.mark.parametrize("prefix", ["", "/api"])
def test_steps_from_new_owner_to_answered_message(
    client: CheckedClient, master: Master, fake_model: FakeModel, prefix: str
) -> None:
    owner = {"first_name": "Test", "last_name": "Owner", "email": "test.owner@example.com"}
    owner_id = made(client.post(f"{prefix}/users", json=owner, headers=master))["user_id"]
    business = {
        "owner_id": owner_id,
        "business_name": "My Business",
        "business_description": "A test business",
        "address": "123 Main St",
        "phone_number": "555-123-4567",
        "website": "https://example.com",
    }
    created = made(client.post(f"{prefix}/businesses", json=business, headers=master))
    assert set(created) == {"message", "business_id", "api_key"}
    assert created["message"] == "Business created"
    business_id, key = created["business_id"], {"Authorization": f"Bearer {created['api_key']}"}

    config = {"userId": owner_id, "businessId": business_id, "businessApiKey": created["api_key"]}
    saved = client.post("/api/save-config", json=config)
    assert (saved.status_code, saved.get_json()) == (200, {"success": True})
    cookie = client.get_cookie("businessApiKey")
    assert cookie is not None
    assert created["api_key"] not in cookie.value
    valid = client.post(f"{prefix}/validate_config", json={**config, "apiKey": _key_of(master)}, headers=master)
    assert valid.get_json() == {"isValid": True}
    client.delete_cookie("businessApiKey")

    template = {
        "business_id": business_id,
        "template_name": "Order selection",
        "template_type": "stage_selection",
        "content": "Which of {stage list} is it? {message}",
        "system_prompt": "You choose.",
    }
    made_template = made(client.post(f"{prefix}/templates", json=template, headers=master))
    assert made_template["variables"] == ["stage list", "message"]
    assert made_template["unknown_variables"] == []

    stage = {
        "business_id": business_id,
        "stage_name": "Initial Greeting",
        "stage_description": "First contact with customer",
        "stage_type": "conversation",
        "stage_selection_prompt": "Determine the stage of: {message}",
        "data_extraction_prompt": "Extract key entities: {message}",
        "response_generation_prompt": "Greet {user_name}: {message}",
    }
    stage_id = made(client.post(f"{prefix}/stages", json=stage, headers=key))["stage_id"]
    shown = client.get(f"{prefix}/stages/{stage_id}?business_id={business_id}", headers=key).get_json()
    for kind in ("stage_selection", "data_extraction", "response_generation"):
        assert shown[f"{kind}_config"]["content"] == stage[f"{kind}_prompt"]
        assert shown[f"{kind}_config"]["template_id"] == shown[f"{kind}_template_id"]
    listed = client.get(f"{prefix}/stages?business_id={business_id}", headers=key).get_json()
    assert [row["stage_id"] for row in listed] == [stage_id]
    of_business = client.get(f"{prefix}/templates/by-business/{business_id}", headers=key).get_json()
    assert len(of_business) == 4

    # A user without a business becomes a customer with the first message.
    person = {"first_name": "Carl", "last_name": "Customer", "email": "carl@example.com"}
    user_id = made(client.post(f"{prefix}/users", json=person, headers=master))["user_id"]
    fake_model.respond = lambda body: "Hello Carl"
    message = {"business_id": business_id, "user_id": user_id, "message": "Hi there"}
    answer = client.post(f"{prefix}/message", json=message, headers=master)
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["response"] == "Hello Carl"
    assert any("Greet Carl Customer: Hi there" in str(request) for request in fake_model.requests)
    of_user = client.get(f"{prefix}/conversations/{user_id}?business_id={business_id}", headers=master)
    assert [row["conversation_id"] for row in of_user.get_json()] == [answer.get_json()["conversation_id"]]
    claimed = client.get(f"/api/v1/users/{user_id}", headers=master).get_json()
    assert claimed["business_id"] == business_id


def test_user_without_a_business_becomes_a_customer_by_writing(
    shop: Shop, other_shop: Shop, client: CheckedClient, master: Master, fake_model: FakeModel
) -> None:
    person = {"first_name": "Carl", "last_name": "Customer", "email": "carl@example.com"}
    user_id = made(client.post("/users", json=person, headers=master))["user_id"]
    assert client.get(f"/api/v1/users/{user_id}", headers=master).get_json()["business_id"] is None
    assert shop.get(f"/users/{user_id}").status_code == 404
    fake_model.respond = lambda body: "Hello"
    assert shop.say("Hi", user_id=user_id).status_code == 200
    assert shop.get(f"/users/{user_id}").status_code == 200
    assert other_shop.say("Hi", user_id=user_id).status_code == 404
    assert other_shop.get(f"/users/{user_id}").status_code == 404


def _key_of(headers: Master) -> str:
    return headers["Authorization"].removeprefix("Bearer ")
