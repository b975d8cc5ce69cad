"""From a template to a model's answer: the rendered prompt, the settings that apply, what was asked and answered."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from llm.types import ModelFailed, ModelSettings
from message_processing.release import Template
from message_processing.templates.template_service import Prompt, VariableCache, apply_template
from message_processing.turn import Outcome, RecordedCall, Shown, StepFailed, Turn

if TYPE_CHECKING:
    from llm.client import ModelClient


@dataclass(frozen=True)
class Reply:
    """A model's answer to a rendered template, with everything the trace shows of it."""

    text: str
    prompt: Prompt
    template: Template
    calls: tuple[RecordedCall, ...]
    is_cut_off: bool = False  # by the token limit

    def outcome(self, output: dict[str, Any], decision: str, parsed: Any = None) -> Outcome:
        """A step's outcome out of this reply; `parsed` is what was read from its last call."""
        calls = (*self.calls[:-1], replace(self.calls[-1], parsed=output if parsed is None else parsed))
        decision += " The token limit cut its answer off." if self.is_cut_off else ""
        return Outcome(output, decision, engine="model", variables=self.prompt.variables, calls=calls)


class Ask(Protocol):
    """Renders a template for a turn and asks the model. Raises StepFailed when no answer could be had.

    `contract` is the step's own last word in the system message, `schema` what the answer is constrained to where the
    server supports it; `after` and `correction` continue an exchange whose reply was not valid. A `streamed` answer is
    one that the customer may see while it is written; `given` values of variables come before any other.
    """

    def __call__(
        self,
        turn: Turn,
        template: Template,
        *,
        contract: str = "",
        schema: dict[str, Any] | None = None,
        after: Reply | None = None,
        correction: str = "",
        streamed: bool = False,
        given: dict[str, Any] | None = None,
    ) -> Reply: ...


class Prompter:
    """The `ask` of one turn: the model's client and the variables computed so far."""

    def __init__(
        self, model: "ModelClient", default_model: str, cache: VariableCache, shown: Shown | None = None
    ) -> None:
        self._model = model
        self._default_model = default_model
        self._cache = cache
        self._shown = shown

    def __call__(
        self,
        turn: Turn,
        template: Template,
        *,
        contract: str = "",
        schema: dict[str, Any] | None = None,
        after: Reply | None = None,
        correction: str = "",
        streamed: bool = False,
        given: dict[str, Any] | None = None,
    ) -> Reply:
        prompt = after.prompt if after else apply_template(template, turn, self._cache, contract, given)
        messages = list(prompt.messages)
        earlier: tuple[RecordedCall, ...] = ()
        if after:
            earlier = after.calls
            messages += [{"role": "assistant", "content": after.text}, {"role": "user", "content": correction}]
        shown = self._shown if streamed else None
        try:
            answer = self._model.complete(
                messages,
                self._settings(turn, template),
                deadline=turn.deadline,
                json_schema=schema,
                # Each streamed token costs, so the model is asked to stream only where somebody watches.
                on_delta=shown.add if shown and shown.is_watched else None,
                on_reset=shown.reset if shown else None,
            )
        except ModelFailed as failure:
            raise StepFailed(
                earlier + _recorded(failure.calls, template), prompt.variables, failure.timed_out
            ) from failure
        calls = earlier + _recorded(answer.calls, template)
        return Reply(answer.text, prompt, template, calls, is_cut_off=answer.finish_reason == "length")

    def _settings(self, turn: Turn, template: Template) -> ModelSettings:
        """The template's own settings, else the business's, else the server's."""
        settings = {**turn.release.settings, **template.model_settings}
        return ModelSettings(
            model=settings.get("model") or self._default_model,
            temperature=settings.get("temperature"),
            max_tokens=settings.get("max_tokens"),
            timeout=settings.get("timeout"),
            fallback_model=settings.get("fallback_model"),
        )


def _recorded(calls: tuple[Any, ...], template: Template) -> tuple[RecordedCall, ...]:
    return tuple(RecordedCall(call, template.template_id, template.version) for call in calls)
