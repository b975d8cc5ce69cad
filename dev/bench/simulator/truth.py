"""Computes the figures of the analytics from what happened in the simulation, by the definitions of docs/analytics.md.

The functions return tallies by the start of the hour, day, week or month (None without `by`) and by what the rows of a
report are about. They share no code with the product.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from dev.bench.simulator.facts import answered_stage, first_release, first_token_at, message_times, output_of
from dev.bench.simulator.periods import Days
from dev.bench.simulator.world import Business, Call, Conversation, Stage, Turn

IDLE = timedelta(hours=24)

Start = datetime | None
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Filters:
    """What a report is limited to. None: everything."""

    channel: str | None = None
    language: str | None = None
    stage: Stage | None = None
    agent_id: UUID | None = None
    releases: frozenset[UUID] | None = None


@dataclass
class Tally:
    """The counts of a row, its sum of costs, and the values of its percentiles."""

    counts: Counter[str] = field(default_factory=Counter)
    cost: Decimal = Decimal(0)
    values: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


Tallies = defaultdict[Key, Tally]


class Truth:
    """The figures of a business on some days."""

    def __init__(self, business: Business, days: Days, by: str | None, filters: Filters, now: datetime) -> None:
        self.days, self._by, self.filters, self._now = days, by, filters, now
        self._all = business.conversations
        self._conversations = [each for each in self._all if not each.is_test and self._matches_conversation(each)]

    def turns(self) -> Iterator[tuple[Start, Conversation, Turn]]:
        """The turns that ended, with the start of their row."""
        for conversation in self._conversations:
            for turn in conversation.turns:
                if self.days.contains(turn.created_at) and self._matches_turn(turn):
                    yield self.days.start_of(turn.created_at, self._by), conversation, turn

    def started(self) -> Iterator[tuple[Start, Conversation]]:
        """The conversations that started."""
        for conversation in self._conversations:
            if self.days.contains(conversation.started_at) and self._matches_whole(conversation):
                yield self.days.start_of(conversation.started_at, self._by), conversation

    def of_turns(self, *, by_stage: bool) -> Tallies:
        """Turns by what became of them, with confidences, latencies in milliseconds, and ratings."""
        tallies: Tallies = defaultdict(Tally)
        for start, _, turn in self.turns():
            stage = answered_stage(turn)
            tally = tallies[start, stage and stage.stage_id] if by_stage else tallies[start,]
            _count_turn(tally, turn)
        return tallies

    def of_conversations(self) -> Tallies:
        """Conversations by their outcome, with their messages and ratings."""
        reopened = self._reopened()
        tallies: Tallies = defaultdict(Tally)
        for start, conversation in self.started():
            counts = tallies[start,].counts
            counts["conversations"] += 1
            counts[self.outcome(conversation)] += 1
            counts["reopened"] += conversation.conversation_id in reopened
            counts["messages"] += len(conversation.turns) + sum(turn.has_reply for turn in conversation.turns)
            counts["messages"] += sum(not message.is_note for message in conversation.staff_messages)
            if conversation.stars is not None:
                counts[f"stars_{conversation.stars}"] += 1
        return tallies

    def of_calls(self, group_by: str | None) -> Tallies:
        """Calls with their tokens and cost, by `step`, `model`, `template` (and version) or `channel`."""
        tallies: Tallies = defaultdict(Tally)
        for start, conversation, turn in self.turns():
            for call in turn.calls:
                tally = tallies[start, *_group(conversation, call, group_by)]
                tally.counts["calls"] += 1
                tally.counts["failed"] += call.is_failed
                tally.counts["unpriced_calls"] += call.cost is None and not call.is_failed
                tally.counts["prompt_tokens"] += call.prompt_tokens or 0
                tally.counts["completion_tokens"] += call.completion_tokens or 0
                tally.cost += call.cost or 0
                if not call.is_failed:
                    tally.values["model"].append(call.latency_ms)
        return tallies

    def of_fields(self) -> Tallies:
        """Fields by stage: found, corrected, rejected and missing."""
        before: defaultdict[UUID, dict[str, Any]] = defaultdict(dict)
        known_at: dict[UUID, dict[str, Any]] = {}
        for conversation in self._conversations:
            for turn in sorted(conversation.turns, key=lambda each: each.seq):
                known_at[turn.turn_id] = dict(before[conversation.conversation_id])
                before[conversation.conversation_id] |= turn.fields
        tallies: Tallies = defaultdict(Tally)
        for start, _, turn in self.turns():
            if turn.status != "completed" or turn.stage is None:
                continue
            known = known_at[turn.turn_id]
            for name, value in turn.fields.items():
                counts = tallies[start, turn.stage.stage_id, name].counts
                counts["found"] += 1
                counts["corrected"] += name in known and known[name] != value
            output = output_of(turn, "extraction")
            for name in output.get("not_said", {}):
                tallies[start, turn.stage.stage_id, name].counts["rejected"] += 1
            for name in output.get("missing", []):
                tallies[start, turn.stage.stage_id, name].counts["missing"] += 1
        return tallies

    def of_actions(self) -> Tallies:
        """Actions by stage, by what was done, and by the outcome."""
        tallies: Tallies = defaultdict(Tally)
        for start, _, turn in self.turns():
            for result in output_of(turn, "actions").get("results", []):
                stage = answered_stage(turn)
                tallies[start, stage and stage.stage_id, result["do"], result["status"]].counts["actions"] += 1
        return tallies

    def of_transitions(self) -> Tallies:
        """Turns by the stages before and after them."""
        tallies: Tallies = defaultdict(Tally)
        for start, _, turn in self.turns():
            if turn.status == "completed" and turn.stage is not None:
                tallies[start, turn.stage_before, turn.stage.stage_id].counts["turns"] += 1
        return tallies

    def of_unanswered(self) -> Counter[tuple[str, str]]:
        """How often each message found no `article`, or else matched no `stage`."""
        counts: Counter[tuple[str, str]] = Counter()
        for conversation in self._conversations:
            for turn in conversation.turns:
                if turn.is_unanswered and turn.completed_at is not None:
                    cause, at = "article", turn.completed_at  # noted when the turn ended
                elif turn.status == "completed" and output_of(turn, "selection").get("named_stages") == []:
                    cause, at = "stage", turn.created_at
                else:
                    continue
                counts[cause, turn.message] += self.days.contains(at)
        return +counts

    def of_handovers(self) -> Tallies:
        """Takeovers by reason and person, with the milliseconds until the person's first message."""
        tallies: Tallies = defaultdict(Tally)
        for conversation in self._conversations:
            for takeover in conversation.takeovers:
                if not self.days.contains(takeover.started_at):
                    continue
                start = self.days.start_of(takeover.started_at, self._by)
                tally = tallies[start, takeover.reason, takeover.assignee_id or takeover.by]
                tally.counts["handovers"] += 1
                ends = takeover.ended_at or datetime.max.replace(tzinfo=takeover.started_at.tzinfo)
                written = [
                    message.created_at
                    for message in conversation.staff_messages
                    if not message.is_note and takeover.started_at <= message.created_at <= ends
                ]
                if written:
                    tally.values["waiting"].append((min(written) - takeover.started_at).total_seconds() * 1000)
        return tallies

    def funnel(
        self, stages: list[Stage], group: Callable[[Conversation], Hashable]
    ) -> dict[Any, list[tuple[int, float]]]:
        """For each stage of the sequence, how many conversations reached it after the previous ones, and the sum of the
        seconds since then. `group` returns what the conversations are grouped by."""
        rows: dict[Any, list[tuple[int, float]]] = {}
        for _, conversation in self.started():
            entered: dict[UUID, datetime] = {}
            for turn in conversation.turns:
                if turn.status == "completed" and turn.stage is not None:
                    entered.setdefault(turn.stage.stage_id, turn.created_at)
            row = rows.setdefault(group(conversation), [(0, 0.0)] * len(stages))
            last: datetime | None = None
            for number, stage in enumerate(stages):
                at = entered.get(stage.stage_id)
                if at is None or (last is not None and at < last):
                    break
                count, seconds = row[number]
                row[number] = (count + 1, seconds + ((at - last).total_seconds() if last else 0))
                last = at
        return rows

    def outcome(self, conversation: Conversation) -> str:
        """`handed_over`, `open`, `abandoned` or `resolved`."""
        if conversation.takeovers or conversation.needs_person_reason:
            return "handed_over"
        if not conversation.is_completed and self._now - conversation.last_at < IDLE:
            return "open"
        last = max(conversation.turns, key=lambda each: each.message_seq)
        missing = output_of(last, "extraction").get("missing", [])
        return "abandoned" if missing or conversation.pending_turn or not last.has_reply else "resolved"

    def _matches_whole(self, conversation: Conversation) -> bool:
        """A conversation has the stage of its last answer, and the release of its first turn."""
        filters = self.filters
        in_order = sorted(conversation.turns, key=lambda each: each.seq)
        answered = [turn.stage for turn in in_order if turn.status == "completed" and turn.answered_by is None]
        release_id = first_release(conversation)
        stage = answered[-1] if answered else None
        return (
            (filters.stage is None or stage is filters.stage)
            and (filters.agent_id is None or (stage is not None and stage.agent_id == filters.agent_id))
            and (filters.releases is None or release_id in filters.releases)
        )

    def _reopened(self) -> set[UUID]:
        """Conversations that started at most a day after the last message before them, in the previous one."""
        previous: dict[UUID, Conversation] = {}
        found = set()
        for conversation in sorted(self._all, key=lambda each: each.started_at):
            if conversation.is_copy:
                continue
            earlier = previous.get(conversation.user_id)
            times = [time for time in message_times(earlier) if time < conversation.started_at] if earlier else []
            if times and conversation.started_at - max(times) <= IDLE:
                found.add(conversation.conversation_id)
            previous[conversation.user_id] = conversation
        return found

    def _matches_conversation(self, conversation: Conversation) -> bool:
        filters = self.filters
        return filters.channel in (None, conversation.channel) and filters.language in (None, conversation.language)

    def _matches_turn(self, turn: Turn) -> bool:
        filters, stage = self.filters, answered_stage(turn)
        release_id = turn.release and turn.release.release_id
        return (
            (filters.stage is None or stage is filters.stage)
            and (filters.agent_id is None or (stage is not None and stage.agent_id == filters.agent_id))
            and (filters.releases is None or release_id in filters.releases)
        )


