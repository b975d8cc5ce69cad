"""Renders a template as a turn would: with the data of a turn, with the state of a conversation, or without either."""

import inspect
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID, uuid4

from core.errors import NotFound
from db import Connection
from message_processing import variables
from message_processing.release import Release
from message_processing.steps import extraction, selection
from message_processing.templates.braces import normalise, placeholders
from message_processing.templates.history_budget import DEFAULT_TOKENS
from message_processing.templates.names import names_in
from message_processing.templates.template_service import (
    Prompt,
    VariableCache,
    build_context,
    provider_arguments,
    render_prompt,
)
from message_processing.turn import Turn
from message_processing.worker.rows import turn_of
from repositories import conversations, messages, turn_steps, turns
from repositories.turns import ClaimedTurn

# The steps that a turn has finished before it renders a template of this type.
_STEPS_BEFORE: dict[str, tuple[str, ...]] = {
    "stage_selection": (),
    "data_extraction": ("selection",),
    "response_generation": ("selection", "extraction", "retrieval", "actions"),
}
# The arguments of variable providers that only exist after a step.
_RESULTS = {
    "extraction": ("extracted_data", "missing_fields"),
    "retrieval": ("retrieved_data",),
    "actions": ("action_result",),
}
_WITHOUT_CONVERSATION = frozenset(
    ("user_id", "conversation_id", "conversation", "message_content", "history", "extracted_data", "collected_data",
     "missing_fields", "retrieved_data", "action_result")
)  # fmt: skip


@dataclass(frozen=True)
class PreviewData:
    """What variable providers get in a preview.

    `absent` are the names of the arguments that a turn has and this preview does not. `turn` is the turn whose data it
    is, as it was before the template's step.
    """

    arguments: dict[str, Any]
    absent: frozenset[str]
    turn: Turn | None = None


def data_of_turn(
    conn: Connection, business_id: UUID, release: Release, turn_id: UUID, template_type: str
) -> PreviewData:
    """The data that a turn has when it renders a template of the type, with the release instead of the turn's own.

    Raises NotFound, also if the business has no active stage.
    """
    if release.default_stage is None:
        raise NotFound("The business has no active stage.", remediation="Create or activate a stage first.")
    row = turns.get_turn(conn, business_id, turn_id)
    conversation = conversations.get_conversation(conn, business_id, row["conversation_id"])
    claimed = {
        **conversation,
        **row,
        "message_id": uuid4(),
        "message_content": row["message"],
        "collected": conversations.collected_fields(conn, business_id, row["conversation_id"], row["seq"]),
        "summary_tried_at": None,
        "last_trouble": None,
    }
    absent: set[str] = set()
    if conversation["summarised_through"] > row["seq"]:  # the summary of that time has been replaced
        claimed["conversation_summary"] = None
        absent.add("conversation")
    turn = turn_of(cast(ClaimedTurn, claimed), release, deadline=0.0)
    finished = turn_steps.completed_steps(conn, business_id, turn_id)
    outputs = {name: finished[name] for name in _STEPS_BEFORE.get(template_type, ()) if name in finished}
    if outputs.get("selection", {}).get("agent", {}).get("agent_id") not in release.agents:
        outputs.get("selection", {}).pop("agent", None)
    if row["status"] != "completed":
        expected = _STEPS_BEFORE.get(template_type, ())
        absent.update(*(_RESULTS.get(name, ()) for name in expected if name not in finished))
    turn = turn.with_checkpoints(outputs)
    return PreviewData(provider_arguments(turn), frozenset(absent), turn)


def data_of_conversation(
    conn: Connection, business_id: UUID, release: Release, conversation_id: UUID | None
) -> PreviewData:
    """The data that the next turn of the conversation, or of a new one, starts with."""
    conversation: dict[str, Any] = {}
    collected: dict[str, Any] = {}
    message, seq = "", 0
    if conversation_id is not None:
        conversation = conversations.get_conversation(conn, business_id, conversation_id)
        seq = conversation["last_seq"] + 1
        collected = conversations.collected_fields(conn, business_id, conversation_id, seq)
        latest = messages.find_latest(conn, business_id, conversation_id, "user")
        if latest:
            message, seq = latest["message_content"], latest["seq"]
    stage = release.active_stage(conversation.get("stage_id")) or release.default_stage
    arguments = {
        "business_id": business_id,
        "user_id": conversation.get("user_id"),
        "conversation_id": conversation_id,
        "turn_id": None,
        "message_content": message,
        "stage": stage,
        "current_stage": stage,
        "release": release,
        "agent": None,
        "conversation": conversation,
        "seq": seq,
        "extracted_data": collected,
        "collected_data": collected,
        "missing_fields": [name for name in stage.required_fields if name not in collected] if stage else [],
        "retrieved_data": None,
        "passages": None,
        "action_result": None,
    }
    absent = _WITHOUT_CONVERSATION if conversation_id is None else frozenset(("retrieved_data", "action_result"))
    return PreviewData(arguments, absent)


def render_preview(
    content: str,
    system_prompt: str,
    template_type: str,
    data: PreviewData,
    cache: VariableCache,
    given: dict[str, Any],
    history_tokens: int = DEFAULT_TOKENS,
) -> tuple[Prompt, list[str]]:
    """Returns the prompt with the output contract of the template's step, and the names of the variables whose values
    are not available. They are rendered as a note, because a blank would look like an empty value.

    `given` values take precedence over all others.
    """
    known = {**data.arguments, "history_tokens": history_tokens}
    names = [name for name in names_in(content, system_prompt) if name not in given]
    context = build_context(names, known, cache)
    notes: dict[str, str] = {}
    for placeholder in (each for text in (content, system_prompt) for each in placeholders(text)):
        name, root = placeholder.name, placeholder.name.partition(".")[0]
        value = context.get(name, context.get(root))
        if name not in given and root not in given and value in (None, "", [], {}) and _needs(name, root, data.absent):
            notes[name] = f"[{placeholder.written}: not available in this preview]"
    prompt = render_prompt(
        content,
        system_prompt,
        known,
        data.arguments["release"].variables,
        cache,
        _contract(template_type, data),
        {**notes, **given},
    )
    return prompt, list(notes)


def given_values(body: dict[str, Any]) -> dict[str, Any]:
    """The values of a request by their normalised names."""
    return {normalise(name): value for name, value in body.get("values", {}).items()}


def _needs(name: str, root: str, absent: frozenset[str]) -> bool:
    """Whether the value comes from a provider that names one of the absent arguments."""
    found = variables.find_provider(name) or variables.find_provider(root)
    return found is not None and not absent.isdisjoint(inspect.signature(found[0].function).parameters)


def _contract(template_type: str, data: PreviewData) -> str:
    stage = data.turn.chosen_stage if data.turn else data.arguments["stage"]
    if template_type == "stage_selection":
        return selection.CONTRACT
    return extraction.contract_for(stage.extraction_schema) if template_type == "data_extraction" and stage else ""
