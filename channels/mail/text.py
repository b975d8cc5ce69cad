"""The text that the sender of a mail has written, without quotes and signatures."""

import re
from email.message import EmailMessage, MIMEPart
from typing import Any

import quotequail
from mailparser_reply.parser import EmailMessage as ParsedText

from channels.mail.html import text_of_html
from core.storable import storable_text

MAX_TEXT = 20_000  # characters, as of other messages
# The libraries take quadratic time for some texts, so they only see so much.
_MAX_LINES = 250
_MAX_SIGNATURE_LINES = 12
_MAX_SIGNATURE_LINE = 100  # characters
_MAX_CLOSING_WORDS = 4  # "Thanks, I have got it now" is not the start of a signature
_LANGUAGES = ("en", "de", "es", "fr", "it", "nl")
_DELIMITER = "--"  # of a signature, as RFC 3676 defines
_FORWARDED = re.compile(r"(?:fwd?|wg|rv|tr|i)\s*:", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n\s*\n\s*\n+")


def written_text(mail: EmailMessage, subject: str) -> str:
    """What the sender has written. A forwarded mail is kept, because the sender wants it to be read."""
    is_forwarded = _FORWARDED.match(subject) is not None
    text = _clean(_body(mail))
    return text if is_forwarded else without_signature(without_quotes(text))


def without_quotes(text: str) -> str:
    """The text without the mail that it answers. Answers between quoted lines are kept."""
    lines = text.split("\n")
    found = quotequail.unwrap("\n".join(lines[:_MAX_LINES]))
    if found is None:
        return text
    top, bottom = found.get("text_top", ""), found.get("text_bottom", "")
    # Without either of them it may be a sentence like "On Monday I wrote:".
    return _unquoted(f"{top}\n\n{bottom}") or _unquoted(text) or text


def without_signature(text: str) -> str:
    """The text without the closing and the name at its end, if it consists of more than that."""
    lines = text.split("\n")
    for number in range(max(len(lines) - _MAX_SIGNATURE_LINES - 1, 1), len(lines)):
        if lines[number].rstrip() == _DELIMITER:
            return "\n".join(lines[:number]).strip() or text
    end = lines[-_MAX_SIGNATURE_LINES:]
    while any(len(line) > _MAX_SIGNATURE_LINE for line in end):
        del end[0]
    if not end:
        return text
    parsed = ParsedText(text="\n".join(end), languages=list(_LANGUAGES), keep_hyphen_lists=True).read()
    signature = parsed.replies[-1].signatures or ""
    rest = text.removesuffix(signature).strip()
    is_closing = len(signature.partition("\n")[0].split()) <= _MAX_CLOSING_WORDS
    return rest if rest and is_closing else text


def _unquoted(text: str) -> str:
    return _clean("\n".join(line for line in text.split("\n") if not line.startswith(">")))


def _body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain", "html"))
    if part is None:
        payload = mail.get_payload()  # a text if the mail says that it has parts, but has none
        return payload if isinstance(payload, str) and mail.get_content_maintype() == "multipart" else ""
    content = _content_of(part)
    return text_of_html(content) if part.get_content_subtype() == "html" else content


def _content_of(part: "MIMEPart[Any, Any]") -> str:
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError, ValueError):  # an unknown character set, or a broken encoding
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _clean(text: str) -> str:
    """The text as it is stored: without trailing spaces and repeated blank lines."""
    text = storable_text(text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " "))[:MAX_TEXT]
    return _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()
