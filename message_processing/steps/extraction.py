"""Data extraction: which facts does the message contain, as JSON? (SPEC 7.5)"""

import copy
import json
from typing import Any

from message_processing.engines.prompting import Ask, Reply
from message_processing.steps.extraction_schema import LONGEST_NAME, MOST_FIELDS, problems_with
from message_processing.steps.lenient_json import UNREAD, read_json
from message_processing.turn import Outcome, Turn

_MOST_ERRORS_TOLD = 10


def extract_data(turn: Turn, ask: Ask) -> Outcome:
    """The fields that the message holds. `output["fields"]` are the good ones, `output["text"]` a reply that could not
    be read, `output["missing"]` the required fields that are known neither from here nor from earlier turns."""
    schema = turn.chosen_stage.extraction_schema
    reply, fields, problems = _ask_for_fields(turn, ask, schema)
    text = reply.text if fields is None else None
    known = {**turn.collected_before, **(fields or {})}
    missing = [name for name in turn.chosen_stage.required_fields if name not in known]
    output = {"fields": fields or {}, "text": text, "problems": problems, "missing": missing}
    return reply.outcome(output, _decision(output), parsed=fields)


def _ask_for_fields(
    turn: Turn, ask: Ask, schema: dict[str, Any] | None
) -> tuple[Reply, dict[str, Any] | None, list[str]]:
    """The reply, the good fields in it (None: it could not be read) and what was wrong with it."""
    template = turn.chosen_stage.extraction
    if schema is None:
        reply = ask(turn, template, contract="Reply with one JSON object of the facts found, {} if there are none.")
        return reply, *_read_fields(reply.text, None)
    contract = (
        "Reply with one JSON object that satisfies this JSON Schema, with null for what the message does not say:\n"
        + json.dumps(schema, ensure_ascii=False)
    )
    asked_for = _with_null_for_unknown(schema)
    reply = ask(turn, template, contract=contract, schema=asked_for)
    fields, problems = _read_fields(reply.text, schema)
    if not problems:
        return reply, fields, problems
    correction = (
        "That reply is not valid: " + "; ".join(problems) + ". Reply again with the corrected JSON object only."
    )
    reply = ask(turn, template, contract=contract, schema=asked_for, after=reply, correction=correction)
    corrected, problems = _read_fields(reply.text, schema)
    # What was good in the first reply stays good, also where the second one repeats only what was wrong.
    both = None if fields is None and corrected is None else {**(fields or {}), **(corrected or {})}
    return reply, both, problems


def _read_fields(text: str, schema: dict[str, Any] | None) -> tuple[dict[str, Any] | None, list[str]]:
    """The good fields of a reply and the problems with the others; None where it holds no JSON object.

    What a message does not say (null, or no text at all) is no field: it never corrects what was said before.
    """
    value = read_json(text)
    if isinstance(value, list) and len(value) <= 1:
        value = value[0] if value else {}
    if value is None:
        value = {}
    if value is UNREAD or not isinstance(value, dict):
        return None, ["the reply is not a JSON object"]
    said = {name: item for name, item in _without_nulls(value).items() if not _is_blank(item) and not _is_blank(name)}
    if schema is None:
        fields = {name: item for name, item in said.items() if len(name) <= LONGEST_NAME}
        fields = dict(list(fields.items())[:MOST_FIELDS])
        return fields, ["more fields, or longer names, than can be kept"] if len(fields) < len(said) else []
    # What was not asked for is left out; a model's addition is no reason to ask again.
    fields = {name: item for name, item in said.items() if name in schema.get("properties", {})}
    problems = problems_with(fields, schema)
    bad = {name for name, _ in problems}
    good = {} if None in bad else {name: item for name, item in fields.items() if name not in bad}
    return good, [problem for _, problem in problems][:_MOST_ERRORS_TOLD]


def _without_nulls(value: Any) -> Any:
    """The value without the members of objects that are null, at any depth, or objects of such members alone."""
    if isinstance(value, dict):
        kept = {name: _without_nulls(item) for name, item in value.items() if item is not None}
        return {name: item for name, item in kept.items() if item != {} or value[name] == {}}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


def _is_blank(value: Any) -> bool:
    return isinstance(value, str) and not value.strip()


def _with_null_for_unknown(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema as the model is constrained to it: every field stands in the reply, and may be null. A model that
    is made to fill a required field in, and cannot say that it is unknown, invents it."""
    asked_for = copy.deepcopy(schema)
    properties = asked_for.get("properties", {})
    asked_for["properties"] = {name: {"anyOf": [field, {"type": "null"}]} for name, field in properties.items()}
    asked_for["required"] = list(properties)
    asked_for["additionalProperties"] = False
    asked_for["type"] = "object"
    return asked_for


def _decision(output: dict[str, Any]) -> str:
    if output["text"] is not None:
        found = "The reply could not be read as JSON and is kept as text; nothing was taken from it"
    elif output["fields"]:
        found = "Found " + ", ".join(sorted(output["fields"]))
    else:
        found = "The message holds no new field"
    if output["problems"] and output["text"] is None:
        found += "; left out what was not valid"
    missing = f" Still missing: {', '.join(output['missing'])}." if output["missing"] else ""
    return f"{found}.{missing}"
