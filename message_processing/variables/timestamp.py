from datetime import UTC, datetime
from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("timestamp", example="2026-05-01T14:30:00+00:00", holds="turn")
def provide_timestamp(conn: Any, **kwargs: Any) -> str:
    """The present moment in UTC, in ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")
