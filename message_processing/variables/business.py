from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider(
    "business",
    fields={
        "business_name": "The name of the business.",
        "business_description": "The description of the business.",
        "address": "The address of the business.",
        "phone_number": "The telephone number of the business.",
        "website": "The website of the business.",
    },
    example="+44 20 7946 0000",
    scope="turn",
)
def provide_business(conn: Any, release: Any, **kwargs: Any) -> dict[str, Any]:
    """The profile of the business. Write a field after a dot: `{business.phone_number}`."""
    return dict(release.business)
