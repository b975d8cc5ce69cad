"""Finds out what a server rejects about a request, from its error: a parameter, the form of the messages, the length.

Only an unambiguous error is a rejection that is remembered. The text of an error may repeat what a customer wrote.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from llm.error_bodies import ServerError
from llm.parameters import OPTIONAL_PARAMETERS, TOKEN_LIMITS

MessageForm = Literal["system", "consecutive"]

_TOO_LONG_CODES = re.compile(
    "context_length|context_window|exceed_context|prompt_too_long|string_above_max_length|request_too_large"
)
_TOO_LONG = re.compile(
    r"context[ _-]?(length|window|size)|(prompt|input|request)[^.\"]{0,40} (is )?too (long|large)"
    r"|too many (input )?tokens"
    r"|longer than the (maximum )?model|(input|prompt) (token count|tokens)[^.\"]{0,40} exceed"
    r"|exceed[^.\"]{0,40} (context|number of tokens|token limit)|reduce the length of the (messages|prompt|input)"
    r"|maximum (prompt|input) length|(less|fewer) than [0-9]+ tokens"
)
_REJECTS_THE_PARAMETER = re.compile(
    r"unsupported|not supported|n't support|not support|unknown|unrecogni[sz]ed|unexpected|not allowed|not permitted"
    r"|extra inputs|extra_forbidden|only the default|deprecated|unavailable|enabled only"
)
# The server rejects this value, but it may accept another one for the same parameter.
_REJECTS_THE_VALUE = re.compile(
    r"invalid (json )?schema|json schema|features|keyword|propert|grammar"
    r"|too (large|high|small)|at most|at least|maximum|minimum|range|between"
)
_NO_VALID_JSON = re.compile("failed to (generate|validate) json|json_validate_failed|failed_generation")
_NO_ENDPOINT = re.compile("no (endpoint|provider)s?")
_NO_SYSTEM_ROLE = re.compile(
    r"system[^.\"]{0,20} (role|message|prompt|instruction)[^.\"]{0,30} (not|n't|un)"
    r"|system[^.\"]{0,30} (not (be )?(supported|allowed|permitted|enabled)|unsupported)"
    r"|(not|n't) support[^.\"]{0,20} system"
    r"|(unsupported|invalid|unexpected|unknown)[^.]{0,20} role[^.]{0,20}system"
    r"|developer instruction is not enabled|only[^.]{0,20} user[^.]{0,20} and[^.]{0,20} assistant[^.]{0,40} role"
    r"|(first|start)[^.\"]{0,30} user"
)
_ALTERNATE = re.compile(
    r"alternat|(consecutive|successive|two|multiple)[^.\"]{0,30} (message|role|user|turn)"
    r"|(user|role)[^.\"]{0,20} in a row"
    r"|same role|after role .?user|must be followed|multiturn requests|must be (an )?.?assistant"
)


@dataclass(frozen=True)
class Rejection:
    """The server rejects a parameter, the form of the messages or the length of the prompt.

    A parameter or form is left out in this exchange, and in all others of the model if `is_certain`. If
    `may_be_chance`, the same request may succeed, so it is repeated once.
    """

    parameter: str | None = None
    is_certain: bool = False
    may_be_chance: bool = False
    message_form: MessageForm | None = None
    is_too_long: bool = False

    @property
    def sentence(self) -> str:
        """Returns the rejection for the trace."""
        if self.parameter:
            return f"rejected the parameter {self.parameter}"
        if self.is_too_long:
            return "rejected the prompt as too long"
        what = "a system message" if self.message_form == "system" else "consecutive messages of one role"
        return f"rejected {what}"


def find_rejection(status: int, error: ServerError, body: dict[str, Any]) -> Rejection | None:
    """Returns what the error says about the request `body`, or None."""
    text, codes = error.text, f"{error.code} {error.type}".lower()
    if _NO_VALID_JSON.search(f"{codes} {text}") and "response_format" in body:
        return Rejection("response_format", may_be_chance=True)
    if status == 404 and _NO_ENDPOINT.search(text):
        parameter = _named_parameter(error, body)
        if parameter is None and "parameter" in text and "response_format" in body:
            parameter = "response_format"
        return Rejection(parameter, may_be_chance=True) if parameter else None
    if status not in (400, 413, 422, 500):
        return None
    said = " ".join(message["content"] for message in body["messages"]).lower()  # the error may repeat parts of it
    if form := _rejected_form(text, body):
        return Rejection(message_form=form, is_certain=_rejected_form(said, body) is None)
    if _TOO_LONG_CODES.search(codes) or _TOO_LONG.search(text):
        # It may be the answer that does not fit: some servers add max_tokens to the length of the prompt.
        limit = next((name for name in TOKEN_LIMITS if name in body), None)
        if limit and re.search(r"max_(completion_)?tokens|completion|output tokens", text):
            return Rejection(limit)
        return Rejection(is_too_long=True)
    if status in (400, 422) and (parameter := _named_parameter(error, body)):
        is_certain = _is_certain(error, parameter) and not _says_it_rejects(parameter, said)
        return Rejection(parameter, is_certain=is_certain)
    return None


def _rejected_form(text: str, body: dict[str, Any]) -> MessageForm | None:
    roles = [message["role"] for message in body["messages"]]
    has_consecutive = any(first == second for first, second in pairwise(roles))
    if _ALTERNATE.search(text) and has_consecutive:
        return "consecutive"
    if "system" in roles and (_NO_SYSTEM_ROLE.search(text) or _ALTERNATE.search(text)):
        return "system"
    return None


def _named_parameter(error: ServerError, body: dict[str, Any]) -> str | None:
    """Returns the optional parameter of the request that the error names."""
    text = error.param or error.text
    return next((name for name in OPTIONAL_PARAMETERS if name in body and re.search(_any_name_of(name), text)), None)


def _is_certain(error: ServerError, parameter: str) -> bool:
    """Returns whether the server rejects the parameter with any value, in words that are close to its name."""
    if error.param:
        says_so = bool(_REJECTS_THE_PARAMETER.search(f"{error.text} {error.code} {error.type}"))
    else:
        says_so = _says_it_rejects(parameter, error.text)
    return says_so and not _REJECTS_THE_VALUE.search(error.text)


def _says_it_rejects(parameter: str, text: str) -> bool:
    name, rejects = _any_name_of(parameter), _REJECTS_THE_PARAMETER.pattern
    return bool(re.search(rf"(?:{rejects})[^.]{{0,60}}{name}|{name}[^.]{{0,60}}(?:{rejects})", text))


def _any_name_of(parameter: str) -> str:
    return rf"\b(?:{'|'.join((parameter, *OPTIONAL_PARAMETERS[parameter]))})\b"
