from collections.abc import Callable
from typing import Any

from message_processing.release import Release, Stage
from message_processing.variables import TemplateVariableProvider

MAX_EXAMPLES = 8


@TemplateVariableProvider.register_provider(
    "stage_examples", example='"Where is my parcel?" belongs to Order help', scope="turn"
)
def provide_stage_examples(
    conn: Any,
    release: Release,
    message_content: str,
    closest_examples: Callable[[str, tuple[Stage, ...], int], list[tuple[Stage, str]]],
    **kwargs: Any,
) -> str | None:
    """The stages' example messages that are closest to the current message, with their stages, the closest first."""
    found = closest_examples(message_content or "", release.active_stages, MAX_EXAMPLES)
    return "\n".join(f'"{" ".join(example.split())}" belongs to {stage.stage_name}' for stage, example in found) or None
