from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("extracted_data", aliases=("extracted",), example='{"city": "Leeds"}')
def provide_extracted_data(conn: Any, extracted_data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """The fields found in the current message, as JSON, or one of them after a dot: `{extracted.city}`."""
    return extracted_data
