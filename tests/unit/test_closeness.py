"""Whether a message is close to its conversation's stage: first by words, then by the embedding model."""

import random
import time
from collections.abc import Sequence

import pytest

from message_processing.engines.closeness import Closeness, closest_by_words
from message_processing.release import Stage
from message_processing.turn import Turn
from tests.support.pipeline import in_stage, make_release, make_stage, make_turn

ORDERS = make_stage(
    "Orders",
    stage_description="Where an order is",
    example_messages=["Has my parcel been shipped?", "我的订单在哪里", "Wo ist meine Bestellung?"],
)
RETURNS = make_stage(
    "Returns",
    stage_description="Sending an article back",
    example_messages=["I want my money back", "我想退货", "Ich möchte etwas zurückschicken"],
)


def turn_in(stage: Stage, message: str, *others: Stage) -> Turn:
    return in_stage(make_turn(make_release(stage, *others), message), stage)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("And when was it shipping?", ORDERS),
        ("THE ORDERED BOOK", ORDERS),
        ("Can I get the money?", RETURNS),
        ("Und die Bestellungen?", ORDERS),
        ("Kann ich das zurückgeben?", RETURNS),
        ("请问订单什么时候到", ORDERS),
        ("退货要多久", RETURNS),
        ("ok", None),
        ("A-10433", None),
        ("", None),
        ("my parcel and my money", None),
    ],
)
def test_stage_with_the_most_words_in_common_is_closest(message: str, expected: Stage | None) -> None:
    assert closest_by_words(message, (ORDERS, RETURNS)) is expected


def test_stages_with_very_long_texts_take_little_time() -> None:
    chance = random.Random(1)
    examples = ["".join(map(chr, chance.choices(range(0x4E00, 0x9FFF), k=1000))) for _ in range(100)]
    stages = tuple(make_stage(f"Stage {number}", example_messages=examples) for number in range(30))
    started = time.thread_time()
    assert closest_by_words("Stage 7", stages) is None
    assert time.thread_time() - started < 1.0


class FakeSimilarity:
    """Scores the stages by position: the second is the most similar, after the unrelated sentences."""

    def __init__(self) -> None:
        self.compared: list[str] = []

    def compare(self, message: str, groups: Sequence[Sequence[str]]) -> list[tuple[float, int, float]]:
        self.compared.append(message)
        return [(0.1 * number, 0, 0.5) for number in range(len(groups))] + [(0.9, 0, 0.9)]


def test_embedding_model_decides_when_words_do_not() -> None:
    model = FakeSimilarity()
    closeness = Closeness(lambda: model)
    turn = turn_in(ORDERS, "ok", RETURNS)
    assert closeness.is_close(turn) is False
    assert closeness.is_close(in_stage(turn, RETURNS)) is True  # even though it is most similar to no stage at all
    assert model.compared == ["ok", "ok"]
    assert closeness.is_close(turn_in(ORDERS, "Has the order been shipped?", RETURNS)) is True
    assert model.compared == ["ok", "ok"]


def test_model_is_loaded_once_and_only_when_needed() -> None:
    loaded: list[FakeSimilarity] = []

    def load() -> FakeSimilarity:
        loaded.append(FakeSimilarity())
        return loaded[-1]

    closeness = Closeness(load)
    closeness.is_close(turn_in(ORDERS, "my order", RETURNS))
    assert loaded == []
    for _ in range(2):
        closeness.is_close(turn_in(ORDERS, "ok", RETURNS))
    assert len(loaded) == 1


def test_without_the_model_an_undecided_message_is_not_close() -> None:
    assert Closeness().is_close(turn_in(ORDERS, "ok", RETURNS)) is False


def test_only_stage_is_always_close() -> None:
    assert Closeness().is_close(turn_in(ORDERS, "ok")) is True
