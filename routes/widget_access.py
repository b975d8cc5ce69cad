"""Who may use the chat widget of a channel: pages of its allowed origins, and visitors with a token."""

from contextlib import suppress
from urllib.parse import urlsplit
from uuid import UUID

from flask import Response, g, request

from channels.widget import KIND, SIGNING_KEY_NAME, allows_origin
from core.context import current_context
from core.encryption import DecryptionFailed
from core.errors import Forbidden, NotFound, Unauthorized
from db import Row
from repositories import channels as channel_rows
from security.visitors import Visitor, VisitorTokens, identified_visitor, new_visitor, read_identity

_PREFLIGHT_SECONDS = "7200"


def allow_other_origins(response: Response) -> Response:
    """Let pages read the response. The views refuse those that are not allowed; without these headers, the widget could
    not tell that from a lost connection. There are no cookies that a page could use."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "Retry-After"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, POST"
        response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        response.headers["Access-Control-Max-Age"] = _PREFLIGHT_SECONDS
    return response


def find_widget(channel_id: UUID) -> Row:
    """The enabled channel of a widget. Raises NotFound."""
    with current_context().database.statement() as conn:
        channel = channel_rows.find_channel(conn, channel_id)
    if channel is None or channel["kind"] != KIND.name or not channel["enabled"]:
        raise NotFound("The chat does not exist or is disabled.", remediation="Check the ID of the channel.")
    g.business_id = channel["business_id"]
    return channel


def enter_widget(channel_id: UUID) -> Row:
    """Like `find_widget`. Raises Forbidden for a page of another origin.

    Browsers send the origin with all requests of other origins, and pages cannot change it. A request without one comes
    from one of our own pages, or from a program, which could send any origin.
    """
    channel = find_widget(channel_id)
    origin = request.headers.get("Origin")
    if origin is None or origin in _own_origins() or allows_origin(channel["settings"], origin):
        return channel
    raise Forbidden(
        "The chat is not allowed on pages of this origin.",
        remediation="Add the origin to `allowed_origins` in the settings of the channel.",
    )


def read_visitor(channel: Row) -> Visitor:
    """The visitor who sends the request, from the bearer token. Raises Unauthorized."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthorized("The visitor's token is missing.", remediation="Start a session.")
    return _tokens(channel["channel_id"]).read(token.strip(), lambda: _secret(channel))


def start_visit(channel: Row, token: str | None, identity: str | None) -> tuple[Visitor, str]:
    """The visitor with this identity, otherwise the anonymous one with this token, otherwise a new one; and the token
    for their further requests. Raises Unauthorized if the identity is not valid."""
    tokens = _tokens(channel["channel_id"])
    if identity:
        secret = _secret(channel)
        visitor = identified_visitor(read_identity(identity, secret))
        return visitor, tokens.create(visitor, secret)
    if token:
        with suppress(Unauthorized):
            visitor = tokens.read(token)
            if not visitor.is_identified:
                return visitor, tokens.renew(token, visitor)
    visitor = new_visitor()
    return visitor, tokens.create(visitor, "")


def counted_visitor() -> str | None:
    """The visitor of the request, for the rate limits. None without a valid token."""
    channel_id = str((request.view_args or {}).get("channel_id", ""))
    token = request.headers.get("Authorization", "").partition(" ")[2].strip()
    try:
        visitor = _tokens(UUID(channel_id)).read(token)
    except (ValueError, Unauthorized):
        return None
    return f"{channel_id} {visitor.sender_id}"


def _tokens(channel_id: UUID) -> VisitorTokens:
    return VisitorTokens(current_context().config.visitor_token_key, channel_id)


def _secret(channel: Row) -> str:
    """The secret with which the business's server signs identities. Raises Unauthorized if it cannot be read."""
    try:
        secret = current_context().channels.secrets(channel).get(SIGNING_KEY_NAME)
    except DecryptionFailed:
        secret = None
    if not secret:
        raise Unauthorized("The channel has no identity secret.", remediation="Set `identity_secret` of the channel.")
    return secret


def _own_origins() -> list[str]:
    """Those of our own pages, such as the demo page."""
    own = [f"{request.scheme}://{request.host}"]
    if public_url := current_context().config.public_url:
        address = urlsplit(public_url)
        own.append(f"{address.scheme}://{address.netloc}")
    return own
