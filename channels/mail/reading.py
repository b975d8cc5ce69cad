"""What a mail is: a message of a customer, a report that a mail of ours was not delivered, or neither."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.errors import HeaderParseError
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any

from channels.base import Inbound, Receipt
from channels.mail.attachments import attachments_of
from channels.mail.senders import is_authentic
from channels.mail.text import written_text
from channels.mail.threads import ids_in, send_id_of, thread_of
from core.storable import storable_text

UNVERIFIED = "unverified:"  # starts the ID of a sender whose address may be forged
MAX_REPLIES_IN_THREAD = 25  # of ICMP, after which a thread is taken for a loop
_MAX_REFERENCES = 50  # that are read and written
_MAX_SUBJECT = 300  # characters
_MAX_NAME = 100  # characters
_ADDRESS = re.compile(r"[^@\s<>,;:\"()]{1,64}@[^@\s<>,;:\"()]{1,255}")
_REPLY = re.compile(r"(?:re|aw|antw|sv|res|rv)\s*:\s*", re.IGNORECASE)
_ROBOTS = re.compile(r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)\b.*", re.IGNORECASE)
# Headers of automatic mails and of lists, whatever their value; answering those is how loops start.
_AUTOMATIC = ("X-Autoreply", "X-Autorespond", "X-Autoresponse", "X-Auto-Response-Suppress", "X-Failed-Recipients")
_LISTS = ("List-Id", "List-Unsubscribe", "Feedback-ID")
_BULK = ("bulk", "junk", "list", "auto_reply")


@dataclass(frozen=True)
class Mailbox:
    """The business's side: its address, and the server whose checks of senders are trusted, if any."""

    address: str
    authentication_server: str | None = None


def read_mail(raw: bytes, mailbox: Mailbox, received_at: datetime) -> Inbound | Receipt | None:
    """None: nothing for this mailbox, such as a copy of a mail that it has sent. Raises ValueError if it is no mail."""
    mail = BytesParser(EmailMessage, policy=policy.default).parsebytes(raw)
    if mail.get_content_type() == "multipart/report":
        return _bounce(mail, received_at)
    name, address = parseaddr(_raw(mail, "From"))
    address = storable_text(address).strip().lower()
    if not _ADDRESS.fullmatch(address):
        raise ValueError("The mail names no sender.")
    if address == mailbox.address.lower():
        return None
    sender_id, is_verified = address, False
    if mailbox.authentication_server:
        results = [str(each) for each in mail.get_all("Authentication-Results", [])]
        is_verified = is_authentic(results, mailbox.authentication_server, address)
        sender_id = address if is_verified else f"{UNVERIFIED}{address}"
    [message_id] = ids_in(_raw(mail, "Message-ID"))[:1] or [f"<{hashlib.sha256(raw).hexdigest()}@mail>"]
    references = list(dict.fromkeys(ids_in(_text(mail, "References")) + ids_in(_text(mail, "In-Reply-To"))))
    subject = " ".join(_text(mail, "Subject").split())[:_MAX_SUBJECT]
    # What a name contains is not shown as text of the mail.
    name = " ".join(storable_text(_text_of_name(mail, name)).split())[:_MAX_NAME]
    return Inbound(
        message_id=message_id,
        sender_id=sender_id,
        text=_with_subject(written_text(mail, subject), subject, bool(references)),
        sender_name=name or None,
        sent_at=_date(mail, received_at),
        attachments=attachments_of(mail),
        thread=thread_of(references, message_id, sender_id),
        details={"subject": subject, "message_id": message_id, "references": _shortened(references)},
        email=address if is_verified else None,
        answer=not (sender_id != address or _is_automatic(mail, address, references)),
    )


def _is_automatic(mail: "Message[Any, Any]", address: str, references: list[str]) -> bool:
    """Whether an answer could start a loop, or would reach nobody."""
    kind = _raw(mail, "Auto-Submitted").strip().lower()
    return (
        kind not in ("", "no")
        or any(header in mail for header in (*_AUTOMATIC, *_LISTS))
        or _raw(mail, "Precedence").strip().lower() in _BULK
        or _raw(mail, "Return-Path").strip() == "<>"
        or _raw(mail, "X-Spam-Flag").strip().lower() == "yes"
        or _ROBOTS.match(address) is not None
        or sum(send_id_of(reference) is not None for reference in references) >= MAX_REPLIES_IN_THREAD
    )


def _bounce(mail: EmailMessage, received_at: datetime) -> Receipt | None:
    """The failure that a server reports (RFC 3464); None for a delay, or if ICMP has not sent the mail."""
    if not any(_raw(block, "Action").strip().lower() == "failed" for block in _report_blocks(mail)):
        return None
    status = next((_raw(block, "Status").strip() for block in _report_blocks(mail) if "Status" in block), "")
    code = status if re.fullmatch(r"\d\.\d{1,3}\.\d{1,3}", status) else None
    for part in mail.walk():
        references = ids_in(_raw(part, "Message-ID"))
        if part.get_content_type() == "text/rfc822-headers":
            references += ids_in(str(part.get_payload()))
        for reference in references:
            if send_id := send_id_of(reference):
                error = "The mail could not be delivered to the customer's address."
                return Receipt("failed", received_at, send_id=send_id, code=code, error=error)
    return None


def _report_blocks(mail: EmailMessage) -> Iterator["Message[Any, Any]"]:
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            yield from (block for block in part.walk() if block is not part)


def _with_subject(text: str, subject: str, is_reply: bool) -> str:
    """The text with the subject of a new conversation, which is often a part of the question."""
    if is_reply or not subject or _REPLY.match(subject):
        return text
    return f"{subject}\n\n{text}" if text else subject


def _shortened(references: list[str]) -> list[str]:
    """The first one, which identifies the thread, and the latest."""
    return references[:1] + references[1:][-_MAX_REFERENCES + 1 :]


def _date(mail: "Message[Any, Any]", received_at: datetime) -> datetime | None:
    try:
        date = parsedate_to_datetime(_raw(mail, "Date"))
    except (TypeError, ValueError, OverflowError):
        return None
    return min(date if date.tzinfo else date.replace(tzinfo=UTC), received_at)


def _text_of_name(mail: "Message[Any, Any]", raw: str) -> str:
    try:
        return str(mail["From"].addresses[0].display_name)
    except (AttributeError, IndexError, HeaderParseError, ValueError):
        return raw


def _text(mail: "Message[Any, Any]", name: str) -> str:
    """The decoded text of a header."""
    try:
        return storable_text(str(mail[name] or ""))
    except (AttributeError, IndexError, HeaderParseError, ValueError):  # the library fails for some malformed headers
        return storable_text(_raw(mail, name))


def _raw(mail: "Message[Any, Any]", name: str) -> str:
    """A header as it was sent; an empty text if it is missing."""
    return next((str(value) for each, value in mail.raw_items() if each.lower() == name.lower()), "")
