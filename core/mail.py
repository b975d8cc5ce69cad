"""Sends mail through the SMTP server of SMTP_URL."""

import re
import smtplib
import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from ipaddress import ip_address
from typing import Literal
from urllib.parse import unquote, urlsplit

from core.settings import ConfigError

_SENDER = re.compile(r"[^@<>\s]+@[^@<>\s]+|[^@<>]*<[^@<>\s]+@[^@<>\s]+>")
TIMEOUT = 10.0  # seconds for each answer of the server


class MailFailed(Exception):
    """A message was not sent. The text says why, without addresses or content."""

    def __init__(self, reason: str, is_permanent: bool) -> None:
        super().__init__(reason)
        self.is_permanent = is_permanent  # whether another attempt would fail too


@dataclass(frozen=True)
class MailServer:
    """An SMTP server, and the address from which it sends."""

    host: str
    port: int
    security: Literal["starttls", "tls"]
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    def send(self, recipient: str, subject: str, text: str) -> None:
        """Send a message in plain text. Raises MailFailed."""
        message = EmailMessage()
        message["From"] = self.sender
        message["Subject"] = subject
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=self.sender.rpartition("@")[2].rstrip(">"))
        message["Auto-Submitted"] = "auto-generated"  # no replies of absent people
        message.set_content(text)
        try:
            message["To"] = Address(addr_spec=recipient)
            with self._connect() as smtp:
                smtp.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code = min(code for code, _ in error.recipients.values())
            raise MailFailed(f"the server refused the recipient ({code})", code >= 500) from error
        except smtplib.SMTPResponseException as error:
            raise MailFailed(f"{type(error).__name__} {error.smtp_code}", is_permanent=False) from error
        except (smtplib.SMTPException, OSError) as error:
            raise MailFailed(type(error).__name__, is_permanent=False) from error
        except ValueError as error:  # an address that the library does not accept
            raise MailFailed("the address is not valid", is_permanent=True) from error

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.security == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context)
        else:
            smtp = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        try:
            self._log_in(smtp, context)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _log_in(self, smtp: smtplib.SMTP, context: ssl.SSLContext) -> None:
        """Encrypts the connection, unless the server is this computer: links and passwords are secret."""
        smtp.ehlo_or_helo_if_needed()
        if self.security == "starttls" and (smtp.has_extn("starttls") or not self._is_this_computer()):
            smtp.starttls(context=context)  # raises SMTPNotSupportedError
        if self.user:
            smtp.login(self.user, self.password or "")

    def _is_this_computer(self) -> bool:
        try:
            return self.host == "localhost" or ip_address(self.host).is_loopback
        except ValueError:
            return False


def mail_server(url: str | None, sender: str | None, public_url: str | None) -> MailServer | None:
    """The server of the settings SMTP_URL, such as `smtp://user:password@host:587`, and MAIL_FROM. Raises ConfigError.

    Mail contains links, which must not start with a Host header that anyone can send, so PUBLIC_URL is required."""
    if url is None:
        return None
    if public_url is None:
        raise ConfigError("PUBLIC_URL is not set, but SMTP_URL is: set it too, because mail contains links.")
    if sender is None:
        raise ConfigError("MAIL_FROM is not set, but SMTP_URL is: set it to the sender's address.")
    if not (_SENDER.fullmatch(sender) and sender.isprintable()):
        raise ConfigError("MAIL_FROM must be an address like icmp@example.com or ICMP <icmp@example.com>.")
    parts = urlsplit(url)
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ConfigError("SMTP_URL must look like smtp://user:password@host:587, without a path.")
    is_tls = parts.scheme == "smtps"
    return MailServer(
        parts.hostname or "",
        parts.port or (465 if is_tls else 587),
        "tls" if is_tls else "starttls",
        sender,
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None,
    )
