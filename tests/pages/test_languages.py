"""The language of the pages: chosen by the user or by the browser, with its formats and its direction."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from dev.front_end import FRONT_END
from tests.pages.test_layout import WIDTHS, check_each_size, create_content, overflowing_elements
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.staff import PASSWORD, make_operator
from tests.support.staff_visit import sign_in_member
from tests.support.visit import Visit, new_context

TEXTS = FRONT_END / "src" / "config" / "texts"


def text_in(language: str, file: str, group: str, name: str) -> str:
    """A text of a group in a file of texts: the translation, or the English one if there is none."""
    for path in (TEXTS / language / file, TEXTS / file):
        texts = path.read_text().partition(f"export const {group}")[2]
        if (found := re.search(rf"\b{name}:\s+'(.*?)',", texts)) is not None and found[1]:
            return found[1]
    raise AssertionError(f"there is no text {group}.{name} in {file}")


@pytest.fixture
def context_in(browser: Browser) -> Iterator[Callable[[str], BrowserContext]]:
    """Creates the context of a browser with this language. Request it before `visits`, so that it is closed last."""
    contexts: list[BrowserContext] = []

    def create(tag: str) -> BrowserContext:
        contexts.append(new_context(browser, locale=tag))
        return contexts[-1]

    yield create
    for context in contexts:
        context.close()


def test_user_chooses_the_language(
    context_in: Callable[[str], BrowserContext], visits: Callable[..., Visit], shop: Shop
) -> None:
    visit = visits(shop, context=context_in("en-GB"))
    page = visit.open("/login")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    languages = page.get_by_role("navigation", name="Language")
    expect(languages.get_by_role("button", name="English")).to_have_attribute("aria-current", "true")
    visit.wait_for_responses()
    languages.get_by_role("button", name="العربية").click()
    expect(page.locator("html[lang=ar][dir=rtl]")).to_be_attached()
    expect(page.get_by_role("heading", name=text_in("ar", "session.ts", "login", "title"), level=1)).to_be_visible()
    expect(page.get_by_role("button", name="العربية")).to_have_attribute("aria-current", "true")
    visit.check_accessibility()
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        assert overflowing_elements(page) == [], width

    visit.open("/stages")
    expect(page.locator("html[lang=ar][dir=rtl]")).to_be_attached()
    main = page.get_by_role("main").bounding_box()
    assert main
    assert main["x"] == 0  # the navigation is on the right
    page.get_by_role("button", name=text_in("ar", "common.ts", "common", "language")).click()
    page.get_by_role("menuitem", name="English").hover()
    visit.wait_for_responses()
    page.get_by_role("menuitem", name="English").click()
    expect(page.locator("html[lang=en][dir=ltr]")).to_be_attached()
    expect(page.get_by_role("heading", name="Stages", level=1)).to_be_visible()
    visit.wait_for_responses()


@pytest.mark.parametrize(
    ("tag", "language", "amount"),
    [("de-AT", "de", r"€\s1[.\s]234,50"), ("es-ES", "es", r"1234,50\s€"), ("fr-FR", "en", r"€1,234\.50")],
)
def test_formats_follow_the_language_of_the_browser(
    context_in: Callable[[str], BrowserContext],
    visits: Callable[..., Visit],
    shop: Shop,
    tag: str,
    language: str,
    amount: str,
) -> None:
    order = {"user_id": shop.user_id, "order_number": "A-77", "order_total": 1234.5, "currency": "EUR"}
    made(shop.post("/orders", order))
    visit = visits(shop, context=context_in(tag))
    page = visit.open("/data/orders")
    expect(page.get_by_text(re.compile(amount))).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", language)
    visit.wait_for_responses()


def create_arabic_content(shop: Shop) -> str:
    """A customer who writes Arabic, with codes and addresses between. Returns the ID of the conversation."""
    names = {"first_name": "ليلى", "last_name": "الحداد"}
    user_id = shop.add_customer("c-ar", **names, email="layla@example.com", timezone="Asia/Amman")
    address = "شارع الرينبو 12، عمّان"
    order = {"user_id": user_id, "order_number": "A-20817", "shipping_address": address, "order_total": 1234.5}
    made(shop.post("/orders", {**order, "currency": "JOD", "items": [{"product_name": "مصباح LED", "quantity": 2}]}))
    shop.say("مرحبًا! أين طلبي A-20817؟ رأيته على https://example.com/orders/A-20817 أمس.", user_id=user_id)
    said = shop.say("هل يمكنني تغيير عنوان التوصيل (شارع الرينبو 12)؟", user_id=user_id)
    conversation_id: str = said.get_json()["conversation_id"]
    note = {"message": "طلب A-20817 عند شركة DHL، راجع order@example.com.", "is_note": True}
    made(shop.post(f"/conversations/{conversation_id}/messages", note))
    return conversation_id


@pytest.mark.soak
def test_every_page_fits_in_arabic(
    context_in: Callable[[str], BrowserContext], visits: Callable[..., Visit], shop: Shop, model: FakeModel
) -> None:
    addresses = {name: address for name, (address, _) in create_content(shop).items()}
    conversation_id = create_arabic_content(shop)
    addresses["inbox-in-arabic"] = f"/inbox/{conversation_id}"
    addresses["conversation-in-arabic"] = f"/conversations/{conversation_id}"
    check_in_arabic(visits(shop, context=context_in("ar")), addresses)


@pytest.mark.soak
def test_every_page_of_owners_fits_in_arabic(
    context_in: Callable[[str], BrowserContext],
    visits: Callable[..., Visit],
    shop: Shop,
    model: FakeModel,
    master: dict[str, str],
) -> None:
    widget = {"kind": "widget", "name": "Website", "settings": {"allowed_origins": ["https://www.example.com"]}}
    channel = made(shop.post("/channels", widget))["channel_id"]
    made(shop.post("/webhooks", {"url": "http://127.0.0.1:9/events", "events": ["message.created"]}))
    visit = visits(shop, signed_in=False, context=context_in("ar"))
    sign_in_member(visit, master, "owner", "سلمى", "Berg")
    addresses = {
        "team": "/settings/team",
        "audit-log": "/settings/audit-log",
        "export": "/settings/export",
        "api-keys": "/settings/api-keys",
        "security": "/settings/security",
        "channel-widget": f"/channels/{channel}",
    }
    check_in_arabic(visit, {f"owner-{name}": address for name, address in addresses.items()})


@pytest.mark.soak
def test_pages_of_operators_and_visitors_fit_in_arabic(
    context_in: Callable[[str], BrowserContext],
    visits: Callable[..., Visit],
    shop: Shop,
    master: dict[str, str],
) -> None:
    visit = visits(shop, signed_in=False, context=context_in("ar"))
    check_in_arabic(visit, {name: f"/{name}" for name in ("login", "signup", "forgot-password", "invitation")})
    operator = make_operator(shop.client, master, f"operator-of-{shop.business_id}@example.com")
    login = {"email": operator.email, "password": PASSWORD, "business_id": shop.business_id}
    assert visit.page.context.request.post(f"{visit.server.url}/api/v1/auth/login", data=login).ok
    visit.page.add_init_script("localStorage.setItem('icmp.signedIn', 'yes')")
    pages = ("businesses", "users", "templates", "health")
    check_in_arabic(visit, {f"operator-{name}": f"/operator/{name}" for name in pages})


def check_in_arabic(visit: Visit, addresses: dict[str, str]) -> None:
    for name, address in addresses.items():
        page = visit.open(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_load_state("networkidle")
        check_each_size(visit, f"{name}-ar")
