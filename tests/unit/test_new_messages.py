"""A client that follows a conversation misses no message, in whatever order they are stored."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from db import Database
from message_processing.live.new_messages import CLOCK_MARGIN, PAGE, NewMessages
from tests.support.database import Connection
from tests.support.factories import Shop


class Conversation:
    """A conversation whose messages a test stores in any order, at any time (in seconds)."""

    def __init__(self, database: Database, sql: Connection, shop: Shop) -> None:
        self._database, self._sql = database, sql
        self.ids = UUID(shop.business_id), uuid4()
        sql.execute(
            "INSERT INTO conversations (business_id, conversation_id, user_id, session_id) VALUES (%s, %s, %s, 's')",
            [*self.ids, shop.user_id],
        )

    def store(self, *seqs: int, at: float, sender_type: str = "agent") -> None:
        for seq in seqs:
            self._sql.execute(
                """
                INSERT INTO messages (business_id, conversation_id, seq, message_content, sender_type, created_at)
                VALUES (%s, %s, %s, 'hi', %s, timestamptz '2026-01-01' + %s)
                """,
                [*self.ids, seq, sender_type, timedelta(seconds=at + seq / 1000)],
            )

    def follow(self, after_seq: int = 0) -> NewMessages:
        return NewMessages(self._database, *self.ids, after_seq)


def all_of(new: NewMessages) -> list[int]:
    """The seqs of all messages that the client has not received."""
    seqs: list[int] = []
    while rows := new.load():
        seqs += [row["seq"] for row in rows]
    return seqs


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, 1)
    yield database
    database.close()


@pytest.fixture
def conversation(database: Database, sql: Connection, shop: Shop) -> Conversation:
    return Conversation(database, sql, shop)


def test_client_receives_each_message_once(conversation: Conversation) -> None:
    new = conversation.follow()
    assert all_of(new) == []
    conversation.store(1, 2, at=0)
    assert all_of(new) == [1, 2]
    conversation.store(3, at=1)
    assert all_of(new) == [3]
    assert all_of(new) == []
    assert all_of(conversation.follow(2)) == [3]


def test_reply_that_is_stored_after_a_later_message_is_not_missed(conversation: Conversation) -> None:
    conversation.store(1, at=0)
    conversation.store(3, at=1)  # a person writes while the turn of the first message runs
    new = conversation.follow()
    assert all_of(new) == [1, 3]
    conversation.store(2, at=2)
    assert all_of(new) == [2]
    assert all_of(conversation.follow(3)) == [2]  # disconnected meanwhile
    assert all_of(conversation.follow(1)) == [3, 2]


def test_reply_of_a_turn_that_is_retried_much_later_is_not_missed(conversation: Conversation) -> None:
    conversation.store(1, 3, 4, at=0)
    new = conversation.follow(4)
    conversation.store(2, at=86_400)
    assert all_of(new) == [2]
    assert all_of(conversation.follow(4)) == [2]


def test_client_that_received_the_late_reply_last_misses_nothing(conversation: Conversation) -> None:
    conversation.store(1, at=0)
    conversation.store(3, at=1)
    conversation.store(2, at=2)
    conversation.store(5, at=3)
    # The message 3 was stored at almost the same time, so it may be repeated.
    assert all_of(conversation.follow(2)) == [3, 5]
    conversation.store(6, at=100)
    assert all_of(conversation.follow(5)) == [6]


def test_message_is_not_missed_when_the_clock_is_set_back(conversation: Conversation) -> None:
    conversation.store(1, at=100)
    new = conversation.follow()
    assert all_of(new) == [1]
    conversation.store(2, at=100 - CLOCK_MARGIN.total_seconds() + 1)
    assert all_of(new) == [2]
    conversation.store(3, at=95)
    assert all_of(new) == [3]
    assert all_of(new) == []


def test_seq_without_a_message_stands_for_the_message_before(conversation: Conversation) -> None:
    conversation.store(1, at=0)
    conversation.store(3, at=1)
    assert all_of(conversation.follow(2)) == [3]
    conversation.store(2, at=2)
    assert set(all_of(conversation.follow(1))) == {2, 3}
    assert all_of(conversation.follow(1000)) == [2]


def test_long_conversation_is_returned_in_pages(conversation: Conversation) -> None:
    conversation.store(*range(1, 2 * PAGE + 2), at=0)
    new = conversation.follow()
    assert len(new.load()) == PAGE
    assert len(all_of(new)) == PAGE + 1
    conversation.store(2 * PAGE + 2, at=0)
    assert all_of(new) == [2 * PAGE + 2]


def test_notes_are_left_out(conversation: Conversation) -> None:
    conversation.store(1, at=0)
    conversation.store(2, at=1, sender_type="note")
    assert all_of(conversation.follow()) == [1]
