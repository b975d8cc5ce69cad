"""The design of a business, with names instead of IDs.

Files and tables are both read into a `Design`, in which every part has all of its fields, so that they can be compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["business", "variable", "agent", "stage", "template", "test_case", "article"]
Part = dict[str, Any]  # the fields of a stage, for example

# The fields of each kind in the order in which files contain them, with the values that files leave out. The first one
# is the name.
REQUIRED: Any = object()
FIELDS: dict[Kind, dict[str, Any]] = {
    "variable": {"name": REQUIRED, "value": REQUIRED, "description": None},
    "agent": {
        "agent_name": REQUIRED,
        "agent_type": "ai",
        "description": None,
        "instructions": None,
        "languages": [],
        "working_hours": None,
    },
    "stage": {
        "stage_name": REQUIRED,
        "stage_description": "",
        "stage_type": "conversation",
        "is_active": True,
        "agents": [],  # each with the name of the agent as `agent`
        "example_messages": [],
        "extraction_schema": None,
        "data_retrieval": {"method": "none"},
        "actions": [],
        "fixed_reply": None,
        "fixed_reply_translations": {},
        "confidence_threshold": None,
    },
    "template": {"template_name": REQUIRED, "system_prompt": None, "model_settings": {}, "content": ""},
    "test_case": {"name": REQUIRED, "stage": None, "customer": {}, "data": {}, "lookups": {}, "turns": REQUIRED},
    "article": {
        "title": REQUIRED,
        "language": REQUIRED,
        "tags": [],
        "valid_from": None,
        "valid_until": None,
        "content": REQUIRED,
    },
}
PROFILE = ("business_description", "address", "phone_number", "website")
# Settings about the operation of one business, which stay as they are: a push must not end its reviews or its pause.
OWN_SETTINGS = ("publishing", "ai_paused")
# The files of a stage's prompts.
PROMPTS = {"stage_selection": "selection", "data_extraction": "extraction", "response_generation": "response"}
SUMMARY = "conversation_summary"


@dataclass
class Design:
    """`business` has the profile, the settings, and the keys of the stages in their order (`stages`) and of the first
    one (`default_stage`). `parts` are all others by kind and key; the key of a stage is its `name_key`."""

    business: Part
    parts: dict[Kind, dict[str, Part]] = field(default_factory=lambda: {kind: {} for kind in FIELDS})

    @property
    def stages(self) -> dict[str, Part]:
        """The stages by key."""
        return self.parts["stage"]


def template_key(template_type: str, stage_key: str = "") -> str:
    """The key of the template of a stage, or of the one for summaries."""
    return f"{template_type}:{stage_key}"


def template_name(template_type: str, stage_name: str = "") -> str:
    """The name of a template whose file has none, as `POST /stages` gives it."""
    readable = template_type.replace("_", " ")
    return f"{stage_name}: {readable}" if stage_name else readable.capitalize()


def complete(kind: Kind, values: Mapping[str, Any]) -> Part:
    """The values with all fields that files may leave out, without any others."""
    fields = FIELDS[kind].items()
    return {name: values.get(name, None if default is REQUIRED else default) for name, default in fields}


def differs(before: Any, after: Any) -> bool:
    """Whether two values differ in JSON, where true is not 1 but 1.0 is."""
    if isinstance(before, bool) or isinstance(after, bool):
        return before is not after
    if isinstance(before, dict) and isinstance(after, dict):
        return before.keys() != after.keys() or any(differs(before[name], after[name]) for name in before)
    if isinstance(before, list) and isinstance(after, list):
        return len(before) != len(after) or any(map(differs, before, after))
    return bool(before != after)
