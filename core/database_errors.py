"""Translates the errors of the database driver."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
import psycopg2.errors
from psycopg2.pool import PoolError

from core.errors import Conflict, DatabaseUnavailable, InvalidRequest, NotFound

logger = logging.getLogger(__name__)

# What a violated constraint means to a client.
_UNIQUE = {
    "businesses_business_name_key": "A business with this name already exists.",
    "users_email_of_staff_key": "A user with this email already exists.",
    "users_email_of_customer_key": "A customer of this business with this email already exists.",
    "users_external_id_key": "A customer of this business with this external_id already exists.",
    "stages_business_id_stage_name_key": "A stage of this business with this name already exists.",
    "business_variables_business_id_name_key": "A variable of this business with this name already exists.",
    "agents_business_id_agent_name_key": "An agent of this business with this name already exists.",
    "event_property_schemas_event_type_key": "This event type already has a schema.",
}
_FOREIGN = {
    "stages_agent_fkey": "Agent",
    "conversations_user_id_fkey": "User",
    "businesses_default_stage_fkey": "Stage",
    "events_agent_fkey": "Agent",
    "events_stage_fkey": "Stage",
    "events_product_fkey": "Product",
    "events_order_fkey": "Order",
    "events_user_id_fkey": "User",
}


@contextmanager
def translate_errors() -> Iterator[None]:
    """Turn the driver's errors into ours: a client's mistake becomes a 4xx, an unreachable database a 503."""
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
    except (PoolError, psycopg2.Error) as error:
        if not _is_unavailable(error):
            raise
        logger.warning("database unavailable", extra={"error_code": type(error).__name__})
        raise DatabaseUnavailable from error


def _is_unavailable(error: psycopg2.Error) -> bool:
    """Whether trying again later may help. Class 54 means a limit of PostgreSQL was exceeded; waiting does not help."""
    if isinstance(error, psycopg2.OperationalError):
        return not (error.pgcode or "").startswith("54")
    # Without a code it is the connection that failed: closed, or out of sync with the server.
    return isinstance(error, PoolError | psycopg2.InterfaceError) or (
        type(error) is psycopg2.DatabaseError and error.pgcode is None
    )
