"""Test cases: how they are stored, made from conversations, and versioned with the design."""

from typing import Any

import pytest

from tests.support.cases import add_case, published
from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.staff import Staff, make_member
from tests.support.turns import by_step

pytestmark = pytest.mark.usefixtures("empty_database")

CASE: dict[str, Any] = {
    "name": "Where is it?",
    "customer": {"first_name": "Ann", "language": "de"},
    "data": {"fields": {"city": "Oslo"}, "orders": [{"order_number": "A-1"}], "products": [{"product_name": "Lamp"}]},
    "lookups": {"Order help": {"status": "sent"}},
    "turns": [
        {
            "message": "Where is A-1?",
            "expect": {"stage": "Order help", "reply": {"contains": ["sent"], "matches": "A-."}},
        },
        {"message": "Thanks"},
    ],
}


def test_cases_are_listed_by_stage_and_changed(shop: Shop, owner: Staff) -> None:
    viewer = make_member(shop, owner.headers, "viewer")
    stage_id = shop.stages["Order help"]
    test_case_id = made(shop.post("/test-cases", {**CASE, "stage_id": stage_id}))["test_case_id"]
    others = [add_case(shop, f"Case {number}") for number in range(3)]
    one = f"/test-cases/{test_case_id}"
    row = viewer.send("GET", one).get_json()
    assert {name: row[name] for name in CASE} == CASE
    assert (row["stage_id"], row["last_result"], row["version"]) == (stage_id, None, 1)
    listed, path = [], "/api/v1/test-cases?limit=3"
    while path:
        page = shop.client.get(path, headers=viewer.headers)
        listed += [each["test_case_id"] for each in page.get_json()]
        path = page.headers.get("Link", "")[1:].partition(">")[0]
    assert listed == [test_case_id, *others]
    assert [each["name"] for each in shop.get("/test-cases", stage_id=stage_id).get_json()] == [CASE["name"]]
    changed = shop.put(one, {"name": "Other"}, headers={"If-Match": '"1"'})
    assert (changed.get_json()["name"], changed.headers["ETag"]) == ("Other", '"2"')
    assert changed.get_json()["turns"] == CASE["turns"]
    assert shop.put(one, {"name": "Third"}, headers={"If-Match": '"1"'}).status_code == 412
    assert viewer.send("PUT", one, {"name": "Mine"}).status_code == 403
    assert viewer.send("POST", "/test-runs", {}).status_code == 403
    assert shop.delete(one).status_code == 204
    assert shop.get(one).status_code == 404


@pytest.mark.parametrize(
    ("pattern", "status"), [("(a+)+$", 201), ("(?=secret)", 400), ("(a{1000}){1000}", 400), ("[", 400)]
)
def test_pattern_must_be_matched_in_linear_time(shop: Shop, pattern: str, status: int) -> None:
    turns = [{"message": "Hi", "expect": {"reply": {"matches": pattern}}}]
    assert shop.post("/test-cases", {"name": "x", "turns": turns}).status_code == status


def test_other_business_has_no_access(shop: Shop, other_shop: Shop) -> None:
    theirs = add_case(other_shop)
    turn = [{"message": "Hello"}]
    conversation = other_shop.say("Hello").get_json()
    assert shop.get(f"/test-cases/{theirs}").status_code == 404
    assert shop.put(f"/test-cases/{theirs}", {"name": "Mine"}).status_code == 404
    assert shop.delete(f"/test-cases/{theirs}").status_code == 404
    assert shop.post("/test-runs", {"test_case_ids": [theirs]}).status_code == 404
    stage_id = other_shop.stages["Greeting"]
    assert shop.post("/test-cases", {"name": "x", "turns": turn, "stage_id": stage_id}).status_code == 404
    body = {"conversation_id": conversation["conversation_id"]}
    assert shop.post("/test-cases/from-conversation", body).status_code == 404
    assert shop.get("/test-cases").get_json() == []


