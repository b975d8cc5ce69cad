"""What a kind of channel needs to work for one channel: its decrypted configuration, and a client for requests."""

import json
import logging
from uuid import UUID

from channels import kinds
from channels.base import Config, Http, Kind, OutcomeUnknown, Outgoing, SendFailed, Sent
from core.encryption import Cipher, DecryptionFailed, Encrypted
from core.outgoing.client import OutgoingClient
from db import Row

logger = logging.getLogger(__name__)

Outcome = Sent | SendFailed | OutcomeUnknown


class Channels:
    """The channels of all businesses."""

    def __init__(
        self, cipher: Cipher, client: OutgoingClient, graph_url: str, telegram_url: str, public_url: str | None
    ) -> None:
        """`client` may call the addresses of providers. The URLs have no slash at the end."""
        self._cipher, self._client = cipher, client
        self._graph_url, self._telegram_url = graph_url, telegram_url
        self._public_url = public_url

    def kind(self, name: str) -> Kind | None:
        """The kind of this name. None if its module was removed."""
        return kinds().get(name)

    def config(self, row: Row, base_url: str | None = None) -> Config:
        """The configuration of a channel. `base_url` is that of this server if PUBLIC_URL is not set. Raises
        DecryptionFailed."""
        kind = kinds()[row["kind"]]
        defaults = {
            name: schema["default"]
            for name, schema in kind.settings_schema.get("properties", {}).items()
            if "default" in schema
        }
        return Config(
            channel_id=row["channel_id"],
            settings=defaults | row["settings"],
            secrets=self.secrets(row),
            webhook_url=self.webhook_url(row["channel_id"], base_url),
            graph_url=self._graph_url,
            telegram_url=self._telegram_url,
        )

    def secrets(self, row: Row) -> dict[str, str]:
        """The secrets of a channel by name. Raises DecryptionFailed."""
        encrypted = Encrypted(row["key_id"], bytes(row["encrypted_secrets"]))
        secrets: dict[str, str] = json.loads(self._cipher.decrypt(encrypted, row["business_id"], row["channel_id"]))
        return secrets

    def encrypt(self, business_id: UUID, channel_id: UUID, secrets: dict[str, str]) -> Encrypted:
        """The secrets as they are stored."""
        return self._cipher.encrypt(json.dumps(secrets), business_id, channel_id)

    def http(self, business_id: UUID) -> Http:
        """A client for requests of the business's channels."""
        return Http(self._client, str(business_id))

    def send(self, row: Row, kind: Kind, message: Outgoing, base_url: str | None = None) -> Outcome:
        """Make one attempt to send a message in a channel. Returns what is known of it afterwards."""
        try:
            return kind.send(message, self.config(row, base_url), self.http(row["business_id"]))
        except (SendFailed, OutcomeUnknown) as failure:
            return failure
        except DecryptionFailed:
            return SendFailed("The secrets of the channel cannot be decrypted. Enter them again.", code="secrets")
        except Exception:  # nobody knows how far a kind has got
            logger.exception("sending failed", extra={"business_id": str(row["business_id"]), "kind": kind.name})
            return OutcomeUnknown("The message could not be processed.", code="internal_error")

    def webhook_url(self, channel_id: UUID, base_url: str | None = None) -> str:
        """The URL to which the provider sends its requests."""
        return f"{self._public_url or base_url or ''}/api/v1/channels/{channel_id}/webhook"
