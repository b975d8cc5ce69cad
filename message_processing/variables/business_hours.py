from typing import Any

from message_processing.business_hours import shown_hours
from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider(
    "business_hours",
    example="Monday to Friday 09:00-17:00, Saturday to Sunday closed (Europe/London)",
    scope="turn",
)
def provide_business_hours(conn: Any, release: Any, **kwargs: Any) -> str | None:
    """The opening hours in the settings of the business, with its time zone."""
    return shown_hours(release)
