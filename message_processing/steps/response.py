"""Response generation: the reply, written from the stage, the collected fields and the data of the business."""

from typing import cast

from message_processing.broadcast import Broadcast, HeldReply, ReplyStream
from message_processing.engines.prompting import PromptRunner
from message_processing.engines.rules.fixed_replies import FixedReplies
from message_processing.knowledge.prompt_text import used_articles
from message_processing.step_outputs import ResponseOutput
from message_processing.steps.reply_checks import correction_of, problem_with
from message_processing.templates.template_service import Prompt
from message_processing.turn import Outcome, Turn


def generate_response(
    turn: Turn, prompts: PromptRunner, fixed_replies: FixedReplies, stream: ReplyStream, prompt: Prompt | None = None
) -> Outcome:
    """Asks the model for the reply, with the response template of the selected stage, or `prompt` if it is rendered.

    A reply that must not be sent is asked for once more. If that does not help, a person will answer. `stream` receives
    the reply while it is written.
    """
    template = turn.chosen_stage.response
    reply = prompts.run(turn, template, stream=stream, prompt=prompt)
    first_problem = problem = problem_with(reply.text, turn)
    if problem:
        stream.reset_reply()
        reply = prompts.run(turn, template, stream=stream, previous=reply, correction=correction_of(turn))
        problem = problem_with(reply.text, turn)
    if problem:
        instead = fixed_replies.person_will_answer(turn, f". The model's reply was not sent, because {problem}")
        return reply.outcome(cast(ResponseOutput, instead.output), instead.decision)
    output: ResponseOutput = {"reply": reply.text.strip()}
    if articles := used_articles(turn.retrieval, reply.prompt.variables):
        output["articles"] = articles
    again = f" Its first reply was not sent, because {first_problem}." if first_problem else ""
    return reply.outcome(output, f"The model wrote the reply.{again}")


class ResponseDraft:
    """A reply for a turn that is not certain yet. It is rendered at once; nothing is shown before `show`."""

    def __init__(self, turn: Turn, prompts: PromptRunner, fixed_replies: FixedReplies, broadcast: Broadcast) -> None:
        self._turn, self._prompts, self._fixed_replies = turn, prompts, fixed_replies
        self._prompt = prompts.render(turn, turn.chosen_stage.response)
        self._reply = HeldReply(broadcast)

    def generate(self) -> Outcome:
        """Asks the model for the reply. Raises StepFailed."""
        return generate_response(self._turn, self._prompts, self._fixed_replies, self._reply, self._prompt)

    def is_for(self, turn: Turn) -> bool:
        """Returns whether the reply to `turn` would be asked for with the same messages."""
        stage = turn.chosen_stage
        if stage.stage_id != self._turn.chosen_stage.stage_id:
            return False
        return self._prompts.render(turn, stage.response).messages == self._prompt.messages

    def show(self) -> None:
        """Sends what has been written so far to the turn's subscribers, and the rest as it is written."""
        self._reply.release()

    def drop(self) -> None:
        """Makes sure that nothing is ever shown."""
        self._reply.drop()
