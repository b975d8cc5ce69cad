"""Runs turns with `speculation: full` against a scripted model, and records what a subscriber sees."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

from core.limit_per_business import LimitPerBusiness
from message_processing.broadcast import Broadcast
from message_processing.business_data import BusinessData
from message_processing.engines.closeness import Closeness
from message_processing.engines.model import ModelEngine
from message_processing.engines.models import ChosenModel
from message_processing.engines.prompting import PromptRunner
from message_processing.engines.rules.fixed_replies import FixedReplies
from message_processing.events import MessageDelta, PipelineEvent, StepGivenUp, TurnEvent, TurnFinished
from message_processing.pipeline import run_turn
from message_processing.steps.speculative import Speculation, SpeculativeStep
from message_processing.templates.template_service import Prompt
from message_processing.turn import Outcome, Turn
from tests.support.os_users import wait_for
from tests.support.pipeline import in_stage, make_release, make_turn
from tests.support.scripted_model import Request, ScriptedModel, scripted_stage, without_database

SCHEMA = {"properties": {"city": {"type": "string"}}}
PARCEL = scripted_stage("Parcels", "Known: {collected_data}", extraction_schema=SCHEMA, fixed_reply="Please wait.")
GREETING = scripted_stage("Greetings")
STAYS, MOVES = '{"stage": "Parcels", "confidence": 0.9}', '{"stage": "Greetings", "confidence": 0.9}'
ORDERS = {"method": "database_query", "config": {"source": "orders", "match": {"order_number": "{order_number}"}}}


def stable_turn(stage: Any = PARCEL, mode: str = "full", **values: Any) -> Turn:
    """A turn in a conversation that was already in the stage."""
    release = make_release(stage, GREETING, settings={"speculation": mode})
    return in_stage(make_turn(release, "And a question about parcels to LEEDS?", **values), stage)


class Orders(BusinessData):
    """Business data with one order."""

    def __init__(self) -> None:
        pass

    def render(self, turn: Turn, text: str, given: dict[str, Any] | None = None) -> Prompt:
        content = text.replace("{order_number}", str(turn.collected_data.get("order_number", "")))
        return Prompt((), content, "", (), () if content else ("order_number",))

    def look_up(self, turn: Turn, source: str, match: dict[str, str], limit: int) -> list[dict[str, Any]]:
        return [{**match, "status": "on its way"}]


@dataclass
class Run:
    """Runs a turn and records what happens. `shown` is what a subscriber has received."""

    model: ScriptedModel
    turn: Turn = field(default_factory=stable_turn)
    draft_limit: LimitPerBusiness = field(default_factory=lambda: LimitPerBusiness(1))
    done: dict[str, Any] = field(default_factory=dict)
    discarded: list[tuple[str, str, Outcome | None]] = field(default_factory=list)
    events: list[PipelineEvent] = field(default_factory=list)
    broadcast: Broadcast = field(default_factory=Broadcast)

    def __post_init__(self) -> None:
        self._queue: SimpleQueue[TurnEvent] = self.broadcast.subscribe(wants_deltas=True)
        self._recorded = threading.Condition()

    def __call__(self) -> "Run":
        with Speculation(self.record) as speculation:
            for event in self.start(speculation):
                self.events.append(event)
                if isinstance(event, StepGivenUp):
                    self.broadcast.reset_reply()
        return self

    def start(self, speculation: Speculation) -> Iterator[PipelineEvent]:
        prompts = PromptRunner(ChosenModel(self.model, "m"), without_database())
        data = Orders()
        engine = ModelEngine(prompts, FixedReplies(data), self.broadcast, Closeness(), self.draft_limit)
        return run_turn(self.turn, engine, data, self.done, speculation)

    def record(self, step: SpeculativeStep, reason: str) -> None:
        record = step.wait_for_record()
        with self._recorded:
            self.discarded.append((step.name, reason, record[0] if record else None))
            self._recorded.notify_all()

    def wait_for_discarded(self, *names: str) -> dict[str, str]:
        """The reasons by step, once these steps have been recorded."""
        with self._recorded:
            assert self._recorded.wait_for(lambda: len(self.discarded) >= len(names), 30)
            reasons = {name: reason for name, reason, _ in self.discarded}
        assert sorted(reasons) == sorted(names)
        return reasons

    @property
    def finished(self) -> TurnFinished:
        assert isinstance(self.events[-1], TurnFinished)
        return self.events[-1]

    @property
    def shown(self) -> list[str]:
        """Every piece that was sent to the subscriber, also those that were reset later."""
        pieces = []
        while True:
            try:
                event = self._queue.get_nowait()
            except Empty:
                return pieces
            if isinstance(event, MessageDelta):
                pieces.append(event.text)


def answers(**texts: str | Exception) -> Any:
    """Answers by step; those of further requests as `response_2`."""

    def answer(request: Request) -> str:
        text = texts.get(f"{request.step}_{request.number}") or texts[request.step]
        if isinstance(text, Exception):
            raise text
        if request.step == "response":
            request.write(text)
        return text

    return answer


def in_order(model: ScriptedModel) -> ScriptedModel:
    """The model, which answers the selection only after the response was asked for."""
    script = model.answer

    def answer(request: Request) -> str:
        if request.step == "selection":
            wait_for(lambda: model.asked_for("response"), "a request for the response", pause=0.001)
        return script(request)

    model.answer = answer
    return model


def after_speculation(model: ScriptedModel) -> ScriptedModel:
    """The model, which answers the selection only after the response was written, or will not be asked for."""
    script = model.answer

    def answer(request: Request) -> str:
        if request.step == "selection":
            join_threads("speculative-response")
        return script(request)

    model.answer = answer
    return model


def join_threads(name: str) -> None:
    for thread in threading.enumerate():
        if thread.name.startswith(name):
            thread.join(30)
