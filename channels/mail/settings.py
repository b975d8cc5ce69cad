"""What the owner of an e-mail channel enters."""

from collections.abc import Mapping
from typing import Any

_HOST = {"type": "string", "minLength": 1, "maxLength": 253, "pattern": r"^[^\s/:@]+$"}
_PORT = {"type": "integer", "minimum": 1, "maximum": 65_535}
_SECURITY = {"type": "string", "enum": ["tls", "starttls"], "title": "Encryption"}

SETTINGS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["address", "smtp_host"],
    "properties": {
        "address": {
            "type": "string",
            "format": "email",
            "pattern": r"^[^\s@]+@[^\s@]+$",
            "maxLength": 254,
            "title": "Address",
            "description": "Customers write to this address, and replies are sent from it.",
        },
        "sender_name": {
            "type": "string",
            "maxLength": 100,
            "default": "",
            "title": "Name of the sender",
            "description": "Shown with the address, such as the name of your business.",
        },
        "subject": {
            "type": "string",
            "minLength": 1,
            "maxLength": 200,
            "default": "Message for you",
            "title": "Subject of new mails",
            "description": "Used if the customer's mail has no subject.",
        },
        "user": {
            "type": "string",
            "maxLength": 254,
            "default": "",
            "title": "User name",
            "description": "Of the mailbox; for IMAP and SMTP. Usually the address, which is used if it is empty.",
        },
        "smtp_host": {
            **_HOST,
            "title": "SMTP server",
            "description": "Sends replies. Such as smtp.example.com.",
        },
        "smtp_port": {
            **_PORT,
            "default": 587,
            "title": "SMTP port",
            "description": "587 for STARTTLS, 465 for TLS.",
        },
        "smtp_security": {
            **_SECURITY,
            "default": "starttls",
            "title": "SMTP encryption",
            "description": "How the connection is encrypted.",
        },
        "imap_host": {
            **_HOST,
            "title": "IMAP server",
            "description": "Receives mails. Leave it out if a provider sends mails to the webhook address instead.",
        },
        "imap_port": {
            **_PORT,
            "default": 993,
            "title": "IMAP port",
            "description": "993 for TLS, 143 for STARTTLS.",
        },
        "imap_security": {
            **_SECURITY,
            "default": "tls",
            "title": "IMAP encryption",
            "description": "How the connection is encrypted.",
        },
        "imap_folder": {
            "type": "string",
            "minLength": 1,
            "maxLength": 200,
            "default": "INBOX",
            "title": "Folder",
            "description": "Mails in this folder are answered.",
        },
        "authentication_server": {
            "type": "string",
            "maxLength": 253,
            "default": "",
            "title": "Server that checks senders",
            "description": "The name at the start of the header Authentication-Results of mails that you receive, "
            "such as mx.google.com. If it is set, only mails whose sender this server has found genuine are answered.",
        },
    },
}
