from datetime import UTC, datetime
from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("current_time", example="14:30", scope="turn")
def provide_current_time(conn: Any, **kwargs: Any) -> str:
    """The time of day in UTC, in hours and minutes."""
    return datetime.now(UTC).strftime("%H:%M")
