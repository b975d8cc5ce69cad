from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("business_name", example="Lantern Books", scope="turn")
def provide_business_name(conn: Any, release: Any, **kwargs: Any) -> str:
    """The name of the business."""
    return str(release.business["business_name"])
