"""Template variables: the built-in ones, and those defined by the business."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_business_api_key, require_business_viewer
from core.context import current_context
from core.errors import InvalidRequest
from message_processing import variables
from message_processing.templates.braces import is_name, normalise
from repositories import business_variables
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit, changed_fields, editing

blueprint = Blueprint("variables", __name__)


@blueprint.get("/variables")
@require_business_viewer
@accepts_query("business_query")
@returns(200, "variables")
def list_variables(query: dict[str, Any]) -> Response:
    """List all template variables with aliases, description and example."""
    with current_context().database.transaction() as conn:
        own = business_variables.list_variables(conn, g.business_id)
    built_in = [
        {
            "name": provider.name,
            "aliases": list(provider.aliases),
            "fields": list(provider.fields),
            "field_descriptions": provider.fields,
            "description": provider.description,
            "example": provider.example,
            "source": "built_in",
            "variable_id": None,
            "value": None,
        }
        for provider in variables.all_providers()
    ]
    return jsonify(
        built_in
        + [
            {
                "name": row["name"],
                "aliases": [],
                "fields": [],
                "field_descriptions": {},
                "description": row["description"] or "",
                "example": row["value"][:100],
                "source": "business",
                "variable_id": row["variable_id"],
                "value": row["value"],
            }
            for row in own
        ]
    )


@blueprint.post("/variables")
@require_business_api_key
@accepts("variables_create")
@returns(201, "variable_created", also=(409,))
def create_variable(body: dict[str, Any]) -> tuple[Response, int]:
    """Create a variable."""
    values = {**body, "name": checked_name(body["name"])}
    with editing(g.business_id) as conn:
        variable_id = business_variables.insert_variable(conn, g.business_id, values)
        audit(conn, g.business_id, "create", "variable", variable_id, body)
    return jsonify({"variable_id": variable_id}), 201


@blueprint.put("/variables/<variable_id>")
@require_business_api_key
@accepts("variables_update")
@returns(200, "business_variable", also=(409,))
def update_variable(variable_id: UUID, body: dict[str, Any]) -> Response:
    """Update the given fields of a variable."""
    with editing(g.business_id) as conn:
        row = business_variables.get_variable(conn, g.business_id, variable_id)
        values = {**row, **body}
        values["name"] = checked_name(values["name"])
        changed = business_variables.update_variable(conn, g.business_id, variable_id, values)
        audit(conn, g.business_id, "update", "variable", variable_id, changed_fields(row, changed))
    return jsonify(changed)


@blueprint.delete("/variables/<variable_id>")
@require_business_api_key
@returns(204)
def delete_variable(variable_id: UUID) -> tuple[str, int]:
    """Delete a variable. Templates render it as missing."""
    with editing(g.business_id) as conn:
        business_variables.get_variable(conn, g.business_id, variable_id)
        business_variables.delete_variable(conn, g.business_id, variable_id)
        audit(conn, g.business_id, "delete", "variable", variable_id)
    return "", 204


def checked_name(name: str) -> str:
    """The normalised name. Raises InvalidRequest if it is not a valid name, or the name of a built-in variable."""
    name = normalise(name)
    if not is_name(name) or "." in name:
        raise InvalidRequest.at(
            "$.name", "Must start with a letter and contain only letters, digits, underscores and spaces."
        )
    if variables.find_provider(name):
        raise InvalidRequest.at("$.name", "This is the name of a built-in variable.")
    return name
