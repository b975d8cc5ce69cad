"""The engine for turns of businesses whose budget is used up: no model is asked."""

from dataclasses import replace

from message_processing.business_data import BusinessData
from message_processing.engines.rules.fixed_replies import FixedReplies
from message_processing.turn import Outcome, Turn


class BudgetSpent(FixedReplies):
    """Stays in the current stage and replies with what the business has entered for it, or says that a person will
    answer."""

    why = "the budget is used up"

    def __init__(self, business_data: BusinessData, hands_over: bool) -> None:
        """`hands_over` is whether a person answers even if the stage has a fixed reply."""
        super().__init__(business_data)
        self._hands_over = hands_over
        self.runs_actions = not hands_over

    def select_stage(self, turn: Turn) -> Outcome:
        """Keeps the current stage."""
        return _marked(super().select_stage(turn))

    def read_answer(self, turn: Turn) -> Outcome:
        """Recognises yes and no by lists of words."""
        return _marked(super().read_answer(turn))

    def generate_response(self, turn: Turn) -> Outcome:
        """Replies with the fixed reply, or says that a person will answer."""
        if self._hands_over:
            return self.person_will_answer(turn, f", because {self.why}")
        return super().generate_response(turn)


def _marked(outcome: Outcome) -> Outcome:
    """Adds to the selection that no model was asked, which is a reason to hand over."""
    return replace(outcome, output={**outcome.output, "over_budget": True})
