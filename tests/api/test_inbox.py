"""The inbox: filters, orders, counts, assignment, snoozing, tags and read marks."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.staff import Staff, make_member
from tests.support.turns import by_step

pytestmark = pytest.mark.usefixtures("empty_database")


@pytest.fixture(autouse=True)
def answer_messages(fake_model: FakeModel) -> None:
    fake_model.respond = by_step()


def start(shop: Shop, text: str = "hello", **values: Any) -> str:
    """A conversation of its own; returns its ID."""
    answer = shop.say(text, session_id=str(uuid.uuid4()), **values)
    assert answer.status_code == 200, answer.text
    conversation_id: str = answer.get_json()["conversation_id"]
    return conversation_id


def listed(staff: Staff, **query: Any) -> list[str]:
    """The IDs of all pages."""
    ids: list[str] = []
    path = "/conversations?" + "&".join(f"{name}={value}" for name, value in query.items())
    while path:
        response = staff.send("GET", path)
        assert response.status_code == 200, response.text
        ids += [row["conversation_id"] for row in response.get_json()]
        path = response.headers.get("Link", "")[1:].partition(">")[0].partition("/api/v1")[2]
    assert len(ids) == len(set(ids))
    return ids


def counts(staff: Staff) -> dict[str, int]:
    found: dict[str, int] = staff.send("GET", "/conversations/counts").get_json()
    return found


def change(staff: Staff, conversation_id: str, **values: Any) -> dict[str, Any]:
    response = staff.send("PATCH", f"/conversations/{conversation_id}", values)
    assert response.status_code == 200, response.text
    detail: dict[str, Any] = response.get_json()
    return detail


def in_hours(hours: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


def test_filters_and_counts_follow_a_conversation_through_the_inbox(shop: Shop, owner: Staff, anna: Staff) -> None:
    taken, handed_over, quiet = start(shop), start(shop), start(shop)
    anna.send("POST", f"/conversations/{taken}/takeover")
    shop.post(f"/conversations/{handed_over}/takeover", {"reason": "keyword"})
    shop.say("Anyone?", conversation_id=taken)

    assert listed(anna) == [taken, handed_over, quiet]
    assert listed(anna, mine="true") == listed(anna, waiting="true") == [taken]
    assert listed(owner, mine="true") == []
    assert listed(anna, unassigned="true") == [handed_over]
    assert counts(anna) == {"mine": 1, "unassigned": 1, "waiting": 1, "needs_person": 0, "snoozed": 0, "unread": 1}
    assert counts(owner) == {"mine": 0, "unassigned": 1, "waiting": 1, "needs_person": 0, "snoozed": 0, "unread": 0}

    row = change(anna, taken, snoozed_until=in_hours(1))
    assert row["snoozed_until"] is not None
    assert listed(anna, mine="true") == listed(anna, waiting="true") == []
    assert listed(anna, snoozed="true") == listed(anna, snoozed="true", mine="true") == [taken]
    assert listed(anna) == [taken, handed_over, quiet]
    assert counts(anna) == {"mine": 0, "unassigned": 1, "waiting": 0, "needs_person": 0, "snoozed": 1, "unread": 0}
    # The customer writes again, which ends the snooze.
    shop.say("Still there?", conversation_id=taken)
    assert listed(anna, mine="true", waiting="true") == [taken]

    anna.send("POST", f"/conversations/{taken}/messages", {"message": "Yes!"})
    assert listed(anna, waiting="true") == []
    anna.send("POST", f"/conversations/{taken}/complete")
    assert listed(anna, mine="true") == []
    assert listed(anna, mine="true", status="completed") == [taken]
    assert counts(anna)["mine"] == 0


def test_staff_message_ends_the_wait_and_counts_in_the_takeover(
    shop: Shop, anna: Staff, owner: Staff, sql: Connection
) -> None:
    conversation_id = start(shop)
    path = f"/conversations/{conversation_id}"
    anna.send("POST", f"{path}/takeover")
    shop.say("Where is it?", conversation_id=conversation_id)
    sql.execute("UPDATE conversations SET needs_person_reason = 'keyword'")
    assert listed(anna, needs_person="true") == [conversation_id]
    row = anna.send("GET", path).get_json()
    assert (row["needs_person"], row["needs_person_reason"], row["assignee_id"], row["assignee_name"]) == (
        True, "keyword", anna.user_id, "Agent Member",
    )  # fmt: skip
    assert row["waiting_since"] is not None

    anna.send("POST", f"{path}/messages", {"message": "Only we know it.", "is_note": True})
    assert anna.send("GET", path).get_json()["needs_person"] is True
    anna.send("POST", f"{path}/messages", {"message": "In Leeds."})
    shop.post(f"{path}/messages", {"message": "From the shop's own system."})
    row = anna.send("GET", path).get_json()
    assert (row["needs_person"], row["needs_person_reason"], row["waiting_since"]) == (False, None, None)
    assert shop.get(f"{path}/takeovers").get_json()[0]["messages_written"] == 2
    names = [message["sender_name"] for message in shop.get(f"{path}/messages", notes="true").get_json()[-3:]]
    assert names == ["Agent Member", "Agent Member", None]


def test_notes_are_listed_only_on_request_and_change_nothing_for_the_customer(shop: Shop, anna: Staff) -> None:
    conversation_id = start(shop)
    path = f"/conversations/{conversation_id}"
    before = anna.send("GET", path).get_json()
    text = "VIP \u202b\u05e9\u05dc\u05d5\u05dd 👩‍💻"
    note = anna.send("POST", f"{path}/messages", {"message": text, "is_note": True})
    assert note.status_code == 201
    assert note.get_json()["sender_type"] == "note"
    assert note.get_json()["sender_name"] == "Agent Member"
    after = anna.send("GET", path).get_json()
    assert after == {**before, "last_seq": before["last_seq"] + 1}
    assert [row["sender_type"] for row in shop.get(f"{path}/messages").get_json()] == ["user", "assistant"]
    assert shop.get(f"{path}/messages", notes="true").get_json()[2:] == [note.get_json()]
    for bad in ("\x00", " ", "x" * 20_001):
        assert anna.send("POST", f"{path}/messages", {"message": bad, "is_note": True}).status_code == 400
    anna.send("POST", f"{path}/complete")
    assert anna.send("POST", f"{path}/messages", {"message": "Done", "is_note": True}).status_code == 201
    assert anna.send("POST", f"{path}/messages", {"message": "Done"}).status_code == 409


def test_orders_are_exact_and_paged(shop: Shop, anna: Staff, sql: Connection) -> None:
    ids = [start(shop) for _ in range(6)]
    # Two conversations per day, and two that were last used at the same moment.
    for place, conversation_id in enumerate(ids):
        moment = f"2026-01-0{1 + place // 2}T{12 - place % 2}:00:00Z" if place < 4 else "2026-01-02T11:30:00Z"
        sql.execute("UPDATE conversations SET last_updated = %s WHERE conversation_id = %s", [moment, conversation_id])
    by_activity = [ids[2], *sorted(ids[4:], reverse=True), ids[3], ids[0], ids[1]]
    for limit in (1, 2, 4, 50):
        assert listed(anna, sort="latest", limit=limit) == by_activity
        assert listed(anna, order="newest", limit=limit) == ids[::-1]
    for conversation_id, hour in ((ids[1], 9), (ids[5], 7), (ids[2], 9)):
        moment = f"2026-01-09T{hour}:00:00Z"
        sql.execute("UPDATE conversations SET waiting_since = %s WHERE conversation_id = %s", [moment, conversation_id])
    waiting = [ids[5], *sorted([ids[1], ids[2]])]
    for limit in (1, 2, 3, 4, 50):
        rest = [each for each in by_activity if each not in waiting]
        assert listed(anna, sort="waiting", limit=limit) == waiting + rest
        assert listed(anna, sort="waiting", waiting="true", limit=limit) == waiting
    assert anna.send("GET", "/conversations?sort=latest&order=newest").status_code == 400
    assert anna.send("GET", "/conversations?mine=false").status_code == 400


def test_search_finds_names_and_messages(shop: Shop, other_shop: Shop, anna: Staff) -> None:
    jose = shop.add_customer("c-2", first_name="José", last_name="Ødegård")
    mine, his = start(shop, "my lamp"), start(shop, "a lamp", user_id=jose)
    other_shop.add_customer("c-9", first_name="José")
    assert listed(anna, q="josé") == listed(anna, q="Ødegård José") == [his]
    assert listed(anna, q="Carla or josé") == listed(anna, q="lamp") == [mine, his]
    assert listed(anna, q="lamp", order="newest") == [his, mine]
    # The start of a name is enough, also of several; not of one letter, and not in an expression.
    assert listed(anna, q="jos") == listed(anna, q="ØDEG jos") == listed(anna, q="Ødegård jos") == [his]
    assert listed(anna, q="jo") == listed(anna, q='"jos"') == listed(anna, q="jos -lamp") == listed(anna, q="osé") == []
    assert listed(anna, q="lamp", user_id=jose) == [his]
    assert listed(anna, q="nobody") == listed(anna, q=shop.business_id) == []
    assert other_shop.get("/conversations", q="josé").get_json() == []
    rows = shop.get("/conversations").get_json()
    assert [row["customer_name"] for row in rows] == ["Carla Customer", "José Ødegård"]


def test_assignment_names_members_only(shop: Shop, other_shop: Shop, owner: Staff, anna: Staff) -> None:
    conversation_id = start(shop)
    row = change(anna, conversation_id, assignee_id=shop.owner_id)
    assert (row["assignee_id"], row["assignee_name"]) == (shop.owner_id, "Olive Owner")
    assert listed(owner, mine="true") == [conversation_id]
    path = f"/conversations/{conversation_id}"
    for other in (shop.user_id, other_shop.owner_id, str(uuid.uuid4())):
        assert anna.send("PATCH", path, {"assignee_id": other}).status_code == 404
    assert other_shop.client.patch(f"/api/v1{path}", json={"tags": []}, headers=other_shop.headers).status_code == 404
    assert anna.send("PATCH", path, {}).status_code == 400
    # A member who leaves handles nothing any more.
    change(owner, conversation_id, assignee_id=anna.user_id)
    assert owner.send("DELETE", f"/businesses/{shop.business_id}/members/{anna.user_id}").status_code == 204
    assert change(owner, conversation_id, tags=["left"])["assignee_id"] is None
    owner.send("POST", f"{path}/complete")
    assert owner.send("PATCH", path, {"assignee_id": shop.owner_id}).status_code == 409
    assert change(owner, conversation_id, assignee_id=None)["tags"] == ["left"]


def test_snooze_ends_within_a_year(shop: Shop, anna: Staff, sql: Connection) -> None:
    conversation_id = start(shop)
    path = f"/conversations/{conversation_id}"
    for bad in (in_hours(-1), in_hours(24 * 400), "tomorrow", "2026-13-01T00:00:00Z", 5):
        assert anna.send("PATCH", path, {"snoozed_until": bad}).status_code == 400, bad
    change(anna, conversation_id, snoozed_until=in_hours(24 * 364), assignee_id=anna.user_id)
    assert listed(anna, mine="true") == []
    assert change(anna, conversation_id, snoozed_until=None)["snoozed_until"] is None
    assert listed(anna, mine="true") == [conversation_id]
    change(anna, conversation_id, snoozed_until=in_hours(1))
    sql.execute("UPDATE conversations SET snoozed_until = now() - interval '1 second'")  # time passes
    assert listed(anna, mine="true") == [conversation_id]
    assert listed(anna, snoozed="true") == []
    assert anna.send("GET", path).get_json()["snoozed_until"] is None


def test_tags_are_compared_without_case(shop: Shop, other_shop: Shop, anna: Staff) -> None:
    first, second = start(shop), start(shop)
    decomposed, composed = "Cafe\u0301", "café"
    tags = [" VIP ", "vip", decomposed, composed, "👩‍💻", "שלום"]
    assert change(anna, first, tags=tags)["tags"] == sorted(["vip", composed, "👩‍💻", "שלום"])
    change(anna, second, tags=["vip", "x" * 40])
    assert listed(anna, tag="VIP") == [first, second]
    assert listed(anna, tag=decomposed.upper()) == listed(anna, tag="👩‍💻") == [first]
    assert other_shop.get("/conversations", tag="vip").get_json() == []
    assert change(anna, second, tags=["x" * 40])["tags"] == ["x" * 40]
    assert listed(anna, tag="vip", sort="latest") == [first]
    path = f"/conversations/{first}"
    for bad in (["a\nb"], ["\x00"], [" "], ["x" * 41], ["\u202eabc"], ["x"] * 21, "vip", [1]):
        assert anna.send("PATCH", path, {"tags": bad}).status_code == 400, bad
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda n: change(anna, first, tags=["same", str(n)]), range(8)))
    assert anna.send("GET", path).get_json()["tags"] in [answer["tags"] for answer in answers]
    actions = [row["fields"] for row in shop.get("/audit-log", resource_id=second).get_json()]
    assert actions == [["tags"], ["tags"]]


def test_unread_messages_are_counted_per_member(shop: Shop, other_shop: Shop, owner: Staff, anna: Staff) -> None:
    conversation_id = start(shop)
    path = f"/conversations/{conversation_id}"

    def unread(staff: Staff) -> tuple[int, int]:
        (row,) = staff.send("GET", "/conversations").get_json()
        return row["unread"], counts(staff)["unread"]

    anna.send("POST", f"{path}/takeover")
    shop.say("two", conversation_id=conversation_id)
    assert unread(anna) == (2, 1)
    seq = anna.send("GET", path).get_json()["last_message"]["seq"]
    with ThreadPoolExecutor(4) as pool:
        bodies = [{"seq": each} for each in (0, seq, 1, seq)]
        answers = list(pool.map(lambda body: anna.send("POST", f"{path}/read", body).status_code, bodies))
    assert answers == [204] * 4
    assert unread(anna) == (0, 0)
    assert unread(owner) == (2, 0)  # assigned to Anna
    # A seq beyond the end does not cover messages that do not exist yet.
    anna.send("POST", f"{path}/read", {"seq": 2**31 - 1})
    shop.say("three", conversation_id=conversation_id)
    assert unread(anna) == (1, 1)
    assert shop.get("/conversations").get_json()[0]["unread"] == 0
    assert shop.post(f"{path}/read", {"seq": 1}).status_code == 204  # a key has no read marks
    assert other_shop.post(f"{path}/read", {"seq": 1}).status_code == 404
    for bad in ({"seq": -1}, {"seq": 2**31}, {"seq": "1"}, {}):
        assert anna.send("POST", f"{path}/read", bad).status_code == 400


def test_last_message_shows_who_wrote_it(shop: Shop, fake_model: FakeModel, anna: Staff) -> None:
    fake_model.respond = by_step(response="é" * 300)
    conversation_id = start(shop)

    def last() -> dict[str, Any]:
        (row,) = shop.get("/conversations").get_json()
        message: dict[str, Any] = row["last_message"]
        return message

    turn = shop.get(f"/conversations/{conversation_id}/turns").get_json()[0]
    assert last() == {
        "seq": 2,
        "sender_type": "assistant",
        "sender_user_id": None,
        "sender_name": None,
        "text": "é" * 200,
        "created_at": shop.get(f"/conversations/{conversation_id}/messages").get_json()[1]["created_at"],
        "turn_id": turn["turn_id"],
        "engine": "model",
        "failure": None,
        "delivery_status": None,
    }
    anna.send("POST", f"/conversations/{conversation_id}/messages", {"message": "Hi, Anna here."})
    assert (last()["sender_type"], last()["sender_name"], last()["engine"]) == ("agent", "Agent Member", None)
    assert last()["sender_user_id"] == anna.user_id
    shop.post(f"/conversations/{conversation_id}/messages", {"message": "From another system."})
    assert (last()["sender_user_id"], last()["sender_name"]) == (None, None)


def test_conversations_can_be_assigned_to_owners_and_agents(shop: Shop, owner: Staff, anna: Staff) -> None:
    viewer = make_member(shop, owner.headers, "viewer", "vera@example.com")
    rows = viewer.send("GET", "/assignees").get_json()
    assert [(row["user_id"], row["name"]) for row in rows] == [
        (owner.user_id, "Olive Owner"),
        (anna.user_id, "Agent Member"),
    ]
    assert len(shop.get("/assignees", limit=1).get_json()) == 1
