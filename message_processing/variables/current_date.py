from datetime import UTC, datetime
from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("current_date", example="2026-05-01", holds="turn")
def provide_current_date(conn: Any, **kwargs: Any) -> str:
    """Today's date in UTC, in ISO 8601."""
    return datetime.now(UTC).strftime("%Y-%m-%d")
