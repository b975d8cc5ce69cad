"""Builds the OpenAPI document from the same declarations with which requests are validated."""

import json
import re
from typing import Any

from flask import Flask

from core.validation import all_schemas, is_id
from core.view_spec import View, ViewSpec, spec_of
from routes.limits import rate_limit_of

VERSION = "0.1.0"

_MASTER: dict[str, list[str]] = {"masterKey": []}
_KEY: list[dict[str, list[str]]] = [{"businessKey": []}, {"businessCookie": []}]
_BUSINESS_AUTH = ("business", "business_or_platform", "optional", "owner")
_HEADERS = {
    "Link": {"description": 'Link to the next page, with `rel="next"`.', "schema": {"type": "string"}},
    "ETag": {"description": "Version of the resource.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait before the next request.", "schema": {"type": "string"}},
}


def build_openapi(app: Flask) -> dict[str, Any]:
    """The document of every route that declares its responses (pages and files for browsers do not)."""
    paths: dict[str, dict[str, Any]] = {}
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        spec = spec_of(view)
        if not spec.responses:
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            paths.setdefault(path, {})[method.lower()] = _operation(rule.endpoint, path, method, view, spec)
    _add_links(paths)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "ICMP",
            "version": VERSION,
            "description": "Answer customers with a language model that a business controls step by step.",
        },
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {name: _as_component(schema) for name, schema in all_schemas().items()},
            "securitySchemes": {
                "masterKey": {"type": "http", "scheme": "bearer", "description": "The operators' key (ICMP_API_KEY)."},
                "businessKey": {"type": "http", "scheme": "bearer", "description": "The key of a business."},
                "businessCookie": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "businessApiKey",
                    "description": "Set by POST /api/save-config.",
                },
                "loginToken": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "The access_token of POST /api/v1/auth/login.",
                },
                "loginCookie": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "icmpLogin",
                    "description": "Set by POST /api/v1/auth/login.",
                },
            },
        },
    }


def _operation(endpoint: str, path: str, method: str, view: View, spec: ViewSpec) -> dict[str, Any]:
    parameters = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", **({"format": "uuid"} if is_id(name) else {})},
        }
        for name in re.findall(r"{(\w+)}", path)
    ]
    schema_of_query = all_schemas()[spec.query_schema] if spec.query_schema else {}
    query, required = schema_of_query.get("properties", {}), schema_of_query.get("required", [])
    names = {parameter["name"] for parameter in parameters}
    if spec.auth in _BUSINESS_AUTH and "business_id" not in names:
        query = {"business_id": {"type": "string", "format": "uuid"}, **query}
    parameters += [
        {"name": name, "in": "query", "schema": schema, **({"required": True} if name in required else {})}
        for name, schema in query.items()
        if name not in names
    ]
    if 412 in spec.errors:
        parameters.append({"name": "If-Match", "in": "header", "schema": {"type": "string"}})
    if spec.accepts_idempotency_key:
        parameters.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "schema": {"type": "string", "pattern": "^[\\x21-\\x7e]{1,200}$"},
                "description": "A repeated request with the same key and body returns the first response.",
            }
        )
    operation: dict[str, Any] = {
        "operationId": re.sub(r"\W+", "_", f"{method.lower()}_{path}").strip("_"),
        "summary": (view.__doc__ or "").partition("\n")[0],
        "tags": [_tag(path)],
        "parameters": parameters,
        "responses": _responses(spec, bool(names)),
        "security": _security(spec),
    }
    if endpoint.startswith("older"):
        operation["deprecated"] = True
    if spec.request_schema:
        operation["requestBody"] = {
            "required": not spec.request_optional,
            "content": {"application/json": {"schema": _reference(spec.request_schema)}},
        }
    if spec.media_types:
        body = operation.setdefault("requestBody", {"required": True, "content": {}})
        body["content"] |= {media_type: {"schema": {}} for media_type in spec.media_types}  # any bytes
    return operation


