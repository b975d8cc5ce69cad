"""Requests to addresses that are not public are refused before any connection, however they are written."""

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest

from core.outgoing.addresses import is_public
from core.outgoing.client import OutgoingClient, OutgoingRequest
from core.outgoing.failures import CallFailed
from core.outgoing.urls import parse_url
from tests.support.web_server import WebServer, connections, http, redirect

BUSINESS = "b-1"
# Names of the fake resolver.
NAMES = {
    "loopback.example": ["127.0.0.1"],
    "private.example": ["10.0.0.7"],
    "mixed.example": ["93.184.215.14", "127.0.0.1"],
    "six.example": ["::1"],
    "zone.example": ["fe80::1%eth0"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "xn--bcher-kva.example": ["127.0.0.1"],
    "localhost": ["127.0.0.1"],
    "metadata.google.internal": ["169.254.169.254"],
}

REFUSED_ADDRESSES = [
    # IPv4 loopback in the spellings that the C library accepts
    "127.0.0.1", "127.0.0.53", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7F.1", "0x7f.0.0.1", "0177.0.0.1",
    "017700000001", "0177.1", "127.0x0.0.01", "0", "0.0.0.0", "0x0",
    # other ranges
    "10.0.0.1", "10.1", "167772161", "172.16.0.1", "172.31.255.255", "192.168.1.1", "0xc0a80101", "3232235777",
    "169.254.169.254", "2852039166", "0xA9FEA9FE", "0251.0376.0251.0376", "100.64.0.1", "100.100.100.200",
    "168.63.129.16", "192.0.0.192", "198.18.0.1", "192.0.2.1", "203.0.113.9", "224.0.0.1", "240.0.0.1",
    "255.255.255.255",
    # IPv6
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::127.0.0.1]", "[fe80::1]", "[fec0::1]", "[fc00::1]", "[fd00:ec2::254]",
    "[ff02::1]", "[2001:db8::1]", "[100::1]", "[3fff::1]",
    # IPv4 inside of IPv6: mapped, NAT64, 6to4, Teredo
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:169.254.169.254]", "[::ffff:10.0.0.1]",
    "[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::a00:1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]",
    "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
    # names, with international spellings of digits and letters
    "localhost", "LOCALHOST", "localhost.", "loopback.example", "LoopBack.Example.", "private.example",
    "mixed.example", "six.example", "zone.example", "mapped.example", "metadata.google.internal", "bücher.example",
    "１２７.0.0.1", "①②⑦.⓪.⓪.①", "127。0。0。1", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
]  # fmt: skip

INVALID_URLS = [
    "ftp://example.com/", "file:///etc/passwd", "gopher://127.0.0.1/", "//127.0.0.1/", "127.0.0.1", "",
    "http://user@127.0.0.1/", "http://user:password@example.com/", "http://@127.0.0.1/", "http://example.com@127.0.0.1/",
    "http://127.0.0.1\\@example.com/", "http://example.com\\.127.0.0.1/", "http://exa mple.com/", "http://example.com\t/",
    "http://example.com/\r\nHost: 127.0.0.1", "http://", "http:///path", "http://[::1", "http://[127.0.0.1]/",
    "http://[fe80::1%25eth0]/", "http://[fe80::1%eth0]/", "http://[v1.x]/", "http://127.0.0.1:0/",
    "http://127.0.0.1:65536/", "http://127.0.0.1:80:80/", "http://127.0.0.1%2f@example.com/", "http://%31%32%37.0.0.1/",
    "http://127.0.0.1#@example.com:99999/".replace("#", "%23"), "http://-a.example/", "http://a..example/",
    "http://" + "a" * 64 + ".example/", "http://xn--\u200d.example/", "http://example.com/orders/../admin",
    "http://example.com/orders/%2e%2e/admin", "http://example.com/orders/..%2fadmin", "http://example.com/..%5cadmin",
    "http://example.com/" + "a" * 9000,
]  # fmt: skip


def resolver(host: str, _port: int) -> list[str]:
    if host not in NAMES:
        raise OSError("unknown host")
    return NAMES[host]


@pytest.fixture
def listener() -> Iterator[WebServer]:
    with WebServer(http(b'{"secret": 1}')) as server:
        yield server


def failure_of(client: OutgoingClient, url: str, **values: Any) -> CallFailed:
    with pytest.raises(CallFailed) as failed:
        client.send(BUSINESS, OutgoingRequest("GET", url, **values))
    return failed.value


def test_there_are_more_than_forty_spellings() -> None:
    assert len(set(REFUSED_ADDRESSES)) >= 70


