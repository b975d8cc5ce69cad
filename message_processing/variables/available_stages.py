from typing import Any

from message_processing.variables import TemplateVariableProvider

MAX_EXAMPLES = 5


@TemplateVariableProvider.register_provider(
    "available_stages", example="- Greeting: The customer says hello", scope="turn"
)
def provide_available_stages(conn: Any, release: Any, **kwargs: Any) -> str:
    """The active stages, one per line, with name, description and example messages."""
    lines = []
    for stage in release.active_stages:
        lines.append(f"- {stage.stage_name}: {stage.stage_description}".rstrip(": "))
        if stage.example_messages:
            lines.append("  for example: " + " | ".join(stage.example_messages[:MAX_EXAMPLES]))
    return "\n".join(lines)
