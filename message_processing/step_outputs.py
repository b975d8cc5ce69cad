"""The output of each step: plain JSON, stored as the step's checkpoint and shown in the trace."""

from typing import Any, Literal, NotRequired, TypedDict

Answer = Literal["yes", "no", "neither"]
"""What a customer answers to a question."""

MAX_ROWS = 20  # of the data that a look-up finds


class StageScore(TypedDict):
    """How similar the message is to a stage (None: to no stage), and to its most similar sentence."""

    stage_name: str | None
    score: float
    nearest: str | None
    similarity: float


class AgentOutput(TypedDict):
    """The responsible agent, and why."""

    agent_id: str
    agent_name: str
    reason: str


class SelectionOutput(TypedDict):
    """The selected stage and its agent. `confidence` is None if the current stage was kept without a match.

    The model engine adds what the answer said, the rules engine what was compared and whether no stage was similar
    enough.
    """

    stage_id: str
    stage_name: str
    confidence: float | None
    reason: str
    agent: NotRequired[AgentOutput]
    named_stages: NotRequired[list[str]]
    stated_confidence: NotRequired[float | None]
    answer: NotRequired[Answer]  # to the question whether an action should be carried out
    margin: NotRequired[float]
    similarities: NotRequired[list[StageScore]]
    unclear: NotRequired[bool]
    over_budget: NotRequired[bool]  # no model is asked, because the budget is used up


class RecognisedField(TypedDict):
    """A field that the rules engine found: the text in the message and how it was recognised."""

    field: str
    written: str
    by: str


class ExtractionOutput(TypedDict):
    """The fields found. `text` is a reply that could not be parsed, `missing` the required fields still unknown.

    `quotes` are the parts of the customer's messages that contain the fields, `not_said` the values that were left out
    because no message contains them. A part of a field has its path as its name, such as `address.city`.

    The rules engine adds how each field was found, and the possible values of ambiguous fields.
    """

    fields: dict[str, Any]
    text: str | None
    problems: list[str]
    missing: list[str]
    quotes: NotRequired[dict[str, str]]  # not in steps of earlier versions
    not_said: NotRequired[dict[str, Any]]
    found: NotRequired[list[RecognisedField]]
    unsure: NotRequired[dict[str, list[str]]]


class CallRecord(TypedDict):
    """A call to another system: the request without secrets, the status and size in bytes of the response, and why the
    call failed, as a code and perhaps a sentence."""

    request: dict[str, Any]
    status: int | None
    duration_ms: int
    size: int | None
    cause: str | None
    message: NotRequired[str]


class FoundPassage(TypedDict):
    """A passage of an article and how close it is to the question: `score` is from 0 to 1, and `is_close` whether that
    is enough to use it."""

    article_id: str
    title: str
    heading: str
    text: str
    score: float
    is_close: bool


class RetrievalOutput(TypedDict):
    """The result of data retrieval. `data` is `{retrieved_data}`: a row, a list of rows, or an explanation.

    `missing` are the fields that the look-up needs. `say` is the stage's own text for "missing" and "not_found". `call`
    is the call to another system, if there was one. `passages` are the best passages of articles, if these were
    searched, and `is_answer` is whether the reply is the first of them.
    """

    status: Literal["none", "found", "not_found", "missing", "failed"]
    data: Any
    say: str | None
    missing: list[str]
    call: NotRequired[CallRecord]
    passages: NotRequired[list[FoundPassage]]
    is_answer: NotRequired[bool]


class ActionResult(TypedDict):
    """What became of an action. `values` are its rendered templates, of a call the request without secrets.

    `cause` is why it was not done, as a code, and `message` the same as a sentence. `missing` are the fields that it
    needs, `data` what another system returned, and `hand_over` is whether a person takes over because of it.
    """

    index: int
    do: str
    status: Literal["done", "failed", "skipped", "waiting"]
    cause: str | None
    values: dict[str, Any]
    name: NotRequired[str]
    message: NotRequired[str]
    missing: NotRequired[list[str]]
    data: NotRequired[Any]
    call: NotRequired[CallRecord]
    hand_over: NotRequired[bool]


class ActionsOutput(TypedDict):
    """The results of a stage's actions, in order. `question` is asked instead of a reply if an action waits for it, and
    `asked_again` is whether it was asked before."""

    stage_id: str
    results: list[ActionResult]
    question: NotRequired[str]
    asked_again: NotRequired[bool]


class ResponseOutput(TypedDict):
    """The reply. Without a model, also where it comes from, whether it promises that a person will answer, and
    the time at which it says that a person is back.

    `saved_ms` is how many milliseconds earlier a reply was there because it was generated before the stage was known.
    `articles` are the IDs of the articles that the reply was written from.
    """

    reply: str
    articles: NotRequired[list[str]]
    saved_ms: NotRequired[int]
    source: NotRequired[str]
    needs_person: NotRequired[bool]
    available_at: NotRequired[str]


StepOutput = SelectionOutput | ExtractionOutput | RetrievalOutput | ActionsOutput | ResponseOutput
