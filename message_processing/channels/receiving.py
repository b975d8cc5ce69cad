"""A provider's request: verified, parsed, and everything in it stored before the response."""

import logging
import threading
from contextlib import suppress
from uuid import UUID

from background.channels.opening import Channels
from background.channels.sending import MAX_CODE, MAX_ERROR
from channels.base import Config, Edited, Forged, Inbound, Kind, Parsed, Rated, Receipt, Request, Response
from channels.payloads import is_storable_id
from core.encryption import DecryptionFailed
from core.errors import IcmpError, InvalidRequest, NotFound, Unauthorized
from core.storable import storable_text
from db import Database, Row
from message_processing.accept import Accepted, live_release
from message_processing.channels.accepting import MAX_TEXT, accept_inbound, message_key
from message_processing.live.turn_frames import Publish, publish_accepted
from message_processing.ratings import rate_from_channel, rating_frame
from message_processing.release import ReleaseCache
from message_processing.worker.scheduler import Scheduler
from repositories import channel_messages, channel_sends
from repositories import channels as channel_rows

logger = logging.getLogger(__name__)


class Receiver:
    """Receives the requests of providers for all channels. `publish` tells the business's clients what is new."""

    def __init__(
        self,
        database: Database,
        releases: ReleaseCache,
        scheduler: Scheduler,
        channels: Channels,
        publish: Publish,
    ) -> None:
        self._database, self._releases = database, releases
        self._scheduler, self._channels, self._publish = scheduler, channels, publish

    def receive(self, channel_id: UUID, request: Request, base_url: str) -> Response | None:
        """Store everything that the request contains. Returns the response that the provider expects; None: any.

        Raises Unauthorized for an unknown or disabled channel and for a wrong signature, InvalidRequest for a request
        that cannot be read, and the errors of `accept_inbound`, after which the provider sends the request again.
        """
        with self._database.statement() as conn:
            channel = channel_rows.find_channel(conn, channel_id)
        kind = self._channels.kind(channel["kind"]) if channel and channel["enabled"] else None
        if channel is None or kind is None:
            raise _refused()
        config = self._verify(channel, kind, request, base_url)
        try:
            parsed = kind.parse(request, config)
        except Exception as error:  # a kind may meet anything in a request
            self.record_error(channel, "A request of the provider could not be read.")
            is_expected = isinstance(error, ValueError | RecursionError)
            fields = {"kind": kind.name, "cause": type(error).__name__}
            logger.warning("channel request unreadable", extra=fields, exc_info=not is_expected)
            raise InvalidRequest("The request could not be read.") from error
        self.store(channel, parsed)
        return parsed.response

    def store(self, channel: Row, parsed: Parsed) -> None:
        """Store the messages, receipts and edits of a channel (business_id, channel_id and kind), and start the turns
        of the messages. A message that can never be stored is left out, so that the provider does not repeat it
        forever. Raises the first other error after everything else was stored, except for later messages of the same
        sender."""
        first_error: IcmpError | None = None
        failed_senders: set[str] = set()
        for inbound in parsed.messages:
            if inbound.sender_id in failed_senders:
                continue  # it must not overtake the one that failed
            try:
                self.accept(channel, inbound)
            except InvalidRequest as error:
                self.record_error(channel, f"A message was not accepted: {error.message}")
            except IcmpError as error:
                first_error = first_error or error
                failed_senders.add(inbound.sender_id)
        for edited in parsed.edits:
            self._edit(channel, edited)
        for rated in parsed.ratings:
            self._rate(channel, rated)
        for receipt in parsed.receipts:
            self._apply(channel, receipt)
        if first_error is not None:
            self.record_error(channel, f"A message was not accepted: {first_error.message}")
            raise first_error
        with self._database.statement() as conn:
            channel_rows.record_inbound(conn, channel["business_id"], channel["channel_id"])

    def accept(self, channel: Row, inbound: Inbound, external_id: str | None = None) -> Accepted | None:
        """Store a message and start its turn. `channel` is a row of `channels.find_channel`. Returns what
        `accept_inbound` returns."""
        accepted = accept_inbound(
            self._database, self._releases, self._scheduler.process_id, channel, inbound, external_id
        )
        if accepted is not None:
            publish_accepted(self._publish, accepted)
            if accepted.is_new:
                self._scheduler.start(accepted)
                self._acknowledge(channel, inbound)
        return accepted

    def record_error(self, channel: Row, error: str) -> None:
        """Show the owner of a channel what went wrong."""
        with self._database.statement() as conn:
            error = storable_text(error)[:MAX_ERROR]
            channel_rows.record_error(conn, channel["business_id"], channel["channel_id"], error)

    def _verify(self, channel: Row, kind: Kind, request: Request, base_url: str) -> Config:
        """The configuration of the channel, if the request is genuine."""
        try:
            config = self._channels.config(channel, base_url)
            kind.verify(request, config)
        except DecryptionFailed as error:
            self.record_error(channel, "The secrets of the channel cannot be decrypted. Enter them again.")
            raise _refused() from error
        except Forged as error:
            self.record_error(channel, f"A request was refused: {error}")
            raise _refused() from error
        except Exception as error:  # a kind may meet anything in a request that nobody has signed
            self.record_error(channel, "A request was refused: its signature could not be checked.")
            logger.warning("channel request not verified", extra={"kind": kind.name}, exc_info=True)
            raise _refused() from error
        return config

    def _acknowledge(self, channel: Row, inbound: Inbound) -> None:
        """Let the provider show that a reply is being written. Neither the response nor the turn waits for it."""
        kind = self._channels.kind(channel["kind"])
        if kind is None or not kind.capabilities.typing:
            return
        config, http = self._channels.config(channel), self._channels.http(channel["business_id"])

        def acknowledge() -> None:
            try:
                kind.acknowledge(inbound, config, http)
            except Exception as error:  # the reply does not depend on it
                logger.info("message not acknowledged", extra={"kind": kind.name, "cause": type(error).__name__})

        threading.Thread(target=acknowledge, name="acknowledge", daemon=True).start()

    def _edit(self, channel: Row, edited: Edited) -> None:
        key = message_key(channel["channel_id"], edited.message_id)
        text = storable_text(edited.text).strip()[:MAX_TEXT]
        if not text:
            return
        with self._database.transaction() as conn:
            text = live_release(conn, channel["business_id"], self._releases).masking.text(text)
            changed = channel_messages.replace_text(conn, channel["business_id"], key, text)
        if changed:
            self._publish_change(channel, changed)

    def _rate(self, channel: Row, rated: Rated) -> None:
        # The answer may have been deleted since.
        with suppress(NotFound):
            with self._database.transaction() as conn:
                reply = rate_from_channel(conn, channel, rated.sender_id, rated.message_id, rated.rating)
            self._publish(channel["business_id"], rating_frame(reply))

    def _apply(self, channel: Row, receipt: Receipt) -> None:
        ids = filter(None, (receipt.provider_id, receipt.recipient_id))
        if not all(map(is_storable_id, ids)):
            return  # no message has such an ID
        code, error = storable_text(receipt.code or "")[:MAX_CODE], storable_text(receipt.error or "")[:MAX_ERROR]
        with self._database.statement() as conn:
            changed = channel_sends.apply_receipt(
                conn,
                channel["business_id"],
                channel["channel_id"],
                receipt.status,
                receipt.at,
                provider_id=receipt.provider_id,
                send_id=receipt.send_id,
                recipient_id=receipt.recipient_id,
                code=code or None,
                error=error or ("The provider could not deliver it." if receipt.status == "failed" else None),
            )
            if receipt.status == "failed" and changed and error:
                channel_rows.record_error(conn, channel["business_id"], channel["channel_id"], error)
        for row in changed:
            self._publish_change(channel, row)

    def _publish_change(self, channel: Row, message: Row) -> None:
        names = ("conversation_id", "message_id")
        frame = {"type": "message.changed", **{name: str(message[name]) for name in names}, "seq": message["seq"]}
        self._publish(channel["business_id"], frame)


def _refused() -> Unauthorized:
    """The same for a channel that does not exist, so that nobody can find out which ones do."""
    return Unauthorized(
        "The channel does not exist or is disabled, or the signature is wrong.",
        remediation="Check the secrets of the channel. Its owner sees what is wrong.",
    )
