"""The optional parameters of a completion request."""

from typing import Any

from llm.types import ModelSettings

# The parameters that a server may reject, with other words that its error message may use for them.
OPTIONAL_PARAMETERS: dict[str, tuple[str, ...]] = {
    "temperature": (),
    "max_tokens": (),
    "max_completion_tokens": (),
    "response_format": (
        *("response format", "json_schema", "schema", "grammar", "response_schema", "response_json_schema"),
        *("output_format", "guided_json", "structured outputs?"),
    ),
    "stream_options": ("include_usage",),
}
TOKEN_LIMITS = ("max_completion_tokens", "max_tokens")
# The keywords of JSON Schema that OpenAI's strict mode supports.
_STRICT_KEYWORDS = {
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "anyOf",
    "enum",
    "const",
    "title",
    "description",
}


def optional_parameters(
    settings: ModelSettings,
    response_format: dict[str, Any] | None,
    streamed: bool,
    rejected: set[str],
    is_openai: bool,
) -> dict[str, Any]:
    """Returns the parameters that are set and not rejected, with only one of the two names of the token limit."""
    # OpenAI's newer models reject max_tokens; most other servers support only max_tokens.
    limits = TOKEN_LIMITS if is_openai else TOKEN_LIMITS[::-1]
    parameters = {
        "temperature": settings.temperature,
        **dict.fromkeys(limits, settings.max_tokens),
        "response_format": response_format,
        "stream_options": {"include_usage": True} if streamed else None,
    }
    allowed = {name: value for name, value in parameters.items() if value is not None and name not in rejected}
    if limits[0] in allowed:
        allowed.pop(limits[1], None)
    return allowed


def json_schema_format(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Returns the `response_format` that constrains an answer to a JSON Schema."""
    strict = schema.get("type") == "object" and _is_strict(schema)
    return {"type": "json_schema", "json_schema": {"name": name, "schema": schema, "strict": strict}}


def _is_strict(schema: dict[str, Any]) -> bool:
    """Returns whether OpenAI's strict mode accepts the schema: only supported keywords, and objects that are closed
    and require all of their properties."""
    properties = schema.get("properties", {})
    if not schema.keys() <= _STRICT_KEYWORDS:
        return False
    if "object" in schema.get("type", "") and (
        schema.get("additionalProperties") is not False or set(schema.get("required", ())) != properties.keys()
    ):
        return False
    nested = [*properties.values(), *schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())]
    return all(isinstance(part, dict) and _is_strict(part) for part in nested)
