from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("missing_fields", example="order_number")
def provide_missing_fields(conn: Any, missing_fields: list[str], **kwargs: Any) -> str:
    """The required fields of the stage that are still missing, separated by commas."""
    return ", ".join(missing_fields)
