"""Whether a message answers a question with yes or no."""

import pytest

from message_processing.engines.rules.answers import answer_of
from message_processing.engines.rules.texts import ASK_YES_OR_NO

YES = (
    *("yes", "Yes!", "yes, please", "Y", "Sure, go ahead", "ok", "OK.", "Yeah do it", "that's correct"),
    *("sí", "Sí, por favor", "si", "vale", "claro"),
    *("oui", "Oui, d’accord", "bien sûr", "ja", "Ja, gerne", "genau", "in Ordnung"),
    *("हाँ", "हाँ, ठीक है", "जी", "نعم", "نعم، تمام", "はい", "はい、お願いします", "うん"),
)
NO = (
    *("no", "No, thanks", "nope", "please don't", "do not", "Stop", "n", "wrong address"),
    *("no, gracias", "nunca", "non", "non merci", "surtout pas", "nein", "Nein, danke", "bitte nicht"),
    *("नहीं", "जी नहीं", "لا", "لا، شكرا", "いいえ", "いいえ、やめてください", "結構です"),
)
NEITHER = (
    *("", "hm", "What are your opening hours?", "yes?", "yes but not now", "yes, if it is free", "yes and no"),
    *("I don't know", "no problem", "not sure", "why not", "Yes. " + "It is a long story. " * 10),
    *("quizás", "no sé", "je ne sais pas", "pas de problème", "ja, aber nicht heute", "kein Problem", "weiß nicht"),
    *("शायद", "ربما", "はい、でも明日", "はい？", "👋"),
)


@pytest.mark.parametrize("message", YES)
def test_yes_is_recognised(message: str) -> None:
    assert answer_of(message) == "yes"


@pytest.mark.parametrize("message", NO)
def test_no_is_recognised(message: str) -> None:
    assert answer_of(message) == "no"


@pytest.mark.parametrize("message", NEITHER)
def test_doubt_is_neither(message: str) -> None:
    assert answer_of(message) == "neither"


def test_languages_of_the_shipped_texts_are_covered() -> None:
    assert set(ASK_YES_OR_NO) == {"en", "es", "fr", "de", "hi", "ar", "ja"}