@pytest.mark.parametrize("host", REFUSED_ADDRESSES)
def test_address_that_is_not_public_is_refused_without_a_connection(host: str, listener: WebServer) -> None:
    with connections.recorded() as attempts:
        failure = failure_of(OutgoingClient(resolver=resolver), f"http://{host}:{listener.port}/")
    assert failure.cause == "address_refused"
    assert attempts == [] and listener.connections == 0


@pytest.mark.parametrize("url", INVALID_URLS)
def test_ambiguous_url_is_refused_without_a_connection(url: str, listener: WebServer) -> None:
    with connections.recorded() as attempts:
        failure = failure_of(OutgoingClient((f"127.0.0.1:{listener.port}", "example.com"), resolver), url)
    assert failure.cause == "invalid_url"
    assert attempts == []


@pytest.mark.parametrize("host", REFUSED_ADDRESSES)
def test_redirect_to_an_address_that_is_not_public_is_refused(host: str, listener: WebServer) -> None:
    url = f"http://{host}:{listener.port}/".encode().decode("latin-1")  # as a server sends it
    with WebServer(redirect(url)) as public, connections.recorded() as attempts:
        allowed = f"127.0.0.1:{public.port}"
        failure = failure_of(OutgoingClient((allowed,), resolver), f"http://{allowed}/")
    assert failure.cause in ("address_refused", "invalid_url", "dns")
    assert attempts == [("127.0.0.1", public.port)] and listener.connections == 0


def test_name_that_resolves_to_another_address_later_is_connected_to_the_checked_one(listener: WebServer) -> None:
    """DNS rebinding. The retry looks the name up again and is refused."""
    answers = [["93.184.215.14"], ["127.0.0.1"], ["127.0.0.1"]]
    client = OutgoingClient(resolver=lambda _host, _port: answers.pop(0))
    with connections.recorded() as attempts:
        failure = failure_of(client, f"http://rebinding.example:{listener.port}/")
    assert failure.cause == "address_refused"
    assert attempts == [("93.184.215.14", listener.port)]
    assert len(answers) == 1 and listener.connections == 0


def test_name_is_looked_up_once_per_connection() -> None:
    looked_up = []

    def resolve(host: str, _port: int) -> list[str]:
        looked_up.append(host)
        return ["127.0.0.1"] if len(looked_up) == 1 else ["127.0.0.2"]

    with WebServer(http(b'{"a": 1}')) as server:
        client = OutgoingClient(("api.example",), resolve)
        with connections.recorded() as attempts:
            response = client.send(BUSINESS, OutgoingRequest("GET", f"http://API.example.:{server.port}/a?b=c"))
    assert (response.status, response.body) == (200, b'{"a": 1}')
    assert looked_up == ["api.example"] and attempts == [("127.0.0.1", server.port)]
    assert server.requests[0].startswith(b"GET /a?b=c HTTP/1.1\r\n")
    assert f"host: api.example:{server.port}".encode() in server.requests[0]


def test_allowed_host_is_only_allowed_as_written() -> None:
    with WebServer() as server, WebServer() as other:
        client = OutgoingClient((f"127.0.0.1:{server.port}",), resolver)
        assert client.send(BUSINESS, OutgoingRequest("GET", f"http://127.0.0.1:{server.port}/")).status == 200
        for url in (f"http://127.0.0.1:{other.port}/", f"http://127.1:{server.port}/", "http://127.0.0.2/"):
            assert failure_of(client, url).cause == "address_refused"
        assert other.connections == 0


def test_allowed_ipv6_address() -> None:
    with WebServer(address="::1") as server:
        client = OutgoingClient(("[::1]",))
        assert client.send(BUSINESS, OutgoingRequest("GET", f"http://[0::1]:{server.port}/")).status == 200
    assert f"host: [::1]:{server.port}".encode() in server.requests[0]


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "93.184.215.14", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"],
)
def test_public_addresses(address: str) -> None:
    assert is_public(ip_address(address))


def test_public_addresses_agree_with_the_registry_of_the_standard_library() -> None:
    """Whatever the standard library does not consider global is refused, in the middle and at the ends of ranges."""
    for first in range(256):
        for rest in (
            "0.0.0",
            "0.0.1",
            "64.0.1",
            "88.99.1",
            "168.1.1",
            "255.255.255",
            "254.169.254",
            "18.0.1",
            "51.100.1",
        ):
            address = ip_address(f"{first}.{rest}")
            assert not is_public(address) or (address.is_global and not address.is_multicast), address


def test_international_name_is_sent_in_ascii() -> None:
    target = parse_url("https://BÜCHER.example/straße?q=ü")
    assert (target.host, target.path) == ("xn--bcher-kva.example", "/stra%C3%9Fe?q=%C3%BC")
    assert (target.port, target.host_header) == (443, "xn--bcher-kva.example")
