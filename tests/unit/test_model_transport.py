"""HTTP connections to model servers that use HTTP/1.1 in different ways, with and without TLS."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import openai
import pytest

from core.settings import StartupError
from llm.wire import ModelServer
from tests.support.certificates import self_signed

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"


class Server:
    """Sends the next of `answers` for each request; None closes the connection. Use it as a context manager.

    `connections` is the number of connections, `requests` are the requests received.
    """

    def __init__(self, *answers: bytes | None, tls: ssl.SSLContext | None = None) -> None:
        self._answers, self._tls = list(answers), tls
        self.connections, self.requests = 0, list[bytes]()
        self.hung_up = threading.Event()
        self._listener = self._connection = socket.create_server(("127.0.0.1", 0))
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._listener.getsockname()[1]}/v1?a=b"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        for each in (self._listener, self._connection):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._connection = connection
                self.connections += 1
                with suppress(OSError), connection:
                    if self._tls:
                        self._connection = connection = self._tls.wrap_socket(connection, server_side=True)
                    with connection, connection.makefile("rb") as stream:
                        self._answer(connection, stream)

    def _answer(self, connection: socket.socket, stream: Any) -> None:
        while lines := list(iter(lambda: stream.readline().rstrip(), b"")):
            length = next(int(line[15:]) for line in lines if line.lower().startswith(b"content-length"))
            self.requests.append(b"\r\n".join(lines) + stream.read(length))
            connection.sendall(self._answers.pop(0) or b"")
            if self._answers[:1] == [None]:
                self._answers.pop(0)
                connection.shutdown(socket.SHUT_RDWR)
                self.hung_up.set()
                return


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return self_signed(tmp_path_factory.mktemp("tls"), "127.0.0.1")


def ask(server: ModelServer, text: str = "one", seconds: float = 10) -> str:
    """The body of the response to a request with this text."""
    with closing(server.send({"text": text}, seconds)) as response:
        return b"".join(response).decode()


@contextmanager
def client_of(server: Server) -> Iterator[ModelServer]:
    client = ModelServer("sk-test", server.url)
    try:
        yield client
    finally:
        client.close()


def test_connection_is_reused() -> None:
    with Server(OK, OK, OK) as server, client_of(server) as client:
        for text in ("one", "", "drei: ü"):
            assert ask(client, text) == "OK"
        assert server.connections == 1
        assert server.requests[0].startswith(b"POST /v1/chat/completions?a=b HTTP/1.1\r\n")
        assert server.requests[0].endswith(b'{"text":"one"}') and server.requests[2].endswith('ü"}'.encode())
        assert server.requests[0].lower().count(b"\r\nhost:") == 1


def test_tls_requires_a_trusted_certificate(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(certificate)
    with Server(OK, OK, tls=own) as server:
        with client_of(server) as client, pytest.raises(openai.APIConnectionError):
            ask(client)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with client_of(server) as client:
            assert [ask(client) for _ in range(2)] == ["OK", "OK"]
        assert server.connections == 2


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK", "OK"),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nOK", "OK"),
        (b"HTTP/1.1 200 OK\r\n\r\nas much as comes", "as much as comes"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", ""),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nOK\r\n0\r\n\r\n", "OK"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, "OK"),
    ],
)
def test_new_connection_after_the_server_closed_the_old_one(answer: bytes, said: str) -> None:
    with Server(answer, None, OK) as server, client_of(server) as client:
        assert ask(client) == said
        assert server.hung_up.wait(10)
        assert ask(client) == "OK"
        assert server.connections == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nOK",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nOK\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n",
        b"SSH-2.0-nonsense\r\n",
    ],
)
def test_incomplete_response_is_an_error_and_the_next_request_succeeds(answer: bytes) -> None:
    with Server(answer, None, OK) as server, client_of(server) as client:
        with pytest.raises(openai.APIConnectionError):
            ask(client)
        assert ask(client) == "OK"


def test_unread_response_is_not_read_by_the_next_request() -> None:
    with Server(OK, OK) as server, client_of(server) as client:
        client.send({}, 10).close()
        assert ask(client) == "OK"
        assert server.connections == 2


def test_redirect_to_another_host_is_sent_without_the_key() -> None:
    with Server(OK) as there:
        location = there.url.replace("127.0.0.1", "localhost")
        moved = f"HTTP/1.1 307 Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()
        with Server(moved) as server, client_of(server) as client:
            assert ask(client) == "OK"
            assert b"sk-test" in server.requests[0]
        assert there.requests[0].endswith(b'{"text":"one"}')
        assert b"sk-test" not in there.requests[0]


@pytest.mark.parametrize("is_trusted", [False, True])
def test_redirect_to_another_port_is_sent_without_the_key(
    certificate: Path, monkeypatch: pytest.MonkeyPatch, is_trusted: bool
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with Server(OK) as there:
        moved = f"HTTP/1.1 307 Moved\r\nLocation: {there.url}\r\nContent-Length: 0\r\n\r\n".encode()
        with Server(moved, tls=tls if is_trusted else None) as server, client_of(server) as client:
            assert ask(client) == "OK"
        assert b"sk-test" not in there.requests[0]


def test_redirect_on_the_same_server_is_sent_with_the_key() -> None:
    moved = b"HTTP/1.1 307 Moved\r\nLocation: /v2/chat/completions\r\nContent-Length: 0\r\n\r\n"
    with Server(moved, OK) as server, client_of(server) as client:
        assert ask(client) == "OK"
        assert server.requests[1].startswith(b"POST /v2/chat/completions HTTP/1.1\r\n")
        assert b"Bearer sk-test" in server.requests[1]


def test_connection_that_was_idle_for_too_long_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(OK, OK) as server, client_of(server) as client:
        ask(client)
        monkeypatch.setattr("llm.transport._KEEP_ALIVE", 0.0)
        assert ask(client) == "OK"
        assert server.connections == 2


def test_proxy_of_the_machine_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(OK) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        client = ModelServer("sk-test", "http://model.invalid/v1")
        assert ask(client) == "OK"
        client.close()
        assert proxy.requests[0].startswith(b"POST http://model.invalid/v1/chat/completions HTTP/1.1\r\n")


@pytest.mark.parametrize("scheme", ["http://", ""])
def test_proxy_may_need_a_password_and_no_scheme(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    with Server(OK) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url.replace("http://", f"{scheme}ana:p%40ss@"))
        monkeypatch.delenv("no_proxy", raising=False)
        client = ModelServer("sk-test", "http://model.invalid/v1")
        assert ask(client) == "OK"
        client.close()
        assert b"\r\nproxy-authorization: Basic YW5hOnBAc3M=" in proxy.requests[0]
        assert b"Bearer sk-test" in proxy.requests[0]


@pytest.mark.parametrize(
    "proxy", ["socks5://ana:secret@127.0.0.1:1080", "http://ana:secret@[::1:3128", "http://ana:secret@host:port"]
)
def test_unusable_proxy_is_reported_without_its_password(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("http_proxy", proxy)
    monkeypatch.delenv("no_proxy", raising=False)
    with pytest.raises(StartupError, match="HTTP_PROXY") as error:
        ModelServer("sk-test", "http://model.invalid/v1")
    assert "secret" not in str(error.value)


def test_expired_time_limit_is_a_timeout() -> None:
    with Server(OK, b"", b"") as server, client_of(server) as client:
        assert ask(client) == "OK"
        for seconds in (0.0, 0.1):  # for the request, and for the response, which does not come
            with pytest.raises(openai.APITimeoutError):
                ask(client, seconds=seconds)
