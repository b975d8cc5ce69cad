from typing import Any

from message_processing.local_time import current_time, timezone_of
from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("current_date", example="2026-05-01", scope="turn")
def provide_current_date(conn: Any, business_id: Any, user_id: Any, release: Any, **kwargs: Any) -> str:
    """Today's date in the customer's time zone, otherwise the business's, otherwise UTC, in ISO 8601 format."""
    return current_time().astimezone(timezone_of(conn, business_id, user_id, release)).strftime("%Y-%m-%d")
