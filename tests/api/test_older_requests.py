"""Requests as the older system's documents wrote them: the same words, at the same paths."""

from typing import Any

import pytest

from tests.support.checked_client import CheckedClient
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel

pytestmark = pytest.mark.usefixtures("empty_database")

Master = dict[str, str]


@pytest.mark.parametrize("prefix", ["", "/api"])
def test_from_a_new_owner_to_an_answered_message(
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

    # A user made without a business becomes its customer by the first message.
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


def test_a_user_made_without_a_business_is_nobody_s_until_they_write(
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


def test_an_unknown_owner_is_told_how_to_make_one(client: CheckedClient, master: Master) -> None:
    body = {"business_name": "My Business", "owner_id": "10000000-0000-4000-8000-00000000dead"}
    response = client.post("/businesses", json=body, headers=master)
    assert response.status_code == 400
    assert "POST /users" in response.get_json()["remediation"]


NOT_CONNECTED: tuple[tuple[dict[str, Any], int, str], ...] = (
    ({"userId": None}, 400, "Missing parameters"),
    ({"businessApiKey": ""}, 400, "Missing parameters"),
    ({"businessId": 7}, 400, "Invalid parameter types"),
    ({"businessApiKey": "icmp_wrong"}, 401, "Invalid credentials"),
    ({"userId": "10000000-0000-4000-8000-00000000dead"}, 401, "Invalid credentials"),
    ({"businessId": "no uuid"}, 401, "Invalid credentials"),
)


def test_a_page_that_cannot_connect_is_told_why(shop: Shop, client: CheckedClient) -> None:
    for change, status, error in NOT_CONNECTED:
        config = {"userId": shop.user_id, "businessId": shop.business_id, "businessApiKey": shop.key, **change}
        response = client.post("/api/save-config", json=config)
        assert response.status_code == status, change
        assert (response.get_json()["success"], response.get_json()["error"]) == (False, error)
    assert client.get_cookie("businessApiKey") is None


def test_a_default_template_is_the_master_key_s_to_write(shop: Shop, client: CheckedClient, master: Master) -> None:
    body = {"template_name": "Ours", "template_type": "default_stage_selection", "content": "Which? {message}"}
    template_id = made(client.post("/templates", json=body, headers=master))["template_id"]
    for path in ("/templates/default-templates", "/templates/defaultTemplates", "/api/templates/default-templates"):
        assert template_id in [row["template_id"] for row in client.get(path, headers=shop.headers).get_json()]
    by_type = client.get("/templates/by-type/default_stage_selection", headers=shop.headers).get_json()
    assert template_id in [row["template_id"] for row in by_type]
    assert client.post("/templates", json=body, headers=shop.headers).status_code == 400
    assert client.put(f"/templates/{template_id}", json={"content": "x"}, headers=shop.headers).status_code == 403


def test_what_the_master_key_must_name(shop: Shop, client: CheckedClient, master: Master) -> None:
    response = client.post("/message", json={"user_id": shop.user_id, "message": "Hi"}, headers=master)
    assert response.status_code == 400
    assert [problem["path"] for problem in response.get_json()["details"]] == ["$.business_id"]


def _key_of(headers: Master) -> str:
    return headers["Authorization"].removeprefix("Bearer ")
