"""The OpenAPI document is valid, whole, and made of the schemas that requests are checked against."""

import json
from typing import Any

from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.checked_client import CheckedClient
from tests.openapi_requests import OPERATIONS
from validation import FOLDER


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
            view = app.view_functions[rule.endpoint]
            assert getattr(view, "answers", None), f"{rule.rule} declares no answers"


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


def test_every_operation_tells_its_failures(client: CheckedClient) -> None:
    for operation in OPERATIONS:
        responses = operation.document["responses"]
        assert "500" in responses
        assert ("401" in responses) >= bool(operation.schemes), str(operation)
        if operation.body_schema:
            assert {"400", "413", "415"} <= responses.keys(), str(operation)
