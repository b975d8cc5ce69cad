"""The language of messages and of replies."""

from typing import Any

import pytest

from message_processing.languages import Recognised, find_match, name_of, recognise
from tests.support.pipeline import make_release, make_stage, make_turn

# Messages that change the language of a conversation, and those that only tell that of a new one.
CERTAIN = {
    "en": ["Where is my order?", "has it shipped yet", "my bike has a flat tyre", "how much is the blue mug"],
    "es": ["¿Dónde está mi pedido?", "mi coche no arranca", "cuanto cuesta el envio", "a qué hora abren"],
    "de": ["Wo ist meine Bestellung?", "was kostet der Versand", "habt ihr morgen offen", "Tisch für zwei Personen"],
    "fr": ["J\u2019ai un pneu crevé", "où est ma commande", "vous êtes ouverts demain?"],
    "pt": ["quanto custa o frete", "onde está o meu pedido"],
    "ar": ["أين طلبي", "إطار دراجتي مثقوب"],
    "fa": ["دوچرخه‌ام پنچر شده است"],
    "ja": ["自転車がパンクしました"],
    "zh": ["我的自行车爆胎了"],
    "hi": ["मेरी साइकिल पंचर हो गई"],
}
GUESSED = {
    "en": ["Hello", "yes please"],
    "es": ["hola", "gracias"],
    "de": ["Hallo", "Danke", "ja bitte"],
    "hi": ["नमस्ते"],
}
UNKNOWN = ["A-10433", "ok", "XL", "🙂", "?", "ada@example.org", "Ada Lovelace", "", "https://example.org/de/hallo"]


@pytest.mark.parametrize(("language", "messages"), CERTAIN.items())
def test_language_of_messages_is_recognised(language: str, messages: list[str]) -> None:
    assert [recognise(each) for each in messages] == [Recognised(language, True)] * len(messages)


@pytest.mark.parametrize(("language", "messages"), GUESSED.items())
def test_language_of_short_messages_is_not_certain(language: str, messages: list[str]) -> None:
    assert [recognise(each) for each in messages] == [Recognised(language, False)] * len(messages)


@pytest.mark.parametrize("message", UNKNOWN)
def test_codes_addresses_and_names_have_no_language(message: str) -> None:
    assert recognise(message) is None


def test_expected_language_is_preferred_if_two_are_likely() -> None:
    assert recognise("pedido A-10433", ["en", "es"]) == Recognised("es", False)
    assert recognise("Ja, gerne", ["en", "de"]) == Recognised("de", False)
    assert recognise("Wo ist meine Bestellung?", ["en", "es"]) == Recognised("de", True)


@pytest.mark.parametrize(
    ("message", "known", "offered", "language"),
    [
        ("Where is my order?", None, [], "en"),
        ("Where is my order?", "de", [], "en"),
        ("A-10433", "de", [], "de"),
        ("gracias", "de", [], "de"),
        ("gracias", None, [], "es"),
        ("¿Dónde está mi pedido?", None, ["de", "es-MX"], "es-MX"),
        ("Where is my order?", None, ["de-AT", "es"], "de-AT"),
        ("A-10433", "de-CH", ["de"], "de-CH"),
        ("Hm?", None, ["fr"], "fr"),
        ("Hm?", None, [], "de"),
    ],
)
def test_replies_are_in_the_language_of_the_customer_if_the_business_offers_it(
    message: str, known: str | None, offered: list[str], language: str
) -> None:
    assert turn_with(message, known, offered).language == language


@pytest.mark.parametrize(
    ("message", "offered", "language"), [("Hm?", ["sv", "fr"], "fr"), ("Hm?", ["sv"], "en"), ("Hm?", ["de-AT"], "de")]
)
def test_shipped_texts_are_in_a_language_of_the_business(message: str, offered: list[str], language: str) -> None:
    assert turn_with(message, None, offered).text_language == language


def test_languages_are_compared_and_named_by_their_tags() -> None:
    assert find_match("pt", ["de", "pt-BR"]) == "pt-BR"
    assert find_match("pt-PT", ["pt-BR"]) is None
    assert [name_of(tag) for tag in ("de", "pt-BR", "eo")] == ["German", "Portuguese (pt-BR)", "eo"]


def turn_with(message: str, known: str | None, offered: list[str]) -> Any:
    stage = make_stage("Help", fixed_reply="Wir sind für Sie da. Schreiben Sie uns.")
    release = make_release(stage, settings={"languages": offered} if offered else {})
    return make_turn(release, message, conversation={"language": known})
