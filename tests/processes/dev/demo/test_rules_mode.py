"""Rules mode: stages by similarity, fixed replies, and the processor time that a turn takes."""

import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from statistics import median
from uuid import UUID, uuid4

import numpy as np
import pytest
from flask.testing import FlaskClient

from message_processing.engines.rules.similarity import (
    MAX_TOKENS,
    SHIPPED,
    UNRELATED,
    SimilarityModel,
    read_embeddings,
    sentence_key,
    strip_punctuation,
)
from message_processing.engines.rules.stage_matching import match_stage
from message_processing.engines.rules.texts import CLARIFYING_QUESTIONS, language_with_texts
from message_processing.languages import recognise
from tests.conftest import MASTER_KEY
from tests.processes.dev.demo.conftest import DemoShop
from tests.support.factories import Shop, make_shop

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[4]
MESSAGES = json.loads((ROOT / "tests/support/data/rules_messages.json").read_text())
MAX_WRONG = 6


def test_sixty_messages_match_their_stage(demo_shop: DemoShop, capsys: pytest.CaptureFixture[str]) -> None:
    """Each message starts a conversation, so those that match no stage are in the default stage."""
    examples = [text for stage in demo_shop.shop.get("/stages").get_json() for text in stage["example_messages"]]
    assert not {row["message"] for row in MESSAGES} & set(examples)
    wrong = [
        (row, answer["stage"]["stage_name"])
        for number, row in enumerate(MESSAGES)
        if (answer := demo_shop.say_as(f"sixty-{number}", row["message"]))["stage"]["stage_name"] != row["stage"]
    ]
    right = Counter(row["kind"] for row in MESSAGES)
    right.subtract(Counter(row["kind"] for row, _ in wrong))
    figure = f"{len(MESSAGES) - len(wrong)} of {len(MESSAGES)}"
    with capsys.disabled():
        print(f"\nrules mode finds the stage of {figure} messages: {dict(right)}")
    assert len(MESSAGES) == 60
    assert len(wrong) <= MAX_WRONG, wrong
    assert figure in (ROOT / "docs/guide.md").read_text(), "docs/guide.md states another figure."


