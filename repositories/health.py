"""Health check of the database."""

from db import Connection


def check_writable(conn: Connection) -> None:
    """Raise the driver's error if the tables of a turn cannot be written. Writes nothing.

    It takes the same lock as a write, so it waits whenever a write would wait: at most `lock_timeout`.
    """
    conn.execute(
        """
        DO $$ BEGIN
            IF current_setting('transaction_read_only')::boolean THEN
                RAISE read_only_sql_transaction USING MESSAGE = 'the database is read-only';
            END IF;
            LOCK TABLE businesses, users, conversations, turns, messages, turn_steps, llm_calls,
                processes IN ROW EXCLUSIVE MODE;
        END $$
        """
    )


def check_disk_space(conn: Connection) -> None:
    """Raise the driver's error if the disk has no room for a megabyte."""
    conn.execute(
        """
        CREATE TEMPORARY TABLE disk_space ON COMMIT DROP AS
        SELECT repeat(md5(number::text), 60) FROM generate_series(1, 512) AS number
        """
    )
