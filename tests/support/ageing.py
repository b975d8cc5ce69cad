"""Moves conversations into the past, with the IDs that start with a time."""

from uuid import UUID

from tests.support.database import connect

_TABLES = """
SELECT c.table_name AS name, array_agg(c.column_name::text) AS columns
FROM information_schema.columns c
JOIN pg_class t ON t.relname = c.table_name AND t.relnamespace = 'public'::regnamespace
WHERE c.table_schema = 'public' AND NOT t.relispartition AND t.relkind IN ('r', 'p')
GROUP BY 1 HAVING bool_or(c.column_name = 'conversation_id') OR bool_or(c.column_name = 'turn_id')
"""
_FUNCTION = """
CREATE OR REPLACE FUNCTION pg_temp.earlier(id UUID, days NUMERIC) RETURNS UUID LANGUAGE sql AS $$
    SELECT (lpad(to_hex(('x' || left(hex, 12))::bit(48)::bigint - (days * 86400000)::bigint), 12, '0')
            || right(hex, 20))::uuid
    FROM replace(id::text, '-', '') AS hex
$$
"""
_TIMES = ("created_at", "started_at", "completed_at", "finished_at", "start_time", "last_updated")


def make_older(url: str, conversation_id: str | UUID, days: float) -> None:
    """Let a conversation with everything that belongs to it be older by `days` days."""
    with connect(url, autocommit=False) as conn:
        # Foreign keys would not let the IDs change.
        conn.execute("SET LOCAL session_replication_role = replica")
        conn.execute(_FUNCTION)
        parameters = {"conversation_id": UUID(str(conversation_id)), "days": days}
        rows = conn.execute(
            "SELECT turn_id FROM turns WHERE conversation_id = %(conversation_id)s", parameters
        ).fetchall()
        parameters["turn_ids"] = [row["turn_id"] for row in rows]
        for table in conn.execute(_TABLES).fetchall():
            columns = table["columns"]
            ids = [name for name in ("turn_id", "call_id") if name in columns]
            changes = [f"{name} = pg_temp.earlier({name}, %(days)s)" for name in ids]
            changes += [f"{name} = {name} - %(days)s * interval '1 day'" for name in _TIMES if name in columns]
            own = (
                "conversation_id = %(conversation_id)s"
                if "conversation_id" in columns
                else "turn_id = ANY(%(turn_ids)s)"
            )
            if changes:
                conn.execute(f"UPDATE {table['name']} SET {', '.join(changes)} WHERE {own}", parameters)
