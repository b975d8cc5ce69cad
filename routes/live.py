"""The WebSocket on which a business's clients receive live updates (see message_processing/live)."""

import base64
import binascii
import functools
import json
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, request
from flask_sock import Sock
from simple_websocket import ConnectionClosed
from simple_websocket import Server as WebSocket

from auth import enter_with_token, require_live_viewer
from core.context import current_context
from core.errors import IcmpError, InvalidRequest, RateLimited
from core.server.live_socket import LiveSocket, Reader
from core.view_spec import View
from message_processing.live.client import Client
from message_processing.live.listener import Credential, Ending
from message_processing.live.presence import Person
from message_processing.live.updates import LiveUpdates
from repositories import users
from routes.limits import rate_limit
from security.credentials import WRITE_METHODS, authenticate

blueprint = Blueprint("live", __name__)

# Seconds between two WebSocket messages to a client. Twice as many would cost twice as much processor time for the
# clients of a busy business; half as many, and a message could appear after more than a second.
MESSAGE_INTERVAL = 0.5
TOKEN_SECONDS = 5.0  # in which a client without a credential has to send its token
MAX_FRAME = 4096  # bytes of a frame from a client
MAX_FRAMES = 100  # from a client in FRAMES_SECONDS
FRAMES_SECONDS = 10.0
TYPING_SECONDS = 1.0  # between two `typing` frames that are passed on
MAX_NAME = 60  # characters
CLOSING_SECONDS = 1.0  # in which a client may confirm the end of the connection

_SOCKETS = ("gunicorn.socket", "werkzeug.socket")
_HANDSHAKE = ("HTTP_HOST", "HTTP_CONNECTION", "HTTP_UPGRADE", "HTTP_SEC_WEBSOCKET_KEY", "HTTP_SEC_WEBSOCKET_VERSION")
_PROTOCOL_ERROR, _TRY_AGAIN, _NOT_AUTHENTICATED = 1008, 1013, 4401
_CLOSE_CODES: dict[Ending, int] = {"stopping": 1012, "too slow": _TRY_AGAIN, "credential ended": _NOT_AUTHENTICATED}


class _BeforeAccepting:
    """Where flask-sock registers its view, which accepts any connection: the checks come first."""

    def route(self, path: str, **options: Any) -> Callable[[View], View]:
        return lambda view: blueprint.route(path, **options)(require_live_viewer(_with_socket(view)))


@blueprint.record_once
def _configure(state: Any) -> None:
    state.app.config["SOCK_SERVER_OPTIONS"] = {"max_message_size": MAX_FRAME, "thread_class": Reader}


def _with_socket(view: View) -> View:
    """Refuse a connection that could not be accepted, and prepare the socket for the library."""

    @functools.wraps(view)
    def prepared(**kwargs: Any) -> Any:
        _check_handshake()
        current_context().live.hub.check_capacity(g.business_id)
        environ = request.environ
        name = next(each for each in _SOCKETS if each in environ)
        environ[name] = g.live_socket = LiveSocket(environ[name])
        # In particular no extensions: compression would take 300 KB per connection.
        for header in [each for each in environ if each.startswith("HTTP_") and each not in _HANDSHAKE]:
            del environ[header]
        g.handshake_seconds = time.monotonic() - g.started
        return view(**kwargs)

    return prepared


