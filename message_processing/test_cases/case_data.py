"""The data that the turns of a test case can read: rows of the sandbox, and articles of the business. API calls are not
sent."""

from typing import Any
from uuid import UUID

from db import Database
from message_processing.api_calls.calls import ApiCalls, CallResult
from message_processing.api_calls.request import ApiRequest
from message_processing.business_data import BusinessData
from message_processing.engines.closeness import Closeness
from message_processing.knowledge.search import DEFAULT_LIMIT, KnowledgeSearch
from message_processing.step_outputs import CallRecord, FoundPassage
from message_processing.turn import Turn


class CaseData(BusinessData):
    """Reads like `BusinessData`. What API calls return is part of the test case."""

    def __init__(
        self,
        database: Database,
        api_calls: ApiCalls,
        search: KnowledgeSearch,
        closeness: Closeness,
        lookups: dict[str, Any],
    ) -> None:
        """`lookups` are the results of the data retrieval of stages, by name."""
        super().__init__(database, api_calls, search, closeness)
        self._lookups = lookups

    def call(self, turn: Turn, request: ApiRequest) -> CallResult:
        """Returns the result that the test case declares; of an action's call, that it was accepted."""
        record: CallRecord = {
            "request": turn.release.masking.members(request.shown),
            "status": 200,
            "duration_ms": 0,
            "size": None,
            "cause": None,
        }
        if request.is_action:
            return CallResult("found", None, record)
        data = self._lookups.get(turn.chosen_stage.stage_name)
        return CallResult("not_found" if data is None else "found", data, record)


class ArticlesOf(KnowledgeSearch):
    """Searches the articles of one business, whichever asks."""

    def __init__(self, search: KnowledgeSearch, business_id: UUID) -> None:
        self._search, self._business_id = search, business_id

    def find(self, business_id: UUID, question: str, limit: int = DEFAULT_LIMIT) -> list[FoundPassage]:  # noqa: ARG002
        """Returns the best passages of the business's valid articles, the best first."""
        return self._search.find(self._business_id, question, limit)