def test_conversation_becomes_a_case(shop: Shop, fake_model: FakeModel) -> None:
    made(shop.post("/orders", {"user_id": shop.user_id, "order_number": "A-10433", "shipping_address": "Elm Street"}))
    fake_model.respond = by_step(
        selection=['{"stage": "Greeting", "confidence": 1}', '{"stage": "Order help", "confidence": 1}'],
        extraction=["{}", '{"order_number": "A-10433"}'],
        response=["Good day.", "I do not know."],
    )
    shop.say("Hello there")
    answer = shop.say("Where is A-10433?").get_json()
    body = {"conversation_id": answer["conversation_id"]}
    case = shop.get(f"/test-cases/{made(shop.post('/test-cases/from-conversation', body))['test_case_id']}").get_json()
    assert (case["name"], case["stage_id"]) == ("Hello there", shop.stages["Order help"])
    assert case["customer"] == {"language": "en"}
    assert [order["order_number"] for order in case["data"]["orders"]] == ["A-10433"]
    assert "Elm Street" not in str(case)
    expected = {"stage": "Order help", "fields": {"order_number": "A-10433"}}
    assert case["turns"] == [
        {"message": "Hello there", "expect": {"stage": "Greeting"}},
        {"message": "Where is A-10433?", "expect": expected},
    ]
    rating = {"rating": "bad", "correct_answer": "It arrives on Monday.", "source": "staff"}
    assert shop.post(f"/messages/{answer['response_message_id']}/feedback", rating).status_code < 300
    body["turn_id"] = answer["turn_id"]
    case = shop.get(f"/test-cases/{made(shop.post('/test-cases/from-conversation', body))['test_case_id']}").get_json()
    assert case["turns"][0]["expect"] == {"stage": "Greeting"}
    judged = {"sentence": "The reply says the same as: It arrives on Monday."}
    assert case["turns"][1]["expect"] == {"reply": {"judged": judged}}
    entries = shop.get("/audit-log", resource_id=case["test_case_id"]).get_json()
    assert [(entry["action"], entry["resource"]) for entry in entries] == [("create", "test_case")]


def test_every_conversation_becomes_a_case_that_can_be_saved(shop: Shop) -> None:
    user = {"external_id": "c-2", "language": "zh-Hant-TW"}
    answer = shop.say("long words " * 1_500, user=user).get_json()
    body = {"conversation_id": answer["conversation_id"]}
    path = f"/test-cases/{made(shop.post('/test-cases/from-conversation', body))['test_case_id']}"
    case = shop.get(path).get_json()
    values = {name: case[name] for name in ("name", "stage_id", "customer", "data", "lookups", "turns")}
    assert shop.put(path, values).status_code == 200


@pytest.mark.parametrize(("rows", "key"), [("orders", "order_number"), ("products", "sku")])
def test_data_that_cannot_be_stored_is_refused(shop: Shop, rows: str, key: str) -> None:
    row = {key: "1", **({"product_name": "Lamp"} if rows == "products" else {})}
    body = {"name": "x", "turns": [{"message": "Hi"}], "data": {rows: [row, row]}}
    response = shop.post("/test-cases", body)
    assert (response.status_code, response.get_json()["details"][0]["path"]) == (400, f"$.data.{rows}[1].{key}")


def test_cases_are_limited_together(shop: Shop) -> None:
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": {"publishing": "reviewed"}}).status_code == 200
    turns = [{"message": "x" * 20_000} for _ in range(3)]
    statuses = [shop.post("/test-cases", {"name": str(n), "turns": turns}).status_code for n in range(70)]
    assert statuses == sorted(statuses)
    assert set(statuses) == {201, 409}


def test_cases_are_versioned_with_the_release(shop: Shop, sql: Connection) -> None:
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": {"publishing": "reviewed"}}).status_code == 200
    kept = add_case(shop, "Kept", stage_id=shop.stages["Greeting"])
    changes = shop.get("/releases/draft/changes").get_json()["changes"]
    assert [(each["kind"], each["change"], each["name"], each["stage_name"]) for each in changes] == [
        ("test_case", "added", "Kept", "Greeting")
    ]
    release_id = published(shop)
    shop.put(f"/test-cases/{kept}", {"turns": [{"message": "Changed"}]})
    add_case(shop, "Later")
    (changed, added) = shop.get("/releases/draft/changes").get_json()["changes"]
    assert (changed["change"], [each["field"] for each in changed["fields"]]) == ("changed", ["turns"])
    assert (added["change"], added["name"]) == ("added", "Later")
    published(shop)
    made(shop.post(f"/releases/{release_id}/restore", {}))
    (case,) = shop.get("/test-cases").get_json()
    assert (case["test_case_id"], case["turns"][0]["message"]) == (kept, "Where is A-10433?")
