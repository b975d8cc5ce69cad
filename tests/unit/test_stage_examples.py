"""The example messages that are closest to a message, by words, and in the prompt of stage selection."""

from message_processing.engines.closeness import Closeness, closest_examples_by_words
from message_processing.templates.template_service import VariableCache, apply_template
from tests.support.pipeline import make_release, make_stage, make_template, make_turn
from tests.unit.test_template_service import no_connection

ORDERS = make_stage(
    "Orders", example_messages=["Where is my order?", "Has my parcel been shipped yet?", "¿Dónde está?"]
)
RETURNS = make_stage("Returns", example_messages=["I want my money back", "How do I return a parcel to you?"])
STAGES = ORDERS, RETURNS


def test_examples_that_share_most_words_come_first() -> None:
    assert closest_examples_by_words("was the parcel shipped?", STAGES, 8) == [
        (ORDERS, "Has my parcel been shipped yet?"),
        (RETURNS, "How do I return a parcel to you?"),
    ]
    assert closest_examples_by_words("was the parcel shipped?", STAGES, 1) == [
        (ORDERS, "Has my parcel been shipped yet?")
    ]
    assert closest_examples_by_words("hello", STAGES, 8) == []
    assert closest_examples_by_words("hello", (make_stage("Empty"),), 8) == []


def test_variable_lists_the_stages_with_their_closest_examples() -> None:
    template = make_template("{stage_examples|not known}\n\n{stage_descriptions}")
    turn = make_turn(make_release(*STAGES), "was the parcel shipped?")
    cache = VariableCache(no_connection)
    assert apply_template(template, turn, cache).content == (
        "- Orders, for example: Has my parcel been shipped yet?\n"
        "- Returns, for example: How do I return a parcel to you?\n\n"
        "- Orders\n- Returns"
    )
    turn = make_turn(make_release(*STAGES), "hello")
    assert apply_template(template, turn, VariableCache(no_connection)).content.startswith("not known\n")


def test_examples_are_compared_by_meaning_where_the_model_is_installed() -> None:
    from message_processing.engines.rules.similarity import SimilarityModel

    model = SimilarityModel()
    closeness = Closeness(lambda: model)
    found = closeness.examples("Ich hätte gern mein Geld zurück", STAGES, 4)
    assert found is not None
    assert found[0] == (RETURNS, "I want my money back")
    assert closeness.examples("Wie hoch ist der Mond?", STAGES, 4) == []
    template, turn = (
        make_template("{stage_examples|not known}"),
        make_turn(make_release(*STAGES), "How high is the moon?"),
    )
    assert apply_template(template, turn, VariableCache(no_connection, closeness=closeness)).content == (
        "- none of the stages"
    )
