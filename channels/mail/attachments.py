"""The files and photos of a mail."""

from email.message import EmailMessage

from channels.base import Attachment, AttachmentKind

_MAX_ATTACHMENTS = 10  # of a mail; further ones are left out
_MAX_IMAGE_BYTES = 5 * 1024 * 1024  # larger images are stored without their content
_MAX_LOGO_BYTES = 20_000  # of images inside of HTML that are taken for a part of the signature
_MAX_NAME = 200  # characters
_KINDS: dict[str, AttachmentKind] = {"image": "image", "audio": "voice", "video": "video"}


def attachments_of(mail: EmailMessage) -> tuple[Attachment, ...]:
    """The attachments, with the content of images."""
    body = mail.get_body(("plain", "html"))
    found: list[Attachment] = []
    for part in mail.walk():
        if part is body or part.is_multipart() or not isinstance(part, EmailMessage):
            continue
        if part.get_content_maintype() == "text" and not part.is_attachment():
            continue  # the same text in another format
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
        kind = _KINDS.get(part.get_content_maintype(), "file")
        if kind == "image" and part["Content-ID"] and not part.is_attachment() and len(content) <= _MAX_LOGO_BYTES:
            continue
        is_kept = kind == "image" and 0 < len(content) <= _MAX_IMAGE_BYTES
        name = " ".join((part.get_filename() or "").split())[:_MAX_NAME]
        found.append(Attachment(kind, part.get_content_type(), content=content if is_kept else None, name=name or None))
    return tuple(found[:_MAX_ATTACHMENTS])
