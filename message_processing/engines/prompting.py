"""Renders a template for a turn, sends the prompt to the model and keeps what the trace needs."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from llm.types import Call, ModelFailed, ModelSettings
from message_processing.broadcast import ReplyStream
from message_processing.engines.models import ChosenModel
from message_processing.release import Template
from message_processing.step_outputs import StepOutput
from message_processing.templates.template_service import Prompt, VariableCache, apply_template, provider_arguments
from message_processing.turn import Outcome, RecordedCall, StepFailed, Turn

# If the prompt is too long for the model, it is sent again with these shares of the history.
HISTORY_SHARES = (0.5, 0.25, 0.1, 0.0)


@dataclass(frozen=True)
class ModelReply:
    """A model's answer to a rendered template, with everything that the trace shows about it."""

    text: str
    prompt: Prompt
    template: Template
    calls: tuple[RecordedCall, ...]
    is_cut_off: bool = False  # by the token limit
    own_host: str | None = None  # of the business's server, if that has answered
    is_cheaper: bool = False

    def outcome(self, output: StepOutput, decision: str, parsed: Any = None) -> Outcome:
        """Returns the outcome of the step. `parsed` is what was read from the last call, by default `output`."""
        calls = (*self.calls[:-1], replace(self.calls[-1], parsed=output if parsed is None else parsed))
        decision += f" The model server {self.own_host} of the business answered." if self.own_host else ""
        decision += " A cheaper model answered, because the budget is used up." if self.is_cheaper else ""
        decision += " The answer was cut off at the token limit." if self.is_cut_off else ""
        return Outcome(output, decision, engine="model", variables=self.prompt.variables, calls=calls)


class PromptRunner:
    """Runs the prompts of one turn with a model. Variables that a prompt has computed are reused by the next."""

    def __init__(self, chosen: ChosenModel, cache: VariableCache) -> None:
        self._chosen = chosen
        self._cache = cache

    def is_answering(self, turn: Turn, template: Template) -> bool:
        """Returns whether the template's model has answered lately."""
        return self._chosen.model.is_answering(self._settings(turn, template).model, tenant=str(turn.business_id))

    def render(self, turn: Turn, template: Template) -> Prompt:
        """Returns the prompt that `run` would send for a template without a contract."""
        return apply_template(template, turn, self._cache)

    def customer_messages(self, turn: Turn) -> list[str]:
        """Returns the customer's earlier messages in the conversation, the latest first."""
        conn = self._cache.connection()
        with self._cache.lock:  # another prompt may be rendered at the same time
            try:
                rows = self._cache.history(conn, provider_arguments(turn))
            finally:
                conn.give_back()
        return [row["message_content"] for row in reversed(rows) if row["sender_type"] == "user"]

    def run(
        self,
        turn: Turn,
        template: Template,
        *,
        contract: str = "",
        schema: dict[str, Any] | None = None,
        previous: ModelReply | None = None,
        correction: str = "",
        stream: ReplyStream | None = None,
        prompt: Prompt | None = None,
        given: Callable[[float], dict[str, Any]] | None = None,
    ) -> ModelReply:
        """Renders the template and returns the model's answer. Raises StepFailed if the model gives none.

        `contract` is the step's output contract, appended to the system message. `schema` constrains the answer if the
        server supports it. If the prompt is too long for the model, it is rendered again with less history. `previous`
        and `correction` continue an exchange whose reply was not valid. `stream` receives the answer while it is
        written. `prompt` is the template if it is already rendered. `given` returns values that take precedence over
        other variables, for a share of the history.
        """

        def render(history_share: float = 1.0) -> Prompt:
            values = given(history_share) if given else None
            return apply_template(template, turn, self._cache, contract, values, history_share)

        rendered = prompt or (previous.prompt if previous else render())
        earlier_calls = previous.calls if previous else ()
        more: list[dict[str, str]] = []
        if previous:
            more = [{"role": "assistant", "content": previous.text}, {"role": "user", "content": correction}]
        shares = iter(HISTORY_SHARES)

        def shorten() -> list[dict[str, str]] | None:
            nonlocal rendered
            for share in shares:
                shorter = render(share)
                # The first reply's prompt may have been shortened already.
                if _length(shorter) < _length(rendered):
                    rendered = shorter
                    return [*rendered.messages, *more]
            return None

        try:
            answer = self._chosen.model.complete(
                [*rendered.messages, *more],
                self._settings(turn, template),
                deadline=turn.deadline,
                tenant=str(turn.business_id),
                json_schema=schema,
                images=turn.images,
                # Streaming costs processor time per token, so the model only streams if someone is following the turn.
                on_delta=stream.add_delta if stream and stream.wants_deltas else None,
                on_reset=stream.reset_reply if stream else None,
                shorten=shorten,
            )
        except ModelFailed as failure:
            calls = earlier_calls + _recorded(turn, failure.calls, template)
            raise StepFailed(
                calls, rendered.variables, failure.timed_out, failure.error, failure.retry_after
            ) from failure
        calls = earlier_calls + _recorded(turn, answer.calls, template)
        is_cut_off = answer.finish_reason == "length"
        # The prompt is masked, but a model can also read a number in an image, or invent one.
        text = turn.release.masking.text(answer.text)
        chosen = self._chosen
        return ModelReply(text, rendered, template, calls, is_cut_off, chosen.own_host, chosen.is_cheaper)

    def _settings(self, turn: Turn, template: Template) -> ModelSettings:
        """Returns the template's settings, completed with those of the business and the default model."""
        settings, defaults = template.model_settings, turn.release.settings
        return ModelSettings(
            model=self._chosen.name_for(settings.get("model")),
            temperature=settings.get("temperature", defaults.get("temperature")),
            max_tokens=settings.get("max_tokens", defaults.get("max_tokens")),
            timeout=settings.get("timeout", defaults.get("timeout")),
            fallback_model=self._chosen.fallback_for(settings.get("fallback_model")),
            prices=defaults.get("prices"),
        )


def _length(prompt: Prompt) -> int:
    return sum(len(message["content"]) for message in prompt.messages)


def _recorded(turn: Turn, calls: tuple[Call, ...], template: Template) -> tuple[RecordedCall, ...]:
    masked = (replace(call, response=turn.release.masking.value(call.response)) for call in calls)
    return tuple(RecordedCall(call, template.template_id, template.version) for call in masked)
