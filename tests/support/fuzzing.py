"""Requests that schemathesis generates from the OpenAPI document, sent as four callers, and checks of every response.

A case is one request. schemathesis generates valid and invalid ones. About half of the random IDs are replaced by IDs
of existing rows, because a random ID only leads to a 404. Some requests are then changed in ways that no schema
describes (`ODDITIES`). Problems are collected, not raised: the response depends on earlier requests, so hypothesis
could not reproduce a single one. Each problem contains the whole request.
"""

import json
import re
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

# Checks of every response. Left out are
# - positive_data_acceptance: a schema does not describe everything that makes a request invalid (a NUL, an unknown ID,
#   an invalid regular expression or cursor), so some 400 responses are correct;
# - ignored_auth and object_level_authorization, which repeat requests as another caller: here anonymous callers send
#   requests too, and test_permissions.py and test_tenancy.py cover every route;
# - unsupported_method, missing_required_header and allow_header_conformance: they belong to a phase that is not used
#   here; `ODDITIES` contains an unsupported method, and only the credential is a required header;
# - max_response_time: durations depend on the machine.
CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)
# The last two need the history of a scenario.
CHECKED_IN_SCENARIOS = (*CHECKED, "use_after_free", "ensure_resource_availability")

# Resources whose changes may end a credential of the callers.
_ENDS_CREDENTIALS = re.compile("/(auth|api-keys|businesses|members|save-config|sessions|users)(/|$)")
_INTERMEDIATE_EVENTS = ("turn_started", "step_started", "step_finished", "message_delta", "message_reset", "ping")


