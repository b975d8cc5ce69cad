"""The rows of test runs, replays and simulations in an export. `exported_rows` explains the statements."""

FILES = {
    "test_runs": """
        SELECT test_run_id AS after_id, (to_jsonb(t) - 'draft')::text AS line FROM test_runs t
        WHERE business_id = %(business_id)s AND test_run_id > %(after_id)s ORDER BY test_run_id LIMIT %(limit)s
        """,
    "test_results": """
        SELECT test_run_id AS after_id, test_case_id AS after_other_id, to_jsonb(t)::text AS line FROM test_results t
        WHERE business_id = %(business_id)s AND (test_run_id, test_case_id) > (%(after_id)s, %(after_other_id)s)
        ORDER BY test_run_id, test_case_id LIMIT %(limit)s
        """,
    "replays": """
        SELECT replay_id AS after_id, (to_jsonb(t) - 'draft')::text AS line FROM replays t
        WHERE business_id = %(business_id)s AND replay_id > %(after_id)s ORDER BY replay_id LIMIT %(limit)s
        """,
    "replay_results": """
        SELECT replay_id AS after_id, turn_id AS after_other_id, to_jsonb(t)::text AS line FROM replay_results t
        WHERE business_id = %(business_id)s AND (replay_id, turn_id) > (%(after_id)s, %(after_other_id)s)
        ORDER BY replay_id, turn_id LIMIT %(limit)s
        """,
    "simulations": """
        SELECT simulation_id AS after_id, (to_jsonb(t) - 'draft')::text AS line FROM simulations t
        WHERE business_id = %(business_id)s AND simulation_id > %(after_id)s ORDER BY simulation_id LIMIT %(limit)s
        """,
}
