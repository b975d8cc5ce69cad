"""Events of the actions of a turn."""

import uuid

from flask import Flask

from tests.support.actions import CHANGE, MOVED, NEW, find_address_first, make_address_shop
from tests.support.database import connect
from tests.support.factories import make_shop
from tests.support.fake_model import FakeModel
from tests.support.os_users import wait_for
from tests.support.webhooks import Receiver, add_webhook, pending


def test_done_actions_and_the_order_that_they_change_are_sent(
    hooks_app: Flask, hooks_database: str, master: dict[str, str], fake_model: FakeModel
) -> None:
    """The second action fails, so it is not sent."""
    missing = {"do": "update_order", "with": {"order_number": "A-99999", "shipping_address": "{shipping_address}"}}
    shop = make_shop(hooks_app.test_client(), master, f"Lantern Books {uuid.uuid4().hex[:8]}")
    make_address_shop(shop, CHANGE, missing)
    find_address_first(fake_model)
    with Receiver() as receiver, connect(hooks_database) as sql:
        add_webhook(shop, receiver, ("action.done", "order.updated"))
        answer = shop.say(MOVED).get_json()
        wait_for(lambda: pending(sql, shop.business_id) == 0, "the deliveries")
        done, changed = sorted((event["type"], event["data"]) for event in receiver.events())
    assert done == (
        "action.done",
        {
            "turn_id": answer["turn_id"],
            "conversation_id": answer["conversation_id"],
            "user_id": shop.user_id,
            "external_id": "c-1",
            "index": 0,
            "do": "update_order",
            "values": {"order_number": "A-10433", "shipping_address": NEW},
        },
    )
    assert changed[0] == "order.updated"
    assert (changed[1]["order"]["shipping_address"], changed[1]["changed"]) == (NEW, ["shipping_address"])
