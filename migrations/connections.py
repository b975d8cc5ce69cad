"""Checks at startup whether the database admits as many connections as the server will open."""

import logging

import psycopg2

from core.database_errors import own_words
from core.database_url import with_timeouts
from core.settings import StartupError

logger = logging.getLogger(__name__)

# PostgreSQL 16 has `reserved_connections` too. -1 means that there is no limit. A superuser has no limit of its own.
_LIMITS = """
SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
           - COALESCE(current_setting('reserved_connections', true), '0')::int AS server,
       (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS database,
       (SELECT CASE WHEN rolsuper THEN -1 ELSE rolconnlimit END FROM pg_roles WHERE rolname = session_user) AS role,
       (SELECT count(*) FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()) AS in_use,
       pg_backend_pid() AS pid
"""


def check_connection_limits(database_url: str, needed: int) -> None:
    """Raises StartupError if the server, the database or the role admits fewer than `needed` connections, and logs a
    warning if others use so many that they do not fit now. A connection pooler has limits of its own."""
    try:
        conn = psycopg2.connect(with_timeouts(database_url))
        try:
            with conn.cursor() as cursor:
                cursor.execute(_LIMITS)
                ((server, database, role, in_use, pid),) = cursor.fetchall()
            is_pooled = pid != conn.info.backend_pid
        finally:
            conn.close()
    except psycopg2.Error as error:
        raise StartupError(f"The database cannot be used ({own_words(error)}): check its limits.") from error
    if is_pooled:
        return
    limits = {"the server": server, "the database": database, "the role": role}
    admits, limit = min(((name, limit) for name, limit in limits.items() if limit >= 0), key=lambda item: item[1])
    arithmetic = f"{needed} database connections for this WEB_CONCURRENCY and DB_POOL_SIZE"
    if needed > limit:
        raise StartupError(
            f"The processes need {arithmetic}, but {admits} admits {limit}: lower DB_POOL_SIZE or WEB_CONCURRENCY, or"
            " raise that limit."
        )
    if needed > server - in_use:
        logger.warning("the processes need %s, but only %d are free", arithmetic, max(0, server - in_use))
