from datetime import UTC, datetime
from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("timestamp", example="2026-05-01T14:30:00+00:00", scope="turn")
def provide_timestamp(conn: Any, **kwargs: Any) -> str:
    """The current date and time in UTC, in ISO 8601 format."""
    return datetime.now(UTC).isoformat(timespec="seconds")
