"""Conversations in sandboxes: their messages are accepted and answered as any other, in a transaction that is rolled
back."""

from collections.abc import Iterator
from contextlib import contextmanager
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
from message_processing.answer import held_body
from message_processing.api_calls.calls import ApiCalls
from message_processing.budgets import Budgets
from message_processing.engines.closeness import Closeness
from message_processing.engines.model import TurnEngines
from message_processing.engines.models import Models
from message_processing.events import Answered, Failed, Held
from message_processing.knowledge.search import KnowledgeSearch
from message_processing.release import Release, ReleaseCache
from message_processing.test_cases.case_data import ArticlesOf, CaseData
from message_processing.test_cases.expectations import Observed
from message_processing.test_cases.sandbox import open_conversation
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

MAX_CONNECTIONS = 8  # of each process: every conversation holds one while it lasts
_SPARE_SECONDS = 60  # that a transaction may be idle longer than a turn takes


class Sandboxes:
    """Opens conversations, which use what the application's turns use."""

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
        self.models, self.time_limit = models, time_limit
        self._database, self._api_calls, self._search = database, api_calls, search
        self._closeness, self._similarity_model = closeness, similarity_model
        self._connections = BoundedSemaphore(MAX_CONNECTIONS)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """The transaction of a sandbox, which is rolled back. Waits while MAX_CONNECTIONS of them are open."""
        idle_seconds = self.time_limit + _SPARE_SECONDS
        with self._connections, CaseDatabase.discarded_transaction(self._database.url, idle_seconds) as conn:
            yield conn

    def engines_for(self, business_id: UUID, database: Database) -> TurnEngines:
        """Returns the engines of a conversation. No budget applies."""
        return TurnEngines(
            self.models.of_business(business_id),
            Budgets(database, _publish),
            self._closeness,
            LimitPerBusiness(0),
            self._similarity_model,
        )

    def data_for(self, business_id: UUID, database: Database, lookups: dict[str, Any]) -> CaseData:
        """Returns the data that one turn of a conversation can read."""
        search = ArticlesOf(self._search, business_id)
        return CaseData(database, self._api_calls, search, self._closeness, lookups)


class SandboxConversation:
    """A conversation that exists only in the transaction of its sandbox."""

    def __init__(
        self, opened_by: Sandboxes, conn: Connection, business_id: UUID, release: Release, definition: dict[str, Any]
    ) -> None:
        """`definition` holds what exists before the first message: customer, data and lookups, as in a test case."""
        self._conn = conn
        self._database = CaseDatabase.on(conn)
        self._owner = uuid4()
        self._releases = ReleaseCache()
        self._releases.put(release)
        self._conversation = open_conversation(conn, business_id, release, definition)
        new_data = partial(opened_by.data_for, business_id, self._database, definition["lookups"])
        engines = opened_by.engines_for(business_id, self._database)
        store = TurnStore(self._database, self._releases, self._owner)
        self._worker = Worker(store, engines, new_data, opened_by.time_limit)
        self._summaries = SummaryUpdater(self._database, engines, new_data, opened_by.time_limit)

    def say(self, message: str) -> Observed:
        """Returns what became of a message of the customer."""
        business_id = self._conversation.business_id
        body = {**self._conversation.ids, "message": message}
        accepted = accept_message(self._database, self._releases, self._owner, business_id, body)
        if accepted.status == "held":  # a person has taken over
            return _observed(held_body(accepted), {}, [])
        job = Job(accepted)
        try:
            result = self._worker.run(job)
            if job.turn is not None:
                self._summaries.update(job.turn, _publish)
        finally:
            metrics.turn_ended()
        with self._database.read_only() as conn:
            steps = turn_steps.completed_steps(conn, business_id, accepted.turn_id)
            calls = llm_calls.list_calls_of_turn(conn, business_id, accepted.turn_id)
        match result:
            case Answered(body) if body["engine"] == "fallback":
                return replace(_observed(body, steps, calls), error="The model gave no answer.")
            case Answered(body) | Held(body):
                return _observed(body, steps, calls)
            case Failed(error):
                return replace(_observed({}, steps, calls), error=error.message)
        raise RuntimeError("the turn has not ended")

    def calls(self) -> list[Row]:
        """Returns all model calls so far, with the columns of `llm_calls`."""
        return sandboxes.list_calls(self._conn, self._conversation.business_id)


def stored_calls(rows: list[Row], others: list[Call], step: str) -> list[dict[str, Any]]:
    """Returns calls of a conversation and calls about it as `llm_calls` stores them, without the turns, which will not
    exist."""
    calls = [*rows, *({**call_row(RecordedCall(call, None, 0)), "step_attempt": 1} for call in others)]
    return [{**call, "turn_id": None, "conversation_id": None, "step": step} for call in calls]


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


def _publish(business_id: UUID, frame: dict[str, Any]) -> None:
    """Nobody follows the turns of sandboxes."""