def _count_turn(tally: Tally, turn: Turn) -> None:
    counts, values = tally.counts, tally.values
    counts["turns"] += 1
    counts[turn.status] += 1
    for rating in turn.ratings:
        verb = "rated" if rating.source == "customer" else "marked"
        counts[f"{verb}_{'good' if rating.is_good else 'bad'}"] += 1
    has_waited = turn.first_message_seq is not None or turn.answered_by is not None  # for a person
    if turn.status != "held" and not has_waited and turn.started_at is not None:
        values["queueing"].append((turn.started_at - turn.created_at).total_seconds() * 1000)
    if turn.status != "completed":
        return
    if turn.engine:
        counts[f"by_{turn.engine}"] += 1
    counts["with_missing_fields"] += bool(output_of(turn, "extraction").get("missing"))
    if turn.confidence is not None:
        counts[f"confidence_{min(9, int(turn.confidence * 10))}"] += 1
    if not has_waited and turn.completed_at is not None:
        values["answer"].append((turn.completed_at - turn.created_at).total_seconds() * 1000)
        values["first_token"].append((first_token_at(turn) - turn.created_at).total_seconds() * 1000)


def _group(conversation: Conversation, call: Call, group_by: str | None) -> Key:
    match group_by:
        case "step":
            return (call.step,)
        case "model":
            return (call.model,)
        case "template":
            return (call.template_id, call.template_version)
        case "channel":
            return (conversation.channel,)
    return ()
