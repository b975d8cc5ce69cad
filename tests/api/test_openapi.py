"""The OpenAPI document is valid, complete, and contains the schemas with which requests are validated."""

import json
from typing import Any

from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator

from core.validation import FOLDER
from core.view_spec import spec_of
from tests.support.checked_client import CheckedClient
from tests.support.openapi_requests import OPERATIONS


def document(client: CheckedClient) -> dict[str, Any]:
    body: dict[str, Any] = client.get("/api/v1/openapi.json").get_json()
    return body


def test_document_is_valid(client: CheckedClient) -> None:
    assert list(OpenAPIV31SpecValidator(document(client)).iter_errors()) == []


def test_every_path_returns_the_same_document(client: CheckedClient) -> None:
    assert client.get("/openapi.json").get_json() == client.get("/api/openapi.json").get_json() == document(client)


def test_document_contains_every_api_route(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        # OpenAPI cannot describe WebSockets.
        if not rule.websocket and not rule.endpoint.startswith(
            ("swagger_ui.", "welcome", "docs:", "pages", "widget_pages")
        ):
            assert spec_of(app.view_functions[rule.endpoint]).responses, f"{rule.rule} declares no responses"


def test_document_contains_every_schema_file_and_uses_it(client: CheckedClient) -> None:
    components = document(client)["components"]["schemas"]
    files = {path.stem: json.loads(path.read_text()) for path in FOLDER.glob("*.json")}
    assert components.keys() == files.keys()
    for name, schema in files.items():
        assert json.dumps(components[name]).replace("#/components/schemas/", "") == json.dumps(
            {key: value for key, value in schema.items() if key != "$schema"}
        ).replace('.json"', '"')
    text = json.dumps(document(client))
    queries = {name for name in files if name.endswith(("_list", "_delete", "_query"))}
    unused = [name for name in files if f'schemas/{name}"' not in text and name not in queries]
    assert unused == []


def test_operation_ids_are_unique() -> None:
    names = [operation.document["operationId"] for operation in OPERATIONS]
    assert len(set(names)) == len(names) > 50


def test_post_links_to_the_operations_on_what_it_creates(client: CheckedClient) -> None:
    answers = {
        str(operation): answer["links"].values()
        for operation in OPERATIONS
        for answer in operation.document["responses"].values()
        if "links" in answer
    }
    by_id = {operation.document["operationId"]: operation for operation in OPERATIONS}
    stage = {str(by_id[link["operationId"]]): link["parameters"] for link in answers["POST /api/v1/stages"]}
    path = "/api/v1/stages/{stage_id}"
    operations = (f"GET {path}", f"PUT {path}", f"DELETE {path}", f"POST {path}/duplicate")
    assert stage == {operation: {"stage_id": "$response.body#/stage_id"} for operation in operations}
    key = {
        str(by_id[link["operationId"]]): link["parameters"]
        for link in answers["POST /api/v1/businesses/{business_id}/api-keys"]
    }
    ids = {"business_id": "$request.path.business_id", "key_id": "$response.body#/key_id"}
    key_path = "/api/v1/businesses/{business_id}/api-keys/{key_id}"
    assert key == {f"DELETE {key_path}": ids, f"POST {key_path}/rotate": ids}
    linked = {link["operationId"] for links in answers.values() for link in links}
    linkable = [each for each in OPERATIONS if "_id}" in each.path and not each.document.get("deprecated")]
    not_linked = {str(each) for each in linkable if each.document["operationId"] not in linked}
    # Created by a turn or an event, not by a POST; created by signing in, which does not return the ID.
    assert not_linked == {
        "GET /api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}",
        "POST /api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/resend",
        "GET /api/v1/llm-calls/{call_id}",
        "GET /api/v1/attachments/{attachment_id}",
        "DELETE /api/v1/auth/sessions/{auth_session_id}",
        "PUT /api/v1/users/by-external-id/{external_id}",
        "DELETE /api/v1/scheduled-messages/{scheduled_message_id}",  # created in quiet hours only
        "POST /api/v1/widget/{channel_id}/messages/{message_id}/feedback",
        "POST /api/v1/widget/{channel_id}/conversations/{conversation_id}/rating",
    }


def test_every_operation_documents_its_errors(client: CheckedClient) -> None:
    for operation in OPERATIONS:
        responses = operation.document["responses"]
        assert "500" in responses
        assert ("401" in responses) >= bool(operation.schemes), str(operation)
        if operation.body_schema:
            assert {"400", "413", "415"} <= responses.keys(), str(operation)
