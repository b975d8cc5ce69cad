"""The messages of a conversation as they are stored, for clients that follow it.

They are not stored in the order of their seq. The seq of a reply is reserved with the message that it answers, so what
a person writes meanwhile has a higher one, and a failed turn may be retried days later. But the conversation is locked
while a message is stored, so `created_at` has the order of the commits.
"""

from datetime import datetime, timedelta
from uuid import UUID

from db import Database, Row
from repositories import messages

# The clock of the database may be set back by so much.
CLOCK_MARGIN = timedelta(seconds=10)
PAGE = 100  # messages


class NewMessages:
    """The messages after the one with the seq `after_seq`, in the order in which they were stored, each one once."""

    def __init__(self, database: Database, business_id: UUID, conversation_id: UUID, after_seq: int) -> None:
        self._database = database
        self._conversation = business_id, conversation_id
        self._time: datetime | None = None  # of the last message
        self._known: dict[int, datetime] = {}  # times of the messages since the margin before that, by seq
        if after_seq:
            self._start_after(after_seq)

    def load(self) -> list[Row]:
        """The next messages, at most PAGE; none if all have been returned."""
        with self._database.statement() as conn:
            rows = messages.list_since(conn, *self._conversation, self._since(), PAGE + len(self._known))
        new = [row for row in rows if row["seq"] not in self._known]
        for row in new:
            self._note(row)
        return new

    def _start_after(self, after_seq: int) -> None:
        """What was stored before that message has been received, unless it has a higher seq and was stored at almost
        the same time. Then it may be received twice."""
        with self._database.statement() as conn:
            self._time = messages.find_time(conn, *self._conversation, after_seq)
        with self._database.statement() as conn:
            rows = messages.list_since(conn, *self._conversation, self._since(), PAGE) if self._time else []
        received = [row for row in rows if row["seq"] <= after_seq and self._time and row["created_at"] <= self._time]
        for row in received:
            self._note(row)

    def _since(self) -> datetime | None:
        return self._time - CLOCK_MARGIN if self._time else None

    def _note(self, row: Row) -> None:
        self._known[row["seq"]] = row["created_at"]
        self._time = max(self._time or row["created_at"], row["created_at"])
        since = self._since()
        self._known = {seq: time for seq, time in self._known.items() if since and time > since}
