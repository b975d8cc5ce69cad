from typing import Any

from message_processing.business_hours import shown_hours, shown_languages
from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("business_info", example="Name: Lantern Books", scope="turn")
def provide_business_info(conn: Any, release: Any, **kwargs: Any) -> str:
    """Name, description, address, phone number, website, opening hours and languages of the business, one per line."""
    labels = {
        "business_name": "Name",
        "business_description": "Description",
        "address": "Address",
        "phone_number": "Phone",
        "website": "Website",
    }
    lines = [f"{label}: {release.business[name]}" for name, label in labels.items() if release.business[name]]
    more = {"Opening hours": shown_hours(release), "Languages of replies": shown_languages(release)}
    return "\n".join(lines + [f"{label}: {text}" for label, text in more.items() if text])
