"""Replays a turn: runs the pipeline with recorded variables, and with recorded outcomes of look-ups and actions."""

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from core.errors import Conflict
from core.limit_per_business import LimitPerBusiness
from db import Database
from message_processing.api_calls.calls import ApiCalls
from message_processing.broadcast import Broadcast
from message_processing.business_settings import BusinessSettings
from message_processing.channels.images import ImageLoader
from message_processing.engines.closeness import Closeness
from message_processing.engines.model import Engine, ModelEngine
from message_processing.engines.models import Models
from message_processing.engines.prompting import PromptRunner
from message_processing.engines.rules.engine import RulesEngine
from message_processing.engines.rules.fixed_replies import FixedReplies
from message_processing.events import StepFinished, StepGivenUp, StepStarted, TurnFinished
from message_processing.knowledge.search import KnowledgeSearch
from message_processing.local_time import time_of_replay
from message_processing.pipeline import Events, run_turn
from message_processing.release import Release
from message_processing.replay.choices import choose_model
from message_processing.replay.data import ReplayData
from message_processing.replay.outcomes import acted, retrieved
from message_processing.replay.recorded import RecordedTurn
from message_processing.replay.result import Replayed
from message_processing.steps.speculative import Speculation
from message_processing.turn import StepFailed, Turn

if TYPE_CHECKING:
    from message_processing.engines.rules.similarity import SimilarityModel

_OF_MODELS = frozenset(("model_server", "model", "temperature", "max_tokens", "timeout", "prices"))


class Replayer:
    """Replays turns with what the application's turns use."""

    def __init__(
        self,
        database: Database,
        models: Models,
        api_calls: ApiCalls,
        search: KnowledgeSearch,
        closeness: Closeness,
        images: ImageLoader,
        similarity_model: "SimilarityModel | None",
        time_limit: int,
    ) -> None:
        """`time_limit` is the maximum number of seconds per turn. `similarity_model` is that of rules mode."""
        self._database, self._models, self._api_calls = database, models, api_calls
        self._search, self._closeness, self._images = search, closeness, images
        self._similarity_model = similarity_model
        self._time_limit = time_limit

    def run(self, recorded: RecordedTurn, release: Release, model: str | None = None) -> Replayed:
        """Returns what a release makes of a recorded turn. Nothing is stored.

        The settings and the profile of the business are those of that time, except the settings of models. `model`
        replaces the models of all templates. No budget applies, and no step starts speculatively. Raises
        InvalidRequest if the model may not be used, Conflict if the release has no active stage, and
        DatabaseUnavailable.
        """
        if release.default_stage is None:
            raise Conflict(
                "The release has no active stage.", remediation="Activate a stage, or choose another release."
            )
        started_at = time.monotonic()
        release = _with_settings_of(recorded.release, release)
        data = ReplayData(recorded, self._database, self._api_calls, self._search, self._closeness, self._images)
        turn = data.with_images(recorded.turn_with(release, started_at + self._time_limit))
        events = run_turn(turn, self._engine(turn, data, model), data, {}, Speculation(record=_ignore))
        replayed = Replayed(turn.conversation_id)
        with time_of_replay(recorded.moment):
            try:
                _follow(events, recorded, data, replayed)
            except StepFailed as failure:
                replayed.error = failure.outcome.decision
        replayed.duration_ms = round((time.monotonic() - started_at) * 1000)
        replayed.computed_now, replayed.not_recorded = data.cache.computed_now, list(data.cache.not_recorded)
        return replayed

    def _engine(self, turn: Turn, data: ReplayData, model: str | None) -> Engine:
        chosen = choose_model(self._models, turn.business_id, turn.release, model)
        if chosen is None:
            assert self._similarity_model is not None
            return RulesEngine(data, self._similarity_model)
        prompts = PromptRunner(chosen, data.cache)
        return ModelEngine(prompts, FixedReplies(data), Broadcast(), self._closeness, LimitPerBusiness(0))


def _with_settings_of(then: Release, release: Release) -> Release:
    settings: dict[str, Any] = {
        **{name: value for name, value in then.settings.items() if name not in _OF_MODELS},
        **{name: value for name, value in release.settings.items() if name in _OF_MODELS},
        "speculation": "off",
    }
    return replace(release, settings=cast(BusinessSettings, settings), business=then.business)


def _follow(events: Events, recorded: RecordedTurn, data: ReplayData, replayed: Replayed) -> None:
    """Runs the pipeline. Like the worker, which saves steps, it sends back the outcome that counts. Raises StepFailed
    if there is no reply."""
    output: Any = None
    while True:
        try:
            event = events.send(output)
        except StopIteration:
            return
        output = None
        match event:
            case StepStarted(step):
                data.cache.step = step
            case StepGivenUp(step, failure):
                replayed.add(step, failure.outcome)
            case StepFinished(step, outcome, turn):
                if step == "retrieval":
                    outcome = retrieved(recorded, turn, outcome, data.cache)
                elif step == "actions":
                    outcome = acted(recorded, turn, outcome, data.cache)
                output = outcome.output
                replayed.add(step, outcome)
            case TurnFinished(outcome, turn, reply):
                replayed.add("response", outcome)
                replayed.stage, replayed.fields, replayed.reply = turn.chosen_stage, turn.extracted_data, reply


def _ignore(*_: object) -> None:
    """No step is discarded, because none starts speculatively."""
