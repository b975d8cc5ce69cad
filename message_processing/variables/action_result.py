from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("action_result", example='[{"action": "update_order", "status": "done"}]')
def provide_action_result(conn: Any, action_result: Any, **kwargs: Any) -> Any:
    """The results of the stage's actions, as JSON. Only what is `done` may be claimed."""
    return action_result
