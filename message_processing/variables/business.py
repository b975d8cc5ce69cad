from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider(
    "business",
    fields=("business_name", "business_description", "address", "phone_number", "website"),
    example="+44 20 7946 0000",
    scope="turn",
)
def provide_business(conn: Any, release: Any, **kwargs: Any) -> dict[str, Any]:
    """The profile of the business. Write a field after a dot: `{business.phone_number}`."""
    return dict(release.business)
