"""With reviews, edits collect in a draft that is published, discarded or replaced by an earlier release."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.staff import Staff


def review(shop: Shop, **settings: Any) -> None:
    settings = {"publishing": "reviewed", **settings}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200


def changes(shop: Shop, release: str = "draft") -> list[tuple[str, str, str | None, list[str]]]:
    body = shop.get(f"/releases/{release}/changes").get_json()["changes"]
    return [(each["change"], each["kind"], each["name"], [field["field"] for field in each["fields"]]) for each in body]


def releases(shop: Shop) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = shop.get("/releases").get_json()
    return rows


def design(shop: Shop) -> list[Any]:
    """Everything that belongs to a release, as the API shows it, without versions and times."""
    unstable = {"version", "updated_at", "created_at", "position"}
    lists = [shop.get(path).get_json() for path in ("/stages", "/templates", "/agents")]
    rows = [[{name: row[name] for name in row.keys() - unstable} for row in rows] for rows in lists]
    variables = {row["name"]: row["value"] for row in shop.get("/variables").get_json() if row["source"] == "business"}
    default = shop.get(f"/businesses/{shop.business_id}").get_json()["default_stage_id"]
    names = [row["stage_name"] for row in sorted(lists[0], key=lambda row: row["position"])]
    return [*(sorted(each, key=str) for each in rows), variables, default, names]


def edit_everything(shop: Shop) -> None:
    """Change, add and remove rows of every kind."""
    greeting = shop.get(f"/stages/{shop.stages['Greeting']}").get_json()
    path = f"/templates/{greeting['response_generation_template_id']}"
    assert shop.put(path, {"content": "Say hello: {user_message}", "system_prompt": "Be brief."}).status_code == 200
    agent_id = made(shop.post("/agents", {"agent_name": "Bob", "languages": ["de"]}))["agent_id"]
    made(shop.post("/variables", {"name": "opening_hours", "value": "9 to 18"}))
    # The names of two stages are exchanged.
    for name, new_name in (("Greeting", "x"), ("Order help", "Greeting"), ("Greeting", "Order help")):
        values = {"stage_name": new_name, "agents": [{"agent_id": agent_id}]}
        assert shop.put(f"/stages/{shop.stages[name]}", values).status_code == 200
    shop.add_stage("Complaint", fixed_reply="Sorry.")
    order = {"stage_ids": [shop.stages["Complaint"], shop.stages["Order help"]]}
    assert shop.put("/stages/order", order).status_code == 204
    values = {"default_stage_id": shop.stages["Complaint"]}
    assert shop.put(f"/businesses/{shop.business_id}", values).status_code == 200


def reply(shop: Shop, fake_model: FakeModel) -> str:
    """The last prompt that the model gets for a message."""
    fake_model.respond = lambda body: '{"stage": null, "confidence": 0.1}' if "Which stage" in str(body) else "Hm."
    assert shop.say("Hello").status_code == 200
    return str(fake_model.requests[-1]["messages"])


def test_draft_is_live_only_after_it_was_published(shop: Shop, fake_model: FakeModel, owner: Staff) -> None:
    review(shop)
    [latest, *_] = releases(shop)
    assert changes(shop) == []
    assert shop.post("/releases").status_code == 409
    edit_everything(shop)
    made_stage, *made_templates, _, _, _, _, _, _, _ = changes(shop)
    assert made_stage[:3] == ("added", "stage", "Complaint")
    assert {"stage_name", "fixed_reply", "is_active"} <= set(made_stage[3])
    assert [each[:3] for each in made_templates] == [
        ("added", "template", f"Complaint: {name}")
        for name in ("stage selection", "data extraction", "response generation")
    ]
    assert all({"template_name", "content"} <= set(each[3]) for each in made_templates)
    assert changes(shop)[4:] == [
        ("changed", "stage", "Greeting", ["stage_name", "agents"]),
        ("changed", "stage", "Order help", ["stage_name", "agents"]),
        ("changed", "template", "Greeting: response generation", ["content", "system_prompt"]),
        ("added", "agent", "Bob", ["agent_name", "agent_type", "languages"]),
        ("added", "variable", "opening_hours", ["name", "value"]),
        ("changed", "default_stage", None, ["default_stage"]),
        ("changed", "stage_order", None, ["stage_order"]),
    ]
    assert releases(shop)[0] == latest
    assert "Be brief." not in reply(shop, fake_model)

    published = made(owner.send("POST", "/releases", {"note": "Shorter greetings 👋"}))
    [row, *_] = releases(shop)
    assert row["release_id"] == published["release_id"]
    assert (row["note"], row["author_name"], row["is_live"]) == ("Shorter greetings 👋", "Olive Owner", True)
    assert changes(shop) == []
    assert len(changes(shop, published["release_id"])) == 11
    assert "Be brief." in reply(shop, fake_model)


def test_settings_take_effect_at_once(shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    review(shop)
    edit_everything(shop)
    before = changes(shop)
    review(shop, temperature=0.3)
    assert changes(shop) == before
    reply(shop, fake_model)
    assert {request["temperature"] for request in fake_model.requests} == {0.3}
    response = shop.put(f"/businesses/{shop.business_id}", {"settings": {}})
    assert response.status_code == 400
    assert response.get_json()["details"][0]["path"] == "$.settings.publishing"
    assert shop.delete("/releases/draft").status_code == 204
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": {}}).status_code == 200


def test_discarded_draft_is_kept_and_can_be_restored(shop: Shop) -> None:
    review(shop)
    before = design(shop)
    edit_everything(shop)
    edited = design(shop)
    assert shop.delete("/releases/draft").status_code == 204
    assert design(shop) == before
    assert changes(shop) == []
    assert shop.delete("/releases/draft").status_code == 409
    draft = next(row for row in releases(shop) if row["status"] == "draft")
    restored = made(shop.post(f"/releases/{draft['release_id']}/restore"))
    assert restored["number"] == draft["number"] + 1
    assert design(shop) == edited
    assert releases(shop)[0]["restored_from"] == draft["number"]
    assert changes(shop, restored["release_id"])
    assert releases(shop)[0]["status"] == "published"


@pytest.mark.parametrize("publishing", ["direct", "reviewed"])
def test_release_is_restored_with_everything(shop: Shop, fake_model: FakeModel, publishing: str) -> None:
    review(shop, publishing=publishing)
    before, [first, *_] = design(shop), releases(shop)
    edit_everything(shop)
    if publishing == "reviewed":
        made(shop.post("/releases"))
    fake_model.respond = lambda body: '{"stage": "Complaint", "confidence": 1}'
    assert shop.say("A complaint").get_json()["stage"]["stage_name"] == "Complaint"
    shop.add_stage("Advice")  # in reviewed mode, part of a draft

    made(shop.post(f"/releases/{first['release_id']}/restore", {"note": "Back"}))
    after = design(shop)
    [complaint] = [row for row in after[0] if row["stage_name"] == "Complaint"]
    assert not complaint["is_active"]  # a conversation is in it
    after[0].remove(complaint)
    kept = {complaint[f"{name}_template_id"] for name in ("stage_selection", "data_extraction", "response_generation")}
    after[1] = [row for row in after[1] if row["template_id"] not in kept]
    after[5].remove("Complaint")
    assert after == before
    statuses = ["published", "draft" if publishing == "reviewed" else "published"]
    assert [row["status"] for row in releases(shop)[:2]] == statuses
    fake_model.respond = lambda body: '{"stage": "Greeting", "confidence": 1}'
    assert shop.say("Hello").get_json()["stage"]["stage_name"] == "Greeting"


def test_live_stage_and_agent_are_not_deleted_in_a_draft(shop: Shop) -> None:
    agent_id = made(shop.post("/agents", {"agent_name": "Bob"}))["agent_id"]
    path = f"/stages/{shop.stages['Greeting']}"
    assert shop.put(path, {"agents": [{"agent_id": agent_id}]}).status_code == 200
    review(shop)
    for refused in (path, f"/agents/{agent_id}"):
        assert shop.delete(refused).status_code == 409
    starter = {"starter": "salon", "language": "en", "replace": True}
    assert shop.post(f"/businesses/{shop.business_id}/starter", starter).status_code == 409
    assert shop.put(path, {"agents": [], "is_active": False}).status_code == 200
    assert shop.delete(path).status_code == 409
    made(shop.post("/releases"))
    for allowed in (path, f"/agents/{agent_id}"):
        assert shop.delete(allowed).status_code == 204
    shop.add_stage("Advice")
    assert shop.delete(f"/stages/{shop.stages['Advice']}").status_code == 204


def test_concurrent_publications_and_edits_lose_nothing(shop: Shop) -> None:
    review(shop)
    shop.add_stage("Advice")
    with ThreadPoolExecutor(8) as pool:
        publications = [pool.submit(shop.post, "/releases") for _ in range(4)]
        edits = [pool.submit(shop.post, "/variables", {"name": f"v{number}", "value": "x"}) for number in range(4)]
    codes = [each.result().status_code for each in publications]
    assert {each.result().status_code for each in edits} == {201}
    assert 201 in codes
    assert set(codes) <= {201, 409}
    shop.post("/releases")
    assert changes(shop) == []
    numbers = [row["number"] for row in releases(shop)]
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) == len(numbers)


def test_releases_of_other_businesses_do_not_exist(shop: Shop, other_shop: Shop) -> None:
    release_id = releases(other_shop)[0]["release_id"]
    assert shop.get(f"/releases/{release_id}/changes").status_code == 404
    assert shop.post(f"/releases/{release_id}/restore").status_code == 404


def test_only_the_latest_releases_are_kept_unless_they_were_used(
    shop: Shop, fake_model: FakeModel, sql: Connection
) -> None:
    """Also of a business that has many from an earlier version."""
    used = releases(shop)[0]["release_id"]
    fake_model.respond = lambda body: "Hello"
    assert shop.say("Hello").status_code == 200
    sql.execute(
        """
        INSERT INTO releases (business_id, number, snapshot)
        SELECT %(id)s, 100 + n, snapshot FROM releases, generate_series(1, 500) AS n
        WHERE release_id = %(used)s
        """,
        {"id": shop.business_id, "used": used},
    )
    made(shop.post("/variables", {"name": "v", "value": "x"}))
    rows = sql.execute(
        "SELECT number, is_used, release_id FROM releases WHERE business_id = %s ORDER BY number", [shop.business_id]
    ).fetchall()
    assert str(rows[0]["release_id"]) == used
    assert [row["number"] for row in rows[1:]] == list(range(582, 602))
