"""Creates the simulated businesses: members, agents, stages, customers, and several releases."""

import random
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from db import Connection, Jsonb
from dev.bench.simulator.world import Business, Release, Stage
from repositories import agents, api_keys, businesses, members, releases, stages, templates, users
from security.credentials import new_business_key

RELEASES = 4  # of each business, in equal intervals
MEMBERS = 3
_TYPES = {"selection": "stage_selection", "extraction": "data_extraction", "response": "response_generation"}
# Name, fields, how many of them are required, actions, and whether it has an agent.
_STAGES: tuple[tuple[str, tuple[str, ...], int, tuple[str, ...], bool], ...] = (
    ("Greeting", (), 0, (), False),
    ("Order status", ("order_number", "postcode"), 1, ("look_up",), True),
    ("Returns", ("order_number", "reason", "colour"), 2, ("update_order", "create_event"), True),
    ("Advice", ("size", "colour", "budget"), 0, (), True),
    ("Complaint", ("order_number", "name"), 2, ("tag",), True),
)


def create_business(
    conn: Connection, rng: random.Random, name: str, zone: str, start: datetime, days: int, customers: int
) -> Business:
    """Create a business with a key and everything that its conversations refer to. One customer in twelve is a test
    customer."""
    email = f"{name.replace(' ', '.').lower()}@example.com"
    owner_id = users.insert_user(conn, None, {"first_name": "Olive", "last_name": "Owner", "email": email})
    profile = dict.fromkeys(("business_description", "address", "phone_number", "website"))
    business_id = businesses.insert_business(conn, {**profile, "business_name": name, "owner_id": owner_id})
    conn.execute(
        "UPDATE businesses SET settings = %(settings)s WHERE business_id = %(business_id)s",
        {"business_id": business_id, "settings": Jsonb({"timezone": zone})},
    )
    key, key_hash, prefix = new_business_key()
    api_keys.insert_key(conn, business_id, key_hash, prefix)
    business = Business(business_id, name, ZoneInfo(zone), key, members=[owner_id])
    for number in range(1, MEMBERS):
        member_id = users.insert_user(conn, None, {"first_name": f"Member {number}", "email": f"{number}.{email}"})
        members.insert_member(conn, business_id, member_id, "agent")
        business.members.append(member_id)
    business.stages = _create_stages(conn, business_id)
    business.releases = _publish_releases(conn, rng, business, start, days)
    for number in range(customers):
        is_test = number % 12 == 11
        values = {"external_id": f"c-{number}", "first_name": f"Customer {number}", "is_test": is_test}
        customer_id = users.insert_user(conn, business_id, values)
        (business.test_customers if is_test else business.customers).append(customer_id)
    return business


def _create_stages(conn: Connection, business_id: UUID) -> list[Stage]:
    created = []
    template_ids = {
        step: templates.insert_template(conn, business_id, _template(template_type, template_type))
        for step, template_type in {**_TYPES, "summary": "conversation_summary"}.items()
    }
    for name, fields, required, actions, has_agent in _STAGES:
        agent_id = agents.insert_agent(conn, business_id, {"agent_name": f"{name} agent"}) if has_agent else None
        own_id = templates.insert_template(conn, business_id, _template("response_generation", f"{name} response"))
        ids = {**template_ids, "response": own_id}
        stage_id = stages.insert_stage(
            conn,
            business_id,
            {
                "stage_name": name,
                "agents": [{"agent_id": str(agent_id), "conditions": []}] if agent_id else [],
                "extraction_schema": _schema(fields, required) if fields else None,
                "actions": [{"do": do} for do in actions],
                "fixed_reply": f"{name}: we will answer soon.",
                **{f"{template_type}_template_id": ids[step] for step, template_type in _TYPES.items()},
            },
        )
        created.append(Stage(stage_id, name, agent_id, fields, required, actions, ids))
    return created


def _template(template_type: str, name: str) -> dict[str, Any]:
    return {"template_type": template_type, "template_name": name, "content": "{{user_message}}"}


def _schema(fields: tuple[str, ...], required: int) -> dict[str, Any]:
    properties = {name: {"type": "string"} for name in fields}
    return {"type": "object", "properties": properties, "required": list(fields[:required])}


def _publish_releases(
    conn: Connection, rng: random.Random, business: Business, start: datetime, days: int
) -> list[Release]:
    """Each release after the first changes some of the templates."""
    ids = sorted({each for stage in business.stages for each in stage.templates.values()})
    versions = dict.fromkeys(ids, 1)
    published = []
    for number in range(RELEASES):
        for template_id in rng.sample(ids, 3) if number else ():
            row = templates.get_template(conn, business.business_id, template_id)
            templates.update_template(conn, business.business_id, template_id, {**row, "content": f"Text {number}"})
            versions[template_id] += 1
        releases.publish(conn, business.business_id)
        live = conn.execute(
            """
            UPDATE releases SET is_used = true FROM businesses b
            WHERE releases.business_id = %(business_id)s AND b.business_id = %(business_id)s
              AND release_id = b.live_release_id
            RETURNING release_id
            """,
            {"business_id": business.business_id},
        ).fetchone()
        assert live is not None
        starts_at = start + number * timedelta(days=days) / RELEASES - timedelta(days=0 if number else 30)
        published.append(Release(live["release_id"], starts_at, dict(versions)))
    return published
