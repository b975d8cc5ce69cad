"""The requests of the chat widget."""

import hashlib
import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import jwt
import pytest

from routes import limits
from tests.conftest import make_config, running_app
from tests.support.database import Connection
from tests.support.factories import Shop, make_shop
from tests.support.fake_model import FakeModel
from tests.support.staff import make_member, make_owner
from tests.support.widget import ORIGIN, Widget, make_widget

GREETING = ('{"stage": "Greeting", "confidence": 0.9}', "{}")


@pytest.fixture
def widget(shop: Shop) -> Widget:
    return make_widget(shop)


def signed_jwt(secret: str, **claims: Any) -> str:
    return jwt.encode({"sub": "c-1", "exp": int(time.time()) + 60, **claims}, secret, algorithm="HS256")


def signed_hmac(secret: str, **claims: Any) -> str:
    text = json.dumps({"sub": "c-1", "exp": int(time.time()) + 60, **claims})
    payload = urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return f"{payload}.{hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()}"


def test_visitor_gets_a_reply_while_it_is_written_and_finds_it_again(widget: Widget, fake_model: FakeModel) -> None:
    session = widget.start()
    assert (session["messages"], session["state"]["conversation_id"]) == ([], None)
    fake_model.reply(*GREETING, "Good morning!")
    events = widget.say("Hello")
    assert [name for name, _ in events] == ["accepted", *["delta"] * (len(events) - 2), "message"]
    assert "".join(data["text"] for name, data in events if name == "delta") == "Good morning!"
    reply = events[-1][1]
    assert (reply["sender"], reply["text"], reply["turn_id"]) == ("assistant", "Good morning!", events[0][1]["turn_id"])
    again = Widget(widget.shop, widget.channel_id, widget.secret).start(token=session["token"])
    assert [each["text"] for each in again["messages"]] == ["Hello", "Good morning!"]
    assert again["state"] == {
        "conversation_id": reply["conversation_id"],
        "with_person": False,
        "is_answering": False,
        "away_until": None,
        "is_completed": False,
        "rating": None,
    }


def test_message_that_is_sent_again_is_stored_once(widget: Widget, fake_model: FakeModel, sql: Connection) -> None:
    widget.start()
    fake_model.reply(*GREETING, "Good morning!")
    key = str(uuid4())
    first, second = widget.say("Hello", key), widget.say("Hello", key.upper())
    assert second == [first[0], first[-1]]
    assert widget.texts() == ["Hello", "Good morning!"]
    # Somebody else's message with the same ID is another one.
    other = Widget(widget.shop, widget.channel_id, widget.secret)
    other.start()
    fake_model.reply(*GREETING, "Hello to you too")
    assert other.say("Hi", key)[-1][1]["text"] == "Hello to you too"
    assert widget.texts() == ["Hello", "Good morning!"]


@pytest.mark.parametrize("sign", [signed_jwt, signed_hmac])
def test_identified_visitor_is_the_business_s_own_customer(
    widget: Widget, fake_model: FakeModel, sign: Callable[..., str]
) -> None:
    session = widget.start(identity=sign(widget.secret, name="Carla Customer"))
    assert session["is_identified"] is True
    fake_model.reply(*GREETING, "Good morning!")
    widget.say("Hello")
    [conversation] = widget.shop.get("/conversations").get_json()
    assert conversation["user_id"] == widget.shop.user_id
    # In another browser, the conversation is the same one.
    other = Widget(widget.shop, widget.channel_id, widget.secret)
    assert len(other.start(identity=sign(widget.secret))["messages"]) == 2


def test_forged_identity_and_token_are_refused_and_nothing_is_stored(widget: Widget, shop: Shop) -> None:
    other = make_widget(shop, "Second website")
    for identity in (
        signed_jwt(other.secret),
        signed_jwt(widget.secret, exp=int(time.time()) - 60),
        signed_hmac(widget.secret, exp=int(time.time()) - 60),
        signed_hmac(other.secret),
        signed_hmac(widget.secret)[:-1],
        json.dumps({"sub": "c-1"}),
    ):
        assert widget.send("POST", "sessions", {"identity": identity}).status_code == 401
    token = other.start(identity=signed_jwt(other.secret))["token"]
    message = {"message_id": str(uuid4()), "text": "Hello"}
    for headers in ({}, {"Authorization": f"Bearer {token}"}, {"Authorization": f"Bearer {shop.key}"}):
        for method, path, body in (
            ("POST", "messages", message),
            ("GET", "messages", None),
            ("GET", "stream", None),
        ):
            assert widget.send(method, path, body, **headers).status_code == 401
    # When the secret is changed, tokens of identified visitors end.
    changed = shop.put(f"/channels/{other.channel_id}", {"secrets": {"identity_secret": "9" * 64}})
    assert changed.status_code == 200
    assert other.send("GET", "messages").status_code == 401
    assert shop.get("/conversations").get_json() == []


def test_pages_of_other_origins_are_refused(shop: Shop) -> None:
    origins = ["https://shop.example.com", "https://*.example.org", "https://Ports.example.com:443"]
    widget = make_widget(shop, allowed_origins=origins)
    for origin, status in {
        "https://shop.example.com": 200,
        "https://SHOP.example.com": 200,
        "https://a.b.example.org": 200,
        "https://ports.example.com": 200,  # browsers leave out the default port
        "http://ports.example.com": 403,
        "http://localhost": 200,  # our own demo page
        "http://shop.example.com": 403,
        "https://shop.example.com:8443": 403,
        "https://example.org": 403,
        "https://evil-example.org": 403,
        "https://example.org.evil.com": 403,
        "null": 403,
    }.items():
        response = widget.send("POST", "sessions", {}, Origin=origin)
        assert (origin, response.status_code) == (origin, status)
        # The widget must be able to tell a refusal from a lost connection.
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response.headers
    preflight = widget.send("OPTIONS", "messages")
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type"


