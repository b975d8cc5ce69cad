"""The images that customers send, for models that accept them."""

import base64
import logging

from background.channels.opening import Channels
from channels.base import Attachment, SendFailed
from channels.http import MAX_FILE_BYTES
from core.encryption import DecryptionFailed
from core.errors import IcmpError
from db import Database, Row
from message_processing.turn import Turn
from repositories import attachments

logger = logging.getLogger(__name__)

MAX_IMAGES = 3  # of a message that a model gets
_TYPES = {  # by the first bytes, because providers and customers name them wrongly
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}


class ImageLoader:
    """Fetches each image from the provider once, and stores it."""

    def __init__(self, database: Database, channels: Channels) -> None:
        self._database, self._channels = database, channels

    def load(self, turn: Turn) -> tuple[str, ...]:
        """The images of the turn's message as `data:` URLs, without those that cannot be fetched. Holds no database
        connection while it waits for the provider."""
        ids = [each["attachment_id"] for each in turn.attachments if each["kind"] == "image"][:MAX_IMAGES]
        return tuple(url for each in ids if (url := self._load(turn, each)) is not None)

    def _load(self, turn: Turn, attachment_id: str) -> str | None:
        with self._database.statement() as conn:
            row = attachments.find_with_channel(conn, turn.business_id, attachment_id)
        if row is None:
            return None
        content = bytes(row["content"]) if row["content"] is not None else None
        if content is None and row["error"] is None:
            content, error = self._download(row)
            with self._database.statement() as conn:
                attachments.store_content(conn, turn.business_id, attachment_id, content, error)
        return _data_url(content) if content else None

    def _download(self, row: Row) -> tuple[bytes | None, str | None]:
        """The content, or why it cannot be fetched."""
        kind = self._channels.kind(row["channel_kind"])
        if kind is None or not kind.capabilities.images:
            return None, "This kind of channel has no images."
        try:
            attachment = Attachment("image", row["media_type"], row["reference"], name=row["name"])
            content = kind.download(attachment, self._channels.config(row), self._channels.http(row["business_id"]))
        except SendFailed as failure:
            return None, failure.message
        except DecryptionFailed:
            return None, "The secrets of the channel cannot be decrypted."
        except IcmpError:
            raise
        except Exception:  # the customer gets an answer without the image
            logger.exception("image not fetched", extra={"business_id": str(row["business_id"])})
            return None, "The image could not be fetched."
        if len(content) > MAX_FILE_BYTES:
            return None, "The image has more than 5 MB."
        return (content, None) if media_type_of(content) else (None, "The file is not an image.")


def media_type_of(content: bytes) -> str | None:
    """The type of an image that models and browsers can show; None for everything else."""
    found = next((name for start, name in _TYPES.items() if content.startswith(start)), None)
    return None if found == "image/webp" and content[8:12] != b"WEBP" else found


def _data_url(content: bytes) -> str | None:
    media_type = media_type_of(content)
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}" if media_type else None
