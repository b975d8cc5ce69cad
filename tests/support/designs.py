"""Designs as files in tests."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from werkzeug.test import TestResponse

from tests.support.factories import Shop, made

Files = dict[str, str]

# The smallest design with one file of each kind.
FILES: Files = {
    "business.yaml": "website: https://example.com\nsettings:\n  timezone: Europe/Berlin\nstages:\n- Returns\n",
    "variables.yaml": "- name: terms\n  value: 30 days\n",
    "agents.yaml": "- agent_name: Ada\n  instructions: Be brief.\n",
    "stages/Returns/stage.yaml": "stage_name: Returns\nagents:\n- agent: Ada\n",
    "stages/Returns/response.md": "Answer: {user_message}\n",
    "summary.md": "Summarise: {conversation_history}\n",
    "articles/Terms.md": "---\ntitle: Terms\nlanguage: en\n---\n# Terms\n\nThirty days.\n",
    "tests/return.yaml": "name: return\nstage: Returns\nturns:\n- message: I send it back\n",
}


def pull(shop: Shop) -> Files:
    """The files of the shop's design."""
    files: Files = shop.get("/design", format="json").get_json()["files"]
    return files


def push(shop: Shop, files: Mapping[str, str], **query: str) -> TestResponse:
    return shop.client.put("/api/v1/design", query_string=query, json={"files": files}, headers=shop.headers)


def push_archive(shop: Shop, raw: bytes) -> TestResponse:
    headers = {**shop.headers, "Content-Type": "application/zip"}
    return shop.client.put("/api/v1/design", data=raw, headers=headers)


def changes(response: TestResponse) -> list[tuple[str, str, str | None]]:
    """(change, kind, name) of each change in a successful response."""
    assert response.status_code == 200, response.text
    return [(each["change"], each["kind"], each["name"]) for each in response.get_json()["changes"]]


def errors(response: TestResponse) -> list[tuple[str, int]]:
    """(file, line) of each error in a refused design."""
    assert response.status_code == 400, response.text
    return [(each["file"], each["line"]) for each in response.get_json()["details"]]


def archive(files: Mapping[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as written:
        for path, content in files.items():
            written.writestr(path, content)
    return buffer.getvalue()


def fill(shop: Shop) -> None:
    """Give the shop parts of every kind, with names that are no file names and texts that are hard to write."""
    made(shop.post("/secrets", {"name": "crm", "value": "hidden-value"}))
    made(shop.post("/secrets", {"name": "own_model", "value": "hidden-value"}))
    for name in ("Ada", "Ada", "قائمة"):
        agent_id = made(shop.post("/agents", {"agent_name": name, "languages": ["de"]}))["agent_id"]
    call: dict[str, Any] = {
        "method": "GET",
        "url": "https://crm.example.com/{user_id}",
        "headers": {"Authorization": "Bearer {secret.crm}"},
    }
    for name in ("Returns / refunds", "CON", "قائمة الطلبات", "📦", "Returns : refunds", "a" * 200):
        shop.add_stage(name, stage_description="no", agents=[{"agent_id": agent_id, "conditions": ["hours"]}])
    shop.add_stage("Look-up", data_retrieval={"method": "api_call", "config": call}, confidence_threshold=1)
    shop.add_stage("Fixed", fixed_reply="10:30\n ---\n", is_active=False, example_messages=["null", "1e3", " x"])
    stage = shop.get(f"/stages/{shop.stages['Fixed']}").get_json()
    path = f"/templates/{stage['response_generation_template_id']}"
    content = "---\nkeep: this\n---\r\n\u2028 {user_message}  \n\n"
    template = {"content": content, "system_prompt": "", "model_settings": {"temperature": 0.5}}
    assert shop.put(path, template).status_code == 200
    path = f"/templates/{stage['stage_selection_template_id']}"
    assert shop.put(path, {"content": "", "system_prompt": "Be\nbrief. \n\n"}).status_code == 200
    for stage_name in ("CON", "📦"):  # share one template
        values = {"response_generation_template_id": stage["response_generation_template_id"]}
        assert shop.put(f"/stages/{shop.stages[stage_name]}", values).status_code == 200
    summary = {"template_name": "Mine", "template_type": "conversation_summary", "content": "Short."}
    made(shop.post("/templates", summary))
    for name in ("zeta", "alpha"):
        made(shop.post("/variables", {"name": name, "value": "yes", "description": "no: really"}))
    for title in ("FAQ", "faq", "FAQ", "Über uns/Kontakt"):
        article = {"title": title, "content": "# Gr\u00fc\u00dfe\n\n  Text 😀", "tags": ["b", "a"]}
        made(shop.post("/articles", {**article, "valid_until": "2030-01-01T10:00:00+02:00"}))
    for name in ("greets", "greets", "Greets"):
        case = {"name": name, "stage_id": shop.stages["📦"], "turns": [{"message": "hi\nthere"}]}
        made(shop.post("/test-cases", case))
    expected = {
        "stage": "Look-up",
        "fields": {"order": 1},
        "reply": {"contains": ["no"], "matches": "^ü+$", "max_length": 9},
    }
    case = {
        "name": "looks up",
        "customer": {"first_name": "Zoë", "metadata": {"b": [1.5, None, {}], "a": "1e3"}},
        "data": {"fields": {"x y": True}, "orders": [{"order_number": "007", "items": [{"product_name": "Cup"}]}]},
        "lookups": {"Look-up": {"status": "on its way: \r\n tomorrow"}},
        "turns": [{"message": "Where is it?", "expect": expected}, {"message": "Thanks"}],
    }
    made(shop.post("/test-cases", case))
    settings = {
        "timezone": "Europe/Berlin",
        "speculation": "off",
        "model_server": {"url": "https://models.example.com/v1", "model": "m", "secret": "own_model"},
    }
    order = {"stage_ids": [shop.stages["📦"], shop.stages["CON"]]}
    assert shop.put("/stages/order", order).status_code == 204
    business = {"address": "Street 1\nTown", "settings": settings, "default_stage_id": shop.stages["CON"]}
    assert shop.put(f"/businesses/{shop.business_id}", business).status_code == 200
