"""The conversations behind figures, questions without an answer, and saved views."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from db import Database
from tests.support.analytics import count_changes, counting
from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Status
from tests.support.staff import Staff, make_member

pytestmark = pytest.mark.usefixtures("empty_database")

OF_CONVERSATIONS = ("conversations", "resolved", "handed_over", "abandoned", "open", "reopened")
OF_TURNS = ("turns", "completed", "failed", "held", "by_fallback")


@pytest.fixture
def figures(database_url: str) -> Iterator[Database]:
    with counting(database_url) as database:
        yield database


def answer(fake_model: FakeModel, stage: str = "Order help", fields: str = '{"order_number": "A-1"}') -> None:
    """Prepare the answers to one message."""
    fake_model.reply(f'{{"stage": "{stage}", "confidence": 0.87}}', fields, "A reply.")


def listed(shop: Shop, path: str = "/analytics/conversations", **query: Any) -> list[dict[str, Any]]:
    """All pages of the list, with one row each."""
    answer = shop.get(path, limit=1, **query)
    rows: list[dict[str, Any]] = answer.get_json()
    while "Link" in answer.headers:
        answer = shop.client.get(answer.headers["Link"][1:].partition(">")[0], headers=shop.headers)
        rows += answer.get_json()
    return rows


@pytest.fixture
def busy(shop: Shop, fake_model: FakeModel, sql: Connection, figures: Database, anna: Staff) -> dict[str, str]:
    """Conversations that ended in each way: their IDs by the customer's name."""
    ids: dict[str, str] = {}

    def say(name: str, *turns: tuple[str, str], end: bool = False) -> None:
        for stage, fields in turns:
            answer(fake_model, stage, fields)
            user = {"external_id": name, "first_name": name}
            message = " ".join([name, "writes", *json.loads(fields).values()])
            ids[name] = shop.say(message, user=user).get_json()["conversation_id"]
        if end:
            assert shop.post(f"/conversations/{ids[name]}/complete").status_code == 200

    numbers = [("Order help", f'{{"order_number": "{number}"}}') for number in ("A-1", "A-9", "A-9")]
    say("Rosa", ("Greeting", "{}"), *numbers, end=True)
    say("Abel", ("Order help", "{}"), end=True)
    say("Olga", ("Greeting", "{}"), ("Order help", "{}"))
    say("Hans", ("Order help", '{"order_number": "A-2"}'))
    assert anna.send("POST", f"/conversations/{ids['Hans']}/takeover").status_code == 200
    shop.say("Hans waits", user={"external_id": "Hans"})
    fake_model.reply(Status(401))
    ids["Fred"] = shop.say("Fred writes", user={"external_id": "Fred", "first_name": "Fred"}).get_json()["turn_id"]
    sql.execute("UPDATE users SET is_test = true WHERE first_name = 'Tess'")
    count_changes(figures, shop.business_id)
    return ids


def test_every_number_has_its_conversations(shop: Shop, busy: dict[str, str]) -> None:
    totals = shop.get("/analytics/summary").get_json()["totals"]
    for figure in (*OF_CONVERSATIONS, *OF_TURNS):
        rows = listed(shop, figure=figure)
        assert len(rows) == totals[figure]["value"], figure
        assert [row["time"] for row in rows] == sorted((row["time"] for row in rows), reverse=True)
        assert all((row["turn_id"] is not None) == (figure in OF_TURNS) for row in rows)
    names = {figure: {row["customer_name"] for row in listed(shop, figure=figure)} for figure in OF_CONVERSATIONS[1:]}
    assert (names["resolved"], names["abandoned"], names["handed_over"]) == ({"Rosa"}, {"Abel"}, {"Hans"})
    [failed] = listed(shop, figure="failed")
    assert (failed["text"], failed["outcome"]) == ("Fred writes", "failed")
    [held] = listed(shop, figure="held")
    assert held["text"] == "Hans waits"
    [rosa] = listed(shop, figure="resolved")
    assert (rosa["text"], rosa["outcome"], rosa["conversation_id"]) == ("Rosa writes", "resolved", busy["Rosa"])


