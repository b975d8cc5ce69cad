"""Response generation: the reply, written from the stage, the collected fields and the data of the business."""

from message_processing.engines.prompting import PromptRunner
from message_processing.turn import Outcome, Turn


def generate_response(turn: Turn, prompts: PromptRunner) -> Outcome:
    """Asks the model for the reply, with the response template of the selected stage."""
    reply = prompts.run(turn, turn.chosen_stage.response, streamed=True)
    return reply.outcome({"reply": reply.text.strip()}, "The model wrote the reply.")
