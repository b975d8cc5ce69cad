"""A mail server with a share of errors, and the mails of customers as a mail provider sends them to the webhook."""

import random
from collections import deque
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope

from tests.support.fake_provider import Delivery
from tests.support.mail_server import MailServer, text_of
from tests.support.mails import SHOP, mail_of

SECRETS = {"webhook_password": "the password of the webhook"}


class FakeMail(MailServer):
    """Context manager. Mails to customers, of which a share of `error_rate` is refused for the moment."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        self.random = random.Random(seed)
        self.error_rate = 0.0
        self.deliveries: deque[Delivery] = deque()  # there are no receipts

    @property
    def settings(self) -> dict[str, Any]:
        """Those of a channel."""
        return {"address": SHOP, "smtp_host": "127.0.0.1", "smtp_port": self.port}

    def to(self, recipient: str) -> list[str]:
        """The texts that a customer has received, in order."""
        return [text_of(mail).strip() for mail in self.mails_to(address_of(recipient))]

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:
        if self.random.random() < self.error_rate:
            return self.random.choice(["451 Try again later", "421 Too many connections"])
        return await super().handle_DATA(server, session, envelope)


def address_of(customer: str) -> str:
    return f"ann@c{customer}"


def incoming(message_id: str, customer: str, text: str) -> Delivery:
    """A request with a mail of a customer, all of whose mails belong to one conversation."""
    headers = {"Message-ID": f"<{message_id}@customers>", "References": f"<{customer}@customers>"}
    mail = mail_of(text, sender=address_of(customer), **headers)
    authorization = {"authorization": f"Bearer {SECRETS['webhook_password']}"}
    return Delivery(mail.as_bytes(), {"content-type": "message/rfc822", **authorization})
