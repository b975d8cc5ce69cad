"""What a replay knows about the data of the business. It changes nothing, and calls no other system."""

from typing import Any

from db import Database
from message_processing.api_calls.calls import ApiCalls, CallResult
from message_processing.api_calls.request import ApiRequest
from message_processing.business_data import BusinessData
from message_processing.channels.images import ImageLoader
from message_processing.engines.closeness import Closeness
from message_processing.knowledge.search import KnowledgeSearch
from message_processing.replay.recorded import RecordedTurn
from message_processing.replay.values import RecordedValues
from message_processing.step_outputs import CallRecord
from message_processing.turn import Turn
from repositories.actions import TurnState


class ReplayData(BusinessData):
    """Reads like `BusinessData`, but with recorded variables. The step that uses a result of a call gets the recorded
    one afterwards, see `outcomes`."""

    def __init__(
        self,
        recorded: RecordedTurn,
        database: Database,
        api_calls: ApiCalls,
        search: KnowledgeSearch,
        closeness: Closeness,
        images: ImageLoader,
    ) -> None:
        super().__init__(database, api_calls, search, closeness, images)
        self.cache: RecordedValues = RecordedValues(recorded, database, search, closeness)

    def turn_state(self, _turn: Turn) -> TurnState:
        """Returns that actions may run: the recorded turn is finished, but its replay is not."""
        return {"is_active": True, "is_late": False, "is_test": False}

    def earlier_results(self, _turn: Turn) -> list[dict[str, Any]]:
        """Returns none: the latest ones are those of the recorded turn and of later ones."""
        return []

    def call(self, turn: Turn, request: ApiRequest) -> CallResult:
        """Returns that the result is not known, without sending the request."""
        shown = turn.release.masking.members(request.shown)
        record: CallRecord = {
            "request": shown,
            "status": None,
            "duration_ms": 0,
            "size": None,
            "cause": "not_recorded",
        }
        return CallResult("failed", None, record)
