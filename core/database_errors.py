"""Translates the errors of the database driver."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
import psycopg2.errors

from core.errors import Conflict, DatabaseUnavailable, InvalidRequest, NotFound

logger = logging.getLogger(__name__)

# The error message for each violated constraint.
_UNIQUE = {
    "businesses_business_name_key": "A business with this name already exists.",
    "users_email_of_staff_key": "A user with this email already exists.",
    "users_email_of_customer_key": "A customer of this business with this email already exists.",
    "users_external_id_key": "A customer of this business with this external_id already exists.",
    "stages_business_id_stage_name_key": "A stage of this business with this name already exists.",
    "business_variables_business_id_name_key": "A variable of this business with this name already exists.",
    "agents_business_id_agent_name_key": "An agent of this business with this name already exists.",
    "canned_replies_shortcut_key": "A canned reply of this business with this shortcut already exists.",
    "analytics_views_name_key": "A saved view of this business with this name already exists.",
    "hooks_name_key": "A hook of this business with this name already exists.",
    "event_property_schemas_event_type_key": "This event type already has a schema.",
}
_FOREIGN = {
    "stages_agent_fkey": "Agent",
    "conversations_user_id_fkey": "User",
    "businesses_default_stage_fkey": "Stage",
    "agent_members_member_fkey": "Member",
    "conversations_assignee_fkey": "Member",
    "events_agent_fkey": "Agent",
    "events_stage_fkey": "Stage",
    "events_product_fkey": "Product",
    "events_order_fkey": "Order",
    "events_user_id_fkey": "User",
}


@contextmanager
def translate_errors(writes: bool = True) -> Iterator[None]:
    """Turn the driver's errors into ours: a client's mistake becomes a 4xx, an unreachable database a 503.

    `writes` is whether the body may write. If it may, a refused write means that the database is read-only.
    """
    try:
        yield
    except psycopg2.errors.UniqueViolation as error:
        raise Conflict(_UNIQUE.get(error.diag.constraint_name or "", "The resource already exists.")) from error
    except psycopg2.errors.ForeignKeyViolation as error:
        resource = _FOREIGN.get(error.diag.constraint_name or "")
        raise NotFound(f"{resource} not found." if resource else "A referenced resource was not found.") from error
    except psycopg2.errors.SerializationFailure as error:
        raise Conflict("The resource was changed by another request at the same time.") from error
    except psycopg2.errors.UntranslatableCharacter as error:
        raise InvalidRequest("The request contains a character that cannot be stored.") from error
    except psycopg2.Error as error:
        fields = {"error_code": type(error).__name__, "cause": own_words(error)}
        is_read_only = writes and isinstance(error, psycopg2.errors.ReadOnlySqlTransaction)
        if not (is_read_only or _is_unavailable(error)):
            logger.warning("database error", extra=fields)  # the handler of the exception logs where
            raise
        logger.warning("database unavailable", extra=fields)
        raise DatabaseUnavailable(_describe(error)) from error


def own_words(error: BaseException) -> str:
    """The error message of PostgreSQL or its client library, in one line and without data from rows.

    Messages of the classes 22 and 23 quote data, so only the name of the error is returned.
    """
    if isinstance(error, psycopg2.Error) and error.pgcode:
        if error.pgcode[:2] in ("22", "23"):
            return type(error).__name__
        return error.diag.message_primary or type(error).__name__
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    # Without a code the connection failed, at each of the host's addresses. An error message of a server says more than
    # a refused connection to another address.
    return next((line for line in lines if "FATAL" in line), (lines or [type(error).__name__])[0])


def is_disk_full(error: DatabaseUnavailable) -> bool:
    """Whether the database could not write because its disk is full."""
    return isinstance(error.__cause__, psycopg2.errors.DiskFull)


def _describe(error: Exception) -> str:
    """A sentence for clients and the health check. PostgreSQL's own words, which may name hosts, are for the log."""
    match error:
        case psycopg2.errors.DiskFull():
            return "The disk of the database is full."
        case psycopg2.errors.ReadOnlySqlTransaction():
            return "The database is read-only."
        case psycopg2.errors.LockNotAvailable():
            return "Tables of the database are locked."
        case psycopg2.errors.QueryCanceled():
            return "The database took too long."
    if any(text in str(error) for text in ("too many connections", "too many clients", "connection slots")):
        return "The database has no free connections."
    return "The database is unavailable."


def _is_unavailable(error: Exception) -> bool:
    """Whether trying again later may help. Class 54 means a limit of PostgreSQL was exceeded; waiting does not help."""
    if isinstance(error, psycopg2.OperationalError):
        return not (error.pgcode or "").startswith("54")
    # Without a code the connection failed: it is closed, or out of sync with the server.
    return isinstance(error, psycopg2.InterfaceError) or (
        type(error) is psycopg2.DatabaseError and error.pgcode is None
    )
