"""Data extraction: which facts does the message contain, as JSON? Only what the customer has written is kept."""

import copy
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from message_processing.engines.prompting import ModelReply, PromptRunner
from message_processing.grounding.fields import Grounding
from message_processing.local_time import business_timezone, current_time
from message_processing.step_outputs import ExtractionOutput
from message_processing.steps.extraction_schema import MAX_FIELDS, MAX_NAME_LENGTH, problems_with
from message_processing.steps.lenient_json import UNREAD, read_json, unwrap
from message_processing.turn import Outcome, Turn

_MAX_PROBLEMS = 10


@dataclass(frozen=True)
class _Reading:
    """What a reply contains: its valid fields (None if it could not be parsed) and the problems with the others."""

    fields: dict[str, Any] | None
    problems: list[str]


def extract_data(turn: Turn, prompts: PromptRunner) -> Outcome:
    """Asks the model for the fields that the message contains. The outcome's output is an `ExtractionOutput`."""
    schema = turn.chosen_stage.extraction_schema
    reply, reading = _ask_for_fields(turn, prompts, schema)
    text = reply.text if reading.fields is None else None
    grounding = Grounding(turn.message, lambda: prompts.customer_messages(turn), _today(turn))
    grounded = grounding.ground(reading.fields or {}, schema)
    known = {**turn.collected_before, **grounded.fields}
    output: ExtractionOutput = {
        "fields": grounded.fields,
        "text": text,
        "problems": reading.problems,
        "missing": [name for name in turn.chosen_stage.required_fields if name not in known],
        "quotes": grounded.quotes,
        "not_said": grounded.not_said,
    }
    return reply.outcome(output, _decision(output), parsed=reading.fields)


def contract_for(schema: dict[str, Any] | None) -> str:
    """Returns the output contract of a stage with this extraction schema."""
    if schema is None:
        return "Reply with one JSON object of the facts found, {} if there are none."
    return (
        "Reply with one JSON object that satisfies this JSON Schema, with null for what the message does not say:\n"
        + json.dumps(schema, ensure_ascii=False)
    )


def _today(turn: Turn) -> date:
    return current_time().astimezone(business_timezone(turn.release)).date()


def _ask_for_fields(turn: Turn, prompts: PromptRunner, schema: dict[str, Any] | None) -> tuple[ModelReply, _Reading]:
    template, contract = turn.chosen_stage.extraction, contract_for(schema)
    if schema is None:
        reply = prompts.run(turn, template, contract=contract)
        return reply, _read_fields(reply.text, None)
    constraint = _with_null_for_unknown(schema)
    reply = prompts.run(turn, template, contract=contract, schema=constraint)
    reading = _read_fields(reply.text, schema)
    if not reading.problems:
        return reply, reading
    correction = (
        "That reply is not valid: " + "; ".join(reading.problems) + ". Reply again with the corrected JSON object only."
    )
    reply = prompts.run(turn, template, contract=contract, schema=constraint, previous=reply, correction=correction)
    corrected = _read_fields(reply.text, schema)
    # Valid fields of the first reply are kept, because the second reply may contain only the corrected ones.
    none_read = reading.fields is None and corrected.fields is None
    both = None if none_read else {**(reading.fields or {}), **(corrected.fields or {})}
    return reply, _Reading(both, corrected.problems)


def _read_fields(text: str, schema: dict[str, Any] | None) -> _Reading:
    """Reads a reply. Null and blank values are left out, so they never replace an earlier value."""
    value = read_json(text)
    if isinstance(value, list) and len(value) <= 1:
        value = value[0] if value else {}
    if schema is not None:
        value = unwrap(value, schema.get("properties", {}))
    if value is None:
        value = {}
    if value is UNREAD or not isinstance(value, dict):
        return _Reading(None, ["the reply is not a JSON object"])
    given = {name: item for name, item in _without_nulls(value).items() if not _is_blank(item) and not _is_blank(name)}
    if schema is None:
        fields = {name: item for name, item in given.items() if len(name) <= MAX_NAME_LENGTH}
        fields = dict(list(fields.items())[:MAX_FIELDS])
        has_all = len(fields) == len(given)
        return _Reading(fields, [] if has_all else ["some fields were left out: too many, or their names are too long"])
    # Fields that the schema does not declare are left out without asking the model again.
    fields = {name: item for name, item in given.items() if name in schema.get("properties", {})}
    problems = problems_with(fields, schema)
    invalid = {name for name, _ in problems}
    valid = {} if None in invalid else {name: item for name, item in fields.items() if name not in invalid}
    return _Reading(valid, [problem for _, problem in problems][:_MAX_PROBLEMS])


def _without_nulls(value: Any) -> Any:
    """Removes null members of objects at any depth, and objects that become empty by that.

    A model may write null as text. "Null" is kept, because it is a name.
    """
    if isinstance(value, dict):
        kept = {name: _without_nulls(item) for name, item in value.items() if item not in (None, "null", "NULL")}
        return {name: item for name, item in kept.items() if item != {} or value[name] == {}}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


def _is_blank(value: Any) -> bool:
    return isinstance(value, str) and not value.strip()


def _with_null_for_unknown(schema: dict[str, Any]) -> dict[str, Any]:
    """Returns the schema that constrains the model: each field is required and may be null.

    A model that must fill in a required field, and cannot answer that it is unknown, makes up a value.
    """
    nullable = copy.deepcopy(schema)
    properties = nullable.get("properties", {})
    nullable["properties"] = {name: {"anyOf": [field, {"type": "null"}]} for name, field in properties.items()}
    nullable["required"] = list(properties)
    nullable["additionalProperties"] = False
    nullable["type"] = "object"
    return nullable


def _decision(output: ExtractionOutput) -> str:
    if output["text"] is not None:
        found = "The reply could not be read as JSON and is kept as text; no fields were extracted"
    elif output["fields"]:
        found = "Found " + ", ".join(sorted(output["fields"]))
    else:
        found = "Found no new fields"
    if output["problems"] and output["text"] is None:
        found += "; invalid values were left out"
    not_said = output.get("not_said", {})
    corrected = ", ".join(sorted(not_said.keys() & output["fields"]))
    found += f"; as the customer wrote it, not as the model answered: {corrected}" if corrected else ""
    left_out = ", ".join(sorted(not_said.keys() - output["fields"]))
    found += f"; left out because the customer did not say it: {left_out}" if left_out else ""
    missing = f" Still missing: {', '.join(output['missing'])}." if output["missing"] else ""
    return f"{found}.{missing}"
