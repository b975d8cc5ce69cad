"""Images that customers have sent in channels."""

from uuid import UUID

from flask import Blueprint, Response, g

from auth import require_business_viewer
from core.context import current_context
from core.errors import NotFound
from message_processing.channels.images import media_type_of
from repositories import attachments
from routes.decorators import returns

blueprint = Blueprint("attachments", __name__)


@blueprint.get("/attachments/<attachment_id>")
@require_business_viewer
@returns(200, media_type="image/*", also=(404,))
def read_attachment(attachment_id: UUID) -> Response:
    """Retrieve an image of a customer. Images are fetched from the provider if the setting `images` is on."""
    with current_context().database.transaction() as conn:
        content = attachments.get_content(conn, g.business_id, attachment_id)
    media_type = media_type_of(content)
    if media_type is None:
        raise NotFound("Attachment not found.")
    headers = {"Content-Disposition": "inline", "Cache-Control": "private, max-age=86400"}
    return Response(content, mimetype=media_type, headers=headers)
