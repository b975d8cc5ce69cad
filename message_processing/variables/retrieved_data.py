from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("retrieved_data", example='{"status": "shipped"}')
def provide_retrieved_data(conn: Any, retrieved_data: Any, **kwargs: Any) -> Any:
    """The result of the stage's data retrieval, as JSON."""
    return retrieved_data
