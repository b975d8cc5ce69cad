from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider(
    "stage_descriptions", example="- Greeting: The customer says hello", scope="turn"
)
def provide_stage_descriptions(conn: Any, release: Any, **kwargs: Any) -> str:
    """The active stages, one per line, with name and description."""
    return "\n".join(f"- {stage.stage_name}: {stage.stage_description}".rstrip(": ") for stage in release.active_stages)
