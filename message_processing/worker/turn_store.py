"""Claims turns, saves their steps, and ends them. Every write checks the lease."""

import time
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

from core.errors import Conflict, IcmpError, NotFound
from db import Database
from message_processing.accept import Accepted, release_of
from message_processing.actions.outcomes import settled
from message_processing.answer import answer_body
from message_processing.events import (
    Answered,
    Failed,
    Held,
    StepFinished,
    StepGivenUp,
    TurnFinished,
    TurnResult,
)
from message_processing.release import ReleaseCache
from message_processing.steps.speculative import SpeculativeStep
from message_processing.turn import Checkpoints, StepFailed, Turn
from message_processing.worker import rows
from message_processing.worker.lease import Lease, LeaseLost
from message_processing.worker.pending import find_pending
from repositories import actions, turn_ends, turn_steps, turns
from repositories.turn_steps import StepRow
from repositories.turns import ClaimedTurn


class TurnStore:
    """The turns of one process in the database."""

    def __init__(self, database: Database, release_cache: ReleaseCache, process_id: UUID) -> None:
        self._database = database
        self._release_cache = release_cache
        self._process_id = process_id

    def claim(self, accepted: Accepted) -> ClaimedTurn | None:
        """Make the turn the running one of its conversation. Returns None if an earlier turn is not finished. Raises
        LeaseLost if the turn no longer belongs to this process."""
        ids = accepted.business_id, accepted.turn_id
        try:
            with self._database.statement() as conn:
                claimed = turns.claim_turn(conn, *ids, self._process_id)
                if claimed is not None:
                    return claimed
                progress = turns.get_progress(conn, *ids)
        except Conflict:  # another process claimed a turn of this conversation at the same moment
            return None
        except NotFound as error:
            raise LeaseLost from error
        if progress["status"] in ("accepted", "running") and progress["lease_owner"] == self._process_id:
            return None
        raise LeaseLost

    def load(self, claimed: ClaimedTurn, time_limit: float) -> tuple[Turn, Checkpoints]:
        """A claimed turn, which has `time_limit` seconds from now, and the checkpoints of earlier attempts. Raises
        ServerError if the business no longer has an active stage."""
        business_id = claimed["business_id"]
        with self._database.statement() as conn:
            release = release_of(conn, claimed, self._release_cache)
            pending = find_pending(conn, claimed, release)
            checkpoints = (
                turn_steps.completed_steps(conn, business_id, claimed["turn_id"]) if claimed["attempts"] > 1 else {}
            )
        return rows.turn_of(claimed, release, time.monotonic() + time_limit, pending), checkpoints

    def save_steps(self, lease: Lease, steps: list[StepFinished]) -> None:
        """Save finished steps and their model calls in one statement. Raises LeaseLost."""
        if steps:
            self._save(lease, lease.epoch, [rows.step_row(event) for event in steps])

    def save_actions(self, lease: Lease, unsaved: list[StepFinished], event: StepFinished) -> StepFinished:
        """Make the changes of a turn's actions, and save them with the step and those before it, all or nothing.

        Returns the step with what became of the changes. If the step was saved before, nothing is changed again. Raises
        LeaseLost.
        """
        changes = event.outcome.changes
        assert changes is not None
        ids = lease.business_id, lease.conversation_id, lease.turn_id, lease.epoch
        with self._database.transaction() as conn:
            applied = actions.apply_actions(conn, *ids, changes.rows, changes.pending)
            if applied is None:
                raise LeaseLost
            event = replace(event, outcome=settled(event.outcome, applied))
            steps = [rows.step_row(each) for each in (*unsaved, event)]
            turn_steps.save_steps(conn, lease.business_id, lease.turn_id, lease.epoch, steps)
        return event

    def save_failed_step(self, lease: Lease, event: StepGivenUp) -> None:
        """Save a step whose model gave no answer, with all attempts. Raises LeaseLost."""
        self._save(lease, lease.epoch, [rows.failed_step_row(event)])

    def save_discarded_step(self, lease: Lease, step: SpeculativeStep, reason: str) -> None:
        """Wait for a discarded step and save it, because its model calls cost money. It needs no lease."""
        record = step.wait_for_record()
        if record is not None:
            with suppress(LeaseLost):
                self._save(lease, None, [rows.discarded_step_row(step, *record, reason)])

    def finish(self, lease: Lease, event: TurnFinished, unsaved: list[StepFinished]) -> Answered | Held | Failed:
        """Save the reply, the fields, the last steps, the conversation's new state and the turn's end, all or nothing.

        If a person has taken over the conversation in the meantime, the reply is dropped and the turn is held. If it
        has been closed, the reply is dropped and the turn fails. Raises LeaseLost.
        """
        end = rows.turn_end(event)
        steps = [*(rows.step_row(each) for each in unsaved), rows.last_step_row(event)]
        has_more = end["completes"] or end["articles"] or end["is_unanswered"] or end["buttons"]
        open_connection = self._database.transaction if has_more else self._database.statement
        with open_connection() as conn:
            ended = turn_ends.finish_turn(conn, lease.business_id, lease.turn_id, lease.epoch, steps, end)
            if ended is not None and ended["result"] == "completed":
                turn_ends.finish_more(conn, lease.business_id, lease.turn_id, end)
        if ended is None:
            raise LeaseLost
        match ended["result"]:
            case "held":
                return Held(answer_body(event.turn, None, None, ended["handled_by"], None))
            case "failed":
                return Failed(Conflict(turn_ends.CONVERSATION_CLOSED["message"]))
        return Answered(end["answer"])

    def fail(self, lease: Lease, error: IcmpError, failure: StepFailed | None = None) -> None:
        """End a turn that could not be answered, because of `failure` if the model failed. Its message is kept. Raises
        LeaseLost."""
        reason: dict[str, Any] = {"error_code": error.code, "message": error.message}
        reason |= {"failure": failure.record} if failure else {}
        ids = lease.business_id, lease.conversation_id, lease.turn_id, lease.epoch
        with self._database.statement() as conn:
            if not turn_ends.fail_turn(conn, *ids, reason):
                raise LeaseLost

    def result(self, accepted: Accepted) -> TurnResult | None:
        """How the turn ended; None while it is not finished. Raises NotFound if it was deleted."""
        with self._database.statement() as conn:
            progress = turns.get_progress(conn, accepted.business_id, accepted.turn_id)
        return rows.turn_result(accepted, progress)

    def _save(self, lease: Lease, epoch: int | None, steps: list[StepRow]) -> None:
        with self._database.statement() as conn:
            if not turn_steps.save_steps(conn, lease.business_id, lease.turn_id, epoch, steps):
                raise LeaseLost
