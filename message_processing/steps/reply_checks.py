"""Finds replies of a model that must not be sent: those that only repeat the customer's message, and promises of
something that only actions can do."""

import re

from message_processing.actions.results import REPORTED
from message_processing.languages import name_of
from message_processing.turn import Turn

_MIN_WORDS = 4  # of a message: "Fine, how are you?" is a good reply to "How are you?"
_MIN_QUESTION_WORDS = 5  # of a question that a reply should not contain
_MAX_OTHER_WORDS = 3  # of a reply that repeats a message, such as the customer's name
_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
# A sentence with one of these denies it, asks, or makes it depend on something.
_NO_PROMISE = re.compile(
    r"\?|\bnot\b|n['’]t\b|\bcannot\b|\bnever\b|\bunable\b|\bif\b|\bonce\b|\bwhen\b|\bunless\b|\buntil\b|\bbefore\b|"
    r"\bnicht\b|\bkeine?[mnrs]?\b|\bnie\b|\bwenn\b|\bsobald\b|\bfalls\b|\bbevor\b|"
    r"\bno\b|\bnunca\b|\bsi\b|\bcuando\b|\bhasta\b|\bantes\b",
    re.IGNORECASE,
)
_DONE_EN = r"booked|reserved|cancel+ed|rescheduled|moved|changed|refunded|exchanged|replaced"
_DO_EN = r"book|reserve|cancel|reschedule|move|change|refund|exchange|replace"
_DONE_DE = r"(?:um)?gebucht|reserviert|storniert|abgesagt|verschoben|geändert|(?:zurück)?erstattet|umgetauscht|ersetzt"
_DO_DE = r"(?:um)?buchen|reservieren|stornieren|absagen|verschieben|ändern|(?:zurück)?erstatten|umtauschen|ersetzen"
_DONE_ES = r"reservado|cancelado|anulado|cambiado|reembolsado|devuelto|reemplazado"
_DO_ES = r"reservar|cancelar|anular|cambiar|reembolsar|devolver|reemplazar"
# Only in the first person singular: "we replace broken items" may be the business's policy.
_PROMISE = re.compile(
    "|".join(
        (
            rf"\bI(?:['’]ve| have)?(?: (?:just|now|already|successfully))* (?:{_DONE_EN})\b",
            rf"\bI(?:['’]ll| will| can|['’]m going to| am going to)(?: \w+ly| now| also)* (?:{_DO_EN})\b",
            rf"\b(?:ich habe|habe ich)\b.*\b(?:{_DONE_DE})\b",
            rf"\b(?:ich (?:werde|kann)|(?:werde|kann) ich)\b.*\b(?:{_DO_DE})\b",
            r"\bich (?:buche|reserviere|storniere|verschiebe|ändere|erstatte)\b",
            rf"\bhe (?:ya )?(?:{_DONE_ES})\b",
            rf"\b(?:puedo|voy a) (?:{_DO_ES})(?:[lt]es?|los?|las?)?\b",
            r"\b(?:reservaré|cancelaré|anularé|cambiaré|reembolsaré)\b",
        )
    ),
    re.IGNORECASE,
)


def problem_with(reply: str, turn: Turn) -> str | None:
    """Returns why the reply must not be sent, as the end of a sentence; None if it may be."""
    if _repeats(reply, turn.message):
        return "it only repeated the customer's message"
    promise = None if _can_act(turn) else _promise_in(reply)
    return f'it promised what no action can do: "{promise}"' if promise else None


def correction_of(turn: Turn) -> str:
    """Returns what the model is told about a reply with a problem."""
    return (
        "That reply cannot be sent. Do not repeat the customer's message, and do not say that you have done, can do or"
        " will do something: nothing was done. Answer the message in your own words: say what you know from the"
        f" information above, or that you do not know it. Write the reply in {name_of(turn.language)}."
    )


def _repeats(reply: str, message: str) -> bool:
    """Returns whether the reply is a part of the message, repeats it with little else, or repeats a question."""
    written, said = _WORD.findall(message.casefold()), _WORD.findall(reply.casefold())
    if not said or len(written) < _MIN_WORDS:
        return False
    if len(said) < len(written):
        return _contains(written, said)
    is_question = message.rstrip().endswith(("?", "？", "؟")) and len(written) >= _MIN_QUESTION_WORDS
    return _contains(said, written) and (is_question or len(said) - len(written) <= _MAX_OTHER_WORDS)


def _contains(words: list[str], part: list[str]) -> bool:
    return f" {' '.join(part)} " in f" {' '.join(words)} "


def _promise_in(reply: str) -> str | None:
    """Returns the first sentence that says that the assistant has done, will do or can do something."""
    sentences = (each.strip() for each in _SENTENCE.findall(reply))
    return next((each for each in sentences if _PROMISE.search(each) and not _NO_PROMISE.search(each)), None)


def _can_act(turn: Turn) -> bool:
    """Returns whether any stage has actions, which may have done it in this turn or an earlier one."""
    return any(action["do"] in REPORTED for stage in turn.release.active_stages for action in stage.actions)
