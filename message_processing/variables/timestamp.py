from typing import Any

from message_processing.local_time import current_time, timezone_of
from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("timestamp", example="2026-05-01T14:30:00+00:00", scope="turn")
def provide_timestamp(conn: Any, business_id: Any, user_id: Any, release: Any, **kwargs: Any) -> str:
    """The current date and time in the customer's time zone, in ISO 8601 format."""
    return current_time().astimezone(timezone_of(conn, business_id, user_id, release)).isoformat(timespec="seconds")
