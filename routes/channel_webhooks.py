"""The requests of providers, such as WhatsApp, to the URLs of channels."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, Response, jsonify, request
from urllib3 import HTTPHeaderDict
from werkzeug.exceptions import RequestEntityTooLarge

from auth import public
from channels.base import Request
from channels.base import Response as ChannelResponse
from core.context import current_context
from core.errors import PayloadTooLarge
from routes.decorators import reads_body, returns
from routes.limits import rate_limit

blueprint = Blueprint("channel_webhooks", __name__)

MAX_BODY_KB = 2048  # inbound e-mail has attachments


@blueprint.get("/channels/<channel_id>/webhook")
@public
@rate_limit("channels")
@returns(200, media_type="text/plain", also=(401,))
def confirm_channel(channel_id: UUID) -> Response:
    """Answer a provider that checks whether the URL of a channel belongs to it, in the provider's own format."""
    response = _receive(channel_id)
    return Response(response.body if response else "ok", mimetype=response.media_type if response else "text/plain")


@blueprint.post("/channels/<channel_id>/webhook")
@public
@rate_limit("channels")
@reads_body("channel_body", max_kb=MAX_BODY_KB)
@returns(200, "channel_result", also=(401, 404, 429))
def receive_from_channel(channel_id: UUID) -> Response:
    """Store the messages and receipts of a provider, which signs them in its own way.

    A message that is sent again is not stored again. The reply is sent later."""
    response = _receive(channel_id)
    return Response(response.body, mimetype=response.media_type) if response else jsonify({"status": "ok"})


def _receive(channel_id: UUID) -> ChannelResponse | None:
    try:
        body = request.get_data() if request.method == "POST" else b""  # no provider sends one with GET
    except RequestEntityTooLarge as error:
        raise PayloadTooLarge("The request body is too large.") from error
    if request.content_length is None and len(body) >= MAX_BODY_KB * 1024:
        # Werkzeug cuts off a chunked body at the limit. A part of a mail would be taken for the whole.
        raise PayloadTooLarge("The request body is too large.")
    headers = HTTPHeaderDict(request.headers.to_wsgi_list())
    received = Request(request.method, request.args, headers, body, datetime.now(UTC))
    return current_context().receiver.receive(channel_id, received, request.host_url.rstrip("/"))