def _check_handshake() -> None:
    try:
        key = base64.b64decode(request.headers.get("Sec-WebSocket-Key", ""), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 16 or request.headers.get("Sec-WebSocket-Version") != "13":
        raise InvalidRequest("This is not a valid WebSocket handshake.")
    if not any(each in request.environ for each in _SOCKETS):
        raise InvalidRequest("This server does not support WebSockets.")


@rate_limit("default")
def follow(ws: WebSocket) -> None:
    """Follow what happens in a business over a WebSocket"""
    socket: LiveSocket = g.live_socket
    socket.when_closed(ws.event.set)  # the library does not always do that
    try:
        with suppress(OSError, ConnectionClosed):  # the client has gone, or was disconnected
            _follow(ws)
    finally:
        socket.finish(CLOSING_SECONDS)


Sock().route("/live", bp=_BeforeAccepting())(follow)


@blueprint.after_request
def _as_upgraded(response: Response) -> Response:
    """For the request's log line: the status that the client has seen."""
    if "live_socket" in g:
        response.status_code = 101
    return response


@blueprint.after_app_request
def _publish_change(response: Response) -> Response:
    """A request that has changed a conversation is committed now."""
    conversation_id = (request.view_args or {}).get("conversation_id")
    is_for_all = not request.path.endswith("/read")  # a read mark concerns only the caller
    if conversation_id and request.method in WRITE_METHODS and response.status_code < 400 and is_for_all:
        frame = {"type": "conversation.changed", "conversation_id": conversation_id}
        current_context().live.publish(g.business_id, frame)
    return response


def _follow(ws: WebSocket) -> None:
    live = current_context().live
    try:
        if g.business_id is None:
            with live.hub.authenticating():
                enter_with_token(_receive_token(ws))
        connection = Connection(ws, live)
        with live.listening(g.business_id, connection.client):
            connection.serve()
    except RateLimited as error:
        ws.close(_TRY_AGAIN, error.message)
    except IcmpError as error:
        ws.close(_NOT_AUTHENTICATED, error.message)
    except ValueError:
        ws.close(_PROTOCOL_ERROR, "The frame is not valid.")


def _receive_token(ws: WebSocket) -> str:
    """The token in the client's first frame. Raises ValueError if it has none, and Unauthorized if none arrives."""
    frame = _as_frame(ws.receive(timeout=TOKEN_SECONDS) or "{}")
    token = frame.get("token")
    if not isinstance(token, str):
        raise ValueError("no token")
    return token


def _as_frame(text: str | bytes) -> dict[str, Any]:
    try:
        frame = json.loads(text)
    except RecursionError as error:
        raise ValueError("too deep") from error
    if not isinstance(frame, dict):
        raise ValueError("not an object")
    return frame


class Connection:
    """One authenticated client."""

    def __init__(self, ws: WebSocket, live: LiveUpdates) -> None:
        caller, credential = authenticate(), live_credential()
        self._ws = ws
        self._live = live
        self._business_id: UUID = g.business_id
        self._may_write = caller.has_role("agent")
        self._received: list[float] = []
        self._typed_at: dict[UUID, float] = {}
        hello = {
            "type": "hello",
            "business_id": self._business_id,
            "user_id": caller.user_id,
            "role": credential.role,
        }
        self.client = Client(Transport(ws, g.live_socket), hello, credential, _person(caller.user_id))

    def serve(self) -> None:
        """Send and receive frames until the connection ends. Raises ValueError for a frame that is not valid."""
        client, ws = self.client, self._ws
        ws.event.set()
        while client.ending is None:
            ws.event.wait(client.seconds_until_ping())
            ws.event.clear()
            while ws.input_buffer or not ws.connected:
                self._receive(_as_frame(ws.receive(timeout=0)))
            message = client.take()
            if message is not None:
                ws.send(message)
                time.sleep(MESSAGE_INTERVAL)
        ws.close(_CLOSE_CODES[client.ending], client.ending)

    def _receive(self, frame: dict[str, Any]) -> None:
        now = time.monotonic()
        self._received = [*(each for each in self._received if each > now - FRAMES_SECONDS), now]
        if len(self._received) > MAX_FRAMES:
            raise ValueError("too many frames")
        conversation = frame.get("conversation_id")
        conversation_id = UUID(str(conversation)) if conversation is not None else None
        match frame.get("type"):
            case "typing" if conversation_id is not None:
                self._type(conversation_id, now)
            case "presence":
                self._open(conversation_id)

    def _type(self, conversation_id: UUID, now: float) -> None:
        person = self.client.person
        if person is None or not self._may_write or now - self._typed_at.get(conversation_id, 0.0) < TYPING_SECONDS:
            return
        self._typed_at = {conversation_id: now}
        frame = {"conversation_id": conversation_id, "user_id": person.user_id, "name": person.name}
        self._live.publish(self._business_id, {"type": "typing", **frame})

    def _open(self, conversation_id: UUID | None) -> None:
        person = self.client.person
        if person is not None and person.conversation_id != conversation_id:
            self.client.person = Person(person.user_id, person.name, conversation_id)
            self._live.note_people(self._business_id)


class Transport:
    """What a client needs of its connection."""

    def __init__(self, ws: WebSocket, socket: LiveSocket) -> None:
        self._socket = socket
        self.wake_up = ws.event.set

    @property
    def sending_since(self) -> float | None:
        return self._socket.sending_since

    def abort(self) -> None:
        self._socket.abort()


def live_credential() -> Credential:
    """The request's credential, which is checked again while the connection is open."""
    caller = authenticate()
    return Credential(
        g.business_id,
        caller.key_id,
        caller.session_id,
        caller.user_id,
        "operator" if caller.is_operator and caller.user_id else caller.role,
        caller.login.expires_at if caller.login else None,
    )


def _person(user_id: UUID | None) -> Person | None:
    if user_id is None:
        return None
    with current_context().database.statement() as conn:
        row = users.find_sender(conn, g.business_id, user_id) or {}
    name = " ".join(part for each in ("first_name", "last_name") if (part := row.get(each)))
    return Person(user_id, (name or row.get("email") or "")[:MAX_NAME])