class Fuzz:
    """Sends cases to one application.

    `statuses` counts responses by operation and status, except those to odd requests, which `oddities` counts by kind.
    `followed` counts the successful further steps of scenarios. `problems` describes failed checks.
    """

    def __init__(self, app: Flask, fake_model: FakeModel, seed: int) -> None:
        """The same seed generates the same cases."""
        load_all_checks()
        fake_model.respond = reply_to
        self.schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
        self.schema.config.generation.update(with_security_parameters=False)  # the callers are defined here
        # A text can be too long for its field and for the request.
        rejection = self.schema.config.checks.negative_data_rejection
        rejection.expected_statuses = [*rejection.expected_statuses, "413"]
        self.schema.config.phases.stateful.inference.algorithms = []  # use the links of the document only
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
        """The number of requests sent."""
        return sum(self.statuses.values()) + sum(self.oddities.values())

    def walk(self, operation: APIOperation[Any, Any, Any, Any], cases: int) -> None:
        """Send this many cases of one operation as all callers. More than 20 cases get a business of their own."""
        if cases > 20:
            self._world = World(self._app)
        first = self.operations.index(operation)
        # Operations send their first, simplest case as different callers. Anonymous callers are rarer.
        callers = [*CALLERS[first % 4 :], *CALLERS[: first % 4], *CALLERS[:3]]
        modes = list(GenerationMode) if _has_input(operation) else [GenerationMode.POSITIVE]
        made = st.one_of([operation.as_strategy(generation_mode=mode) for mode in modes])

        @hypothesis.seed(self._seed + first)  # with one seed all operations would draw the same callers and oddities
        @hypothesis.settings(QUIET, max_examples=cases)
        @hypothesis.given(st.data())
        def send(data: st.DataObject) -> None:
            caller = data.draw(st.sampled_from(callers))
            oddity = data.draw(st.sampled_from([*[None] * 2 * len(ODDITIES), *ODDITIES]))
            # The number of IDs depends on earlier responses, but hypothesis needs the same draws each time.
            chance = Random(data.draw(st.integers(0, 2**32)))
            case = data.draw(made)
            self._fill(case, lambda ids: chance.choice([*ids, ids[0], None]))
            if oddity is None:
                self._send(case, caller, CHECKED)
            else:
                self._send_odd(case, caller, oddity)

        send()

    def follow(self, cases: int) -> None:
        """Send at least this many cases in scenarios that follow the links of the document to the rows they created.
        Each scenario has one caller; anonymous callers cannot create anything and have none."""
        end, run = self.cases + cases, 0
        while self.cases < end and run < cases:
            self._follow_as(CALLERS[run % 3], run)
            run += 1

    def _follow_as(self, caller: str, run: int) -> None:
        fuzz = self
        names = CHECKED if caller == "master" else CHECKED_IN_SCENARIOS  # it may name another business each time

        class Scenario(self.schema.as_state_machine()):  # type: ignore[misc]
            def before_call(self, case: Case[Any]) -> None:
                fuzz._fill(case, lambda ids: ids[0], keep_path=True)

            def step(self, input: StepInput) -> StepOutput:
                output = super().step(input)
                fuzz.followed += input.transition is not None and output.response.status_code < 300
                return output

            def call(self, case: Case[Any], **kwargs: Any) -> Response:
                return fuzz._send(case, caller, names, recorder=self.recorder)

            def validate_response(self, response: Response, case: Case[Any], **kwargs: Any) -> None:
                """Does nothing, because `call` collects the problems."""

        # The possible next steps depend on rows that other scenarios created. hypothesis reports that as flaky and
        # stops; the next run continues.
        with suppress(hypothesis.errors.Flaky, hypothesis.errors.FlakyStrategyDefinition):
            settings = hypothesis.settings(QUIET, max_examples=5, stateful_step_count=12)
            run_state_machine_as_test(hypothesis.seed(self._seed + run)(Scenario), settings=settings)

    def _fill(self, case: Case[Any], choose: Callable[[list[Any]], Any], keep_path: bool = False) -> None:
        """Insert the existing values that `choose` returns, except into the invalid part of a case. Also add the
        `business_id` that operators must name."""
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
                ids = world.values_for(name)
                value = choose(ids) if ids else None
                if value is not None:
                    place[name] = value

    def _send_odd(self, case: Case[Any], caller: str, oddity: str) -> None:
        """Send a changed request, to which the checks of schemathesis do not apply."""
        request = case.as_transport_kwargs(headers={**self._world.callers[caller]})
        ODDITIES[oddity](request)
        answer = self._open(request)
        self.oddities[oddity] += 1
        found = [*_found_by_document(self._app, answer)]
        if oddity in REFUSED and case.operation.body and answer.status_code < 400 and '"ignored"' not in answer.text:
            found.append("An invalid body was accepted.")
        self._record_problems(f"{caller}, {case.operation.label}, {oddity}", request, answer, found)
        self._learn(case, answer)

    def _send(self, case: Case[Any], caller: str, names: tuple[str, ...], **history: Any) -> Response:
        request = case.as_transport_kwargs(headers={**self._world.callers[caller]})
        answer = self._open(request)
        response = Response.from_any(answer)
        self.statuses[case.operation.label, answer.status_code] += 1
        left_out = set()
        # An empty value counts as missing, whatever the schema says.
        if any(value in ("", [], {}) for value in case.query.values()):
            left_out.add("negative_data_rejection")
        # A 404 may be about a row that the body names.
        if isinstance(case.body, dict) and any(name.endswith("_id") for name in case.body.keys() - {"business_id"}):
            left_out.add("ensure_resource_availability")
        if answer.mimetype == "text/event-stream":  # the schema describes a single event
            left_out.add("response_schema_conformance")
        names = tuple(name for name in names if name not in left_out)
        found = [
            *_found_by_document(self._app, answer),
            *_found_by_schemathesis(case, response, names, **history),
            *_found_by_caller(case, caller, answer),
        ]
        self._record_problems(f"{caller}, {case.operation.label}", request, answer, found)
        self._learn(case, answer)
        return response

    def _open(self, request: dict[str, Any]) -> TestResponse:
        answer = FlaskClient(self._app, self._app.response_class, use_cookies=False).open(**request)
        if _is_endless(answer):
            start = next(answer.iter_encoded())
            answer.close()
            answer.set_data(start)
        answer.get_data()  # read a stream to its end
        return answer

    def _record_problems(self, what: str, request: dict[str, Any], answer: TestResponse, found: list[str]) -> None:
        if answer.status_code >= 500 and not _is_model_failure(answer):
            found.append("Server error.")
        if answer.mimetype == "text/event-stream" and not _is_endless(answer):
            found += _found_in_stream(answer.text)
        if any(word in answer.get_data() for word in (b"Traceback", b"psycopg", b"site-packages")):
            found.append("The response contains the text of an exception.")
        if found:
            said = f"{answer.status_code} {answer.get_data()[:500]!r}"
            self.problems.append("\n".join([f"{what}: {request}"[:3000], said, *found]))

    def _learn(self, case: Case[Any], answer: TestResponse) -> None:
        """Remember created rows and forget deleted ones. Use a new business if the credentials became invalid."""
        if answer.request.method not in WRITE_METHODS or answer.status_code >= 300:
            return
        if answer.is_json:
            self._world.learn(answer.get_json())
        if answer.request.method == "DELETE":
            for value in case.path_parameters.values():
                self._world.forget(value)
        if _ENDS_CREDENTIALS.search(answer.request.path) and not self._world.is_usable():
            self._world = World(self._app)


def _is_endless(answer: TestResponse) -> bool:
    """Whether it is the stream of a conversation."""
    return answer.mimetype == "text/event-stream" and answer.request.path.rstrip("/").endswith("/stream")


def _has_input(operation: APIOperation[Any, Any, Any, Any]) -> bool:
    """Whether requests have parameters or a body, and so can be invalid."""
    return bool(list(operation.iter_parameters())) or bool(operation.body)


def _found_by_document(app: Flask, answer: TestResponse) -> Iterator[str]:
    """Problems according to the operation that handled the request, which an odd method or path may have changed."""
    try:
        check_response(app, answer)
    except (AssertionError, ValueError) as error:  # ValueError: not JSON
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
        yield "A stream must have one final event, at its end."
    for event in events:
        data = json.loads(event["data"])
        if event["event"] in schema:
            yield from map(str, conforms_to(data, schema[event["event"]]))
        if event["event"] not in (*schema, *_INTERMEDIATE_EVENTS) or "turn_id" not in data:
            yield f"Unknown event: {event}"


def _found_by_caller(case: Case[Any], caller: str, answer: TestResponse) -> Iterator[str]:
    security = case.operation.definition.raw["security"]
    if caller == "anonymous" and answer.status_code < 400 and security and {} not in security:
        yield "A request without a credential succeeded."


def _is_model_failure(answer: TestResponse) -> bool:
    """A generated template may set a timeout or a model that makes calls fail."""
    return answer.status_code in (503, 504) and '"error_code": "LLM_' in answer.text
