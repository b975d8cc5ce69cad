"""A customer's message, from the request to its trace."""

from tests.support.factories import Shop
from tests.support.fake_model import FakeModel


def test_a_message_runs_through_three_prompts(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.reply('{"stage": "Order help", "confidence": 0.9}', '{"order_number": "A-1"}', "It is on its way.")
    answer = shop.say("Where is A-1?").get_json()
    assert answer["response"] == "It is on its way."
    assert answer["stage"] == {"stage_id": shop.stages["Order help"], "stage_name": "Order help", "confidence": 0.9}
    assert answer["extracted_data"] == answer["collected_data"] == {"order_number": "A-1"}
    assert (answer["handled_by"], answer["engine"]) == ("ai", "model")
    assert len(fake_model.requests) == 3
