"""The WebSocket of live updates: who may connect, what a client may send, and when a connection ends. The server runs
threads, as `flask run` does."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any
from uuid import uuid4

import pytest
import websocket

from security.credentials import KEY_COOKIE
from security.tokens import LOGIN_COOKIE
from tests.support.checked_client import CheckedClient
from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.live_client import LiveClient
from tests.support.staff import Staff, make_member, make_operator, sign_in

NOT_AUTHENTICATED, PROTOCOL_ERROR, TOO_LARGE = 4401, 1008, 1009
MAX_REVOCATION_SECONDS = 10


@contextmanager
def connect(url: str, headers: dict[str, str] | None = None, query: str = "") -> Iterator[LiveClient]:
    """A client that has received `hello`."""
    with LiveClient(url, headers, query) as client:
        client.wait_for_hello()
        yield client


def refusal(url: str, headers: dict[str, str] | None = None, query: str = "") -> Any:
    """The status with which the handshake is refused."""
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        LiveClient(url, headers, query)
    return refused.value.status_code


def login_cookie(client: CheckedClient, staff: Staff) -> str:
    assert sign_in(client, staff.email).status_code == 200
    cookie = client.get_cookie(LOGIN_COOKIE)
    assert cookie is not None
    return f"{LOGIN_COOKIE}={cookie.value}"


@pytest.fixture
def viewer(shop: Shop, owner: Staff) -> Staff:
    return make_member(shop, owner.headers, "viewer")


@pytest.fixture
def agent(shop: Shop, owner: Staff) -> Staff:
    return make_member(shop, owner.headers, "agent")


def test_turn_sends_its_frames(url: str, shop: Shop, viewer: Staff) -> None:
    with connect(url, viewer.headers) as client:
        assert client.frames[0] == {
            "type": "hello",
            "business_id": shop.business_id,
            "user_id": viewer.user_id,
            "role": "viewer",
        }
        answer = shop.say("hello").get_json()
        ids = {"conversation_id": answer["conversation_id"], "turn_id": answer["turn_id"]}
        client.wait_for(type="conversation.changed")
        assert client.wait_for(type="message.created", sender_type="user")["message_id"] == answer["message_id"]
        reply = client.wait_for(type="message.created", sender_type="assistant", **ids)
        assert reply["message_id"] == answer["response_message_id"]
        stored = {
            row["message_id"]: row["seq"]
            for row in shop.get(f"/conversations/{ids['conversation_id']}/messages").get_json()
        }
        assert stored[reply["message_id"]] == reply["seq"]
        for kind in ("turn.started", "turn.finished", "call.recorded"):
            assert client.wait_for(type=kind, **ids)
        steps = [frame["step"] for frame in client.frames if frame["type"] == "turn.step"]
        assert steps == ["selection", "extraction", "retrieval", "response"]
        assert not {"hello", "message"} & {str(value) for frame in client.frames[1:] for value in frame.values()}


def test_held_message_and_message_of_a_person_send_frames(url: str, shop: Shop, agent: Staff) -> None:
    conversation_id = shop.say("hello").get_json()["conversation_id"]
    with connect(url, shop.headers) as client:
        agent.send("POST", f"/conversations/{conversation_id}/takeover", {})
        client.wait_for(type="conversation.changed", conversation_id=conversation_id)
        held = shop.say("are you there?").get_json()
        client.wait_for(type="message.created", message_id=held["message_id"])
        client.wait_for(type="turn.held", turn_id=held["turn_id"])
        path = f"/conversations/{conversation_id}/messages"
        message = agent.send("POST", path, {"message": "Yes."}).get_json()
        client.wait_for(type="message.created", message_id=message["message_id"], sender_type="agent")
        note = agent.send("POST", path, {"message": "Angry.", "is_note": True}).get_json()
        client.wait_for(type="message.created", message_id=note["message_id"], sender_type="note")
        released = len(client.frames)
        agent.send("POST", f"/conversations/{conversation_id}/release", {"answer": "last"})
        client.wait_for(type="turn.finished", turn_id=held["turn_id"])
        assert "conversation.changed" in [frame["type"] for frame in client.frames[released:]]


def test_frames_do_not_reach_another_business(url: str, shop: Shop, other_shop: Shop) -> None:
    with connect(url, shop.headers) as client, connect(url, other_shop.headers) as other:
        answer = shop.say("hello").get_json()
        client.wait_for(type="turn.finished")
        other_answer = other_shop.say("hello").get_json()
        other.wait_for(type="turn.finished")
        assert {frame.get("conversation_id") for frame in other.frames[1:]} == {other_answer["conversation_id"]}
        assert {frame.get("conversation_id") for frame in client.frames[1:]} == {answer["conversation_id"]}


def test_every_kind_of_credential_may_connect(
    url: str, client: CheckedClient, shop: Shop, viewer: Staff, master: dict[str, str]
) -> None:
    cookies = {"Cookie": login_cookie(client, viewer), "Origin": url}
    config = {"userId": shop.owner_id, "businessId": shop.business_id, "businessApiKey": shop.key}
    client.post("/api/save-config", json=config)
    key_cookie = client.get_cookie(KEY_COOKIE)
    assert key_cookie is not None
    operator = make_operator(client, master, f"{uuid4()}@example.com")
    query = f"?business_id={shop.business_id}"
    for headers, parameters in (
        (viewer.headers, ""),
        (shop.headers, query),
        (cookies, ""),
        ({"Cookie": f"{KEY_COOKIE}={key_cookie.value}", "Origin": url}, ""),
        ({**cookies, "Origin": "http://127.0.0.1:3000"}, ""),  # from CORS_ORIGINS
        (master, query),
        (operator.headers, query),
    ):
        with connect(url, headers, parameters) as live:
            assert live.frames[0]["business_id"] == shop.business_id


def test_handshake_is_refused_without_permission(
    url: str, client: CheckedClient, shop: Shop, other_shop: Shop, viewer: Staff, master: dict[str, str]
) -> None:
    cookie = {"Cookie": login_cookie(client, viewer)}
    for origin in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {}):
        assert refusal(url, {**cookie, **origin}) == 403
    assert refusal(url, {"Cookie": f"{LOGIN_COOKIE}=nonsense", "Origin": url}) == 401
    assert refusal(url, {"Authorization": f"Bearer {shop.key}x"}) == 401
    assert refusal(url, viewer.headers, f"?business_id={other_shop.business_id}") == 403
    assert refusal(url, master) == 400  # without a business
    assert refusal(url, master, f"?business_id={uuid4()}") == 404


def test_request_that_is_no_handshake_is_refused(client: CheckedClient, shop: Shop) -> None:
    assert client.get("/api/v1/live", headers=shop.headers).status_code == 400
    upgrade = {**shop.headers, "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    for key in ("", "c2hvcnQ=", "###"):
        response = client.get("/api/v1/live", headers={**upgrade, "Sec-WebSocket-Key": key})
        assert response.status_code == 400, key


def test_token_in_the_first_frame_authenticates(url: str, shop: Shop, viewer: Staff, master: dict[str, str]) -> None:
    for token, query in (
        (shop.key, ""),
        (viewer.token, ""),
        (master["Authorization"].split()[1], f"?business_id={shop.business_id}"),
    ):
        with LiveClient(url, {"Origin": "https://shop.example"}, query) as live:
            live.send({"token": token})
            assert live.wait_for_hello()["business_id"] == shop.business_id


def test_messages_key_receives_no_live_updates(
    url: str, shop: Shop, client: CheckedClient, master: dict[str, str]
) -> None:
    path = f"/api/v1/businesses/{shop.business_id}/api-keys"
    created = client.post(path, json={"name": "Widget", "scope": "messages"}, headers=master).get_json()
    assert refusal(url, {"Authorization": f"Bearer {created['api_key']}"}) == 403
    with LiveClient(url) as live:
        live.send({"token": created["api_key"]})
        assert live.wait_for_end(3) == NOT_AUTHENTICATED
        assert live.frames == []


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ('{"token": "wrong"}', NOT_AUTHENTICATED),
        ('{"token": "schlüssel"}', NOT_AUTHENTICATED),
        ('{"token": 1}', PROTOCOL_ERROR),
        ('{"type": "typing"}', PROTOCOL_ERROR),
        ("[]", PROTOCOL_ERROR),
        ("no JSON", PROTOCOL_ERROR),
        ("[" * 4000, PROTOCOL_ERROR),
        ("", PROTOCOL_ERROR),
    ],
)
def test_invalid_first_frame_ends_the_connection(url: str, frame: str, code: int) -> None:
    with LiveClient(url) as live:
        live.ws.send(frame)
        assert live.wait_for_end(3) == code
        assert live.frames == []


def test_client_without_a_token_is_disconnected(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("routes.live.TOKEN_SECONDS", 0.1)
    with LiveClient(url) as live:
        assert live.wait_for_end(3) == PROTOCOL_ERROR


def test_large_frame_ends_the_connection(url: str, shop: Shop) -> None:
    with connect(url, shop.headers) as live:
        live.ws.settimeout(2)
        with suppress(OSError, websocket.WebSocketException):  # the server does not receive all of it
            live.ws.send("x" * 10 * 1024 * 1024)
        with suppress(OSError):  # the client may have been reset meanwhile
            frame = live.ws.sock.recv(1024)
            assert int.from_bytes(frame[2:4]) == TOO_LARGE
            assert live.ws.sock.recv(1) == b""
    with connect(url, shop.headers) as live:
        live.ws.send("x" * 5000)
        assert live.wait_for_end(5) == TOO_LARGE
    with connect(url, shop.headers):
        pass


def test_too_many_frames_end_the_connection(url: str, shop: Shop) -> None:
    with connect(url, shop.headers) as live:
        for _ in range(150):
            live.send({"type": "unknown"})
        assert live.wait_for_end(5) == PROTOCOL_ERROR


def test_colleagues_see_who_types_and_where_others_are(url: str, agent: Staff, viewer: Staff, owner: Staff) -> None:
    conversation = str(uuid4())
    with (
        connect(url, owner.headers) as colleague,
        connect(url, agent.headers) as typing,
        connect(url, viewer.headers) as reading,
    ):
        names = {"user_id": agent.user_id, "name": "Agent Member"}
        colleague.wait_for(type="presence", is_connected=True, conversation_id=None, **names)
        typing.send({"type": "presence", "conversation_id": conversation})
        colleague.wait_for(type="presence", conversation_id=conversation, **names)
        reading.send({"type": "typing", "conversation_id": conversation})
        typing.send({"type": "typing", "conversation_id": conversation})
        colleague.wait_for(type="typing", conversation_id=conversation, **names)
        reading.wait_for(type="typing", conversation_id=conversation, **names)
        assert {frame["user_id"] for frame in colleague.frames if frame["type"] == "typing"} == {agent.user_id}
        typing.send({"type": "presence", "conversation_id": None})
        typing.send({"type": "typing", "conversation_id": "nonsense"})
        assert typing.wait_for_end(3) == PROTOCOL_ERROR
        colleague.wait_for(type="presence", is_connected=False, **names)
        assert [frame for frame in typing.frames if frame.get("user_id") == agent.user_id][1:] == []


def test_connections_end_with_their_credential(
    url: str, client: CheckedClient, shop: Shop, owner: Staff, agent: Staff, viewer: Staff, sql: Connection
) -> None:
    """The session is revoked, the membership ends, the role changes, a key is deleted, another expires."""
    path = f"/businesses/{shop.business_id}/api-keys"
    keys = [owner.send("POST", path, {"grace_seconds": 3600}).get_json() for _ in range(2)]
    changed = make_member(shop, owner.headers, "agent", f"{uuid4()}@example.com")
    credentials = [
        agent.headers,
        viewer.headers,
        changed.headers,
        *({"Authorization": f"Bearer {key['api_key']}"} for key in keys),
    ]
    with ExitStack() as stack:
        staying = stack.enter_context(connect(url, owner.headers))
        clients = [stack.enter_context(connect(url, headers)) for headers in credentials]
        agent.send("POST", "/auth/logout", {})
        assert owner.send("DELETE", f"/businesses/{shop.business_id}/members/{viewer.user_id}").status_code == 204
        owner.send("PUT", f"/businesses/{shop.business_id}/members/{changed.user_id}", {"role": "viewer"})
        assert owner.send("DELETE", f"{path}/{keys[0]['key_id']}").status_code == 204
        sql.execute("UPDATE api_keys SET expires_at = now() WHERE key_id = %s", [keys[1]["key_id"]])
        assert [live.wait_for_end(MAX_REVOCATION_SECONDS) for live in clients] == [NOT_AUTHENTICATED] * len(clients)
        shop.say("hello")
        staying.wait_for(type="turn.finished")
    for live in clients:
        assert "turn.finished" not in live.types()


def test_deleted_customer_is_announced_once(url: str, shop: Shop, agent: Staff) -> None:
    shop.say("hello")
    with connect(url, agent.headers) as client:
        client.frames.clear()
        shop.delete(f"/users/{shop.user_id}")
        client.wait_for(type="customer.deleted", user_id=shop.user_id)
        assert client.types() == ["customer.deleted"]


def test_changed_members_are_announced(url: str, shop: Shop, owner: Staff, agent: Staff, viewer: Staff) -> None:
    path = f"/businesses/{shop.business_id}/members/{agent.user_id}"
    with connect(url, viewer.headers) as client:
        make_member(shop, owner.headers, "agent", f"{uuid4()}@example.com")
        client.wait_for(type="members.changed")
        for method, body in (("PUT", {"role": "viewer"}), ("DELETE", None)):
            client.frames.clear()
            owner.send(method, path, body)
            client.wait_for(type="members.changed")