@pytest.mark.soak
def test_report_processor_time_of_a_turn_and_of_startup(
    demo_shop: DemoShop, capsys: pytest.CaptureFixture[str]
) -> None:
    """Prints the times; they depend on the machine, so nothing is asserted.

    Uses the plain test client, without its checks of each answer, and the minimum of five rounds per message.
    """
    client = FlaskClient(demo_shop.app)

    def cost(message: str) -> float:
        body = {"user": {"external_id": "cost"}, "message": message, "session_id": str(uuid4())}
        began = time.process_time()
        answer = client.post("/api/v1/messages", json=body, headers=demo_shop.shop.headers)
        assert answer.status_code == 200
        return (time.process_time() - began) * 1000

    cost(MESSAGES[0]["message"])  # the release is read and prepared once
    rounds = [[cost(row["message"]) for row in MESSAGES] for _ in range(5)]
    costs = [min(of_one) for of_one in zip(*rounds, strict=True)]
    command = "import time; t = time.perf_counter();"
    command += " from message_processing.engines.rules.similarity import SimilarityModel; SimilarityModel();"
    ended = subprocess.run(
        [sys.executable, "-c", f"{command} print(time.perf_counter() - t)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    with capsys.disabled():
        print(
            f"\na rules turn takes {median(costs):.0f} ms of processor time (of {len(costs)} the dearest"
            f" {max(costs):.0f} ms); the embedding model makes a start {float(ended.stdout):.2f} s longer"
        )


@pytest.fixture
def plain_shop(empty_shop: tuple[object, object]) -> Shop:
    app = empty_shop[0]
    master = {"Authorization": f"Bearer {MASTER_KEY}"}
    return make_shop(app.test_client(), master, "Lantern Books", with_stages=False)  # type: ignore[attr-defined]


def test_reply_promises_a_person_if_there_is_no_fixed_reply(plain_shop: Shop) -> None:
    plain_shop.add_stage("Greeting")
    plain_shop.user_id = plain_shop.add_customer("c-1")
    answer = plain_shop.say("hello {business_name}").get_json()
    assert "Someone from our team will reply to you" in answer["response"]
    assert answer["engine"] == "rules"
    turn = plain_shop.trace(answer["turn_id"])
    assert turn["decision"]["needs_person"] is True
    assert answer["handled_by"] == "human"
    assert turn["by_step"]["selection"]["decision"] == "Only one stage is active, so nothing was compared."


def test_default_stage_answers_for_a_stage_without_a_fixed_reply(plain_shop: Shop) -> None:
    plain_shop.add_stage("Greeting", stage_description="The customer says hello", fixed_reply="Welcome, {user_name}!")
    plain_shop.add_stage("Delivery", stage_description="When a parcel comes", example_messages=["Where is my parcel?"])
    plain_shop.user_id = plain_shop.add_customer("c-1", first_name="{message}", last_name="🙂")
    answer = plain_shop.say("where is my parcel").get_json()
    assert answer["stage"]["stage_name"] == "Delivery"
    assert answer["response"] == "Welcome, {message} 🙂!"
    trace = plain_shop.trace(answer["turn_id"])
    assert trace["decision"]["needs_person"] is False
    decision = trace["by_step"]["response"]["decision"]
    assert decision == 'Sent the fixed reply of the default stage, "Greeting".'


def test_threshold_of_the_stage_applies(plain_shop: Shop) -> None:
    plain_shop.add_stage("Greeting", stage_description="The customer says hello")
    plain_shop.add_stage("Delivery", stage_description="When a parcel comes", confidence_threshold=1)
    plain_shop.user_id = plain_shop.add_customer("c-1")
    answer = plain_shop.say("where is my parcel").get_json()
    assert (answer["stage"]["stage_name"], answer["stage"]["confidence"]) == ("Greeting", None)
    decision = plain_shop.trace(answer["turn_id"])["by_step"]["selection"]["decision"]
    assert decision.startswith('Started in "Greeting": "Delivery" matched with')
    assert decision.endswith("below the minimum of 100%.")


def test_unrelated_message_is_answered_with_a_question_and_the_second_one_by_a_person(demo_shop: DemoShop) -> None:
    order = demo_shop.say_as("ada", "Where is my order A-10433?")
    conversation = str(order["conversation_id"])
    unclear = demo_shop.say_as("ada", "my bike has a flat tyre", conversation_id=conversation)
    related = demo_shop.say_as("ada", "When are you open?", conversation_id=conversation)
    again = demo_shop.say_as("ada", "My neighbour's dog barks all night", conversation_id=conversation)
    last = demo_shop.say_as("ada", "¿Cuál es la raíz cuadrada de 144?", conversation_id=conversation)
    assert unclear["response"] == again["response"] == CLARIFYING_QUESTIONS["en"]
    assert unclear["stage"] == {**order["stage"], "confidence": None}
    assert unclear["extracted_data"] == {}
    assert "Tuesday to Saturday" in str(related["response"])
    assert last["response"] == "Gracias por su mensaje. Una persona de nuestro equipo le responderá."
    assert [each["handled_by"] for each in (unclear, related, again, last)] == ["ai", "ai", "ai", "human"]
    turn = demo_shop.shop.trace(str(last["turn_id"]))
    assert (turn["decision"]["needs_person"], turn["decision"]["handed_over"]) == (True, True)
    (takeover,) = demo_shop.shop.get(f"/conversations/{conversation}/takeovers").get_json()
    assert takeover["reason"] == "unclear"


def test_unclear_message_that_contains_a_missing_value_stays_in_its_stage(demo_shop: DemoShop) -> None:
    conversation = str(demo_shop.say_as("ada", "Where is my order?")["conversation_id"])
    said = "I have looked through all the letters on the kitchen table and there it says A-10433 below"
    answer = demo_shop.say_as("ada", said, conversation_id=conversation)
    assert answer["extracted_data"] == {"order_number": "A-10433"}
    assert str(answer["response"]).startswith("Your order A-10433 is")

    conversation = str(demo_shop.say_as("ada", "I would like to book a pottery evening")["conversation_id"])
    answer = demo_shop.say_as("ada", "There are 3 of us", conversation_id=conversation)
    assert answer["extracted_data"] == {"people": 3}


@pytest.mark.parametrize(
    "message",
    [
        "my bike has a flat tyre",
        "my bike has 2 flat tyres",
        "my dog is 3 years old",
        "I watched 3 films last night",
        "mi coche no arranca",
        "मेरी साइकिल पंचर हो गई",
        "my cat is sick",
        "how do I cook rice?",
    ],
)
@pytest.mark.parametrize("topic", ["Where is my order A-10433?", "I would like to book a pottery evening"])
def test_unrelated_message_does_not_get_the_reply_of_a_topic(demo_shop: DemoShop, topic: str, message: str) -> None:
    conversation = str(demo_shop.say_as("ada", topic)["conversation_id"])
    answer = demo_shop.say_as("ada", message, conversation_id=conversation)
    recognised = recognise(message)
    assert recognised
    assert answer["response"] == CLARIFYING_QUESTIONS[language_with_texts([recognised.language])]
    assert answer["extracted_data"] == {}


def test_questions_are_those_of_the_business(plain_shop: Shop) -> None:
    settings = {
        "clarifying_question": "Which book, {user_name}?",
        "handover_message": "Olive will write to you.",
        "handover": {"needs_person": False},
    }
    assert plain_shop.put(f"/businesses/{plain_shop.business_id}", {"settings": settings}).status_code == 200
    plain_shop.add_stage("Greeting", stage_description="The customer says hello", fixed_reply="Welcome!")
    plain_shop.add_stage("Delivery", stage_description="When a parcel comes", confidence_threshold=1)
    plain_shop.user_id = plain_shop.add_customer("c-1", first_name="Ada")
    answers = [plain_shop.say("What is the capital of Mongolia?").get_json() for _ in range(2)]
    assert [answer["response"] for answer in answers] == ["Which book, Ada?", "Olive will write to you."]
    assert [answer["handled_by"] for answer in answers] == ["ai", "ai"]


def test_messages_of_any_length_and_script_are_answered(demo_shop: DemoShop) -> None:
    for message in ("🙂", "?", "x" * 20_000, "我想退货" * 500, "where is my order " * 500, "\u202eA-1", "{stage}"):
        assert demo_shop.say_as("odd", message)["engine"] == "rules", message[:40]


def test_embeddings_are_computed_once(demo_dir: Path, demo_shop: DemoShop, tmp_path: Path) -> None:
    groups = [["Where is my parcel?"], ["What does it cost?"]]
    first = SimilarityModel(tmp_path)
    scores = first.compare("my parcel has not come", groups)
    assert len(scores) == len(groups) + 1
    assert scores[0][0] == max(score for score, _, _ in scores)
    kept = (tmp_path / "sentences.npz").stat().st_mtime_ns
    assert SimilarityModel(tmp_path).compare("my parcel has not come", groups) == scores
    assert (tmp_path / "sentences.npz").stat().st_mtime_ns == kept
    whole = (tmp_path / "sentences.npz").read_bytes()
    for broken in (b"", b"nonsense", whole[: len(whole) // 2]):
        (tmp_path / "sentences.npz").write_bytes(broken)
        assert SimilarityModel(tmp_path).compare("my parcel has not come", groups) == scores
    assert first._token_count(first._shorten("where is my order " * 500, Counter())) <= MAX_TOKENS


def test_punctuation_around_words_is_ignored(tmp_path: Path) -> None:
    """Punctuation inside a word is kept, and a message of only punctuation is compared unchanged."""
    assert (
        strip_punctuation("«¿Dónde está?» A-10433... 4.50 (मेरा सामान), कब? 🙂")
        == "Dónde está A-10433 4.50 मेरा सामान कब 🙂"
    )
    assert (strip_punctuation("?!…"), strip_punctuation("? !")) == ("?!…", "? !")
    model = SimilarityModel(tmp_path)
    groups = [["Where is my order?", "My parcel has not come!"], ["Hello...", "(Good morning)"]]
    assert model.compare("where is my order", groups) == model.compare('"where is my order?!"', groups)
    assert model.compare("-" * 500 + " where is my order", groups) == model.compare("where is my order", groups)
    assert len(model.compare("?" * 20_000, groups)) == len(groups) + 1


def test_embeddings_of_the_demo_are_shipped(demo_shop: DemoShop, tmp_path: Path) -> None:
    """If this fails, run `python -m dev.demo.precompute_embeddings`."""
    release = demo_shop.app.extensions["icmp"].releases.last_live(UUID(demo_shop.shop.business_id))
    model = SimilarityModel(tmp_path)
    match = match_stage("where is my parcel", release.active_stages, model)
    assert match.stage is not None and match.stage.stage_name == "Order status"
    assert not (tmp_path / "sentences.npz").exists()  # nothing had to be computed
    sentence = strip_punctuation(UNRELATED[0])
    shipped, computed = read_embeddings(SHIPPED)[sentence_key(sentence)], model._model.query(sentence)
    # Single components differ between processors, the direction does not.
    cosine = shipped @ computed / np.linalg.norm(shipped) / np.linalg.norm(computed)
    assert cosine == pytest.approx(1, abs=1e-3)
