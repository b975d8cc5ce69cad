"""The table `login_failures`: failed logins per account, also of addresses without one, over all processes.

After `FREE_FAILURES` the next attempt has to wait: 1 second, then 2, 4, ... up to `MAX_DELAY`. An attempt during the
delay is not counted, so the account is never locked. Emails are compared as in `users`, by PostgreSQL's lower(): other
functions treat some letters differently, and each spelling of an address would have its own failures.
"""

from math import ceil

from db import Connection

FREE_FAILURES = 10
MAX_DELAY = 60  # seconds


def count_attempt(conn: Connection, email: str) -> int:
    """Count an attempt as failed until `forget_failures`, so that simultaneous attempts are limited too. Returns 0, or
    the seconds to wait, without counting it."""
    conn.execute("DELETE FROM login_failures WHERE last_failed_at < now() - interval '1 day'")
    parameters = {"email": email.strip(), "free": FREE_FAILURES, "max_delay": MAX_DELAY}
    row = conn.execute(
        """
        INSERT INTO login_failures AS f (account_hash, failures, retry_at)
        VALUES (encode(sha256(convert_to(lower(%(email)s), 'UTF8')), 'hex'), 1, clock_timestamp())
        ON CONFLICT (account_hash) DO UPDATE SET
            failures = f.failures + 1,
            last_failed_at = clock_timestamp(),
            retry_at = CASE WHEN f.failures + 1 < %(free)s THEN clock_timestamp() ELSE
                clock_timestamp()
                + make_interval(secs => least(%(max_delay)s, power(2, least(f.failures + 1 - %(free)s, 20)))) END
        WHERE f.retry_at <= clock_timestamp()
        RETURNING failures
        """,
        parameters,
    ).fetchone()
    if row is not None:
        return 0
    delay = conn.execute(
        """
        SELECT extract(epoch FROM retry_at - clock_timestamp())::float AS seconds FROM login_failures
        WHERE account_hash = encode(sha256(convert_to(lower(%(email)s), 'UTF8')), 'hex')
        """,
        parameters,
    ).fetchone()
    return max(1, ceil(delay["seconds"])) if delay else 1


def forget_failures(conn: Connection, email: str) -> None:
    """Delete the account's failures, after a successful login."""
    conn.execute(
        """
        DELETE FROM login_failures WHERE account_hash = encode(sha256(convert_to(lower(%(email)s), 'UTF8')), 'hex')
        """,
        {"email": email.strip()},
    )
