"""Model servers that businesses choose: which addresses are called, and what is hidden in their answers."""

import json
import ssl
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.circuit_breaker import MAX_FAILURES
from core.encryption import Cipher
from core.outgoing.client import OutgoingClient
from core.outgoing.failures import CallFailed
from llm.hidden_key import HiddenKey, StreamFilter
from message_processing.business_settings import ModelServerSettings
from message_processing.engines import own_models
from message_processing.engines.own_models import OwnModels
from tests.support.certificates import self_signed
from tests.support.fake_model import FakeModel
from tests.support.model_calls import SETTINGS, ask, errors, fail
from tests.support.model_replies import CutStream, Raw, Status
from tests.support.web_server import WebServer, connections, http, redirect

KEY = "sk-" + "0123456789abcdef" * 6
BUSINESS = UUID(int=1)


def models_of(client: OutgoingClient) -> OwnModels:
    no_database = cast(Any, None)  # only secrets are read from it, and these servers have none
    return OwnModels(no_database, Cipher(["x" * 32]), client, timeout=10)


def resolving(*answers: str) -> OutgoingClient:
    """A client that may only call public addresses. Each look-up of a name returns the next of these."""
    left = list(answers)
    return OutgoingClient((), lambda _host, _port: [left.pop(0) if len(left) > 1 else left[0]])


@pytest.fixture
def allowed() -> OwnModels:
    """May call this machine."""
    return models_of(OutgoingClient(("127.0.0.1", "model.example"), lambda _host, _port: ["127.0.0.1"]))


def server_at(url: str) -> ModelServerSettings:
    return {"url": url, "model": "a"}


def completion(text: str) -> bytes:
    return http(json.dumps({"choices": [{"message": {"content": text}, "finish_reason": "stop"}]}).encode())


@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254", "[::1]", "0x7f000001", "model.example"])
def test_only_public_addresses_are_called(host: str) -> None:
    with WebServer(completion("Hello.")) as server:
        client = models_of(resolving("10.0.0.7")).new_client(BUSINESS, f"http://{host}:{server.port}/v1", KEY)
        failure = fail(client)
        assert failure.error.startswith("address_refused: The address is not public.")
        assert [call.attempt for call in failure.calls] == [1]  # another attempt would fail too
        assert server.connections == 0


def test_each_new_connection_goes_to_an_address_that_was_checked() -> None:
    """A name that resolves to a public address at first must not lead to an internal one later."""
    with WebServer(completion("Hello.")) as server, connections.recorded() as addresses:
        models = models_of(resolving("93.184.215.14", "127.0.0.1"))
        client = models.new_client(BUSINESS, f"http://model.example:{server.port}/v1", KEY)
        failure = fail(client)
        assert errors(failure.calls) == ["connection", "address_refused"]
        assert addresses == [("93.184.215.14", server.port)]
        assert server.connections == 0


def test_redirects_are_not_followed(allowed: OwnModels) -> None:
    with WebServer(completion("Hello.")) as there:
        with WebServer(redirect(f"http://127.0.0.1:{there.port}/v1/chat/completions", "307 Moved")) as server:
            client = allowed.new_client(BUSINESS, f"http://127.0.0.1:{server.port}/v1", KEY)
            assert fail(client).error == "redirect: The server redirects to another URL. Enter that one."
            assert len(server.requests) == 1
        assert there.connections == 0


