"""E-mail: mails arrive through IMAP or from a mail provider's webhook, and replies leave through SMTP.

A mail that another program has sent is stored and never answered; see `channels/mail/reading.py`.
"""

import base64
import hmac
import json
import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email import policy
from email.errors import MessageError
from email.parser import BytesParser
from typing import Any
from urllib.parse import parse_qsl

from channels.base import (
    Attachment,
    Capabilities,
    Config,
    Forged,
    Http,
    Inbound,
    Kind,
    Outgoing,
    Parsed,
    Receipt,
    Request,
    Secret,
    SendFailed,
    Sent,
)
from channels.mail.composing import compose, recipient_of
from channels.mail.reading import Mailbox, read_mail
from channels.mail.servers import MailboxReader, Server, open_mailbox, send_mail
from channels.mail.settings import SETTINGS
from core.concurrency import run_in_thread

logger = logging.getLogger(__name__)

MAX_MAILS = 20  # that one call of `poll` reads
_MAX_POLL_BYTES = 20 * 1024 * 1024  # after which it reads no further mail
POLL_SECONDS = 60.0
_MAX_FIELDS = 200  # of a form
_FIELDS = ("email", "body-mime", "RawEmail", "raw")  # in which providers send the mail as it is


class Email(Kind):
    """Mails of one address."""

    name = "email"
    title = "E-mail"
    settings_schema = SETTINGS
    secrets = (
        Secret(
            "password",
            "Password",
            "Of the mailbox, for IMAP and SMTP. Many providers require an app password.",
            required=False,
        ),
        Secret(
            "webhook_password",
            "Password of the webhook",
            "A provider that sends mails to the webhook address uses it as the password of HTTP Basic authentication.",
            generated=True,
        ),
    )
    capabilities = Capabilities(images=True, receipts=True, polls=True)

    def verify(self, request: Request, config: Config) -> None:
        """The password is sent as HTTP Basic authentication, which mail providers support, or as a bearer token."""
        scheme, _, value = _header(request, "authorization").partition(" ")
        if scheme.lower() == "basic":
            try:
                value = base64.b64decode(value, validate=True).decode().partition(":")[2]
            except ValueError as error:  # not base64, or not text
                raise Forged("The header Authorization cannot be read.") from error
        expected = config.secrets.get("webhook_password", "")
        if not expected or not hmac.compare_digest(value.strip().encode(), expected.encode()):
            raise Forged("The password is missing or wrong.")

    def parse(self, request: Request, config: Config) -> Parsed:
        """One mail: the body of the request, or a field of a form or of a JSON object."""
        return _parsed([run_in_thread(read_mail, _mail_in(request), _mailbox(config), request.received_at)])

    def send(self, message: Outgoing, config: Config, http: Http) -> Sent:
        """Send a mail, as the answer to the customer's latest one."""
        settings = config.settings
        sender = str(settings["address"])
        try:
            mail = compose(message, sender, settings["sender_name"], settings["subject"], datetime.now(UTC))
            content = mail.as_bytes()
        except (ValueError, MessageError) as error:
            raise SendFailed("The address cannot be used in a mail.", code="address", permanent=True) from error
        send_mail(_server(config, "smtp"), http, sender, recipient_of(message), content)
        return Sent(str(mail["Message-ID"]))

    def poll(self, config: Config, state: Mapping[str, Any], http: Http) -> tuple[Parsed, Mapping[str, Any]]:
        """The mails that have arrived since the last call. The first call only notes what is there, because older
        mails have been answered by somebody else."""
        if not config.settings.get("imap_host"):
            return Parsed(), state
        now = datetime.now(UTC)
        with open_mailbox(_server(config, "imap"), http, config.settings["imap_folder"], POLL_SECONDS) as folder:
            if not state:
                return Parsed(), _state(folder, folder.next_uid, now)
            uids = _new_mails(folder, state)
            end = max([folder.next_uid, *(uid + 1 for uid in uids)])
            found: list[Inbound | Receipt | None] = []
            size = 0
            while uids and len(found) < MAX_MAILS and size < _MAX_POLL_BYTES:
                raw = folder.fetch(uids.pop(0))
                if raw is not None:
                    size += len(raw)
                    found.append(run_in_thread(_read, raw, _mailbox(config), now))
            next_uid = uids[0] if uids else end
            return _parsed(found), _state(folder, next_uid, now)

    def download(self, attachment: Attachment, config: Config, http: Http) -> bytes:
        """Mails contain their images, except for those that are too large."""
        if attachment.content is None:
            raise SendFailed("The image is larger than 5 MB.", code="too_large", permanent=True)
        return attachment.content