def test_conversations_are_filtered_like_their_figures(shop: Shop, busy: dict[str, str]) -> None:
    greeting, help_stage = shop.stages["Greeting"], shop.stages["Order help"]
    for row in shop.get("/analytics/stages").get_json()["rows"]:
        if row["stage_id"] is None:
            continue
        for figure in ("turns", "completed", "by_model", "with_missing_fields"):
            assert len(listed(shop, figure=figure, stage_id=row["stage_id"])) == row[figure]
    moved = listed(shop, figure="completed", from_stage_id=greeting, stage_id=help_stage)
    assert {row["customer_name"] for row in moved} == {"Rosa", "Olga"}
    for row in shop.get("/analytics/fields").get_json()["rows"]:
        for figure in ("found", "corrected", "rejected", "missing"):
            rows = listed(shop, figure=figure, field=row["field"], stage_id=row["stage_id"])
            assert len(rows) == row[figure], figure
    [corrected] = listed(shop, figure="corrected", field="order_number")
    assert corrected["text"] == "Rosa writes A-9"
    started = {"Greeting": {"Rosa", "Olga"}, "Order help": {"Abel", "Hans"}}
    for name, customers in started.items():
        rows = listed(shop, figure="started", stage_id=shop.stages[name])
        assert {row["customer_name"] for row in rows} == customers
    assert listed(shop, figure="turns", channel="widget") == []
    assert listed(shop, figure="turns", **{"from": "2020-01-01", "to": "2020-01-02"}) == []
    [handover] = listed(shop, figure="handovers")
    assert handover["customer_name"] == "Hans"
    assert listed(shop, figure="handovers", reason=handover["outcome"]) == [handover]
    assert listed(shop, figure="handovers", reason="keyword") == []
    assert shop.get("/analytics/conversations", figure="handovers", stage_id=greeting).status_code == 400


def test_owners_and_keys_read_figures_and_others_do_not(shop: Shop, owner: Staff, anna: Staff) -> None:
    viewer = make_member(shop, owner.headers, "viewer")
    for path in ("/analytics/summary", "/analytics/conversations", "/analytics/views", "/analytics/csv?report=cost"):
        assert owner.send("GET", path).status_code == 200
        assert anna.send("GET", path).status_code == viewer.send("GET", path).status_code == 403


def test_similar_questions_without_an_article_are_one_cluster(
    shop: Shop, sql: Connection, fake_model: FakeModel
) -> None:
    def ask(message: str, name: str = "c-1") -> None:
        answer(fake_model, "Greeting", "{}")
        turn_id = shop.say(message, user={"external_id": name}).get_json()["turn_id"]
        sql.execute(
            """
            INSERT INTO unanswered_questions (business_id, turn_id, question_hash)
            VALUES (%(id)s, %(turn_id)s, md5(lower(%(message)s)))
            """,
            {"id": shop.business_id, "turn_id": turn_id, "message": message},
        )

    for message in (
        "Do you deliver to Norway?",
        "do you also deliver to norway",
        "Do you deliver to Norway?",
        "Bitcoin?",
    ):
        ask(message)
    assert shop.put(f"/users/{shop.add_customer('tess')}", {"is_test": True}).status_code == 200
    ask("Do you deliver to Norway?", "tess")
    answer(fake_model, "Nonsense", "{}")  # names no stage
    shop.say("Sing me a song")
    answer_ = shop.get("/analytics/unanswered").get_json()
    assert answer_["totals"] == {"messages": 5, "clusters": 3}
    norway, *others = answer_["rows"]
    assert (norway["question"], norway["times"], norway["cause"]) == ("Do you deliver to Norway?", 3, "article")
    assert [each["times"] for each in norway["examples"]] == [2, 1]
    assert {(each["question"], each["cause"]) for each in others} == {
        ("Bitcoin?", "article"),
        ("Sing me a song", "stage"),
    }
    assert shop.get("/analytics/unanswered", channel="widget").get_json()["rows"] == []


def test_views_are_shared_by_the_owners_of_a_business(shop: Shop, other_shop: Shop, owner: Staff) -> None:
    body = {"name": "WhatsApp, weekly", "page": "overview", "query": {"channel": "whatsapp", "by": "week"}}
    view_id = made(shop.post("/analytics/views", body))["view_id"]
    assert shop.post("/analytics/views", body).status_code == 409
    assert made(other_shop.post("/analytics/views", body))["view_id"] != view_id
    assert other_shop.get(f"/analytics/views/{view_id}").status_code == 404
    [view] = owner.send("GET", "/analytics/views").get_json()
    assert {name: view[name] for name in body} == body
    changed = owner.send("PUT", f"/analytics/views/{view_id}", {"name": "Weekly"}).get_json()
    assert (changed["name"], changed["query"]) == ("Weekly", body["query"])
    for wrong in ({"name": " "}, {"name": "x" * 101}, {"query": {"by": 1}}, {"page": "No page!"}, {}):
        assert shop.put(f"/analytics/views/{view_id}", wrong).status_code == 400
