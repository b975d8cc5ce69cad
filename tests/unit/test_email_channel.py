"""The e-mail channel with real SMTP and IMAP servers, and with requests of mail providers."""

import base64
import json
import ssl
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest

from channels.base import Config, Forged, Http, OutcomeUnknown, Outgoing, Request, SendFailed
from channels.email import KIND, MAX_MAILS
from core.outgoing.client import OutgoingClient
from tests.support import imap_server
from tests.support.certificates import self_signed
from tests.support.imap_server import ImapServer
from tests.support.mail_server import PASSWORD, USER, MailServer, text_of
from tests.support.mails import SHOP, bounce_of, mail_of

HTTP = Http(OutgoingClient(("127.0.0.1",)), "b-1")
SEND_ID = UUID("019ad000-0000-7000-8000-000000000001")
FORM = (
    b'--b\r\nContent-Disposition: form-data; name="from"\r\n\r\nx\r\n'
    b'--b\r\nContent-Disposition: form-data; name="email"\r\n\r\n%b\r\n--b--\r\n'
)
MESSAGE = Outgoing(SEND_ID, "ann@example.com", "Grüße\n.\nfrom the shop", thread="t")


def config(secrets: Mapping[str, str] | None = None, **settings: Any) -> Config:
    properties = KIND.settings_schema["properties"]
    defaults = {name: each["default"] for name, each in properties.items() if "default" in each}
    values = {"address": SHOP, "smtp_host": "127.0.0.1", "imap_host": "127.0.0.1", **settings}
    return Config(SEND_ID, defaults | values, secrets or {}, "https://icmp.example.com/webhook", "", "")


def with_imap(server: ImapServer, **settings: Any) -> Config:
    values = {"imap_port": server.port, "imap_security": "starttls", **settings}
    return config({"password": imap_server.PASSWORD}, **values)


def request(body: bytes, media_type: str, authorization: str = "Bearer secret") -> Request:
    headers = {"Content-Type": media_type, "Authorization": authorization}
    return Request("POST", {}, headers, body, datetime.now(UTC))


def test_reply_is_sent_once_and_the_same_in_each_attempt() -> None:
    with MailServer() as server:
        server.refusals += ["451 Try again", "554 No"]
        with pytest.raises(SendFailed) as busy:
            KIND.send(MESSAGE, config(smtp_port=server.port), HTTP)
        with pytest.raises(SendFailed) as refused:
            KIND.send(MESSAGE, config(smtp_port=server.port), HTTP)
        sent = KIND.send(MESSAGE, config(smtp_port=server.port), HTTP)
        mail = server.wait_for("ann@example.com")
    assert (busy.value.permanent, busy.value.code) == (False, "smtp_451")
    assert (refused.value.permanent, refused.value.code) == (True, "smtp_554")
    assert mail["Message-ID"] == sent.provider_id and SEND_ID.hex in mail["Message-ID"]
    assert text_of(mail) == "Grüße\n.\nfrom the shop\n"
    with pytest.raises(SendFailed) as down:
        KIND.send(MESSAGE, config(smtp_port=server.port), HTTP)
    assert (down.value.permanent, down.value.code) == (False, "connection")


def test_outcome_is_unknown_if_the_connection_breaks_after_the_mail() -> None:
    with MailServer() as server:
        server.hangs_up = 1
        with pytest.raises(OutcomeUnknown):
            KIND.send(MESSAGE, config(smtp_port=server.port), HTTP)


def test_servers_need_public_addresses_and_addresses_must_be_valid() -> None:
    client = Http(OutgoingClient(), "b-1")
    with pytest.raises(SendFailed) as refused:
        KIND.send(MESSAGE, config(), client)
    assert (refused.value.permanent, refused.value.code) == (True, "address_refused")
    for recipient in ("a@b\nBcc: c@example.com", "änn@example.com", "nobody"):
        with pytest.raises(SendFailed) as invalid:
            KIND.send(replace(MESSAGE, recipient_id=recipient), config(), HTTP)
        assert (invalid.value.permanent, invalid.value.code) == (True, "address")


