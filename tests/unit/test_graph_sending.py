"""Messages that are sent through the Graph API: WhatsApp, Messenger and Instagram."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from channels import messenger, whatsapp
from channels.base import Attachment, Inbound, Request
from channels.failures import OutcomeUnknown, SendFailed
from channels.http import Http
from core.outgoing.client import OutgoingClient
from tests.support import fake_graph
from tests.support.fake_graph import SECRETS, FakeGraph, graph_error
from tests.support.fake_provider import Answer
from tests.support.meta_channels import META_KINDS as KINDS
from tests.support.meta_channels import NOW, config_of, outgoing


@pytest.fixture
def graph() -> Iterator[FakeGraph]:
    with FakeGraph() as server:
        yield server


@pytest.fixture
def http(graph: FakeGraph) -> Http:
    return Http(OutgoingClient((graph.host,)), "business")


@pytest.mark.parametrize("kind", KINDS)
def test_sent_message_has_the_id_by_which_receipts_name_it(kind: str, graph: FakeGraph, http: Http) -> None:
    message = outgoing("Hello 👋")
    sent = KINDS[kind].send(message, config_of(kind, graph), http)
    (accepted,) = graph.messages
    assert sent.provider_id == accepted.provider_id
    assert accepted.text == "Hello 👋" and accepted.recipient == "16505551234"
    config = config_of(kind)
    if kind == "instagram":
        graph.instagram_users.add("16505551234")
    receipts = [
        receipt
        for delivery in graph.deliveries
        for receipt in KINDS[kind].parse(Request("POST", {}, delivery.headers, delivery.body, NOW), config).receipts
    ]
    if kind != "instagram":  # its events name another account
        assert receipts[0].status == "sent" and receipts[0].send_id == message.send_id
        assert {receipt.provider_id for receipt in receipts} == {sent.provider_id}


def test_whatsapp_sends_to_the_phone_number_if_it_is_known(graph: FakeGraph, http: Http) -> None:
    config = config_of("whatsapp", graph)
    hidden = replace(outgoing(), recipient_id="DE.13491208655302741918")
    for message in (replace(hidden, details={"phone": "491701234567"}), hidden, outgoing()):
        whatsapp.KIND.send(message, config, http)
    known, unknown, number = (accepted.body for accepted in graph.messages)
    assert known["to"] == "491701234567" and "recipient" not in known
    assert unknown["recipient"] == "DE.13491208655302741918" and "to" not in unknown
    assert number["to"] == "16505551234"


@pytest.mark.parametrize(
    ("buttons", "text", "shown_as"),
    [
        (("Yes", "No", "Yes"), "Book it?", "button"),
        (("Yes", "No"), "x" * 1025, "list"),
        (("1", "2", "3", "4"), "Which one?", "list"),
        (("A title of 21 letters",), "Which one?", "list"),
        (("A title with more than 24 letters",), "Which one?", "text"),
        (tuple("abcdefghijk"), "Which one?", "text"),
    ],
)
def test_whatsapp_shows_buttons_as_its_limits_allow(
    buttons: tuple[str, ...], text: str, shown_as: str, graph: FakeGraph, http: Http
) -> None:
    whatsapp.KIND.send(outgoing(text, buttons=buttons), config_of("whatsapp", graph), http)
    (accepted,) = graph.messages
    assert accepted.text == text
    assert accepted.body.get("interactive", accepted.body)["type"] == shown_as


@pytest.mark.parametrize("parameters", [["Ada", "A-1"], {"name": "Ada", "order": "A-1"}, None])
def test_whatsapp_sends_templates_after_the_window_has_closed(parameters: Any, graph: FakeGraph, http: Http) -> None:
    graph.closed_windows.add("16505551234")
    config = config_of("whatsapp", graph)
    with pytest.raises(SendFailed) as failed:
        whatsapp.KIND.send(outgoing(), config, http)
    assert (failed.value.code, failed.value.permanent) == ("window_closed", True)
    template = {"name": "order_shipped", "language": "en-GB", "parameters": parameters}
    whatsapp.KIND.send(outgoing("", template=template), config, http)
    sent = graph.messages[0].body["template"]
    assert (sent["name"], sent["language"]) == ("order_shipped", {"code": "en_GB"})
    texts = [each["text"] for component in sent["components"] for each in component["parameters"]]
    assert texts == (["Ada", "A-1"] if parameters else [])


@pytest.mark.parametrize("kind", ["messenger", "instagram"])
def test_people_may_answer_for_a_week_with_the_human_agent_tag(kind: str, graph: FakeGraph, http: Http) -> None:
    graph.closed_windows.add("16505551234")
    late = datetime.now(UTC) - timedelta(hours=25)
    of_person = outgoing(sender_name="Ben", last_inbound_at=late)
    KINDS[kind].send(of_person, config_of(kind, graph, human_agent=True), http)
    assert graph.messages[0].body["tag"] == "HUMAN_AGENT"
    for message, allowed in ((of_person, False), (outgoing(last_inbound_at=late), True)):
        with pytest.raises(SendFailed) as failed:
            KINDS[kind].send(message, config_of(kind, graph, human_agent=allowed), http)
        assert failed.value.code == "window_closed"


def test_messenger_shows_quick_replies(graph: FakeGraph, http: Http) -> None:
    config = config_of("messenger", graph)
    messenger.KIND.send(outgoing(buttons=("Yes", "No")), config, http)
    messenger.KIND.send(outgoing(buttons=("x" * 21,)), config, http)
    first, second = (accepted.body["message"] for accepted in graph.messages)
    assert [reply["title"] for reply in first["quick_replies"]] == ["Yes", "No"]
    assert "quick_replies" not in second


FAILURES: list[tuple[Answer, str, bool, float | None]] = [
    (graph_error(*fake_graph.RATE_LIMIT), "rate_limited", False, 5.0),
    (graph_error(*fake_graph.PAIR_LIMIT), "rate_limited", False, 10.0),
    (graph_error(400, 613, "Calls to this api have exceeded the rate limit."), "rate_limited", False, 60.0),
    (graph_error(*fake_graph.OUTAGE), "131000", False, None),
    (graph_error(400, 131016, "Service unavailable"), "131016", False, None),
    (graph_error(*fake_graph.TOKEN_EXPIRED), "unauthorized", False, None),
    (graph_error(400, 10, "This message is sent outside of allowed window.", 2018278), "window_closed", True, None),
    (graph_error(400, 10, "Application does not have permission"), "unauthorized", False, None),
    (graph_error(400, 200, "This person isn't available right now.", 1545041), "200", True, None),
    (graph_error(400, 131026, "Message undeliverable"), "131026", True, None),
    (graph_error(400, 100, "Invalid parameter"), "100", True, None),
    (Answer(503, b"<html>Service unavailable</html>"), "status_503", False, None),
    (Answer(404, b"Not found"), "status_404", True, None),
]


@pytest.mark.parametrize(("answer", "code", "is_permanent", "delay"), FAILURES)
def test_errors_of_the_graph_api_say_whether_to_try_again(
    answer: Answer, code: str, is_permanent: bool, delay: float | None, graph: FakeGraph, http: Http
) -> None:
    graph.failures.append(answer)
    with pytest.raises(SendFailed) as failed:
        whatsapp.KIND.send(outgoing("secret words"), config_of("whatsapp", graph), http)
    error = failed.value
    assert (error.code, error.permanent, error.retry_after) == (code, is_permanent, delay)
    assert "secret words" not in error.message and SECRETS["access_token"] not in error.message
    assert graph.messages == []


@pytest.mark.parametrize("kind", KINDS)
def test_lost_response_leaves_the_outcome_unknown(kind: str, graph: FakeGraph, http: Http) -> None:
    graph.lost_answers = 1
    with pytest.raises(OutcomeUnknown):
        KINDS[kind].send(outgoing(), config_of(kind, graph), http)
    assert len(graph.messages) == 1


def test_message_is_certainly_not_sent_if_the_server_refuses_the_connection() -> None:
    with FakeGraph() as closed:
        config = config_of("messenger", closed)
    with pytest.raises(SendFailed) as failed:
        messenger.KIND.send(outgoing(), config, Http(OutgoingClient((closed.host,)), "business"))
    assert not failed.value.permanent


def test_images_are_downloaded(graph: FakeGraph, http: Http) -> None:
    graph.media["m1"] = b"\xff\xd8" + b"x" * 1_000_000
    image = Attachment("image", "image/jpeg", "m1")
    assert whatsapp.KIND.download(image, config_of("whatsapp", graph), http) == graph.media["m1"]
    image = Attachment("image", reference=f"{graph.url}/cdn/m1")
    assert messenger.KIND.download(image, config_of("messenger", graph), http) == graph.media["m1"]
    assert "authorization" not in graph.calls[-1].headers
    graph.media["m1"] = b"x" * (5 * 1024 * 1024 + 1)
    with pytest.raises(SendFailed) as failed:
        whatsapp.KIND.download(Attachment("image", "image/jpeg", "m1"), config_of("whatsapp", graph), http)
    assert failed.value.permanent


def test_customers_see_that_a_message_is_read_and_answered(graph: FakeGraph, http: Http) -> None:
    message = Inbound("wamid.1", "16505551234", "Hello")
    whatsapp.KIND.acknowledge(message, config_of("whatsapp", graph), http)
    messenger.KIND.acknowledge(message, config_of("messenger", graph), http)
    read, seen, typing = graph.acknowledged
    assert (read["status"], read["message_id"], read["typing_indicator"]) == ("read", "wamid.1", {"type": "text"})
    assert (seen["sender_action"], typing["sender_action"]) == ("mark_seen", "typing_on")
