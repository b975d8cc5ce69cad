from collections.abc import Callable
from itertools import groupby
from typing import Any

from message_processing.release import Release, Stage
from message_processing.variables import TemplateVariableProvider

MAX_EXAMPLES = 6


@TemplateVariableProvider.register_provider(
    "stage_examples", example="- Order help, for example: Where is my parcel? | Has it left?", scope="turn"
)
def provide_stage_examples(
    conn: Any,
    release: Release,
    message_content: str,
    closest_examples: Callable[[str, tuple[Stage, ...], int], list[tuple[Stage, str]] | None],
    **kwargs: Any,
) -> str | None:
    """The stages whose example messages are closest to the current message, with these examples, the closest first."""
    found = closest_examples(message_content or "", release.active_stages, MAX_EXAMPLES)
    if found is None:
        return None
    lines = [
        f"- {name}, for example: " + " | ".join(" ".join(example.split()) for _, example in group)
        for name, group in groupby(found, lambda each: each[0].stage_name)
    ]
    return "\n".join(lines) or "- none of the stages"
