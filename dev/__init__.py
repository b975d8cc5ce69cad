"""The development environment: a real PostgreSQL from a pip package, demo data, the installer and the benchmark.

Production code does not import this package (see `core.development`), and production does not install what it needs
(`requirements/development.txt`).
"""

FIRST_RUN_DEMO = "ICMP_FIRST_RUN_DEMO"  # set by `make run`: create the demo business even when DATABASE_URL is set


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot run. The message is one sentence that says what to do."""
