"""Response generation: the reply, written from the stage, the facts and the business's own data. (SPEC 7.8)"""

from message_processing.engines.prompting import Ask
from message_processing.turn import Outcome, Turn


def generate_response(turn: Turn, ask: Ask) -> Outcome:
    reply = ask(turn, turn.chosen_stage.response, streamed=True)
    return reply.outcome({"reply": reply.text.strip()}, "The model wrote the reply.")
