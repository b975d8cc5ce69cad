from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("business_info", example="Name: Lantern Books", scope="turn")
def provide_business_info(conn: Any, release: Any, **kwargs: Any) -> str:
    """Name, description, address, phone number and website of the business, one per line."""
    labels = {
        "business_name": "Name",
        "business_description": "Description",
        "address": "Address",
        "phone_number": "Phone",
        "website": "Website",
    }
    lines = [f"{label}: {release.business[name]}" for name, label in labels.items() if release.business[name]]
    return "\n".join(lines)
