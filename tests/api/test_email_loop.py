"""E-mail channels with real SMTP and IMAP servers: from a mail to its answer, and two instances that write to each
other."""

import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope
from flask import Flask

from background import runner
from tests.conftest import make_config, own_database, running_app
from tests.support.database import Connection, connect
from tests.support.factories import Shop, made, make_shop
from tests.support.fake_model import FakeModel
from tests.support.imap_server import ImapServer
from tests.support.mail_server import MailServer, text_of
from tests.support.mails import bounce_of, mail_of
from tests.support.os_users import wait_for
from tests.support.turns import by_step


class PostOffice(MailServer):
    """Delivers mails to the mailboxes of their recipients."""

    def __init__(self) -> None:
        super().__init__()
        self.mailboxes: dict[str, ImapServer] = {}

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:
        for recipient in envelope.rcpt_tos:
            if recipient in self.mailboxes:
                assert isinstance(envelope.content, bytes)
                self.mailboxes[recipient].mails.append(envelope.content)
        return await super().handle_DATA(server, session, envelope)


@dataclass
class Instance:
    """A server with a business that answers the mails to one address."""

    app: Flask
    sql: Connection
    shop: Shop
    address: str
    mailbox: ImapServer
    channel_id: str = ""

    def connect_to(self, office: PostOffice) -> None:
        office.mailboxes[self.address] = self.mailbox
        settings = {
            "address": self.address,
            "sender_name": "The shop",
            "user": "icmp",
            "smtp_host": "127.0.0.1",
            "smtp_port": office.port,
            "imap_host": "127.0.0.1",
            "imap_port": self.mailbox.port,
            "imap_security": "starttls",
        }
        body = {"kind": "email", "name": "Mail", "settings": settings}
        self.channel_id = made(self.shop.post("/channels", body))["channel_id"]
        self.poll()

    def poll(self) -> None:
        """Read all mails."""
        self.sql.execute("UPDATE jobs SET run_at = clock_timestamp() WHERE kind = 'poll_channels'")
        self.app.extensions["icmp"].jobs.wake_up()
        query = "SELECT poll_state->'next_uid' AS next_uid FROM channels WHERE channel_id = %(id)s"

        def is_read() -> bool:
            row = self.sql.execute(query, {"id": self.channel_id}).fetchone()
            return row is not None and row["next_uid"] == len(self.mailbox.mails) + 1

        wait_for(is_read, "the mails")

    def messages(self) -> list[dict[str, Any]]:
        """The messages of all conversations."""
        conversations = self.shop.get("/conversations").get_json()
        pages = [
            self.shop.get(f"/conversations/{each['conversation_id']}/messages").get_json() for each in conversations
        ]
        return [message for page in pages for message in page]


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with PostOffice() as started:
        yield started


@pytest.fixture(scope="module")
def apps(server_url: str, template_database: str, model_server: FakeModel) -> Iterator[list[tuple[Flask, str]]]:
    """Two applications with a database each."""
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "POLL_INTERVAL", 0.05)
        settings = {"OPENAI_BASE_URL": model_server.base_url, "API_CALL_ALLOWED_HOSTS": "127.0.0.1"}
        started = []
        for _ in range(2):
            url = stack.enter_context(own_database(server_url, template_database))
            started.append((stack.enter_context(running_app(make_config(url, **settings))), url))
        yield started


@pytest.fixture
def instances(
    apps: list[tuple[Flask, str]], office: PostOffice, fake_model: FakeModel, master: dict[str, str]
) -> Iterator[tuple[Instance, Instance]]:
    fake_model.respond = by_step(response="It has left the warehouse.")
    with ExitStack() as stack:
        made_instances = []
        for app, url in apps:
            sql, name = stack.enter_context(connect(url)), uuid.uuid4().hex[:8]
            mailbox = stack.enter_context(ImapServer(user="icmp", password=""))
            shop = make_shop(app.test_client(), master, f"Lantern Books {name}")
            instance = Instance(app, sql, shop, f"{name}@example.com", mailbox)
            instance.connect_to(office)
            made_instances.append(instance)
        ours, theirs = made_instances
        yield ours, theirs


def test_two_instances_that_write_to_each_other_stop_after_one_exchange(
    instances: tuple[Instance, Instance], office: PostOffice
) -> None:
    ours, theirs = instances
    ours.mailbox.mails.append(mail_of("Where is our order?", sender=theirs.address).as_bytes())
    ours.poll()
    answer = office.wait_for(theirs.address)
    assert (text_of(answer), answer["Subject"]) == ("It has left the warehouse.\n", "Re: Order")
    theirs.poll()
    [stored] = theirs.messages()
    assert (stored["message_content"], stored["turn_id"]) == ("It has left the warehouse.", None)
    # A person may answer, and is answered once.
    path = f"/conversations/{stored['conversation_id']}/messages"
    assert theirs.shop.post(path, {"message": "Thank you. And the second one?"}).status_code == 201
    office.wait_for(ours.address)
    ours.poll()
    office.wait_for(theirs.address, 2)
    for instance in (theirs, ours, theirs, ours):
        instance.poll()
    assert len(office.mails) == 3
    assert [each["sender_type"] for each in ours.messages()] == ["user", "assistant"] * 2
    assert [each["sender_type"] for each in theirs.messages()] == ["user", "agent", "user"]
    assert len(ours.shop.get("/conversations").get_json()) == len(theirs.shop.get("/conversations").get_json()) == 1


def test_each_mail_is_answered_once_and_a_bounce_is_shown(
    instances: tuple[Instance, Instance], office: PostOffice
) -> None:
    shop, _ = instances
    mails = [mail_of("Where is A-1?"), mail_of("Where is A-1?"), mail_of("And A-2?", **{"Message-ID": "<2@customer>"})]
    shop.mailbox.mails += [mail.as_bytes() for mail in mails]
    shop.poll()
    office.wait_for("ann@example.com", 2)
    assert [each["sender_type"] for each in shop.messages()].count("user") == 2
    assert {mail["In-Reply-To"] for mail in office.mails} == {"<1@customer>", "<2@customer>"}
    shop.mailbox.mails.append(bounce_of(office.mails[0]).as_bytes())
    shop.poll()
    deliveries = [each["delivery"] for each in shop.messages() if each["delivery"]]
    assert sorted(each["status"] for each in deliveries) == ["failed", "sent"]
    assert len(office.mails) == 2
