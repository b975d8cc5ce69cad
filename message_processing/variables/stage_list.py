from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("stage_list", example="Greeting, Order help, Returns", scope="turn")
def provide_stage_list(conn: Any, release: Any, **kwargs: Any) -> str:
    """The names of the active stages, separated by commas."""
    return ", ".join(stage.stage_name for stage in release.active_stages)