def _new_mails(folder: MailboxReader, state: Mapping[str, Any]) -> list[int]:
    if folder.validity == state["validity"]:
        return folder.uids_from(state["next_uid"])
    # The numbers have changed. Mails that are read twice are accepted once.
    polled_at = datetime.fromisoformat(state["polled_at"]) - timedelta(days=1)
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return folder.uids_since(f"{polled_at.day}-{months[polled_at.month - 1]}-{polled_at.year}")


def _state(folder: MailboxReader, next_uid: int, now: datetime) -> dict[str, Any]:
    return {"validity": folder.validity, "next_uid": next_uid, "polled_at": now.isoformat()}


def _read(raw: bytes, mailbox: Mailbox, received_at: datetime) -> Inbound | Receipt | None:
    """A mail that cannot be read must not keep the others from being read."""
    try:
        return read_mail(raw, mailbox, received_at)
    except Exception:  # the library has not been written for hostile mails
        logger.warning("a mail cannot be read", exc_info=True)
        return None


def _parsed(found: list[Inbound | Receipt | None]) -> Parsed:
    messages = tuple(each for each in found if isinstance(each, Inbound))
    return Parsed(messages, tuple(each for each in found if isinstance(each, Receipt)))


def _server(config: Config, protocol: str) -> Server:
    settings = config.settings
    return Server(
        settings[f"{protocol}_host"],
        settings[f"{protocol}_port"],
        settings[f"{protocol}_security"],
        settings["user"] or settings["address"],
        config.secrets.get("password"),
    )


def _mailbox(config: Config) -> Mailbox:
    return Mailbox(config.settings["address"], config.settings["authentication_server"] or None)


def _mail_in(request: Request) -> bytes:
    """The mail in a request. Raises ValueError."""
    media_type = _header(request, "content-type").partition(";")[0].strip().lower()
    if media_type == "application/json":
        content = json.loads(request.body)
        fields = content.items() if isinstance(content, dict) else ()
        return _first((name, value.encode()) for name, value in fields if isinstance(value, str))
    if media_type == "multipart/form-data":
        form = b"Content-Type: " + _header(request, "content-type").encode() + b"\r\n\r\n" + request.body
        return _first(_form_fields(form))
    if media_type == "application/x-www-form-urlencoded":
        # As Latin-1, in which each byte is a character: the mail may be in any encoding.
        pairs = parse_qsl(request.body.decode("ascii"), encoding="latin-1", max_num_fields=_MAX_FIELDS)
        return _first((name, value.encode("latin-1")) for name, value in pairs)
    return request.body


def _form_fields(form: bytes) -> Iterator[tuple[str, bytes]]:
    """The fields of a form, as bytes: the mail need not be text in one encoding."""
    for part in BytesParser(policy=policy.HTTP).parsebytes(form).iter_parts():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield str(part.get_param("name", header="content-disposition")), content


def _first(fields: Iterator[tuple[str, bytes]]) -> bytes:
    mail = next((value for name, value in fields if name in _FIELDS), None)
    if mail is None:
        raise ValueError("The request contains no mail as it was received.")
    return mail


def _header(request: Request, name: str) -> str:
    return next((value for each, value in request.headers.items() if each.lower() == name), "")


KIND = Email()
