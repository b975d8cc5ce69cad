"""Erases what other tables than those of a customer contain about them, and merges customers.

Deleting a customer deletes most of their data: foreign keys pass the deletion on. The rest is deleted here."""

from typing import Any
from uuid import UUID

from core.errors import Conflict, InvalidRequest
from db import Connection, Jsonb, Row
from repositories.users import MAX_METADATA_BYTES

MIN_SEARCHED = 3  # letters of a value that is looked for in texts; shorter ones occur by chance
_IDENTIFYING = ("external_id", "email", "phone", "first_name", "last_name")


def check_no_import(conn: Connection, business_id: UUID) -> None:
    """Raises Conflict while a file with customers or orders is stored: it may contain the customer."""
    row = conn.execute(
        """
        SELECT FROM imports
        WHERE business_id = %(business_id)s AND resource IN ('orders', 'users')
          AND status IN ('uploading', 'waiting', 'running')
        LIMIT 1
        """,
        {"business_id": business_id},
    ).fetchone()
    if row is not None:
        raise Conflict(
            "An import that may contain this customer has not ended.", remediation="Try again when it has ended."
        )


def erase_traces(conn: Connection, business_id: UUID, customer: Row) -> None:
    """Erase what is known about a customer who is about to be deleted, where no foreign key does."""
    parameters = {"business_id": business_id, "user_id": customer["user_id"]}
    # A session that several customers share does not tell about one of them.
    conn.execute(
        """
        DELETE FROM events e
        WHERE e.business_id = %(business_id)s AND e.user_id IS NULL AND e.session_id IN (
            SELECT c.session_id FROM conversations c
            WHERE c.business_id = %(business_id)s AND c.user_id = %(user_id)s
            EXCEPT
            SELECT c.session_id FROM conversations c
            WHERE c.business_id = %(business_id)s AND c.user_id <> %(user_id)s)
        """,
        parameters,
    )
    conn.execute(
        """
        DELETE FROM events e
        WHERE e.business_id = %(business_id)s AND e.order_id IN (
            SELECT o.order_id FROM orders o WHERE o.business_id = %(business_id)s AND o.user_id = %(user_id)s)
        """,
        parameters,
    )
    # Calls that were adopted from the older system may have no turn.
    conn.execute(
        """
        DELETE FROM llm_calls l
        WHERE l.business_id = %(business_id)s AND l.conversation_id IN (
            SELECT c.conversation_id FROM conversations c
            WHERE c.business_id = %(business_id)s AND c.user_id = %(user_id)s)
        """,
        parameters,
    )
    # Files with all data of the business; an export that is being written ends.
    conn.execute("DELETE FROM exports WHERE business_id = %(business_id)s", parameters)
    _erase_from_reports(conn, business_id, customer)


def _erase_from_reports(conn: Connection, business_id: UUID, customer: Row) -> None:
    """Remove the customer and their orders from the reports of hooks and imports. The deliveries stay, so that one that
    is repeated does not create the customer again."""
    values = {customer[name] for name in _IDENTIFYING}
    parameters = {
        "business_id": business_id,
        "user_id": customer["user_id"],
        "external_id": customer["external_id"],
        "texts": [value.lower() for value in values if value and len(value) >= MIN_SEARCHED],
    }
    conn.execute(
        """
        UPDATE hook_deliveries d SET row_name = NULL, problems = '[]'
        FROM hooks h
        WHERE d.business_id = %(business_id)s AND h.business_id = %(business_id)s AND h.hook_id = d.hook_id
          AND (h.resource = 'users' AND d.row_name = %(external_id)s
               OR h.resource = 'orders' AND d.row_name IN (
                   SELECT o.order_number FROM orders o
                   WHERE o.business_id = %(business_id)s AND o.user_id = %(user_id)s)
               OR EXISTS (SELECT FROM unnest(%(texts)s::text[]) AS given
                          WHERE strpos(lower(d.problems::text), given) > 0))
        """,
        parameters,
    )
    conn.execute(
        """
        DELETE FROM import_problems p
        WHERE p.business_id = %(business_id)s AND EXISTS (
            SELECT FROM unnest(%(texts)s::text[]) AS given WHERE strpos(lower(p.problems::text), given) > 0)
        """,
        parameters,
    )
    # The names of unknown columns are values if the file has no row with names.
    conn.execute(
        """
        UPDATE imports i SET failure = 'The file has unknown columns.'
        WHERE i.business_id = %(business_id)s AND EXISTS (
            SELECT FROM unnest(%(texts)s::text[]) AS given WHERE strpos(lower(i.failure), given) > 0)
        """,
        parameters,
    )


def merge(conn: Connection, business_id: UUID, target: Row, source: Row) -> dict[str, Any]:
    """Give `target` everything that belongs to `source`, and delete `source`. The caller has locked both. Returns the
    values of the remaining customer: their own, and those of the other where they have none.

    Raises Conflict for a test customer and another one, and InvalidRequest if the metadata becomes too large.
    """
    if target["is_test"] != source["is_test"]:
        raise Conflict("A test customer cannot be merged with another customer.")
    names = (*_IDENTIFYING, "language", "timezone")
    values = {name: source[name] if target[name] is None else target[name] for name in names}
    values["metadata"] = {**source["metadata"], **target["metadata"]}
    if len(Jsonb(values["metadata"]).dumps(values["metadata"]).encode()) > MAX_METADATA_BYTES:
        raise InvalidRequest.at("$.other_user_id", f"Together they have more than {MAX_METADATA_BYTES // 1024} KB.")
    _erase_from_reports(conn, business_id, source)
    parameters = {"business_id": business_id, "target": target["user_id"], "source": source["user_id"]}
    for statement in _MOVES:
        conn.execute(statement, parameters)
    conn.execute("DELETE FROM users WHERE business_id = %(business_id)s AND user_id = %(source)s", parameters)
    return values


_MOVES = (
    """
    UPDATE conversations SET user_id = %(target)s WHERE business_id = %(business_id)s AND user_id = %(source)s
    """,
    """
    UPDATE messages SET sender_user_id = %(target)s
    WHERE business_id = %(business_id)s AND sender_user_id = %(source)s
    """,
    """
    UPDATE orders SET user_id = %(target)s WHERE business_id = %(business_id)s AND user_id = %(source)s
    """,
    """
    UPDATE events SET user_id = %(target)s WHERE business_id = %(business_id)s AND user_id = %(source)s
    """,
    # The test customers who have copies of the conversations.
    """
    UPDATE users SET copy_of = %(target)s WHERE business_id = %(business_id)s AND copy_of = %(source)s
    """,
)
