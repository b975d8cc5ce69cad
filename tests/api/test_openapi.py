"""The OpenAPI document is valid, whole, and made of the schemas that requests are checked against."""

import json
from typing import Any

from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator

from core.validation import FOLDER
from core.view_spec import spec_of
from tests.support.checked_client import CheckedClient
from tests.support.openapi_requests import OPERATIONS


def document(client: CheckedClient) -> dict[str, Any]:
    answer: dict[str, Any] = client.get("/api/v1/openapi.json").get_json()
    return answer


def test_the_document_is_valid(client: CheckedClient) -> None:
    assert list(OpenAPIV31SpecValidator(document(client)).iter_errors()) == []


def test_every_path_serves_the_same_document(client: CheckedClient) -> None:
    assert client.get("/openapi.json").get_json() == client.get("/api/openapi.json").get_json() == document(client)


def test_every_view_of_a_resource_is_in_it(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith(("swagger_ui.", "welcome", "docs:", "pages")):
            assert spec_of(app.view_functions[rule.endpoint]).responses, f"{rule.rule} declares no responses"


def test_its_schemas_are_the_files_and_each_has_a_use(client: CheckedClient) -> None:
    components = document(client)["components"]["schemas"]
    files = {path.stem: json.loads(path.read_text()) for path in FOLDER.glob("*.json")}
    assert components.keys() == files.keys()
    for name, schema in files.items():
        assert json.dumps(components[name]).replace("#/components/schemas/", "") == json.dumps(
            {key: value for key, value in schema.items() if key != "$schema"}
        ).replace('.json"', '"')
    text = json.dumps(document(client))
    queries = {"business_query", "page_query"} | {name for name in files if name.endswith(("_list", "_delete"))}
    unused = [name for name in files if f'schemas/{name}"' not in text and name not in queries]
    assert unused == []


def test_operations_have_names_of_their_own() -> None:
    names = [operation.document["operationId"] for operation in OPERATIONS]
    assert len(set(names)) == len(names) > 50


def test_what_a_post_made_links_to_all_that_can_be_done_with_it(client: CheckedClient) -> None:
    answers = {
        str(operation): answer["links"].values()
        for operation in OPERATIONS
        for answer in operation.document["responses"].values()
        if "links" in answer
    }
    by_id = {operation.document["operationId"]: operation for operation in OPERATIONS}
    stage = {str(by_id[link["operationId"]]): link["parameters"] for link in answers["POST /api/v1/stages"]}
    path = "/api/v1/stages/{stage_id}"
    assert stage == {
        f"{method} {path}": {"stage_id": "$response.body#/stage_id"} for method in ("GET", "PUT", "DELETE")
    }
    key = {
        str(by_id[link["operationId"]]): link["parameters"]
        for link in answers["POST /api/v1/businesses/{business_id}/api-keys"]
    }
    assert key == {
        "DELETE /api/v1/businesses/{business_id}/api-keys/{key_id}": {
            "business_id": "$request.path.business_id",
            "key_id": "$response.body#/key_id",
        }
    }
    linked = {link["operationId"] for links in answers.values() for link in links}
    ours = [each for each in OPERATIONS if "_id}" in each.path and not each.document.get("deprecated")]
    not_linked = {str(each) for each in ours if each.document["operationId"] not in linked}
    assert not_linked == {"GET /api/v1/llm-calls/{call_id}"}  # made by a turn, not by a POST


def test_every_operation_tells_its_failures(client: CheckedClient) -> None:
    for operation in OPERATIONS:
        responses = operation.document["responses"]
        assert "500" in responses
        assert ("401" in responses) >= bool(operation.schemes), str(operation)
        if operation.body_schema:
            assert {"400", "413", "415"} <= responses.keys(), str(operation)
