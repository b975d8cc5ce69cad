"""Updates a conversation's summary after its turn is answered."""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from db import Database
from message_processing.business_data import BusinessData
from message_processing.engines.model import Engines
from message_processing.live.turn_frames import Publish
from message_processing.summary import MAX_MESSAGES, SummaryUpdate, is_due
from message_processing.turn import Turn
from message_processing.worker.commits import save
from message_processing.worker.rows import call_row
from repositories import conversations, llm_calls, messages

logger = logging.getLogger(__name__)


class SummaryUpdater:
    """The customer does not wait for the summary. If the process dies first, a later turn updates it."""

    def __init__(
        self, database: Database, engines: Engines, new_business_data: Callable[[], BusinessData], time_limit: int
    ) -> None:
        """`time_limit` is the maximum number of seconds per summary."""
        self._database = database
        self._new_business_data = new_business_data
        self._engines = engines
        self._time_limit = time_limit

    def update(self, turn: Turn, publish: Publish) -> None:
        """Update the summary if the conversation has grown enough, and publish that. Never raises: a later turn tries
        again."""
        if not is_due(turn):
            return
        ids = {"turn_id": str(turn.turn_id), "business_id": str(turn.business_id)}
        try:
            if not self._claim(turn):
                return
            rows = self._unsummarised(turn)
            turn = replace(turn, deadline=time.monotonic() + self._time_limit)
            with self._engines.settling(turn):
                update = self._engines.summarise(self._new_business_data(), turn, rows)
                if update is not None:
                    save(partial(self._save, turn, update), ids, lambda _: None)
            if update is not None:
                conversation = {"conversation_id": str(turn.conversation_id)}
                publish(turn.business_id, {"type": "conversation.changed", **conversation})
                publish(turn.business_id, {"type": "call.recorded", **conversation, "turn_id": str(turn.turn_id)})
        except Exception:
            logger.exception("summary failed", extra=ids)

    def _claim(self, turn: Turn) -> bool:
        """Whether this process writes the summary: another one may have answered the turn before or after."""
        with self._database.statement() as conn:
            return conversations.claim_summary(
                conn,
                turn.business_id,
                turn.conversation_id,
                turn.conversation["summarised_through"],
                turn.conversation["summary_tried_at"],
                turn.seq,
            )

    def _unsummarised(self, turn: Turn) -> list[dict[str, Any]]:
        """The messages since the last summary, up to the reply of this turn, oldest first."""
        with self._database.read_only() as conn:
            rows = messages.list_between(
                conn,
                turn.business_id,
                turn.conversation_id,
                after_seq=turn.conversation["summarised_through"],
                before_seq=turn.seq + 2,
                limit=MAX_MESSAGES,
            )
        return turn.release.masking.messages(rows)

    def _save(self, turn: Turn, update: SummaryUpdate) -> None:
        """Save the summary, unless another turn was faster, and its model calls."""
        ids = {"turn_id": turn.turn_id, "conversation_id": turn.conversation_id, "step": "summary", "step_attempt": 1}
        with self._database.transaction() as conn:
            if update.summary is not None:
                conversations.store_summary(
                    conn,
                    turn.business_id,
                    turn.conversation_id,
                    turn.conversation["summarised_through"],
                    update.through,
                    update.summary,
                )
            llm_calls.insert_calls(conn, turn.business_id, [{**ids, **call_row(call)} for call in update.calls])
