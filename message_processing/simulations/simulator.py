"""Runs simulations in the background: the customer and the assistant talk in a sandbox, which leaves nothing behind."""

import logging
from dataclasses import replace
from threading import BoundedSemaphore
from typing import Any
from uuid import UUID

from background import jobs
from background.jobs import Continue, Interrupted, Job, Kind
from core.errors import DatabaseUnavailable
from db import Connection, Database, Row
from message_processing.release import Release, read_release
from message_processing.simulations.customer import SimulatedCustomer, UnusableAnswer
from message_processing.test_cases.conversation import SandboxConversation, Sandboxes, stored_calls
from message_processing.test_cases.sandbox import settings_for_tests
from repositories import llm_calls, releases, simulations

logger = logging.getLogger(__name__)

STEP = "simulation"  # of model calls
MAX_SIMULATIONS = 4  # of each process at the same time: they take minutes, and test cases need sandboxes too
_PAUSE = 2.0  # seconds until a simulation for which there was no place is tried again
_KIND = "simulation"


class Cancelled(Exception):
    """The simulation was cancelled, or deleted with its business."""


class Failure(Exception):
    """The simulation cannot go on. The text says why."""


def start_simulation(
    conn: Connection, business_id: UUID, release_id: UUID | None, draft: dict[str, Any] | None, values: dict[str, Any]
) -> UUID:
    """Run a simulation with a release, or with a draft (its snapshot), and return its ID."""
    simulation_id = simulations.insert_simulation(conn, business_id, release_id, draft, values)
    jobs.add(conn, _KIND, business_id, {"simulation_id": str(simulation_id)}, queue_key=_KIND)
    return simulation_id


class Simulator:
    """Runs simulations. After a restart, a simulation starts again from the beginning."""

    def __init__(self, database: Database, sandboxes: Sandboxes) -> None:
        self._database, self._sandboxes = database, sandboxes
        self._free = BoundedSemaphore(MAX_SIMULATIONS)

    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of these jobs, for the runner."""
        return (Kind(_KIND, self._run, give_up=_give_up),)

    def _run(self, job: Job) -> None:
        if not self._free.acquire(blocking=False):
            raise Continue(_PAUSE)
        try:
            self._simulate(job)
        finally:
            self._free.release()

    def _simulate(self, job: Job) -> None:
        business_id, simulation_id = job.business_id, UUID(job.payload["simulation_id"])
        with self._database.transaction() as conn:
            job.checkpoint(conn)
            if not simulations.start(conn, business_id, simulation_id):
                return
            row = simulations.get_simulation(conn, business_id, simulation_id)
            snapshot = simulations.get_draft(conn, business_id, simulation_id)
            if snapshot is None:
                snapshot = releases.get_snapshot(conn, business_id, row["release_id"])
        release = read_release(row["release_id"] or simulation_id, snapshot)
        release = replace(release, settings=settings_for_tests(release.settings))
        try:
            ended_by, goal_reached = self._converse(job, row, release)
        except Cancelled:
            return
        except (Failure, UnusableAnswer) as failure:
            self._fail(job, simulation_id, str(failure))
            return
        with self._database.transaction() as conn:
            job.check_lease(conn)
            simulations.end(conn, business_id, simulation_id, "finished", ended_by=ended_by, goal_reached=goal_reached)

    def _fail(self, job: Job, simulation_id: UUID, error: str) -> None:
        with self._database.transaction() as conn:
            job.check_lease(conn)
            simulations.end(conn, job.business_id, simulation_id, "failed", error=error)

    def _converse(self, job: Job, row: Row, release: Release) -> tuple[str, bool]:
        """Returns who or what has ended the conversation, and whether the customer's goal was reached."""
        chosen = self._sandboxes.models.choose(job.business_id, release.settings)
        if chosen is None:
            raise Failure("There is no language model that could play the customer.")
        tenant = str(job.business_id)
        customer = SimulatedCustomer(chosen, release, tenant, self._sandboxes.time_limit, row)
        with self._sandboxes.transaction() as conn:
            try:
                conversation = SandboxConversation(self._sandboxes, conn, job.business_id, release, row)
                return _Talk(self._database, job, row, conversation, customer).run()
            except (Cancelled, Failure, UnusableAnswer, Interrupted, DatabaseUnavailable):
                raise
            except Exception as error:
                if conn.closed:
                    raise
                logger.exception("simulation failed", extra=job.log_fields)
                raise Failure(f"The simulation could not run ({type(error).__name__}).") from error


class _Talk:
    """The conversation of a simulation that runs."""

    def __init__(
        self, database: Database, job: Job, row: Row, conversation: SandboxConversation, customer: SimulatedCustomer
    ) -> None:
        self._database, self._job, self._row = database, job, row
        self._conversation, self._customer = conversation, customer
        self._turns: list[dict[str, Any]] = []
        self._recorded_calls = 0  # of the assistant

    def run(self) -> tuple[str, bool]:
        """Returns who or what has ended the conversation, and whether the customer's goal was reached."""
        try:
            ended = self._talk()
        except (Failure, UnusableAnswer):
            self._record()
            raise
        self._record()
        return ended

    def _talk(self) -> tuple[str, bool]:
        ended_by = "max_turns"
        while len(self._turns) < self._row["max_turns"]:
            if self._job.is_stopping:
                raise Interrupted
            words = self._customer.next(self._turns)
            if words.is_done:
                return "customer", words.goal_reached
            observed = self._conversation.say(words.message)
            self._turns.append(
                {
                    "message": words.message,
                    "stage_name": observed.stage_name,
                    "fields": observed.fields,
                    "reply": observed.reply,
                }
            )
            if observed.error is not None:
                raise Failure(f"The assistant did not answer: {observed.error}")
            self._record()
            if observed.reply is None:  # a person has taken over
                ended_by = "handover"
                break
        return ended_by, self._customer.has_reached_goal(self._turns)

    def _record(self) -> None:
        """Store the turns and the calls so far: also if the process is stopping, because the calls were paid for."""
        rows = self._conversation.calls()
        calls = stored_calls(rows[self._recorded_calls :], self._customer.calls, STEP)
        with self._database.transaction() as conn:
            self._job.check_lease(conn)
            llm_calls.insert_calls(conn, self._job.business_id, calls)
            goes_on = simulations.record(conn, self._job.business_id, self._row["simulation_id"], self._turns, calls)
        self._recorded_calls, self._customer.calls = len(rows), []
        if not goes_on:
            raise Cancelled


def _give_up(conn: Connection, job: Job) -> None:
    simulations.end(
        conn, job.business_id, UUID(job.payload["simulation_id"]), "failed", error="The simulation could not run."
    )