def test_unknown_disabled_and_other_channels_have_no_widget(widget: Widget, shop: Shop) -> None:
    assert shop.put(f"/channels/{widget.channel_id}", {"enabled": False}).status_code == 200
    for channel_id in (widget.channel_id, str(uuid4())):
        assert Widget(shop, channel_id, "").send("POST", "sessions", {}).status_code == 404
        assert shop.client.get(f"/widget-demo/{channel_id}").status_code == 404
    # The widget's messages do not come with the webhook.
    assert shop.put(f"/channels/{widget.channel_id}", {"enabled": True}).status_code == 200
    assert shop.client.post(f"/api/v1/channels/{widget.channel_id}/webhook", json={}).status_code == 401


def test_appearance_is_in_the_visitor_s_language(shop: Shop) -> None:
    widget = make_widget(
        shop,
        languages=["en", "de", "ar"],
        title={"en": "Lantern Books", "de": "Laternenbücher"},
        greeting={"en": "Hello!", "de": "Hallo!", "ar": "مرحبا"},
        starters={"en": ["Where is my order?"], "de": ["Wo ist meine Bestellung?"]},
        color="#aa0000",
        position="left",
    )
    german = widget.start(language="de-AT")["appearance"]
    assert german == {
        "name": "Laternenbücher",
        "greeting": "Hallo!",
        "starters": ["Wo ist meine Bestellung?"],
        "away_message": None,
        "color": "#aa0000",
        "position": "left",
        "language": "de",
        "ratings": True,
    }
    arabic = widget.start(language="ar")["appearance"]
    assert (arabic["language"], arabic["greeting"], arabic["name"]) == ("ar", "مرحبا", "Lantern Books")
    assert widget.start(language="fr")["appearance"]["language"] == "en"


def test_person_is_shown_by_name_and_never_by_address(
    widget: Widget, shop: Shop, master: dict[str, str], sql: Connection
) -> None:
    anna = make_member(shop, make_owner(shop, master).headers, "agent")
    widget.start()
    widget.say("Hello")
    conversation_id = widget.page()["state"]["conversation_id"]
    assert anna.send("POST", f"/conversations/{conversation_id}/takeover", {}).status_code == 200
    assert [name for name, _ in widget.say("Are you there?")] == ["accepted", "held"]
    assert widget.page()["state"]["with_person"] is True
    for body in ({"message": "Yes, I am."}, {"message": "Not for the customer.", "note": True}):
        anna.send("POST", f"/conversations/{conversation_id}/messages", body)
    latest = widget.page()["messages"][-1]
    assert (latest["sender"], latest["name"], latest["text"]) == ("person", "Agent Member", "Yes, I am.")
    sql.execute("UPDATE users SET first_name = NULL, last_name = NULL WHERE user_id = %s", [anna.user_id])
    assert widget.page()["messages"][-1]["name"] is None


def test_team_is_away_outside_the_business_hours(
    widget: Widget, shop: Shop, set_clock: Callable[[datetime], None]
) -> None:
    hours = [{"day": "monday", "start": "09:00", "end": "17:00"}]
    settings = {"settings": {"business_hours": hours, "timezone": "Europe/Berlin"}}
    assert shop.put(f"/businesses/{shop.business_id}", settings).status_code == 200
    monday = datetime(2026, 11, 30, 10, tzinfo=ZoneInfo("Europe/Berlin"))
    set_clock(monday)
    assert widget.start()["state"]["away_until"] is None
    set_clock(monday + timedelta(days=1))
    assert widget.start()["state"]["away_until"].startswith("2026-12-07T08:00:00")


def test_limits_per_visitor_address_and_channel(
    server_url: str, master: dict[str, str], database_url: str, fake_model: FakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WIDGET_MESSAGES", "4 per minute")
    monkeypatch.setattr(limits, "WIDGET", "9 per minute")
    settings = {"RATE_LIMIT_MESSAGES": "2 per minute", "CORS_ORIGINS": ORIGIN, "OPENAI_BASE_URL": fake_model.base_url}
    config = make_config(database_url, **settings)
    with running_app(config) as app:
        shop = make_shop(app.test_client(), master, f"Limits {uuid4().hex[:8]}")
        widgets = [make_widget(shop, name) for name in ("One", "Two", "Three")]
        for each in widgets:
            each.start()
        message = {"message_id": str(uuid4()), "text": "Hello"}
        statuses = [widgets[0].send("POST", "messages", message).status_code for _ in range(3)]
        assert statuses == [200, 200, 429]  # of the visitor
        widgets[0].start()  # a new visitor
        statuses = [widgets[0].send("POST", "messages", message).status_code for _ in range(2)]
        assert statuses[0] == 200 and 429 in [
            *statuses,
            *(each.send("POST", "messages", message).status_code for each in widgets[1:]),
        ]
        refused = widgets[2].send("POST", "messages", message)
        assert refused.headers.getlist("Access-Control-Allow-Origin") == ["*"]  # not also that of CORS_ORIGINS
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0
        statuses = [widgets[0].send("POST", "sessions", {}).status_code for _ in range(8)]
        assert statuses[0] == 200 and statuses[-1] == 429


def test_script_and_demo_page_are_for_pages_of_any_origin(widget: Widget) -> None:
    page = widget.shop.client.get(f"/widget-demo/{widget.channel_id}?language=ar")
    assert page.status_code == 200
    assert f'data-channel="{widget.channel_id}"' in page.text
    assert '<html lang="ar">' in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert widget.shop.client.get(f'/widget-demo/{widget.channel_id}?language="><script>').status_code == 404
    assert widget.origin == ORIGIN
