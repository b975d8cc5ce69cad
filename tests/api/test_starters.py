"""Applying a starter to a business."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import make_config, running_app
from tests.support.checked_client import CheckedClient
from tests.support.factories import Shop, made, make_shop


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("starters")


@pytest.fixture(scope="module")
def rules_app(database_url: str, data_dir: Path) -> Iterator[Flask]:
    with running_app(make_config(database_url, ICMP_DATA_DIR=str(data_dir))) as app:
        yield app


@pytest.fixture
def new_business(rules_app: Flask, empty_database: None, master: dict[str, str]) -> Shop:
    """A business without stages and without a model."""
    return make_shop(rules_app.test_client(), master, "Lantern Repairs", with_stages=False)


def apply(shop: Shop, starter: str, language: str = "en", **values: bool) -> dict[str, object]:
    body = {"starter": starter, "language": language, **values}
    response = shop.post(f"/businesses/{shop.business_id}/starter", body)
    assert response.status_code == 200, response.text
    applied: dict[str, object] = response.get_json()
    return applied


def reply_to_first_message(shop: Shop, applied: dict[str, object]) -> str:
    answer = shop.say(str(applied["first_message"]), user_id=applied["test_user_id"])
    text: str = answer.get_json()["response"]
    return text


def test_starters_are_listed_in_a_language(client: CheckedClient) -> None:
    starters = client.get("/api/v1/starters", query_string={"language": "de"}).get_json()
    assert [each["name"] for each in starters][-1] == "empty"
    assert starters[0]["title"] == "Reparaturwerkstatt"
    assert "Neue Reparatur" in starters[0]["stages"]
    assert client.get("/api/v1/starters").get_json()[0]["title"] == "Repair shop"
    assert client.get("/api/v1/starters", query_string={"language": "fr"}).status_code == 400


@pytest.mark.parametrize(
    ("starter", "language", "reply"),
    [
        ("repair_shop", "en", "Your repair R-1042 has this status: ready for collection."),
        ("repair_shop", "de", "Der Stand Ihrer Reparatur R-1042: abholbereit."),
        ("online_shop", "es", "Estado de su pedido 1042: en camino. Transportista: DHL."),
        ("salon", "de", "Sehr gerne. Was möchten Sie machen lassen"),
        ("restaurant", "en", "With pleasure. For which date"),
        ("practice", "es", "Paso su petición con mucho gusto."),
    ],
)
def test_first_message_of_a_starter_is_answered_without_a_model(
    new_business: Shop, data_dir: Path, starter: str, language: str, reply: str
) -> None:
    """If the last line fails, run `python -m dev.demo.precompute_embeddings`."""
    applied = apply(new_business, starter, language)
    assert reply_to_first_message(new_business, applied).startswith(reply)
    assert not (data_dir / "sentences.npz").exists()  # no embedding had to be computed


def test_starter_creates_stages_and_keeps_what_the_business_has_entered(new_business: Shop) -> None:
    path = f"/businesses/{new_business.business_id}"
    made(new_business.post("/variables", {"name": "return_policy", "value": "30 days."}))
    new_business.put(path, {"settings": {"timezone": "Europe/Berlin"}})
    applied = apply(new_business, "online_shop")
    stages = new_business.get("/stages").get_json()
    assert [stage["stage_id"] for stage in stages] == applied["stage_ids"]
    assert [stage["stage_name"] for stage in stages] == applied["stages"]
    business = new_business.get(path).get_json()
    assert business["default_stage_id"] == stages[0]["stage_id"]
    assert business["settings"]["timezone"] == "Europe/Berlin"
    assert business["settings"]["handover"]["failed_lookups"]
    own = {each["name"]: each["value"] for each in new_business.get("/variables").get_json() if each["variable_id"]}
    assert own["return_policy"] == "30 days."
    assert own["delivery_terms"]
    customers = new_business.get("/users", is_test="true").get_json()
    assert [each["user_id"] for each in customers] == [applied["test_user_id"]]


def test_second_starter_replaces_the_first_only_if_asked_to(new_business: Shop) -> None:
    applied = apply(new_business, "repair_shop")
    answer = new_business.say("My phone is broken", user_id=applied["test_user_id"]).get_json()
    body = {"starter": "online_shop", "language": "en"}
    refused = new_business.post(f"/businesses/{new_business.business_id}/starter", body)
    assert refused.status_code == 409
    replaced = apply(new_business, "online_shop", replace=True)
    assert {each["stage_id"] for each in new_business.get("/stages").get_json()} == {*replaced["stage_ids"]}
    conversation = new_business.get(f"/conversations/{answer['conversation_id']}").get_json()
    assert conversation["stage_id"] == replaced["stage_ids"][0]
    assert len(new_business.get("/templates").get_json()) == 3 * len(replaced["stage_ids"])
    assert replaced["test_user_id"] == applied["test_user_id"]
    assert reply_to_first_message(new_business, replaced).startswith("Your order 1042 has this status: on its way.")
    assert len(new_business.get("/agents").get_json()) == 1


def test_starter_and_language_must_exist(new_business: Shop) -> None:
    for body in ({"starter": "bank", "language": "en"}, {"starter": "salon", "language": "fr"}, {"starter": "../x"}):
        response = new_business.post(f"/businesses/{new_business.business_id}/starter", body)
        assert response.status_code == 400


def test_fixed_replies_of_starters_are_in_the_language_of_the_customer(new_business: Shop) -> None:
    hours = [{"day": "monday", "start": "09:00", "end": "17:00"}]
    path = f"/businesses/{new_business.business_id}"
    assert new_business.put(path, {"settings": {"business_hours": hours}}).status_code == 200
    test_user_id = str(apply(new_business, "empty", "en")["test_user_id"])
    reply = new_business.say("Wann haben Sie denn geöffnet?", user_id=test_user_id).get_json()["response"]
    assert reply.startswith("Unsere Öffnungszeiten: Montag 09:00-17:00, Dienstag bis Sonntag geschlossen (UTC).")


def test_fixed_replies_contain_the_opening_hours_in_the_language_of_the_business(new_business: Shop) -> None:
    hours = [{"day": day, "start": "09:00", "end": "17:00"} for day in ("monday", "tuesday", "saturday")]
    hours.append({"day": "monday", "start": "18:00", "end": "20:00"})
    settings = {"languages": ["de-AT"], "timezone": "Europe/Vienna", "business_hours": hours}
    assert new_business.put(f"/businesses/{new_business.business_id}", {"settings": settings}).status_code == 200
    applied = apply(new_business, "empty", "de")
    reply = reply_to_first_message(new_business, applied)
    assert reply.startswith(
        "Unsere Öffnungszeiten: Montag 09:00-17:00 und 18:00-20:00, Dienstag 09:00-17:00, Mittwoch bis Freitag"
        " geschlossen, Samstag 09:00-17:00, Sonntag geschlossen (Europe/Vienna)."
    )
