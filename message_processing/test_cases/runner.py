"""Runs one test case: its messages are accepted and answered as any other, in a transaction that is rolled back."""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from core import metrics
from core.limit_per_business import LimitPerBusiness
from db import Connection, Database, Row
from llm.types import Call
from message_processing.accept import accept_message
from message_processing.api_calls.calls import ApiCalls
from message_processing.budgets import Budgets
from message_processing.engines.closeness import Closeness
from message_processing.engines.model import TurnEngines
from message_processing.engines.models import Models
from message_processing.events import Answered, Failed, Held
from message_processing.knowledge.search import KnowledgeSearch
from message_processing.release import Release, ReleaseCache
from message_processing.test_cases.case_data import ArticlesOf, CaseData
from message_processing.test_cases.expectations import Observed, check_turn
from message_processing.test_cases.judge import Judge
from message_processing.test_cases.result import CaseResult, TurnResult, failed_to_run, result_of
from message_processing.test_cases.sandbox import open_conversation, settings_for_tests
from message_processing.turn import RecordedCall
from message_processing.worker.job import Job
from message_processing.worker.rows import call_row
from message_processing.worker.summaries import SummaryUpdater
from message_processing.worker.turn_store import TurnStore
from message_processing.worker.worker import Worker
from repositories import llm_calls, sandboxes, turn_steps
from repositories.case_database import CaseDatabase

if TYPE_CHECKING:
    from message_processing.engines.rules.similarity import SimilarityModel

logger = logging.getLogger(__name__)

STEP = "test"  # of model calls
MAX_CONNECTIONS = 8  # of each process: every test case holds one while it runs
_SPARE_SECONDS = 60  # that a transaction may be idle longer than a turn takes


class Stopped(Exception):
    """The process is stopping. The test case runs again in another one."""


class CaseRunner:
    """Runs test cases with what the application's turns use."""

    def __init__(
        self,
        database: Database,
        models: Models,
        api_calls: ApiCalls,
        search: KnowledgeSearch,
        closeness: Closeness,
        similarity_model: "SimilarityModel | None",
        time_limit: int,
    ) -> None:
        """`time_limit` is the maximum number of seconds per turn. `similarity_model` is that of rules mode."""
        self._database, self._models, self._api_calls = database, models, api_calls
        self._search, self._closeness, self._similarity_model = search, closeness, similarity_model
        self._time_limit = time_limit
        self._connections = BoundedSemaphore(MAX_CONNECTIONS)

    def run(
        self, business_id: UUID, release: Release, definition: dict[str, Any], is_stopping: Callable[[], bool]
    ) -> CaseResult:
        """Runs a test case once. Its model calls are stored, nothing else. Raises Stopped, and DatabaseUnavailable."""
        release = replace(release, settings=settings_for_tests(release.settings))
        started_at = time.monotonic()
        url, idle_seconds = self._database.url, self._time_limit + _SPARE_SECONDS
        with self._connections, CaseDatabase.discarded_transaction(url, idle_seconds) as conn:
            try:
                case = _Case(self, conn, business_id, release, definition)
                turns = case.run(is_stopping)
            except Stopped:
                raise
            except Exception as error:
                if conn.closed:
                    raise
                logger.exception("test case failed", extra={"business_id": str(business_id)})
                return failed_to_run(type(error).__name__, started_at)
            calls = case.calls()
        with self._database.transaction() as conn:
            llm_calls.insert_calls(conn, business_id, calls)
        return result_of(turns, calls, started_at)

    def engines_for(self, business_id: UUID, database: Database) -> TurnEngines:
        """Returns the engines of a test case. No budget applies."""
        return TurnEngines(
            self._models.of_business(business_id),
            Budgets(database, _publish),
            self._closeness,
            LimitPerBusiness(0),
            self._similarity_model,
        )

    def data_for(self, business_id: UUID, database: Database, lookups: dict[str, Any]) -> CaseData:
        """Returns the data that one turn of a test case can read."""
        search = ArticlesOf(self._search, business_id)
        return CaseData(database, self._api_calls, search, self._closeness, lookups)

    def judge_for(self, business_id: UUID, release: Release) -> Judge:
        """Returns what judges the replies of a test case."""
        chosen = self._models.choose(business_id, release.settings)
        return Judge(chosen, release, str(business_id), self._time_limit)

    @property
    def time_limit(self) -> int:
        """The maximum number of seconds per turn."""
        return self._time_limit


