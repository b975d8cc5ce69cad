"""Signs members of a business in to the pages."""

from tests.support.factories import made
from tests.support.staff import PASSWORD, accept
from tests.support.visit import Visit


def sign_in_member(visit: Visit, master: dict[str, str], role: str, first_name: str, last_name: str) -> str:
    """Invite a new member of the visit's shop and sign them in to its browser. Returns their user_id."""
    shop = visit.shop
    email = f"{first_name}.{last_name}-{shop.business_id}@example.com".lower().replace(" ", "")
    body = {"email": email, "first_name": first_name, "last_name": last_name, "role": role}
    added = made(shop.client.post(f"/api/v1/businesses/{shop.business_id}/members", json=body, headers=master))
    user_id: str = accept(shop.client, added["invitation"]).get_json()["user"]["user_id"]
    login = {"email": email, "password": PASSWORD}
    assert visit.page.context.request.post(f"{visit.server.url}/api/v1/auth/login", data=login).ok
    visit.page.add_init_script("localStorage.setItem('icmp.signedIn', 'yes')")
    return user_id
