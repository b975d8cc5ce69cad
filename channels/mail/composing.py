"""The mail for a reply."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from channels.base import Outgoing
from channels.mail.reading import UNVERIFIED
from channels.mail.threads import new_id

_MAX_SUBJECT = 300  # characters
# The library would encode message IDs that are longer than the usual 78 characters, and no program would find them.
_POLICY = SMTP.clone(max_line_length=900)


def recipient_of(message: Outgoing) -> str:
    """The customer's address."""
    return message.recipient_id.removeprefix(UNVERIFIED)


def compose(message: Outgoing, sender: str, sender_name: str, subject: str, now: datetime) -> EmailMessage:
    """A mail of the business's address. `subject` is for customers who have not written yet. Raises ValueError if an
    address cannot be used in mails."""
    details = message.details
    mail = EmailMessage(policy=_POLICY)
    name = f"{message.sender_name} ({sender_name})" if message.sender_name and sender_name else sender_name
    mail["From"] = Address(_one_line(name or message.sender_name or ""), addr_spec=sender)
    mail["To"] = Address(addr_spec=recipient_of(message))
    mail["Subject"] = _one_line(_reply_subject(str(details.get("subject") or "")) or subject)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = new_id(message.send_id, message.thread, message.recipient_id, sender.rpartition("@")[2])
    if answered := details.get("message_id"):
        mail["In-Reply-To"] = answered
        mail["References"] = " ".join(dict.fromkeys([*details.get("references", []), answered]))
    if message.sender_name is None:
        # Of the assistant: other programs do not answer it, so that no loop starts.
        mail["Auto-Submitted"] = "auto-replied" if answered else "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(message.text, cte="quoted-printable")
    return mail


def _reply_subject(subject: str) -> str:
    return subject if not subject or subject.lower().startswith("re:") else f"Re: {subject}"


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_MAX_SUBJECT]
