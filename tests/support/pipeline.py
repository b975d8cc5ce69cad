"""Turns, stages and fake prompts, for tests that call the pipeline and its steps as plain functions."""

import time
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from db import Connection
from llm.types import Call
from llm.usage import Usage
from message_processing.broadcast import ReplyStream
from message_processing.engines.prompting import ModelReply, PromptRunner
from message_processing.release import Release, Stage, Template
from message_processing.templates.template_service import Prompt
from message_processing.turn import ConversationState, RecordedCall, Turn

NOW = datetime(2026, 5, 1, 14, 30, tzinfo=UTC)
HOSTILE = "{business_name} {{api_key}} %s {0.__class__} \\{ {user_message|x}"  # a message that looks like a template


def make_template(content: str = "", system_prompt: str = "", name: str = "A template", **values: Any) -> Template:
    return replace(
        Template(str(uuid4()), name, "response_generation", 1, content, system_prompt, {}),
        **values,
    )


def make_stage(name: str, **values: Any) -> Stage:
    return replace(
        Stage(
            stage_id=str(uuid4()),
            stage_name=name,
            stage_description="",
            stage_type="conversation",
            agents=[],
            selection=make_template("Which stage?", name=f"{name}: selection"),
            extraction=make_template("Which facts?", name=f"{name}: extraction"),
            response=make_template("Which reply?", name=f"{name}: response"),
            extraction_schema=None,
            data_retrieval={},
            actions=[],
            example_messages=[],
            fixed_reply=None,
            confidence_threshold=None,
            is_active=True,
        ),
        **values,
    )


def make_stages(*names: str) -> tuple[Stage, ...]:
    return tuple(make_stage(name) for name in names)


def make_release(*stages: Stage, **values: Any) -> Release:
    release = Release(
        release_id=uuid4(),
        business={
            "business_name": "Lantern Books",
            "business_description": None,
            "address": None,
            "phone_number": None,
            "website": None,
        },
        settings={"speculation": "off"},  # so that model calls happen one after the other
        stages=stages,
        agents={},
        variables={},
        default_stage_id=None,
        summary=make_template("conversation_summary"),
    )
    return replace(release, **values)


def make_turn(release: Release, message: str = "Where is my order?", **values: Any) -> Turn:
    """Returns a turn at the start of a conversation, changed by `values`."""
    default_stage = release.default_stage
    assert default_stage is not None
    turn = Turn(
        turn_id=uuid4(),
        business_id=uuid4(),
        conversation_id=uuid4(),
        user_id=uuid4(),
        message_id=uuid4(),
        seq=1,
        message=message,
        session_id="s-1",
        release=release,
        deadline=time.monotonic() + 60,
        conversation=ConversationState(
            conversation_summary=None,
            summarised_through=0,
            summary_tried_at=None,
            start_time=NOW,
            last_updated=NOW,
            session_id="s-1",
            stage_id=None,
            last_trouble=None,
            language=None,
        ),
        current_stage=default_stage,
        stage_before=None,
        collected_before={},
    )
    return replace(turn, **values)


def in_stage(turn: Turn, stage: Stage) -> Turn:
    """Returns the turn in a conversation that was already in the stage."""
    return replace(turn, current_stage=stage, stage_before=UUID(stage.stage_id))


@dataclass(frozen=True)
class PromptRequest:
    """The arguments of one call of `FakePrompts.run`."""

    template: Template
    contract: str
    schema: dict[str, Any] | None
    previous: ModelReply | None
    correction: str


class FakePrompts(PromptRunner):
    """Returns the given answers in order (an exception is raised) and records the requests."""

    def __init__(self, *answers: str | Exception) -> None:
        self.answers = deque(answers)
        self.requests: list[PromptRequest] = []
        self.earlier_messages: list[str] = []

    def customer_messages(self, turn: Turn) -> list[str]:
        return self.earlier_messages

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
        self.requests.append(PromptRequest(template, contract, schema, previous, correction))
        answer = self.answers.popleft()
        if isinstance(answer, Exception):
            raise answer
        prompt = Prompt(({"role": "user", "content": "..."},), "...", "", ({"name": "stage", "value": "x"},), ())
        call = RecordedCall(make_call(answer), template.template_id, template.version)
        return ModelReply(answer, prompt, template, (*(previous.calls if previous else ()), call))


def make_call(response: str) -> Call:
    return Call(
        model="m",
        request={"messages": []},
        response=response,
        usage=Usage(1, 1),
        cost_usd=None,
        latency_ms=1,
        first_token_ms=None,
        attempt=1,
        status="completed",
        error=None,
        created_at=NOW,
    )


def no_connection() -> AbstractContextManager[Connection]:
    """Fails the test: no variable should need a connection."""
    raise AssertionError("a connection was opened")