def test_proxy_of_the_machine_is_not_used(allowed: OwnModels, monkeypatch: pytest.MonkeyPatch) -> None:
    with WebServer() as proxy, WebServer(completion("Hello.")) as server:
        for name in ("http_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        client = allowed.new_client(BUSINESS, f"http://model.example:{server.port}/v1?a=b", KEY)
        assert ask(client).text == "Hello."
        head = server.requests[0].partition(b"\r\n\r\n")[0].decode()
        assert head.startswith("POST /v1/chat/completions?a=b HTTP/1.1")
        assert f"Host: model.example:{server.port}" in head and f"Authorization: Bearer {KEY}" in head
        assert proxy.connections == 0


def test_certificate_must_be_valid_for_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = self_signed(tmp_path, "model.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(path)
    outgoing = OutgoingClient(("model.example", "other.example"), lambda _host, _port: ["127.0.0.1"])
    with WebServer(completion("Hello."), tls=tls) as server:
        models = models_of(outgoing)
        assert ask(models.new_client(BUSINESS, f"https://model.example:{server.port}/v1", KEY)).text == "Hello."
        other = models.new_client(BUSINESS, f"https://other.example:{server.port}/v1", KEY)
        assert fail(other, seconds=1).error.startswith("connection: TLS")
        assert len(server.requests) == 1


@pytest.mark.parametrize("is_streamed", [False, True])
def test_key_is_removed_from_answers(allowed: OwnModels, fake: FakeModel, is_streamed: bool) -> None:
    shown: list[str] = []
    fake.respond = lambda _: f"Your key is {KEY} and sk-0 is its start. It ends with sk"
    client = allowed.new_client(BUSINESS, fake.base_url, KEY)
    answer = ask(client, on_delta=shown.append if is_streamed else None)
    assert answer.text == "Your key is [key] and sk-0 is its start. It ends with sk"
    assert answer.calls[0].response == answer.text
    assert "".join(shown) == (answer.text if is_streamed else "")
    assert KEY not in repr(answer)


@pytest.mark.parametrize(
    "reply",
    [
        Status(401, {}, {"error": {"code": KEY, "type": "invalid_api_key"}}),
        Status(401, {}, {"error": {"code": f"wrong:{KEY[:40]}"}}),
        Raw((json.dumps({"error": {"message": KEY, "code": KEY[7:40]}}).encode(),)),
        Raw((json.dumps({"choices": [{"message": {"refusal": KEY}, "finish_reason": KEY}]}).encode(),)),
        CutStream(2, f"Your {KEY} is"),
    ],
)
def test_key_is_removed_from_errors(
    allowed: OwnModels, fake: FakeModel, reply: Any, caplog: pytest.LogCaptureFixture
) -> None:
    fake.respond = lambda _: reply
    failure = fail(allowed.new_client(BUSINESS, fake.base_url, KEY), seconds=0.4)
    texts = [failure.error, *(str(call.error) + str(call.response) for call in failure.calls)]
    texts += [str(vars(record)) for record in caplog.records]
    assert not any(KEY[at : at + 8] in text for text in texts for at in range(len(KEY) - 7))


@given(st.lists(st.text("ab", max_size=12), max_size=20))
def test_key_is_removed_from_a_stream_in_any_pieces(pieces: list[str]) -> None:
    stream = StreamFilter(HiddenKey("aabaabaa"))
    shown = "".join([*map(stream.feed, pieces), stream.finish()])
    assert shown == "".join(pieces).replace("aabaabaa", "[key]")


def test_only_what_may_be_the_key_is_held_back() -> None:
    stream = StreamFilter(HiddenKey("secret-key"))
    assert [stream.feed(piece) for piece in ("A sec", "ond se", "cret-", "keys", "a")] == [
        "A ",
        "second ",
        "",
        "[key]",
        "sa",
    ]
    assert StreamFilter(None).feed("secret") == "secret"


def test_circuit_breaker_belongs_to_one_server_of_one_business(allowed: OwnModels, fake: FakeModel) -> None:
    fake.respond = lambda _: Status(500)
    with WebServer(completion("Hello.")) as other_server:
        clients = [
            allowed.client_of(BUSINESS, server_at(fake.base_url)),
            allowed.client_of(uuid4(), server_at(fake.base_url)),
            allowed.client_of(BUSINESS, server_at(f"http://127.0.0.1:{other_server.port}/v1")),
        ]
        while clients[0].is_answering(SETTINGS.model):
            fail(clients[0], seconds=0.05)
        assert len(fake.requests) == MAX_FAILURES
        assert all(each.is_answering(SETTINGS.model) for each in clients[1:])
        assert fail(clients[0]).error.startswith("circuit:")
        allowed.close()


def test_number_of_clients_is_limited(allowed: OwnModels, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_models, "MAX_CLIENTS", 2)
    first, second, third = (server_at(f"http://model.example/{name}") for name in "abc")
    known = allowed.client_of(BUSINESS, first)
    assert allowed.client_of(BUSINESS, first) is known
    allowed.client_of(BUSINESS, second)
    allowed.client_of(BUSINESS, third)
    assert allowed.client_of(BUSINESS, first) is not known


@pytest.mark.parametrize(
    "url", ["ftp://model.example/v1", "http://user:pass@model.example", "http://model.example/../v1"]
)
def test_invalid_url_is_refused(allowed: OwnModels, url: str) -> None:
    with pytest.raises(CallFailed, match="The URL cannot be used"):
        allowed.new_client(BUSINESS, url, KEY)
