from typing import Any

from message_processing.local_time import current_time, timezone_of
from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("current_time", example="14:30", scope="turn")
def provide_current_time(conn: Any, business_id: Any, user_id: Any, release: Any, **kwargs: Any) -> str:
    """The time of day in the customer's time zone, in hours and minutes."""
    return current_time().astimezone(timezone_of(conn, business_id, user_id, release)).strftime("%H:%M")
