"""`python -m dev.demo.precompute_embeddings`: computes the embeddings of the sentences of the demo and of the starters,
and stores them in `message_processing/engines/rules/sentences.npz`, which saves seconds at the first message.

Run it after a change of the demo's stages, of a starter or of the embedding model; a test fails when it is necessary.
"""

import tempfile
from itertools import product
from pathlib import Path

import numpy as np
from flask import Flask

from app import close_app, create_app
from config import Config
from dev.demo import name_database
from dev.demo.__main__ import Api, create_demo
from dev.postgres import EmbeddedPostgres
from message_processing.engines.rules.similarity import SHIPPED, read_embeddings, write_embeddings
from message_processing.templates.starters import LANGUAGES, NAMES


def main() -> None:
    """Write the file, from a demo business in a temporary database."""
    SHIPPED.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="icmp-sentences-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the embedded database may run as another user
        server = EmbeddedPostgres(folder / "database", durable=False)
        try:
            url = server.start()
            config = Config.from_env({"DATABASE_URL": url, "ICMP_DATA_DIR": name, "ICMP_API_KEY": "m" * 32})
            app = create_app(config)
            create_demo(app, config, name_database(url))
            _use_starters(app, Api(app, config.master_key))
            close_app(app)
        finally:
            server.stop()
        # Half precision is enough for comparisons and halves the size.
        write_embeddings(SHIPPED, read_embeddings(folder / "sentences.npz"), np.float16)


def _use_starters(app: Flask, master: Api) -> None:
    """Send a message to a business of each starter, so that its sentences are compared."""
    for name, language in product(NAMES, LANGUAGES):
        owner = {"first_name": name, "last_name": language, "email": f"{name}-{language}@mail.example"}
        business = master.post("/businesses", {"business_name": f"{name} {language}", "owner": owner})
        api = Api(app, business["api_key"])
        starter = {"starter": name, "language": language}
        applied = api.post(f"/businesses/{business['business_id']}/starter", starter)
        api.post("/messages", {"user_id": applied["test_user_id"], "message": applied["first_message"]})


if __name__ == "__main__":
    main()
