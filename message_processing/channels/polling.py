"""The background jobs that fetch messages from providers that send no requests, such as mailboxes."""

import logging
from uuid import UUID

from background import jobs
from background.channels.opening import Channels
from background.jobs import Job, Kind
from channels.base import SendFailed
from core.encryption import DecryptionFailed
from core.errors import IcmpError, NotFound
from core.limited_log import LimitedLog
from db import Database
from message_processing.channels.receiving import Receiver
from repositories import channels as channel_rows

logger = logging.getLogger(__name__)
limited_log = LimitedLog(logger)

_INTERVAL = 15.0  # seconds between looks at each channel
_KIND = "poll_channel"


class ChannelPolling:
    """Fetches the messages of all channels whose kind polls."""

    def __init__(self, database: Database, channels: Channels, receiver: Receiver) -> None:
        self._database, self._channels, self._receiver = database, channels, receiver

    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of these jobs, for the runner."""
        return Kind("poll_channels", self._add_jobs, every=_INTERVAL), Kind(_KIND, self._poll, max_attempts=1)

    def _add_jobs(self, job: Job) -> None:
        with self._database.transaction() as conn:
            job.checkpoint(conn)
            for row in channel_rows.list_polled(conn):
                payload = {"channel_id": str(row["channel_id"])}
                jobs.add(conn, _KIND, row["business_id"], payload, unique_key=f"{_KIND} {row['channel_id']}")

    def _poll(self, job: Job) -> None:
        """Fetch once. A channel that fails is looked at again with the next interval."""
        channel_id = UUID(job.payload["channel_id"])
        with self._database.transaction() as conn:
            job.checkpoint(conn)
            try:
                channel = channel_rows.get_channel(conn, job.business_id, channel_id)
            except NotFound:
                return
        kind = self._channels.kind(channel["kind"])
        if kind is None or not channel["enabled"]:
            return
        try:
            config = self._channels.config(channel)
            parsed, state = kind.poll(config, channel["poll_state"], self._channels.http(job.business_id))
            self._receiver.store(channel, parsed)
        except DecryptionFailed:
            self._receiver.record_error(channel, "The secrets of the channel cannot be decrypted. Enter them again.")
        except (SendFailed, IcmpError) as error:
            limited_log.warning("channel not polled", str(channel_id), business_id=str(job.business_id))
            self._receiver.record_error(channel, error.message)
        else:
            with self._database.transaction() as conn:
                job.checkpoint(conn)
                channel_rows.save_poll_state(conn, job.business_id, channel_id, dict(state))
