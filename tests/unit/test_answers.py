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
QUESTION = "Shall I change the address of order A-10433 to Oak Street 5, York?"
WITH_MORE_WORDS = (
    *("Yes, please change it", "Yes, change the address of order A-10433", "Yes, to Oak Street 5, York!", "'yes'"),
    *(
        "Yes, that's right",
        "OK 👍",
        "👍🏽",
        "yes\u200b",
        "\u202eyes",
        "Yes thanks",
        "ok ✅",
        "sí, cámbialo",
        "ja bitte",
    ),
    *("oui s'il vous plaît", "Ja, das stimmt so", "हाँ जी", "نعم من فضلك", "はい、変更してください", "はいお願いします"),
    *("はい、大丈夫です", "Yes please go ahead and change it", "Sure, sounds good", "Yes, you can", "yes, I'm sure"),
    *("Hi, yes please", "yup thanks a lot", "Ja gerne, vielen Dank", "Sí, cámbiala", "Oui, modifiez-la svp"),
    *("نعم، تفضل", "はい、間違いありません"),
)
# They contain a word that means yes.
NO_YES = (
    *(
        "I'll do it myself",
        "ok I do it",
        "make sure you keep the old address",
        "ok forget it",
        "ok, leave it",
        "Yes, leave it",
    ),
    *("The correct address is different", "exactly the opposite", "I said yes to another shop", "OK, I'm good"),
    *('"yes" is what my wife said', "not yes", "yes 👎", "yes 🤔", "yes to Elm Street 7", "ja nein", "ja ja ja"),
    *("gern geschehen", "nichts ändern, genau", "lass mal, ist in Ordnung", "vale, déjalo", "ok, laissez tomber"),
    *("変更してはいけません", "変えてはいけない", "ええと…", "大丈夫です", "そうですか", "غير موافق", "لست موافق"),
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


@pytest.mark.parametrize("message", WITH_MORE_WORDS)
def test_polite_words_and_words_of_the_question_may_accompany_a_yes(message: str) -> None:
    assert answer_of(message, QUESTION) == "yes"


@pytest.mark.parametrize("message", NO_YES)
def test_yes_with_other_words_is_no_yes(message: str) -> None:
    assert answer_of(message, QUESTION) == "neither"


def test_languages_of_the_shipped_texts_are_covered() -> None:
    assert set(ASK_YES_OR_NO) == {"en", "es", "fr", "de", "hi", "ar", "ja"}
