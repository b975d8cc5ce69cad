from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("collected_data", example='{"order_number": "A-10433"}')
def provide_collected_data(conn: Any, collected_data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """All fields found in the conversation so far, as JSON, or one of them after a dot: `{collected_data.city}`."""
    return collected_data
