"""Outgoing webhooks, which follow the Standard Webhooks specification.

    signing    signing secrets, and the signed request for an event
    sender     sends one event
    delivery   the background job that sends the events of a conversation in order, and tries again

Triggers of the database store events and deliveries in the transaction of the change (`migrations/26_webhooks.sql`).
"""
