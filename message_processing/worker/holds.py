"""Ends the streams of a conversation that a person takes over, and confirms it.

The takeover has made the conversation's unfinished turns `held` and asked each living process, with a row in
`hold_requests`, to end what it streams of them. It returns when all have deleted their rows.
"""

import logging
import threading
from collections.abc import Callable
from uuid import UUID

from core.errors import DatabaseUnavailable
from db import Database, Row
from message_processing.worker.followers import Followers
from repositories import takeovers

logger = logging.getLogger(__name__)

# Seconds that clients have to receive the end of their streams. One that does not read cannot delay a takeover longer.
DELIVERY_TIMEOUT = 3.0


class Holds:
    """The confirmations of one process."""

    def __init__(self, database: Database, end_streams: Callable[[list[Row]], None], followers: Followers) -> None:
        """`end_streams` ends what is streamed of the held turns (turn_id, handled_by) of a conversation."""
        self._database = database
        self._end_streams = end_streams
        self._followers = followers
        self._in_progress: set[UUID] = set()  # conversations

    def start(self, request: Row) -> None:
        """Confirm a request in a thread, unless one for the same conversation is in progress."""
        if request["conversation_id"] not in self._in_progress:
            self._in_progress.add(request["conversation_id"])
            threading.Thread(target=self._confirm, args=(request,), daemon=True).start()

    def _confirm(self, request: Row) -> None:
        conversation = request["business_id"], request["conversation_id"]
        try:
            with self._database.statement() as conn:
                held = takeovers.held_turns(conn, *conversation)
            self._end_streams(held)
            # Also those of a turn that was answered just before the takeover.
            self._followers.wait_until_none(request["conversation_id"], DELIVERY_TIMEOUT)
            with self._database.statement() as conn:
                takeovers.confirm_hold(conn, *conversation, request)
        except DatabaseUnavailable:
            logger.warning("hold not confirmed")  # the lease monitor finds the request again
        finally:
            self._in_progress.discard(request["conversation_id"])