class _Case:
    """A test case that runs."""

    def __init__(
        self, runner: CaseRunner, conn: Connection, business_id: UUID, release: Release, definition: dict[str, Any]
    ) -> None:
        self._conn, self._definition = conn, definition
        self._database = CaseDatabase.on(conn)
        self._judge = runner.judge_for(business_id, release)
        self._owner = uuid4()
        self._releases = ReleaseCache()
        self._releases.put(release)
        self._conversation = open_conversation(conn, business_id, release, definition)
        new_data = partial(runner.data_for, business_id, self._database, definition["lookups"])
        engines = runner.engines_for(business_id, self._database)
        store = TurnStore(self._database, self._releases, self._owner)
        self._worker = Worker(store, engines, new_data, runner.time_limit)
        self._summaries = SummaryUpdater(self._database, engines, new_data, runner.time_limit)

    def run(self, is_stopping: Callable[[], bool]) -> list[TurnResult]:
        """Returns what became of each turn."""
        results: list[TurnResult] = []
        for turn in self._definition["turns"]:
            if is_stopping():
                raise Stopped
            observed = self._say(turn["message"])
            checks = check_turn(turn.get("expect", {}), observed, turn["message"], self._judge)
            results.append(
                {
                    "message": turn["message"],
                    "stage_name": observed.stage_name,
                    "fields": observed.fields,
                    "reply": observed.reply,
                    "checks": checks,
                }
            )
        return results

    def calls(self) -> list[dict[str, Any]]:
        """Returns all model calls as `llm_calls` stores them, without the turns, which will not exist."""
        judged = [{**call_row(_recorded(call)), "step_attempt": 1} for call in self._judge.calls]
        rows = [*sandboxes.list_calls(self._conn, self._conversation.business_id), *judged]
        return [{**row, "turn_id": None, "conversation_id": None, "step": STEP} for row in rows]

    def _say(self, message: str) -> Observed:
        business_id = self._conversation.business_id
        body = {**self._conversation.ids, "message": message}
        job = Job(accept_message(self._database, self._releases, self._owner, business_id, body))
        try:
            result = self._worker.run(job)
            if job.turn is not None:
                self._summaries.update(job.turn, _publish)
        finally:
            metrics.turn_ended()
        with self._database.read_only() as conn:
            steps = turn_steps.completed_steps(conn, business_id, job.accepted.turn_id)
            calls = llm_calls.list_calls_of_turn(conn, business_id, job.accepted.turn_id)
        match result:
            case Answered(body) | Held(body):
                return _observed(body, steps, calls)
            case Failed(error):
                return replace(_observed({}, steps, calls), error=error.message)
        raise RuntimeError("the turn has not ended")


def _observed(body: dict[str, Any], steps: dict[str, Any], calls: list[Row]) -> Observed:
    stage = body.get("stage")
    return Observed(
        stage_name=stage["stage_name"] if stage else None,
        fields=body.get("collected_data", {}),
        look_up=steps.get("retrieval", {}).get("status", "none"),
        actions=steps.get("actions", {}).get("results", []),
        reply=body.get("response"),
        tokens=sum((call["prompt_tokens"] or 0) + (call["completion_tokens"] or 0) for call in calls),
    )


def _recorded(call: Call) -> RecordedCall:
    return RecordedCall(call, None, 0)


def _publish(business_id: UUID, frame: dict[str, Any]) -> None:
    """Nobody follows the turns of test cases."""
