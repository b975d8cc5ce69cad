"""Invents the conversations of a business."""

import random
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dev.bench.simulator.turns import TurnMaker
from dev.bench.simulator.world import (
    Business,
    Conversation,
    Rating,
    StaffMessage,
    Takeover,
    Turn,
    later,
    new_id_at,
)

_CHANNELS = ("api", "widget", "whatsapp", "email")
_LANGUAGES = ("en", "de", "es", "ar", None)
_QUESTIONS = ("Where is my order?", "Do you ship to Iceland?", "Can I return it?", "Which size fits?", "Thanks")
_HOURS = [1, 1, 1, 1, 1, 2, 4, 8, 12, 14, 14, 13, 12, 12, 13, 13, 12, 11, 10, 9, 8, 6, 3, 2]  # weights of local hours
_REASONS = ("requested", "assigned")  # why members take over


class Traffic:
    """Adds conversations to a business until it has a number of turns."""

    def __init__(self, rng: random.Random, business: Business) -> None:
        self._rng, self._business = rng, business
        self._maker = TurnMaker(rng, business.stages)

    def fill(self, start: datetime, days: int, turns: int) -> None:
        """Add conversations that start within the days after `start`, until there are this many turns."""
        count = 0
        while count < turns:
            is_test = self._rng.random() < 0.05
            people = self._business.test_customers if is_test else self._business.customers
            conversation = self._converse(self._start_time(start, days), self._rng.choice(people), is_test=is_test)
            count += len(conversation.turns)
        self._business.conversations.sort(key=lambda each: each.started_at)

    def add_open(self, now: datetime, count: int) -> None:
        """Add conversations of the last hours, most of which are still open."""
        for _ in range(count):
            start = later(now, -self._rng.uniform(600, 20000))
            self._converse(start, self._rng.choice(self._business.customers), is_test=False)
        self._business.conversations.sort(key=lambda each: each.started_at)

    def _start_time(self, start: datetime, days: int) -> datetime:
        """In local working hours rather than at night, and often in the seconds around midnight."""
        local = start.astimezone(self._business.zone)
        hour = self._rng.choices(range(24), _HOURS)[0]
        second = self._rng.uniform(0, 3600)
        if self._rng.random() < 0.03:
            hour, second = self._rng.choice([(0, self._rng.uniform(0, 5)), (23, self._rng.uniform(3590, 3600))])
        day = local.date() + timedelta(days=self._rng.randrange(days))
        wall = datetime(day.year, day.month, day.day, hour, tzinfo=self._business.zone)
        return later(wall, second)

    def _converse(self, start: datetime, user_id: UUID, *, is_test: bool) -> Conversation:
        rng = self._rng
        conversation = Conversation(
            new_id_at(rng, start), user_id, is_test, start, rng.choice(_CHANNELS), rng.choice(_LANGUAGES)
        )
        if is_test and rng.random() < 0.2:
            conversation.is_copy = True
        self._business.conversations.append(conversation)
        known: dict[str, Any] = {}
        clock = later(start, 0.003)
        for _ in range(min(25, 1 + int(rng.expovariate(1 / 3.2)))):
            turn = Turn(new_id_at(rng, clock), conversation.last_seq + 1, clock, rng.choice(_QUESTIONS))
            turn.message_seq = turn.seq
            turn.release = self._business.release_at(clock)
            conversation.turns.append(turn)
            conversation.last_seq += 2
            clock = self._handle(conversation, turn, known)
            clock = later(clock, 3 + rng.expovariate(1 / 90) + (rng.uniform(3600, 70000) if rng.random() < 0.02 else 0))
        self._finish(conversation)
        return conversation

    def _handle(self, conversation: Conversation, turn: Turn, known: dict[str, Any]) -> datetime:
        """Answer or hold the message. Returns the time at which all is done."""
        rng = self._rng
        if conversation.handled_by == "human":
            turn.release = None
            conversation.waiting_since = conversation.waiting_since or turn.created_at
            self._seen(conversation, turn.created_at)
            return self._member_acts(conversation, known)
        if rng.random() < 0.03:
            at = self._maker.interrupt(turn, conversation) if rng.random() < 0.3 else later(turn.created_at, 0.001)
            if turn.started_at is None:
                turn.release = None
            self._take_over(conversation, at, rng.choice(self._business.members), rng.choice(_REASONS))
            turn.stage = turn.confidence = None
            conversation.waiting_since = turn.created_at
            self._seen(conversation, turn.created_at)
            return self._member_acts(conversation, known)
        return self._answer(conversation, turn, known)

    def _answer(
        self,
        conversation: Conversation,
        turn: Turn,
        known: dict[str, Any],
        handed_back_at: datetime | None = None,
    ) -> datetime:
        self._maker.run(turn, conversation, known, handed_back_at)
        assert turn.completed_at is not None
        self._seen(conversation, turn.created_at)
        if turn.status == "failed":
            conversation.pending_turn = None
            conversation.waiting_since = conversation.waiting_since or turn.created_at
            return turn.completed_at
        conversation.stage, conversation.waiting_since = turn.stage, None
        self._seen(conversation, turn.completed_at)
        self._rate(conversation, turn)
        if turn.handover:
            assignee_id = self._rng.choice([None, *self._business.members])
            self._take_over(conversation, turn.completed_at, None, turn.handover, assignee_id)
            conversation.needs_person_reason, conversation.waiting_since = turn.handover, turn.created_at
            return self._member_acts(conversation, known)
        return turn.completed_at

    def _take_over(
        self,
        conversation: Conversation,
        at: datetime,
        by: UUID | None,
        reason: str,
        assignee_id: UUID | None = None,
    ) -> None:
        assignee_id = by if by else assignee_id
        conversation.takeovers.append(Takeover(new_id_at(self._rng, at), at, reason, by, assignee_id))
        conversation.handled_by = "human"

    def _member_acts(self, conversation: Conversation, known: dict[str, Any]) -> datetime:
        """A member may write, and may give the conversation back."""
        rng = self._rng
        clock = later(conversation.last_at, rng.expovariate(1 / 400))
        takeover = conversation.takeovers[-1]
        if rng.random() < 0.15:
            self._write(conversation, clock, is_note=True)
        if rng.random() < 0.7:
            self._write(conversation, clock, is_note=False)
            takeover.messages_written += 1
            conversation.waiting_since = conversation.needs_person_reason = None
            self._seen(conversation, clock)
        if rng.random() < 0.35:
            takeover.ended_at = later(clock, 5)
            takeover.answer = rng.choice(["last", "none"])
            conversation.handled_by, conversation.needs_person_reason = "ai", None
            return self._give_back(conversation, takeover, known)
        return clock

    def _write(self, conversation: Conversation, at: datetime, *, is_note: bool) -> None:
        conversation.last_seq += 1
        member_id = self._rng.choice(self._business.members)
        conversation.staff_messages.append(StaffMessage(conversation.last_seq, at, member_id, is_note))

    def _give_back(self, conversation: Conversation, takeover: Takeover, known: dict[str, Any]) -> datetime:
        """End the held turns. The last one answers all of them, if the member has asked for it."""
        assert takeover.ended_at is not None
        held = [turn for turn in conversation.turns if turn.status == "held" and turn.completed_at is None]
        conversation.waiting_since = None
        if not held or takeover.answer == "none":
            for turn in held:
                turn.completed_at = takeover.ended_at
            return takeover.ended_at
        answering = held[-1]
        answering.seq = conversation.last_seq + 1
        conversation.last_seq += 2
        written = [each.seq for each in conversation.staff_messages if not each.is_note]
        unanswered = [turn for turn in held if turn.message_seq > max(written, default=0)] or [answering]
        answering.first_message_seq = unanswered[0].message_seq
        answering.release = self._business.release_at(takeover.ended_at)
        for step in answering.steps:
            step.is_discarded = step.is_discarded or not step.is_failed
        for turn in held[:-1]:
            turn.answered_by = answering.turn_id
        answering.answered_by = None
        clock = self._answer(conversation, answering, known, takeover.ended_at)
        if answering.status == "completed":
            for turn in held[:-1]:
                if turn.status == "held":  # another hand-back may have followed at once, and answered it
                    turn.status, turn.completed_at = "completed", answering.completed_at
        return clock

    def _rate(self, conversation: Conversation, turn: Turn) -> None:
        rng = self._rng
        assert turn.completed_at is not None
        raters = [("customer", conversation.user_id, 0.08), ("staff", rng.choice(self._business.members), 0.03)]
        for source, author_id, chance in raters:
            if rng.random() < chance:
                at = later(turn.completed_at, rng.expovariate(1 / 600))
                comment = rng.choice([None, "Wrong"])
                turn.ratings.append(Rating(source, author_id, rng.random() < 0.6, comment, at))

    def _seen(self, conversation: Conversation, at: datetime) -> None:
        conversation.last_at = max(conversation.last_at, at)

    def _finish(self, conversation: Conversation) -> None:
        rng = self._rng
        conversation.is_completed = rng.random() < 0.35
        if rng.random() < 0.15:
            conversation.stars = rng.randint(1, 5)
        if conversation.is_completed and rng.random() < 0.05:
            conversation.is_late = True
        last = conversation.turns[-1]
        if last.status == "completed" and last.answered_by is None and rng.random() < 0.06:
            last.is_late = True
