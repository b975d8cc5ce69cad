"""The engine for messages that contain a keyword of the setting `handover`: a person answers, and no model is asked."""

from message_processing.business_data import BusinessData
from message_processing.engines.rules.fixed_replies import FixedReplies
from message_processing.turn import Outcome, Turn


class PersonRequested(FixedReplies):
    """Stays in the current stage and says that a person will answer. Fields are extracted for that person."""

    name = "rules"
    runs_actions = False

    def __init__(self, business_data: BusinessData, keyword: str) -> None:
        super().__init__(business_data)
        self._why = f'the message contains "{keyword}"'

    def select_stage(self, turn: Turn) -> Outcome:
        """Keeps the current stage."""
        return self._keep_stage(turn, self._why)

    def generate_response(self, turn: Turn) -> Outcome:
        """Says that a person will answer."""
        return self.person_will_answer(turn, f", because {self._why}")
