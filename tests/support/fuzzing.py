"""Requests that nobody would write, made by schemathesis from the OpenAPI document, as four callers, and the checks
that every answer must pass.

A case is one request. Most are what schemathesis makes of an operation, valid or not, with live ids in the place of
random ones as often as not, since a random id meets nothing but a 404; some then become odd in ways that no schema
describes (`ODDITIES`). A problem is noted, not raised: what a request meets depends on those before it, so that
hypothesis could not try it again alone. The note has the whole request.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from random import Random
from typing import Any

import hypothesis
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.transport import Response
from schemathesis.generation.stateful import run_state_machine_as_test
from schemathesis.generation.stateful.state_machine import StepInput, StepOutput
from schemathesis.schemas import APIOperation
from werkzeug.test import TestResponse

from core.validation import conforms_to
from security.credentials import WRITE_METHODS
from tests.support.checked_client import check_response
from tests.support.fake_model import FakeModel
from tests.support.fuzz_world import CALLERS, World, reply_to
from tests.support.odd_requests import ODDITIES, REFUSED

QUIET = hypothesis.settings(
    database=None,
    deadline=None,
    phases=[hypothesis.Phase.generate],
    suppress_health_check=list(hypothesis.HealthCheck),
)

# What is checked of every answer. Left out are
# - positive_data_acceptance: a schema does not say all that makes a request valid (a NUL, an id that does not exist, a
#   pattern that is no regular expression, a cursor that nobody gave out), so that some 400 are right;
# - ignored_auth and object_level_authorization, which send requests again as somebody else: here nobody calls too and
#   `_check_stranger` looks at the answer; tests/api/test_permissions.py and tests/api/test_tenancy.py walk every route;
# - unsupported_method, missing_required_header and allow_header_conformance: they look at cases of a phase that is not
#   used here; an odd method is among `ODDITIES`, and no header is required but the credential;
# - max_response_time: no test asserts times.
CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)
# These need the history of a scenario.
CHECKED_IN_SCENARIOS = (*CHECKED, "use_after_free", "ensure_resource_availability")

_ON_THE_WAY = ("turn_started", "step_started", "step_finished", "message_delta", "message_reset", "ping")


class Fuzz:
    """Sends cases to one application. `statuses` counts the answers by operation and status, `oddities` those of odd
    requests by what was odd, apart; `followed` those of a scenario's further steps that were a success; `problems` are
    the notes of what should not have been."""

    def __init__(self, app: Flask, fake_model: FakeModel, seed: int) -> None:
        """The same cases for the same seed."""
        load_all_checks()
        fake_model.respond = reply_to
        self.schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
        self.schema.config.generation.update(with_security_parameters=False)  # the callers are ours
        self.schema.config.phases.stateful.inference.algorithms = []  # the links are the document's
        self.operations: list[APIOperation[Any, Any, Any, Any]] = [
            each.ok() for each in self.schema.get_all_operations()
        ]
        self.statuses: Counter[tuple[str, int]] = Counter()
        self.oddities: Counter[str] = Counter()
        self.followed = 0
        self.problems: list[str] = []
        self._app = app
        self._seed = seed
        self._world = World(app)

    @property
    def cases(self) -> int:
        return sum(self.statuses.values()) + sum(self.oddities.values())

    def walk(self, operation: APIOperation[Any, Any, Any, Any], cases: int) -> None:
        """So many cases of one operation, by each of the callers; many of them have a business to themselves."""
        if cases > 20:
            self._world = World(self._app)
        first = self.operations.index(operation)
        # The simplest case, which is the first, goes round; and nobody, who may do little, calls less often.
        callers = [*CALLERS[first % 4 :], *CALLERS[: first % 4], *CALLERS[:3]]
        modes = list(GenerationMode) if _takes_anything(operation) else [GenerationMode.POSITIVE]
        made = st.one_of([operation.as_strategy(generation_mode=mode) for mode in modes])

        @hypothesis.seed(self._seed + first)  # another for each, else all would draw the same callers and oddities
        @hypothesis.settings(QUIET, max_examples=cases)
        @hypothesis.given(st.data())
        def send(data: st.DataObject) -> None:
            caller = data.draw(st.sampled_from(callers))
            oddity = data.draw(st.sampled_from([*[None] * 2 * len(ODDITIES), *ODDITIES]))
            # What there is to choose from follows from earlier answers, and hypothesis wants the same draws each time.
            chance = Random(data.draw(st.integers(0, 2**32)))
            case = data.draw(made)
            self._fill(case, lambda ids: chance.choice([*ids, ids[0], None]))
            if oddity is None:
                self._send(case, caller, CHECKED)
            else:
                self._send_odd(case, caller, oddity)

        send()

    def follow(self, cases: int) -> None:
        """At least so many cases in scenarios that go on from what they made, by the links of the document; each is of
        one caller. Nobody, who can make nothing, has none."""
        end = self.cases + cases
        for run in range(cases):
            if self.cases >= end:
                break
            self._follow_as(CALLERS[run % 3], run)

    def _follow_as(self, caller: str, run: int) -> None:
        fuzz = self

        class Scenario(self.schema.as_state_machine()):  # type: ignore[misc]
            def before_call(self, case: Case[Any]) -> None:
                fuzz._fill(case, lambda ids: ids[0], keep_path=True)

            def step(self, input: StepInput) -> StepOutput:
                output = super().step(input)
                fuzz.followed += input.transition is not None and output.response.status_code < 300
                return output

            def call(self, case: Case[Any], **kwargs: Any) -> Response:
                return fuzz._send(case, caller, CHECKED_IN_SCENARIOS, recorder=self.recorder)

            def validate_response(self, response: Response, case: Case[Any], **kwargs: Any) -> None:
                """Done by `call`, which notes problems."""

        # What can be done next follows from the answers, and so from what other scenarios left behind; hypothesis
        # takes that for a mistake of ours and stops. The next run goes on.
        with suppress(hypothesis.errors.Flaky, hypothesis.errors.FlakyStrategyDefinition):
            settings = hypothesis.settings(QUIET, max_examples=5, stateful_step_count=12)
            run_state_machine_as_test(hypothesis.seed(self._seed + run)(Scenario), settings=settings)

    def _fill(self, case: Case[Any], choose: Callable[[list[Any]], Any], keep_path: bool = False) -> None:
        """Put live values where `choose` picks one, but not where the case is meant to be wrong. An operator names the
        business that the request is for."""
        world = self._world
        names_business = "business_id" not in case.path_parameters and any(
            parameter.name == "business_id" for parameter in case.operation.query
        )
        if names_business and "business_id" not in case.query:
            case.query["business_id"] = world.shop.business_id
        assert case.meta
        for where, part in case.meta.components.items():
            place = case.get_container(where)
            is_left = part.mode.is_negative or (keep_path and where == ParameterLocation.PATH)
            for name in list(place) if isinstance(place, dict) and not is_left else ():
                ids = world.live(name)
                value = choose(ids) if ids else None
                if value is not None:
                    place[name] = value

    def _send_odd(self, case: Case[Any], caller: str, oddity: str) -> None:
        """No longer a case that schemathesis knows."""
        request = case.as_transport_kwargs(headers={**self._world.callers[caller]})
        ODDITIES[oddity](request)
        answer = self._open(request)
        self.oddities[oddity] += 1
        found = [*_found_by_document(self._app, answer)]
        if oddity in REFUSED and case.operation.body and answer.status_code < 400:
            found.append("A body of nonsense was accepted.")
        self._note(f"{caller}, {case.operation.label}, {oddity}", request, answer, found)
        self._learn(case, answer)

    def _send(self, case: Case[Any], caller: str, names: tuple[str, ...], **history: Any) -> Response:
        request = case.as_transport_kwargs(headers={**self._world.callers[caller]})
        answer = self._open(request)
        response = Response.from_any(answer)
        self.statuses[case.operation.label, answer.status_code] += 1
        left_out = set()
        if any(value in ("", [], {}) for value in case.query.values()):  # counts as not given, whatever its schema
            left_out.add("negative_data_rejection")
        if answer.mimetype == "text/event-stream":  # of which it takes the schema for that of a single event
            left_out.add("response_schema_conformance")
        names = tuple(name for name in names if name not in left_out)
        found = [
            *_found_by_document(self._app, answer),
            *_found_by_schemathesis(case, response, names, **history),
            *_found_of_callers(case, caller, answer),
        ]
        self._note(f"{caller}, {case.operation.label}", request, answer, found)
        self._learn(case, answer)
        return response

    def _open(self, request: dict[str, Any]) -> TestResponse:
        answer = FlaskClient(self._app, self._app.response_class, use_cookies=False).open(**request)
        answer.get_data()  # a stream to its end
        return answer

    def _note(self, what: str, request: dict[str, Any], answer: TestResponse, found: list[str]) -> None:
        if answer.status_code >= 500 and not _is_the_models(answer):
            found.append("A failure of the server.")
        if answer.mimetype == "text/event-stream":
            found += _found_in_stream(answer.text)
        if any(word in answer.text for word in ("Traceback", "psycopg", "site-packages")):
            found.append("An exception's text.")
        if found:
            said = f"{answer.status_code} {answer.text[:500]}"
            self.problems.append("\n".join([f"{what}: {request}"[:3000], said, *found]))

    def _learn(self, case: Case[Any], answer: TestResponse) -> None:
        """Learn what a case made, forget what it deleted, and begin anew where it ended the world's callers."""
        if answer.request.method not in WRITE_METHODS or answer.status_code >= 300:
            return
        if answer.is_json:
            self._world.learn(answer.get_json())
        if answer.request.method == "DELETE":
            for value in case.path_parameters.values():
                self._world.forget(value)
        if not self._world.is_whole():
            self._world = World(self._app)


