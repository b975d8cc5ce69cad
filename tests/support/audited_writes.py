"""Every write that creates entries in the audit log, once."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote

from tests.support.articles import import_articles
from tests.support.checked_client import CheckedClient
from tests.support.factories import Shop, made
from tests.support.hooks import HOOK
from tests.support.imports import upload

SECRET = "the customer's own words"


class AuditedWriter:
    """Sends every audited write once; `rows` are the IDs of the created rows, by kind."""

    def __init__(self, shop: Shop, client: CheckedClient, master: dict[str, str]) -> None:
        self.shop, self.client, self.master = shop, client, master
        self.rows: dict[str, str] = {}

    def create(self, path: str, body: dict[str, Any] | None, kind: str) -> None:
        row = made(self.shop.post(path, body))
        self.rows[kind] = row[f"{'schema' if kind == 'event_property_schema' else kind}_id"]

    def with_master(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        response = self.client.open(f"/api/v1{path}", method=method, json=body, headers=self.master)
        assert response.status_code < 300, response.text
        return response

    def change(self, path: str, body: dict[str, Any]) -> None:
        response = self.shop.put(path, body)
        assert response.status_code == 200, response.text

    def remove(self, path: str) -> None:
        response = self.shop.delete(path)
        assert response.status_code == 204, response.text

    def post(self, path: str, body: dict[str, Any] | None = None) -> None:
        response = self.shop.post(path, body)
        assert response.status_code < 300, response.text

    def publish(self, note: str) -> None:
        """Publish a draft, for which the business reviews its drafts from now on."""
        self.change(f"/businesses/{self.shop.business_id}", {"settings": {"publishing": "reviewed"}})
        made(self.shop.post("/variables", {"name": "draft", "value": note}))
        self.rows["release"] = made(self.shop.post("/releases", {"note": note}))["release_id"]

    def start_trial(self) -> None:
        earlier = next(row for row in self.shop.get("/releases").get_json() if not row["is_live"])
        self.change("/releases/trial", {"release_id": earlier["release_id"], "percent": 20})

    def discard_draft(self) -> None:
        made(self.shop.post("/variables", {"name": "discarded", "value": "x"}))
        self.remove("/releases/draft")
        self.change(f"/businesses/{self.shop.business_id}", {"settings": {"publishing": "direct"}})


def audited_writes(w: AuditedWriter) -> list[tuple[str, Callable[[], Any], list[tuple[str, str, list[str]]]]]:
    """(route, the write, its entries as action, resource and fields), in an order in which each finds its rows."""
    texts = ["content", "model_settings", "system_prompt", "template_name", "template_type"]
    own, rows = f"/businesses/{w.shop.business_id}", w.rows
    order = {"user_id": w.shop.user_id, "order_number": "A-1", "shipping_address": SECRET}
    template = {"template_name": "Mine", "template_type": "stage_selection", "content": SECRET}
    member = {"email": "vera@example.com", "first_name": SECRET, "last_name": SECRET, "role": "viewer"}
    test_case = {"name": SECRET, "turns": [{"message": SECRET}]}
    canned = {"shortcut": "bye", "title": SECRET, "content": SECRET}
    view = {"name": SECRET, "page": "overview", "query": {"channel": SECRET}}
    channel = {"kind": "generic", "name": "Chat", "settings": {"url": f"http://127.0.0.1:9/{quote(SECRET)}"}}
    hook = {**HOOK, "secret": SECRET}
    webhook = {"url": f"http://127.0.0.1:9/{quote(SECRET)}", "events": ["turn.failed"]}  # refused
    schema = {"event_type": "click", "property_schema": {"required": [SECRET]}}
    return [
        ("PUT /businesses/{business_id}", lambda: w.change(own, {"address": SECRET, "website": None}),
         [("update", "business", ["address"])]),
        ("POST /businesses/{business_id}/api-keys",
         lambda: rows.update(key=w.with_master("POST", f"{own}/api-keys", {"grace_seconds": 600}).get_json()["key_id"]),
         [("update", "api_key", ["expires_at"]), ("create", "api_key", [])]),
        ("POST /businesses/{business_id}/api-keys/{key_id}/rotate",
         lambda: w.with_master("POST", f"{own}/api-keys/{rows['key']}/rotate", {"grace_seconds": 600}),
         [("update", "api_key", ["expires_at"]), ("create", "api_key", [])]),
        ("DELETE /businesses/{business_id}/api-keys/{key_id}",
         lambda: w.with_master("DELETE", f"{own}/api-keys/{rows['key']}"), [("delete", "api_key", [])]),
        ("POST /users", lambda: w.create("/users", {"first_name": SECRET}, "user"),
         [("create", "user", ["first_name"])]),
        ("PUT /users/{user_id}",
         lambda: w.change(f"/users/{rows['user']}", {"phone": SECRET, "metadata": {"a": SECRET}}),
         [("update", "user", ["metadata", "phone"])]),
        ("POST /users/{user_id}/merge",
         lambda: w.post(f"/users/{rows['user']}/merge", {"other_user_id": w.shop.add_customer(SECRET)}),
         [("create", "user", ["external_id"]), ("merge", "user", ["external_id"]), ("delete", "user", [])]),
        ("DELETE /users/{user_id}", lambda: w.remove(f"/users/{rows['user']}"), [("delete", "user", [])]),
        ("POST /businesses/{business_id}/members",
         lambda: rows.update(member=w.with_master("POST", f"{own}/members", member).get_json()["user_id"]),
         [("create", "member", ["role"]), ("create", "invitation", [])]),
        ("POST /businesses/{business_id}/members/{user_id}/invitation",
         lambda: w.with_master("POST", f"{own}/members/{rows['member']}/invitation"), [("create", "invitation", [])]),
        ("PUT /businesses/{business_id}/members/{user_id}",
         lambda: w.with_master("PUT", f"{own}/members/{rows['member']}", {"role": "agent"}),
         [("update", "member", ["role"])]),
        ("DELETE /businesses/{business_id}/members/{user_id}",
         lambda: w.with_master("DELETE", f"{own}/members/{rows['member']}"), [("delete", "member", [])]),
        ("POST /agents", lambda: w.create("/agents", {"agent_name": SECRET}, "agent"),
         [("create", "agent", ["agent_name"])]),
        ("PUT /agents/{agent_id}", lambda: w.change(f"/agents/{rows['agent']}", {"description": SECRET}),
         [("update", "agent", ["description"])]),
        ("DELETE /agents/{agent_id}", lambda: w.remove(f"/agents/{rows['agent']}"), [("delete", "agent", [])]),
        ("POST /templates", lambda: w.create("/templates", template, "template"),
         [("create", "template", ["content", "template_name", "template_type"])]),
        ("PUT /templates/{template_id}", lambda: w.change(f"/templates/{rows['template']}", {"content": "Other"}),
         [("update", "template", ["content"])]),
        ("POST /templates/{template_id}/restore",
         lambda: w.post(f"/templates/{rows['template']}/restore", {"version": 1}),
         [("update", "template", ["content"])]),
        ("POST /templates/{template_id}/apply-default", lambda: w.post(f"/templates/{rows['template']}/apply-default"),
         [("update", "template", ["content", "system_prompt"])]),
        ("DELETE /templates/{template_id}", lambda: w.remove(f"/templates/{rows['template']}"),
         [("delete", "template", [])]),
        ("POST /stages", lambda: w.create("/stages", {"stage_name": SECRET}, "stage"),
         [("create", "template", texts)] * 3 + [("create", "stage", [
             "data_extraction_template_id", "response_generation_template_id", "stage_name",
             "stage_selection_template_id"])]),
        ("PUT /stages/{stage_id}", lambda: w.change(f"/stages/{rows['stage']}", {"fixed_reply": SECRET}),
         [("update", "stage", ["fixed_reply"])]),
        ("POST /stages/{stage_id}/duplicate", lambda: w.create(f"/stages/{rows['stage']}/duplicate", None, "stage"),
         [("create", "template", texts)] * 3 + [("create", "stage", [
             "data_extraction_template_id", "is_active", "response_generation_template_id", "stage_name",
             "stage_selection_template_id"])]),
        ("PUT /stages/order",
         lambda: w.shop.put("/stages/order", {"stage_ids": [rows["stage"]]}), [("update", "stage", ["position"])] * 4),
        ("DELETE /stages/{stage_id}", lambda: w.shop.delete(f"/stages/{rows['stage']}", delete_templates="true"),
         [("delete", "stage", [])] + [("delete", "template", [])] * 3),
        ("POST /variables", lambda: w.create("/variables", {"name": "motto", "value": SECRET}, "variable"),
         [("create", "variable", ["name", "value"])]),
        ("PUT /variables/{variable_id}", lambda: w.change(f"/variables/{rows['variable']}", {"value": "Other"}),
         [("update", "variable", ["value"])]),
        ("DELETE /variables/{variable_id}", lambda: w.remove(f"/variables/{rows['variable']}"),
         [("delete", "variable", [])]),
        ("POST /releases", lambda: w.publish(SECRET), [("update", "business", ["settings"]),
         ("create", "variable", ["name", "value"]), ("publish", "release", ["note"])]),
        ("PUT /releases/trial", lambda: w.start_trial(), [("update", "release", ["trial_percent"])]),
        ("DELETE /releases/trial", lambda: w.remove("/releases/trial"), [("update", "release", ["trial_percent"])]),
        ("POST /releases/{release_id}/restore",
         lambda: w.post(f"/releases/{rows['release']}/restore", {"note": SECRET}),
         [("restore", "release", ["note", "restored_from"])]),
        ("DELETE /releases/draft", lambda: w.discard_draft(), [("create", "variable", ["name", "value"]),
         ("discard", "release", []), ("update", "business", ["settings"])]),
        ("POST /webhooks", lambda: w.create("/webhooks", webhook, "webhook"),
         [("create", "webhook", ["events", "url"])]),
        ("PUT /webhooks/{webhook_id}", lambda: w.change(f"/webhooks/{rows['webhook']}", {"events": ["order.updated"]}),
         [("update", "webhook", ["events"])]),
        ("POST /webhooks/{webhook_id}/test",
         lambda: rows.update(
             delivery=w.shop.post(f"/webhooks/{rows['webhook']}/test").get_json()["delivery_id"]),
         [("test", "webhook", [])]),
        ("POST /webhooks/{webhook_id}/deliveries/{delivery_id}/resend",
         lambda: w.post(f"/webhooks/{rows['webhook']}/deliveries/{rows['delivery']}/resend"),
         [("resend", "webhook_delivery", [])]),
        ("DELETE /webhooks/{webhook_id}", lambda: w.remove(f"/webhooks/{rows['webhook']}"),
         [("delete", "webhook", [])]),
        ("POST /secrets", lambda: w.create("/secrets", {"name": "crm", "value": SECRET}, "secret"),
         [("create", "secret", ["name", "value"])]),
        ("PUT /secrets/{secret_id}", lambda: w.change(f"/secrets/{rows['secret']}", {"value": SECRET}),
         [("update", "secret", ["value"])]),
        ("DELETE /secrets/{secret_id}", lambda: w.remove(f"/secrets/{rows['secret']}"), [("delete", "secret", [])]),
        ("POST /products", lambda: w.create("/products", {"product_name": SECRET}, "product"),
         [("create", "product", ["product_name"])]),
        ("PUT /products/{product_id}", lambda: w.change(f"/products/{rows['product']}", {"price": 12.5}),
         [("update", "product", ["price"])]),
        ("DELETE /products/{product_id}", lambda: w.remove(f"/products/{rows['product']}"),
         [("delete", "product", [])]),
        ("POST /canned-replies", lambda: w.create("/canned-replies", canned, "canned_reply"),
         [("create", "canned_reply", ["content", "shortcut", "title"])]),
        ("PUT /canned-replies/{canned_reply_id}",
         lambda: w.change(f"/canned-replies/{rows['canned_reply']}", {"title": "Bye"}),
         [("update", "canned_reply", ["title"])]),
        ("DELETE /canned-replies/{canned_reply_id}", lambda: w.remove(f"/canned-replies/{rows['canned_reply']}"),
         [("delete", "canned_reply", [])]),
        ("POST /analytics/views",
         lambda: rows.update(view=made(w.shop.post("/analytics/views", view))["view_id"]),
         [("create", "analytics_view", ["name", "page", "query"])]),
        ("PUT /analytics/views/{view_id}", lambda: w.change(f"/analytics/views/{rows['view']}", {"query": {}}),
         [("update", "analytics_view", ["query"])]),
        ("DELETE /analytics/views/{view_id}", lambda: w.remove(f"/analytics/views/{rows['view']}"),
         [("delete", "analytics_view", [])]),
        ("POST /articles", lambda: w.create("/articles", {"title": SECRET, "content": SECRET}, "article"),
         [("create", "article", ["content", "title"])]),
        ("PUT /articles/{article_id}", lambda: w.change(f"/articles/{rows['article']}", {"content": "Other"}),
         [("update", "article", ["content"])]),
        ("DELETE /articles/{article_id}", lambda: w.remove(f"/articles/{rows['article']}"),
         [("delete", "article", [])]),
        ("POST /articles/import", lambda: import_articles(w.shop, SECRET, "text/plain"),
         [("create", "article", ["content", "file_name", "title"])]),
        ("POST /test-cases", lambda: w.create("/test-cases", test_case, "test_case"),
         [("create", "test_case", ["name", "turns"])]),
        ("PUT /test-cases/{test_case_id}", lambda: w.change(f"/test-cases/{rows['test_case']}", {"name": "Other"}),
         [("update", "test_case", ["name"])]),
        ("POST /test-runs", lambda: w.post("/test-runs", {"repeat": 2}), [("create", "test_run", ["repeat"])]),
        ("POST /simulations", lambda: w.post("/simulations", {"persona": SECRET, "goal": SECRET}),
         [("create", "simulation", ["goal", "persona"])]),
        ("DELETE /test-cases/{test_case_id}", lambda: w.remove(f"/test-cases/{rows['test_case']}"),
         [("delete", "test_case", [])]),
        ("POST /orders", lambda: w.create("/orders", order, "order"),
         [("create", "order", ["order_number", "shipping_address", "user_id"])]),
        ("PUT /orders/{order_id}", lambda: w.change(f"/orders/{rows['order']}", {"status": SECRET}),
         [("update", "order", ["status"])]),
        ("DELETE /orders/{order_id}", lambda: w.remove(f"/orders/{rows['order']}"), [("delete", "order", [])]),
        ("POST /channels", lambda: w.create("/channels", channel, "channel"),
         [("create", "channel", ["kind", "name", "settings"])]),
        ("PUT /channels/{channel_id}", lambda: w.change(f"/channels/{rows['channel']}", {"name": SECRET}),
         [("update", "channel", ["name"])]),
        ("POST /channels/{channel_id}/test",
         lambda: w.post(f"/channels/{rows['channel']}/test", {"recipient_id": SECRET, "text": SECRET}),
         [("test", "channel", [])]),
        ("DELETE /channels/{channel_id}", lambda: w.remove(f"/channels/{rows['channel']}"),
         [("delete", "channel", [])]),
        ("POST /hooks", lambda: w.create("/hooks", hook, "hook"), [("create", "hook", sorted(hook))]),
        ("PUT /hooks/{hook_id}", lambda: w.change(f"/hooks/{rows['hook']}", {"secret": SECRET}),
         [("update", "hook", ["secret"])]),
        ("DELETE /hooks/{hook_id}", lambda: w.remove(f"/hooks/{rows['hook']}"), [("delete", "hook", [])]),
        *[(f"POST /imports/{resource}", partial(upload, w.shop, resource, f"{SECRET}\n"),
           [("create", "import", [resource])]) for resource in ("orders", "products", "users")],
        ("POST /event-property-schemas",
         lambda: w.create("/event-property-schemas", schema, "event_property_schema"),
         [("create", "event_property_schema", ["event_type", "property_schema"])]),
        ("PUT /event-property-schemas/{schema_id}",
         lambda: w.change(f"/event-property-schemas/{rows['event_property_schema']}", {"description": SECRET}),
         [("update", "event_property_schema", ["description"])]),
        ("DELETE /event-property-schemas/{schema_id}",
         lambda: w.remove(f"/event-property-schemas/{rows['event_property_schema']}"),
         [("delete", "event_property_schema", [])]),
        ("POST /businesses/{business_id}/starter",
         lambda: w.post(f"{own}/starter", {"starter": "empty", "language": "en", "replace": True}),
         [("apply_starter", "business", ["language", "replace", "starter"])]),
    ]  # fmt: skip
