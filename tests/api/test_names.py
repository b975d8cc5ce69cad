"""Names are trimmed, and unique in the form in which the reply of a model is compared with them."""

import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.names import name_key
from message_processing.steps.selection import read_selection
from tests.support.checked_client import CheckedClient
from tests.support.factories import Shop, made
from tests.support.staff import make_owner, sign_in

Headers = dict[str, str]
WORDS = st.lists(st.sampled_from(["order", "Straße", "école", "ΟΔΟΣ", "ﬁne", "訂單", "a1"]), min_size=1, max_size=3)


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, str]:
    """Two spellings of one name."""

    def spell() -> str:
        cased = [draw(st.sampled_from([str.upper, str.lower, str.title, str]))(word) for word in words]
        text = cased[0]
        for word in cased[1:]:
            text += draw(st.sampled_from([" ", "_", "-", "  ", " - ", "\u00a0", "\t"])) + word
        return draw(st.sampled_from(["", " ", "\n\t"])) + text + draw(st.sampled_from(["", " ", "\u3000"]))

    words = draw(WORDS)
    return spell(), spell()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=spellings())
def test_stage_name_exists_in_any_spelling(shop: Shop, names: tuple[str, str]) -> None:
    first, second = (f" {shop.business_id} {name}" for name in names)
    stage_id = made(shop.post("/stages", {"stage_name": first}))["stage_id"]
    try:
        assert shop.get(f"/stages/{stage_id}").get_json()["stage_name"] == first.strip()
        refused = shop.post("/stages", {"stage_name": second})
        assert (refused.status_code, refused.get_json()["error_code"]) == (409, "CONFLICT")
        assert shop.put(f"/stages/{shop.stages['Greeting']}", {"stage_name": second}).status_code == 409
        renamed = shop.put(f"/stages/{stage_id}", {"stage_name": second})
        assert renamed.get_json()["stage_name"] == second.strip()
    finally:
        assert shop.delete(f"/stages/{stage_id}").status_code == 204


@given(names=spellings())
def test_names_with_one_key_are_the_same_for_the_parser(names: tuple[str, str]) -> None:
    class Named:
        stage_name = names[0].strip()

    stages: Any = (Named,)
    assert name_key(names[0]) == name_key(names[1])
    assert read_selection(names[1], stages).stages == stages


@pytest.mark.parametrize("spelling", ["{} Books", " {} Books ", "{} BOOKS", "{}_books", "{}--books", "\u00a0{}\tBooks"])
def test_business_name_exists_in_any_spelling(
    client: CheckedClient, shop: Shop, master: Headers, spelling: str
) -> None:
    unique = uuid.uuid4().hex
    body = {"business_name": f"  {unique} Books\n", "owner_id": shop.owner_id}
    business = made(client.post("/api/v1/businesses", json=body, headers=master))
    path = f"/api/v1/businesses/{business['business_id']}"
    assert client.get(path, headers=master).get_json()["business_name"] == f"{unique} Books"
    body["business_name"] = spelling.format(unique)
    assert client.post("/api/v1/businesses", json=body, headers=master).status_code == 409
    assert shop.put(f"/businesses/{shop.business_id}", {"business_name": spelling.format(unique)}).status_code == 409


def test_emails_are_trimmed_and_unique_ignoring_case(client: CheckedClient, shop: Shop, master: Headers) -> None:
    email = f"Ann_{uuid.uuid4().hex}@example.com"
    other_mailbox = email.replace("_", "-")
    for create in (
        lambda text: client.post("/api/v1/users", json={"email": text}, headers=master),
        lambda text: shop.post("/users", {"email": text}),
    ):
        user_id = made(create(f" {email}\t"))["user_id"]
        assert client.get(f"/api/v1/users/{user_id}", headers=master).get_json()["email"] == email
        for spelling in (email, email.upper(), f"\n{email.lower()} "):
            assert create(spelling).status_code == 409
        made(create(other_mailbox))
    owner = make_owner(shop, master)
    body = {"email": f" {email.upper()} ", "first_name": "A", "last_name": "B", "role": "viewer"}
    first = made(owner.send("POST", f"/businesses/{shop.business_id}/members", body))
    again = made(owner.send("POST", f"/businesses/{shop.business_id}/members", {**body, "email": email}))
    assert first["invitation_id"] == again["invitation_id"]
    added = made(client.post(f"/api/v1/businesses/{shop.business_id}/members", json=body, headers=master))
    assert added["invitation"] is not None
    assert owner.send("GET", f"/businesses/{shop.business_id}/invitations").get_json() == []
    assert sign_in(client, f" {owner.email.upper()} ").status_code == 200


@pytest.mark.parametrize(
    "character", [" ", "\t", "\u200b", "\u202e", "\u2060", "\ufeff", "\u00ad", "\u0085", "@", "\U000e0061"]
)
def test_email_without_visible_difference_is_rejected(
    client: CheckedClient, shop: Shop, master: Headers, character: str
) -> None:
    owner = make_owner(shop, master)
    for email in (f"an{character}n@example.com", f"ann@exam{character}ple.com"):
        assert client.post("/api/v1/users", json={"email": email}, headers=master).status_code == 400
        body = {"email": email, "first_name": "A", "last_name": "B", "role": "viewer"}
        assert owner.send("POST", f"/businesses/{shop.business_id}/members", body).status_code == 400
