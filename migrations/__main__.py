"""`python -m migrations`: bring the database of DATABASE_URL up to date, as a host does before a release."""

import sys

from config import Config, ConfigError
from core.logs import announce
from migrations import SchemaError, migrate

if __name__ == "__main__":
    try:
        config = Config.from_env()
        if config.database_url is None:
            raise ConfigError("DATABASE_URL is not set: the embedded database is migrated by `make run` itself.")
        database_url = config.database_direct_url or config.database_url
        applied = migrate(database_url, on_notice=lambda sentence: announce(f"icmp: {sentence}"))
    except (ConfigError, SchemaError) as error:
        sys.exit(f"icmp: {error}")
    announce(f"icmp: {len(applied)} migrations applied" if applied else "icmp: the schema is up to date")