def _security(spec: ViewSpec) -> list[dict[str, list[str]]]:
    """The accepted credentials. For logins, with the lowest sufficient role."""
    if spec.auth == "public":
        return []
    role: list[str] = ["operator"] if spec.auth == "operator" else [spec.role] if spec.role else []
    login = [{"loginToken": role}, {"loginCookie": role}]
    if spec.auth in ("signup", "operator", "owner"):
        return [_MASTER, *login]
    if spec.auth == "login":
        return login
    return [*([{}] if spec.auth == "optional" else []), *_KEY, _MASTER, *login]


def _tag(path: str) -> str:
    parts = [part for part in path.split("/") if part and part not in ("api", "v1")]
    return parts[0] if parts else "system"


def _responses(spec: ViewSpec, has_ids: bool) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status, schema in sorted(spec.responses.items()):
        responses[str(status)] = {"description": "Success." if schema else "Success, without a body."}
        if spec.media_type:
            responses[str(status)]["content"] = {spec.media_type: {"schema": {"type": "string"}}}
        elif schema:
            responses[str(status)]["content"] = {"application/json": {"schema": _reference(schema)}}
            if spec.streams:
                responses[str(status)]["content"]["text/event-stream"] = {"schema": {"type": "string"}}
            if spec.file_type:
                responses[str(status)]["content"][spec.file_type] = {"schema": {}}  # any bytes
            headers = _headers(spec, schema)
            if headers:
                responses[str(status)]["headers"] = headers
    for status in sorted(_errors(spec, has_ids) - set(spec.responses)):
        responses[str(status)] = {
            "description": "Error.",
            "content": {"application/json": {"schema": _reference("error")}},
        }
        if status == 429:
            responses[str(status)]["headers"] = {"Retry-After": _HEADERS["Retry-After"]}
    return responses


def _errors(spec: ViewSpec, has_ids: bool) -> set[int]:
    """The errors that the view can return: those of every view of its kind, and its own."""
    errors = {400, 500, 503, *spec.errors}
    if spec.auth != "public":
        errors |= {401, 403}
    if rate_limit_of(spec) != "none":
        errors.add(429)
    if has_ids or spec.auth in _BUSINESS_AUTH:
        errors.add(404)
    if spec.request_schema or spec.auth in _BUSINESS_AUTH:
        errors |= {413, 415}
    return errors


def _headers(spec: ViewSpec, schema: str) -> dict[str, Any]:
    if all_schemas()[schema].get("type") == "array" and spec.query_schema:
        return {"Link": _HEADERS["Link"]}
    if "version" in all_schemas()[schema].get("properties", {}) and schema in (
        "business",
        "stage",
        "stage_detail",
        "template",
    ):
        return {"ETag": _HEADERS["ETag"]}
    return {}


def _add_links(paths: dict[str, dict[str, Any]]) -> None:
    """Link each POST to the operations on what it creates: an id in its response, such as `stage_id`, leads to every
    operation whose path ends in `{stage_id}` and has no other parameters than the POST itself. Deprecated paths have no
    links."""
    for path, operations in paths.items():
        post = operations.get("post", {})
        known = re.findall(r"{(\w+)}", path)
        for status, answer in post.get("responses", {}).items():
            if post.get("deprecated") or status >= "3" or "content" not in answer or (known and status != "201"):
                continue
            schema = all_schemas()[answer["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]]
            links = {
                operation["operationId"]: {
                    "operationId": operation["operationId"],
                    "parameters": {
                        **{each: f"$request.path.{each}" for each in wanted[:-1]},
                        name: f"$response.body#/{name}",
                    },
                }
                for name, kind in schema["properties"].items()
                if kind.get("type") == "string" and name not in known  # an id that can be null is not linked
                for other, targets in paths.items()
                if (wanted := re.findall(r"{(\w+)}", other))[-1:] == [name] and set(wanted[:-1]) <= set(known)
                for operation in targets.values()
                if not operation.get("deprecated")
            }
            if links:
                answer["links"] = links


def _reference(schema: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{schema}"}


def _as_component(schema: dict[str, Any]) -> Any:
    """A file of `schemas/`, with its references to other files replaced by references into the document."""
    text = json.dumps({name: value for name, value in schema.items() if name != "$schema"})
    return json.loads(re.sub(r'"\$ref": "(\w+)\.json"', r'"$ref": "#/components/schemas/\1"', text))
