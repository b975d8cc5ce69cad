"""Names, keywords and tags that consist only of invisible characters are rejected: nobody could see or remove them."""

from typing import Any

import pytest

from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.turns import by_step

pytestmark = pytest.mark.usefixtures("empty_database")

ZERO_WIDTH = "\u200b"
MESSAGE = "Must contain a visible character."
STAGE: dict[str, Any] = {"stage_type": "response", "stage_description": ""}

CREATED: list[tuple[str, dict[str, Any], str]] = [
    ("/agents", {"agent_name": ZERO_WIDTH}, "$.agent_name"),
    ("/canned-replies", {"shortcut": ZERO_WIDTH, "title": "Hi", "content": "Hi"}, "$.shortcut"),
    ("/canned-replies", {"shortcut": "hi", "title": ZERO_WIDTH, "content": "Hi"}, "$.title"),
    ("/events", {"event_type": ZERO_WIDTH}, "$.event_type"),
    ("/orders", {"order_number": ZERO_WIDTH}, "$.order_number"),
    ("/products", {"product_name": ZERO_WIDTH}, "$.product_name"),
    ("/products", {"product_name": "Mug", "sku": ZERO_WIDTH}, "$.sku"),
    ("/stages", {**STAGE, "stage_name": ZERO_WIDTH}, "$.stage_name"),
    ("/templates", {"template_name": ZERO_WIDTH, "template_type": "response_generation"}, "$.template_name"),
    ("/users", {"external_id": ZERO_WIDTH}, "$.external_id"),
    ("/variables", {"name": ZERO_WIDTH, "value": "x"}, "$.name"),
]


def problems(response: Any) -> dict[str, str]:
    assert response.status_code == 400, response.text
    return {each["path"]: each["message"] for each in response.get_json()["details"]}


@pytest.mark.parametrize(("path", "body", "field"), CREATED, ids=[field for _, _, field in CREATED])
def test_name_of_invisible_characters_is_rejected(shop: Shop, path: str, body: dict[str, Any], field: str) -> None:
    assert problems(shop.post(path, body))[field] == MESSAGE


@pytest.mark.parametrize(
    "keyword", ["\u200b", "\u00a0\ufeff", "\u3164", "\u2800", "\u00ad\u2060", "\ufe0f", "\U000e0041"]
)
def test_keyword_of_invisible_characters_is_rejected(shop: Shop, keyword: str) -> None:
    def save(*keywords: str) -> Any:
        settings = {"handover": {"keywords": list(keywords)}}
        return shop.put(f"/businesses/{shop.business_id}", {"settings": settings})

    found = problems(save("human", keyword))
    assert found["$.settings.handover.keywords[1]"] == MESSAGE
    # Between visible characters they have a meaning.
    assert save("human", f"a{keyword}b", "👩‍💻", "می‌خواهم").status_code == 200


@pytest.mark.parametrize("tag", ["\u200b", "\u00a0\ufeff", "\u3164"])
def test_tag_of_invisible_characters_is_rejected(shop: Shop, fake_model: FakeModel, tag: str) -> None:
    fake_model.respond = by_step()
    conversation_id = shop.say("hello").get_json()["conversation_id"]
    path = f"/api/v1/conversations/{conversation_id}"
    refused = shop.client.patch(path, json={"tags": ["vip", tag]}, headers=shop.headers)
    assert problems(refused)["$.tags[1]"] == MESSAGE
    assert problems(shop.get("/conversations", tag=tag)) == {"$.tag": "Must be a tag."}


def test_name_in_a_path_must_be_visible(shop: Shop) -> None:
    order, product = {"user_id": shop.user_id}, {"product_name": "Mug"}
    assert problems(shop.put("/orders/by-number/%E2%80%8B", order)) == {"$.order_number": MESSAGE}
    assert problems(shop.put("/products/by-sku/%E2%80%8B", product)) == {"$.sku": MESSAGE}
    assert problems(shop.put("/users/by-external-id/%E2%80%8B", {})) == {"$.external_id": MESSAGE}


def test_extracted_field_must_have_a_visible_name(shop: Shop) -> None:
    schema = {"properties": {ZERO_WIDTH: {"type": "string"}}}
    refused = shop.put(f"/stages/{shop.stages['Order help']}", {"extraction_schema": schema})
    assert "must be visible" in problems(refused)["$.extraction_schema"]