def _takes_anything(operation: APIOperation[Any, Any, Any, Any]) -> bool:
    """Whether there is anything in its requests that could be wrong."""
    return bool(list(operation.iter_parameters())) or bool(operation.body)


def _found_by_document(app: Flask, answer: TestResponse) -> Iterator[str]:
    """By the operation that the request met in the end, which an odd method or path may have changed."""
    try:
        check_response(app, answer)
    except (AssertionError, ValueError) as error:  # ValueError: what should be JSON is none
        yield str(error)


def _found_by_schemathesis(
    case: Case[Any], response: Response, names: tuple[str, ...], **history: Any
) -> Iterator[str]:
    try:
        case.validate_response(response, checks=CHECKS.get_by_names(names), **history)
    except FailureGroup as group:
        for failure in group.exceptions:
            yield str(failure)


def _found_in_stream(text: str) -> Iterator[str]:
    events = [dict(line.split(": ", 1) for line in event.split("\n")) for event in text.split("\n\n") if event]
    schema = {"turn_finished": "message_answer", "turn_held": "message_answer", "error": "error"}
    if [each["event"] for each in events if each["event"] in schema] != [events[-1]["event"]]:
        yield "A stream has one end, at its end."
    for event in events:
        data = json.loads(event["data"])
        if event["event"] in schema:
            yield from map(str, conforms_to(data, schema[event["event"]]))
        if event["event"] not in (*schema, *_ON_THE_WAY) or "turn_id" not in data:
            yield f"This is no event: {event}"


def _found_of_callers(case: Case[Any], caller: str, answer: TestResponse) -> Iterator[str]:
    security = case.operation.definition.raw["security"]
    if caller == "nobody" and answer.status_code < 400 and security and {} not in security:
        yield "Nobody was let in."


def _is_the_models(answer: TestResponse) -> bool:
    """A template may give the model no time to answer, or a stage a server that is not there."""
    return answer.status_code in (503, 504) and '"error_code": "LLM_' in answer.text
