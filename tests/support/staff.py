"""Creates staff users for tests through the API: by invitation, password and login."""

from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from tests.support.checked_client import CheckedClient
from tests.support.factories import Shop, made

PASSWORD = "correct horse battery staple"
OUR_ORIGIN = {"Origin": "http://localhost"}


@dataclass
class Staff:
    """A signed-in staff user with a bearer token."""

    client: CheckedClient
    user_id: str
    email: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def send(self, method: str, path: str, body: Any = None) -> TestResponse:
        return self.client.open(f"/api/v1{path}", method=method, json=body, headers=self.headers)


def sign_in(client: CheckedClient, email: str, password: str = PASSWORD, **values: Any) -> TestResponse:
    """Log in. `values` are further fields of the body."""
    return client.post("/api/v1/auth/login", json={"email": email, "password": password, **values})


def secret_of(invitation: dict[str, Any]) -> str:
    """The secret after `#token=` or `#join=` in the invitation's link."""
    secret: str = invitation["url"].partition("#")[2].partition("=")[2]
    return secret


def accept(client: CheckedClient, invitation: dict[str, Any], password: str = PASSWORD) -> TestResponse:
    """Accept an invitation by setting a password."""
    body = {"token": secret_of(invitation), "password": password, "bearer": True}
    return client.post("/api/v1/auth/invitation", json=body)


def make_owner(shop: Shop, master: dict[str, str]) -> Staff:
    """Sign in the owner that the business was created with."""
    path = f"/api/v1/businesses/{shop.business_id}/members/{shop.owner_id}/invitation"
    return _accept_and_sign_in(shop.client, made(shop.client.post(path, headers=master)))


def make_member(shop: Shop, by: dict[str, str], role: str, email: str | None = None) -> Staff:
    """Invite and sign in a new member of the shop. `by` contains the inviting caller's headers."""
    email = email or f"{role}-of-{shop.business_id}@example.com"
    body = {"email": email, "first_name": role.title(), "last_name": "Member", "role": role}
    path = f"/api/v1/businesses/{shop.business_id}/members"
    return _accept_and_sign_in(shop.client, made(shop.client.post(path, json=body, headers=by))["invitation"])


def make_operator(client: CheckedClient, master: dict[str, str], email: str = "operator@example.com") -> Staff:
    """Create and sign in an operator."""
    body = {"first_name": "Otto", "last_name": "Operator", "email": email, "is_admin": True}
    user_id = made(client.post("/api/v1/users", json=body, headers=master))["user_id"]
    return _accept_and_sign_in(client, made(client.post(f"/api/v1/users/{user_id}/invitation", headers=master)))


def _accept_and_sign_in(client: CheckedClient, invitation: dict[str, Any]) -> Staff:
    response = accept(client, invitation)
    assert response.status_code == 200, response.text
    body = response.get_json()
    return Staff(client, body["user"]["user_id"], body["user"]["email"], body["access_token"])
