"""Invents what happens in a turn: its steps, its calls to models, and its end."""

import random
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from dev.bench.simulator.world import Call, Conversation, Stage, Step, Turn, later, new_id_at

# US dollars per million tokens of prompts and completions; None: the model has no price.
PRICES = {"gpt-4.1-mini": (Decimal("0.40"), Decimal("1.60")), "gpt-4o": (Decimal("2.50"), Decimal("10.00"))}
UNPRICED = "own-model"
_MODELS = {"selection": "gpt-4.1-mini", "extraction": "gpt-4.1-mini", "response": "gpt-4o", "summary": "gpt-4.1-mini"}
_COLOURS = ("red", "green", "blue", "grey", "brown", "black", "white", "yellow")
_KINDS = ("model", "rules", "fallback", "failed", "retried")
_WEIGHTS = (85, 4, 4, 4, 3)
_HANDOVER_REASONS = ("needs_person", "keyword", "low_confidence", "lookup_failed")


class TurnMaker:
    """Fills the turns of a business."""

    def __init__(self, rng: random.Random, stages: list[Stage]) -> None:
        self._rng, self._stages = rng, stages

    def run(
        self, turn: Turn, conversation: Conversation, known: dict[str, Any], handed_back_at: datetime | None
    ) -> None:
        """Run the turn to its end. `known` are the fields of the conversation, which the turn changes."""
        kind = self._rng.choices(_KINDS, _WEIGHTS)[0]
        began = self._start(turn, conversation, handed_back_at)
        clock = self._select(turn, kind, began)
        clock = self._extract(turn, known, kind, began, clock)
        clock = self._look_up(turn, clock)
        if kind != "rules":
            clock = self._act(turn, conversation, clock)
        if kind in ("fallback", "failed", "retried"):
            clock = self._fail_response(turn, clock)
        if kind == "failed":
            turn.fields = {}
            self._end(turn, clock, "failed", "model_unavailable")
            return
        if kind == "retried":
            turn.attempts += 1
            clock = later(clock, self._rng.expovariate(1 / 1800))  # until somebody retries it, or a process has died
            turn.takeovers = self._rng.randint(0, 1)
        engine = "rules" if kind == "rules" else "fallback" if kind == "fallback" else "model"
        clock = self._respond(turn, engine, clock)
        turn.engine = engine
        turn.has_reply = True
        known |= turn.fields
        if self._rng.random() < 0.05:
            turn.handover = self._rng.choice(_HANDOVER_REASONS)
        turn.is_unanswered = self._rng.random() < 0.05
        self._end(turn, clock, "completed", None)
        self._summarise(turn)

    def interrupt(self, turn: Turn, conversation: Conversation) -> datetime:
        """Start the turn, which a takeover then holds. Returns the time of the takeover."""
        return self._select(turn, "model", self._start(turn, conversation, None))

    def _start(self, turn: Turn, conversation: Conversation, handed_back_at: datetime | None) -> datetime:
        """Returns when the first step begins."""
        began = handed_back_at and later(handed_back_at, 0.01)
        if turn.started_at is None and began is not None:
            turn.started_at = began
        elif turn.started_at is None:
            slow = self._rng.random() < 0.05
            turn.started_at = later(turn.created_at, self._rng.uniform(1, 30) if slow else self._rng.uniform(0, 0.04))
        turn.attempts = 1
        turn.stage_before = conversation.stage.stage_id if conversation.stage else None
        stays = conversation.stage is not None and self._rng.random() < 0.6
        turn.stage = conversation.stage if stays else self._rng.choice(self._stages)
        conversation.pending_turn = None
        return began or turn.started_at

    def _select(self, turn: Turn, kind: str, began: datetime) -> datetime:
        confidence = None if self._rng.random() < 0.1 else round(self._rng.betavariate(5, 1.6), 3)
        turn.confidence = confidence
        clock = began
        if kind != "rules":
            fails = self._rng.random() < 0.03
            step_attempt = self._attempt(turn, "selection")
            if fails:
                clock = self._call(turn, "selection", step_attempt, clock, is_failed=True)
            clock = self._call(turn, "selection", step_attempt, clock, attempt=1 + fails)
        stage = turn.stage
        assert stage is not None
        output: dict[str, Any] = {"stage_id": str(stage.stage_id), "stage_name": stage.name, "confidence": confidence}
        output["reason"] = "simulated"
        if confidence is None and kind != "rules":
            output["named_stages"] = []  # the model has named none
        if stage.agent_id:
            output["agent"] = {"agent_id": str(stage.agent_id), "agent_name": stage.name, "reason": "first"}
        engine = "rules" if kind == "rules" else "model"
        clock = max(clock, later(began, 0.002))
        self._step(turn, "selection", engine, output, began, clock)
        return clock

    def _extract(self, turn: Turn, known: dict[str, Any], kind: str, began: datetime, clock: datetime) -> datetime:
        stage = turn.stage
        assert stage is not None
        if kind == "model" and turn.stage_before not in (None, stage.stage_id):  # speculative, for the old stage
            ended = self._call(turn, "extraction", self._attempt(turn, "extraction"), began)
            output = _extraction({"colour": "discarded"}, {"size": "discarded"}, ["discarded"])
            self._step(turn, "extraction", "model", output, began, ended, is_discarded=True)
        found: dict[str, Any] = {}
        not_said: dict[str, Any] = {}
        for name in stage.fields:
            chance = self._rng.random()
            if (name not in known and chance < 0.4) or (name in known and chance < 0.06):
                others = [each for each in _COLOURS if each != known.get(name)]
                found[name] = self._rng.choice(others)
            elif name in known and chance < 0.12:
                found[name] = known[name]
            elif chance > 0.97:
                not_said[name] = self._rng.choice(_COLOURS)
        turn.fields = found
        if not stage.fields:
            self._step(turn, "extraction", None, _extraction({}, {}, []), clock, clock)
            return clock
        ended = clock
        if kind != "rules":
            ended = self._call(turn, "extraction", self._attempt(turn, "extraction"), clock)
        missing = [name for name in stage.required_fields if name not in known and name not in found]
        engine = "rules" if kind == "rules" else "model"
        self._step(turn, "extraction", engine, _extraction(found, not_said, missing), clock, ended)
        return ended

    def _look_up(self, turn: Turn, clock: datetime) -> datetime:
        status = self._rng.choices(["none", "found", "not_found", "missing", "failed"], [60, 25, 8, 4, 3])[0]
        ended = clock if status == "none" else later(clock, self._rng.uniform(0.003, 0.4))
        output: dict[str, Any] = {"status": status, "data": None, "say": None, "missing": []}
        self._step(turn, "retrieval", None, output, clock, ended)
        return ended

    def _act(self, turn: Turn, conversation: Conversation, clock: datetime) -> datetime:
        stage = turn.stage
        assert stage is not None
        if not stage.actions:
            return clock
        results = []
        is_waiting = False
        for index, do in enumerate(stage.actions):
            statuses = ["done", "failed", "skipped", "waiting"]
            status = "skipped" if is_waiting else self._rng.choices(statuses, [70, 8, 14, 8])[0]
            cause = "waiting" if is_waiting else {"failed": "not_found", "skipped": "condition"}.get(status)
            is_waiting = is_waiting or status == "waiting"
            results.append({"index": index, "do": do, "status": status, "cause": cause, "values": {}})
        output: dict[str, Any] = {"stage_id": str(stage.stage_id), "results": results}
        if is_waiting:
            conversation.pending_turn = turn
            output["question"] = "Shall I?"
        ended = later(clock, self._rng.uniform(0.001, 0.05))
        self._step(turn, "actions", None, output, clock, ended)
        return ended

    def _fail_response(self, turn: Turn, clock: datetime) -> datetime:
        began = clock
        for attempt in (1, 2):
            clock = self._call(
                turn, "response", self._attempt(turn, "response"), clock, attempt=attempt, is_failed=True
            )
        self._step(turn, "response", "model", {}, began, clock, is_failed=True)
        return clock

    def _respond(self, turn: Turn, engine: str, clock: datetime) -> datetime:
        ended = later(clock, 0.003)
        if engine == "model":
            ended = self._call(turn, "response", self._attempt(turn, "response"), clock)
        self._step(turn, "response", engine, {"reply": f"Reply to {turn.message}"}, clock, ended)
        return ended

    def _summarise(self, turn: Turn) -> None:
        """Some conversations are summarised after the reply, perhaps in the next quarter of an hour."""
        if turn.seq > 12 and self._rng.random() < 0.2:
            assert turn.completed_at is not None
            self._call(turn, "summary", 1, turn.completed_at)

    def _end(self, turn: Turn, clock: datetime, status: str, error_code: str | None) -> None:
        turn.status, turn.error_code, turn.completed_at = status, error_code, later(clock, self._rng.uniform(0, 0.02))
        if status == "failed":
            turn.confidence = turn.engine = None

    def _attempt(self, turn: Turn, name: str) -> int:
        return 1 + sum(step.name == name for step in turn.steps)

    def _step(
        self,
        turn: Turn,
        name: str,
        engine: str | None,
        output: dict[str, Any],
        began: datetime,
        ended: datetime,
        *,
        is_failed: bool = False,
        is_discarded: bool = False,
    ) -> None:
        attempt = self._attempt(turn, name)
        turn.steps.append(Step(name, attempt, is_failed, is_discarded, engine, output, began, ended))

    def _call(
        self, turn: Turn, step: str, step_attempt: int, began: datetime, *, attempt: int = 1, is_failed: bool = False
    ) -> datetime:
        """Add a call. Returns when it has ended."""
        stage, release = turn.stage, turn.release
        assert stage is not None and release is not None
        latency = min(20000, round(1000 * self._rng.lognormvariate(-0.2, 0.6)))
        first_token = None if is_failed or step != "response" else round(latency * self._rng.uniform(0.2, 0.6))
        model = UNPRICED if self._rng.random() < 0.05 else _MODELS[step]
        prompt = None if is_failed else self._rng.randint(200, 3000)
        completion = None if is_failed else self._rng.randint(5, 400)
        template_id: UUID = stage.templates[step]
        ended = later(began, latency / 1000)
        turn.calls.append(
            Call(
                call_id=new_id_at(self._rng, ended),
                step=step,
                step_attempt=step_attempt,
                attempt=attempt,
                created_at=began,
                model=model,
                template_id=template_id,
                template_version=release.versions[template_id],
                prompt_tokens=prompt,
                completion_tokens=completion,
                cost=cost_of(model, prompt, completion),
                latency_ms=latency,
                first_token_ms=first_token,
                is_failed=is_failed,
            )
        )
        return ended


def cost_of(model: str, prompt: int | None, completion: int | None) -> Decimal | None:
    """US dollars, or None without a price or without counts of tokens."""
    if model not in PRICES or prompt is None or completion is None:
        return None
    prices = PRICES[model]
    return (prompt * prices[0] + completion * prices[1]) / 1_000_000


def _extraction(fields: dict[str, Any], not_said: dict[str, Any], missing: list[str]) -> dict[str, Any]:
    return {"fields": fields, "text": None, "problems": [], "missing": missing, "not_said": not_said}
