from datetime import UTC, datetime
from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("current_date", example="2026-05-01", scope="turn")
def provide_current_date(conn: Any, **kwargs: Any) -> str:
    """Today's date in UTC, in ISO 8601 format."""
    return datetime.now(UTC).strftime("%Y-%m-%d")