def test_passwords_are_encrypted_and_certificates_are_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = self_signed(tmp_path, "127.0.0.1")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with MailServer(tls) as smtp, ImapServer(tls) as imap:
        sending = config({"password": PASSWORD}, smtp_port=smtp.port, user=USER)
        receiving = with_imap(imap, user=imap_server.USER)
        for call in (lambda: KIND.send(MESSAGE, sending, HTTP), lambda: KIND.poll(receiving, {}, HTTP)):
            with pytest.raises(SendFailed) as untrusted:
                call()
            assert untrusted.value.code == "tls"
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        trusting = Http(OutgoingClient(("127.0.0.1",)), "b-1")
        KIND.send(MESSAGE, sending, trusting)
        assert KIND.poll(receiving, {}, trusting)[1]["next_uid"] == 1
        wrong = {"password": "x"}
        with pytest.raises(SendFailed, match="user name or password"):
            KIND.send(MESSAGE, replace(sending, secrets=wrong), trusting)
        with pytest.raises(SendFailed, match="user name or password"):
            KIND.poll(replace(receiving, secrets=wrong), {}, trusting)


def test_mailbox_is_read_from_where_the_last_call_ended() -> None:
    with ImapServer() as server:
        server.mails.append(mail_of("an old mail").as_bytes())
        channel = with_imap(server)
        parsed, state = KIND.poll(channel, {}, HTTP)
        assert not parsed.messages
        server.mails += [mail_of("Where is it?").as_bytes(), b"no mail", bounce_of(mail_of("x")).as_bytes()]
        parsed, state = KIND.poll(channel, json.loads(json.dumps(state)), HTTP)
        assert [each.text for each in parsed.messages] == ["Order\n\nWhere is it?"]
        assert not KIND.poll(channel, state, HTTP)[0].messages
        # More than are read at once, and a connection that breaks: nothing is left out.
        ids = [f"<{number}@many>" for number in range(MAX_MAILS + 3)]
        server.mails += [mail_of("Hi", **{"Message-ID": each}).as_bytes() for each in ids]
        server.lost = 1
        with pytest.raises(SendFailed):
            KIND.poll(channel, state, HTTP)
        found: list[str] = []
        for _ in range(2):
            parsed, state = KIND.poll(channel, state, HTTP)
            found += [each.message_id for each in parsed.messages]
        assert found == ids
        # The server renumbers its mails. They are read again, and accepted once.
        server.validity, server.first_uid = 2, 1000
        parsed, state = KIND.poll(channel, state, HTTP)
        assert (len(parsed.messages), state["next_uid"]) == (MAX_MAILS - 2, 1000 + MAX_MAILS)
        with pytest.raises(SendFailed, match="no folder"):
            KIND.poll(with_imap(server, imap_folder='In"box'), state, HTTP)
    assert KIND.poll(config(imap_host=None), {}, HTTP)[1] == {}


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (mail_of("Grüße").as_bytes(), "message/rfc822"),
        (json.dumps({"Subject": "Order", "RawEmail": mail_of("Grüße").as_string()}).encode(), "application/json"),
        (FORM % mail_of("Grüße").as_bytes(), "multipart/form-data; boundary=b"),
        (
            b"from=x&" + urlencode({"body-mime": mail_of("Grüße").as_bytes()}).encode(),
            "application/x-www-form-urlencoded",
        ),
    ],
)
def test_providers_send_mails_to_the_webhook(body: bytes, media_type: str) -> None:
    channel = config({"webhook_password": "secret"})
    for value in ("Bearer secret", "Basic " + base64.b64encode(b"any:secret").decode()):
        KIND.verify(request(body, media_type, value), channel)
    for value in ("", "Bearer ", "Bearer Secret", "Basic !", "Basic " + base64.b64encode(b"secret:").decode()):
        with pytest.raises(Forged):
            KIND.verify(request(body, media_type, value), channel)
        with pytest.raises(Forged):
            KIND.verify(request(body, media_type, value), config())
    [message] = KIND.parse(request(body, media_type), channel).messages
    assert (message.text, message.sender_id, message.sender_name) == ("Order\n\nGrüße", "ann@example.com", "Ann Smith")


@pytest.mark.parametrize("media_type", ["application/json", "multipart/form-data; boundary=b", "message/rfc822"])
def test_requests_without_a_mail_are_refused(media_type: str) -> None:
    for body in (b"", b"[]", b'{"email": 1}', b"--b\r\n\r\n--b--", b"{"):
        with pytest.raises(ValueError, match=r"."):
            KIND.parse(request(body, media_type), config())
